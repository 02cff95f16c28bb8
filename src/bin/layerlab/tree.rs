//! Writes the files of an image into a folder, as BuildKit's local exporter does: modes, times, links; owners where it may.

use crate::command::Failure;
use layerlab::path::AbsPath;
use layerlab::vfs::{Content, Ino, Meta, Node, Snapshot};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

/// Writes a snapshot into a folder, which is made if it is missing. Nothing is written if the content of a file is not held.
///
/// # Errors
/// If contents are not held, something cannot be written, or the image has devices or pipes.
pub fn write(snapshot: &Snapshot, folder: &Path) -> Result<(), Failure> {
    check(snapshot)?;
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    // The folder may be a link; nothing below it that is followed may be one: what is there is replaced.
    let folder = fs::canonicalize(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut names: BTreeMap<Ino, PathBuf> = BTreeMap::new();
    let mut dirs: Vec<(PathBuf, Meta)> = Vec::new();
    for (path, ino, inode) in snapshot.walk() {
        let to = place(&folder, &path);
        let written = match (&inode.node, names.get(&ino)) {
            (Node::Dir(_), _) => {
                dirs.push((to.clone(), inode.meta));
                make_dir(&to)
            }
            (_, Some(first)) => make_room(&to).and_then(|()| fs::hard_link(first, &to)),
            (Node::File(content), None) => make_room(&to).and_then(|()| write_file(&to, content, inode.meta)),
            (Node::Symlink(target), None) => make_room(&to).and_then(|()| symlink(target, &to, inode.meta)),
            (Node::Fifo | Node::CharDevice { .. } | Node::BlockDevice { .. }, None) => Ok(()),
        };
        written.map_err(|error| format!("{}: {error}", to.display()))?;
        if inode.nlink > 1 {
            names.entry(ino).or_insert(to);
        }
    }
    // Directories last: writing into them changes their times, and a mode may forbid it.
    for (path, meta) in dirs.iter().rev() {
        set(path, *meta).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

fn check(snapshot: &Snapshot) -> Result<(), Failure> {
    let mut missing = Vec::new();
    for (path, _, inode) in snapshot.walk() {
        match &inode.node {
            Node::File(content) if !content.is_held() => missing.push(path),
            Node::Fifo | Node::CharDevice { .. } | Node::BlockDevice { .. } => {
                return Err(format!("{path} is a device or a pipe: write the image as an archive instead"));
            }
            _ => {}
        }
    }
    let Some(first) = missing.first() else { return Ok(()) };
    let listed: Vec<String> = missing.iter().take(5).map(ToString::to_string).collect();
    Err(match missing.len() {
        1 => format!("the content of {first} is not held, only listed or modelled"),
        n if n > 5 => {
            let more = n - 5;
            format!(
                "the contents of some files are not held, only listed or modelled: {}, and {more} more",
                listed.join(", ")
            )
        }
        _ => format!("the contents of some files are not held, only listed or modelled: {}", listed.join(", ")),
    })
}

fn place(folder: &Path, path: &AbsPath) -> PathBuf {
    path.components().fold(folder.to_owned(), |to, name| to.join(name))
}

fn make_dir(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => Ok(()),
        Ok(_) => fs::remove_file(path).and_then(|()| fs::create_dir(path)),
        Err(_) => fs::create_dir(path),
    }
}

fn make_room(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => Ok(()),
    }
}

fn write_file(path: &Path, content: &Content, meta: Meta) -> io::Result<()> {
    let mut file = io::BufWriter::new(File::create_new(path)?);
    let mut written = Ok(());
    content.for_each_chunk(|chunk| {
        if written.is_ok() {
            written = file.write_all(chunk);
        }
    })?;
    written?;
    file.flush()?;
    drop(file);
    set(path, meta)
}

#[cfg(unix)]
fn symlink(target: &str, path: &Path, meta: Meta) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)?;
    own(std::os::unix::fs::lchown(path, Some(meta.uid), Some(meta.gid)))
}

/// Owner, mode, time. Only root may give files away.
#[cfg(unix)]
fn set(path: &Path, meta: Meta) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    own(std::os::unix::fs::chown(path, Some(meta.uid), Some(meta.gid)))?;
    let time = UNIX_EPOCH + Duration::new(meta.mtime.seconds.max(0).unsigned_abs(), meta.mtime.nanos);
    File::open(path)?.set_modified(time)?;
    fs::set_permissions(path, fs::Permissions::from_mode(meta.mode.into()))
}

#[cfg(unix)]
fn own(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        done => done,
    }
}

#[cfg(not(unix))]
fn symlink(_target: &str, _path: &Path, _meta: Meta) -> io::Result<()> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "symbolic links need a Unix system"))
}

#[cfg(not(unix))]
fn set(path: &Path, meta: Meta) -> io::Result<()> {
    let time = UNIX_EPOCH + Duration::new(meta.mtime.seconds.max(0).unsigned_abs(), meta.mtime.nanos);
    File::open(path)?.set_modified(time)
}
