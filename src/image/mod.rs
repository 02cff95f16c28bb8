//! Images as the OCI image-spec has them: config, history, layers, and the archives they come in.

mod config;
mod error;
mod export;
mod files;
mod layer;
mod manifest;
mod open;
mod validate;

pub use config::{ContainerConfig, DEFAULT_PATH, Healthcheck, History, ImageConfig, RootFs, go_escaped};
pub use error::ImageError;
pub use export::{Export, ExportError, ExportFile, Format, Packing, config_json};
pub use files::Files;
pub use layer::{Blob, Certainty, Layer, Origin, chain_ids};
pub use open::{load, open, open_files};
pub use validate::{Finding, Validation, validate, validate_files};

use crate::archive::DiffId;
use crate::digest::Digest;
use crate::vfs::Snapshot;
use std::sync::Arc;

/// When our images were made, as RFC 3339: the engine has no clock. It is [`crate::vfs::EPOCH`].
pub const CREATED: &str = "2025-01-01T00:00:00Z";

/// An image.
#[derive(Debug, Clone)]
pub struct Image {
    /// The references it has in its archive: `busybox:latest`.
    pub names: Vec<String>,
    /// The image ID, the digest of its config as it is stored; none while a diff ID is missing.
    pub id: Option<Digest>,
    /// The digest of its manifest, where one was recorded.
    pub manifest_digest: Option<Digest>,
    /// The manifest as it came, byte for byte; none for an image of ours, and where the archive had none.
    pub manifest_json: Option<Arc<str>>,
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
            manifest_json: None,
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
