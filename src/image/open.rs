//! Opens what people have of images: what `docker save` and `podman save` write, with layer folders (old) or OCI blobs (new),
//! OCI layouts as tar or folder, root filesystem tarballs (`docker export`); the whole archive and each layer plain or
//! compressed. Every digest, size and diff ID is checked; the bytes of the files stay where they are until they are asked
//! for.
//!
//! It takes the linux/amd64 image where there are several platforms. It lacks what Docker wrote before 1.10, without
//! manifest.json.

use super::error::ImageError;
use super::files::{Files, parse};
use super::manifest::{
    Descriptor, IMAGE_NAME, Index, Manifest, Platform, REF_NAME, SavedImage, blob_file, named_digest,
};
use super::{Blob, Certainty, History, Image, ImageConfig, Layer, Origin};
use crate::archive::{self, ArchiveError, ArchiveErrorKind, LayerFile, Limits};
use crate::bytes::Bytes;
use crate::digest::Digest;
use crate::dockerfile::reference::Reference;
use crate::pace::{self, Pace};
use crate::path::AbsPath;
use crate::vfs::{Changeset, EntryKind, FileKind, Inode, Snapshot};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The most images of one archive, and the most layers of one image.
const MANY: usize = 1000;

/// Opens all images of an archive, or the one of a root filesystem tarball.
///
/// # Errors
/// Whatever is wrong with it; nothing is used of an archive in which something is wrong.
pub async fn open(archive: &Bytes, limits: Limits, pace: &Pace) -> Result<Vec<Image>, ImageError> {
    let files = Files::of_tar(archive, limits, pace).await?;
    if files.is_root_filesystem() {
        return Ok(vec![root_filesystem(archive, limits, pace).await?]);
    }
    open_files(files, limits, pace).await
}

/// Opens all images among some files: those of an archive, or of a folder.
///
/// # Errors
/// As [`open`].
pub async fn open_files(files: Files, limits: Limits, pace: &Pace) -> Result<Vec<Image>, ImageError> {
    let mut loader = Loader::new(files, limits);
    let found = loader.found()?;
    loader.read_layers(&found, pace).await?;
    found.iter().map(|image| loader.image(image)).collect()
}

/// The same at once, for whoever has nothing else to do.
///
/// # Errors
/// As [`open`].
pub fn load(archive: impl Into<Bytes>, limits: Limits) -> Result<Vec<Image>, ImageError> {
    pace::block_on(open(&archive.into(), limits, &Pace::default()))
}

/// The image that `docker import` makes of a root filesystem (daemon/images/image_import.go), at our one fixed time.
async fn root_filesystem(tar: &Bytes, limits: Limits, pace: &Pace) -> Result<Image, ImageError> {
    pace.expect(tar.len());
    let read = archive::read_layer(tar, limits, pace).await?;
    let comment = "Imported from -".to_owned();
    let created = Some(super::CREATED.to_owned());
    let mut config = ImageConfig { config: Default::default(), created: created.clone(), ..ImageConfig::scratch() };
    config.history.push(History { created, comment: comment.clone(), ..History::default() });
    config.other.insert("comment".to_owned(), comment.into());
    config.rootfs.diff_ids.push(read.diff_id);
    let snapshot = Snapshot::empty().apply(&read.changeset);
    check_applied(&read.changeset, &snapshot)?;
    let blob = Blob { digest: read.digest, compression: read.compression, bytes: tar.clone() };
    let origin = Origin::Imported { diff_id: read.diff_id, blob };
    let layer = Arc::new(Layer::new(Arc::new(read.changeset), Certainty::Exact, origin));
    Ok(Image::new(config, vec![layer], snapshot))
}

/// An image of an archive, before its layers are read.
pub(super) struct Found {
    pub(super) names: Vec<String>,
    pub(super) config: ImageConfig,
    config_json: Arc<str>,
    manifest: Option<(Digest, Arc<str>)>,
    /// The files of its layers, lowest first.
    pub(super) layers: Vec<String>,
    /// Who names the layers.
    pub(super) named_by: String,
}

/// A manifest of the OCI part of an archive.
struct Listed {
    name: Option<String>,
    digest: Digest,
    text: Arc<str>,
    manifest: Manifest,
}

pub(super) struct Loader {
    files: Files,
    limits: Limits,
    /// Layers that were read, by their file: images share them.
    layers: BTreeMap<AbsPath, Arc<Layer>>,
}

impl Loader {
    pub(super) fn new(files: Files, limits: Limits) -> Self {
        Self { files, limits, layers: BTreeMap::new() }
    }

    /// What the archive says of its images.
    pub(super) fn found(&self) -> Result<Vec<Found>, ImageError> {
        let listed = self.listed()?;
        let found = if self.files.has("manifest.json") {
            let rows: Vec<SavedImage> = self.files.json("manifest.json", "the archive")?;
            rows.iter().map(|row| self.saved(row, &listed)).collect::<Result<Vec<_>, _>>()?
        } else if self.files.has("index.json") {
            merged(listed.iter().map(|listed| self.oci(listed)).collect::<Result<Vec<_>, _>>()?)
        } else {
            return Err(ImageError::NotAnImage);
        };
        let many = |what| Err(ImageError::TooMany { file: "the archive".to_owned(), what, limit: MANY });
        if found.is_empty() {
            return Err(ImageError::NoImages);
        }
        if found.len() > MANY {
            return many("images");
        }
        if found.iter().any(|image| image.layers.len() > MANY) {
            return many("layers of one image");
        }
        Ok(found)
    }

    /// The manifests that `index.json` lists, nested indexes resolved.
    fn listed(&self) -> Result<Vec<Listed>, ImageError> {
        let mut out = Vec::new();
        if self.files.has("index.json") {
            let index: Index = self.files.json("index.json", "the archive")?;
            self.collect("index.json", index, None, 0, &mut out)?;
        }
        Ok(out)
    }

    fn collect(
        &self,
        file: &str,
        index: Index,
        name: Option<&String>,
        depth: u8,
        out: &mut Vec<Listed>,
    ) -> Result<(), ImageError> {
        for descriptor in &index.manifests {
            let ours = |platform: &Platform| platform.os == "linux" && platform.architecture == "amd64";
            if descriptor.platform.as_ref().is_some_and(|platform| !ours(platform)) {
                continue;
            }
            // A tag alone, as skopeo writes it, is no name.
            let is_name = |name: &&String| name.contains([':', '/']);
            let mut names = [IMAGE_NAME, REF_NAME].iter().filter_map(|key| descriptor.annotations.get(*key));
            let name = names.find(is_name).or(name);
            let (bytes, blob) = self.described(descriptor, file)?;
            let document: serde_json::Value = parse(&bytes, &blob)?;
            if document.get("config").is_some() {
                let (text, manifest) = (text(bytes, &blob)?, from_value(document, &blob)?);
                out.push(Listed { name: name.cloned(), digest: descriptor.digest, text, manifest });
            } else if depth < 4 {
                // An index may list indexes, but not forever.
                self.collect(&blob, from_value(document, &blob)?, name, depth + 1, out)?;
            }
        }
        if out.len() > MANY {
            return Err(ImageError::TooMany { file: file.to_owned(), what: "images", limit: MANY });
        }
        Ok(())
    }

    /// A document of an OCI layout, checked against its descriptor.
    fn described(&self, descriptor: &Descriptor, named_by: &str) -> Result<(Vec<u8>, String), ImageError> {
        let file = self.sized(descriptor, named_by)?;
        let bytes = self.files.document(&file, named_by)?;
        check_digest(&bytes, &file, descriptor.digest)?;
        Ok((bytes, file))
    }

    /// The same for a layer, whose digest is checked when it is read.
    fn sized(&self, descriptor: &Descriptor, named_by: &str) -> Result<String, ImageError> {
        let file = blob_file(&descriptor.digest);
        let actual = self.files.file(&file, named_by)?.len();
        if actual != descriptor.size {
            return Err(ImageError::Size { file, expected: descriptor.size, actual });
        }
        Ok(file)
    }

    fn saved(&self, row: &SavedImage, listed: &[Listed]) -> Result<Found, ImageError> {
        let config = self.files.document(&row.config, "manifest.json")?;
        if let Some(expected) = named_digest(&row.config) {
            check_digest(&config, &row.config, expected)?;
        }
        let id = Digest::of(&config);
        let listed = listed.iter().find(|listed| listed.manifest.config.digest == id);
        if let Some(listed) = listed {
            for descriptor in listed.manifest.layers.iter().chain([&listed.manifest.config]) {
                self.sized(descriptor, &blob_file(&listed.digest))?;
            }
        }
        let layers = row.layers.clone().unwrap_or_default();
        let mut found = found(row.config.clone(), config, layers, "manifest.json")?;
        found.names = row.repo_tags.clone().unwrap_or_default();
        found.manifest = listed.map(|listed| (listed.digest, listed.text.clone()));
        Ok(found)
    }

    fn oci(&self, listed: &Listed) -> Result<Found, ImageError> {
        let named_by = blob_file(&listed.digest);
        let (config, config_file) = self.described(&listed.manifest.config, &named_by)?;
        let layers: Result<Vec<String>, ImageError> =
            listed.manifest.layers.iter().map(|layer| self.sized(layer, &named_by)).collect();
        let mut found = found(config_file, config, layers?, &named_by)?;
        let familiar = |name: &String| Reference::parse(name).map_or_else(|_| name.clone(), |name| name.familiar());
        found.names = listed.name.iter().map(familiar).collect();
        found.manifest = Some((listed.digest, listed.text.clone()));
        Ok(found)
    }

    /// Reads all layers, in the order in which they lie in the archive.
    async fn read_layers(&mut self, found: &[Found], pace: &Pace) -> Result<(), ImageError> {
        let mut wanted: BTreeMap<(usize, AbsPath), (&str, &str)> = BTreeMap::new();
        for image in found {
            for file in &image.layers {
                let bytes = self.files.file(file, &image.named_by)?;
                let key = (self.files.place(file), AbsPath::new(file));
                if wanted.insert(key, (file, &image.named_by)).is_none() {
                    pace.expect(bytes.len());
                }
            }
        }
        // Old archives link layers: the same bytes, and one layer.
        let mut at: BTreeMap<usize, Arc<Layer>> = BTreeMap::new();
        for ((place, path), (file, named_by)) in wanted {
            let layer = match at.get(&place) {
                Some(layer) => layer.clone(),
                None => self.layer(file, named_by, pace).await?,
            };
            at.insert(place, layer.clone());
            self.layers.insert(path, layer);
        }
        Ok(())
    }

    async fn layer(&mut self, file: &str, named_by: &str, pace: &Pace) -> Result<Arc<Layer>, ImageError> {
        let bytes = self.files.file(file, named_by)?.clone();
        let read = self.read_layer(file, named_by, pace).await?;
        let blob = Blob { digest: read.digest, compression: read.compression, bytes };
        let origin = Origin::Imported { diff_id: read.diff_id, blob };
        Ok(Arc::new(Layer::new(Arc::new(read.changeset), Certainty::Exact, origin)))
    }

    /// Reads a layer; what its name says of its digest must hold.
    pub(super) async fn read_layer(
        &mut self,
        file: &str,
        named_by: &str,
        pace: &Pace,
    ) -> Result<LayerFile, ImageError> {
        let bytes = self.files.file(file, named_by)?.clone();
        let read = archive::read_layer(&bytes, self.limits, pace).await;
        // Only a blob's name is a digest of its bytes; old layer folders are named by something else.
        let expected = named_digest(file);
        let read = match (read, expected) {
            (Ok(read), _) => read,
            // Damaged bytes have another digest than their name says: that says more than what the damage looks like.
            (Err(error), expected) => {
                let digest = archive::digest_of(&bytes, pace).await;
                return Err(match (expected, digest) {
                    (Some(expected), Ok(actual)) if expected != actual => {
                        ImageError::Digest { file: file.to_owned(), expected, actual }
                    }
                    _ => ImageError::Layer { file: file.to_owned(), error },
                });
            }
        };
        if let Some(expected) = expected.filter(|expected| *expected != read.digest) {
            return Err(ImageError::Digest { file: file.to_owned(), expected, actual: read.digest });
        }
        self.limits.entries -= (read.changeset.entries.len() as u64).min(self.limits.entries);
        self.limits.stream -= read.tar_size.min(self.limits.stream);
        Ok(read)
    }

    fn image(&self, found: &Found) -> Result<Image, ImageError> {
        let mut layers = Vec::with_capacity(found.layers.len());
        let mut snapshot = Snapshot::empty();
        for (file, expected) in found.layers.iter().zip(&found.config.rootfs.diff_ids) {
            let missing = || ImageError::Missing { file: file.clone(), named_by: found.named_by.clone() };
            let layer = self.layers.get(&AbsPath::new(file)).cloned().ok_or_else(missing)?;
            let actual = layer.diff_id().and_then(archive::DiffId::digest);
            if let Some(actual) = actual.filter(|actual| actual != expected) {
                return Err(ImageError::DiffId { file: file.clone(), expected: *expected, actual });
            }
            let next = snapshot.apply(&layer.changeset);
            check_applied(&layer.changeset, &next).map_err(|error| ImageError::Layer { file: file.clone(), error })?;
            snapshot = next;
            layers.push(layer);
        }
        Ok(Image {
            names: found.names.clone(),
            id: Some(Digest::of(found.config_json.as_bytes())),
            manifest_digest: found.manifest.as_ref().map(|(digest, _)| *digest),
            manifest_json: found.manifest.as_ref().map(|(_, text)| text.clone()),
            config: found.config.clone(),
            config_json: Some(found.config_json.clone()),
            layers,
            snapshot,
            is_listing: false,
        })
    }
}

/// An index lists an image once for each of its names.
fn merged(found: Vec<Found>) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    for image in found {
        let same = |other: &&mut Found| other.manifest.as_ref().map(|m| m.0) == image.manifest.as_ref().map(|m| m.0);
        match out.iter_mut().find(same) {
            Some(other) => other.names.extend(image.names),
            None => out.push(image),
        }
    }
    out
}

fn found(config_file: String, config: Vec<u8>, layers: Vec<String>, named_by: &str) -> Result<Found, ImageError> {
    let config_json = text(config, &config_file)?;
    let config: ImageConfig = parse(config_json.as_bytes(), &config_file)?;
    let diff_ids = config.rootfs.diff_ids.len();
    if diff_ids != layers.len() {
        let config = config_file;
        return Err(ImageError::LayerCount { config, diff_ids, layers: layers.len() });
    }
    let named_by = named_by.to_owned();
    Ok(Found { names: Vec::new(), config, config_json, manifest: None, layers, named_by })
}

fn from_value<T: serde::de::DeserializeOwned>(document: serde_json::Value, file: &str) -> Result<T, ImageError> {
    serde_json::from_value(document)
        .map_err(|error| ImageError::BadJson { file: file.to_owned(), message: error.to_string() })
}

fn check_digest(bytes: &[u8], file: &str, expected: Digest) -> Result<(), ImageError> {
    let actual = Digest::of(bytes);
    if actual == expected { Ok(()) } else { Err(ImageError::Digest { file: file.to_owned(), expected, actual }) }
}

fn text(bytes: Vec<u8>, file: &str) -> Result<Arc<str>, ImageError> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.into()),
        Err(error) => Err(ImageError::BadJson { file: file.to_owned(), message: error.to_string() }),
    }
}

/// Is every entry of a layer in the snapshot with this layer on top? It is not where its name leads through a link of a
/// lower layer, or its link has no target.
pub(super) fn check_applied(changeset: &Changeset, snapshot: &Snapshot) -> Result<(), ArchiveError> {
    let kind = |path: &AbsPath| snapshot.lookup(path).and_then(|ino| snapshot.inode(ino)).map(Inode::kind);
    let mut directories: BTreeSet<AbsPath> = BTreeSet::new();
    for entry in changeset.entries.iter().filter(|entry| !entry.kind.is_whiteout()) {
        let refuse = |kind| ArchiveError { kind, entry: Some(entry.path.as_str()[1..].to_owned()), offset: None };
        let mut above: Vec<AbsPath> = std::iter::successors(entry.path.parent(), AbsPath::parent)
            .take_while(|dir| !directories.contains(dir))
            .collect();
        while let Some(dir) = above.pop() {
            match kind(&dir) {
                Some(FileKind::Dir) => directories.insert(dir),
                Some(FileKind::Symlink) => return Err(refuse(ArchiveErrorKind::ThroughSymlink(dir.to_string()))),
                _ => return Err(refuse(ArchiveErrorKind::BelowNonDirectory(dir.to_string()))),
            };
        }
        if let EntryKind::Hardlink(target) = &entry.kind {
            match kind(target) {
                None => return Err(refuse(ArchiveErrorKind::LinkMissing(target.to_string()))),
                Some(FileKind::Dir) => return Err(refuse(ArchiveErrorKind::LinkToDirectory(target.to_string()))),
                Some(_) => {}
            }
        }
    }
    Ok(())
}
