//! The worker's work with image archives: opening what the user brought, making what is taken away. Without any JavaScript:
//! it reads where it is told to, and hands out what it wrote piece by piece.
//!
//! It works in slices, after everything that somebody waits for while typing.

use crate::archive::Limits;
use crate::bytes::Bytes;
use crate::dockerfile::reference::Reference;
use crate::image::{self, Export, Format, Image, Packing};
use crate::pace::Pace;
use crate::view::images::{Form, News, Opened};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::io::{self, Write};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// How much is handed out at once, in bytes.
const PIECE: usize = 1 << 20;

/// The pieces of an archive that was made, and not handed out yet.
type Pieces = Rc<RefCell<Vec<Vec<u8>>>>;

/// All work with archives that is still to do, in order.
#[derive(Default)]
pub struct Archives {
    jobs: VecDeque<Job>,
    pieces: Pieces,
}

struct Job {
    ticket: u32,
    pace: Rc<Pace>,
    told: u64,
    work: Pin<Box<dyn Future<Output = Result<Outcome, String>>>>,
}

enum Outcome {
    Opened(Vec<(String, Arc<Image>)>),
    Made(u64),
}

/// What became of a slice of work.
#[derive(Default)]
pub struct Done {
    /// What the page is told.
    pub news: Option<News>,
    /// Images for the catalogue, with their names.
    pub images: Vec<(String, Arc<Image>)>,
}

impl Archives {
    /// An archive is to be opened.
    pub fn open(&mut self, ticket: u32, file: String, archive: Bytes) {
        let pace = Rc::new(Pace::default());
        let own = pace.clone();
        let work = async move {
            let images = image::open(&archive, Limits::default(), &own).await.map_err(|error| error.to_string())?;
            Ok(Outcome::Opened(named(images, &file)))
        };
        self.jobs.push_back(Job { ticket, pace, told: 0, work: Box::pin(work) });
    }

    /// An archive is to be made.
    pub fn export(&mut self, ticket: u32, form: Form, image: Image) {
        let (pace, pieces) = (Rc::new(Pace::default()), self.pieces.clone());
        let own = pace.clone();
        let work = async move {
            let (format, packing) = match form {
                Form::Docker => (Format::Docker, Packing::Plain),
                Form::Oci => (Format::Oci, Packing::Gzip),
            };
            let names = image.names.clone();
            let export =
                Export::new(&[(&image, &names)], format, packing, &own).await.map_err(|error| error.to_string())?;
            let mut sink = Sink { pieces, written: 0 };
            export.write_tar(&mut sink, &own).await.map_err(|error| error.to_string())?;
            Ok(Outcome::Made(sink.written))
        };
        self.jobs.push_back(Job { ticket, pace, told: 0, work: Box::pin(work) });
    }

    /// Drops a piece of work.
    pub fn cancel(&mut self, ticket: u32) {
        if self.jobs.front().is_some_and(|job| job.ticket == ticket) {
            self.pieces.borrow_mut().clear();
        }
        self.jobs.retain(|job| job.ticket != ticket);
    }

    /// What was written of the archive in the making since the last time.
    pub fn take_pieces(&self) -> Vec<Vec<u8>> {
        std::mem::take(&mut *self.pieces.borrow_mut())
    }

    /// Works until the slice is over; `None` when nothing is left to do.
    pub fn work(&mut self, over: &dyn Fn() -> bool) -> Option<Done> {
        let job = self.jobs.front_mut()?;
        let mut context = Context::from_waker(Waker::noop());
        let result = loop {
            match job.work.as_mut().poll(&mut context) {
                Poll::Ready(result) => break result,
                Poll::Pending if over() => {
                    // A hundred lines of progress are enough.
                    let (done, total) = job.pace.progress();
                    let step = (total / 100).max(1);
                    let news = (done / step > job.told / step).then_some(News::Progress(job.ticket, done, total));
                    job.told = done;
                    return Some(Done { news, images: Vec::new() });
                }
                Poll::Pending => {}
            }
        };
        let ticket = job.ticket;
        self.jobs.pop_front();
        Some(match result {
            Ok(Outcome::Opened(images)) => {
                let line = |(name, image): &(String, Arc<Image>)| Opened {
                    name: name.clone(),
                    size: image.size(),
                    layers: image.layers.len() as u32,
                };
                Done { news: Some(News::Opened(ticket, images.iter().map(line).collect())), images }
            }
            Ok(Outcome::Made(size)) => Done { news: Some(News::Made(ticket, String::new(), size)), images: Vec::new() },
            Err(message) => {
                self.pieces.borrow_mut().clear();
                Done { news: Some(News::Failed(ticket, message)), images: Vec::new() }
            }
        })
    }
}

/// Each image under each of its names; one without gets the file's, made into one.
fn named(images: Vec<Image>, file: &str) -> Vec<(String, Arc<Image>)> {
    let mut out = Vec::new();
    let several = images.len() > 1;
    for (number, mut image) in images.into_iter().enumerate() {
        let mut names: Vec<String> =
            image.names.iter().filter(|name| Reference::parse(name).is_ok()).cloned().collect();
        if names.is_empty() {
            let stem = file.split('.').next().unwrap_or_default().to_lowercase();
            let stem: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
            let stem = stem.trim_matches('-').split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
            let stem = if stem.is_empty() { "opened".to_owned() } else { stem };
            names.push(if several { format!("{stem}:{}", number + 1) } else { format!("{stem}:latest") });
        }
        image.names.clone_from(&names);
        let image = Arc::new(image);
        out.extend(names.into_iter().map(|name| (name, image.clone())));
    }
    out
}

struct Sink {
    pieces: Pieces,
    written: u64,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written += bytes.len() as u64;
        let mut pieces = self.pieces.borrow_mut();
        match pieces.last_mut() {
            Some(last) if last.len() < PIECE => last.extend_from_slice(bytes),
            _ => pieces.push(bytes.to_vec()),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
