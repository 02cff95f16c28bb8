//! What the user edits: the Dockerfile, .dockerignore and the files of the build context; and the examples, which are
//! sequences of such texts.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::rc::Rc;

/// One state of everything a build reads.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Project {
    /// The Dockerfile, lines ended by `\n`.
    pub dockerfile: Rc<str>,
    /// .dockerignore; empty is none.
    pub dockerignore: Rc<str>,
    /// The build context's files by their path in it.
    pub context: BTreeMap<String, ContextFile>,
}

/// A file of the build context.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ContextFile {
    /// Its text.
    pub text: Rc<str>,
    /// Its mode is 0755, else 0644.
    pub executable: bool,
    /// It stands for a file that the context lacks.
    pub placeholder: bool,
}

impl Project {
    /// A Dockerfile with an empty context.
    pub fn of_dockerfile(text: &str) -> Self {
        Self { dockerfile: text.into(), ..Self::default() }
    }

    /// May a file of the context have this path? Relative, without `.`, `..` and empty parts, and not yet taken.
    pub fn accepts_path(&self, path: &str) -> bool {
        let parts_fit = path.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
        let dir = format!("{path}/");
        parts_fit
            && path != ".dockerignore"
            && !path.contains(['\n', '\0', '\\'])
            && self
                .context
                .keys()
                .all(|other| other != path && !other.starts_with(&dir) && !path.starts_with(&format!("{other}/")))
    }
}

/// An example of the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// Its name in the Fluent files (`example-NAME`) and in links.
    pub name: &'static str,
    /// Its Dockerfiles: the last is shown, the earlier ones are built before it.
    pub dockerfiles: &'static [&'static str],
    /// Are the earlier ones images beside it, whose layers it shares, or earlier states of the same text?
    pub beside: bool,
}

/// The examples, in the menu's order. The page opens on the first.
pub const EXAMPLES: [Example; 5] = [
    Example {
        name: "six-layers",
        dockerfiles: &[include_str!("../../static/examples/six-layers.Dockerfile")],
        beside: false,
    },
    Example {
        name: "one-layer",
        dockerfiles: &[include_str!("../../static/examples/one-layer.Dockerfile")],
        beside: false,
    },
    Example {
        name: "cached",
        dockerfiles: &[
            include_str!("../../static/examples/cached-before.Dockerfile"),
            include_str!("../../static/examples/cached.Dockerfile"),
        ],
        beside: false,
    },
    Example {
        name: "shared",
        dockerfiles: &[
            include_str!("../../static/examples/shared-first.Dockerfile"),
            include_str!("../../static/examples/shared-second.Dockerfile"),
        ],
        beside: true,
    },
    Example { name: "stages", dockerfiles: &[include_str!("../../static/examples/stages.Dockerfile")], beside: false },
];

impl Example {
    /// The project that is shown.
    pub fn project(&self) -> Project {
        Project::of_dockerfile(self.dockerfiles.last().copied().unwrap_or_default())
    }

    /// The projects that are built before it.
    pub fn earlier(&self) -> Vec<Project> {
        let count = self.dockerfiles.len().saturating_sub(1);
        self.dockerfiles.iter().take(count).map(|text| Project::of_dockerfile(text)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn context_paths_stay_inside() {
        let mut project = Project::default();
        project.context.insert("src/a.txt".to_owned(), ContextFile::default());
        for good in ["b", "src/b", "a/b/c", "한글.txt", ".env"] {
            assert!(project.accepts_path(good), "{good}");
        }
        for bad in ["", "/b", "a//b", "../b", "a/./b", "src/a.txt", "src", "src/a.txt/b", "a/", ".dockerignore"] {
            assert!(!project.accepts_path(bad), "{bad}");
        }
    }
}
