//! What the page and the engine's worker say to each other.
//!
//! The worker owns the text, the build context, the cache and the engine; the page owns what is selected. Every change of
//! the project raises the revision and every change of the selection the count `asked`; answers carry both, so that the
//! page can drop those of an older one. Each request names revision, selection and count as they are after it.
//!
//! The types that are sent may not use serde's `untagged`, `flatten` or `skip_serializing_if`: see `codec`.

use crate::view::assist::{Question, Reply};
use crate::view::images::{News, Wish};
use crate::view::list::Window;
use crate::view::panel::{PanelBody, Selection};
use crate::view::picture::{Overview, Scene};
use crate::view::project::{ContextFile, Project};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What the page asks of the worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The project's revision.
    pub revision: u64,
    /// What makes it differ from the revision before.
    pub change: Change,
    /// Counts the changes of the selection.
    pub asked: u64,
    /// What is selected.
    pub selection: Selection,
    /// Which rows of the open tab's list are wanted.
    pub window: Window,
    /// What the editor asks about its text, if it does.
    pub question: Option<Question>,
    /// What is wished of archives, in order.
    pub wishes: Vec<Wish>,
}

/// A change of the project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// None: only the selection changed.
    Nothing,
    /// Another project. The cache is emptied, and the earlier ones are built first, in order.
    Load {
        /// What is built before, oldest first.
        earlier: Vec<Project>,
        /// Are the earlier ones images beside it, whose layers it shares, or earlier states of the same text?
        beside: bool,
        /// What is built and shown.
        project: Project,
    },
    /// The Dockerfile has a new text.
    Dockerfile(Rc<str>),
    /// The build context differs.
    Context {
        /// .dockerignore.
        dockerignore: Rc<str>,
        /// All the files there are now.
        context: BTreeMap<String, ContextFile>,
    },
}

/// What the worker tells the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// The worker runs.
    Ready,
    /// The build of a revision waits for data files of the catalogue.
    Loading(u64),
    /// A revision was built, as far as its text goes.
    Built(Rc<Overview>),
    /// The view of a selection; again when digests have come to it.
    Shown {
        /// The revision it is about.
        revision: u64,
        /// The selection it is about.
        asked: u64,
        /// The view.
        scene: Rc<Scene>,
    },
    /// Other rows of the open tab's list.
    Rows {
        /// The revision they are about.
        revision: u64,
        /// The selection they are about.
        asked: u64,
        /// The panel with these rows.
        body: Rc<PanelBody>,
    },
    /// What the editor's question with this number is answered.
    Replied(u32, Rc<Reply>),
    /// How far an archive is.
    Images(News),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::assist::QuestionKind;
    use serde::de::DeserializeOwned;
    use std::fmt::Debug;

    fn there_and_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(message: &T) {
        let bytes = postcard::to_allocvec(message).unwrap();
        assert_eq!(&postcard::from_bytes::<T>(&bytes).unwrap(), message);
    }

    #[test]
    fn messages_survive_the_codec() {
        let mut project = Project::of_dockerfile("FROM scratch\n# 한글\n");
        project
            .context
            .insert("a".into(), ContextFile { text: "b".into(), executable: true, ..ContextFile::default() });
        for change in [
            Change::Nothing,
            Change::Load { earlier: vec![project.clone()], beside: true, project: project.clone() },
            Change::Dockerfile(project.dockerfile.clone()),
            Change::Context { dockerignore: "*".into(), context: project.context },
        ] {
            let question = Some(Question { id: 1, kind: QuestionKind::Explain, at: 7 });
            there_and_back(&Request {
                revision: 1,
                change,
                asked: u64::MAX,
                selection: Selection::default(),
                window: Window::default(),
                question,
                wishes: vec![Wish::Cancel(3)],
            });
        }
        there_and_back(&Answer::Ready);
    }
}
