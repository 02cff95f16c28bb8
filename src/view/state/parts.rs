//! What the page can be showing: panes, tabs, dialogs, the worker's condition, a picture that is out of date.

/// The text that does not parse, or cannot be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stale {
    /// The line, where there is one.
    pub line: Option<u32>,
    /// The text parses, but what it asks for cannot be had.
    pub parses: bool,
}

/// The engine's worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WorkerState {
    /// Not heard of yet.
    #[default]
    Starting,
    /// Answering.
    Ready,
    /// Waiting for data files of the catalogue.
    Loading,
    /// It crashed and was started again; said until the user's next edit.
    Restarted,
    /// It cannot be started.
    Failed,
}

/// The page's dialogs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialog {
    /// The keyboard's shortcuts.
    Keys,
    /// A link to what is on the page, and its picture.
    Share,
    /// The snippets that embed it elsewhere.
    Embed,
    /// Archives of images, opened and made.
    Images,
}

/// The editor's tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EditorTab {
    /// The Dockerfile.
    #[default]
    Dockerfile,
    /// .dockerignore.
    Ignore,
    /// The build context's files.
    Context,
}

/// The panes; a narrow page shows one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pane {
    /// The editor.
    Editor,
    /// The stack.
    #[default]
    Stack,
    /// The inspector.
    Inspector,
}

impl Pane {
    /// All of them, in their order.
    pub const ALL: [Pane; 3] = [Pane::Editor, Pane::Stack, Pane::Inspector];

    /// Its name in attributes and ids.
    pub fn name(self) -> &'static str {
        match self {
            Self::Editor => "editor",
            Self::Stack => "stack",
            Self::Inspector => "inspector",
        }
    }
}
