//! The compressions an archive may come in, told by their first bytes as Docker tells them.
//!
//! gzip is read; bzip2, xz and zstd are known by name and refused: a decoder in their row is all they lack.

use super::error::{ArchiveError, ArchiveErrorKind};
use std::io::{self, BufRead, Read};

/// A compression.
pub struct Compression {
    /// Its name.
    pub name: &'static str,
    magic: &'static [u8],
    decode: Option<Decoder>,
}

/// Decompresses while it is read.
pub(super) type Decoder = for<'a> fn(Box<dyn BufRead + Send + 'a>) -> Box<dyn Read + Send + 'a>;

/// All that are told apart; an archive that starts with none of these is plain.
pub const COMPRESSIONS: &[Compression] = &[
    Compression {
        name: "gzip",
        magic: &[0x1f, 0x8b, 0x08],
        decode: Some(|packed| Box::new(flate2::bufread::MultiGzDecoder::new(packed))),
    },
    Compression { name: "bzip2", magic: b"BZh", decode: None },
    Compression { name: "xz", magic: &[0xfd, b'7', b'z', b'X', b'Z', 0], decode: None },
    Compression { name: "zstd", magic: &[0x28, 0xb5, 0x2f, 0xfd], decode: None },
];

/// The compression of some bytes; none if they are plain.
pub fn sniff(bytes: &[u8]) -> Option<&'static Compression> {
    COMPRESSIONS.iter().find(|compression| bytes.starts_with(compression.magic))
}

/// The compression of bytes that begin like this, and its decoder; none if they are plain.
pub(super) fn decoder(start: &[u8]) -> Result<Option<(&'static str, Decoder)>, ArchiveError> {
    match sniff(start) {
        None => Ok(None),
        Some(Compression { name, decode: Some(decode), .. }) => Ok(Some((name, *decode))),
        Some(Compression { name, decode: None, .. }) => {
            Err(ArchiveError::at(0, ArchiveErrorKind::UnsupportedCompression(name)))
        }
    }
}

/// A reader of the bytes without their compression, and the compression's name.
pub(super) fn reader(bytes: &[u8]) -> Result<(Box<dyn Read + Send + '_>, Option<&'static str>), ArchiveError> {
    Ok(match decoder(bytes)? {
        None => (Box::new(bytes), None),
        Some((name, decode)) => (decode(Box::new(bytes)), Some(name)),
    })
}

/// All bytes without their compression.
///
/// # Errors
/// If they are damaged, of an unsupported compression, or more than `limit`.
pub fn decompress(bytes: &[u8], limit: u64) -> Result<Vec<u8>, ArchiveError> {
    let (reader, name) = reader(bytes)?;
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
