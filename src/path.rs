//! Absolute, normalized paths inside an image.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An absolute path: starts with `/`, no `.` or `..` or empty components, no trailing slash (but for `/` itself).
///
/// The order is tree order: a directory comes right before what is below it (`/a`, `/a/b`, `/a.txt`).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub struct AbsPath(String);

impl AbsPath {
    /// `/`.
    pub fn root() -> Self {
        Self("/".to_owned())
    }

    /// Normalizes a path lexically; a relative one is taken from `/`, and `..` never leaves `/`.
    /// Do not use it where `..` may follow a symbolic link: the filesystem resolves those itself.
    pub fn new(path: &str) -> Self {
        let mut parts: Vec<&str> = Vec::new();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop();
                }
                name => parts.push(name),
            }
        }
        Self(format!("/{}", parts.join("/")))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True for `/`.
    pub fn is_root(&self) -> bool {
        self.0 == "/"
    }

    /// This path with `tail` (relative or absolute text) below it, or `tail` itself when it is absolute.
    pub fn join(&self, tail: &str) -> Self {
        if tail.starts_with('/') { Self::new(tail) } else { Self::new(&format!("{}/{tail}", self.0)) }
    }

    /// This path with one more name, which must not contain `/`.
    pub fn child(&self, name: &str) -> Self {
        if self.is_root() { Self(format!("/{name}")) } else { Self(format!("{}/{name}", self.0)) }
    }

    /// The directory above; none for `/`.
    pub fn parent(&self) -> Option<Self> {
        if self.is_root() {
            return None;
        }
        let cut = self.0.rfind('/').unwrap_or(0);
        Some(if cut == 0 { Self::root() } else { Self(self.0[..cut].to_owned()) })
    }

    /// The last component; empty for `/`.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or("")
    }

    /// The components from the top.
    pub fn components(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }

    /// Is this `other`, or below it?
    pub fn starts_with(&self, other: &AbsPath) -> bool {
        other.is_root()
            || self.0 == other.0
            || (self.0.starts_with(&other.0) && self.0.as_bytes().get(other.0.len()) == Some(&b'/'))
    }

    /// The text after `other/`; none if this is not below it.
    pub fn strip_prefix(&self, other: &AbsPath) -> Option<&str> {
        if !self.starts_with(other) || self == other {
            return None;
        }
        Some(if other.is_root() { &self.0[1..] } else { &self.0[other.0.len() + 1..] })
    }
}

impl PartialOrd for AbsPath {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for AbsPath {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.components().cmp(other.components())
    }
}

impl fmt::Display for AbsPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AbsPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl From<String> for AbsPath {
    fn from(path: String) -> Self {
        Self::new(&path)
    }
}

impl From<AbsPath> for String {
    fn from(path: AbsPath) -> Self {
        path.0
    }
}
