//! The build context: the files that COPY, ADD and bind mounts see.

use super::outcome::ContextSize;
use crate::dockerfile::ignore::Ignore;
use crate::path::AbsPath;
use crate::vfs::{Changeset, Content, EPOCH, Entry, EntryKind, Inode, Meta, Node, Snapshot, Time};
use std::collections::BTreeSet;

/// The files of a build context. They belong to 0:0; files have mode 0644, or 0755 if executable, directories 0755.
#[derive(Debug, Clone, PartialEq)]
pub struct Context {
    files: Snapshot,
    placeholders: BTreeSet<AbsPath>,
}

/// A file of the context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContextFile {
    /// A regular file.
    File {
        /// What it holds.
        content: Content,
        /// Is it executable?
        executable: bool,
    },
    /// A directory; needed for empty ones only.
    Dir,
    /// A symbolic link.
    Symlink(String),
}

impl Default for Context {
    fn default() -> Self {
        Self::new([])
    }
}

impl Context {
    /// A context of these files; paths are relative to its root. Of one path given twice the last counts.
    pub fn new(files: impl IntoIterator<Item = (String, ContextFile)>) -> Self {
        let mut entries: Vec<Entry> = files
            .into_iter()
            .map(|(path, file)| {
                let (kind, mode) = match file {
                    ContextFile::File { content, executable } => {
                        (EntryKind::File(content), if executable { 0o755 } else { 0o644 })
                    }
                    ContextFile::Dir => (EntryKind::Dir, 0o755),
                    ContextFile::Symlink(target) => (EntryKind::Symlink(target.into()), 0o777),
                };
                let meta = Meta { mode, uid: 0, gid: 0, mtime: Time { seconds: EPOCH, nanos: 0 } };
                Entry { path: AbsPath::new(&path), kind, meta }
            })
            .filter(|entry| !entry.path.is_root())
            .collect();
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        Self { files: Snapshot::empty().apply(&Changeset { entries }), placeholders: BTreeSet::new() }
    }

    /// The same, where the files of these paths are placeholders: steps that use them say so.
    pub fn with_placeholders<'a>(mut self, paths: impl IntoIterator<Item = &'a str>) -> Self {
        self.placeholders.extend(paths.into_iter().map(AbsPath::new));
        self
    }

    /// The files that are placeholders.
    pub fn placeholders(&self) -> &BTreeSet<AbsPath> {
        &self.placeholders
    }

    /// The text of a file at the top, such as `.dockerignore`; none if it is not there or not text.
    pub fn text(&self, name: &str) -> Option<String> {
        let ino = self.files.lookup(&AbsPath::root().child(name))?;
        match &self.files.inode(ino)?.node {
            Node::File(content) => String::from_utf8(content.to_bytes().ok()?.to_vec()).ok(),
            _ => None,
        }
    }

    /// All files, as a filesystem.
    pub fn files(&self) -> &Snapshot {
        &self.files
    }

    /// What is left after `.dockerignore`, and the sizes before and after. A directory that is excluded is still there
    /// if something in it is not.
    pub fn filter(&self, ignore: &Ignore) -> (Snapshot, ContextSize) {
        let paths: Vec<(String, bool, u64)> = self
            .files
            .walk()
            .map(|(path, _, inode)| (path.as_str()[1..].to_owned(), matches!(inode.node, Node::Dir(_)), inode.size()))
            .collect();
        let kept = ignore.kept(paths.iter().map(|(path, is_dir, _)| (path.as_str(), *is_dir)));
        let mut size = ContextSize::default();
        for (path, _, bytes) in paths.iter().filter(|(_, is_dir, _)| !is_dir) {
            size.files += 1;
            size.bytes += bytes;
            if kept.contains(path.as_str()) {
                size.sent_files += 1;
                size.sent_bytes += bytes;
            }
        }
        let entries = self
            .files
            .walk()
            .filter(|(path, _, _)| kept.contains(&path.as_str()[1..]))
            .map(|(path, _, inode)| entry(path, inode))
            .collect();
        (Snapshot::empty().apply(&Changeset { entries }), size)
    }
}

fn entry(path: AbsPath, inode: &Inode) -> Entry {
    let kind = match &inode.node {
        Node::File(content) => EntryKind::File(content.clone()),
        Node::Symlink(target) => EntryKind::Symlink(target.clone()),
        _ => EntryKind::Dir,
    };
    Entry { path, kind, meta: inode.meta }
}
