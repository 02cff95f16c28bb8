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
    /// What it holds where that is no text; else empty.
    pub bytes: Rc<[u8]>,
    /// Its mode is 0755, else 0644.
    pub executable: bool,
    /// It stands for a file that the context lacks.
    pub placeholder: bool,
}

/// The most bytes that the files of a context have together.
pub const CONTEXT_LIMIT: u64 = 8 << 20;
/// The most files of a context.
pub const MAX_FILES: usize = 2000;

impl ContextFile {
    /// A file that holds these bytes: text, if they are UTF-8 without a NUL.
    pub fn of_bytes(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => Self { text: text.into(), ..Self::default() },
            Ok(text) => Self { bytes: text.into_bytes().into(), ..Self::default() },
            Err(error) => Self { bytes: error.into_bytes().into(), ..Self::default() },
        }
    }

    /// What it holds.
    pub fn content(&self) -> &[u8] {
        if self.is_text() { self.text.as_bytes() } else { &self.bytes }
    }

    /// Is it text?
    pub fn is_text(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Its size in bytes.
    pub fn len(&self) -> u64 {
        self.content().len() as u64
    }

    /// Does it hold nothing?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Project {
    /// Puts files into the context, in place of those of the same path. Returns the paths that it does not take: those
    /// that do not fit, and those past [`MAX_FILES`] and [`CONTEXT_LIMIT`].
    pub fn add_files(&mut self, files: Vec<(String, ContextFile)>) -> Vec<String> {
        let mut refused = Vec::new();
        for (path, file) in files {
            let before = self.context.remove(&path);
            let bytes: u64 = self.context.values().map(ContextFile::len).sum();
            let room = self.context.len() < MAX_FILES && bytes + file.len() <= CONTEXT_LIMIT;
            if room && self.accepts_path(&path) {
                self.context.insert(path, file);
            } else {
                if let Some(before) = before {
                    self.context.insert(path.clone(), before);
                }
                refused.push(path);
            }
        }
        refused
    }

    /// Takes a file, or a folder (whose path ends with `/`), out of the context: what was taken out.
    pub fn take_files(&mut self, path: &str) -> Vec<(String, ContextFile)> {
        let of = |other: &String| other == path || (path.ends_with('/') && other.starts_with(path));
        let paths: Vec<String> = self.context.keys().filter(|other| of(other)).cloned().collect();
        paths.into_iter().filter_map(|path| self.context.remove_entry(&path)).collect()
    }

    /// Can a file, or a folder, get this path?
    pub fn can_rename(&self, from: &str, to: &str) -> bool {
        let mut rest = self.clone();
        !rest.take_files(from).is_empty() && rest.accepts_path(to)
    }

    /// Gives a file, or a folder, another path; nothing, where that does not fit.
    pub fn rename(&mut self, from: &str, to: &str) {
        if !self.can_rename(from, to) {
            return;
        }
        for (path, file) in self.take_files(from) {
            let below = path.strip_prefix(from).filter(|_| from.ends_with('/'));
            self.context.insert(below.map_or(to.to_owned(), |below| format!("{to}/{below}")), file);
        }
    }

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
    fn files_are_added_renamed_and_taken_out() {
        let mut project = Project::default();
        let file = |bytes: &[u8]| ContextFile::of_bytes(bytes.to_vec());
        let added = vec![
            ("a/one".to_owned(), file("하나".as_bytes())),
            ("a/two".to_owned(), file(&[0xff, 0])),
            ("../out".to_owned(), file(b"")),
            ("large".to_owned(), file(&vec![b'x'; CONTEXT_LIMIT as usize])),
        ];
        assert_eq!(project.add_files(added), ["../out", "large"]);
        assert!(project.context["a/one"].is_text() && !project.context["a/two"].is_text());
        assert_eq!((project.context["a/one"].len(), project.context["a/two"].content()), (6, &[0xff_u8, 0][..]));
        assert!(project.can_rename("a/one", "a/three") && !project.can_rename("a/one", "a/two/b"));
        assert!(!project.can_rename("nothing", "b"));
        project.rename("a/", "b/c");
        assert_eq!(project.context.keys().collect::<Vec<_>>(), ["b/c/one", "b/c/two"]);
        project.rename("b/c/one", "one");
        assert_eq!(project.take_files("b/").len(), 1);
        assert_eq!(project.context.keys().collect::<Vec<_>>(), ["one"]);
    }

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
