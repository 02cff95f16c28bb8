//! The Files panel: the merged filesystem at a step, which layer provides what, and the lookup of one path.

use crate::path::AbsPath;
use crate::view::changes::{Cause, FileKind};
use crate::view::layer::LayerName;
use crate::view::size::Amount;
use serde::{Deserialize, Serialize};

/// The Files panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilesView {
    /// The step, within its stage; 0 is the base.
    pub step: u32,
    /// How many rows the tree has: children of open directories only, or what a filter leaves.
    pub total: u32,
    /// The index of the first of the rows that are here.
    pub start: u32,
    /// A window of them.
    pub rows: Vec<FileRow>,
    /// The index of the selected path's row.
    pub at: Option<u32>,
    /// The selected file.
    pub file: Option<FileView>,
    /// The lookup of the selected path.
    pub lookup: Option<LookupView>,
}

/// A file of the merged filesystem, opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileView {
    /// Its bytes.
    pub size: Amount,
    /// Its owner, uid and gid.
    pub owner: (u32, u32),
    /// What is in it.
    pub content: ContentView,
}

/// The beginning of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContentView {
    /// Text; at most [`MAX_TEXT`] bytes of it.
    Text(String),
    /// Anything else, in rows of sixteen bytes; at most [`MAX_HEX`] bytes of it.
    Hex(Vec<u8>),
    /// The file is listed with its size, and its bytes are not held.
    NotHeld,
}

/// Bytes of a text that are shown.
pub const MAX_TEXT: usize = 16 << 10;
/// Bytes of another file that are shown.
pub const MAX_HEX: usize = 512;

/// A path of the merged filesystem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRow {
    /// Depth, from 1.
    pub level: u8,
    /// Which of its siblings it is, from 1, and how many those are.
    pub place: (u32, u32),
    /// The path.
    pub path: AbsPath,
    /// What it is.
    pub kind: FileKind,
    /// A symbolic link's target.
    pub link: Option<String>,
    /// Is the directory open? None where there is nothing to open.
    pub open: Option<bool>,
    /// The mode; none for symbolic links and ghosts.
    pub mode: Option<u16>,
    /// Bytes of a file, or of all files below a directory; none where it says nothing.
    pub size: Option<Amount>,
    /// The layer that provides it; for a ghost, the layer that hides it.
    pub layer: LayerName,
    /// A name that a whiteout hides, shown as a ghost.
    pub ghost: bool,
}

/// The lookup of a path, from the top down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookupView {
    /// The path.
    pub path: AbsPath,
    /// Layer by layer, from the top.
    pub falls: Vec<Fall>,
    /// Layers that are not looked at, from the top.
    pub unread: Vec<LayerName>,
    /// How it ended.
    pub end: LookupEnd,
}

/// A layer in the lookup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fall {
    /// The layer; none is the container's writable layer.
    pub layer: Option<LayerName>,
    /// What the look met.
    pub met: FallMet,
    /// Why the layer stores a file there, and the line that did it; none where it stores none.
    pub cause: Option<(Cause, Option<u32>)>,
}

/// What the lookup meets in a layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FallMet {
    /// No such name.
    Miss,
    /// The file, and so the end.
    Hit {
        /// Its mode.
        mode: Option<u16>,
        /// Its bytes.
        size: Option<Amount>,
    },
    /// A directory: found here, and merged with the same name below.
    Merged {
        /// Its mode.
        mode: Option<u16>,
    },
    /// A whiteout, and so the end.
    Whiteout,
    /// A directory above it is opaque here: nothing below counts.
    Opaque,
    /// Below the end: an older copy.
    Under {
        /// Its mode.
        mode: Option<u16>,
        /// Its bytes.
        size: Option<Amount>,
        /// Is the path gone (deleted), or does a newer copy win (shadowed)?
        deleted: bool,
    },
}

/// How a lookup ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LookupEnd {
    /// Found, nothing of it below.
    Found,
    /// Found, and older copies below.
    FoundOverCopies,
    /// A directory, merged from several layers.
    Merged,
    /// Hidden by a whiteout.
    Hidden,
    /// No layer has it.
    Absent,
}
