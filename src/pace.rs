//! Long work that counts what it has done and gives way in between, so that the page can show how far it is, do other things
//! meanwhile, and drop it.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// After how many bytes it gives way: about a millisecond's work in a browser.
const SLICE: u64 = 256 << 10;

/// How far a piece of work is.
#[derive(Debug, Default)]
pub struct Pace {
    done: Cell<u64>,
    total: Cell<u64>,
    since: Cell<u64>,
}

impl Pace {
    /// Bytes that are done, and how many there are in all as far as is known.
    pub fn progress(&self) -> (u64, u64) {
        (self.done.get(), self.total.get().max(self.done.get()))
    }

    /// There are so many more bytes to do.
    pub fn expect(&self, bytes: u64) {
        self.total.set(self.total.get().saturating_add(bytes));
    }

    /// So many bytes are done; gives way if it is time to.
    pub async fn spent(&self, bytes: u64) {
        self.done(bytes);
        self.worked(bytes).await;
    }

    /// So many bytes are done, without giving way.
    pub fn done(&self, bytes: u64) {
        self.done.set(self.done.get().saturating_add(bytes));
    }

    /// Work that is not counted; gives way if it is time to.
    pub async fn worked(&self, bytes: u64) {
        self.since.set(self.since.get().saturating_add(bytes));
        if self.since.get() >= SLICE {
            self.since.set(0);
            give_way().await;
        }
    }
}

/// Is pending once.
async fn give_way() {
    let mut given = false;
    poll_fn(|_| if std::mem::replace(&mut given, true) { Poll::Ready(()) } else { Poll::Pending }).await;
}

/// Runs such work to its end without giving way.
pub fn block_on<F: Future>(work: F) -> F::Output {
    let mut work = pin!(work);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = work.as_mut().poll(&mut context) {
            return output;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_gives_way_and_counts() {
        let pace = Pace::default();
        pace.expect(10 * SLICE);
        let mut work = pin!(async {
            for _ in 0..40 {
                pace.spent(SLICE / 4).await;
            }
        });
        let mut context = Context::from_waker(Waker::noop());
        let mut turns = 0;
        while work.as_mut().poll(&mut context).is_pending() {
            turns += 1;
            assert_eq!(pace.progress(), (turns * SLICE, 10 * SLICE));
        }
        assert_eq!(turns, 10);
    }
}
