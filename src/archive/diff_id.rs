//! The diff ID of a layer of ours: the SHA-256 of its tar (OCI image-spec, config.md, "Layer DiffID"), computed in slices, so
//! that whoever computes it can do other work between them.

use super::write::LayerTar;
use crate::digest::{Digest, Hasher};
use crate::vfs::Changeset;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The largest layer whose diff ID is computed, in bytes of its files (DESIGN.md, "Budgets"): 2 GiB.
pub const MAX_DIGESTED: u64 = 2 << 30;

/// The diff ID of a layer, or why it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "state", content = "digest")]
pub enum DiffId {
    /// Here it is.
    Computed(Digest),
    /// Some file's content is not held: only listed, or modelled.
    NotHeld,
    /// The layer is larger than [`MAX_DIGESTED`]: *not computed*.
    TooLarge,
}

impl DiffId {
    /// The digest, if there is one.
    pub fn digest(self) -> Option<Digest> {
        match self {
            DiffId::Computed(digest) => Some(digest),
            DiffId::NotHeld | DiffId::TooLarge => None,
        }
    }
}

/// A diff ID in the making.
pub struct DiffIdJob {
    state: State,
}

enum State {
    Running { tar: LayerTar, hasher: Hasher, chunk: Vec<u8> },
    Done(DiffId),
}

impl DiffIdJob {
    /// Starts to compute the diff ID of a layer.
    pub fn new(changeset: Arc<Changeset>) -> Self {
        let too_large = changeset.size() > MAX_DIGESTED;
        let state = match LayerTar::new(changeset) {
            Err(_) => State::Done(DiffId::NotHeld),
            Ok(_) if too_large => State::Done(DiffId::TooLarge),
            Ok(tar) => State::Running { tar, hasher: Hasher::default(), chunk: Vec::new() },
        };
        Self { state }
    }

    /// Digests about `budget` more bytes; the diff ID once it is there.
    pub fn advance(&mut self, budget: u64) -> Option<DiffId> {
        const CHUNK: u64 = 64 << 10;
        let diff_id = match &mut self.state {
            State::Done(diff_id) => return Some(*diff_id),
            State::Running { tar, hasher, chunk } => {
                let mut left = budget.max(1);
                loop {
                    chunk.clear();
                    match tar.fill(chunk, left.min(CHUNK) as usize) {
                        Ok(true) => hasher.update(chunk),
                        Ok(false) => {
                            hasher.update(chunk);
                            break DiffId::Computed(hasher.clone().finish());
                        }
                        // The archive that held a file is gone.
                        Err(_) => break DiffId::NotHeld,
                    }
                    left -= left.min(CHUNK);
                    if left == 0 {
                        return None;
                    }
                }
            }
        };
        self.state = State::Done(diff_id);
        Some(diff_id)
    }
}

/// The diff ID of a layer, at once.
pub fn diff_id(changeset: &Arc<Changeset>) -> DiffId {
    let mut job = DiffIdJob::new(changeset.clone());
    loop {
        if let Some(diff_id) = job.advance(u64::MAX) {
            return diff_id;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::AbsPath;
    use crate::vfs::{Content, Entry, EntryKind, Meta};

    fn file(path: &str, content: Content) -> Entry {
        let meta = Meta { mode: 0o644, uid: 0, gid: 0, mtime: Default::default() };
        Entry { path: AbsPath::new(path), kind: EntryKind::File(content), meta }
    }

    fn layer(entries: Vec<Entry>) -> Arc<Changeset> {
        Arc::new(Changeset { entries })
    }

    /// The empty layer of every `docker history`: two blocks of zeros.
    #[test]
    fn an_empty_layer_has_the_diff_id_that_docker_gives_it() {
        let expected = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";
        assert_eq!(diff_id(&layer(Vec::new())).digest().unwrap().to_string(), expected);
    }

    #[test]
    fn slices_give_the_same_digest_as_one_go() {
        let content = [Content::from("head"), Content::zeros(100_000), Content::repeat(b"abc", 70_001)];
        let mut all = Content::empty();
        content.iter().for_each(|part| all.append(part));
        let changeset = layer(vec![file("/a", all), file("/b", Content::from("b"))]);
        let whole = diff_id(&changeset);
        for budget in [1, 511, 4096, 100_000] {
            let mut job = DiffIdJob::new(changeset.clone());
            let mut slices = 0;
            let digest = loop {
                slices += 1;
                if let Some(digest) = job.advance(budget) {
                    break digest;
                }
            };
            assert_eq!(digest, whole);
            assert!(slices as u64 >= 170_000 / budget);
        }
    }

    #[test]
    fn what_has_no_diff_id_says_why() {
        assert_eq!(diff_id(&layer(vec![file("/a", Content::unknown(1))])), DiffId::NotHeld);
        assert_eq!(diff_id(&layer(vec![file("/a", Content::zeros(MAX_DIGESTED + 1))])), DiffId::TooLarge);
    }
}
