//! The compressions an archive may come in, told by their first bytes as Docker tells them, and read.
//!
//! [`decompress`] serves ADD and the programs of RUN; [`decoder`] whoever reads while it decompresses. It lacks
//! dictionaries of zstd, and writes nothing: the gzip command compresses by itself.

use super::error::{ArchiveError, ArchiveErrorKind};
use super::zstd;
use std::io::{self, BufRead, Read};

/// A compression.
pub struct Compression {
    /// Its name.
    pub name: &'static str,
    starts: fn(&[u8]) -> bool,
    decode: Decoder,
}

/// Decompresses while it is read.
pub(super) type Decoder = for<'a> fn(Box<dyn BufRead + Send + 'a>) -> Box<dyn Read + Send + 'a>;

/// What an xz decoder may hold, in KiB: `xz -9` wants 65 MiB; more is refused before it is allocated.
const XZ_MEMORY: u32 = 128 << 10;

/// All that are told apart; an archive that starts with none of these is plain.
pub const COMPRESSIONS: &[Compression] = &[
    Compression {
        name: "gzip",
        starts: |bytes| bytes.starts_with(&[0x1f, 0x8b, 0x08]),
        decode: |packed| Box::new(flate2::bufread::MultiGzDecoder::new(packed)),
    },
    Compression {
        name: "bzip2",
        starts: |bytes| bytes.starts_with(b"BZh"),
        decode: |packed| Box::new(bzip2::bufread::MultiBzDecoder::new(packed)),
    },
    Compression {
        name: "xz",
        starts: |bytes| bytes.starts_with(b"\xfd7zXZ\0"),
        decode: |packed| Box::new(lzma_rust2::XzReader::new_mem_limit(packed, true, XZ_MEMORY)),
    },
    Compression { name: "zstd", starts: zstd::starts, decode: |packed| Box::new(zstd::Frames::new(packed)) },
];

/// The compression of some bytes; none if they are plain.
pub fn sniff(bytes: &[u8]) -> Option<&'static Compression> {
    COMPRESSIONS.iter().find(|compression| (compression.starts)(bytes))
}

/// The compression of bytes that begin like this, and its decoder; none if they are plain.
pub(super) fn decoder(start: &[u8]) -> Option<(&'static str, Decoder)> {
    sniff(start).map(|compression| (compression.name, compression.decode))
}

/// A reader of the bytes without their compression, and the compression's name.
pub(super) fn reader(bytes: &[u8]) -> (Box<dyn Read + Send + '_>, Option<&'static str>) {
    match decoder(bytes) {
        None => (Box::new(bytes), None),
        Some((name, decode)) => (decode(Box::new(bytes)), Some(name)),
    }
}

/// All bytes without their compression.
///
/// # Errors
/// If they are damaged, or more than `limit`.
pub fn decompress(bytes: &[u8], limit: u64) -> Result<Vec<u8>, ArchiveError> {
    let (reader, name) = reader(bytes);
    let compression = name.unwrap_or("archive");
    let mut out = Vec::new();
    if let Err(error) = reader.take(limit.saturating_add(1)).read_to_end(&mut out) {
        return Err(ArchiveError::at(out.len() as u64, decoding(&error, compression)));
    }
    if out.len() as u64 > limit {
        return Err(ArchiveError::at(limit, ArchiveErrorKind::TooManyBytes { limit }));
    }
    Ok(out)
}

/// What a decoder's error says of the archive.
pub(super) fn decoding(error: &io::Error, compression: &'static str) -> ArchiveErrorKind {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => ArchiveErrorKind::CutOffCompressed { compression },
        _ => ArchiveErrorKind::BadCompression { compression, message: error.to_string() },
    }
}
