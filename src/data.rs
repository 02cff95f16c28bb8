//! The catalogue's data files (listings, package indexes), which a build asks for while it runs.
//!
//! The engine reads no files and fetches nothing. It asks [`Data`] for a file by its name under `static/catalog` and waits
//! ([`Data::get`]); whoever drives the build looks at [`Data::wanted`], brings the file, hands it in with [`Data::put`] and
//! polls on. Natively the files are in the program ([`Data::embedded`]) and nothing ever waits. It lacks any knowledge of
//! what is in the files.

#[cfg(not(target_arch = "wasm32"))]
mod embedded {
    include!(concat!(env!("OUT_DIR"), "/catalog.rs"));
}

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

/// A file's text, or why it cannot be had.
pub type File = Result<Rc<str>, Rc<str>>;

/// Where files come from that need no waiting.
type Source = fn(&str) -> Option<&'static str>;

/// The data files that are there. Cheap to clone; clones share.
#[derive(Clone, Default)]
pub struct Data(Rc<Inner>);

#[derive(Default)]
struct Inner {
    source: Option<Source>,
    files: RefCell<BTreeMap<String, File>>,
    /// Names that were asked for, and whether the driver knows it.
    asked: RefCell<BTreeMap<String, bool>>,
    blocked: Cell<bool>,
    /// What was made of files, by their names.
    parsed: RefCell<BTreeMap<String, Rc<dyn Any>>>,
}

impl Data {
    /// The files that are compiled into the program.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn embedded() -> Self {
        let source: Source = |name| {
            let at = embedded::FILES.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
            Some(embedded::FILES[at].1)
        };
        Self(Rc::new(Inner { source: Some(source), ..Inner::default() }))
    }

    /// The text of a file if it is there, or known not to be had; else it is asked for, and none.
    pub fn look(&self, name: &str) -> Option<File> {
        if let Some(file) = self.0.files.borrow().get(name) {
            return Some(file.clone());
        }
        if let Some(source) = self.0.source {
            let file: File = source(name).map(Rc::from).ok_or_else(|| "there is no such file".into());
            self.0.files.borrow_mut().insert(name.to_owned(), file.clone());
            return Some(file);
        }
        self.0.asked.borrow_mut().entry(name.to_owned()).or_insert(false);
        None
    }

    /// Waits for a file.
    pub async fn get(&self, name: &str) -> File {
        poll_fn(|_| match self.look(name) {
            Some(file) => Poll::Ready(file),
            None => {
                self.0.blocked.set(true);
                Poll::Pending
            }
        })
        .await
    }

    /// Waits for files that can come together.
    pub async fn get_all(&self, names: &[String]) -> Vec<File> {
        for name in names {
            self.look(name);
        }
        let mut files = Vec::with_capacity(names.len());
        for name in names {
            files.push(self.get(name).await);
        }
        files
    }

    /// Waits for a file and for what `read` makes of it, which is kept: a name has one reader.
    ///
    /// # Errors
    /// Why the file cannot be had, or what `read` says.
    pub async fn parsed<T: 'static>(
        &self,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Rc<T>, Rc<str>> {
        let known = self.0.parsed.borrow().get(name).cloned();
        if let Some(known) = known.and_then(|known| known.downcast::<T>().ok()) {
            return Ok(known);
        }
        let text = self.get(name).await?;
        let made = Rc::new(read(&text).map_err(|error| Rc::from(format!("{name}: {error}")))?);
        self.0.parsed.borrow_mut().insert(name.to_owned(), made.clone());
        Ok(made)
    }

    /// Files to bring: those that were asked for since the last time. Each is to be answered with [`Data::put`].
    pub fn wanted(&self) -> Vec<String> {
        let mut asked = self.0.asked.borrow_mut();
        let mut news = Vec::new();
        for (name, told) in asked.iter_mut() {
            if !std::mem::replace(told, true) {
                news.push(name.clone());
            }
        }
        news
    }

    /// Hands a file in, or the reason why it cannot be had.
    pub fn put(&self, name: &str, file: Result<String, String>) {
        self.0.asked.borrow_mut().remove(name);
        let file = file.map(Rc::from).map_err(Rc::from);
        self.0.files.borrow_mut().insert(name.to_owned(), file);
    }

    /// Did a future wait for a file since the last time this was asked? Then there is no use in polling it before
    /// [`Data::put`].
    pub fn take_blocked(&self) -> bool {
        self.0.blocked.take()
    }

    /// Forgets which files could not be had, so that they are asked for again.
    pub fn retry(&self) {
        self.0.files.borrow_mut().retain(|_, file| file.is_ok());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Waker};

    #[test]
    fn a_future_waits_until_its_files_are_handed_in() {
        let data = Data::default();
        let names = ["a".to_owned(), "b".to_owned()];
        let mut both = pin!(data.get_all(&names));
        let mut context = Context::from_waker(Waker::noop());
        assert!(both.as_mut().poll(&mut context).is_pending());
        assert!(data.take_blocked());
        assert_eq!(data.wanted(), names);
        assert_eq!(data.wanted(), [""; 0], "the driver knows");
        data.put("a", Ok("one".to_owned()));
        assert!(both.as_mut().poll(&mut context).is_pending());
        data.put("b", Err("offline".to_owned()));
        let Poll::Ready(files) = both.as_mut().poll(&mut context) else { panic!("both are there") };
        assert_eq!(files, [Ok("one".into()), Err("offline".into())]);
        data.retry();
        assert_eq!(data.look("a"), Some(Ok("one".into())));
        assert_eq!(data.look("b"), None);
        assert_eq!(data.wanted(), ["b"]);
    }

    #[test]
    fn what_is_compiled_in_is_there_at_once() {
        let data = Data::embedded();
        assert!(data.look("busybox.listing").is_some_and(|file| file.is_ok()));
        assert!(data.look("nothing").is_some_and(|file| file.is_err()));
        assert!(!data.take_blocked());
    }
}
