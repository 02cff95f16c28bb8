//! Walking a tree for `chmod -R`, `chown -R`, `chgrp -R`: a directory before what is in it, in the directory's order.

use super::Context;
use super::syscalls::concat;
use crate::vfs::{Errno, Stat};

/// Which links to directories are followed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Walk {
    /// Go into directories.
    pub recursive: bool,
    /// Follow a link of the command line to a directory (`-H`, `-L`).
    pub follow_operand: bool,
    /// Follow all links to directories (`-L`).
    pub follow_all: bool,
}

/// Calls `visit` with each path, its `lstat` and its depth (0 for the operand itself); false if it or a look-up failed.
pub(super) fn walk(
    cx: &mut Context<'_>,
    path: &str,
    how: Walk,
    visit: &mut dyn FnMut(&mut Context<'_>, &str, &Stat, usize) -> bool,
    failed: &mut dyn FnMut(&mut Context<'_>, &str, Errno),
) -> bool {
    step(cx, path, how, 0, visit, failed)
}

fn step(
    cx: &mut Context<'_>,
    path: &str,
    how: Walk,
    depth: usize,
    visit: &mut dyn FnMut(&mut Context<'_>, &str, &Stat, usize) -> bool,
    failed: &mut dyn FnMut(&mut Context<'_>, &str, Errno),
) -> bool {
    if cx.stopped() {
        return false;
    }
    let stat = match cx.lstat(path) {
        Ok(stat) => stat,
        Err(errno) => {
            failed(cx, path, errno);
            return false;
        }
    };
    let mut whole = visit(cx, path, &stat, depth);
    let follow = how.follow_all || (depth == 0 && how.follow_operand);
    let enters = stat.is_dir() || (stat.is_symlink() && follow && cx.is_dir(path));
    if !how.recursive || !enters {
        return whole;
    }
    match cx.read_dir(path) {
        Ok(children) => {
            for child in children {
                whole &= step(cx, &concat(path, &child.name), how, depth + 1, visit, failed);
            }
        }
        Err(errno) => {
            failed(cx, path, errno);
            whole = false;
        }
    }
    whole
}
