//! Which files a source of COPY or ADD means, and what BuildKit makes a cache key of.

use super::outcome::{FileChange, FileChangeKind};
use crate::digest::{Digest, Hasher};
use crate::glob::{self, PatternList, has_wildcards};
use crate::path::AbsPath;
use crate::vfs::{Cred, Ino, Inode, Node, Snapshot};
use std::collections::BTreeMap;

/// One thing that a source means: the path by which it was found, and the inode with links followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Its own path; the last component names the copy.
    pub path: AbsPath,
    /// Where links led.
    pub real: AbsPath,
    /// What is there.
    pub ino: Ino,
}

/// What a source means in a filesystem. Without a wildcard that is one thing or, if it is not there, an error; a
/// wildcard may match nothing, but not a link that leads nowhere. A matched directory's contents are not matched again.
///
/// # Errors
/// The path that is not there.
pub(super) fn find(source: &Snapshot, pattern: &str) -> Result<Vec<Found>, String> {
    let path = AbsPath::new(pattern);
    if !has_wildcards(path.as_str()) {
        let found = follow(source, &path).ok_or_else(|| path.to_string())?;
        return Ok(vec![found]);
    }
    let parts: Vec<&str> = path.components().collect();
    let fixed = parts.iter().take_while(|part| !has_wildcards(part)).count();
    let top = AbsPath::new(&parts[..fixed].join("/"));
    let pattern = parts[fixed..].join("/");
    let Some(top) = follow(source, &top) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    let mut done: Option<AbsPath> = None;
    for (path, _, inode) in source.walk_from(top.real.clone(), top.ino) {
        if done.as_ref().is_some_and(|dir| path.starts_with(dir)) {
            continue;
        }
        let Some(relative) = path.strip_prefix(&top.real) else { continue };
        if glob::matches(&pattern, relative) == Ok(true) {
            if matches!(inode.node, Node::Dir(_)) {
                done = Some(path.clone());
            }
            found.push(follow(source, &path).ok_or_else(|| path.to_string())?);
        }
    }
    Ok(found)
}

fn follow(source: &Snapshot, path: &AbsPath) -> Option<Found> {
    let at = source.resolve(&Cred::root(), path.as_str(), true).ok()?;
    Some(Found { path: path.clone(), real: at.path(), ino: at.ino()? })
}

/// What counts of a file for the cache: content, mode, owner, but not its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Print {
    content: String,
    mode: u16,
    owner: (u32, u32),
}

impl Print {
    fn of(inode: &Inode) -> Self {
        let content = match &inode.node {
            Node::File(content) => match content.digest() {
                Some(digest) => digest.hex(),
                None => format!("{} bytes", content.len()),
            },
            Node::Symlink(target) => format!("-> {target}"),
            node => format!("{:?}", std::mem::discriminant(node)),
        };
        Self { content, mode: inode.meta.mode, owner: (inode.meta.uid, inode.meta.gid) }
    }
}

/// Adds what is to be said of the files to their fingerprints: it makes another key.
pub(super) fn mark(prints: &mut Prints, message: &str) {
    for print in prints.values_mut() {
        print.content.push_str(message);
    }
}

/// The fingerprints of what some sources mean, by path.
pub(super) type Prints = BTreeMap<String, Print>;

/// Takes the fingerprints of found things and all below them, but for what is excluded.
pub(super) fn fingerprint(source: &Snapshot, found: &[Found], exclude: &PatternList, prints: &mut Prints) {
    for one in found {
        let Some(inode) = source.inode(one.ino) else { continue };
        // The directory that is named gives nothing of itself but its contents.
        if !matches!(inode.node, Node::Dir(_)) {
            prints.insert(one.path.to_string(), Print::of(inode));
            continue;
        }
        for (path, _, inode) in source.walk_from(one.path.clone(), one.ino) {
            if !exclude.excludes(path.strip_prefix(&one.path).unwrap_or("")) {
                prints.insert(path.to_string(), Print::of(inode));
            }
        }
    }
}

/// One digest of many fingerprints.
pub(super) fn digest(prints: &Prints) -> Digest {
    let mut hasher = Hasher::default();
    for (path, print) in prints {
        hasher.update(
            format!("{path}\0{}\0{:o}\0{}:{}\0", print.content, print.mode, print.owner.0, print.owner.1).as_bytes(),
        );
    }
    hasher.finish()
}

/// What changed between two sets of fingerprints, sorted by path.
pub(super) fn changes(before: &Prints, after: &Prints) -> Vec<FileChange> {
    let mut changes: Vec<FileChange> = before
        .keys()
        .filter(|path| !after.contains_key(*path))
        .map(|path| FileChange { path: path.clone(), what: FileChangeKind::Removed })
        .collect();
    for (path, new) in after {
        let what = match before.get(path) {
            None => FileChangeKind::Added,
            Some(old) if old.content != new.content => FileChangeKind::Content,
            Some(old) if old.mode != new.mode => FileChangeKind::Mode,
            Some(old) if old.owner != new.owner => FileChangeKind::Owner,
            Some(_) => continue,
        };
        changes.push(FileChange { path: path.clone(), what });
    }
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    changes
}
