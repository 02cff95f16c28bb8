//! The bytes of a layer as an archive had them: shared with the archive, never copied.

use crate::digest::Digest;
use std::ops::Range;
use std::sync::Arc;

/// A stretch of an archive's bytes.
#[derive(Clone)]
pub struct Blob {
    /// The digest of the bytes.
    pub digest: Digest,
    archive: Arc<Vec<u8>>,
    range: Range<usize>,
}

impl Blob {
    /// A stretch of an archive; none if it does not lie in it.
    pub fn new(archive: Arc<Vec<u8>>, range: Range<usize>) -> Option<Self> {
        let digest = Digest::of(archive.get(range.clone())?);
        Some(Self { digest, archive, range })
    }

    /// The bytes, compressed or not.
    pub fn bytes(&self) -> &[u8] {
        self.archive.get(self.range.clone()).unwrap_or_default()
    }
}

impl std::fmt::Debug for Blob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Blob({}, {} bytes)", self.digest, self.range.len())
    }
}
