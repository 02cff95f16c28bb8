//! Images as the OCI image-spec has them: config, history, layers, and the archives they come in.

mod blob;
mod config;
mod docker_archive;
mod error;
mod layer;

pub use blob::Blob;
pub use config::{ContainerConfig, DEFAULT_PATH, Healthcheck, History, ImageConfig, RootFs};
pub use docker_archive::load;
pub use error::ImageError;
pub use layer::{Certainty, Layer, Origin, chain_ids};

use crate::archive::DiffId;
use crate::digest::Digest;
use crate::vfs::Snapshot;
use std::sync::Arc;

/// An image.
#[derive(Debug, Clone)]
pub struct Image {
    /// The references it has in its archive: `busybox:latest`.
    pub names: Vec<String>,
    /// The image ID, the digest of its config as it is stored; none while a diff ID is missing.
    pub id: Option<Digest>,
    /// The digest of its manifest, where one was recorded.
    pub manifest_digest: Option<Digest>,
    /// The config.
    pub config: ImageConfig,
    /// The config document as it came, byte for byte; none for an image of ours.
    pub config_json: Option<Arc<str>>,
    /// The layers, lowest first.
    pub layers: Vec<Arc<Layer>>,
    /// All layers applied.
    pub snapshot: Snapshot,
    /// True for a catalogue entry whose file contents are not held.
    pub is_listing: bool,
}

impl Image {
    /// `FROM scratch`: no layers, and what BuildKit sets in its config.
    pub fn scratch() -> Self {
        Self {
            names: Vec::new(),
            id: None,
            manifest_digest: None,
            config: ImageConfig::scratch(),
            config_json: None,
            layers: Vec::new(),
            snapshot: Snapshot::empty(),
            is_listing: false,
        }
    }

    /// An image of ours; its ID is there if all diff IDs are.
    pub fn new(config: ImageConfig, layers: Vec<Arc<Layer>>, snapshot: Snapshot) -> Self {
        let mut image = Self { config, layers, snapshot, ..Self::scratch() };
        image.is_listing = image.layers.iter().any(|layer| matches!(layer.origin, Origin::Listed { .. }));
        image.refresh_id();
        image
    }

    /// Takes the diff IDs that are computed now into the config, and the ID from it; true if there is one.
    /// An imported image keeps its own.
    pub fn refresh_id(&mut self) -> bool {
        if self.config_json.is_none() {
            let ids: Option<Vec<Digest>> =
                self.layers.iter().map(|layer| layer.diff_id().and_then(DiffId::digest)).collect();
            self.id = ids.map(|ids| {
                self.config.rootfs.diff_ids = ids;
                Digest::of(self.config.to_json().as_bytes())
            });
        }
        self.id.is_some()
    }

    /// Its size in bytes: the sum of its layers' sizes.
    pub fn size(&self) -> u64 {
        self.layers.iter().map(|layer| layer.size).sum()
    }

    /// The weakest certainty of its layers.
    pub fn certainty(&self) -> Certainty {
        self.layers.iter().map(|layer| layer.certainty).max().unwrap_or_default()
    }

    /// The history rows, each with its layer if it has one. History and layers may disagree in an imported image: rows
    /// beyond the layers get none.
    pub fn history_with_layers(&self) -> impl Iterator<Item = (&History, Option<&Arc<Layer>>)> {
        let mut layers = self.layers.iter();
        self.config.history.iter().map(move |row| (row, if row.empty_layer { None } else { layers.next() }))
    }
}

#[cfg(test)]
pub(crate) mod tests;
