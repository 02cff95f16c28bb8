//! The worker's memory and what it does with a request, without any JavaScript: so it is tested natively.
//!
//! In order of urgency: the build of the newest text, the view of the newest selection, the editor's question, digests. A newer text drops the
//! build of an older one; what that had put into the cache stays. It lacks a clock: whoever drives it says when a slice of
//! work is over.

use super::archives::Archives;
use super::protocol::{Answer, Change, Request};
use crate::archive::DiffIdJob;
use crate::build::{self, Build, Cache, Context, ContextFile};
use crate::bytes::Bytes;
use crate::catalog::Catalog;
use crate::dockerfile::ignore::Ignore;
use crate::image::{Image, Layer};
use crate::vfs::{Content, Snapshot};
use crate::view::assist::{Question, Reply};
use crate::view::images::{Form, News};
use crate::view::list::Window;
use crate::view::panel::Selection;
use crate::view::present::{self, Copyable, Shown};
use crate::view::project::Project;
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Poll, Waker};

/// Bytes of a layer's tar that are digested between two looks at the clock: about a millisecond's work.
const DIGEST_STEP: u64 = 128 << 10;

/// One page's project, its build, and what there is still to do.
pub struct Session {
    catalog: Rc<Catalog>,
    cache: Rc<RefCell<Cache>>,
    revision: u64,
    asked: u64,
    selection: Selection,
    window: Window,
    project: Project,
    /// What is still to be built before the project, oldest first.
    earlier: VecDeque<Project>,
    /// Are the earlier ones images beside the project's?
    beside: bool,
    /// What was built before the project.
    before: Rc<Vec<Build>>,
    /// The project as it is now was not built yet.
    due: bool,
    job: Option<Job>,
    /// What was asked of the engine last.
    request: Rc<build::Request>,
    shown: Option<Shown>,
    /// The stages of the last text that could be planned, by name.
    stages: BTreeMap<String, Snapshot>,
    /// What the editor asked and was not answered yet.
    question: Option<Question>,
    /// The view of the selection as it is now was not told yet.
    unseen: bool,
    /// The rows of the window as it is now were not told yet.
    unrolled: bool,
    digests: Digests,
    archives: Archives,
}

/// A build in progress.
struct Job {
    build: Pin<Box<dyn Future<Output = Build>>>,
    earlier: bool,
    /// It waits for data files.
    waits: bool,
}

/// Layers whose diff IDs are missing, lowest first.
#[derive(Default)]
struct Digests {
    waiting: VecDeque<Arc<Layer>>,
    current: Option<(Arc<Layer>, DiffIdJob)>,
    /// Some are there that were not told yet.
    untold: bool,
}

impl Session {
    /// A session that has not heard of a project yet.
    pub fn new(catalog: Catalog) -> Self {
        Self {
            catalog: Rc::new(catalog),
            cache: Rc::default(),
            revision: 0,
            asked: 0,
            selection: Selection::default(),
            window: Window::default(),
            project: Project::default(),
            earlier: VecDeque::new(),
            beside: false,
            before: Rc::default(),
            due: false,
            job: None,
            request: Rc::default(),
            shown: None,
            stages: BTreeMap::new(),
            question: None,
            unseen: false,
            unrolled: false,
            digests: Digests::default(),
            archives: Archives::default(),
        }
    }

    /// Opens an archive, in slices.
    pub fn open_archive(&mut self, ticket: u32, file: String, archive: Bytes) {
        self.archives.open(ticket, file, archive);
    }

    /// What was written of the archive in the making since the last time.
    pub fn take_pieces(&self) -> Vec<Vec<u8>> {
        self.archives.take_pieces()
    }

    /// Makes an archive of the image as it is shown; the answer if there is none.
    pub fn export(&mut self, ticket: u32, form: Form) -> Option<Answer> {
        match self.shown.as_ref().and_then(|shown| shown.build.image()) {
            Some(stage) => {
                let mut image = stage.image();
                image.names = vec!["layerlab:latest".to_owned()];
                self.archives.export(ticket, form, image);
                None
            }
            None => Some(Answer::Images(News::Failed(ticket, "there is no image: the build failed".to_owned()))),
        }
    }

    /// Drops the work with an archive.
    pub fn cancel(&mut self, ticket: u32) {
        self.archives.cancel(ticket);
    }

    /// Images that were opened join the catalogue; a text that names one is built again.
    fn join(&mut self, images: Vec<(String, Arc<Image>)>) {
        for (name, image) in images {
            let repository = name.split(':').next().unwrap_or(&name);
            self.due |= self.project.dockerfile.contains(repository);
            if let Ok(catalog) = (*self.catalog).clone().with(&name, image) {
                self.catalog = Rc::new(catalog);
            }
        }
    }

    /// Takes a request in. The build of an older revision is dropped.
    pub fn receive(&mut self, request: Request) {
        self.revision = request.revision;
        self.unseen |= self.asked != request.asked;
        self.asked = request.asked;
        self.selection = request.selection;
        self.unrolled |= self.window != request.window;
        self.window = request.window;
        self.question = request.question.or(self.question);
        match request.change {
            Change::Nothing => return,
            Change::Load { earlier, beside, project } => {
                self.cache = Rc::default();
                self.shown = None;
                self.before = Rc::default();
                self.job = None;
                self.earlier = earlier.into();
                self.beside = beside;
                self.project = project;
            }
            Change::Dockerfile(text) => self.project.dockerfile = text,
            Change::Context { dockerignore, context } => {
                self.project.dockerignore = dockerignore;
                self.project.context = context;
            }
        }
        // What is built before the project does not depend on the edit: it goes on.
        if self.job.as_ref().is_some_and(|job| !job.earlier) {
            self.job = None;
        }
        self.due = true;
    }

    /// Data files that the build waits for, each named once. They are to be brought and handed to [`Session::provide`].
    pub fn wanted(&self) -> Vec<String> {
        self.catalog.data().wanted()
    }

    /// Takes a data file in, or the reason why it cannot be had.
    pub fn provide(&mut self, name: &str, file: Result<String, String>) {
        self.catalog.data().put(name, file);
        if let Some(job) = &mut self.job {
            job.waits = false;
        }
    }

    /// Works until there is something to tell, or until `over` says that the slice is; `None` when nothing is left to do
    /// but to wait for data files.
    pub fn work(&mut self, over: &dyn Fn() -> bool) -> Option<Vec<Answer>> {
        if self.job.is_none() {
            self.start();
        }
        if self.job.as_ref().is_some_and(|job| !job.waits) {
            return Some(self.advance(over));
        }
        if std::mem::take(&mut self.unseen)
            && let Some(answer) = self.show()
        {
            self.unrolled = false;
            return Some(vec![answer]);
        }
        if std::mem::take(&mut self.unrolled)
            && let Some(answer) = self.roll()
        {
            return Some(vec![answer]);
        }
        if let Some(question) = self.question.take() {
            return Some(vec![Answer::Replied(question.id, Rc::new(self.reply(question)))]);
        }
        if let Some(done) = self.archives.work(over) {
            self.join(done.images);
            return Some(done.news.map(Answer::Images).into_iter().collect());
        }
        self.digests.advance(over).map(|told| if told { self.show().into_iter().collect() } else { Vec::new() })
    }

    /// Starts the next build, if there is one to do.
    fn start(&mut self) {
        let (project, earlier) = match self.earlier.pop_front() {
            Some(project) => (project, true),
            None if self.due => (self.project.clone(), false),
            None => return,
        };
        self.due &= earlier;
        let request = Rc::new(request(&project));
        self.request = request.clone();
        let build = Box::pin(build::build(request, self.catalog.clone(), self.cache.clone()));
        self.job = Some(Job { build, earlier, waits: false });
    }

    fn advance(&mut self, over: &dyn Fn() -> bool) -> Vec<Answer> {
        let Some(job) = &mut self.job else { return Vec::new() };
        let mut waking = std::task::Context::from_waker(Waker::noop());
        let build = loop {
            match job.build.as_mut().poll(&mut waking) {
                Poll::Ready(build) => break build,
                Poll::Pending if self.catalog.data().take_blocked() => {
                    job.waits = true;
                    return vec![Answer::Loading(self.revision)];
                }
                Poll::Pending if over() => return Vec::new(),
                Poll::Pending => {}
            }
        };
        let earlier = job.earlier;
        self.job = None;
        if earlier {
            Rc::make_mut(&mut self.before).push(build);
            return Vec::new();
        }
        self.digests = Digests::of(&build);
        (self.unseen, self.unrolled) = (false, false);
        let shown = Shown::new(self.revision, &self.project, build, self.before.clone(), self.beside);
        let overview = present::overview(&shown, &self.selection, self.window);
        if shown.has_picture() {
            self.stages = Copyable::stages_of(&shown.build);
        }
        self.shown = Some(shown);
        vec![Answer::Built(Rc::new(overview))]
    }

    fn roll(&self) -> Option<Answer> {
        let shown = self.shown.as_ref()?;
        let body = Rc::new(present::panel(shown, &self.selection, self.window)?);
        Some(Answer::Rows { revision: shown.revision, asked: self.asked, body })
    }

    fn reply(&self, question: Question) -> Reply {
        let Some(shown) = &self.shown else { return Reply::Nothing };
        let ignore = Ignore::parse(&self.project.dockerignore).unwrap_or_default();
        let context = self.request.context.filter(&ignore).0;
        present::reply(shown, &self.catalog, &Copyable { context, stages: self.stages.clone() }, question)
    }

    fn show(&self) -> Option<Answer> {
        let shown = self.shown.as_ref()?;
        let scene = Rc::new(present::scene(shown, &self.selection, self.window)?);
        Some(Answer::Shown { revision: shown.revision, asked: self.asked, scene })
    }
}

impl Digests {
    fn of(build: &Build) -> Self {
        let layers = build.stages.iter().flat_map(|stage| &stage.layers).map(|layer| &layer.layer);
        let waiting = layers.filter(|layer| layer.diff_id().is_none()).cloned().collect();
        Self { waiting, current: None, untold: false }
    }

    /// Digests until the slice is over: whether there are new ones to tell, `None` when nothing is left to do. They are
    /// told together at the end of a slice, so that a hundred small layers are not a hundred messages.
    fn advance(&mut self, over: &dyn Fn() -> bool) -> Option<bool> {
        loop {
            let (layer, mut job) = match self.current.take().or_else(|| self.next()) {
                Some(current) => current,
                None if self.untold => break,
                None => return None,
            };
            match job.advance(DIGEST_STEP) {
                Some(diff_id) => {
                    layer.set_diff_id(diff_id);
                    self.untold = true;
                }
                None => self.current = Some((layer, job)),
            }
            if over() {
                break;
            }
        }
        Some(std::mem::take(&mut self.untold))
    }

    fn next(&mut self) -> Option<(Arc<Layer>, DiffIdJob)> {
        let layer = self.waiting.pop_front()?;
        let job = layer.diff_id_job();
        Some((layer, job))
    }
}

/// What the engine is asked to build.
fn request(project: &Project) -> build::Request {
    let files = project.context.iter().map(|(path, file)| {
        (path.clone(), ContextFile::File { content: Content::from(file.content()), executable: file.executable })
    });
    let ignore = (!project.dockerignore.is_empty()).then(|| {
        (
            ".dockerignore".to_owned(),
            ContextFile::File { content: Content::from(&*project.dockerignore), executable: false },
        )
    });
    let placeholders = project.context.iter().filter(|(_, file)| file.placeholder).map(|(path, _)| path.as_str());
    build::Request {
        dockerfile: project.dockerfile.to_string(),
        context: Context::new(files.chain(ignore)).with_placeholders(placeholders),
        ..build::Request::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;

    fn edit(revision: u64, text: &str) -> Request {
        Request {
            revision,
            change: Change::Dockerfile(text.into()),
            asked: 0,
            selection: Selection::default(),
            window: Window::default(),
            question: None,
            wishes: Vec::new(),
        }
    }

    /// Works until nothing is left to do, as slow as can be: every slice is over at once.
    fn drain(session: &mut Session) -> Vec<Answer> {
        let mut answers = Vec::new();
        while let Some(some) = session.work(&|| true) {
            answers.extend(some);
        }
        answers
    }

    fn built(answers: &[Answer]) -> Vec<u64> {
        answers
            .iter()
            .filter_map(|answer| match answer {
                Answer::Built(overview) => Some(overview.revision),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn the_newest_text_is_built_and_no_other() {
        let mut session = Session::new(Catalog::builtin());
        session.receive(edit(1, "FROM scratch\nWORKDIR /a\n"));
        session.receive(edit(2, "FROM scratch\nWORKDIR /b\n"));
        assert_eq!(built(&drain(&mut session)), [2]);
        assert!(session.work(&|| false).is_none(), "nothing is left to do");
    }

    #[test]
    fn a_newer_text_drops_a_build_in_progress() {
        let mut session = Session::new(Catalog::builtin());
        session.receive(edit(1, "FROM busybox\nRUN i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done\n"));
        for _ in 0..10 {
            assert_eq!(session.work(&|| true), Some(Vec::new()), "it gives way");
        }
        session.receive(edit(2, "FROM scratch\n"));
        assert_eq!(built(&drain(&mut session)), [2]);
    }

    #[test]
    fn a_build_waits_for_its_data() {
        let mut session = Session::new(Catalog::new(Data::default()));
        session.receive(edit(1, "FROM busybox\nCOPY --from=alpine:3.20 /etc/os-release /\n"));
        assert_eq!(drain(&mut session), [Answer::Loading(1)]);
        assert_eq!(session.wanted(), ["alpine-3.20.listing", "busybox.listing"]);
        let builtin = Data::embedded();
        let text = |name: &str| builtin.look(name).unwrap().unwrap().to_string();
        session.provide("busybox.listing", Ok(text("busybox.listing")));
        assert_eq!(built(&drain(&mut session)), [0; 0]);
        session.provide("alpine-3.20.listing", Ok(text("alpine-3.20.listing")));
        assert_eq!(built(&drain(&mut session)), [1]);
        // The next build has them; a newer text does not wait for what an older one wanted.
        session.receive(edit(2, "FROM busybox\n"));
        assert_eq!(built(&drain(&mut session)), [2]);
        assert!(session.wanted().is_empty());
    }

    #[test]
    fn data_that_cannot_be_had_fail_the_build_and_are_tried_again() {
        let mut session = Session::new(Catalog::new(Data::default()));
        for revision in 1..3 {
            session.receive(edit(revision, "FROM busybox\n"));
            assert_eq!(drain(&mut session), [Answer::Loading(revision)]);
            assert_eq!(session.wanted(), ["busybox.listing"]);
            session.provide("busybox.listing", Err("offline".to_owned()));
            assert_eq!(built(&drain(&mut session)), [revision]);
            let failure = session.shown.as_ref().unwrap().build.failure.clone().unwrap();
            assert_eq!(failure.message, "the data of busybox could not be loaded: offline");
        }
    }

    #[test]
    fn earlier_projects_are_built_first_and_not_told() {
        let earlier = vec![Project::of_dockerfile("FROM scratch\nWORKDIR /a\n")];
        let project = Project::of_dockerfile("FROM scratch\nWORKDIR /a\nWORKDIR /b\n");
        let change = Change::Load { earlier, beside: false, project };
        let mut session = Session::new(Catalog::builtin());
        session.receive(Request {
            revision: 7,
            change,
            asked: 1,
            selection: Selection::default(),
            window: Window::default(),
            question: None,
            wishes: Vec::new(),
        });
        assert_eq!(built(&drain(&mut session)), [7]);
        let build = &session.shown.as_ref().unwrap().build;
        assert_eq!(session.before.len(), 1);
        assert_eq!(build.executed, 1, "the first WORKDIR comes from the cache");
    }

    #[test]
    fn digests_come_last() {
        let mut session = Session::new(Catalog::builtin());
        session.receive(edit(1, "FROM scratch\nWORKDIR /a\n"));
        let first = session.work(&|| false).unwrap();
        assert_eq!(built(&first), [1]);
        let layer = session.shown.as_ref().unwrap().build.stages[0].layers[0].layer.clone();
        assert!(layer.diff_id().is_none());
        drain(&mut session);
        assert!(layer.diff_id().is_some());
    }

    #[test]
    fn a_context_file_changes_the_build() {
        let mut session = Session::new(Catalog::builtin());
        let mut project = Project::of_dockerfile("FROM scratch\nCOPY a.txt /\n");
        project.context.insert(
            "a.txt".into(),
            crate::view::project::ContextFile {
                text: "a".into(),
                executable: true,
                ..crate::view::project::ContextFile::default()
            },
        );
        let change = Change::Load { earlier: Vec::new(), beside: false, project: project.clone() };
        session.receive(Request {
            revision: 1,
            change,
            asked: 1,
            selection: Selection::default(),
            window: Window::default(),
            question: None,
            wishes: Vec::new(),
        });
        drain(&mut session);
        assert_eq!(session.shown.as_ref().unwrap().build.stages[0].size(), 1);
        project.context.get_mut("a.txt").unwrap().text = "four".into();
        let change = Change::Context { dockerignore: "".into(), context: project.context };
        session.receive(Request {
            revision: 2,
            change,
            asked: 1,
            selection: Selection::default(),
            window: Window::default(),
            question: None,
            wishes: Vec::new(),
        });
        drain(&mut session);
        assert_eq!(session.shown.as_ref().unwrap().build.stages[0].size(), 4);
    }
}
