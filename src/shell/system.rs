//! The machine that all processes of a RUN share: the filesystem, the log, what was noted, and the budgets.

use super::commands::{COMMANDS, Command};
use crate::data::Data;
use crate::vfs::{Cred, Errno, Exceeded, Libc, Overlay, Snapshot};
use serde::{Deserialize, Serialize};

/// Which programs an image has: they differ in options, messages and effects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// One busybox for all: the images `busybox` and `alpine`.
    Busybox,
    /// GNU coreutils and their like: Debian, Ubuntu.
    Gnu,
}

/// Which programs and whose libc an image has: busybox if it is the shell, musl if its loader is there.
pub fn identify(fs: &Snapshot) -> (Flavour, Libc) {
    let find = |path: &str| fs.resolve(&Cred::root(), path, true).ok().and_then(|at| at.ino());
    let busybox = find("/bin/busybox");
    let flavour = if busybox.is_some() && busybox == find("/bin/sh") { Flavour::Busybox } else { Flavour::Gnu };
    let musl = find("/lib")
        .and_then(|lib| fs.list(lib))
        .is_some_and(|names| names.iter().any(|e| e.name.starts_with("ld-musl-")));
    (flavour, if musl { Libc::Musl } else { Libc::Glibc })
}

/// Where a process writes in the build log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// What is to be said of a line of the Dockerfile besides its effects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The kind.
    pub kind: NoteKind,
    /// A sentence without a full stop, naming the command and what it is about: `apk: option --virtual`.
    pub message: String,
    /// Where in the RUN's script the command that caused it starts, in bytes. A RUN joins its continuation lines, so the
    /// line of the Dockerfile follows from the offset, not from the line of the script.
    pub position: usize,
}

/// The kinds of [`Note`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NoteKind {
    /// The effect is a model: sizes are near, not exact.
    #[serde(rename = "modelled")]
    Modelled,
    /// Nothing was done; sizes from here on are lower bounds.
    #[serde(rename = "not simulated")]
    NotSimulated,
    /// A file that stands for one that the context lacks.
    #[serde(rename = "placeholder")]
    Placeholder,
}

/// Why a build has to stop in the middle of a RUN (DESIGN.md, "Budgets"). Not an exit status: no `||` rescues it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// More than 1,000,000 commands in a build.
    Commands,
    /// Shell code nested more than 128 deep: functions, substitutions, subshells, scripts that run scripts.
    Nesting,
    /// More than 1 MiB of output of a RUN.
    Output,
    /// A file, or an image, of more than 256 GiB.
    Bytes,
    /// More than 500,000 entries.
    Entries,
}

/// The name BuildKit gives the machine of a RUN.
pub const HOSTNAME: &str = "buildkitsandbox";

/// What is left to spend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Commands of this build.
    pub commands: u64,
    /// Bytes of log of this RUN.
    pub output: u64,
    /// How deep shell code may still nest.
    pub nesting: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self { commands: 1_000_000, output: 1 << 20, nesting: 128 }
    }
}

/// The machine of a RUN.
pub struct System {
    /// Its filesystem.
    pub fs: Overlay,
    /// Which programs it has.
    pub flavour: Flavour,
    /// Whose error texts they print.
    pub libc: Libc,
    /// What was printed, in order.
    pub log: Vec<(Stream, Vec<u8>)>,
    /// What was noted, in order.
    pub notes: Vec<Note>,
    /// What is left to spend.
    pub budget: Budget,
    /// Set when a budget is outrun: everything unwinds.
    pub stop: Option<Stop>,
    /// Where in the RUN's own script the command that runs now starts, in bytes. Scripts run from there (`sh -c`, files,
    /// functions, `eval`) keep the position of the command that started them.
    pub position: usize,
    /// The last process number given out; the RUN's shell is 1, as in Docker.
    pub pids: u32,
    /// The programs that are simulated: tables sorted by name, of which the first that has one counts.
    pub programs: Vec<&'static [Command]>,
    /// The catalogue's data files, for programs that know the world outside the image.
    pub data: Data,
}

impl System {
    /// A machine on this filesystem.
    pub fn new(fs: Overlay, flavour: Flavour, libc: Libc, budget: Budget) -> Self {
        Self {
            fs,
            flavour,
            libc,
            log: Vec::new(),
            notes: Vec::new(),
            budget,
            stop: None,
            position: 0,
            pids: 1,
            programs: vec![COMMANDS],
            data: Data::default(),
        }
    }

    /// Why the RUN has to end, if it has: what the last command wrote counts too.
    pub fn stopped(&mut self) -> Option<Stop> {
        if let Some(exceeded) = self.fs.exceeded() {
            self.halt(match exceeded {
                Exceeded::Bytes => Stop::Bytes,
                Exceeded::Entries => Stop::Entries,
            });
        }
        self.stop
    }

    /// Counts one command; false if the budget is spent.
    pub fn spend(&mut self) -> bool {
        self.stopped();
        match self.budget.commands.checked_sub(1) {
            Some(left) => self.budget.commands = left,
            None => self.halt(Stop::Commands),
        }
        self.stop.is_none()
    }

    /// Ends the RUN for a budget; the first reason counts.
    pub fn halt(&mut self, stop: Stop) {
        self.stop.get_or_insert(stop);
    }

    /// Adds to the log, within the budget.
    pub fn print(&mut self, stream: Stream, bytes: &[u8]) {
        let fits = bytes.len().min(self.budget.output as usize);
        self.budget.output -= fits as u64;
        match self.log.last_mut() {
            Some((last, text)) if *last == stream => text.extend_from_slice(&bytes[..fits]),
            _ => self.log.push((stream, bytes[..fits].to_vec())),
        }
        if fits < bytes.len() {
            self.halt(Stop::Output);
        }
    }

    /// Notes something about the command that runs now; the same note for the same command only once.
    pub fn note(&mut self, kind: NoteKind, message: String) {
        let note = Note { kind, message, position: self.position };
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// The row of a program that is simulated.
    pub fn find(&self, name: &str) -> Option<&'static Command> {
        let find = |table: &'static [Command]| {
            table.binary_search_by(|command| command.name.cmp(name)).ok().map(|index| &table[index])
        };
        self.programs.iter().find_map(|table| find(table))
    }

    /// The text of an error, as this image's libc words it.
    pub fn message(&self, errno: Errno) -> &'static str {
        errno.message(self.libc)
    }
}
