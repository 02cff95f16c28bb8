//! The engine's Web Worker: takes requests in, works in slices, and posts answers.
//!
//! Between two slices it goes back to the event loop, so that a newer edit or a cancel gets through. It lacks any
//! knowledge of building: that is [`Session`]'s.

use super::codec::Postcard;
use super::files::{self, Made};
use super::protocol::{Answer, Request};
use super::session::Session;
use crate::catalog::Catalog;
use crate::data::Data;
use crate::view::images::{News, Wish};
use gloo_worker::{HandlerId, Registrable, WorkerScope};
use wasm_bindgen::prelude::*;
use web_sys::{MessageChannel, WorkerGlobalScope};

/// How long a slice of work may take, in milliseconds.
const SLICE: f64 = 4.0;

/// The worker as gloo-worker drives it.
pub struct EngineWorker {
    session: Session,
    page: Option<HandlerId>,
    breath: Breath,
    ticking: bool,
    /// The archive in the making.
    made: Made,
}

/// What the worker tells itself.
#[derive(Debug)]
pub enum Message {
    /// A slice of work is due.
    Tick,
    /// A data file has come, or cannot be had.
    Data(String, Result<String, String>),
}

#[wasm_bindgen]
extern "C" {
    /// Fetches a data file of the catalogue: the promise of its text (static/worker-start.js).
    #[wasm_bindgen(js_name = layerlabData)]
    fn layerlab_data(name: &str) -> js_sys::Promise;
}

impl gloo_worker::Worker for EngineWorker {
    type Message = Message;
    type Input = Request;
    type Output = Answer;

    fn create(scope: &WorkerScope<Self>) -> Self {
        let scope = scope.clone();
        let breath = Breath::new(move || scope.send_message(Message::Tick));
        Self {
            session: Session::new(Catalog::new(Data::default())),
            page: None,
            breath,
            ticking: false,
            made: Made::default(),
        }
    }

    fn connected(&mut self, scope: &WorkerScope<Self>, id: HandlerId) {
        self.page = Some(id);
        scope.respond(id, Answer::Ready);
    }

    fn received(&mut self, scope: &WorkerScope<Self>, mut request: Request, _id: HandlerId) {
        let wishes = std::mem::take(&mut request.wishes);
        self.session.receive(request);
        self.wish(scope, wishes);
        // The first slice at once: an edit of the seed example is answered within it.
        if !self.ticking {
            self.slice(scope);
        }
    }

    fn update(&mut self, scope: &WorkerScope<Self>, message: Message) {
        match message {
            Message::Tick => self.ticking = false,
            Message::Data(name, file) => self.session.provide(&name, file),
        }
        if !self.ticking {
            self.slice(scope);
        }
    }
}

impl EngineWorker {
    fn wish(&mut self, scope: &WorkerScope<Self>, wishes: Vec<Wish>) {
        for wish in wishes {
            let refused = match wish {
                Wish::Open { ticket, file, url, size } => match files::of_url(&url, size) {
                    Ok(bytes) => {
                        self.session.open_archive(ticket, file, bytes);
                        None
                    }
                    Err(message) => Some(Answer::Images(News::Failed(ticket, message))),
                },
                Wish::Export { ticket, form } => self.session.export(ticket, form),
                Wish::Cancel(ticket) => {
                    self.session.cancel(ticket);
                    None
                }
            };
            if let (Some(answer), Some(page)) = (refused, self.page) {
                scope.respond(page, answer);
            }
        }
    }

    fn slice(&mut self, scope: &WorkerScope<Self>) {
        let Some(page) = self.page else { return };
        let end = now() + SLICE;
        let over = || now() >= end;
        loop {
            let answers = self.session.work(&over);
            self.session.wanted().into_iter().for_each(|name| fetch(scope, name));
            let Some(answers) = answers else { return };
            self.made.add(self.session.take_pieces());
            for mut answer in answers {
                if let Answer::Images(News::Made(_, url, _)) = &mut answer {
                    *url = self.made.finish();
                }
                scope.respond(page, answer);
            }
            if over() {
                break;
            }
        }
        self.ticking = true;
        self.breath.ask();
    }
}

/// Brings a data file; when it is there the worker is told.
fn fetch(scope: &WorkerScope<EngineWorker>, name: String) {
    let scope = scope.clone();
    wasm_bindgen_futures::spawn_local(async move {
        let file = match wasm_bindgen_futures::JsFuture::from(layerlab_data(&name)).await {
            Ok(text) => text.as_string().ok_or_else(|| "it is no text".to_owned()),
            Err(error) => Err(match error.dyn_ref::<js_sys::Error>() {
                Some(error) => String::from(error.message()),
                None => format!("{error:?}"),
            }),
        };
        scope.send_message(Message::Data(name, file));
    });
}

/// A turn of the event loop: a message to oneself, which waits behind the page's messages, but never for the 4 ms that
/// nested timers wait.
struct Breath {
    channel: Option<MessageChannel>,
    _heard: Closure<dyn Fn()>,
}

impl Breath {
    fn new(then: impl Fn() + 'static) -> Self {
        let heard = Closure::<dyn Fn()>::new(then);
        let channel = MessageChannel::new().ok();
        if let Some(channel) = &channel {
            channel.port1().set_onmessage(Some(heard.as_ref().unchecked_ref()));
        }
        Self { channel, _heard: heard }
    }

    fn ask(&self) {
        let sent = self.channel.as_ref().map(|channel| channel.port2().post_message(&JsValue::NULL));
        debug_assert!(matches!(sent, Some(Ok(()))), "the event loop takes messages");
    }
}

/// Milliseconds since the worker started.
fn now() -> f64 {
    js_sys::global().unchecked_into::<WorkerGlobalScope>().performance().map_or(0.0, |clock| clock.now())
}

/// Starts the worker. A panic's message is left in `layerlabPanic`, where static/worker-start.js finds it.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        let message = JsValue::from_str(&panic.to_string());
        // Nothing more can be done if even that fails: the page then hears the trap's own message.
        let _ = js_sys::Reflect::set(&js_sys::global(), &JsValue::from_str("layerlabPanic"), &message);
    }));
    EngineWorker::registrar().encoding::<Postcard>().register();
}
