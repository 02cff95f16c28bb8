//! Writing as dpkg and apt do, as root: files come beside their place and are renamed, directories are made and renamed,
//! databases are replaced.

use super::shard::{File, Kind};
use crate::shell::Accounts;
use crate::vfs::{Content, Cred, Errno, FileKind, OpenOptions, Overlay};

const ROOT: Cred = Cred { uid: 0, gid: 0, groups: Vec::new() };

/// What placing an entry came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    /// It is new on the disk, or replaced what was there.
    New,
    /// The directory was there, and stays as it was.
    Kept,
}

/// Puts an entry of a package in its place.
///
/// # Errors
/// Those of the system calls.
pub fn place(fs: &mut Overlay, accounts: &Accounts, file: &File) -> Result<Placed, Errno> {
    let there = fs.lstat(&ROOT, &file.path).ok();
    let owner = file.owner.as_deref().map(|owner| ids(accounts, owner));
    match &file.kind {
        Kind::Dir => {
            if fs.stat(&ROOT, &file.path).is_ok_and(|stat| stat.is_dir()) {
                return Ok(Placed::Kept);
            }
            // Renamed into its place, which makes it opaque where lower layers could show through.
            let beside = format!("{}.dpkg-new", file.path);
            fs.mkdir(&ROOT, &beside, file.mode)?;
            set_meta(fs, &beside, file.mode, owner)?;
            fs.rename(&ROOT, &beside, &file.path)?;
        }
        _ if there.as_ref().is_some_and(|stat| stat.kind == FileKind::Dir) => return Ok(Placed::Kept),
        Kind::File(size) => {
            remove(fs, &file.path)?;
            fs.write(&ROOT, &file.path, &Content::unknown(*size), file.mode)?;
            set_meta(fs, &file.path, file.mode, owner)?;
        }
        Kind::Symlink(target) => {
            remove(fs, &file.path)?;
            fs.symlink(&ROOT, target, &file.path)?;
            if let Some((uid, gid)) = owner {
                fs.chown(&ROOT, &file.path, Some(uid), Some(gid), false)?;
            }
        }
        Kind::Hardlink(target) => {
            remove(fs, &file.path)?;
            fs.link(&ROOT, target, &file.path)?;
        }
    }
    Ok(Placed::New)
}

/// `user:group` as numbers of this image; an unknown name is root.
fn ids(accounts: &Accounts, owner: &str) -> (u32, u32) {
    let (user, group) = owner.split_once(':').unwrap_or((owner, owner));
    (accounts.uid(user).unwrap_or(0), accounts.gid(group).unwrap_or(0))
}

/// Gives an entry that is there its owner, if that is another.
///
/// # Errors
/// Those of the system calls.
pub fn set_owner(fs: &mut Overlay, accounts: &Accounts, file: &File) -> Result<(), Errno> {
    let Some(owner) = file.owner.as_deref().map(|owner| ids(accounts, owner)) else { return Ok(()) };
    match fs.lstat(&ROOT, &file.path) {
        Ok(stat) if (stat.meta.uid, stat.meta.gid) != owner => set_meta(fs, &file.path, file.mode, Some(owner)),
        _ => Ok(()),
    }
}

fn set_meta(fs: &mut Overlay, path: &str, mode: u16, owner: Option<(u32, u32)>) -> Result<(), Errno> {
    if let Some((uid, gid)) = owner {
        fs.chown(&ROOT, path, Some(uid), Some(gid), false)?;
    }
    if fs.lstat(&ROOT, path)?.meta.mode == mode { Ok(()) } else { fs.chmod(&ROOT, path, mode) }
}

/// Removes a name, if there is one.
///
/// # Errors
/// Those of unlink(2) but ENOENT.
pub fn remove(fs: &mut Overlay, path: &str) -> Result<(), Errno> {
    match fs.unlink(&ROOT, path) {
        Err(Errno::ENOENT) => Ok(()),
        other => other,
    }
}

/// Replaces a file of a database by a new one.
///
/// # Errors
/// Those of the system calls.
pub fn replace(fs: &mut Overlay, path: &str, content: &Content, mode: u16) -> Result<(), Errno> {
    remove(fs, path)?;
    fs.write(&ROOT, path, content, mode)?;
    set_meta(fs, path, mode, None)
}

/// Makes a directory with all above it, where they are missing.
///
/// # Errors
/// Those of mkdir(2) but EEXIST.
pub fn make_dir(fs: &mut Overlay, path: &str, mode: u16, uid: u32) -> Result<(), Errno> {
    if fs.stat(&ROOT, path).is_ok() {
        return Ok(());
    }
    if let Some((above, _)) = path.rsplit_once('/').filter(|(above, _)| !above.is_empty()) {
        make_dir(fs, above, 0o755, 0)?;
    }
    fs.mkdir(&ROOT, path, mode)?;
    set_meta(fs, path, mode, (uid != 0).then_some((uid, 0)))
}

/// Opens a lock file for writing, which stores it anew, and makes it if it is missing.
///
/// # Errors
/// Those of open(2).
pub fn lock(fs: &mut Overlay, path: &str) -> Result<(), Errno> {
    fs.open(&ROOT, path, OpenOptions::appending(), 0o640).map(|_| ())
}

/// Makes a directory's owner, mode or names count as changed, as a file that comes and goes in it does.
///
/// # Errors
/// Those of the system calls.
pub fn touch_dir(fs: &mut Overlay, path: &str) -> Result<(), Errno> {
    let passing = format!("{path}/.dpkg-tmp");
    fs.write(&ROOT, &passing, &Content::empty(), 0o644)?;
    fs.unlink(&ROOT, &passing)
}

/// Appends to a log.
///
/// # Errors
/// Those of the system calls.
pub fn append(fs: &mut Overlay, path: &str, text: &str, mode: u16, gid: u32) -> Result<(), Errno> {
    let is_new = fs.lstat(&ROOT, path).is_err();
    let ino = fs.open(&ROOT, path, OpenOptions::appending(), mode)?;
    fs.write_handle(ino, fs.len_handle(ino), &Content::from(text))?;
    if is_new && gid != 0 {
        fs.chown(&ROOT, path, None, Some(gid), false)?;
    }
    Ok(())
}

/// The text of a file, if it is there and held.
pub fn text(fs: &Overlay, path: &str) -> Option<String> {
    fs.read(&ROOT, path).ok()?.to_text().ok()
}

/// Is there anything at a path?
pub fn exists(fs: &Overlay, path: &str) -> bool {
    fs.lstat(&ROOT, path).is_ok()
}
