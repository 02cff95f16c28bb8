//! File descriptors: numbers that lead to shared open files, with the offsets that redirections rely on.
//!
//! A pipe is a buffer: the left side of a pipeline runs to its end before the right side starts.

use super::system::{Stream, System};
use crate::vfs::{Content, Errno, Ino};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The descriptors of a process.
pub type Fds = BTreeMap<u32, Fd>;

/// A descriptor: several may share one open file and its offset (`2>&1`, `fork`).
pub type Fd = Rc<RefCell<Description>>;

/// An open file.
#[derive(Debug, Clone)]
pub enum Description {
    /// The build log.
    Log(Stream),
    /// A file or device of the filesystem.
    File {
        /// Which.
        ino: Ino,
        /// Where the next read or write is, in bytes.
        offset: u64,
        /// Every write goes to the end.
        append: bool,
        /// Opened for reading.
        readable: bool,
        /// Opened for writing.
        writable: bool,
    },
    /// A pipe, or a here-document: what was written, from `offset` on not read yet.
    Pipe {
        /// What was written.
        content: Content,
        /// How much of it was read, in bytes.
        offset: u64,
    },
    /// Reads nothing, swallows everything.
    Null,
}

impl Description {
    /// A descriptor of its own.
    pub fn fd(self) -> Fd {
        Rc::new(RefCell::new(self))
    }

    /// A pipe that holds this already.
    pub fn holding(content: Content) -> Self {
        Description::Pipe { content, offset: 0 }
    }
}

/// Writes to an open file.
///
/// # Errors
/// EPERM stands for EBADF (not open for writing); EFBIG, ENOSPC of the filesystem.
pub fn write(fd: &Fd, system: &mut System, data: &Content) -> Result<(), Errno> {
    match &mut *fd.borrow_mut() {
        Description::Log(stream) => {
            let stream = *stream;
            let room = system.budget.output + 1;
            match data.slice(0, room).to_bytes() {
                Ok(bytes) => system.print(stream, &bytes),
                Err(_) => system.print(stream, format!("[{} bytes that are not held]\n", data.len()).as_bytes()),
            }
            Ok(())
        }
        Description::File { writable: false, .. } => Err(Errno::EPERM),
        Description::File { ino, offset, append, .. } => {
            let at = if *append { system.fs.len_handle(*ino) } else { *offset };
            if !data.is_empty() {
                system.fs.write_handle(*ino, at, data)?;
            }
            *offset = at + data.len();
            Ok(())
        }
        Description::Pipe { content, .. } => {
            content.append(data);
            if content.len() > crate::vfs::MAX_SIZE {
                system.halt(super::Stop::Bytes);
                return Err(Errno::EFBIG);
            }
            Ok(())
        }
        Description::Null => Ok(()),
    }
}

/// Reads at most `max` bytes from where the last read ended; empty at the end.
///
/// # Errors
/// EISDIR for a directory.
pub fn read(fd: &Fd, system: &System, max: u64) -> Result<Content, Errno> {
    match &mut *fd.borrow_mut() {
        Description::File { ino, offset, readable: true, .. } => {
            let content = system.fs.read_handle(*ino)?;
            let end = content.len().min(offset.saturating_add(max));
            let part = content.slice((*offset).min(end), end);
            *offset = end.max(*offset);
            Ok(part)
        }
        Description::Pipe { content, offset } => {
            let end = content.len().min(offset.saturating_add(max));
            let part = content.slice(*offset, end);
            *offset = end;
            Ok(part)
        }
        _ => Ok(Content::empty()),
    }
}

/// Gives back the last `count` bytes read, so that the next reader of a shared descriptor gets them: how `read` and
/// `head` leave the rest of their input where it is.
pub fn unread(fd: &Fd, count: u64) {
    if let Description::File { offset, .. } | Description::Pipe { offset, .. } = &mut *fd.borrow_mut() {
        *offset = offset.saturating_sub(count);
    }
}
