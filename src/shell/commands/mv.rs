//! `mv`: rename, or across devices and for directories of lower layers (EXDEV) copy and remove.

use super::copy;
use super::copy_gnu::{self, Follow};
use super::cp::destinations;
use super::remove::{Removal, remove};
use super::syscalls::quoteaf;
use super::{Command, Context, Exit, Options, Run};
use crate::vfs::Errno;

pub(super) const COMMAND: Command = Command {
    name: "mv",
    run: Run::Plain(run),
    options: &Options {
        short: "fnTt:uv",
        long: &[
            ("force", 'f'),
            ("no-clobber", 'n'),
            ("no-target-directory", 'T'),
            ("target-directory", 't'),
            ("update", 'u'),
            ("verbose", 'v'),
        ],
        hidden: "",
        in_order: false,
    },
};

const WHOLE: Removal = Removal { recursive: true, force: true, verbose: false, ask: false, empty_dirs: false };

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let mut operands = parsed.operands.clone();
    let Some(places) = destinations(cx, &parsed, &mut operands) else { return 1 };
    let no_clobber = parsed.last_of("fn") == Some('n');
    let mut exit = 0;
    for (source, dest) in places {
        let moved = if cx.busybox() {
            busybox(cx, &source, &dest, no_clobber, parsed.has('v'))
        } else {
            gnu(cx, &source, &dest, no_clobber, parsed.has('u'), parsed.has('v'))
        };
        if !moved {
            exit = 1;
        }
    }
    exit
}

fn busybox(cx: &mut Context<'_>, source: &str, dest: &str, no_clobber: bool, verbose: bool) -> bool {
    let there = match cx.stat(dest) {
        Ok(stat) => Some(stat),
        Err(Errno::ENOENT) => None,
        Err(errno) => {
            cx.complain_of(format_args!("can't stat '{dest}'"), errno);
            return false;
        }
    };
    if there.is_some() && no_clobber {
        return true;
    }
    if let Err(errno) = cx.rename(source, dest) {
        let stat = match (errno, cx.lstat(source)) {
            (Errno::EXDEV, Ok(stat)) => stat,
            _ => {
                cx.complain_of(format_args!("can't rename '{source}'"), errno);
                return false;
            }
        };
        if let Some(there) = there {
            if there.is_dir() != stat.is_dir() {
                let (of, with) = if there.is_dir() { ("", "non-") } else { ("non-", "") };
                cx.complain(format_args!("can't overwrite {of}directory with {with}directory"));
                return false;
            }
            if let Err(errno) = cx.unlink(dest) {
                cx.complain_of(format_args!("can't remove '{dest}'"), errno);
                return false;
            }
        }
        let how = copy::Copying { recursive: true, preserve: true, ..copy::Copying::default() };
        if !copy::copy(cx, source, dest, how, &mut copy::Seen::new()) || !remove(cx, source, WHOLE) {
            return false;
        }
    }
    if verbose {
        cx.out(format!("'{source}' -> '{dest}'\n"));
    }
    true
}

fn gnu(cx: &mut Context<'_>, source: &str, dest: &str, no_clobber: bool, update: bool, verbose: bool) -> bool {
    // renameat2(2) with RENAME_NOREPLACE finds that the target is there before it looks at what the source is.
    if no_clobber && cx.lstat(dest).is_ok() && cx.lstat(source.trim_end_matches('/')).is_ok() {
        return true;
    }
    let stat = match cx.lstat(source) {
        Ok(stat) => stat,
        Err(errno) => {
            cx.complain_of(format_args!("cannot stat {}", quoteaf(source)), errno);
            return false;
        }
    };
    if let Ok(there) = cx.lstat(dest) {
        if there.ino == stat.ino {
            cx.complain(format_args!("{} and {} are the same file", quoteaf(source), quoteaf(dest)));
            return false;
        }
        if update && !stat.is_dir() && there.meta.mtime >= stat.meta.mtime {
            return true;
        }
        let (from, to) = (quoteaf(source), quoteaf(dest));
        match (stat.is_dir(), there.is_dir()) {
            (false, true) => {
                cx.complain(format_args!("cannot overwrite directory {to} with non-directory"));
                return false;
            }
            (true, false) => {
                cx.complain(format_args!("cannot overwrite non-directory {to} with directory {from}"));
                return false;
            }
            _ => {}
        }
    }
    match cx.rename(source, dest) {
        Ok(()) => {
            if verbose {
                cx.out(format!("renamed {} -> {}\n", quoteaf(source), quoteaf(dest)));
            }
            true
        }
        Err(Errno::EINVAL) => {
            cx.complain(format_args!("cannot move {} to a subdirectory of itself, {}", quoteaf(source), quoteaf(dest)));
            false
        }
        Err(Errno::EXDEV) => across(cx, source, dest, stat.is_dir(), verbose),
        Err(errno) => {
            cx.complain_of(format_args!("cannot move {} to {}", quoteaf(source), quoteaf(dest)), errno);
            false
        }
    }
}

fn across(cx: &mut Context<'_>, source: &str, dest: &str, is_dir: bool, verbose: bool) -> bool {
    let cleared = if is_dir { cx.rmdir(dest) } else { cx.unlink(dest) };
    if let Err(errno) = cleared
        && errno != Errno::ENOENT
    {
        let (from, to) = (quoteaf(source), quoteaf(dest));
        if errno == Errno::ENOTEMPTY {
            cx.complain_of(format_args!("cannot move {from} to {to}"), errno);
        } else {
            cx.complain_of(format_args!("inter-device move failed: {from} to {to}; unable to remove target"), errno);
        }
        return false;
    }
    let how = copy_gnu::Copying {
        recursive: true,
        mode: true,
        owner: true,
        times: true,
        links: true,
        follow: Follow::Never,
        ..copy_gnu::Copying::default()
    };
    let copied = copy_gnu::copy(cx, source, dest, how, &mut copy_gnu::Seen::default());
    if copied && verbose {
        cx.out(format!("copied {} -> {}\n", quoteaf(source), quoteaf(dest)));
    }
    copied && remove(cx, source, WHOLE)
}
