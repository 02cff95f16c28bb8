//! A layer's tar, written deterministically: the entries in tree order, owners as numbers, one fixed time, PAX records only
//! where ustar's fields are too small, whiteouts by Docker's names. It is made piece by piece, so that a layer of 256 GiB
//! of generated zeros needs no memory.

use super::header::{BLOCK, Header};
use crate::path::AbsPath;
use crate::vfs::{Changeset, Content, EPOCH, Entry, EntryKind, Segment};
use std::io::{self, Read};
use std::sync::Arc;

/// The prefix of a whiteout's name (OCI image-spec, layer.md, "Whiteouts").
pub(super) const WHITEOUT: &str = ".wh.";

/// The name of an opaque whiteout.
pub(super) const OPAQUE: &str = ".wh..wh..opq";

/// Content that a layer needs and nobody holds: it is only listed, or modelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotHeld {
    /// The file.
    pub path: AbsPath,
}

impl std::fmt::Display for NotHeld {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the content of {} is not held, only its size is known", self.path)
    }
}

/// A layer's tar as a stream of bytes.
pub struct LayerTar {
    changeset: Arc<Changeset>,
    /// The next entry.
    entry: usize,
    /// Header bytes and padding that are not handed out yet, from `at` on.
    pending: Vec<u8>,
    at: usize,
    /// The file whose data follows the header.
    data: Option<Data>,
    ended: bool,
}

struct Data {
    content: Content,
    segment: usize,
    offset: u64,
}

impl LayerTar {
    /// Starts a layer's tar.
    ///
    /// # Errors
    /// If the content of a file is not held.
    pub fn new(changeset: Arc<Changeset>) -> Result<Self, NotHeld> {
        let listed = |entry: &&Entry| matches!(&entry.kind, EntryKind::File(content) if !content.is_held());
        if let Some(entry) = changeset.entries.iter().find(listed) {
            return Err(NotHeld { path: entry.path.clone() });
        }
        Ok(Self { changeset, entry: 0, pending: Vec::new(), at: 0, data: None, ended: false })
    }

    /// Appends the next bytes to `out`, at most `limit` of them; false once there are no more.
    ///
    /// # Errors
    /// If the archive that holds a file's bytes can no longer be read.
    pub fn fill(&mut self, out: &mut Vec<u8>, limit: usize) -> io::Result<bool> {
        let full = out.len() + limit;
        while out.len() < full {
            let room = full - out.len();
            if self.at < self.pending.len() {
                let n = room.min(self.pending.len() - self.at);
                out.extend_from_slice(&self.pending[self.at..self.at + n]);
                self.at += n;
                continue;
            }
            self.pending.clear();
            self.at = 0;
            if let Some(data) = &mut self.data {
                if !data.fill(out, room)? {
                    let len = data.content.len();
                    self.pending.resize((len.next_multiple_of(BLOCK as u64) - len) as usize, 0);
                    self.data = None;
                }
            } else if let Some(entry) = self.changeset.entries.get(self.entry) {
                self.entry += 1;
                encode(entry, &mut self.pending);
                if let EntryKind::File(content) = &entry.kind {
                    self.data = Some(Data { content: content.clone(), segment: 0, offset: 0 });
                }
            } else if !self.ended {
                self.ended = true;
                self.pending.resize(2 * BLOCK, 0);
            } else {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Data {
    /// Appends up to `room` bytes of the file; false at its end.
    fn fill(&mut self, out: &mut Vec<u8>, room: usize) -> io::Result<bool> {
        let Some(segment) = self.content.segments().get(self.segment) else { return Ok(false) };
        let len = segment.bytes();
        let n = (len - self.offset).min(room as u64) as usize;
        match segment {
            Segment::Bytes(bytes) => out.extend_from_slice(&bytes[self.offset as usize..self.offset as usize + n]),
            Segment::Stored(bytes) => {
                let start = out.len();
                out.resize(start + n, 0);
                bytes.slice(self.offset, n as u64).reader().read_exact(&mut out[start..])?;
            }
            Segment::Repeat { pattern, .. } => {
                let turn = (self.offset % pattern.len() as u64) as usize;
                out.extend(pattern.iter().cycle().skip(turn).take(n));
            }
            Segment::Zeros(_) | Segment::Listed { .. } | Segment::Unknown(_) => out.resize(out.len() + n, 0),
        }
        self.offset += n as u64;
        if self.offset == len {
            self.segment += 1;
            self.offset = 0;
        }
        Ok(true)
    }
}

/// The length of a layer's tar in bytes, without making it.
pub fn tar_size(changeset: &Changeset) -> u64 {
    let mut header = Vec::new();
    let entries = changeset.entries.iter().map(|entry| {
        header.clear();
        encode(entry, &mut header);
        header.len() as u64 + entry.size().next_multiple_of(BLOCK as u64)
    });
    entries.sum::<u64>() + 2 * BLOCK as u64
}

/// Writes a layer's tar.
///
/// # Errors
/// Those of the writer; `InvalidInput` with [`NotHeld`]'s message if the content of a file is not held.
pub fn write_layer(changeset: &Arc<Changeset>, to: &mut impl io::Write) -> io::Result<()> {
    let mut tar = LayerTar::new(changeset.clone())
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error.to_string()))?;
    let mut chunk = Vec::new();
    loop {
        let more = tar.fill(&mut chunk, 64 << 10)?;
        to.write_all(&chunk)?;
        chunk.clear();
        if !more {
            return Ok(());
        }
    }
}

fn encode(entry: &Entry, out: &mut Vec<u8>) {
    let path = &entry.path.as_str()[1..];
    let directory = if entry.path.is_root() { "./".to_owned() } else { format!("{path}/") };
    let (name, typeflag) = match &entry.kind {
        EntryKind::File(_) => (path.to_owned(), b'0'),
        EntryKind::Hardlink(_) => (path.to_owned(), b'1'),
        EntryKind::Symlink(_) => (path.to_owned(), b'2'),
        EntryKind::CharDevice { .. } => (path.to_owned(), b'3'),
        EntryKind::BlockDevice { .. } => (path.to_owned(), b'4'),
        EntryKind::Dir => (directory, b'5'),
        EntryKind::Fifo => (path.to_owned(), b'6'),
        EntryKind::Whiteout => {
            let parent = &path[..path.len() - entry.path.name().len()];
            (format!("{parent}{WHITEOUT}{}", entry.path.name()), b'0')
        }
        EntryKind::Opaque => (format!("{}{OPAQUE}", if entry.path.is_root() { "" } else { &directory }), b'0'),
    };
    let link = match &entry.kind {
        EntryKind::Hardlink(target) => &target.as_str()[1..],
        EntryKind::Symlink(target) => target,
        _ => "",
    };
    let device = match entry.kind {
        EntryKind::CharDevice { major, minor } | EntryKind::BlockDevice { major, minor } => Some((major, minor)),
        _ => None,
    };
    let whiteout = entry.kind.is_whiteout();
    let header = Header {
        name: &name,
        link,
        typeflag,
        mode: if whiteout { 0o600 } else { entry.meta.mode },
        uid: if whiteout { 0 } else { entry.meta.uid },
        gid: if whiteout { 0 } else { entry.meta.gid },
        size: entry.size(),
        mtime: EPOCH.unsigned_abs(),
        device,
        owner: ["", ""],
    };
    header.encode(out);
}
