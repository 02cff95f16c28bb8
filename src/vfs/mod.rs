//! The filesystem of an image and its layers, as overlayfs keeps them: a persistent [`Snapshot`] (the merged view), an
//! [`Overlay`] (a snapshot with a writable upper, while a step runs), and the [`Changeset`] that the upper leaves.
//!
//! It models overlayfs as Docker uses it (no `index`, `metacopy` or `redirect_dir`). It lacks extended attributes and
//! access times.

mod apply;
mod changeset;
mod content;
mod diff;
mod errno;
mod handle;
mod mount;
mod node;
mod overlay;
mod rename;
mod resolve;
mod snapshot;
mod upper;

pub use changeset::{Changeset, Entry, EntryKind};
pub use content::{Content, MAX_HELD, MAX_SIZE, Segment, Unreadable};
pub use diff::{Change, ChangeKind, diff};
pub use errno::{Errno, Libc};
pub use handle::OpenOptions;
pub use node::{Access, Cred, Dir, EPOCH, FileKind, Ino, Inode, Meta, Node, Stat, Time, letters};
pub use overlay::{Exceeded, MAX_ENTRIES, Overlay};
pub use resolve::Location;
pub use snapshot::{DirEntry, Snapshot, Tree};
