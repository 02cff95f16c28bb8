//! Tar archives and their compressions, read and written: for layers, for ADD, and for the tar command.
//!
//! It lacks extended attributes (the filesystem has none) and sparse members.

mod diff_id;
mod header;
mod write;

pub use diff_id::{DiffId, DiffIdJob, MAX_DIGESTED, diff_id};
pub use write::{LayerTar, NotHeld, write_layer};
