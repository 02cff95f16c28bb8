//! Tar archives and their compressions, read and written: for layers, for ADD, and for the tar command.
//!
//! It lacks extended attributes (the filesystem has none) and sparse members.

mod build;
mod compression;
mod decoded;
mod diff_id;
mod error;
mod header;
mod layer;
mod pax;
mod read;
mod write;
mod zstd;

pub use build::{TarBuilder, file_header};
pub use compression::{COMPRESSIONS, Compression, decompress, sniff};
pub use decoded::unpacked;
pub use diff_id::{DiffId, DiffIdJob, MAX_DIGESTED, diff_id};
pub use error::{ArchiveError, ArchiveErrorKind};
pub use layer::{LayerFile, digest_of, path_in_root, read_layer};
pub use read::{Limits, Member, MemberKind, TarReader, is_archive};
pub use write::{LayerTar, NotHeld, tar_size, write_layer};

#[cfg(test)]
pub(crate) mod tests;
