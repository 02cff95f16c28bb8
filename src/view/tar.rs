//! The Tar panel: the layer's archive, entry by entry, `.wh.` names and all.

use crate::view::changes::StoredWhat;
use crate::view::stack::DigestView;
use serde::{Deserialize, Serialize};

/// The Tar panel of one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TarView {
    /// Does the step have a layer?
    pub layer: bool,
    /// The entries, as stored; at most [`MAX_ENTRIES`].
    pub entries: Vec<TarEntry>,
    /// How many more there are.
    pub more: u32,
    /// The diff ID, all of it where it is known.
    pub diff_id: DigestView,
}

/// Entries that are listed before "and n more".
pub const MAX_ENTRIES: usize = 1000;

/// An entry of a layer's tar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TarEntry {
    /// The directory part of its name, with its slash.
    pub dir: String,
    /// The last part of its name.
    pub name: String,
    /// What it is.
    pub what: StoredWhat,
    /// Its mode; none for symbolic links.
    pub mode: Option<u16>,
    /// Its owner, uid and gid.
    pub owner: (u32, u32),
}
