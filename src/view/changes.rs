//! The Changes panel: what a step changed as `docker diff` says it, what its layer stores beside that, and why.

use crate::path::AbsPath;
use crate::view::layer::{Kind, LayerName};
use crate::view::size::Amount;
use crate::view::stack::Counts;
use serde::{Deserialize, Serialize};

/// The Changes panel of one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangesView {
    /// The sentence that answers "why".
    pub because: Because,
    /// The layer it is compared with.
    pub against: Option<LayerName>,
    /// The counts.
    pub counts: Counts,
    /// How many entries the list has, as far as a filter leaves them.
    pub total: u32,
    /// The index of the first of the entries that are here.
    pub start: u32,
    /// A window of them. A short list is here whole, and in tree order.
    pub entries: Vec<EntryView>,
    /// The index of the selected path's entry.
    pub at: Option<u32>,
    /// Is the list long, so that its entries are one line each?
    pub long: bool,
    /// The selected path's entry, for a long list.
    pub selected: Option<EntryView>,
    /// What the layer's tar holds, whiteouts by their names; at most [`MAX_STORED`], and only where it teaches something.
    pub stored: Vec<StoredView>,
}

/// The most entries of a short list.
pub const SHORT: usize = 100;
/// Tar entries that are listed below the changes.
pub const MAX_STORED: usize = 12;

/// Copies that are listed below a whiteout before "and n more".
pub const MAX_COPIES: usize = 12;

/// The bold sentence of a panel, and its evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Because {
    /// A removal stored whiteouts only; the bytes stay below.
    FreedNothing {
        /// The command that removed.
        command: String,
        /// What it hides; the first, and how many more.
        path: AbsPath,
        /// Other hidden paths.
        more: u32,
        /// This layer.
        layer: LayerName,
        /// The layers that still ship the bytes, newest last.
        ship: Vec<LayerName>,
        /// Their bytes.
        bytes: u64,
    },
    /// Files were copied up whole.
    CopiedUp {
        /// The command.
        command: String,
        /// How many files.
        files: u32,
        /// Their bytes.
        bytes: u64,
        /// How many of them are stored without any change.
        unchanged: u32,
    },
    /// New files were written.
    Wrote {
        /// New entries.
        added: u32,
        /// The layer's bytes.
        size: Amount,
    },
    /// Only directories and names changed: nothing to store.
    OnlyNames {
        /// New directories and links.
        added: u32,
    },
    /// A layer is made although nothing changed.
    EmptyLayer {
        /// The instruction.
        kind: Kind,
    },
    /// An instruction that writes the image's configuration and makes no layer.
    Metadata {
        /// The keyword.
        keyword: String,
    },
    /// The base's layers came with FROM.
    Base {
        /// The base.
        name: String,
        /// Its layers.
        layers: u32,
        /// Its entries.
        entries: u32,
        /// Its bytes.
        size: Amount,
    },
    /// FROM scratch.
    Scratch,
    /// The files of the step come from another stage.
    CopiedAcross {
        /// The stage.
        stage: String,
        /// Its bytes.
        of: u64,
        /// What this step takes.
        taken: u64,
    },
    /// The step failed.
    Failed {
        /// A RUN's exit code.
        exit_code: Option<i32>,
        /// The steps that did not run.
        not_run: u32,
    },
    /// The step did not run.
    NotRun {
        /// The step that failed, or none where nothing needs the stage.
        failed: Option<u32>,
    },
    /// Commands that are not simulated ran in it.
    NotSimulated {
        /// The first of them.
        command: String,
    },
}

/// One changed path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryView {
    /// Its depth in the list, from 1: below which listed entries it lies.
    pub level: u8,
    /// A, C, D, or stored again.
    pub mark: Mark,
    /// The path.
    pub path: AbsPath,
    /// What it is (for a deleted one: was).
    pub kind: FileKind,
    /// Its mode; none for links and deleted paths.
    pub mode: Option<u16>,
    /// Its bytes, for files.
    pub size: Option<Amount>,
    /// Why it is in the list.
    pub why: Option<EntryWhy>,
    /// A whiteout and the copies it hides, for a deleted path.
    pub whiteout: Option<WhiteoutView>,
}

/// What happened to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// `A`.
    Added,
    /// `C`.
    Changed,
    /// `D`.
    Deleted,
    /// Not listed by `docker diff`, and stored all the same.
    StoredAgain,
}

/// What a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Dir,
    /// A symbolic link.
    Symlink,
    /// Another name of a file of the same layer.
    Hardlink,
    /// A device, a pipe, a socket.
    Other,
}

/// Why a path is in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum EntryWhy {
    /// A directory whose names grew.
    GainedName,
    /// A directory that lost a name.
    LostName,
    /// A directory that gained and lost names, or whose contents changed.
    ChangedBelow,
    /// The mode changed.
    Mode {
        /// From.
        from: u16,
        /// To.
        to: u16,
    },
    /// The owner changed.
    Owner {
        /// From, uid and gid.
        from: (u32, u32),
        /// To.
        to: (u32, u32),
    },
    /// The content changed.
    Content,
    /// The time changed.
    Time,
    /// The file was copied up, and stored again without a change.
    CopiedUpUnchanged,
    /// The directory was made anew: what it held before is hidden.
    Opaque,
    /// A symbolic link to this.
    LinkTo(String),
}

/// A whiteout, and the copies it hides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhiteoutView {
    /// An opaque directory hides it, not a whiteout of its own.
    pub opaque: bool,
    /// The layers that still store it, newest first; at most [`MAX_COPIES`].
    pub copies: Vec<CopyView>,
    /// How many copies more there are.
    pub more: u32,
    /// Their bytes.
    pub bytes: u64,
}

/// A stored copy of a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyView {
    /// The layer that stores it.
    pub layer: LayerName,
    /// Its path, where that is not the hidden one but below it.
    pub path: Option<AbsPath>,
    /// Why it does.
    pub cause: Cause,
    /// Its bytes.
    pub bytes: u64,
    /// First line of the instruction that stored it, from 1; none for the base.
    pub line: Option<u32>,
}

/// Why a layer stores a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// A command wrote it.
    Written(String),
    /// A command changed it, so all of it was copied up.
    CopiedUp(String),
    /// It came with the base.
    Base,
    /// COPY or ADD put it there.
    Copied(String),
}

/// An entry of the layer's tar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredView {
    /// The directory part of the name, with its slash.
    pub dir: String,
    /// The last part of the name.
    pub name: String,
    /// What it is.
    pub what: StoredWhat,
}

/// What a tar entry is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum StoredWhat {
    /// A directory.
    Dir,
    /// A file of so many bytes.
    File(u64),
    /// A symbolic link.
    Symlink(String),
    /// A hard link.
    Hardlink(String),
    /// An empty file whose name starts with `.wh.`.
    Whiteout,
    /// The empty file `.wh..wh..opq`.
    Opaque,
    /// Anything else.
    Other,
}
