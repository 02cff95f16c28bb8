//! What can happen to the page's state. What comes of it is the reducer's to say.

use crate::diagnostic::Edit;
use crate::path::AbsPath;
use crate::view::assist::{Question, Reply};
use crate::view::images::Deed;
use crate::view::layer::StepKey;
use crate::view::list::{Query, Window};
use crate::view::panel::{PanelBody, Tab};
use crate::view::picture::{Overview, Scene};
use crate::view::project::ContextFile;
use crate::view::project::Project;
use crate::view::state::{Dialog, EditorTab, Language, Pane, Theme};
use std::rc::Rc;

/// Where the selection moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// To the row above, the newer step.
    Up,
    /// To the row below.
    Down,
    /// To the topmost row.
    Top,
    /// To the lowest row.
    Bottom,
}

/// What can happen.
#[derive(Debug, Clone)]
pub enum Action {
    /// An example was chosen.
    Load(usize),
    /// The Dockerfile's text changed.
    EditDockerfile(Rc<str>),
    /// Edits that mend something were taken; all of them are of the text as it is.
    ApplyEdits(Vec<Edit>),
    /// .dockerignore's text changed.
    EditIgnore(Rc<str>),
    /// A context file's text changed, or a new one was added.
    EditFile(String, Rc<str>),
    /// A context file became executable, or no longer is.
    SetExecutable(String, bool),
    /// A context file was deleted, or a folder, whose path ends with `/`.
    DeleteFile(String),
    /// Files were dropped into the context or chosen for it; the second are those that could not be read.
    AddFiles(Vec<(String, ContextFile)>, Vec<String>),
    /// A context file, or a folder, got another path.
    RenameFile(String, String),
    /// The browser refused to keep the settings.
    NotKept,
    /// Placeholders were put where the context lacks files.
    AddPlaceholders,
    /// A context file was opened, or the open one closed.
    OpenFile(Option<String>),
    /// The editor's tab changed.
    ShowEditorTab(EditorTab),
    /// The editor's cursor came to a line (from 1).
    CursorAt(u32),
    /// The editor shall show a line.
    GoTo(u32),
    /// The editor asks about a place in the Dockerfile.
    Ask(Question),
    /// The worker answered the question of this number.
    Replied(u32, Rc<Reply>),
    /// A step was selected; the editor follows.
    Select(StepKey),
    /// The selection moved along the stack.
    MoveSelection(Move),
    /// A path was selected.
    SelectPath(AbsPath),
    /// An inspector tab was chosen.
    ShowTab(Tab),
    /// A directory of the Files panel was opened or closed.
    ToggleDir(AbsPath),
    /// The names that whiteouts hide are shown, or not.
    ShowGhosts(bool),
    /// A list was filtered or sorted.
    Search(Query),
    /// Other rows of a list are wanted.
    Scroll(Window),
    /// A stage's base was opened or closed.
    OpenBase(u32, bool),
    /// A pane was chosen.
    ShowPane(Pane),
    /// The theme was chosen.
    SetTheme(Theme),
    /// The language was chosen.
    SetLanguage(Language),
    /// The size of the type was chosen: large, or as the system has it.
    SetLarge(bool),
    /// Single keys work everywhere, or only in the controls.
    SetKeys(bool),
    /// The slider, or the play button, came to a step.
    Step(StepKey),
    /// The slider was left.
    EndStepping,
    /// Layers are counted as Docker before 1.10 did, or as today.
    CountAsThen(bool),
    /// A dialog was opened, or closed.
    ShowDialog(Option<Dialog>),
    /// A project came with the page's address.
    Open(Box<Project>),
    /// The page's address holds a project that cannot be read.
    LinkRefused,
    /// The worker answered an edit.
    Built(Rc<Overview>),
    /// The worker answered a selection, of this count.
    Shown(u64, Rc<Scene>),
    /// The worker answered with other rows, of the selection of this count.
    Rolled(u64, Rc<PanelBody>),
    /// The worker was started again.
    WorkerRestarted,
    /// The build of this revision waits for data files.
    Loading,
    /// The worker cannot be started.
    WorkerFailed,
    /// An archive is to be opened or made, or the worker told something of one.
    Images(Deed),
}
