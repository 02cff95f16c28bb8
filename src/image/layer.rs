//! A layer of an image: what it holds, how sure that is, and where it came from.

use crate::archive::{self, DiffId, DiffIdJob};
use crate::bytes::Bytes;
use crate::digest::{Digest, Hasher};
use crate::vfs::Changeset;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock};

/// How sure a layer's content is. The greater the less sure: the `max` of what went into something is its certainty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// What Docker would have made.
    #[default]
    Exact,
    /// Something in it is modelled: a package download, a compiler run.
    Modelled,
    /// Something that was not simulated could have changed it: its size is a lower bound.
    Unknown,
}

/// Where a layer came from.
#[derive(Debug, Clone)]
pub enum Origin {
    /// A step of ours: its tar is written when it is asked for.
    Built,
    /// An archive: it keeps its own bytes and digests.
    Imported {
        /// The digest of its uncompressed tar.
        diff_id: Digest,
        /// The bytes as they were in the archive.
        blob: Blob,
    },
    /// A catalogue entry: the digests and sizes that were recorded of it; file contents are not held.
    Listed {
        /// The digest of its uncompressed tar, where it was recorded.
        diff_id: Option<Digest>,
        /// The digest of its compressed blob, where it was recorded.
        blob_digest: Option<Digest>,
        /// The size of its compressed blob in bytes, where it was recorded.
        blob_size: Option<u64>,
    },
}

/// The bytes of a layer as an archive has them; they stay there.
#[derive(Debug, Clone)]
pub struct Blob {
    /// The digest of the bytes.
    pub digest: Digest,
    /// The name of their compression; none if they are a plain tar.
    pub compression: Option<&'static str>,
    /// The bytes.
    pub bytes: Bytes,
}

/// A layer. Images share layers.
#[derive(Debug)]
pub struct Layer {
    /// What it holds.
    pub changeset: Arc<Changeset>,
    /// Its size as `docker history` shows it, in bytes: the sum of the lengths of its regular files, and `unlisted`.
    pub size: u64,
    /// Bytes that it has besides its entries: a catalogue's image of which not all files are known. A model.
    pub unlisted: u64,
    /// How sure that is.
    pub certainty: Certainty,
    /// Where it came from.
    pub origin: Origin,
    /// A memo: the diff ID of a built layer once it was computed.
    diff_id: OnceLock<DiffId>,
    /// A memo: the diff ID of a layer past the budget, computed for an export.
    exported: OnceLock<Digest>,
}

impl Layer {
    /// A layer of this origin.
    pub fn new(changeset: Arc<Changeset>, certainty: Certainty, origin: Origin) -> Self {
        let size = changeset.size();
        let diff_id = match &origin {
            Origin::Built => OnceLock::new(),
            Origin::Imported { diff_id, .. } => OnceLock::from(DiffId::Computed(*diff_id)),
            Origin::Listed { diff_id, .. } => OnceLock::from(diff_id.map_or(DiffId::NotHeld, DiffId::Computed)),
        };
        Self { changeset, size, unlisted: 0, certainty, origin, diff_id, exported: OnceLock::new() }
    }

    /// The layer with this many bytes more than its entries have.
    pub fn with_unlisted(mut self, bytes: u64) -> Self {
        self.size += bytes;
        self.unlisted += bytes;
        self
    }

    /// A layer that a step of ours made.
    pub fn built(changeset: Arc<Changeset>, certainty: Certainty) -> Self {
        Self::new(changeset, certainty, Origin::Built)
    }

    /// The diff ID, if it was recorded or is computed already.
    pub fn diff_id(&self) -> Option<DiffId> {
        self.diff_id.get().copied()
    }

    /// Remembers a computed diff ID; the first one stays.
    pub fn set_diff_id(&self, diff_id: DiffId) {
        self.diff_id.get_or_init(|| diff_id);
    }

    /// The digest of its tar if it is known, from an export too, whatever the layer's size.
    pub(super) fn exact_diff_id(&self) -> Option<Digest> {
        self.diff_id().and_then(DiffId::digest).or_else(|| self.exported.get().copied())
    }

    pub(super) fn set_exact_diff_id(&self, digest: Digest) {
        self.exported.get_or_init(|| digest);
    }

    /// Computes the diff ID in slices; hand the result to [`Layer::set_diff_id`].
    pub fn diff_id_job(&self) -> DiffIdJob {
        DiffIdJob::new(self.changeset.clone())
    }

    /// The diff ID, computed now if it is not there: time in proportion to the size.
    pub fn compute_diff_id(&self) -> DiffId {
        *self.diff_id.get_or_init(|| archive::diff_id(&self.changeset))
    }
}

/// The chain IDs of a stack of layers, lowest first: each names a layer with all below it (OCI image-spec, config.md,
/// "Layer ChainID").
pub fn chain_ids(diff_ids: &[Digest]) -> Vec<Digest> {
    let mut chain: Vec<Digest> = Vec::with_capacity(diff_ids.len());
    for diff_id in diff_ids {
        chain.push(match chain.last() {
            None => *diff_id,
            Some(below) => {
                let mut hasher = Hasher::default();
                hasher.update(format!("{below} {diff_id}").as_bytes());
                hasher.finish()
            }
        });
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weakest_certainty_is_the_greatest() {
        assert_eq!(Certainty::Exact.max(Certainty::Modelled), Certainty::Modelled);
        assert_eq!(Certainty::Unknown.max(Certainty::Modelled), Certainty::Unknown);
    }

    #[test]
    fn chain_ids_follow_the_image_spec() {
        let ids = [Digest::of(b"a"), Digest::of(b"b"), Digest::of(b"c")];
        let chain = chain_ids(&ids);
        assert_eq!(chain[0], ids[0]);
        assert_eq!(chain[1], Digest::of(format!("{} {}", ids[0], ids[1]).as_bytes()));
        assert_eq!(chain[2], Digest::of(format!("{} {}", chain[1], ids[2]).as_bytes()));
        assert!(chain_ids(&[]).is_empty());
    }
}
