//! Removing trees, for `rm` and for `mv` across devices: children first, in the order of the directory.

use super::Context;
use super::syscalls::{concat, quoteaf};
use crate::vfs::Errno;

/// How to remove.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Removal {
    /// Directories too, with what is in them.
    pub recursive: bool,
    /// What is missing is no error.
    pub force: bool,
    /// Say what was removed.
    pub verbose: bool,
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

fn refuse(cx: &mut Context<'_>, path: &str, errno: Errno) -> bool {
    if cx.busybox() {
        cx.complain_of(format_args!("can't remove '{path}'"), errno);
    } else {
        cx.complain_of(format_args!("cannot remove {}", quoteaf(path)), errno);
    }
    false
}
