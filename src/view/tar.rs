//! The Tar panel: the layer's archive, entry by entry, `.wh.` names and all.

use crate::view::changes::StoredWhat;
use crate::view::stack::DigestView;
use serde::{Deserialize, Serialize};

/// The Tar panel of one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TarView {
    /// Does the step have a layer?
    pub layer: bool,
    /// How many entries it has, as far as a filter leaves them.
    pub total: u32,
    /// The index of the first of the entries that are here.
    pub start: u32,
    /// A window of them, as stored.
    pub entries: Vec<TarEntry>,
    /// The diff ID, all of it where it is known.
    pub diff_id: DigestView,
}

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
