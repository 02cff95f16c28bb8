//! The errors a filesystem operation ends with, worded as musl and glibc word them.

use std::fmt;

/// An error number of Linux, as far as our filesystem can produce it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Errno {
    /// Operation not permitted.
    EPERM,
    /// No such file or directory.
    ENOENT,
    /// Permission denied.
    EACCES,
    /// Device or resource busy: a mount point.
    EBUSY,
    /// File exists.
    EEXIST,
    /// A rename or link across mounts, or a rename of a directory that a lower layer has.
    EXDEV,
    /// Not a directory.
    ENOTDIR,
    /// Is a directory.
    EISDIR,
    /// Invalid argument.
    EINVAL,
    /// Text file busy, never made by us; kept for messages of programs.
    ETXTBSY,
    /// File too large: past the budget of 256 GiB.
    EFBIG,
    /// No space left on device: past the budget of entries.
    ENOSPC,
    /// Read-only file system: a read-only mount.
    EROFS,
    /// File name too long (255 bytes a name, 4096 a path).
    ENAMETOOLONG,
    /// Directory not empty.
    ENOTEMPTY,
    /// Too many levels of symbolic links (40).
    ELOOP,
}

impl Errno {
    /// The libc's text: musl's (Alpine, and busybox built on it) and glibc's differ in a few.
    pub fn message(self, libc: Libc) -> &'static str {
        match (self, libc) {
            (Errno::EPERM, _) => "Operation not permitted",
            (Errno::ENOENT, _) => "No such file or directory",
            (Errno::EACCES, _) => "Permission denied",
            (Errno::EBUSY, Libc::Musl) => "Resource busy",
            (Errno::EBUSY, Libc::Glibc) => "Device or resource busy",
            (Errno::EEXIST, _) => "File exists",
            (Errno::EXDEV, Libc::Musl) => "Cross-device link",
            (Errno::EXDEV, Libc::Glibc) => "Invalid cross-device link",
            (Errno::ENOTDIR, _) => "Not a directory",
            (Errno::EISDIR, _) => "Is a directory",
            (Errno::EINVAL, _) => "Invalid argument",
            (Errno::ETXTBSY, _) => "Text file busy",
            (Errno::EFBIG, _) => "File too large",
            (Errno::ENOSPC, _) => "No space left on device",
            (Errno::EROFS, _) => "Read-only file system",
            (Errno::ENAMETOOLONG, Libc::Musl) => "Filename too long",
            (Errno::ENAMETOOLONG, Libc::Glibc) => "File name too long",
            (Errno::ENOTEMPTY, _) => "Directory not empty",
            (Errno::ELOOP, Libc::Musl) => "Symbolic link loop",
            (Errno::ELOOP, Libc::Glibc) => "Too many levels of symbolic links",
        }
    }
}

/// Whose texts an image's programs print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Libc {
    /// Alpine.
    Musl,
    /// Debian, Ubuntu, and the `busybox` image.
    Glibc,
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message(Libc::Glibc))
    }
}
