//! Operands of the text programs: reading them, with each program's own words for what goes wrong.
//!
//! A directory as operand fails only when it is read; some programs of busybox take that for the end of the file.

use super::{Context, Exit};
use crate::vfs::{Content, Errno, Libc};
use std::sync::Arc;

/// How a program words the errors of its operands, busybox first, GNU second. `%` stands for the operand.
pub(super) struct Words {
    /// It cannot be opened; the error's text follows.
    pub missing: [&'static str; 2],
    /// It is a directory: the whole message (`{io}` is the text of EIO), or none if it reads as empty.
    pub directory: [Option<&'static str>; 2],
}

impl Words {
    /// `%` and `% …: Is a directory`, as most GNU programs have it, with busybox's own words for a directory.
    pub const fn plain(directory: Option<&'static str>) -> Self {
        Self { missing: ["%", "%"], directory: [directory, Some("%: Is a directory")] }
    }
}

/// Why an operand gave no bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// The error was told; the command goes on with its next operand and fails in the end.
    Told,
    /// Noted as not simulated: the command ends with status 0.
    NotSimulated,
}

impl Context<'_> {
    /// The content of an operand; what goes wrong is told in the program's words.
    pub(super) fn operand(&mut self, operand: &str, words: &Words) -> Result<Content, Failure> {
        let flavour = usize::from(!self.busybox());
        let standard = matches!(operand, "-" | "/dev/stdin" | "/dev/fd/0" | "/proc/self/fd/0");
        match self.input(if standard { "-" } else { operand }) {
            Ok(content) => Ok(content),
            Err(Errno::EISDIR) => match words.directory[flavour] {
                None => Ok(Content::empty()),
                Some(message) => {
                    let io = self.io_error();
                    self.complain(message.replace('%', operand).replace("{io}", io));
                    Err(Failure::Told)
                }
            },
            Err(errno) => {
                self.complain_of(words.missing[flavour].replace('%', operand), errno);
                Err(Failure::Told)
            }
        }
    }

    /// The bytes of an operand.
    pub(super) fn operand_bytes(&mut self, operand: &str, words: &Words) -> Result<Arc<Vec<u8>>, Failure> {
        let content = self.operand(operand, words)?;
        self.bytes(&content, operand).ok_or(Failure::NotSimulated)
    }

    /// The bytes of all operands one after the other (standard input if there are none), and whether each could be read.
    ///
    /// # Errors
    /// The status to end with, if one of them is not held.
    pub(super) fn all_bytes(&mut self, operands: &[String], words: &Words) -> Result<(Vec<u8>, bool), Exit> {
        let standard = ["-".to_owned()];
        let operands = if operands.is_empty() { &standard[..] } else { operands };
        let (mut all, mut fine) = (Vec::new(), true);
        for operand in operands {
            match self.operand_bytes(operand, words) {
                Ok(bytes) => all.extend_from_slice(&bytes),
                Err(Failure::Told) => fine = false,
                Err(Failure::NotSimulated) => return Err(0),
            }
        }
        Ok((all, fine))
    }

    /// Are characters UTF-8? In musl unless the locale is C; in glibc where it is `C.UTF-8`, the only one that images have
    /// without a package.
    pub(super) fn utf8(&self) -> bool {
        let variables = ["LC_ALL", "LC_CTYPE", "LANG"];
        let set = variables.iter().find_map(|name| self.process.env.get(*name).filter(|value| !value.is_empty()));
        match (self.system.libc, set.map(String::as_str)) {
            (Libc::Musl, locale) => !matches!(locale, Some("C" | "POSIX")),
            (Libc::Glibc, locale) => matches!(locale, Some("C.UTF-8" | "C.utf8")) && !self.busybox(),
        }
    }

    /// The text of EIO, which our filesystem itself never produces.
    pub(super) fn io_error(&self) -> &'static str {
        match self.system.libc {
            Libc::Musl => "I/O error",
            Libc::Glibc => "Input/output error",
        }
    }

    /// Fails for the way it was called: `message` as GNU words it, with its pointer to `--help`; busybox prints the banner
    /// of its usage text, whose body (the options of that very build) is left out.
    pub(super) fn misused(&mut self, message: impl std::fmt::Display) -> Exit {
        if self.busybox() {
            self.busybox_usage();
        } else {
            self.try_help(message);
        }
        1
    }
}

/// The lines of bytes, each with its line feed; the last may lack it.
pub(super) fn lines(bytes: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n')
}

/// A line without its line feed.
pub(super) fn chomp(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\n").unwrap_or(line)
}

/// A number of bytes or lines with a suffix: `k` and `K` 1024, `m`, `g`, `t` its powers, `b` 512, `kB` 1000 and so on.
pub(super) fn quantity(text: &str) -> Option<u64> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number: u64 = text[..digits].parse().ok()?;
    let factor = match &text[digits..] {
        "" | "c" => 1,
        "b" => 512,
        "w" => 2,
        "kB" | "KB" | "kD" => 1000,
        "MB" | "MD" => 1_000_000,
        "GB" | "GD" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        "k" | "K" | "KiB" => 1 << 10,
        "m" | "M" | "MiB" => 1 << 20,
        "g" | "G" | "GiB" => 1 << 30,
        "t" | "T" | "TiB" => 1 << 40,
        _ => return None,
    };
    number.checked_mul(factor)
}
