//! What must hold of the filesystem whatever is done to it: random operations over a small tree, in several layers.

use layerlab::path::AbsPath;
use layerlab::vfs::{ChangeKind, Changeset, Content, Cred, EntryKind, Errno, OpenOptions, Overlay, Snapshot, diff};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Few names, so that operations meet; some of them sort between a directory and what is below it.
const PATHS: [&str; 14] =
    ["/a", "/a/b", "/a/b/c", "/a/b/d", "/a/e", "/a-x", "/a.x", "/f", "/g", "/g/b", "/g/b/c", "/h", "/h/i", "/l/b"];

#[derive(Debug, Clone)]
pub(crate) enum Operation {
    Mkdir(usize),
    Write(usize, u8),
    Append(usize),
    Chmod(usize, u16),
    Chown(usize, u32),
    Link(usize, usize),
    Symlink(usize, usize),
    Unlink(usize),
    Rmdir(usize),
    RemoveAll(usize),
    Rename(usize, usize),
    Truncate(usize, u64),
    Touch(usize),
}

fn operation() -> impl Strategy<Value = Operation> {
    let path = || 0..PATHS.len();
    prop_oneof![
        4 => path().prop_map(Operation::Mkdir),
        4 => (path(), any::<u8>()).prop_map(|(path, byte)| Operation::Write(path, byte)),
        1 => path().prop_map(Operation::Append),
        2 => (path(), prop_oneof![Just(0o755), Just(0o644), Just(0o4755), Just(0o2775)])
            .prop_map(|(path, mode)| Operation::Chmod(path, mode)),
        1 => (path(), 0..3u32).prop_map(|(path, id)| Operation::Chown(path, id)),
        2 => (path(), path()).prop_map(|(old, new)| Operation::Link(old, new)),
        1 => (path(), path()).prop_map(|(target, new)| Operation::Symlink(target, new)),
        2 => path().prop_map(Operation::Unlink),
        2 => path().prop_map(Operation::Rmdir),
        2 => path().prop_map(Operation::RemoveAll),
        4 => (path(), path()).prop_map(|(old, new)| Operation::Rename(old, new)),
        1 => (path(), 0..9u64).prop_map(|(path, len)| Operation::Truncate(path, len)),
        1 => path().prop_map(Operation::Touch),
    ]
}

pub(crate) fn layers() -> impl Strategy<Value = Vec<Vec<Operation>>> {
    prop::collection::vec(prop::collection::vec(operation(), 0..24), 1..6)
}

/// Does it; errors are part of what a filesystem does.
pub(crate) fn operate(fs: &mut Overlay, operation: &Operation) {
    let root = Cred::root();
    let done: Result<(), Errno> = match *operation {
        Operation::Mkdir(path) => fs.mkdir(&root, PATHS[path], 0o755),
        Operation::Write(path, byte) => fs.write(&root, PATHS[path], &Content::from(vec![byte; 3]), 0o644),
        Operation::Append(path) => fs.open(&root, PATHS[path], OpenOptions::appending(), 0o644).and_then(|ino| {
            let end = fs.len_handle(ino);
            fs.write_handle(ino, end, &Content::from("x"))
        }),
        Operation::Chmod(path, mode) => fs.chmod(&root, PATHS[path], mode),
        Operation::Chown(path, id) => fs.chown(&root, PATHS[path], Some(id), None, false),
        Operation::Link(old, new) => fs.link(&root, PATHS[old], PATHS[new]),
        Operation::Symlink(target, new) => fs.symlink(&root, PATHS[target], PATHS[new]),
        Operation::Unlink(path) => fs.unlink(&root, PATHS[path]),
        Operation::Rmdir(path) => fs.rmdir(&root, PATHS[path]),
        Operation::RemoveAll(path) => remove_all(fs, PATHS[path]),
        Operation::Rename(old, new) => fs.rename(&root, PATHS[old], PATHS[new]),
        Operation::Truncate(path, len) => fs.truncate(&root, PATHS[path], len),
        Operation::Touch(path) => fs.set_mtime(&root, PATHS[path], None, true),
    };
    let _ = done;
}

fn remove_all(fs: &mut Overlay, path: &str) -> Result<(), Errno> {
    let root = Cred::root();
    if !fs.lstat(&root, path)?.is_dir() {
        return fs.unlink(&root, path);
    }
    for entry in fs.read_dir(&root, path)? {
        remove_all(fs, &format!("{path}/{}", entry.name))?;
    }
    fs.rmdir(&root, path)
}

/// The layers with the snapshots before and after each.
fn build(layers: &[Vec<Operation>]) -> Vec<(Snapshot, Snapshot, Changeset)> {
    let mut before = Snapshot::empty();
    let mut built = Vec::new();
    for operations in layers {
        let mut overlay = Overlay::new(before.clone());
        for operation in operations {
            operate(&mut overlay, operation);
        }
        let (after, changeset) = overlay.commit();
        built.push((before, after.clone(), changeset));
        before = after;
    }
    built
}

fn paths(snapshot: &Snapshot) -> BTreeSet<AbsPath> {
    snapshot.walk().map(|(path, _, _)| path).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]

    /// What a container runtime unpacks is what the build saw.
    #[test]
    fn layers_in_order_give_the_snapshot(layers in layers()) {
        let mut applied = Snapshot::empty();
        for (before, after, changeset) in build(&layers) {
            prop_assert_eq!(&applied, &before);
            applied = applied.apply(&changeset);
            prop_assert_eq!(&applied, &after);
        }
    }

    /// The same operations on what was unpacked leave the same layer as on what was built.
    #[test]
    fn a_build_goes_on_from_unpacked_layers(layers in layers()) {
        let mut applied = Snapshot::empty();
        for (operations, (_, after, changeset)) in layers.iter().zip(build(&layers)) {
            let mut overlay = Overlay::new(applied.clone());
            for operation in operations {
                operate(&mut overlay, operation);
            }
            let (again, same) = overlay.commit();
            prop_assert_eq!(super::vfs::describe(&same), super::vfs::describe(&changeset));
            prop_assert_eq!(again, after);
            applied = applied.apply(&changeset);
        }
    }

    /// Deterministic, to the nanosecond of every write.
    #[test]
    fn the_same_again_is_the_same(layers in layers()) {
        for (first, second) in build(&layers).into_iter().zip(build(&layers)) {
            prop_assert_eq!(first.2, second.2);
        }
    }

    /// Whiteouts hide something, entries stand in tree order under their parents, links lead to files before them.
    #[test]
    fn changesets_are_well_formed(layers in layers()) {
        for (before, after, changeset) in build(&layers) {
            let mut dirs = BTreeSet::from([AbsPath::root()]);
            let mut files = BTreeSet::new();
            let mut last: Option<(AbsPath, bool)> = None;
            for entry in &changeset.entries {
                let at = (entry.path.clone(), entry.kind == EntryKind::Opaque);
                prop_assert!(last.as_ref().is_none_or(|last| *last < at), "{} is out of order", entry.path);
                last = Some(at);
                prop_assert!(dirs.contains(&entry.path.parent().unwrap()), "{} has no parent", entry.path);
                let lower = before.lookup(&entry.path).is_some();
                let upper = after.lookup(&entry.path).is_some();
                match &entry.kind {
                    EntryKind::Whiteout => prop_assert!(lower && !upper, "whiteout of {}", entry.path),
                    EntryKind::Opaque => prop_assert!(dirs.contains(&entry.path), "opaque of {}", entry.path),
                    EntryKind::Hardlink(target) => prop_assert!(files.contains(target), "link to {target}"),
                    EntryKind::Dir => { dirs.insert(entry.path.clone()); }
                    _ => { files.insert(entry.path.clone()); }
                }
                prop_assert!(upper || entry.kind == EntryKind::Whiteout, "{} is not there", entry.path);
            }
        }
    }

    /// `docker diff` names all that differs, and of what is gone the top.
    #[test]
    fn diff_names_what_differs(layers in layers()) {
        for (before, after, changeset) in build(&layers) {
            let changes = diff(&before, &after, &changeset);
            let listed = |kind| -> BTreeSet<AbsPath> {
                changes.iter().filter(|change| change.kind == kind).map(|change| change.path.clone()).collect()
            };
            let (old, new) = (paths(&before), paths(&after));
            prop_assert_eq!(listed(ChangeKind::Added), new.difference(&old).cloned().collect::<BTreeSet<_>>());
            let is_dir = |path: &AbsPath| after.lstat(path).is_some_and(|stat| stat.is_dir());
            let gone: BTreeSet<AbsPath> = old
                .difference(&new)
                .filter(|path| path.parent().is_some_and(|parent| parent.is_root() || is_dir(&parent)))
                .cloned()
                .collect();
            prop_assert_eq!(listed(ChangeKind::Deleted), gone);
            let changed = listed(ChangeKind::Changed);
            for path in old.intersection(&new) {
                let (old, new) = (before.lstat(path).unwrap(), after.lstat(path).unwrap());
                let mode = old.kind != new.kind || old.meta.mode != new.meta.mode || old.meta.uid != new.meta.uid;
                if mode || (!new.is_dir() && (old.size != new.size || old.meta.mtime != new.meta.mtime)) {
                    prop_assert!(changed.contains(path), "{path} changed");
                }
            }
        }
    }
}
