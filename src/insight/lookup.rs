//! How a path is found through the layers of a stage, from the top down, as overlayfs looks it up: miss, hit, stopped by a
//! whiteout, and what is still stored below the end. Links are not followed: it is the look for one name.

use super::{Cut, at, cut_above};
use crate::build::outcome::Stage;
use crate::path::AbsPath;
use crate::vfs::{Changeset, Entry, EntryKind, FileKind};

/// The look for a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// The path.
    pub path: AbsPath,
    /// What it meets, from the topmost layer down to the lowest one.
    pub falls: Vec<Fall>,
    /// How it ends.
    pub end: End,
}

/// What is met in one layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fall {
    /// The layer.
    pub layer: usize,
    /// What is there.
    pub met: Met,
}

/// What a layer has of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Met {
    /// Looked, and no such name.
    Miss,
    /// Found, and the look ends.
    Hit(Found),
    /// A directory is found, and merged with the same name below; the look goes on for what is in it.
    Merged(Found),
    /// A whiteout of the path, or of the directory above it that is named: the look ends.
    Whiteout(AbsPath),
    /// This directory is opaque: nothing below counts, the look ends. The path itself is not in this layer.
    Opaque(AbsPath),
    /// This component is no directory here: the look ends.
    NotADirectory(AbsPath),
    /// Below the end, and nothing stored.
    Past,
    /// Below the end, and still stored.
    Still(Found),
}

/// A stored entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its kind; a hard link is what it links.
    pub kind: FileKind,
    /// Its mode.
    pub mode: u16,
    /// Its bytes; of a hard link those of the entry that carries them.
    pub bytes: u64,
    /// The path of that entry, for a hard link.
    pub link: Option<AbsPath>,
}

/// How a look ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Found in this layer.
    Found(usize),
    /// A directory, whose topmost entry is in this layer.
    Directory(usize),
    /// Hidden by a whiteout, an opaque directory or a file in a directory's place of this layer.
    Hidden(usize),
    /// No layer has it.
    Absent,
}

/// The look for a path in the lowest `layers` layers of a stage.
pub fn lookup(stage: &Stage, layers: usize, path: &AbsPath) -> Lookup {
    let layers: Vec<&Changeset> = stage.layers.iter().take(layers).map(|layer| &*layer.layer.changeset).collect();
    lookup_in(&layers, path)
}

/// The look for a path in some layers, lowest first.
pub fn lookup_in(layers: &[&Changeset], path: &AbsPath) -> Lookup {
    let mut falls = Vec::new();
    let mut end = None;
    let mut directory = None;
    for (index, changeset) in layers.iter().enumerate().rev() {
        let entries = at(changeset, path);
        let opaque = entries.iter().any(|entry| entry.kind == EntryKind::Opaque);
        let found = entries.iter().find(|entry| !entry.kind.is_whiteout());
        let whiteout = entries.iter().any(|entry| entry.kind == EntryKind::Whiteout);
        let met = if end.is_some() {
            found.map_or(Met::Past, |entry| Met::Still(found_entry(&changeset.entries, entry)))
        } else if whiteout {
            end = Some(directory.map_or(End::Hidden(index), End::Directory));
            Met::Whiteout(path.clone())
        } else if let Some(entry) = found {
            let found = found_entry(&changeset.entries, entry);
            if found.kind == FileKind::Dir {
                let top = *directory.get_or_insert(index);
                let cut = opaque || cut_above(changeset, path).is_some();
                if cut {
                    end = Some(End::Directory(top));
                    Met::Hit(found)
                } else {
                    Met::Merged(found)
                }
            } else if let Some(top) = directory {
                // A file below a directory of the same name: overlayfs merges directories alone.
                end = Some(End::Directory(top));
                Met::Still(found)
            } else {
                end = Some(End::Found(index));
                Met::Hit(found)
            }
        } else if let Some(cut) = cut_above(changeset, path) {
            end = Some(directory.map_or(End::Hidden(index), End::Directory));
            match cut {
                Cut::Whiteout(dir) => Met::Whiteout(dir),
                Cut::Opaque(dir) => Met::Opaque(dir),
                Cut::Replaced(dir) => Met::NotADirectory(dir),
            }
        } else {
            Met::Miss
        };
        falls.push(Fall { layer: index, met });
    }
    let end = end.or(directory.map(End::Directory)).unwrap_or(End::Absent);
    Lookup { path: path.clone(), falls, end }
}

fn found_entry(entries: &[Entry], entry: &Entry) -> Found {
    let (carrier, link) = match &entry.kind {
        EntryKind::Hardlink(target) => {
            (entries.iter().find(|other| other.path == *target && !other.kind.is_whiteout()), Some(target.clone()))
        }
        _ => (None, None),
    };
    let carrier = carrier.unwrap_or(entry);
    let kind = match carrier.kind {
        EntryKind::Dir => FileKind::Dir,
        EntryKind::Symlink(_) => FileKind::Symlink,
        EntryKind::Fifo => FileKind::Fifo,
        EntryKind::CharDevice { .. } => FileKind::CharDevice,
        EntryKind::BlockDevice { .. } => FileKind::BlockDevice,
        _ => FileKind::File,
    };
    Found { kind, mode: entry.meta.mode, bytes: carrier.size(), link }
}
