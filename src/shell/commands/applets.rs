//! Which options busybox's programs have, so that others are refused in their words: most images have busybox's or GNU's
//! version of a program, and they differ in little else as often.
//!
//! `applets.tsv` is recorded by `scripts/record-options`: a line for each program that reads its options with getopt(3), its
//! letters in Alpine's busybox 1.36, those in the image `busybox` (1.38), and the long names of each. Programs that are not
//! in it read their arguments in their own way; `*` stands for all letters (those of `chmod` are modes), `-` for an image
//! without the program.

use super::{Context, Exit};
use crate::vfs::Libc;

const APPLETS: &str = include_str!("applets.tsv");

/// What an applet has: letters, then long names between spaces.
fn row(name: &str, libc: Libc) -> Option<(&'static str, &'static str)> {
    let line = APPLETS.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('\t'))?;
    let mut columns = line.split('\t').skip(if libc == Libc::Musl { 0 } else { 2 });
    let (letters, longs) = (columns.next()?, columns.next()?);
    (letters != "-").then_some((letters, longs))
}

impl Context<'_> {
    /// Refuses a letter that busybox's version of this program does not have; the status to end with.
    pub(super) fn refuse_letter(&mut self, letter: char) -> Option<Exit> {
        let (letters, _) = self.busybox().then(|| row(self.name(), self.system.libc)).flatten()?;
        if letters == "*" || letters.contains(letter) {
            return None;
        }
        match self.system.libc {
            Libc::Musl => self.complain(format_args!("unrecognized option: {letter}")),
            Libc::Glibc => self.complain(format_args!("invalid option -- '{letter}'")),
        }
        Some(self.refused())
    }

    /// The same for a long option, given as it was written without its dashes.
    pub(super) fn refuse_long(&mut self, given: &str) -> Option<Exit> {
        let (_, longs) = self.busybox().then(|| row(self.name(), self.system.libc)).flatten()?;
        let name = given.split('=').next().unwrap_or(given);
        if longs.split(' ').any(|long| long.starts_with(name)) {
            return None;
        }
        match self.system.libc {
            Libc::Musl => self.complain(format_args!("unrecognized option: {given}")),
            Libc::Glibc => self.complain(format_args!("unrecognized option '--{given}'")),
        }
        Some(self.refused())
    }

    fn refused(&mut self) -> Exit {
        self.busybox_usage();
        if matches!(self.name(), "grep" | "egrep" | "fgrep" | "sort") { 2 } else { 1 }
    }
}

/// The options that busybox's version of a program has, for the support matrix: letters and long names; none if it reads its
/// arguments in its own way.
pub fn options(name: &str, libc: Libc) -> Option<(&'static str, &'static str)> {
    row(name, libc)
}
