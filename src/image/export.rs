//! Images as archives: what `docker load` takes (as `docker save` of Docker 25 and later writes it), and OCI layouts
//! (image-spec, image-layout.md). Deterministic: the same images give the same bytes. Layers that came from an archive keep
//! their own bytes; ours are written as plain tars, or gzip where that is asked for.
//!
//! First all documents and digests are made ([`Export`]); then whoever wants the archive has it written, as a tar or file by
//! file, so that no layer is ever in memory as a whole (but for those that are compressed here).

use super::manifest::{Descriptor, IMAGE_NAME, Index, Manifest, REF_NAME, SavedImage, blob_file, media};
use super::{Image, Layer, Origin};
use crate::archive::{self, LayerTar};
use crate::bytes::Bytes;
use crate::digest::{Digest, Hasher};
use crate::dockerfile::reference::Reference;
use crate::pace::Pace;
use crate::path::AbsPath;
use crate::vfs::{Changeset, EntryKind};
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read, Write};
use std::sync::Arc;

/// How many files an error names.
const NAMED: usize = 5;

/// The form of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For `docker load`: an OCI layout with manifest.json.
    Docker,
    /// An OCI layout.
    Oci,
}

/// How the layers that are written here are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    Plain,
    /// gzip.
    Gzip,
}

/// An image that cannot be exported.
#[derive(Debug)]
pub enum ExportError {
    /// The contents of some files are not held: they are only listed, or modelled.
    NotHeld {
        /// The first of these files, with the number of their layer from 0.
        files: Vec<(usize, AbsPath)>,
        /// How many there are.
        count: usize,
    },
    /// The place that holds an imported layer cannot be read, or the one to write to cannot be written.
    Io(io::Error),
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotHeld { files, count } => {
                let listed: Vec<String> =
                    files.iter().map(|(layer, path)| format!("{path} (layer {})", layer + 1)).collect();
                let files = if *count == 1 { "the content of one file is" } else { "the contents of some files are" };
                write!(f, "{files} not held, only listed or modelled: {}", listed.join(", "))?;
                match count.saturating_sub(listed.len()) {
                    0 => Ok(()),
                    more => write!(f, ", and {more} more"),
                }
            }
            Self::Io(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for ExportError {}

impl From<io::Error> for ExportError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// An archive that is ready to be written: its files in order.
pub struct Export {
    /// The digest and size in bytes of each image's manifest.
    pub manifests: Vec<(Digest, u64)>,
    files: Vec<ExportFile>,
}

/// A file of an archive.
pub struct ExportFile {
    /// Its path.
    pub path: String,
    /// Its length in bytes.
    pub size: u64,
    data: Data,
}

enum Data {
    Memory(Arc<Vec<u8>>),
    Stored(Bytes),
    Tar(Arc<Changeset>),
}

/// A layer as it goes into an archive.
struct Blob {
    digest: Digest,
    size: u64,
    media_type: String,
    data: Data,
}

impl Export {
    /// Prepares images with the names they get, for a format.
    ///
    /// # Errors
    /// If the content of a file is not held, or an imported layer cannot be read any more.
    pub async fn new(
        images: &[(&Image, &[String])],
        format: Format,
        packing: Packing,
        pace: &Pace,
    ) -> Result<Self, ExportError> {
        for (image, _) in images {
            check_held(image)?;
        }
        let mut blobs: BTreeMap<String, ExportFile> = BTreeMap::new();
        let mut put = |digest: Digest, size: u64, data: Data| {
            let path = blob_file(&digest);
            blobs.insert(path.clone(), ExportFile { path, size, data });
        };
        let (mut manifests, mut listed, mut saved) = (Vec::new(), Vec::new(), Vec::new());
        for (image, names) in images {
            let mut layers = Vec::with_capacity(image.layers.len());
            for layer in &image.layers {
                let blob = blob(layer, packing, pace).await?;
                layers.push(Descriptor {
                    media_type: blob.media_type,
                    digest: blob.digest,
                    size: blob.size,
                    annotations: BTreeMap::new(),
                    platform: None,
                });
                put(blob.digest, blob.size, blob.data);
            }
            let config = config_json(image);
            let (config_digest, config_size) = (Digest::of(config.as_bytes()), config.len() as u64);
            let layer_files = layers.iter().map(|layer| blob_file(&layer.digest)).collect();
            let manifest = manifest_json(image, config_digest, config_size, layers);
            let (digest, size) = (Digest::of(manifest.as_bytes()), manifest.len() as u64);
            put(config_digest, config_size, memory(config));
            put(digest, size, memory(manifest));
            manifests.push((digest, size));
            listed.extend(index_rows(digest, size, names));
            let tags: Vec<String> = names.iter().filter_map(|name| Some(parsed(name)?.familiar())).collect();
            saved.push(SavedImage {
                config: blob_file(&config_digest),
                repo_tags: (!tags.is_empty()).then_some(tags),
                layers: Some(layer_files),
            });
        }
        let index = Index { schema_version: 2, media_type: media::INDEX.to_owned(), manifests: listed };
        let mut files: Vec<ExportFile> = blobs.into_values().collect();
        let mut document = |path: &str, text: String| {
            files.push(ExportFile { path: path.to_owned(), size: text.len() as u64, data: memory(text) });
        };
        document("index.json", json(&index));
        if format == Format::Docker {
            document("manifest.json", json(&saved));
        }
        document("oci-layout", "{\"imageLayoutVersion\": \"1.0.0\"}".to_owned());
        Ok(Self { manifests, files })
    }

    /// The files, sorted by path.
    pub fn files(&self) -> &[ExportFile] {
        &self.files
    }

    /// Writes them as a tar, at the time 0 as `docker save` does.
    ///
    /// # Errors
    /// Those of writing, and of reading an imported layer.
    pub async fn write_tar(&self, to: &mut impl Write, pace: &Pace) -> io::Result<()> {
        for dir in ["blobs/", "blobs/sha256/"] {
            to.write_all(&archive::file_header(dir, 0))?;
        }
        for file in &self.files {
            to.write_all(&archive::file_header(&file.path, file.size))?;
            file.write(to, pace).await?;
            let padding = file.size.next_multiple_of(512) - file.size;
            to.write_all(&[0; 512][..padding as usize])?;
        }
        to.write_all(&[0; 1024])
    }
}

impl ExportFile {
    /// Writes what it holds.
    ///
    /// # Errors
    /// Those of writing, and of reading an imported layer.
    pub async fn write(&self, to: &mut impl Write, pace: &Pace) -> io::Result<()> {
        match &self.data {
            Data::Memory(bytes) => to.write_all(bytes),
            Data::Stored(bytes) => {
                let (mut reader, mut left) = (bytes.reader(), self.size);
                let mut chunk = vec![0; CHUNK];
                while left > 0 {
                    let n = left.min(CHUNK as u64) as usize;
                    reader.read_exact(&mut chunk[..n])?;
                    to.write_all(&chunk[..n])?;
                    left -= n as u64;
                    pace.spent(n as u64).await;
                }
                Ok(())
            }
            Data::Tar(changeset) => for_each_chunk(changeset, pace, |chunk| to.write_all(chunk)).await,
        }
    }
}

/// The file that `docker load` and other tools know an image by: the config, with the diff IDs of all its layers.
///
/// The digests of layers of ours are computed where they are not known yet.
pub fn config_json(image: &Image) -> String {
    image.config_json.as_deref().map_or_else(
        || {
            let mut config = image.config.clone();
            config.rootfs.diff_ids = image.layers.iter().filter_map(|layer| layer.exact_diff_id()).collect();
            config.to_json()
        },
        str::to_owned,
    )
}

const CHUNK: usize = 64 << 10;

fn memory(text: String) -> Data {
    Data::Memory(Arc::new(text.into_bytes()))
}

/// JSON as Go writes it.
fn json<T: serde::Serialize>(document: &T) -> String {
    crate::image::config::go_escaped(&serde_json::to_string(document).unwrap_or_default())
}

fn parsed(name: &str) -> Option<Reference> {
    Reference::parse(name).ok().map(Reference::with_default_tag)
}

/// A row for each name, one without annotations if there is none.
fn index_rows(digest: Digest, size: u64, names: &[String]) -> Vec<Descriptor> {
    let row =
        |annotations| Descriptor { media_type: media::MANIFEST.to_owned(), digest, size, annotations, platform: None };
    let named = names.iter().filter_map(|name| parsed(name)).map(|reference| {
        let tag = reference.tag.clone().unwrap_or_default();
        row([(IMAGE_NAME.to_owned(), reference.to_string()), (REF_NAME.to_owned(), tag)].into())
    });
    let rows: Vec<Descriptor> = named.collect();
    if rows.is_empty() { vec![row(BTreeMap::new())] } else { rows }
}

/// The image's own manifest if it came with one that says the same, else one of ours.
fn manifest_json(image: &Image, config: Digest, config_size: u64, layers: Vec<Descriptor>) -> String {
    if let Some(own) = &image.manifest_json
        && let Ok(manifest) = serde_json::from_str::<Manifest>(own)
        && manifest.config.digest == config
        && manifest.layers.iter().map(|layer| layer.digest).eq(layers.iter().map(|layer| layer.digest))
    {
        return own.to_string();
    }
    json(&Manifest {
        schema_version: 2,
        media_type: media::MANIFEST.to_owned(),
        config: Descriptor {
            media_type: media::CONFIG.to_owned(),
            digest: config,
            size: config_size,
            annotations: BTreeMap::new(),
            platform: None,
        },
        layers,
    })
}

fn check_held(image: &Image) -> Result<(), ExportError> {
    let (mut files, mut count) = (Vec::new(), 0);
    for (index, layer) in image.layers.iter().enumerate() {
        if matches!(layer.origin, Origin::Imported { .. }) {
            continue;
        }
        count += usize::from(layer.unlisted > 0);
        for entry in &layer.changeset.entries {
            if matches!(&entry.kind, EntryKind::File(content) if !content.is_held()) {
                count += 1;
                if files.len() < NAMED {
                    files.push((index, entry.path.clone()));
                }
            }
        }
    }
    if count == 0 { Ok(()) } else { Err(ExportError::NotHeld { files, count }) }
}

async fn blob(layer: &Layer, packing: Packing, pace: &Pace) -> io::Result<Blob> {
    if let Origin::Imported { blob, .. } = &layer.origin {
        let suffix = blob.compression.map(|name| format!("+{name}")).unwrap_or_default();
        let media_type = format!("{}{suffix}", media::LAYER);
        return Ok(Blob {
            digest: blob.digest,
            size: blob.bytes.len(),
            media_type,
            data: Data::Stored(blob.bytes.clone()),
        });
    }
    let changeset = &layer.changeset;
    match packing {
        Packing::Plain => {
            let digest = match layer.exact_diff_id() {
                Some(digest) => digest,
                None => {
                    let mut hasher = Hasher::default();
                    for_each_chunk(changeset, pace, |chunk| {
                        hasher.update(chunk);
                        Ok(())
                    })
                    .await?;
                    let digest = hasher.finish();
                    layer.set_exact_diff_id(digest);
                    digest
                }
            };
            let size = archive::tar_size(changeset);
            Ok(Blob { digest, size, media_type: media::LAYER.to_owned(), data: Data::Tar(changeset.clone()) })
        }
        Packing::Gzip => {
            let mut hasher = Hasher::default();
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            for_each_chunk(changeset, pace, |chunk| {
                hasher.update(chunk);
                encoder.write_all(chunk)
            })
            .await?;
            layer.set_exact_diff_id(hasher.finish());
            let bytes = encoder.finish()?;
            Ok(Blob {
                digest: Digest::of(&bytes),
                size: bytes.len() as u64,
                media_type: format!("{}+gzip", media::LAYER),
                data: Data::Memory(Arc::new(bytes)),
            })
        }
    }
}

/// Hands out the tar of a layer of ours.
async fn for_each_chunk(
    changeset: &Arc<Changeset>,
    pace: &Pace,
    mut take: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let held = |error: archive::NotHeld| io::Error::new(io::ErrorKind::InvalidInput, error.to_string());
    let mut tar = LayerTar::new(changeset.clone()).map_err(held)?;
    let mut chunk = Vec::with_capacity(CHUNK);
    loop {
        let more = tar.fill(&mut chunk, CHUNK)?;
        take(&chunk)?;
        pace.spent(chunk.len() as u64).await;
        chunk.clear();
        if !more {
            return Ok(());
        }
    }
}
