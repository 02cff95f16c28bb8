//! The page's end of the worker: starts it, tells it what changed, hears it, and starts it again when it dies.
//!
//! What to tell is read off the page's state; it keeps only what the worker was told last. Answers of an older revision
//! go no further than here.

use super::codec::Postcard;
use super::protocol::{Answer, Change, Request};
use super::worker::EngineWorker;
use crate::view::images::Deed;
use crate::view::list::Window;
use crate::view::project::Project;
use crate::view::state::{Action, State};
use gloo::timers::callback::Timeout;
use gloo_worker::{Spawnable, WorkerBridge};
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

/// A worker that has not spoken by then, in milliseconds, cannot be started.
const PATIENCE: u32 = 30_000;

/// A running engine; it ends with its last clone.
#[derive(Clone)]
pub struct Engine(Rc<Inner>);

struct Inner {
    script: String,
    dispatch: Rc<dyn Fn(Action)>,
    state: RefCell<Told>,
}

/// What the worker was told.
#[derive(Default)]
struct Told {
    loads: u64,
    revision: u64,
    asked: u64,
    window: Window,
    /// The number of the editor's last question.
    question: Option<u32>,
    /// How many wishes about archives.
    wishes: usize,
    project: Option<Project>,
    /// A worker that died of this project is not told it again.
    fatal: Option<Project>,
    /// The worker has spoken.
    ready: bool,
    worker: Option<Running>,
}

/// One worker, and the channel on which it says that it dies.
struct Running {
    bridge: WorkerBridge<EngineWorker>,
    channel: Option<BroadcastChannel>,
    _death: Closure<dyn Fn(MessageEvent)>,
    _patience: Timeout,
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            channel.close();
        }
    }
}

impl PartialEq for Engine {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Engine")
    }
}

impl Engine {
    /// Starts the worker whose script is at `script`; what it says becomes actions.
    pub fn start(script: impl Into<String>, dispatch: impl Fn(Action) + 'static) -> Self {
        let inner = Inner { script: script.into(), dispatch: Rc::new(dispatch), state: RefCell::new(Told::default()) };
        let engine = Self(Rc::new(inner));
        spawn(&engine.0);
        engine
    }

    /// Tells the worker what differs in the page's state since the last time.
    pub fn sync(&self, state: &State) {
        let mut told = self.0.state.borrow_mut();
        if told.fatal.as_ref() == Some(&state.project) {
            return;
        }
        let change = told.change(state);
        let question = state.question.filter(|question| told.question != Some(question.id));
        let wishes = state.images.wishes.get(told.wishes..).unwrap_or_default().to_vec();
        let same = told.asked == state.asked && told.window == state.window;
        if change == Change::Nothing && same && question.is_none() && wishes.is_empty() {
            return;
        }
        told.loads = state.loads;
        told.revision = state.revision;
        told.asked = state.asked;
        told.window = state.window;
        told.question = state.question.map(|question| question.id);
        told.wishes = state.images.wishes.len();
        told.project = Some(state.project.clone());
        told.fatal = None;
        let (revision, asked, selection) = (state.revision, state.asked, state.selection.clone());
        if let Some(worker) = &told.worker {
            let window = state.window;
            worker.bridge.send(Request { revision, change, asked, selection, window, question, wishes });
        }
    }
}

impl Told {
    fn change(&self, state: &State) -> Change {
        let project = &state.project;
        match &self.project {
            Some(known) if self.loads == state.loads => {
                if known.dockerignore != project.dockerignore || known.context != project.context {
                    // Both at once cannot be told apart from two edits, so the Dockerfile goes along.
                    if known.dockerfile != project.dockerfile {
                        return self.load(state);
                    }
                    let (dockerignore, context) = (project.dockerignore.clone(), project.context.clone());
                    Change::Context { dockerignore, context }
                } else if known.dockerfile != project.dockerfile || self.revision != state.revision {
                    Change::Dockerfile(project.dockerfile.clone())
                } else {
                    Change::Nothing
                }
            }
            _ => self.load(state),
        }
    }

    fn load(&self, state: &State) -> Change {
        let (earlier, beside) =
            state.example().map_or_else(Default::default, |example| (example.earlier(), example.beside));
        Change::Load { earlier, beside, project: state.project.clone() }
    }
}

/// Starts a worker in place of the one there is.
fn spawn(inner: &Rc<Inner>) {
    let name = format!("layerlab-{}", js_sys::Math::random());
    let death = {
        let inner = Rc::downgrade(inner);
        Closure::<dyn Fn(MessageEvent)>::new(move |_: MessageEvent| {
            let inner = inner.clone();
            // Not now: what follows drops this very closure.
            Timeout::new(0, move || died(&inner)).forget();
        })
    };
    let channel = BroadcastChannel::new(&name).ok();
    if let Some(channel) = &channel {
        channel.set_onmessage(Some(death.as_ref().unchecked_ref()));
    }
    let bridge = {
        let inner = Rc::downgrade(inner);
        EngineWorker::spawner().callback(move |answer| hear(&inner, answer)).with_loader(true).encoding::<Postcard>()
    }
    .spawn(&format!("{}?channel={name}", inner.script));
    let patience = {
        let inner = Rc::downgrade(inner);
        Timeout::new(PATIENCE, move || give_up(&inner))
    };
    let worker = Some(Running { bridge, channel, _death: death, _patience: patience });
    let fatal = inner.state.borrow_mut().project.take();
    let old = inner.state.replace(Told { fatal, worker, ..Told::default() });
    drop(old);
}

fn hear(inner: &Weak<Inner>, answer: Answer) {
    let Some(inner) = inner.upgrade() else { return };
    let revision = inner.state.borrow().revision;
    match answer {
        Answer::Ready => inner.state.borrow_mut().ready = true,
        Answer::Loading(about) if about == revision => (inner.dispatch)(Action::Loading),
        Answer::Built(overview) if overview.revision == revision => (inner.dispatch)(Action::Built(overview)),
        Answer::Shown { revision: about, asked, scene } if about == revision => {
            (inner.dispatch)(Action::Shown(asked, scene));
        }
        Answer::Rows { revision: about, asked, body } if about == revision => {
            (inner.dispatch)(Action::Rolled(asked, body));
        }
        Answer::Loading(_) | Answer::Built(_) | Answer::Shown { .. } | Answer::Rows { .. } => {}
        Answer::Replied(id, reply) => (inner.dispatch)(Action::Replied(id, reply)),
        Answer::Images(news) => (inner.dispatch)(Action::Images(Deed::Hear(news))),
    }
}

fn died(inner: &Weak<Inner>) {
    let Some(inner) = inner.upgrade() else { return };
    if inner.state.borrow().ready {
        spawn(&inner);
        (inner.dispatch)(Action::WorkerRestarted);
    } else {
        // It does not even start: another one would not, either.
        (inner.dispatch)(Action::WorkerFailed);
    }
}

fn give_up(inner: &Weak<Inner>) {
    let Some(inner) = inner.upgrade() else { return };
    if !inner.state.borrow().ready {
        (inner.dispatch)(Action::WorkerFailed);
    }
}
