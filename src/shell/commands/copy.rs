//! Copying as busybox does it (libbb/copy_file.c), for its `cp`, `mv` across devices, and `install`; with what both
//! flavours share.
//!
//! A file that is there is not written to: it is removed, and a new one made with the source's mode after the umask.

use super::Context;
use super::syscalls::concat;
use crate::vfs::{Errno, FileKind, Ino, Node, OpenOptions, Stat, Time};
use std::collections::BTreeMap;

/// How busybox copies.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Copying {
    /// Directories too (`-r`).
    pub recursive: bool,
    /// Mode, owner, time (`-p`).
    pub preserve: bool,
    /// Follow links (the default without `-r`, and with `-L`).
    pub follow: bool,
    /// Follow links of the command line (`-H`).
    pub follow_operands: bool,
    /// Leave what is there (`-n`).
    pub no_clobber: bool,
    /// Only over what is older (`-u`).
    pub update: bool,
    /// Make links instead: `-s` or `-l`.
    pub link: Option<Link>,
    /// Say what was copied.
    pub verbose: bool,
}

/// Which links to make instead of copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// `-s`
    Symbolic,
    /// `-l`
    Hard,
}

/// What was copied so far: the place of each inode's copy; none for a directory that was made here.
pub(super) type Seen = BTreeMap<Ino, Option<String>>;

/// Copies; false if something could not be, which it has told.
pub(super) fn copy(cx: &mut Context<'_>, source: &str, dest: &str, how: Copying, seen: &mut Seen) -> bool {
    if cx.stopped() {
        return false;
    }
    let follow = how.follow || how.follow_operands;
    let stat = match if follow { cx.stat(source) } else { cx.lstat(source) } {
        Ok(stat) => stat,
        Err(_) if how.link.is_some() => return make_link(cx, source, dest, how),
        Err(errno) => {
            cx.complain_of(format_args!("can't stat '{source}'"), errno);
            return false;
        }
    };
    let there = match cx.lstat(dest) {
        Ok(there) if there.ino == stat.ino => {
            cx.complain(format_args!("'{source}' and '{dest}' are the same file"));
            return false;
        }
        Ok(there) => Some(there),
        Err(Errno::ENOENT) => None,
        Err(errno) => {
            cx.complain_of(format_args!("can't stat '{dest}'"), errno);
            return false;
        }
    };
    if stat.is_dir() {
        return copy_dir(cx, (source, dest), &stat, there.as_ref(), how, seen);
    }
    if let Some(there) = &there {
        if how.update && stat.meta.mtime.seconds <= there.meta.mtime.seconds {
            return true;
        }
        if how.no_clobber {
            return true;
        }
    }
    if how.link.is_some() {
        return make_link(cx, source, dest, how);
    }
    if stat.is_file() || !how.recursive {
        if !follow && stat.is_symlink() {
            return copy_special(cx, source, dest, &stat, there.is_some(), how);
        }
        if !follow {
            if let Some(Some(first)) = seen.get(&stat.ino).cloned() {
                return link_to(cx, &first, dest);
            }
            seen.insert(stat.ino, Some(dest.to_owned()));
        }
        let content = match cx.system.fs.read(&cx.process.cred, &cx.process.path(source)) {
            Ok(content) => content,
            Err(Errno::EISDIR) => return false,
            Err(errno) => {
                cx.complain_of(format_args!("can't open '{source}'"), errno);
                return false;
            }
        };
        let mode = if stat.is_file() { stat.meta.mode } else { 0o666 };
        let options = OpenOptions { write: true, create: true, exclusive: true, ..OpenOptions::default() };
        let ino = match cx.open(dest, options, mode) {
            Ok(ino) => ino,
            Err(errno) => {
                if !make_way(cx, dest, errno) {
                    return false;
                }
                match cx.open(dest, options, mode) {
                    Ok(ino) => ino,
                    Err(errno) => {
                        cx.complain_of(format_args!("can't open '{dest}'"), errno);
                        return false;
                    }
                }
            }
        };
        if let Err(errno) = fill(cx, ino, &content, &stat) {
            cx.complain_of("write error", errno);
            return false;
        }
        if !stat.is_file() {
            return true;
        }
        preserve(cx, dest, &stat, how);
        said(cx, source, dest, how);
        return true;
    }
    copy_special(cx, source, dest, &stat, there.is_some(), how)
}

/// Writes what was read; an endless device fills the disk.
pub(super) fn fill(cx: &mut Context<'_>, ino: Ino, content: &crate::vfs::Content, source: &Stat) -> Result<(), Errno> {
    let fs = &mut cx.system.fs;
    if content.is_empty() {
        return Ok(());
    }
    fs.write_handle(ino, 0, content)?;
    if source.kind == FileKind::CharDevice {
        fs.write_handle(ino, content.len(), &crate::vfs::Content::zeros(1))?;
    }
    Ok(())
}

fn copy_dir(
    cx: &mut Context<'_>,
    (source, dest): (&str, &str),
    stat: &Stat,
    there: Option<&Stat>,
    how: Copying,
    seen: &mut Seen,
) -> bool {
    if !how.recursive {
        cx.complain(format_args!("omitting directory '{source}'"));
        return false;
    }
    if seen.contains_key(&stat.ino) {
        cx.complain(format_args!("recursion detected, omitting directory '{source}'"));
        return false;
    }
    match there {
        Some(there) if !there.is_dir() => {
            cx.complain(format_args!("target '{dest}' is not a directory"));
            return false;
        }
        Some(there) => {
            seen.insert(there.ino, None);
        }
        None => {
            let masked = if how.preserve { stat.meta.mode } else { cx.process.masked(stat.meta.mode) };
            let path = cx.process.path(dest);
            if let Err(errno) = cx.system.fs.mkdir(&cx.process.cred, &path, (masked | 0o700) & 0o1777) {
                cx.complain_of(format_args!("can't create directory '{dest}'"), errno);
                return false;
            }
            if let Ok(made) = cx.lstat(dest) {
                seen.insert(made.ino, None);
            }
        }
    }
    let mut whole = true;
    match cx.read_dir(source) {
        Ok(children) => {
            let below = Copying { follow_operands: false, ..how };
            for child in children {
                whole &= copy(cx, &concat(source, &child.name), &concat(dest, &child.name), below, seen);
            }
        }
        Err(errno) => {
            cx.complain_of(format_args!("can't open '{source}'"), errno);
            whole = false;
        }
    }
    if there.is_none() {
        let mode = cx.process.masked(stat.meta.mode);
        if let Err(errno) = cx.chmod(dest, mode) {
            cx.complain_of(format_args!("can't preserve permissions of '{dest}'"), errno);
        }
    }
    preserve(cx, dest, stat, how);
    said(cx, source, dest, how);
    whole
}

fn copy_special(cx: &mut Context<'_>, source: &str, dest: &str, stat: &Stat, there: bool, how: Copying) -> bool {
    if there && !make_way(cx, dest, Errno::EEXIST) {
        return false;
    }
    if stat.is_symlink() {
        let target = cx.readlink(source).unwrap_or_default();
        if let Err(errno) = cx.symlink(&target, dest) {
            cx.complain_of(format_args!("can't create symlink '{dest}' to '{target}'"), errno);
            return false;
        }
        if how.preserve
            && let Err(errno) = cx.chown(dest, Some(stat.meta.uid), Some(stat.meta.gid), false)
        {
            cx.complain_of(format_args!("can't preserve ownership of '{dest}'"), errno);
        }
        said(cx, source, dest, how);
        return true;
    }
    let made = match special_node(cx, stat) {
        Some(node) => cx.mknod(dest, node, stat.meta.mode),
        None => Err(Errno::EINVAL),
    };
    if let Err(errno) = made {
        cx.complain_of(format_args!("can't create '{dest}'"), errno);
        return false;
    }
    preserve(cx, dest, stat, how);
    said(cx, source, dest, how);
    true
}

/// The node of a pipe or device, for another like it.
pub(super) fn special_node(cx: &Context<'_>, stat: &Stat) -> Option<Node> {
    match cx.system.fs.merged().inode(stat.ino).map(|inode| &inode.node) {
        Some(node @ (Node::Fifo | Node::CharDevice { .. } | Node::BlockDevice { .. })) => Some(node.clone()),
        _ => None,
    }
}

fn make_link(cx: &mut Context<'_>, source: &str, dest: &str, how: Copying) -> bool {
    let make = |cx: &mut Context<'_>| match how.link {
        Some(Link::Symbolic) => cx.symlink(source, dest),
        _ => cx.link(source, dest),
    };
    if let Err(errno) = make(cx) {
        if !make_way(cx, dest, errno) {
            return false;
        }
        if let Err(errno) = make(cx) {
            cx.complain_of(format_args!("can't create link '{dest}'"), errno);
            return false;
        }
    }
    said(cx, source, dest, how);
    true
}

fn link_to(cx: &mut Context<'_>, first: &str, dest: &str) -> bool {
    let Err(errno) = cx.link(first, dest) else { return true };
    if !make_way(cx, dest, errno) {
        return false;
    }
    match cx.link(first, dest) {
        Ok(()) => true,
        Err(errno) => {
            cx.complain_of(format_args!("can't create link '{dest}'"), errno);
            false
        }
    }
}

/// Removes what is in the way; `before` is the error that made it necessary.
fn make_way(cx: &mut Context<'_>, dest: &str, before: Errno) -> bool {
    match cx.unlink(dest) {
        Ok(()) => true,
        Err(_) => {
            cx.complain_of(format_args!("can't create '{dest}'"), before);
            false
        }
    }
}

fn preserve(cx: &mut Context<'_>, dest: &str, stat: &Stat, how: Copying) {
    if !how.preserve {
        return;
    }
    let time = Time { nanos: stat.meta.mtime.nanos, ..stat.meta.mtime };
    let mut mode = stat.meta.mode;
    if let Err(errno) = cx.set_mtime(dest, Some(time), true) {
        cx.complain_of(format_args!("can't preserve times of '{dest}'"), errno);
    }
    if let Err(errno) = cx.chown(dest, Some(stat.meta.uid), Some(stat.meta.gid), true) {
        mode &= !0o6000;
        cx.complain_of(format_args!("can't preserve ownership of '{dest}'"), errno);
    }
    if let Err(errno) = cx.chmod(dest, mode) {
        cx.complain_of(format_args!("can't preserve permissions of '{dest}'"), errno);
    }
}

fn said(cx: &mut Context<'_>, source: &str, dest: &str, how: Copying) {
    if how.verbose {
        cx.out(format!("'{source}' -> '{dest}'\n"));
    }
}
