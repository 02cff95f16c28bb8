//! Changing `/etc/passwd`, `group`, `shadow` and `gshadow` as busybox (libbb/update_passwd.c) and shadow-utils
//! (lib/commonio.c) do it: both write a new file beside the old one and rename it, and leave the old state as a copy with a
//! dash (`/etc/passwd-`): busybox as a hard link made before, shadow-utils as a file.

use super::Context;
use crate::vfs::{Content, EPOCH, Errno, OpenOptions};

/// The files.
pub(super) const PASSWD: &str = "/etc/passwd";
pub(super) const GROUP: &str = "/etc/group";
pub(super) const SHADOW: &str = "/etc/shadow";
pub(super) const GSHADOW: &str = "/etc/gshadow";

/// Days since 1970 of a password that is changed now.
pub(super) const TODAY: i64 = EPOCH / 86_400;

/// The lines of a file; none if it cannot be read.
pub(super) fn lines(cx: &Context<'_>, path: &str) -> Option<Vec<String>> {
    let content = cx.system.fs.read(&cx.process.cred, path).ok()?;
    Some(content.to_text().ok()?.lines().map(str::to_owned).collect())
}

/// The name in a line.
pub(super) fn name_of(line: &str) -> &str {
    line.split(':').next().unwrap_or_default()
}

/// Does the file have a line for this name?
pub(super) fn has(cx: &Context<'_>, path: &str, name: &str) -> bool {
    lines(cx, path).is_some_and(|lines| lines.iter().any(|line| name_of(line) == name))
}

fn text(lines: &[String]) -> Content {
    Content::from(lines.iter().map(|line| format!("{line}\n")).collect::<String>())
}

/// Rewrites a file as busybox does; false after telling what failed. A missing `shadow` or `gshadow` is passed over.
pub(super) fn busybox_update(cx: &mut Context<'_>, path: &str, edit: impl FnOnce(&mut Vec<String>)) -> bool {
    let shadow = path == SHADOW || path == GSHADOW;
    let opened = cx.open(path, OpenOptions { read: true, write: true, ..OpenOptions::default() }, 0);
    let (Ok(_), Some(mut lines), Ok(stat)) = (opened, lines(cx, path), cx.stat(path)) else {
        if !shadow {
            cx.complain_of(path, opened.err().unwrap_or(Errno::ENOENT));
        }
        return shadow;
    };
    let (new, backup) = (format!("{path}+"), format!("{path}-"));
    let options = OpenOptions { exclusive: true, ..OpenOptions::appending() };
    let ino = match cx.open(&new, options, 0o600) {
        Ok(ino) => ino,
        Err(errno) => {
            cx.complain_of(format_args!("can't create '{new}'"), errno);
            return false;
        }
    };
    edit(&mut lines);
    let meta = stat.meta;
    // Whether these work shows in the file; the real one does not look.
    let _ignored =
        cx.chmod(&new, meta.mode & 0o777).and_then(|()| cx.chown(&new, Some(meta.uid), Some(meta.gid), true));
    let _ignored = cx.unlink(&backup);
    let done = cx
        .link(path, &backup)
        .and_then(|()| {
            let content = text(&lines);
            if content.is_empty() { Ok(()) } else { cx.system.fs.write_handle(ino, 0, &content) }
        })
        .and_then(|()| cx.rename(&new, path));
    if let Err(errno) = done {
        cx.complain_of(path, errno);
    }
    done.is_ok()
}

/// Rewrites a file as shadow-utils do, if `edit` changes it; a missing one is passed over (but for passwd and group, which
/// are made).
pub(super) fn shadow_update(
    cx: &mut Context<'_>,
    path: &str,
    edit: impl FnOnce(&mut Vec<String>),
) -> Result<(), Errno> {
    let made = path == PASSWD || path == GROUP;
    let before = match lines(cx, path) {
        Some(lines) => lines,
        None if made => Vec::new(),
        None => return Ok(()),
    };
    let mut after = before.clone();
    edit(&mut after);
    if after == before {
        return Ok(());
    }
    let (new, backup) = (format!("{path}+"), format!("{path}-"));
    let content = text(&after);
    if let Ok(stat) = cx.stat(path) {
        let meta = stat.meta;
        let old = cx.system.fs.read(&cx.process.cred, path)?;
        for (file, content, mtime) in [(&backup, &old, Some(meta.mtime)), (&new, &content, None)] {
            let ino = cx.open(file, OpenOptions::replacing(), 0o600)?;
            if !content.is_empty() {
                cx.system.fs.write_handle(ino, 0, content)?;
            }
            cx.chown(file, Some(meta.uid), Some(meta.gid), true)?;
            cx.chmod(file, meta.mode)?;
            if mtime.is_some() {
                cx.set_mtime(file, mtime, true)?;
            }
        }
    } else {
        let ino = cx.open(&new, OpenOptions::replacing(), 0o644)?;
        cx.system.fs.write_handle(ino, 0, &content)?;
    }
    cx.rename(&new, path)
}

/// What every program of shadow-utils does first: it takes the lock `/etc/.pwd.lock` (which stays), and the locks of the
/// files (which go again).
///
/// # Errors
/// EACCES for a user who may not.
pub(super) fn lock(cx: &mut Context<'_>) -> Result<(), Errno> {
    cx.open("/etc/.pwd.lock", OpenOptions::appending(), 0o600)?;
    let options = OpenOptions { exclusive: true, ..OpenOptions::appending() };
    cx.open("/etc/passwd.lock", options, 0o600)?;
    cx.unlink("/etc/passwd.lock")
}

/// Replaces the lines of a name, or adds one.
pub(super) fn put(lines: &mut Vec<String>, name: &str, line: String) {
    match lines.iter_mut().find(|line| name_of(line) == name) {
        Some(found) => *found = line,
        None => lines.push(line),
    }
}

/// Changes one field (from 0) of the lines of a name.
pub(super) fn set_field(lines: &mut [String], name: &str, field: usize, value: &str) {
    for line in lines.iter_mut().filter(|line| name_of(line) == name) {
        let mut fields: Vec<&str> = line.split(':').collect();
        if let Some(place) = fields.get_mut(field) {
            *place = value;
        }
        let changed = fields.join(":");
        *line = changed;
    }
}

/// Adds a member to, or takes one from, the last field of the lines that `of` accepts; the number of lines changed.
pub(super) fn members(lines: &mut [String], of: impl Fn(&str) -> bool, user: &str, add: bool) -> usize {
    let mut count = 0;
    for line in lines.iter_mut() {
        if !of(name_of(line)) {
            continue;
        }
        let Some((head, list)) = line.rsplit_once(':') else { continue };
        let mut list: Vec<&str> = list.split(',').filter(|member| !member.is_empty()).collect();
        if add == list.contains(&user) {
            continue;
        }
        if add {
            list.push(user)
        } else {
            list.retain(|member| *member != user)
        }
        let changed = format!("{head}:{}", list.join(","));
        *line = changed;
        count += 1;
    }
    count
}
