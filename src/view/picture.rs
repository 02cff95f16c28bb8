//! What the worker answers to an edit, and to a selection.

use crate::build::placeholder::Placeholder;
use crate::path::AbsPath;
use crate::view::editor::{DiagnosticView, GutterMark};
use crate::view::layer::StepKey;
use crate::view::ledger::LedgerView;
use crate::view::panel::PanelView;
use crate::view::stack::{Counts, StackView};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// The answer to an edit: all that the page shows of that revision, so that one message makes one frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// The text's revision; answers of an older one are dropped.
    pub revision: u64,
    /// What came of it.
    pub outcome: Outcome,
    /// The gutter.
    pub gutter: Vec<GutterMark>,
    /// Diagnostics, in the text's order.
    pub diagnostics: Vec<DiagnosticView>,
    /// Files of the build context that .dockerignore leaves out.
    pub ignored: Vec<String>,
    /// Files that the text wants of the build context and it lacks.
    pub lacking: Vec<Placeholder>,
}

/// What came of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// There is no instruction in it.
    Nothing,
    /// It does not parse, or cannot be planned: the last good picture stays, with this line.
    Broken {
        /// The line, from 1, where there is one.
        line: Option<u32>,
        /// Does it parse? Then what it asks for cannot be had: a base, a file of the context.
        parses: bool,
    },
    /// It was built, as far as it went.
    Picture(Box<Picture>),
}

/// A built text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// The ledger bar.
    pub ledger: Rc<LedgerView>,
    /// The view of the selection.
    pub scene: Rc<Scene>,
    /// What the live region says of the build.
    pub announcement: Announcement,
}

/// All that depends on the selection: the answer to a change of it, and a part of every picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scene {
    /// The step that is shown: the selected one, or what the view model chose.
    pub step: StepKey,
    /// The path that is looked for.
    pub path: Option<AbsPath>,
    /// The stack, its lanes and rail following the path.
    pub stack: StackView,
    /// The inspector.
    pub panel: PanelView,
    /// The ledger as it was after the step, while the slider steps through the build and more steps follow.
    pub so_far: Option<Rc<LedgerView>>,
}

/// What a build changed, in one sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Announcement {
    /// An image.
    Built {
        /// Its size.
        bytes: u64,
        /// Its layers.
        layers: u32,
        /// What is wasted.
        wasted: u64,
        /// The first step that was built and not cached, with its counts and bytes.
        rebuilt: Option<(u32, Counts, u64)>,
    },
    /// A layer, while the slider steps through the build.
    Step {
        /// Its step.
        step: u32,
        /// Its entries.
        counts: Counts,
        /// Its bytes.
        bytes: u64,
    },
    /// A step failed.
    Failed {
        /// Which.
        step: u32,
        /// At which line.
        line: u32,
    },
}
