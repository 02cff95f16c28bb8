//! Removing trees, for `rm` and for `mv` across devices: children first, in the order of the directory.

use super::Context;
use super::syscalls::{concat, quoteaf};
use crate::vfs::{Errno, FileKind};

/// How to remove.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Removal {
    /// Directories too, with what is in them.
    pub recursive: bool,
    /// What is missing is no error.
    pub force: bool,
    /// Say what was removed.
    pub verbose: bool,
    /// Ask before each.
    pub ask: bool,
    /// Empty directories too (GNU's `-d`).
    pub empty_dirs: bool,
}

/// Removes a path; false if something could not be, which it has told.
pub(super) fn remove(cx: &mut Context<'_>, path: &str, how: Removal) -> bool {
    if cx.stopped() {
        return false;
    }
    let stat = match cx.lstat(path) {
        Ok(stat) => stat,
        Err(Errno::ENOENT) if how.force => return true,
        Err(Errno::ENOTDIR) if how.force && !cx.busybox() => return true,
        Err(errno) if cx.busybox() && errno != Errno::ENOENT => {
            cx.complain_of(format_args!("can't stat '{path}'"), errno);
            return false;
        }
        Err(errno) => return refuse(cx, path, errno),
    };
    if !stat.is_dir() {
        if how.ask && !agreed(cx, path, &stat) {
            return true;
        }
        return match cx.unlink(path) {
            Ok(()) => {
                if how.verbose {
                    cx.out(format!("removed '{path}'\n"));
                }
                true
            }
            Err(errno) => refuse(cx, path, errno),
        };
    }
    if !how.recursive && !how.empty_dirs {
        if cx.busybox() {
            cx.complain(format_args!("'{path}' is a directory"));
            return false;
        }
        return refuse(cx, path, Errno::EISDIR);
    }
    if how.recursive {
        if how.ask && !descends(cx, path) {
            return true;
        }
        match cx.read_dir(path) {
            Ok(children) => {
                let mut clean = true;
                for child in children {
                    clean &= remove(cx, &concat(path, &child.name), how);
                }
                if !clean {
                    return false;
                }
            }
            // rmdir does not need to read an empty directory, but these programs do.
            Err(errno) if cx.busybox() => {
                cx.complain_of(format_args!("can't open '{path}'"), errno);
                return false;
            }
            Err(errno) => return refuse(cx, path, errno),
        }
    }
    if how.ask && !agreed(cx, path, &stat) {
        return true;
    }
    match cx.rmdir(path) {
        Ok(()) => {
            if how.verbose {
                let colon = if cx.busybox() { ":" } else { "" };
                cx.out(format!("removed directory{colon} '{path}'\n"));
            }
            true
        }
        Err(errno) => refuse(cx, path, errno),
    }
}

/// Asks whether to remove this; the answer is the next line of standard input.
fn agreed(cx: &mut Context<'_>, path: &str, stat: &crate::vfs::Stat) -> bool {
    let question = match (cx.busybox(), stat.kind) {
        (true, FileKind::Dir) => format!("rm: remove directory '{path}'? "),
        (true, _) => format!("rm: remove '{path}'? "),
        (false, FileKind::Dir) => format!("rm: remove directory {}? ", quoteaf(path)),
        (false, FileKind::Symlink) => format!("rm: remove symbolic link {}? ", quoteaf(path)),
        (false, FileKind::File) if stat.size == 0 => format!("rm: remove regular empty file {}? ", quoteaf(path)),
        (false, _) => format!("rm: remove regular file {}? ", quoteaf(path)),
    };
    cx.err(question);
    answer(cx)
}

fn descends(cx: &mut Context<'_>, path: &str) -> bool {
    let empty = cx.read_dir(path).is_ok_and(|children| children.is_empty());
    if empty && !cx.busybox() {
        return true;
    }
    cx.err(match cx.busybox() {
        true => format!("rm: descend into directory '{path}'? "),
        false => format!("rm: descend into directory {}? ", quoteaf(path)),
    });
    answer(cx)
}

/// Is the next line of standard input a yes?
fn answer(cx: &mut Context<'_>) -> bool {
    let Some(fd) = cx.process.fds.get(&0).cloned() else { return false };
    let mut line = Vec::new();
    loop {
        let next = crate::shell::files::read(&fd, cx.system, 1).ok().and_then(|byte| byte.to_bytes().ok());
        match next.as_deref().and_then(|bytes| bytes.first()) {
            None | Some(b'\n') => return line.first().is_some_and(|first| matches!(first, b'y' | b'Y')),
            Some(byte) => line.push(*byte),
        }
    }
}

fn refuse(cx: &mut Context<'_>, path: &str, errno: Errno) -> bool {
    if cx.busybox() {
        cx.complain_of(format_args!("can't remove '{path}'"), errno);
    } else {
        cx.complain_of(format_args!("cannot remove {}", quoteaf(path)), errno);
    }
    false
}
