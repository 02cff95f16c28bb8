//! What can be wrong with an archive. Each kind of damage or malice has its own; the message names the entry and where it
//! is.

use std::fmt;

/// An archive that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveError {
    /// What is wrong.
    pub kind: ArchiveErrorKind,
    /// The entry's name as the archive has it, if one was read.
    pub entry: Option<String>,
    /// Where the entry's header, or the damage, begins: bytes from the start of the uncompressed tar. None where only the
    /// layers below show what is wrong.
    pub offset: Option<u64>,
}

/// What is wrong with an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArchiveErrorKind {
    /// It ends inside a header or inside an entry's data.
    CutOff {
        /// How many more bytes there should be at least.
        missing: u64,
    },
    /// The compressed data end early.
    CutOffCompressed {
        /// The compression.
        compression: &'static str,
    },
    /// The compressed data are damaged.
    BadCompression {
        /// The compression.
        compression: &'static str,
        /// What the decoder says.
        message: String,
    },
    /// Neither a tar nor a compression that is known.
    NotTar,
    /// Where a header should be is none: the size of the entry before lies, or the archive is damaged.
    BadHeader,
    /// A field of a header is no number, or one out of range.
    BadNumber(&'static str),
    /// A PAX record that cannot be read.
    BadPax(&'static str),
    /// A kind of entry that this does not read: GNU sparse, multi-volume and the like.
    UnsupportedType(char),
    /// It unpacks to more than the budget.
    TooManyBytes {
        /// The budget in bytes.
        limit: u64,
    },
    /// It has more entries than the budget.
    TooManyEntries {
        /// The budget.
        limit: u64,
    },
    /// No name.
    EmptyName,
    /// A NUL in a name.
    NulInName,
    /// A name that is not UTF-8.
    NotUtf8,
    /// A name over 255 bytes, or a path over 4096.
    NameTooLong,
    /// An absolute name.
    AbsoluteName,
    /// A name with `..`.
    LeavesRoot,
    /// A name that goes through a symbolic link of the same archive.
    ThroughSymlink(String),
    /// A name below something that is no directory.
    BelowNonDirectory(String),
    /// The root is not a directory.
    RootNotDirectory,
    /// A hard link whose target has `..`.
    LinkLeavesRoot(String),
    /// A hard link to a directory.
    LinkToDirectory(String),
    /// A hard link to itself.
    LinkToItself,
    /// A hard link whose target comes later.
    LinkForward(String),
    /// A hard link whose target is neither in this layer nor in those below.
    LinkMissing(String),
    /// A symbolic link without a target.
    EmptyLink,
    /// A `.wh.` name that hides nothing that could be named.
    BadWhiteout(&'static str),
}

impl ArchiveError {
    pub(super) fn at(offset: u64, kind: ArchiveErrorKind) -> Self {
        Self { kind, entry: None, offset: Some(offset) }
    }

    pub(super) fn of(name: &str, offset: u64, kind: ArchiveErrorKind) -> Self {
        Self { kind, entry: Some(name.to_owned()), offset: Some(offset) }
    }
}

impl fmt::Display for ArchiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.entry, self.offset) {
            (Some(entry), Some(offset)) => write!(f, "entry {entry:?} at byte {offset}: {}", self.kind),
            (Some(entry), None) => write!(f, "entry {entry:?}: {}", self.kind),
            (None, Some(offset)) => write!(f, "at byte {offset}: {}", self.kind),
            (None, None) => write!(f, "{}", self.kind),
        }
    }
}

impl fmt::Display for ArchiveErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use ArchiveErrorKind::*;
        match self {
            CutOff { missing } => write!(f, "the archive is cut off: at least {missing} more bytes should follow"),
            CutOffCompressed { compression } => write!(f, "the archive is cut off: its {compression} data end early"),
            BadCompression { compression, message } => write!(f, "the {compression} data are damaged ({message})"),
            NotTar => f.write_str("this is not a tar archive"),
            BadHeader => {
                f.write_str("no tar header here: the size of the entry before it lies, or the archive is damaged")
            }
            BadNumber(field) => write!(f, "its {field} is not a number, or out of range"),
            BadPax(reason) => write!(f, "bad PAX record: {reason}"),
            UnsupportedType(flag) => write!(f, "entries of type {flag:?} are not supported"),
            TooManyBytes { limit } => write!(f, "the archive unpacks to more than {limit} bytes"),
            TooManyEntries { limit } => write!(f, "the archive has more than {limit} entries"),
            EmptyName => f.write_str("it has no name"),
            NulInName => f.write_str("its name contains a NUL byte"),
            NotUtf8 => f.write_str("its name is not UTF-8"),
            NameTooLong => f.write_str("its name is too long (255 bytes a name, 4096 a path)"),
            AbsoluteName => f.write_str("its name is absolute, so it would be written outside the archive's root"),
            LeavesRoot => f.write_str("its name contains \"..\", so it would be written outside the archive's root"),
            ThroughSymlink(link) => write!(f, "its name goes through the symbolic link {link:?}"),
            BelowNonDirectory(path) => write!(f, "it lies below {path:?}, which is not a directory"),
            RootNotDirectory => f.write_str("the root of a filesystem must be a directory"),
            LinkLeavesRoot(target) => {
                write!(f, "the target {target:?} of this hard link is outside the archive's root")
            }
            LinkToDirectory(target) => write!(f, "the target {target:?} of this hard link is a directory"),
            LinkToItself => f.write_str("this hard link is its own target"),
            LinkForward(target) => write!(f, "the target {target:?} of this hard link comes after it"),
            LinkMissing(target) => write!(f, "the target {target:?} of this hard link does not exist"),
            EmptyLink => f.write_str("this symbolic link has no target"),
            BadWhiteout(reason) => write!(f, "invalid whiteout: {reason}"),
        }
    }
}

impl std::error::Error for ArchiveError {}
