//! Inodes: what a name in a directory leads to.

use super::content::Content;
use imbl::{OrdMap, OrdSet};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The moment at which our builds happen, in seconds since 1970: 2025-01-01T00:00:00Z. The engine has no clock.
pub const EPOCH: i64 = 1_735_689_600;

/// The layer number of what lies on a mount: it is in no layer.
pub(super) const MOUNTED: u32 = u32::MAX;

/// The layer number of what lies on a read-only mount.
pub(super) const READ_ONLY: u32 = u32::MAX - 1;

/// An inode number, unique in a snapshot and kept by the snapshots made from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ino(pub(super) u64);

impl Ino {
    /// The number, as `ls -i` shows it.
    pub fn number(self) -> u64 {
        self.0
    }
}

/// A modification time. Writes of a build all happen in the second [`EPOCH`]; each has a nanosecond of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Time {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// 0 to 999,999,999.
    pub nanos: u32,
}

/// Mode, owner and time of an inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Meta {
    /// Permission bits with setuid, setgid and sticky: 0 to 0o7777.
    pub mode: u16,
    /// The owner.
    pub uid: u32,
    /// The group.
    pub gid: u32,
    /// Last change of the content.
    pub mtime: Time,
}

/// What kind of inode, with what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A regular file.
    File(Content),
    /// A directory.
    Dir(Dir),
    /// A symbolic link with its target as written.
    Symlink(Arc<str>),
    /// A named pipe.
    Fifo,
    /// A character device.
    CharDevice {
        /// Major number.
        major: u32,
        /// Minor number.
        minor: u32,
    },
    /// A block device.
    BlockDevice {
        /// Major number.
        major: u32,
        /// Minor number.
        minor: u32,
    },
}

/// A directory: its names, and what overlayfs knows of it in the current upper.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dir {
    /// The merged names.
    pub(super) names: OrdMap<Arc<str>, Ino>,
    /// Its state in the upper; meaningless unless the inode belongs to the layer that is being written.
    pub(super) upper: Upper,
}

/// A directory as the upper has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Upper {
    /// Lower contents show through.
    pub merges: bool,
    /// Marked opaque.
    pub opaque: bool,
    /// Lower names that are hidden.
    pub whiteouts: OrdSet<Arc<str>>,
}

/// An inode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inode {
    /// Mode, owner, time.
    pub meta: Meta,
    /// Kind and content.
    pub node: Node,
    /// Number of names (files).
    pub nlink: u32,
    /// The layer that provides it, 0 for the first layer of the base image; for a directory the newest layer that has
    /// an entry for it.
    pub layer: u32,
}

impl Inode {
    pub(super) fn is_mounted(&self) -> bool {
        self.layer >= READ_ONLY
    }

    /// The kind alone.
    pub fn kind(&self) -> FileKind {
        match self.node {
            Node::File(_) => FileKind::File,
            Node::Dir(_) => FileKind::Dir,
            Node::Symlink(_) => FileKind::Symlink,
            Node::Fifo => FileKind::Fifo,
            Node::CharDevice { .. } => FileKind::CharDevice,
            Node::BlockDevice { .. } => FileKind::BlockDevice,
        }
    }

    /// Length in bytes: of a file its content, of a symbolic link its target, else 0 (4096 for a directory).
    pub fn size(&self) -> u64 {
        match &self.node {
            Node::File(content) => content.len(),
            Node::Symlink(target) => target.len() as u64,
            Node::Dir(_) => 4096,
            _ => 0,
        }
    }

    pub(super) fn as_dir(&self) -> Option<&Dir> {
        match &self.node {
            Node::Dir(dir) => Some(dir),
            _ => None,
        }
    }
}

/// The kind of an inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Dir,
    /// A symbolic link.
    Symlink,
    /// A named pipe.
    Fifo,
    /// A character device.
    CharDevice,
    /// A block device.
    BlockDevice,
}

/// What `stat` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stat {
    /// The inode number.
    pub ino: Ino,
    /// The kind.
    pub kind: FileKind,
    /// Mode, owner, time.
    pub meta: Meta,
    /// Length in bytes, see [`Inode::size`].
    pub size: u64,
    /// Number of names; of a directory 2 and one for each directory in it, as most filesystems count.
    pub nlink: u32,
    /// The layer that provides it.
    pub layer: u32,
    /// Does it lie on a mount (`/dev`, `/proc`, a `--mount`)?
    pub mounted: bool,
}

impl Stat {
    /// Is it a directory?
    pub fn is_dir(&self) -> bool {
        self.kind == FileKind::Dir
    }

    /// Is it a regular file?
    pub fn is_file(&self) -> bool {
        self.kind == FileKind::File
    }

    /// Is it a symbolic link?
    pub fn is_symlink(&self) -> bool {
        self.kind == FileKind::Symlink
    }
}

/// Who does something: permission checks apply when `uid` is not 0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cred {
    /// User.
    pub uid: u32,
    /// Primary group.
    pub gid: u32,
    /// Supplementary groups.
    pub groups: Vec<u32>,
}

impl Cred {
    /// root.
    pub fn root() -> Self {
        Self::default()
    }

    /// Is `gid` one of the groups?
    pub fn in_group(&self, gid: u32) -> bool {
        self.gid == gid || self.groups.contains(&gid)
    }
}

/// What is asked of an inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Read a file, list a directory.
    Read,
    /// Write a file, add and remove names of a directory.
    Write,
    /// Execute a file, pass through a directory.
    Execute,
}

impl Access {
    fn bit(self) -> u16 {
        match self {
            Access::Read => 4,
            Access::Write => 2,
            Access::Execute => 1,
        }
    }
}

impl Inode {
    /// May `cred` do this? root may all, but for executing a file that no one may execute (path_resolution(7)).
    pub fn allows(&self, cred: &Cred, access: Access) -> bool {
        let mode = self.meta.mode;
        if cred.uid == 0 {
            return access != Access::Execute || self.as_dir().is_some() || mode & 0o111 != 0;
        }
        let shift = if cred.uid == self.meta.uid {
            6
        } else if cred.in_group(self.meta.gid) {
            3
        } else {
            0
        };
        mode >> shift & access.bit() != 0
    }
}

/// The nine letters and special bits of a mode, as `ls -l` and `chmod -v` show them: `rwxr-sr-t`.
pub fn letters(mode: u16) -> String {
    let mut out = String::with_capacity(9);
    for (shift, special, mark) in [(6, 0o4000, 's'), (3, 0o2000, 's'), (0, 0o1000, 't')] {
        let bits = mode >> shift & 7;
        out.push(if bits & 4 != 0 { 'r' } else { '-' });
        out.push(if bits & 2 != 0 { 'w' } else { '-' });
        out.push(match (mode & special != 0, bits & 1 != 0) {
            (true, true) => mark,
            (true, false) => mark.to_ascii_uppercase(),
            (false, true) => 'x',
            (false, false) => '-',
        });
    }
    out
}
