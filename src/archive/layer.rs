//! A layer's tar becomes a [`Changeset`] (OCI image-spec, layer.md): whiteouts by their names, hard links by their targets, of
//! entries with one name the last. The order becomes tree order, and of the names of one file the first in that order is
//! the file, as for the layers we make.
//!
//! Stricter than Docker where Docker relies on being chrooted: a name with `..`, an absolute one, or one through a symbolic
//! link is refused.

use super::error::{ArchiveError, ArchiveErrorKind as Kind};
use super::read::{Limits, Member, MemberKind, TarReader};
use super::write::{OPAQUE, WHITEOUT};
use crate::digest::Digest;
use crate::path::AbsPath;
use crate::vfs::{Changeset, Entry, EntryKind, Meta, Time};
use std::collections::{BTreeMap, BTreeSet};

/// A layer that was read.
#[derive(Debug, Clone)]
pub struct LayerFile {
    /// What it holds.
    pub changeset: Changeset,
    /// The digest of its uncompressed tar.
    pub diff_id: Digest,
    /// The length of its uncompressed tar in bytes.
    pub tar_size: u64,
    /// The compression it came in.
    pub compression: Option<&'static str>,
}

/// Reads a layer, compressed or plain.
///
/// # Errors
/// Whatever is wrong with it: see [`super::ArchiveErrorKind`].
pub fn read_layer(bytes: &[u8], limits: Limits) -> Result<LayerFile, ArchiveError> {
    let mut reader = TarReader::new(bytes, limits).with_digest();
    let compression = reader.compression();
    let mut layer = Layer::default();
    while let Some(member) = reader.next_member()? {
        let content = match member.kind {
            MemberKind::File => Some(reader.read_content()?),
            _ => None,
        };
        let node = match &member.kind {
            MemberKind::File => EntryKind::File(content.unwrap_or_default()),
            MemberKind::Dir => EntryKind::Dir,
            MemberKind::Symlink(target) => EntryKind::Symlink(target.as_str().into()),
            MemberKind::Fifo => EntryKind::Fifo,
            MemberKind::CharDevice { major, minor } => EntryKind::CharDevice { major: *major, minor: *minor },
            MemberKind::BlockDevice { major, minor } => EntryKind::BlockDevice { major: *major, minor: *minor },
            MemberKind::Hardlink(target) => {
                layer.hard_link(&member, target)?;
                continue;
            }
        };
        layer.add(&member, node)?;
    }
    let changeset = layer.finish()?;
    let (tar_size, digest) = reader.finish()?;
    let diff_id = digest.unwrap_or_else(|| Digest::of(&[]));
    Ok(LayerFile { changeset, diff_id, tar_size, compression })
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
