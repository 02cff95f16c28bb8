//! The support matrix of `docs/commands.md`: each program with the options that are simulated, what of it is a model, and the
//! options of the real ones that are *not simulated*. It is read off the tables that run the programs and the recorded
//! options of the real ones; it cannot say which values of an option are simulated.

use crate::shell::commands::{Command, Options, applets};
use crate::vfs::Libc;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What of a program is a model even with options that are simulated, programs sorted by name. A note in the log says so where it happens.
const MODELLED: &[(&str, &str)] = &[
    ("awk", "`rand`, the order of an array's elements"),
    ("bzip2", "the size of what it compresses"),
    ("chpasswd", "the hash, for its salt is random"),
    ("date", "the time: the clock stands still"),
    ("df", "all of it: an empty disk"),
    ("gzip", "the bytes of what it compresses"),
    ("ldconfig", "the cache"),
    ("locale-gen", "the size of the archive"),
    ("mount", "what it lists"),
    ("nproc", "the number"),
    ("passwd", "the hash, for its salt is random"),
    ("ps", "all of it"),
    ("shuf", "the order"),
    ("tar", "the bytes of a compressed archive"),
    ("uname", "the kernel's version"),
    ("update-ca-certificates", "links named by hashes"),
    ("xz", "the size of what it compresses"),
];

/// The text of `docs/commands.md`: the tables are the shell's programs, the distribution's and the languages' tools, `gnu` the recorded options of GNU's
/// programs (`tests/cases/shell/gnu-options.tsv`).
pub fn matrix(shell: &[Command], tools: &[Command], languages: &[Command], gnu: &str) -> String {
    let mut out = String::from(INTRODUCTION);
    out.push_str("\n## The shell's programs\n\n| program | options that are simulated | modelled | not simulated |\n| --- | --- | --- | --- |\n");
    for command in shell {
        let modelled = MODELLED.iter().find(|(name, _)| *name == command.name).map_or("", |(_, what)| what);
        row(&mut out, command, modelled, gnu);
    }
    if !tools.is_empty() {
        out.push_str("\n## Package managers, compilers, downloads\n\nWhat these do is a model as a whole; the log says what of.\n\n| program | options that are modelled |\n| --- | --- |\n");
        for command in tools {
            let _ = writeln!(out, "| `{}` | {} |", command.name, spelled(&known(command.options)));
        }
    }
    if !languages.is_empty() {
        out.push_str("\n## Language package managers, build tools, downloads\n\nThese read their arguments in their own way, and are models as a whole.\n\n");
        let names: Vec<String> = languages.iter().map(|command| format!("`{}`", command.name)).collect();
        let _ = writeln!(out, "{}", names.join(" "));
    }
    out
}

const INTRODUCTION: &str = "# Programs that a RUN can use

Written by `make docs` from the tables that run them; `make test` fails when it is stale.

A program that is not here but in the image's PATH, and an option in the last column, is *not simulated*: it has no effect,
ends with status 0, and the log and the report say so. An option that the real program does not have either (busybox's or
GNU's, whichever the image has) is refused in its words, with its status. The last column lists options of busybox 1.36, 1.38
and of Debian 12's programs, `--help` and `--version` left out.
Programs without options there read their arguments in their own way (`find`, `dd`, `test`), or have none.
";

fn row(out: &mut String, command: &Command, modelled: &str, gnu: &str) {
    let own = known(command.options);
    let mut real = BTreeSet::new();
    for libc in [Libc::Musl, Libc::Glibc] {
        add(&mut real, applets::options(command.name, libc));
    }
    let line = gnu.lines().find_map(|line| line.strip_prefix(command.name)?.strip_prefix('\t'));
    add(&mut real, line.and_then(|line| line.split_once('\t')));
    let lacks: BTreeSet<String> = real.difference(&own).cloned().collect();
    let _ = writeln!(out, "| `{}` | {} | {modelled} | {} |", command.name, spelled(&own), spelled(&lacks));
}

/// Options as they are written: `-x`, `--long`.
fn known(options: &Options) -> BTreeSet<String> {
    let letters = options.short.chars().filter(|letter| *letter != ':' && !options.hidden.contains(*letter));
    let mut out: BTreeSet<String> = letters.map(|letter| format!("-{letter}")).collect();
    out.extend(options.long.iter().map(|(long, _)| format!("--{long}")));
    out
}

fn add(options: &mut BTreeSet<String>, recorded: Option<(&str, &str)>) {
    let Some((letters, longs)) = recorded else { return };
    options.extend(letters.chars().filter(char::is_ascii_alphanumeric).map(|letter| format!("-{letter}")));
    let longs = longs.split(' ').filter(|long| !matches!(*long, "" | "help" | "version"));
    options.extend(longs.map(|long| format!("--{long}")));
}

fn spelled(options: &BTreeSet<String>) -> String {
    options.iter().map(|option| format!("`{option}`")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_modelled_is_sorted_and_there() {
        use super::{super::super::shell::commands::find, MODELLED};
        assert!(MODELLED.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(MODELLED.iter().all(|(name, _)| find(name).is_some()));
    }
}
