//! Copying as GNU coreutils does it (src/copy.c), for its `cp`, and `mv` across devices.
//!
//! A file that is there is opened and written to: it keeps its inode, mode and owner. It lacks sparse and reflink details,
//! which no layer shows, and extended attributes.

use super::Context;
use super::copy::{Link, fill, special_node};
use super::syscalls::{concat, quoteaf};
use crate::vfs::{Errno, Ino, OpenOptions, Stat};
use std::collections::BTreeMap;

/// Which links are followed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Follow {
    /// All (`-L`, and without `-R`).
    #[default]
    Always,
    /// Those of the command line (`-H`).
    Operands,
    /// None (`-P`, and with `-R`).
    Never,
}

/// How GNU copies.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Copying {
    /// Directories too.
    pub recursive: bool,
    /// Keep the mode.
    pub mode: bool,
    /// Keep the owner.
    pub owner: bool,
    /// Keep the time.
    pub times: bool,
    /// Keep hard links.
    pub links: bool,
    /// New files get 0666 after the umask (`--no-preserve=mode`).
    pub no_mode: bool,
    /// Which links are followed.
    pub follow: Follow,
    /// Remove a file that cannot be opened.
    pub force: bool,
    /// Remove a file that is there at once.
    pub remove_first: bool,
    /// Leave what is there.
    pub no_clobber: bool,
    /// Only over what is older.
    pub update: bool,
    /// Make links instead.
    pub link: Option<Link>,
    /// No content (`--attributes-only`).
    pub attributes_only: bool,
    /// Say what was copied.
    pub verbose: bool,
}

/// What was copied so far.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The copy of each inode that has other names.
    links: BTreeMap<Ino, String>,
    /// Directories made here.
    made: Vec<Ino>,
}

/// Copies; false if something could not be, which it has told.
pub(super) fn copy(cx: &mut Context<'_>, source: &str, dest: &str, how: Copying, seen: &mut Seen) -> bool {
    copy_entry(cx, source, dest, how, seen, true)
}

fn copy_entry(cx: &mut Context<'_>, source: &str, dest: &str, how: Copying, seen: &mut Seen, operand: bool) -> bool {
    if cx.stopped() {
        return false;
    }
    let follow = how.follow == Follow::Always || (how.follow == Follow::Operands && operand);
    let stat = match if follow { cx.stat(source) } else { cx.lstat(source) } {
        Ok(stat) => stat,
        Err(errno) => {
            cx.complain_of(format_args!("cannot stat {}", quoteaf(source)), errno);
            return false;
        }
    };
    if stat.is_dir() && !how.recursive {
        cx.complain(format_args!("-r not specified; omitting directory {}", quoteaf(source)));
        return false;
    }
    let mut there = cx.lstat(dest).ok();
    if let Some(found) = there.clone() {
        if found.ino == stat.ino && how.link != Some(Link::Hard) && !stat.is_dir() {
            cx.complain(format_args!("{} and {} are the same file", quoteaf(source), quoteaf(dest)));
            return false;
        }
        let real = cx.stat(dest).ok();
        let is_dir = real.as_ref().is_some_and(|stat| stat.is_dir()) && (found.is_dir() || operand);
        if real.as_ref().is_some_and(|real| real.ino == stat.ino && !stat.is_dir() && found.is_symlink() && follow)
            && !how.remove_first
            && how.link.is_none()
        {
            cx.complain(format_args!("{} and {} are the same file", quoteaf(source), quoteaf(dest)));
            return false;
        }
        if !stat.is_dir() {
            if is_dir && found.is_dir() {
                cx.complain(format_args!("cannot overwrite directory {} with non-directory", quoteaf(dest)));
                return false;
            }
            let older = real.as_ref().unwrap_or(&found).meta.mtime < stat.meta.mtime;
            if how.no_clobber || (how.update && !older) {
                return true;
            }
        } else if !is_dir {
            let (dest, source) = (quoteaf(dest), quoteaf(source));
            cx.complain(format_args!("cannot overwrite non-directory {dest} with directory {source}"));
            return false;
        }
        let replaces = how.remove_first || (how.follow == Follow::Never && stat.is_symlink()) || how.link.is_some();
        if !stat.is_dir() && (replaces && (how.link.is_none() || how.force || how.remove_first)) {
            if let Err(errno) = cx.unlink(dest) {
                cx.complain_of(format_args!("cannot remove {}", quoteaf(dest)), errno);
                return false;
            }
            there = None;
        }
    }
    if !stat.is_dir() && how.links && stat.nlink > 1 {
        if let Some(first) = seen.links.get(&stat.ino).cloned() {
            return again(cx, &first, dest, there.is_some());
        }
        seen.links.insert(stat.ino, dest.to_owned());
    }
    if stat.is_dir() {
        return copy_dir(cx, (source, dest), &stat, there.is_none(), how, seen);
    }
    let made = match how.link {
        Some(Link::Hard) => hard_link(cx, source, dest),
        Some(Link::Symbolic) => symbolic_link(cx, source, dest),
        None if stat.is_symlink() => {
            let target = cx.readlink(source).unwrap_or_default();
            cx.symlink(&target, dest)
                .map_err(|errno| cx.complain_of(format_args!("cannot create symbolic link {}", quoteaf(dest)), errno))
                .is_ok()
        }
        None if stat.is_file() || !how.recursive => copy_file(cx, source, dest, &stat, how),
        None => {
            if there.is_some() {
                // A pipe or device takes the place of what is there.
                let _gone = cx.unlink(dest);
            }
            match special_node(cx, &stat).map(|node| cx.mknod(dest, node, stat.meta.mode)) {
                Some(Ok(())) => true,
                Some(Err(errno)) => {
                    cx.complain_of(format_args!("cannot create special file {}", quoteaf(dest)), errno);
                    false
                }
                None => false,
            }
        }
    };
    if !made {
        return false;
    }
    if how.link.is_none() {
        preserve(cx, dest, &stat, how);
    }
    if how.verbose {
        cx.out(format!("{} -> {}\n", quoteaf(source), quoteaf(dest)));
    }
    true
}

fn copy_file(cx: &mut Context<'_>, source: &str, dest: &str, stat: &Stat, how: Copying) -> bool {
    let content = match cx.system.fs.read(&cx.process.cred, &cx.process.path(source)) {
        Ok(content) => content,
        Err(errno) => {
            cx.complain_of(format_args!("cannot open {} for reading", quoteaf(source)), errno);
            return false;
        }
    };
    if cx.lstat(dest).is_ok_and(|there| there.is_symlink()) && cx.stat(dest) == Err(Errno::ENOENT) {
        if !how.force {
            cx.complain(format_args!("not writing through dangling symlink {}", quoteaf(dest)));
            return false;
        }
        let _gone = cx.unlink(dest);
    }
    let mode = if how.no_mode { 0o666 } else { stat.meta.mode & 0o777 };
    // With -p, group and others get nothing until the owner is right.
    let mode = if how.owner { mode & 0o700 } else { mode };
    let options = OpenOptions { truncate: !how.attributes_only, ..OpenOptions::appending() };
    let opened = match cx.open(dest, options, mode) {
        Err(errno @ Errno::EISDIR) if cx.lstat(dest).is_err() => {
            let errno = if dest.ends_with('/') { Errno::ENOTDIR } else { errno };
            Err(errno)
        }
        Err(errno) if how.force && cx.lstat(dest).is_ok() => cx.unlink(dest).and_then(|()| {
            if how.verbose {
                cx.out(format!("removed {}\n", quoteaf(dest)));
            }
            cx.open(dest, options, mode).map_err(|_| errno)
        }),
        opened => opened,
    };
    match opened {
        Ok(ino) => {
            if how.attributes_only {
                return true;
            }
            match fill(cx, ino, &content, stat) {
                Ok(()) => true,
                Err(errno) => {
                    cx.complain_of(format_args!("error writing {}", quoteaf(dest)), errno);
                    false
                }
            }
        }
        Err(errno) => {
            cx.complain_of(format_args!("cannot create regular file {}", quoteaf(dest)), errno);
            false
        }
    }
}

fn copy_dir(
    cx: &mut Context<'_>,
    (source, dest): (&str, &str),
    stat: &Stat,
    new: bool,
    how: Copying,
    seen: &mut Seen,
) -> bool {
    if seen.made.contains(&stat.ino) {
        let top = source.split_once('/').map_or(source, |(top, _)| top);
        cx.complain(format_args!("cannot copy a directory, {}, into itself, {}", quoteaf(top), quoteaf(source)));
        return false;
    }
    if new {
        let mode = if how.no_mode { 0o777 } else { stat.meta.mode };
        let masked = cx.process.masked(mode & 0o1777) | 0o700;
        let path = cx.process.path(dest);
        if let Err(errno) = cx.system.fs.mkdir(&cx.process.cred, &path, masked) {
            cx.complain_of(format_args!("cannot create directory {}", quoteaf(dest)), errno);
            return false;
        }
        if let Ok(made) = cx.lstat(dest) {
            seen.made.push(made.ino);
        }
        if how.verbose {
            cx.out(format!("{} -> {}\n", quoteaf(source), quoteaf(dest)));
        }
    }
    let mut whole = true;
    match cx.read_dir(source) {
        Ok(children) => {
            for child in children {
                whole &= copy_entry(cx, &concat(source, &child.name), &concat(dest, &child.name), how, seen, false);
            }
        }
        Err(errno) => {
            cx.complain_of(format_args!("cannot access {}", quoteaf(source)), errno);
            whole = false;
        }
    }
    if how.mode || how.owner || how.times {
        preserve(cx, dest, stat, how);
    } else if new && !how.no_mode {
        let inherited = cx.lstat(dest).map_or(0, |made| made.meta.mode & 0o2000);
        let mode = cx.process.masked(stat.meta.mode & 0o1777) | inherited;
        if cx.lstat(dest).is_ok_and(|made| made.meta.mode != mode) {
            let _told = cx.chmod(dest, mode);
        }
    }
    whole
}

fn preserve(cx: &mut Context<'_>, dest: &str, stat: &Stat, how: Copying) {
    let follow = !stat.is_symlink();
    if how.times
        && let Err(errno) = cx.set_mtime(dest, Some(stat.meta.mtime), follow)
    {
        cx.complain_of(format_args!("preserving times for {}", quoteaf(dest)), errno);
    }
    let mut mode = stat.meta.mode;
    if how.owner {
        let same = cx.lstat(dest).is_ok_and(|new| (new.meta.uid, new.meta.gid) == (stat.meta.uid, stat.meta.gid));
        if !same && cx.chown(dest, Some(stat.meta.uid), Some(stat.meta.gid), follow).is_err() {
            // Not root: silently not kept, and then no setuid either.
            mode &= !0o6000;
        }
    }
    if stat.is_symlink() {
        return;
    }
    if how.mode
        && let Err(errno) = cx.chmod(dest, mode)
    {
        cx.complain_of(format_args!("preserving permissions for {}", quoteaf(dest)), errno);
    } else if how.owner && !how.mode {
        let masked = cx.process.masked(if how.no_mode { 0o666 } else { mode & 0o777 });
        let _told = cx.chmod(dest, masked);
    }
}

fn again(cx: &mut Context<'_>, first: &str, dest: &str, there: bool) -> bool {
    if there {
        // link(2) tells if this did not work.
        let _gone = cx.unlink(dest);
    }
    match cx.link(first, dest) {
        Ok(()) => true,
        Err(errno) => {
            let what = format!("cannot create hard link {} to {}", quoteaf(dest), quoteaf(first));
            cx.complain_of(what, errno);
            false
        }
    }
}

fn hard_link(cx: &mut Context<'_>, source: &str, dest: &str) -> bool {
    match cx.link(source, dest) {
        Ok(()) => true,
        Err(errno) => {
            let what = format!("cannot create hard link {} to {}", quoteaf(dest), quoteaf(source));
            cx.complain_of(what, errno);
            false
        }
    }
}

fn symbolic_link(cx: &mut Context<'_>, source: &str, dest: &str) -> bool {
    let dir = dest.rsplit_once('/').map_or(".", |(dir, _)| dir);
    let here = cx.stat(dir).ok().map(|stat| stat.ino) == cx.stat(".").ok().map(|stat| stat.ino);
    if !source.starts_with('/') && !here {
        let dest = quoteaf(dest);
        cx.complain(format_args!("{dest}: can make relative symbolic links only in current directory"));
        return false;
    }
    match cx.symlink(source, dest) {
        Ok(()) => true,
        Err(errno) => {
            let what = format!("cannot create symbolic link {} to {}", quoteaf(dest), quoteaf(source));
            cx.complain_of(what, errno);
            false
        }
    }
}
