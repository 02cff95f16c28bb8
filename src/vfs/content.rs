//! What a file holds: a rope of segments, of which some are generated (runs of zeros, a repeated pattern) and some are
//! only *listed* (a size and a digest whose bytes are not held). A terabyte of zeros costs no memory.

use crate::bytes::Bytes;
use crate::digest::{Digest, Hasher};
use std::fmt;
use std::io::{self, BufRead};
use std::sync::{Arc, OnceLock};

/// The longest file, in bytes (DESIGN.md, "Budgets"): 256 GiB.
pub const MAX_SIZE: u64 = 256 << 30;

/// How many bytes [`Content::to_bytes`] hands out at once: 64 MiB.
pub const MAX_HELD: u64 = 64 << 20;

/// One stretch of a file.
#[derive(Clone, PartialEq, Eq)]
pub enum Segment {
    /// Bytes that are held.
    Bytes(Arc<Vec<u8>>),
    /// Bytes of an archive that was opened, which are read when they are asked for.
    Stored(Bytes),
    /// A run of zero bytes of this length.
    Zeros(u64),
    /// A pattern (not empty), repeated to `len` bytes; the last repetition may be cut.
    Repeat {
        /// What is repeated.
        pattern: Arc<Vec<u8>>,
        /// The length of the whole stretch in bytes.
        len: u64,
    },
    /// A whole file of a catalogue's listing: its size and digest are known, its bytes are not held.
    Listed {
        /// Length in bytes.
        size: u64,
        /// The digest of these bytes.
        digest: Digest,
    },
    /// Bytes derived from listed ones, or modelled: only their number is known.
    Unknown(u64),
}

impl Segment {
    /// Its length in bytes.
    pub fn bytes(&self) -> u64 {
        match self {
            Segment::Bytes(bytes) => bytes.len() as u64,
            Segment::Stored(bytes) => bytes.len(),
            Segment::Zeros(len) | Segment::Repeat { len, .. } | Segment::Unknown(len) => *len,
            Segment::Listed { size, .. } => *size,
        }
    }

    fn is_held(&self) -> bool {
        !matches!(self, Segment::Listed { .. } | Segment::Unknown(_))
    }

    /// The stretch `from..to` of this segment.
    fn slice(&self, from: u64, to: u64) -> Segment {
        if from == 0 && to == self.bytes() {
            return self.clone();
        }
        match self {
            Segment::Bytes(bytes) => Segment::Bytes(Arc::new(bytes[from as usize..to as usize].to_vec())),
            Segment::Stored(bytes) => Segment::Stored(bytes.slice(from, to - from)),
            Segment::Zeros(_) => Segment::Zeros(to - from),
            Segment::Repeat { pattern, .. } => {
                let turn = (from % pattern.len() as u64) as usize;
                let mut pattern = (**pattern).clone();
                pattern.rotate_left(turn);
                Segment::Repeat { pattern: Arc::new(pattern), len: to - from }
            }
            Segment::Listed { .. } | Segment::Unknown(_) => Segment::Unknown(to - from),
        }
    }
}

/// Why content cannot be handed out as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// Some of its bytes are only listed.
    NotHeld,
    /// It is larger than [`MAX_HELD`].
    TooLarge,
    /// The archive it lies in can no longer be read.
    Lost,
}

/// The content of a file; cheap to clone.
#[derive(Clone, Default)]
pub struct Content {
    segments: Arc<Vec<Segment>>,
    size: u64,
    /// A memo: the digest once it was computed.
    digest: Arc<OnceLock<Option<Digest>>>,
}

impl Content {
    /// No bytes.
    pub fn empty() -> Self {
        Self::default()
    }

    /// A run of zeros.
    pub fn zeros(len: u64) -> Self {
        Self::of(Segment::Zeros(len))
    }

    /// A pattern repeated to `len` bytes; an empty pattern gives no bytes.
    pub fn repeat(pattern: &[u8], len: u64) -> Self {
        if pattern.is_empty() {
            return Self::empty();
        }
        Self::of(Segment::Repeat { pattern: Arc::new(pattern.to_vec()), len })
    }

    /// A file of an archive.
    pub fn stored(bytes: Bytes) -> Self {
        Self::of(Segment::Stored(bytes))
    }

    /// A file of a listing, whose bytes are not held.
    pub fn listed(size: u64, digest: Digest) -> Self {
        Self::of(Segment::Listed { size, digest })
    }

    /// Content of which only the size is known.
    pub fn unknown(size: u64) -> Self {
        Self::of(Segment::Unknown(size))
    }

    fn of(segment: Segment) -> Self {
        let mut content = Self::empty();
        content.push(segment);
        content
    }

    /// Length in bytes.
    pub fn len(&self) -> u64 {
        self.size
    }

    /// True without any byte.
    pub fn is_empty(&self) -> bool {
        self.size == 0
    }

    /// Are all bytes held, or generated? False if some are only listed.
    pub fn is_held(&self) -> bool {
        self.segments.iter().all(Segment::is_held)
    }

    /// The stretches, in order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    fn push(&mut self, segment: Segment) {
        // That nothing is known is kept even of no bytes.
        if segment.bytes() == 0 && !matches!(segment, Segment::Unknown(_)) {
            return;
        }
        self.size += segment.bytes();
        self.digest = Arc::default();
        let segments = Arc::make_mut(&mut self.segments);
        match (segments.last_mut(), &segment) {
            (Some(Segment::Bytes(last)), Segment::Bytes(more)) => Arc::make_mut(last).extend_from_slice(more),
            (Some(Segment::Zeros(last)), Segment::Zeros(more)) => *last += more,
            (Some(last @ (Segment::Listed { .. } | Segment::Unknown(_))), Segment::Unknown(more)) => {
                *last = Segment::Unknown(last.bytes() + more);
            }
            _ => segments.push(segment),
        }
    }

    /// Adds bytes at the end.
    pub fn push_bytes(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        self.size += bytes.len() as u64;
        self.digest = Arc::default();
        let segments = Arc::make_mut(&mut self.segments);
        if let Some(Segment::Bytes(last)) = segments.last_mut() {
            Arc::make_mut(last).extend_from_slice(bytes);
        } else {
            segments.push(Segment::Bytes(Arc::new(bytes.to_vec())));
        }
    }

    /// Adds other content at the end.
    pub fn append(&mut self, other: &Content) {
        if self.is_empty() {
            *self = other.clone();
            return;
        }
        for segment in other.segments.iter() {
            self.push(segment.clone());
        }
    }

    /// The bytes `from..to`, both cut to the content's end.
    pub fn slice(&self, from: u64, to: u64) -> Content {
        if from == 0 && to >= self.size {
            return self.clone();
        }
        let mut out = Content::empty();
        let mut at = 0;
        for segment in self.segments.iter() {
            let end = at + segment.bytes();
            let (lo, hi) = (from.max(at), to.min(end));
            if lo < hi {
                out.push(segment.slice(lo - at, hi - at));
            }
            at = end;
        }
        out
    }

    /// This content with `data` written at `offset`; a gap before it reads as zeros.
    pub fn write_at(&mut self, offset: u64, data: &Content) {
        if offset == self.size {
            self.append(data);
            return;
        }
        let mut out = self.slice(0, offset);
        if offset > out.len() {
            out.push(Segment::Zeros(offset - out.len()));
        }
        out.append(data);
        out.append(&self.slice(offset + data.len(), self.size));
        *self = out;
    }

    /// Cuts to `len` bytes, or extends with zeros.
    pub fn truncate(&mut self, len: u64) {
        if len <= self.size {
            *self = self.slice(0, len);
        } else {
            self.push(Segment::Zeros(len - self.size));
        }
    }

    /// The same with the bytes of archives read into memory, for whoever goes through it segment by segment. What can no
    /// longer be read is of unknown content.
    pub fn loaded(&self) -> Content {
        if !self.segments.iter().any(|segment| matches!(segment, Segment::Stored(_))) {
            return self.clone();
        }
        let mut out = Content::empty();
        for segment in self.segments.iter() {
            out.push(match segment {
                Segment::Stored(bytes) => match bytes.to_vec() {
                    Ok(bytes) => Segment::Bytes(Arc::new(bytes)),
                    Err(_) => Segment::Unknown(bytes.len()),
                },
                other => other.clone(),
            });
        }
        out
    }

    /// All bytes.
    ///
    /// # Errors
    /// If some bytes are only listed, or can no longer be read, or there are more than [`MAX_HELD`].
    pub fn to_bytes(&self) -> Result<Arc<Vec<u8>>, Unreadable> {
        if let [Segment::Bytes(bytes)] = self.segments.as_slice() {
            return Ok(bytes.clone());
        }
        if !self.is_held() {
            return Err(Unreadable::NotHeld);
        }
        if self.size > MAX_HELD {
            return Err(Unreadable::TooLarge);
        }
        let mut out = Vec::with_capacity(self.size as usize);
        self.for_each_chunk(|chunk| out.extend_from_slice(chunk)).map_err(|_| Unreadable::Lost)?;
        Ok(Arc::new(out))
    }

    /// All bytes as text; bytes that are not UTF-8 become U+FFFD.
    ///
    /// # Errors
    /// As [`Content::to_bytes`].
    pub fn to_text(&self) -> Result<String, Unreadable> {
        Ok(String::from_utf8_lossy(&self.to_bytes()?).into_owned())
    }

    /// Hands out the held bytes in order, in chunks of at most 64 KiB for generated and stored ones; listed bytes are left
    /// out.
    ///
    /// # Errors
    /// Those of reading an archive; the chunks before were handed out. There are none where nothing is stored.
    pub fn for_each_chunk(&self, mut take: impl FnMut(&[u8])) -> io::Result<()> {
        const CHUNK: usize = 64 << 10;
        for segment in self.segments.iter() {
            match segment {
                Segment::Bytes(bytes) => take(bytes),
                Segment::Stored(bytes) => {
                    let (mut reader, mut left) = (bytes.reader(), bytes.len());
                    while left > 0 {
                        let chunk = reader.fill_buf()?;
                        if chunk.is_empty() {
                            return Err(io::ErrorKind::UnexpectedEof.into());
                        }
                        let n = chunk.len();
                        take(chunk);
                        reader.consume(n);
                        left -= n as u64;
                    }
                }
                Segment::Zeros(len) => repeat_into(&[0; CHUNK], *len, &mut take),
                Segment::Repeat { pattern, len } => {
                    let block = pattern.repeat((CHUNK / pattern.len()).max(1));
                    repeat_into(&block, *len, &mut take);
                }
                Segment::Listed { .. } | Segment::Unknown(_) => {}
            }
        }
        Ok(())
    }

    /// The SHA-256 of the bytes, remembered; none if some of them are neither held nor listed as a whole.
    /// Takes time in proportion to the size.
    pub fn digest(&self) -> Option<Digest> {
        *self.digest.get_or_init(|| match self.segments.as_slice() {
            [Segment::Listed { digest, .. }] => Some(*digest),
            _ if !self.is_held() => None,
            _ => {
                let mut hasher = Hasher::default();
                self.for_each_chunk(|chunk| hasher.update(chunk)).ok().map(|()| hasher.finish())
            }
        })
    }

    /// The digest if it needs no hashing: listed, or computed before.
    pub fn known_digest(&self) -> Option<Digest> {
        match self.segments.as_slice() {
            [Segment::Listed { digest, .. }] => Some(*digest),
            _ => self.digest.get().copied().flatten(),
        }
    }
}

fn repeat_into(block: &[u8], mut len: u64, take: &mut impl FnMut(&[u8])) {
    while len > 0 {
        let n = (block.len() as u64).min(len);
        take(&block[..n as usize]);
        len -= n;
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        let mut content = Self::empty();
        content.push(Segment::Bytes(Arc::new(bytes)));
        content
    }
}

impl From<&[u8]> for Content {
    fn from(bytes: &[u8]) -> Self {
        bytes.to_vec().into()
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        text.as_bytes().into()
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

impl PartialEq for Content {
    /// Same segments; equal bytes cut in different segments compare by their digests.
    fn eq(&self, other: &Self) -> bool {
        self.size == other.size
            && (Arc::ptr_eq(&self.segments, &other.segments)
                || self.segments == other.segments
                || (self.digest().is_some() && self.digest() == other.digest()))
    }
}

impl Eq for Content {}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_text() {
            Ok(text) if text.len() <= 80 => write!(f, "Content({text:?})"),
            _ => write!(f, "Content({} bytes)", self.size),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terabyte_of_zeros_is_cheap() {
        let mut content = Content::zeros(1 << 40);
        content.write_at(1 << 39, &Content::from("x"));
        assert_eq!(content.len(), 1 << 40);
        assert_eq!(content.segments().len(), 3);
        assert_eq!(content.to_bytes(), Err(Unreadable::TooLarge));
    }

    #[test]
    fn writes_patch_and_extend() {
        let mut content = Content::from("0123456789");
        content.write_at(4, &Content::from("ab"));
        assert_eq!(content.to_text().unwrap(), "0123ab6789");
        content.write_at(12, &Content::from("z"));
        assert_eq!(*content.to_bytes().unwrap(), b"0123ab6789\0\0z".to_vec());
        content.truncate(2);
        assert_eq!(content.to_text().unwrap(), "01");
    }

    #[test]
    fn equal_bytes_are_equal_however_they_are_cut() {
        let a = Content::repeat(b"y\n", 5);
        assert_eq!(a, Content::from("y\ny\ny"));
        assert_eq!(a.slice(1, 4), Content::from("\ny\n"));
        assert_ne!(a, Content::from("y\ny\nn"));
    }

    #[test]
    fn derived_from_listed_has_a_size_and_no_digest() {
        let listed = Content::listed(10, Digest::of(b"whatever"));
        assert_eq!(listed.digest(), Some(Digest::of(b"whatever")));
        let mut more = listed.clone();
        more.push_bytes(b"x");
        assert_eq!((more.len(), more.digest()), (11, None));
    }
}
