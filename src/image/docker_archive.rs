//! Image archives: what `docker save` writes, with layer folders (old) or OCI blobs (new), and OCI layouts as tar; the
//! whole archive and each layer plain or compressed. Every digest, size and diff ID is checked.
//!
//! It takes the linux/amd64 image where there are several platforms, and lacks root filesystem tarballs (`docker export`),
//! which have no config.

use super::blob::Blob;
use super::error::ImageError;
use super::{Certainty, Image, ImageConfig, Layer, Origin};
use crate::archive::{self, ArchiveError, ArchiveErrorKind, Limits, MemberKind, TarReader};
use crate::digest::Digest;
use crate::path::AbsPath;
use crate::vfs::{Changeset, EntryKind, FileKind, Inode, Snapshot};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// Reads all images of an archive.
///
/// # Errors
/// Whatever is wrong with it; nothing is used of an archive in which something is wrong.
pub fn load(bytes: Arc<Vec<u8>>, limits: Limits) -> Result<Vec<Image>, ImageError> {
    let archive = Archive::open(bytes, limits)?;
    let mut loader = Loader { archive, limits, layers: BTreeMap::new() };
    let manifests = loader.oci_manifests()?;
    let images = if loader.archive.has("manifest.json") {
        let entries: Vec<SavedImage> = loader.archive.json("manifest.json", "the archive")?;
        entries.iter().map(|entry| loader.saved(entry, &manifests)).collect::<Result<Vec<_>, _>>()?
    } else if loader.archive.has("index.json") {
        manifests.iter().map(|manifest| loader.oci(manifest)).collect::<Result<Vec<_>, _>>()?
    } else {
        return Err(ImageError::NotAnImage);
    };
    if images.is_empty() { Err(ImageError::NoImages) } else { Ok(images) }
}

/// A row of `manifest.json`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SavedImage {
    config: String,
    #[serde(default)]
    repo_tags: Option<Vec<String>>,
    layers: Vec<String>,
}

/// A descriptor (OCI image-spec, descriptor.md).
#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    digest: Digest,
    size: u64,
    #[serde(default)]
    platform: Option<Platform>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

#[derive(Deserialize, Clone)]
struct Platform {
    #[serde(default)]
    architecture: String,
    #[serde(default)]
    os: String,
}

/// An index or a manifest (OCI image-spec, image-index.md, manifest.md).
#[derive(Deserialize)]
struct IndexOrManifest {
    #[serde(default)]
    manifests: Vec<Descriptor>,
    config: Option<Descriptor>,
    #[serde(default)]
    layers: Vec<Descriptor>,
}

/// An image of the OCI part of an archive.
struct Manifest {
    name: Option<String>,
    digest: Digest,
    config: Descriptor,
    layers: Vec<Descriptor>,
}

/// The files of an archive.
struct Archive {
    bytes: Arc<Vec<u8>>,
    files: BTreeMap<AbsPath, Range<usize>>,
    /// Old `docker save` wrote a layer once and linked to it.
    links: BTreeMap<AbsPath, AbsPath>,
}

impl Archive {
    fn open(bytes: Arc<Vec<u8>>, limits: Limits) -> Result<Self, ImageError> {
        let bytes =
            if archive::sniff(&bytes).is_some() { Arc::new(archive::decompress(&bytes, limits.held)?) } else { bytes };
        let (mut files, mut links) = (BTreeMap::new(), BTreeMap::new());
        let mut reader = TarReader::new(&bytes, Limits { stream: u64::MAX, ..limits });
        while let Some(member) = reader.next_member()? {
            let named = |kind| ArchiveError { kind, entry: Some(member.name.clone()), offset: Some(member.offset) };
            let path = archive::path_in_root(&member.name).map_err(named)?;
            match &member.kind {
                MemberKind::File => {
                    let start = member.data as usize;
                    links.remove(&path);
                    files.insert(path, start..start.saturating_add(member.size as usize));
                }
                MemberKind::Hardlink(target) => {
                    links.insert(path, AbsPath::new(target));
                }
                MemberKind::Symlink(target) => {
                    let from = path.parent().unwrap_or_else(AbsPath::root);
                    links.insert(path, from.join(target));
                }
                _ => {}
            }
        }
        drop(reader);
        Ok(Self { bytes, files, links })
    }

    fn range(&self, file: &str) -> Option<Range<usize>> {
        let mut path = AbsPath::new(file);
        for _ in 0..40 {
            match self.links.get(&path) {
                Some(target) => path = target.clone(),
                None => break,
            }
        }
        self.files.get(&path).cloned()
    }

    fn has(&self, file: &str) -> bool {
        self.range(file).is_some()
    }

    fn file(&self, file: &str, named_by: &str) -> Result<&[u8], ImageError> {
        let missing = || ImageError::Missing { file: file.to_owned(), named_by: named_by.to_owned() };
        self.range(file).and_then(|range| self.bytes.get(range)).ok_or_else(missing)
    }

    fn json<T: DeserializeOwned>(&self, file: &str, named_by: &str) -> Result<T, ImageError> {
        parse(self.file(file, named_by)?, file)
    }

    /// A blob of an OCI layout, checked against its descriptor.
    fn described(&self, descriptor: &Descriptor, named_by: &str) -> Result<(&[u8], String), ImageError> {
        let (bytes, file) = self.sized(descriptor, named_by)?;
        check_digest(bytes, &file, descriptor.digest)?;
        Ok((bytes, file))
    }

    /// The same without the digest: a layer's is checked when the layer is read.
    fn sized(&self, descriptor: &Descriptor, named_by: &str) -> Result<(&[u8], String), ImageError> {
        let file = blob_file(&descriptor.digest);
        let bytes = self.file(&file, named_by)?;
        if bytes.len() as u64 != descriptor.size {
            return Err(ImageError::Size { file, expected: descriptor.size, actual: bytes.len() as u64 });
        }
        Ok((bytes, file))
    }
}

fn blob_file(digest: &Digest) -> String {
    format!("blobs/sha256/{}", digest.hex())
}

fn parse<T: DeserializeOwned>(bytes: &[u8], file: &str) -> Result<T, ImageError> {
    serde_json::from_slice(bytes)
        .map_err(|error| ImageError::BadJson { file: file.to_owned(), message: error.to_string() })
}

fn check_digest(bytes: &[u8], file: &str, expected: Digest) -> Result<(), ImageError> {
    let actual = Digest::of(bytes);
    if actual == expected { Ok(()) } else { Err(ImageError::Digest { file: file.to_owned(), expected, actual }) }
}

/// The digest that a file's name states: `blobs/sha256/HEX` or `HEX.json`.
fn named_digest(file: &str) -> Option<Digest> {
    let name = file.rsplit('/').next().unwrap_or(file);
    Digest::parse(name.strip_suffix(".json").unwrap_or(name))
}

struct Loader {
    archive: Archive,
    limits: Limits,
    /// Layers that were read, by the digest of their blob: images share them.
    layers: BTreeMap<Digest, Arc<Layer>>,
}

impl Loader {
    /// The images that `index.json` lists, nested indexes resolved.
    fn oci_manifests(&self) -> Result<Vec<Manifest>, ImageError> {
        let mut out = Vec::new();
        if self.archive.has("index.json") {
            let index: IndexOrManifest = self.archive.json("index.json", "the archive")?;
            self.collect("index.json", index, None, 0, &mut out)?;
        }
        Ok(out)
    }

    fn collect(
        &self,
        file: &str,
        index: IndexOrManifest,
        name: Option<&String>,
        depth: u8,
        out: &mut Vec<Manifest>,
    ) -> Result<(), ImageError> {
        for descriptor in &index.manifests {
            let ours = |platform: &Platform| platform.os == "linux" && platform.architecture == "amd64";
            if descriptor.platform.as_ref().is_some_and(|platform| !ours(platform)) {
                continue;
            }
            let name = ["io.containerd.image.name", "org.opencontainers.image.ref.name"]
                .iter()
                .find_map(|key| descriptor.annotations.get(*key))
                .or(name);
            let (bytes, blob) = self.archive.described(descriptor, file)?;
            let inner: IndexOrManifest = parse(bytes, &blob)?;
            match inner.config {
                Some(config) => {
                    let (name, digest) = (name.cloned(), descriptor.digest);
                    out.push(Manifest { name, digest, config, layers: inner.layers });
                }
                // An index may list indexes, but not forever.
                None if depth < 4 => self.collect(&blob, inner, name, depth + 1, out)?,
                None => {}
            }
        }
        Ok(())
    }

    fn saved(&mut self, entry: &SavedImage, manifests: &[Manifest]) -> Result<Image, ImageError> {
        let config = self.archive.file(&entry.config, "manifest.json")?;
        if let Some(expected) = named_digest(&entry.config) {
            check_digest(config, &entry.config, expected)?;
        }
        let id = Digest::of(config);
        let config_json = text(config, &entry.config)?;
        let manifest = manifests.iter().find(|manifest| manifest.config.digest == id);
        if let Some(manifest) = manifest {
            for descriptor in manifest.layers.iter().chain([&manifest.config]) {
                self.archive.sized(descriptor, &blob_file(&manifest.digest))?;
            }
        }
        let names = entry.repo_tags.clone().unwrap_or_default();
        let mut image = self.image(&entry.config, config_json, &entry.layers, "manifest.json")?;
        image.names = names;
        image.manifest_digest = manifest.map(|manifest| manifest.digest);
        Ok(image)
    }

    fn oci(&mut self, manifest: &Manifest) -> Result<Image, ImageError> {
        let named_by = blob_file(&manifest.digest);
        let (config, config_file) = self.archive.described(&manifest.config, &named_by)?;
        let config_json = text(config, &config_file)?;
        for layer in &manifest.layers {
            self.archive.sized(layer, &named_by)?;
        }
        let files: Vec<String> = manifest.layers.iter().map(|layer| blob_file(&layer.digest)).collect();
        let mut image = self.image(&config_file, config_json, &files, &named_by)?;
        image.names = manifest.name.iter().cloned().collect();
        image.manifest_digest = Some(manifest.digest);
        Ok(image)
    }

    fn image(
        &mut self,
        config_file: &str,
        config_json: Arc<str>,
        files: &[String],
        named_by: &str,
    ) -> Result<Image, ImageError> {
        let config: ImageConfig = parse(config_json.as_bytes(), config_file)?;
        let diff_ids = &config.rootfs.diff_ids;
        if diff_ids.len() != files.len() {
            let config = config_file.to_owned();
            return Err(ImageError::LayerCount { config, diff_ids: diff_ids.len(), layers: files.len() });
        }
        let mut layers = Vec::with_capacity(files.len());
        let mut snapshot = Snapshot::empty();
        for (file, expected) in files.iter().zip(diff_ids) {
            let layer = self.layer(file, named_by)?;
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
            names: Vec::new(),
            id: Some(Digest::of(config_json.as_bytes())),
            manifest_digest: None,
            config,
            config_json: Some(config_json),
            layers,
            snapshot,
            is_listing: false,
        })
    }

    fn layer(&mut self, file: &str, named_by: &str) -> Result<Arc<Layer>, ImageError> {
        let missing = || ImageError::Missing { file: file.to_owned(), named_by: named_by.to_owned() };
        let range = self.archive.range(file).ok_or_else(missing)?;
        let blob = Blob::new(self.archive.bytes.clone(), range).ok_or_else(missing)?;
        // Only a blob's name is a digest of its bytes; old layer folders are named by something else.
        if let Some(expected) = named_digest(file).filter(|expected| *expected != blob.digest) {
            return Err(ImageError::Digest { file: file.to_owned(), expected, actual: blob.digest });
        }
        if let Some(layer) = self.layers.get(&blob.digest) {
            return Ok(layer.clone());
        }
        let read = archive::read_layer(blob.bytes(), self.limits)
            .map_err(|error| ImageError::Layer { file: file.to_owned(), error })?;
        self.limits.entries -= (read.changeset.entries.len() as u64).min(self.limits.entries);
        self.limits.stream -= read.tar_size.min(self.limits.stream);
        let digest = blob.digest;
        let origin = Origin::Imported { diff_id: read.diff_id, blob };
        let layer = Arc::new(Layer::new(Arc::new(read.changeset), Certainty::Exact, origin));
        self.layers.insert(digest, layer.clone());
        Ok(layer)
    }
}

fn text(bytes: &[u8], file: &str) -> Result<Arc<str>, ImageError> {
    let message =
        |error: std::str::Utf8Error| ImageError::BadJson { file: file.to_owned(), message: error.to_string() };
    Ok(std::str::from_utf8(bytes).map_err(message)?.into())
}

/// Is every entry of a layer in the snapshot with this layer on top? It is not where its name leads through a link of a
/// lower layer, or its link has no target.
fn check_applied(changeset: &Changeset, snapshot: &Snapshot) -> Result<(), ArchiveError> {
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
