//! The words that `find`'s expressions are made of.

use super::super::regex::Pattern;
use crate::vfs::{EPOCH, FileKind, Ino, Time};

/// How the trees are walked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings {
    pub follow: bool,
    pub follow_operands: bool,
    pub depth_first: bool,
    pub one_device: bool,
    pub min_depth: usize,
    pub max_depth: usize,
}

/// A number with a sign: more than, less than, exactly.
#[derive(Debug, Clone, Copy)]
pub(super) enum Amount {
    More(u64),
    Less(u64),
    Exactly(u64),
}

impl Amount {
    pub(super) fn times(self, unit: u64) -> Self {
        match self {
            Amount::More(bound) => Amount::More(bound.saturating_mul(unit)),
            Amount::Less(bound) => Amount::Less(bound.saturating_mul(unit)),
            Amount::Exactly(bound) => Amount::Exactly(bound.saturating_mul(unit)),
        }
    }

    pub(super) fn fits(self, value: u64) -> bool {
        match self {
            Amount::More(bound) => value > bound,
            Amount::Less(bound) => value < bound,
            Amount::Exactly(bound) => value == bound,
        }
    }
}

/// How `-perm` compares.
#[derive(Debug, Clone, Copy)]
pub(super) enum Permission {
    /// Exactly these bits.
    Exactly(u16),
    /// All of these (`-`).
    All(u16),
    /// Any of these (`/`, and `+` of busybox).
    Any(u16),
}

/// An expression.
pub(super) enum Expression {
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    Comma(Box<Expression>, Box<Expression>),
    Not(Box<Expression>),
    Constant(bool),
    Name {
        pattern: String,
        fold: bool,
    },
    Path {
        pattern: String,
        fold: bool,
    },
    LinkName {
        pattern: String,
        fold: bool,
    },
    Regex(Pattern),
    Kind(Vec<FileKind>),
    Size {
        amount: Amount,
        unit: u64,
    },
    Empty,
    Newer(Time),
    /// Age in units of so many seconds.
    Age {
        amount: Amount,
        unit: i64,
    },
    Permission(Permission),
    User(u32),
    Group(u32),
    Uid(Amount),
    Gid(Amount),
    NoUser,
    NoGroup,
    Links(Amount),
    Inode(Amount),
    SameFile(Ino),
    Access(crate::vfs::Access),
    Prune,
    Print,
    Print0,
    Printf(String),
    List,
    Delete,
    Quit,
    Execute {
        words: Vec<String>,
        in_dir: bool,
    },
    /// `-exec … +`: the words before `{}`, and the number of this action.
    Gather {
        words: Vec<String>,
        id: usize,
    },
}

/// How old a time is, in whole units, as `-mtime` counts: never less than 0.
pub(super) fn age(time: Time, unit: i64) -> u64 {
    u64::try_from((EPOCH - time.seconds).div_euclid(unit)).unwrap_or(0)
}
