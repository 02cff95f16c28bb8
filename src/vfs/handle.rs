//! Open files: what a redirection or `dd` writes through.

use super::content::Content;
use super::errno::Errno;
use super::node::{Access, Cred, Ino, Node};
use super::overlay::{Overlay, drop_privileges};
use super::resolve::Last;

/// The flags of `open(2)`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OpenOptions {
    /// For reading.
    pub read: bool,
    /// For writing: a file of a lower layer is copied up at once, even if nothing will be written.
    pub write: bool,
    /// Make it if it is missing (`O_CREAT`).
    pub create: bool,
    /// It must be missing (`O_EXCL`).
    pub exclusive: bool,
    /// Cut it to nothing (`O_TRUNC`).
    pub truncate: bool,
}

impl OpenOptions {
    /// `<`: for reading.
    pub fn reading() -> Self {
        Self { read: true, ..Self::default() }
    }

    /// `>`: write, create, truncate.
    pub fn replacing() -> Self {
        Self { write: true, create: true, truncate: true, ..Self::default() }
    }

    /// `>>`: write, create.
    pub fn appending() -> Self {
        Self { write: true, create: true, ..Self::default() }
    }
}

impl Overlay {
    /// Opens a file; the inode is the handle. `mode` is for a new file, after the umask.
    ///
    /// # Errors
    /// ENOENT, EEXIST, EISDIR, EACCES and those of `resolve`.
    pub fn open(&mut self, cred: &Cred, path: &str, options: OpenOptions, mode: u16) -> Result<Ino, Errno> {
        if options.create && path.ends_with('/') && Last::of(path) == Last::Name {
            self.name(cred, path, |_| Errno::EISDIR)?;
            return Err(Errno::EISDIR);
        }
        let at = self.resolve(cred, path, !options.exclusive)?;
        let Some(ino) = at.ino() else {
            if !options.create {
                return Err(Errno::ENOENT);
            }
            let ino = self.create(cred, &at, Node::File(Content::empty()), mode)?;
            self.opened_by(cred, ino);
            return Ok(ino);
        };
        if options.exclusive {
            return Err(Errno::EEXIST);
        }
        if self.is_dir(ino) && (options.create || options.write) {
            return Err(Errno::EISDIR);
        }
        if options.read {
            self.check(ino, cred, Access::Read)?;
        }
        if !options.write {
            return Ok(ino);
        }
        match self.node(ino)? {
            Node::Dir(_) => return Err(Errno::EISDIR),
            Node::File(_) => {}
            _ => {
                self.check(ino, cred, Access::Write)?;
                return Ok(ino);
            }
        }
        self.check(ino, cred, Access::Write)?;
        let ino = self.copy_up(&at)?;
        self.opened_by(cred, ino);
        if options.truncate {
            self.written_by(cred, ino);
            self.set_content(ino, Content::empty())?;
        }
        Ok(ino)
    }

    /// Remembers who writes, for setuid and setgid.
    fn opened_by(&mut self, cred: &Cred, ino: Ino) {
        if cred.uid != 0
            && let Some(inode) = self.merged.inode(ino)
        {
            let outsider = !cred.in_group(inode.meta.gid);
            self.by_users.insert(ino, outsider);
        }
    }

    /// What an open file holds now; a device gives what reading it gives (`/dev/zero` as much as a file may hold).
    ///
    /// # Errors
    /// EISDIR.
    pub fn read_handle(&self, ino: Ino) -> Result<Content, Errno> {
        self.content(ino)
    }

    /// Writes at an offset; a gap reads as zeros. Writing no bytes changes nothing, not even the time. Devices swallow it.
    ///
    /// # Errors
    /// EFBIG past the budget, ENOSPC for `/dev/full`.
    pub fn write_handle(&mut self, ino: Ino, offset: u64, data: &Content) -> Result<(), Errno> {
        match self.node(ino)? {
            Node::File(_) if data.is_empty() => Ok(()),
            Node::File(content) => {
                let end = offset + data.len();
                let more = end.saturating_sub(content.len());
                self.grow(more, end)?;
                let now = self.merged.now();
                let by_user = self.by_users.get(&ino).copied();
                self.change(ino, |inode| {
                    if let Some(outsider) = by_user {
                        drop_privileges(inode, outsider);
                    }
                    if let Node::File(content) = &mut inode.node {
                        content.write_at(offset, data);
                    }
                    inode.meta.mtime = now;
                })
            }
            Node::CharDevice { major: 1, minor: 7 } => Err(Errno::ENOSPC),
            _ => Ok(()),
        }
    }

    /// Cuts or extends an open file to `len` bytes.
    ///
    /// # Errors
    /// EINVAL for what is not a file, EFBIG past the budget.
    pub fn truncate_handle(&mut self, ino: Ino, len: u64) -> Result<(), Errno> {
        let Node::File(content) = self.node(ino)? else { return Err(Errno::EINVAL) };
        let mut content = content.clone();
        self.grow(len.saturating_sub(content.len()), len)?;
        content.truncate(len);
        self.set_content(ino, content)
    }

    /// The length of an open file in bytes; 0 for what is not a file.
    pub fn len_handle(&self, ino: Ino) -> u64 {
        match self.node(ino) {
            Ok(Node::File(content)) => content.len(),
            _ => 0,
        }
    }

    /// Replaces or makes a whole file: what `>` and one write do.
    ///
    /// # Errors
    /// As [`Overlay::open`] and [`Overlay::write_handle`].
    pub fn write(&mut self, cred: &Cred, path: &str, content: &Content, mode: u16) -> Result<(), Errno> {
        let ino = self.open(cred, path, OpenOptions::replacing(), mode)?;
        self.write_handle(ino, 0, content)
    }
}
