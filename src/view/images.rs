//! Images that come in and go out: the archives that were opened, the ones that are being made, and how far each is.

use serde::{Deserialize, Serialize};

/// The form of an archive that is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// For `docker load`.
    Docker,
    /// An OCI layout as tar.
    Oci,
}

impl Form {
    /// The name that its file is offered under.
    pub fn file(self) -> &'static str {
        match self {
            Form::Docker => "image.tar",
            Form::Oci => "image.oci.tar",
        }
    }
}

/// What the page asks of the worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wish {
    /// Open an archive.
    Open {
        /// The number of this piece of work.
        ticket: u32,
        /// The file's name.
        file: String,
        /// Where the worker gets it: an object URL.
        url: String,
        /// Its length in bytes.
        size: u64,
    },
    /// Make an archive of the image as it is.
    Export {
        /// The number of this piece of work.
        ticket: u32,
        /// Its form.
        form: Form,
    },
    /// Drop this piece of work.
    Cancel(u32),
}

/// What the worker tells of a piece of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum News {
    /// So many bytes of so many are done.
    Progress(u32, u64, u64),
    /// An archive was opened: its images are in the catalogue.
    Opened(u32, Vec<Opened>),
    /// An archive is made: an object URL, and the length in bytes.
    Made(u32, String, u64),
    /// It cannot be done, and why.
    Failed(u32, String),
}

/// An image that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The name that FROM finds it under.
    pub name: String,
    /// Its size in bytes, as Docker counts it.
    pub size: u64,
    /// How many layers it has.
    pub layers: u32,
}

/// What a piece of work is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Opening a file of this name.
    Open(String),
    /// Making an archive.
    Export(Form),
}

/// How far a piece of work is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Bytes that are done, and all.
    Working(u64, u64),
    /// These images are in the catalogue.
    Opened(Vec<Opened>),
    /// The archive is at this URL, and has this length in bytes.
    Made(String, u64),
    /// Why it cannot be done.
    Failed(String),
}

/// A piece of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// Its number.
    pub ticket: u32,
    /// What it is.
    pub what: What,
    /// How far it is.
    pub phase: Phase,
}

/// What can happen to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// A file is to be opened: its name, its object URL, its length in bytes.
    Open(String, String, u64),
    /// An archive is to be made.
    Export(Form),
    /// A piece of work is to be dropped, or its line taken away.
    Drop(u32),
    /// The worker told something.
    Hear(News),
}

/// All pieces of work of this visit, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Images {
    /// The pieces of work.
    pub works: Vec<Work>,
    /// All that was ever wished of the worker: a worker that is started anew is told it again.
    pub wishes: Vec<Wish>,
    next: u32,
}

impl Images {
    /// The names of the images that were opened.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let opened = self.works.iter().filter_map(|work| match &work.phase {
            Phase::Opened(images) => Some(images),
            _ => None,
        });
        opened.flatten().map(|image| image.name.as_str())
    }

    /// Lets something happen.
    pub fn apply(&mut self, deed: Deed) {
        match deed {
            Deed::Open(file, url, size) => {
                let ticket = self.start(What::Open(file.clone()), size);
                self.wishes.push(Wish::Open { ticket, file, url, size });
            }
            Deed::Export(form) => {
                let ticket = self.start(What::Export(form), 0);
                self.wishes.push(Wish::Export { ticket, form });
            }
            Deed::Drop(ticket) => {
                let works = |work: &Work| matches!(work.phase, Phase::Working(..));
                if self.works.iter().any(|work| work.ticket == ticket && works(work)) {
                    self.wishes.push(Wish::Cancel(ticket));
                }
                self.works.retain(|work| work.ticket != ticket);
            }
            Deed::Hear(news) => {
                let (ticket, phase) = match news {
                    News::Progress(ticket, done, total) => (ticket, Phase::Working(done, total)),
                    News::Opened(ticket, images) => (ticket, Phase::Opened(images)),
                    News::Made(ticket, url, size) => (ticket, Phase::Made(url, size)),
                    News::Failed(ticket, message) => (ticket, Phase::Failed(message)),
                };
                if let Some(work) = self.works.iter_mut().find(|work| work.ticket == ticket) {
                    work.phase = phase;
                }
            }
        }
    }

    fn start(&mut self, what: What, size: u64) -> u32 {
        self.next += 1;
        self.works.insert(0, Work { ticket: self.next, what, phase: Phase::Working(0, size) });
        self.next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_hears_no_more() {
        let mut images = Images::default();
        images.apply(Deed::Open("a.tar".to_owned(), "blob:a".to_owned(), 10));
        images.apply(Deed::Open("b.tar".to_owned(), "blob:b".to_owned(), 20));
        images.apply(Deed::Hear(News::Progress(2, 5, 20)));
        assert_eq!(images.works[0].phase, Phase::Working(5, 20));
        images.apply(Deed::Drop(1));
        images.apply(Deed::Hear(News::Failed(1, "no".to_owned())));
        assert_eq!(images.works.len(), 1);
        assert_eq!(images.wishes.last(), Some(&Wish::Cancel(1)));
        let image = Opened { name: "b:latest".to_owned(), size: 1, layers: 1 };
        images.apply(Deed::Hear(News::Opened(2, vec![image])));
        assert_eq!(images.names().collect::<Vec<_>>(), ["b:latest"]);
        // Taking the line away is no wish of the worker's: the image stays in the catalogue.
        images.apply(Deed::Drop(2));
        assert_eq!((images.works.len(), images.wishes.len()), (0, 3));
    }
}
