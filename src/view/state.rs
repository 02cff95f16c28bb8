//! The page's state, what can happen to it, and the reducer. Pure: what must be sent, stored or focused is read off the
//! state by `app`, which owns every effect.

mod action;
mod parts;
mod settings;

pub use action::{Action, Move};
pub use parts::{Dialog, EditorTab, Pane, Stale, WorkerState};
pub use settings::{Language, Settings, Theme};

use crate::build::placeholder::Placeholder;
use crate::diagnostic::Edit;
use crate::view::assist::{Question, Reply};
use crate::view::editor::{DiagnosticView, GutterMark};
use crate::view::images::Images;
use crate::view::layer::StepKey;
use crate::view::ledger::LedgerView;
use crate::view::list::{Query, Window};
use crate::view::panel::{Selection, Tab};
use crate::view::picture::{Announcement, Outcome, Overview, Scene};
use crate::view::project::{ContextFile, EXAMPLES, Example, Project};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Everything the page knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// What the user edits.
    pub project: Project,
    /// Counts the edits; the worker's answers carry it.
    pub revision: u64,
    /// Counts the loaded examples: with a new one the worker forgets its cache and builds the earlier texts first.
    pub loads: u64,
    /// The example that was loaded last; none after a project of another kind was.
    pub example: Option<usize>,
    /// The editor's tab.
    pub editor_tab: EditorTab,
    /// The context file that is open in the Context tab.
    pub open_file: Option<String>,
    /// What is selected.
    pub selection: Selection,
    /// Counts the changes of the selection; the worker's answers carry it.
    pub asked: u64,
    /// Which rows of the open tab's list are wanted.
    pub window: Window,
    /// The line the editor shall show, and a count that tells a second wish for the same line.
    pub go_to: Option<(u32, u64)>,
    /// The last good picture's ledger.
    pub ledger: Option<Rc<LedgerView>>,
    /// The last good picture's stack and inspector.
    pub scene: Option<Rc<Scene>>,
    /// The text does not parse: the picture is the last good one.
    pub stale: Option<Stale>,
    /// There is nothing to build.
    pub nothing: bool,
    /// The gutter of the current text.
    pub gutter: Rc<Vec<GutterMark>>,
    /// Its diagnostics.
    pub diagnostics: Rc<Vec<DiagnosticView>>,
    /// Context files that .dockerignore leaves out.
    pub ignored: Rc<Vec<String>>,
    /// Files that the text wants of the context and it lacks.
    pub lacking: Rc<Vec<Placeholder>>,
    /// Files that the context did not take.
    pub refused: Rc<Vec<String>>,
    /// The browser did not keep the settings for the next visit.
    pub unkept: bool,
    /// What the editor asked last.
    pub question: Option<Question>,
    /// The last answer to such a question, and its number.
    pub reply: Option<(u32, Rc<Reply>)>,
    /// What the live region says.
    pub announcement: Option<Announcement>,
    /// The worker.
    pub worker: WorkerState,
    /// Stages whose base the user opened or closed.
    pub bases: BTreeMap<u32, bool>,
    /// The pane of a narrow page.
    pub pane: Pane,
    /// How the page looks and speaks.
    pub settings: Settings,
    /// Layers are counted as Docker before 1.10 did.
    pub as_then: bool,
    /// The open dialog.
    pub dialog: Option<Dialog>,
    /// The page's address held a project that could not be read; said until the next edit.
    pub link_refused: bool,
    /// Archives of images, opened and made.
    pub images: Rc<Images>,
}

impl State {
    /// The page as it opens: the first example.
    pub fn new(settings: Settings) -> Self {
        let example = &EXAMPLES[0];
        Self {
            project: example.project(),
            revision: 1,
            loads: 1,
            example: Some(0),
            editor_tab: EditorTab::default(),
            open_file: None,
            selection: Selection { ghosts: true, ..Selection::default() },
            asked: 1,
            window: Window::default(),
            go_to: None,
            ledger: None,
            scene: None,
            stale: None,
            nothing: false,
            gutter: Rc::default(),
            diagnostics: Rc::default(),
            ignored: Rc::default(),
            lacking: Rc::default(),
            refused: Rc::default(),
            unkept: false,
            question: None,
            reply: None,
            announcement: None,
            worker: WorkerState::default(),
            bases: BTreeMap::new(),
            pane: Pane::default(),
            settings,
            as_then: false,
            dialog: None,
            link_refused: false,
            images: Rc::default(),
        }
    }

    /// The example that was loaded last.
    pub fn example(&self) -> Option<&'static Example> {
        EXAMPLES.get(self.example?)
    }

    /// The step that is shown as selected: the user's choice while it exists, else the view model's.
    pub fn step(&self) -> Option<StepKey> {
        let scene = self.scene.as_ref()?;
        match self.selection.step {
            Some(step) if scene.stack.has(step) => Some(step),
            _ => Some(scene.step),
        }
    }

    /// The lines of the selected step, from 1.
    pub fn selected_lines(&self) -> Option<(u32, u32)> {
        let step = self.step()?;
        self.gutter.iter().find(|mark| mark.key == Some(step)).map(|mark| mark.lines)
    }

    /// Is a stage's base open? It is from the start when it has one layer.
    pub fn base_open(&self, stage: u32, layers: usize) -> bool {
        self.bases.get(&stage).copied().unwrap_or(layers == 1)
    }

    /// The state after an action.
    pub fn reduce(mut self, action: Action) -> Self {
        let revision = self.revision;
        let restarted = matches!(action, Action::WorkerRestarted);
        self.apply(action);
        if self.revision != revision && !restarted && self.worker == WorkerState::Restarted {
            // The user went on: the notice has been read.
            self.worker = WorkerState::Ready;
        }
        self.link_refused &= self.revision == revision;
        self
    }

    fn apply(&mut self, action: Action) {
        match action {
            Action::Load(index) => self.load(index),
            Action::EditDockerfile(text) if text != self.project.dockerfile => {
                self.project.dockerfile = text;
                self.revision += 1;
            }
            Action::ApplyEdits(edits) => self.apply_edits(edits),
            Action::EditIgnore(text) if text != self.project.dockerignore => {
                self.project.dockerignore = text;
                self.revision += 1;
            }
            Action::EditFile(path, text) => self.edit_file(path, text),
            Action::SetExecutable(path, executable) => {
                if let Some(file) = self.project.context.get_mut(&path)
                    && file.executable != executable
                {
                    file.executable = executable;
                    self.revision += 1;
                }
            }
            Action::DeleteFile(path) => {
                if !self.project.take_files(&path).is_empty() {
                    self.revision += 1;
                }
                self.open_file = None;
            }
            Action::AddFiles(files, unread) => {
                let mut refused = unread;
                refused.extend(self.project.add_files(files));
                self.refused = Rc::new(refused);
                self.revision += 1;
            }
            Action::RenameFile(from, to) => {
                self.project.rename(&from, &to);
                self.open_file = Some(if from.ends_with('/') { format!("{to}/") } else { to });
                self.revision += 1;
            }
            Action::AddPlaceholders => self.add_placeholders(),
            Action::OpenFile(path) => self.open_file = path,
            Action::ShowEditorTab(tab) => self.editor_tab = tab,
            Action::CursorAt(line) => self.cursor_at(line),
            Action::Step(step) => {
                self.select(step);
                self.step_through(true);
                self.follow();
            }
            Action::EndStepping => self.step_through(false),
            Action::CountAsThen(then) => self.as_then = then,
            Action::ShowDialog(dialog) => self.dialog = dialog,
            Action::Open(project) => self.open(*project),
            Action::LinkRefused => self.link_refused = true,
            Action::GoTo(line) => self.go_to(line),
            Action::NotKept => self.unkept = true,
            Action::Ask(question) => self.question = Some(question),
            Action::Replied(id, reply) => self.reply = Some((id, reply)),
            Action::Select(step) => {
                self.step_through(false);
                self.select(step);
                self.follow();
            }
            Action::MoveSelection(to) => self.move_selection(to),
            Action::SelectPath(path) => {
                if self.selection.path.as_ref() != Some(&path) {
                    self.selection.path = Some(path);
                    self.asked += 1;
                }
            }
            Action::ShowTab(tab) if tab != self.selection.tab => {
                self.selection.tab = tab;
                self.selection.query = Query::default();
                self.window = Window::default();
                self.asked += 1;
            }
            Action::ToggleDir(path) => {
                if !self.selection.open.remove(&path) {
                    self.selection.open.insert(path);
                }
                self.asked += 1;
            }
            Action::ShowGhosts(ghosts) if ghosts != self.selection.ghosts => {
                self.selection.ghosts = ghosts;
                self.asked += 1;
            }
            Action::Search(query) if query != self.selection.query => {
                self.selection.query = query;
                self.window = Window::default();
                self.asked += 1;
            }
            Action::Scroll(window) => self.window = window,
            Action::OpenBase(stage, open) => {
                self.bases.insert(stage, open);
            }
            Action::ShowPane(pane) => self.pane = pane,
            Action::SetTheme(theme) => self.settings.theme = theme,
            Action::SetLanguage(language) => self.settings.language = language,
            Action::SetLarge(large) => self.settings.large = large,
            Action::SetKeys(on) => self.settings.keys_off = !on,
            Action::Loading if self.worker != WorkerState::Restarted => self.worker = WorkerState::Loading,
            Action::Built(overview) => self.built(&overview),
            Action::Shown(asked, scene) if asked == self.asked && !self.nothing => self.scene = Some(scene),
            Action::Rolled(asked, body) if asked == self.asked => {
                if let Some(scene) = &mut self.scene {
                    Rc::make_mut(scene).panel.body = body;
                }
            }
            Action::WorkerRestarted => {
                self.worker = WorkerState::Restarted;
                // All of it is sent again, under a new revision, so that no older answer can be taken for it.
                self.revision += 1;
                self.loads += 1;
            }
            Action::WorkerFailed => self.worker = WorkerState::Failed,
            Action::Images(deed) => Rc::make_mut(&mut self.images).apply(deed),
            Action::EditDockerfile(_)
            | Action::EditIgnore(_)
            | Action::ShowTab(_)
            | Action::ShowGhosts(_)
            | Action::Search(_)
            | Action::Rolled(..)
            | Action::Loading
            | Action::Shown(..) => {}
        }
    }

    fn load(&mut self, index: usize) {
        let Some(example) = EXAMPLES.get(index) else { return };
        self.example = Some(index);
        self.start_with(example.project());
    }

    /// A project that is no example: nothing was built before it.
    fn open(&mut self, project: Project) {
        self.example = None;
        self.start_with(project);
    }

    fn start_with(&mut self, project: Project) {
        self.project = project;
        self.link_refused = false;
        self.revision += 1;
        self.loads += 1;
        self.open_file = None;
        self.editor_tab = EditorTab::Dockerfile;
        self.selection.step = None;
        self.selection.path = None;
        self.selection.tab = Tab::Changes;
        self.selection.open.clear();
        self.selection.stepping = false;
        self.asked += 1;
        self.bases.clear();
    }

    /// From the last to the first, so that no edit moves another's span. Edits that do not fit the text are left out.
    fn apply_edits(&mut self, mut edits: Vec<Edit>) {
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
        let mut text = self.project.dockerfile.to_string();
        for edit in &edits {
            if text.get(edit.span.start..edit.span.end).is_some() {
                text.replace_range(edit.span.start..edit.span.end, &edit.replacement);
            }
        }
        if *text != *self.project.dockerfile {
            self.project.dockerfile = text.into();
            self.revision += 1;
            self.editor_tab = EditorTab::Dockerfile;
        }
    }

    fn edit_file(&mut self, path: String, text: Rc<str>) {
        if let Some(file) = self.project.context.get_mut(&path) {
            if file.text == text {
                return;
            }
            file.text = text;
            file.placeholder = false;
        } else if self.project.accepts_path(&path) {
            self.project.context.insert(path, ContextFile { text, ..ContextFile::default() });
        } else {
            return;
        }
        self.revision += 1;
    }

    fn add_placeholders(&mut self) {
        for file in std::mem::take(&mut self.lacking).iter() {
            if self.project.accepts_path(&file.path) {
                let own = ContextFile {
                    text: file.text.as_str().into(),
                    executable: file.executable,
                    placeholder: true,
                    ..ContextFile::default()
                };
                self.project.context.insert(file.path.clone(), own);
                self.revision += 1;
            }
        }
    }

    fn cursor_at(&mut self, line: u32) {
        let mark = self.gutter.iter().find(|mark| mark.lines.0 <= line && line <= mark.lines.1);
        if let Some(step) = mark.and_then(|mark| mark.key) {
            // The editor follows the slider: that is no other choice.
            if self.step() != Some(step) {
                self.step_through(false);
            }
            self.select(step);
        }
    }

    fn go_to(&mut self, line: u32) {
        let count = self.go_to.map_or(0, |(_, count)| count);
        self.go_to = Some((line, count + 1));
        self.editor_tab = EditorTab::Dockerfile;
    }

    /// The editor shows the selected step's first line.
    fn follow(&mut self) {
        if let Some((line, _)) = self.selected_lines()
            && self.editor_tab == EditorTab::Dockerfile
        {
            self.go_to(line);
        }
    }

    fn select(&mut self, step: StepKey) {
        if self.selection.step == Some(step) {
            return;
        }
        let shown = self.step();
        self.selection.step = Some(step);
        if shown == Some(step) {
            return;
        }
        // Who follows a file through the Files panel keeps it; else the step says what it is about.
        if self.selection.tab != Tab::Files {
            self.selection.path = None;
            self.window = Window::default();
        }
        self.asked += 1;
    }

    fn step_through(&mut self, stepping: bool) {
        if self.selection.stepping != stepping {
            self.selection.stepping = stepping;
            self.asked += 1;
        }
    }

    fn move_selection(&mut self, to: Move) {
        let Some(scene) = &self.scene else { return };
        let order = scene.stack.order();
        let at = self.step().and_then(|step| order.iter().position(|key| *key == step));
        let target = match (to, at) {
            (Move::Up, Some(at)) => order.get(at.saturating_sub(1)),
            (Move::Down, Some(at)) => order.get(at + 1),
            (Move::Top, _) | (Move::Up | Move::Down, None) => order.first(),
            (Move::Bottom, _) => order.last(),
        };
        if let Some(&step) = target {
            self.step_through(false);
            self.select(step);
            self.follow();
        }
    }

    fn built(&mut self, overview: &Overview) {
        if overview.revision != self.revision {
            return;
        }
        if self.worker != WorkerState::Restarted {
            self.worker = WorkerState::Ready;
        }
        if *self.gutter != overview.gutter {
            self.gutter = Rc::new(overview.gutter.clone());
        }
        if *self.diagnostics != overview.diagnostics {
            self.diagnostics = Rc::new(overview.diagnostics.clone());
        }
        if *self.ignored != overview.ignored {
            self.ignored = Rc::new(overview.ignored.clone());
        }
        if *self.lacking != overview.lacking {
            self.lacking = Rc::new(overview.lacking.clone());
        }
        self.nothing = false;
        match &overview.outcome {
            Outcome::Nothing => {
                self.nothing = true;
                self.stale = None;
                self.ledger = None;
                self.scene = None;
                self.announcement = None;
            }
            Outcome::Broken { line, parses } => self.stale = Some(Stale { line: *line, parses: *parses }),
            Outcome::Picture(picture) => {
                self.stale = None;
                self.ledger = Some(picture.ledger.clone());
                self.scene = Some(picture.scene.clone());
                self.announcement = Some(picture.announcement.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_raises_the_revision_once_and_an_echo_does_not() {
        let state = State::new(Settings::default());
        let text: Rc<str> = "FROM busybox\n".into();
        let state = state.reduce(Action::EditDockerfile(text.clone()));
        assert_eq!(state.revision, 2);
        assert_eq!(state.reduce(Action::EditDockerfile(text)).revision, 2);
    }

    #[test]
    fn answers_of_an_older_revision_are_dropped() {
        let overview = |revision, line| {
            Rc::new(Overview {
                revision,
                outcome: Outcome::Broken { line: Some(line), parses: false },
                gutter: Vec::new(),
                diagnostics: Vec::new(),
                ignored: Vec::new(),
                lacking: Vec::new(),
            })
        };
        let state = State::new(Settings::default()).reduce(Action::EditDockerfile("RUM x\n".into()));
        let state = state.reduce(Action::Built(overview(1, 7)));
        assert_eq!(state.stale, None);
        let state = state.reduce(Action::Built(overview(2, 1)));
        assert_eq!(state.stale, Some(Stale { line: Some(1), parses: false }));
    }

    #[test]
    fn placeholders_are_files_of_the_context_until_they_are_edited() {
        let mut state = State::new(Settings::default());
        let file = Placeholder { path: "package.json".into(), text: "{}".into(), executable: false };
        state.lacking = Rc::new(vec![file]);
        let state = state.reduce(Action::AddPlaceholders);
        assert!(state.project.context["package.json"].placeholder && state.lacking.is_empty());
        let state = state.reduce(Action::EditFile("package.json".into(), "{ }".into()));
        assert!(!state.project.context["package.json"].placeholder);
    }

    #[test]
    fn a_restarted_worker_is_told_until_the_next_edit() {
        let state = State::new(Settings::default()).reduce(Action::WorkerRestarted);
        assert_eq!((state.worker, state.revision, state.loads), (WorkerState::Restarted, 2, 2));
        let state = state.reduce(Action::ShowPane(Pane::Editor));
        assert_eq!(state.worker, WorkerState::Restarted);
        assert_eq!(state.reduce(Action::EditDockerfile("FROM x".into())).worker, WorkerState::Ready);
    }

    #[test]
    fn loading_an_example_starts_over() {
        let state = State::new(Settings::default()).reduce(Action::ShowTab(Tab::Log)).reduce(Action::Load(3));
        assert_eq!(state.example().unwrap().name, "shared");
        assert_eq!((state.loads, state.revision, state.selection.tab), (2, 2, Tab::Changes));
        assert_eq!(&*state.project.dockerfile, EXAMPLES[3].dockerfiles[1]);
    }
}
