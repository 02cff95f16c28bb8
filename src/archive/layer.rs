//! A layer's tar becomes a [`Changeset`] (OCI image-spec, layer.md): whiteouts by their names, hard links by their targets, of
//! entries with one name the last. The order becomes tree order, and of the names of one file the first in that order is
//! the file, as for the layers we make.
//!
//! Stricter than Docker where Docker relies on being chrooted: a name with `..`, an absolute one, or one through a symbolic
//! link is refused.

use super::compression::{decoder, decoding};
use super::decoded::{kind_of, unpacked};
use super::error::{ArchiveError, ArchiveErrorKind as Kind};
use super::header::BLOCK;
use super::read::{Limits, Member, MemberKind, TarReader};
use super::write::{OPAQUE, WHITEOUT};
use crate::bytes::Bytes;
use crate::digest::{Digest, Hasher};
use crate::pace::Pace;
use crate::path::AbsPath;
use crate::vfs::{Changeset, Content, Entry, EntryKind, Meta, Time};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// A layer that was read.
#[derive(Debug, Clone)]
pub struct LayerFile {
    /// What it holds; the bytes of its files stay where they are.
    pub changeset: Changeset,
    /// The digest of its bytes as they are stored.
    pub digest: Digest,
    /// The digest of its uncompressed tar.
    pub diff_id: Digest,
    /// The length of its uncompressed tar in bytes.
    pub tar_size: u64,
    /// The compression it came in.
    pub compression: Option<&'static str>,
    /// Paths that it has more than once; the last entry counts.
    pub duplicates: Vec<AbsPath>,
}

/// Reads a layer, compressed or plain, giving way after its stored bytes.
///
/// # Errors
/// Whatever is wrong with it: see [`super::ArchiveErrorKind`].
pub async fn read_layer(stored: &Bytes, limits: Limits, pace: &Pace) -> Result<LayerFile, ArchiveError> {
    let (plain, compression) = unpacked(stored)?;
    let start = stored.head(8).map_err(|error| ArchiveError::at(0, unreadable(&error)))?;
    let packed = decoder(&start).map(|(name, decode)| {
        let passed = Passed::default();
        let reader = decode(Box::new(Counted { reader: stored.reader(), passed: passed.clone() }));
        (TarReader::stream(reader, name, limits), passed)
    });
    let (reader, passed) = match packed {
        Some((reader, passed)) => (reader, Some(passed)),
        None => (TarReader::of_plain(stored, None, limits), None),
    };
    let mut reader = reader.with_digest();
    let mut told = 0;
    let mut layer = Layer::default();
    while let Some(member) = reader.next_member()? {
        let node = match &member.kind {
            MemberKind::File => Some(EntryKind::File(Content::stored(plain.slice(member.data, member.size)))),
            MemberKind::Dir => Some(EntryKind::Dir),
            MemberKind::Symlink(target) => Some(EntryKind::Symlink(target.as_str().into())),
            MemberKind::Fifo => Some(EntryKind::Fifo),
            MemberKind::CharDevice { major, minor } => Some(EntryKind::CharDevice { major: *major, minor: *minor }),
            MemberKind::BlockDevice { major, minor } => Some(EntryKind::BlockDevice { major: *major, minor: *minor }),
            MemberKind::Hardlink(target) => {
                layer.hard_link(&member, target)?;
                None
            }
        };
        if let Some(node) = node {
            layer.add(&member, node)?;
        }
        let mut worked = BLOCK as u64;
        while worked > 0 {
            let at = passed.as_ref().map_or(reader.position(), Passed::count);
            pace.done(at - told);
            told = at;
            pace.worked(worked).await;
            worked = reader.pass_over(u64::MAX)?;
        }
    }
    let duplicates = std::mem::take(&mut layer.duplicates);
    let changeset = layer.finish()?;
    let (tar_size, diff_id) = reader.finish()?;
    let diff_id = diff_id.unwrap_or_else(|| Digest::of(&[]));
    let digest = match passed {
        None => diff_id,
        Some(passed) => passed.finish(stored).map_err(|error| ArchiveError::at(0, unreadable(&error)))?,
    };
    pace.done(stored.len() - told.min(stored.len()));
    Ok(LayerFile { changeset, digest, diff_id, tar_size, compression, duplicates })
}

/// Counts and digests compressed bytes while they are unpacked.
struct Counted {
    reader: crate::bytes::Reader,
    passed: Passed,
}

#[derive(Clone, Default)]
struct Passed(Arc<Mutex<(u64, Hasher)>>);

impl Passed {
    fn add(&self, bytes: &[u8]) {
        let mut passed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        passed.0 += bytes.len() as u64;
        passed.1.update(bytes);
    }

    fn count(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    /// The digest, with what follows the compressed data.
    fn finish(self, stored: &Bytes) -> io::Result<Digest> {
        let mut rest = stored.slice(self.count(), u64::MAX).reader();
        loop {
            let chunk = rest.fill_buf()?;
            if chunk.is_empty() {
                break;
            }
            self.add(chunk);
            let n = chunk.len();
            rest.consume(n);
        }
        let passed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(passed.1.clone().finish())
    }
}

impl BufRead for Counted {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.reader.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        if let Ok(buffer) = self.reader.fill_buf() {
            self.passed.add(&buffer[..n.min(buffer.len())]);
        }
        self.reader.consume(n);
    }
}

impl Read for Counted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let buffer = self.fill_buf()?;
        let n = buffer.len().min(out.len());
        out[..n].copy_from_slice(&buffer[..n]);
        self.consume(n);
        Ok(n)
    }
}

/// The digest of stored bytes.
///
/// # Errors
/// If they cannot be read.
pub async fn digest_of(stored: &Bytes, pace: &Pace) -> Result<Digest, ArchiveError> {
    let (mut hasher, mut reader, mut at) = (Hasher::default(), stored.reader(), 0);
    loop {
        let chunk = reader.fill_buf().map_err(|error| ArchiveError::at(at, unreadable(&error)))?;
        let n = chunk.len();
        if n == 0 {
            return Ok(hasher.finish());
        }
        hasher.update(chunk);
        reader.consume(n);
        at += n as u64;
        pace.spent(n as u64).await;
    }
}

fn unreadable(error: &io::Error) -> Kind {
    kind_of(error).unwrap_or_else(|| decoding(error, "archive"))
}

/// Where a name of an archive leads, which must be inside its root.
///
/// # Errors
/// If it is absolute, or has `..`, or is too long for a filesystem.
pub fn path_in_root(name: &str) -> Result<AbsPath, Kind> {
    if name.starts_with('/') {
        return Err(Kind::AbsoluteName);
    }
    if name.split('/').any(|part| part == "..") {
        return Err(Kind::LeavesRoot);
    }
    if name.len() > 4096 || name.split('/').any(|part| part.len() > 255) {
        return Err(Kind::NameTooLong);
    }
    Ok(AbsPath::new(name))
}

/// A layer while it is read.
#[derive(Default)]
struct Layer {
    names: BTreeMap<AbsPath, Name>,
    /// What names lead to; names of one file share one.
    nodes: Vec<(EntryKind, Meta)>,
    whiteouts: BTreeSet<AbsPath>,
    opaque: BTreeSet<AbsPath>,
    /// Hard links to what a lower layer has.
    lower: Vec<(AbsPath, AbsPath, String, u64)>,
    duplicates: Vec<AbsPath>,
}

#[derive(Clone, Copy)]
enum Name {
    Node(usize),
    /// An index of `lower`.
    Lower(usize),
}

impl Layer {
    fn add(&mut self, member: &Member, node: EntryKind) -> Result<(), ArchiveError> {
        let bad = |kind| ArchiveError::of(&member.name, member.offset, kind);
        let path = path_in_root(&member.name).map_err(bad)?;
        self.check_parents(&path).map_err(bad)?;
        if path.is_root() && node != EntryKind::Dir {
            return Err(bad(Kind::RootNotDirectory));
        }
        if let Some(hidden) = path.name().strip_prefix(WHITEOUT) {
            if !matches!(&node, EntryKind::File(content) if content.is_empty()) {
                return Err(bad(Kind::BadWhiteout("it is not an empty file")));
            }
            return self.whiteout(&path, hidden).map_err(bad);
        }
        self.put(path, node, member.meta);
        Ok(())
    }

    fn hard_link(&mut self, member: &Member, target: &str) -> Result<(), ArchiveError> {
        let bad = |kind| ArchiveError::of(&member.name, member.offset, kind);
        let path = path_in_root(&member.name).map_err(bad)?;
        self.check_parents(&path).map_err(bad)?;
        if path.is_root() {
            return Err(bad(Kind::RootNotDirectory));
        }
        // aufs stored all whiteouts of a layer as hard links of one file.
        if let Some(hidden) = path.name().strip_prefix(WHITEOUT) {
            return self.whiteout(&path, hidden).map_err(bad);
        }
        // Docker takes an absolute target from the root of the image.
        let to =
            path_in_root(target.trim_start_matches('/')).map_err(|_| bad(Kind::LinkLeavesRoot(target.to_owned())))?;
        if to == path {
            return Err(bad(Kind::LinkToItself));
        }
        match self.names.get(&to).copied() {
            Some(Name::Node(node)) => {
                if to.is_root() || self.nodes[node].0 == EntryKind::Dir {
                    return Err(bad(Kind::LinkToDirectory(target.to_owned())));
                }
                self.clear(&path, false);
                self.names.insert(path, Name::Node(node));
            }
            Some(lower @ Name::Lower(_)) => {
                self.clear(&path, false);
                self.names.insert(path, lower);
            }
            None => {
                self.clear(&path, false);
                self.lower.push((path.clone(), to, member.name.clone(), member.offset));
                self.names.insert(path, Name::Lower(self.lower.len() - 1));
            }
        }
        Ok(())
    }

    fn whiteout(&mut self, path: &AbsPath, hidden: &str) -> Result<(), Kind> {
        let Some(dir) = path.parent() else { return Ok(()) };
        if path.name() == OPAQUE {
            self.opaque.insert(dir);
            return Ok(());
        }
        match hidden {
            "" => return Err(Kind::BadWhiteout("it names nothing")),
            "." | ".." => return Err(Kind::BadWhiteout("it names a directory by \".\" or \"..\"")),
            _ if hidden.starts_with(WHITEOUT) => {
                return Err(Kind::BadWhiteout("of the names that begin with .wh..wh. only .wh..wh..opq has a meaning"));
            }
            _ => self.whiteouts.insert(dir.child(hidden)),
        };
        Ok(())
    }

    /// No directory above may be anything else in this layer.
    fn check_parents(&self, path: &AbsPath) -> Result<(), Kind> {
        for dir in std::iter::successors(path.parent(), AbsPath::parent) {
            match self.names.get(&dir) {
                Some(Name::Node(node)) => match self.nodes[*node].0 {
                    EntryKind::Dir => {}
                    EntryKind::Symlink(_) => return Err(Kind::ThroughSymlink(dir.to_string())),
                    _ => return Err(Kind::BelowNonDirectory(dir.to_string())),
                },
                Some(Name::Lower(_)) => return Err(Kind::BelowNonDirectory(dir.to_string())),
                None => {}
            }
        }
        Ok(())
    }

    fn put(&mut self, path: AbsPath, node: EntryKind, meta: Meta) {
        self.clear(&path, node == EntryKind::Dir);
        self.nodes.push((node, meta));
        self.names.insert(path, Name::Node(self.nodes.len() - 1));
    }

    /// Makes room for a later entry of the same name: what is no directory replaces what was below it.
    fn clear(&mut self, path: &AbsPath, directory: bool) {
        if self.names.contains_key(path) {
            self.duplicates.push(path.clone());
        }
        if directory {
            return;
        }
        while let Some(name) = first_below(path, self.names.range(path.clone()..).map(|(name, _)| name)) {
            self.names.remove(&name);
        }
        while let Some(name) = first_below(path, self.opaque.range(path.clone()..)) {
            self.opaque.remove(&name);
        }
        while let Some(name) = first_below(path, self.whiteouts.range(path.clone()..).filter(|name| *name != path)) {
            self.whiteouts.remove(&name);
        }
    }

    fn finish(mut self) -> Result<Changeset, ArchiveError> {
        for (path, to, name, offset) in &self.lower {
            if self.names.contains_key(path) && self.names.contains_key(to) {
                return Err(ArchiveError::of(name, *offset, Kind::LinkForward(to.to_string())));
            }
        }
        let none = Meta { mode: 0, uid: 0, gid: 0, mtime: Time::default() };
        // A whiteout beside a directory of the same name hides what lower layers have in it; beside anything else it says
        // nothing more.
        for path in std::mem::take(&mut self.whiteouts) {
            match self.names.get(&path) {
                None => {
                    self.whiteouts.insert(path);
                }
                Some(Name::Node(node)) if self.nodes[*node].0 == EntryKind::Dir => {
                    self.opaque.insert(path);
                }
                Some(_) => {}
            }
        }
        let mut first: BTreeMap<usize, AbsPath> = BTreeMap::new();
        let mut entries: Vec<Entry> = Vec::with_capacity(self.names.len() + self.whiteouts.len() + self.opaque.len());
        for (path, name) in &self.names {
            let (kind, meta) = match name {
                Name::Lower(link) => (EntryKind::Hardlink(self.lower[*link].1.clone()), none),
                Name::Node(node) => {
                    let (kind, meta) = &self.nodes[*node];
                    match first.get(node) {
                        Some(first) => (EntryKind::Hardlink(first.clone()), *meta),
                        None => {
                            first.insert(*node, path.clone());
                            (kind.clone(), *meta)
                        }
                    }
                }
            };
            entries.push(Entry { path: path.clone(), kind, meta });
        }
        for path in self.opaque {
            let meta = match self.names.get(&path) {
                Some(Name::Node(node)) => self.nodes[*node].1,
                _ => none,
            };
            entries.push(Entry { path, kind: EntryKind::Opaque, meta });
        }
        entries.extend(self.whiteouts.into_iter().map(|path| Entry { path, kind: EntryKind::Whiteout, meta: none }));
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Changeset { entries })
    }
}

/// The first of some names in tree order, if it is `path` or below it.
fn first_below<'a>(path: &AbsPath, mut names: impl Iterator<Item = &'a AbsPath>) -> Option<AbsPath> {
    names.next().filter(|name| name.starts_with(path)).cloned()
}
