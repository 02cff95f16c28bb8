//! The store of the command line: a folder in which every image that was built with a name or loaded lies, each layer
//! once. It is an OCI layout, so that other tools read it too.
//!
//! An image with files whose contents are not held (on a base of the catalogue) cannot be one of an OCI layout: of it, the
//! store keeps a listing.

use crate::command::Failure;
use crate::{disk, output};
use layerlab::archive::Limits;
use layerlab::catalog::listing;
use layerlab::digest::Digest;
use layerlab::dockerfile::reference::Reference;
use layerlab::image::{self, Export, ExportError, Format, Image, Packing};
use layerlab::pace::{Pace, block_on};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The media type of a listing in the index.
const LISTING: &str = "application/vnd.layerlab.listing.v1";

/// The media type of an image's manifest.
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// The annotations that name an image, as in an exported archive.
const NAME: &str = "io.containerd.image.name";
const REF: &str = "org.opencontainers.image.ref.name";

/// The folder.
pub struct Store {
    folder: PathBuf,
}

/// An image in the store, under one of its names or under none.
#[derive(Debug, Clone)]
pub struct Row {
    /// The full name: `docker.io/library/app:latest`.
    pub name: Option<String>,
    /// The digest of its manifest, or listing.
    pub digest: Digest,
    is_listing: bool,
}

impl Store {
    /// The store in a folder; else in `$LAYERLAB_STORE`, else where this system keeps a user's data.
    ///
    /// # Errors
    /// If no folder is known.
    pub fn open(folder: Option<&Path>) -> Result<Self, Failure> {
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let folder = folder
            .map(Path::to_owned)
            .or_else(|| variable("LAYERLAB_STORE"))
            .or_else(|| variable("XDG_DATA_HOME").map(|data| data.join("layerlab")))
            .or_else(|| variable("HOME").map(|home| home.join(".local/share/layerlab")))
            .or_else(|| variable("LOCALAPPDATA").map(|data| data.join("layerlab")));
        match folder {
            Some(folder) => Ok(Self { folder }),
            None => Err("no folder for the store is known: name one with --store DIR".to_owned()),
        }
    }

    /// Everything in it: a row for each name, and for each image without one; the newest first.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn rows(&self) -> Result<Vec<Row>, Failure> {
        let index = self.index()?;
        let rows = index.iter().rev().map(|row| {
            let digest = row["digest"].as_str().and_then(Digest::parse);
            let digest = digest.ok_or_else(|| format!("{}: a row without a digest", self.index_file().display()))?;
            let name = row["annotations"][NAME].as_str().map(str::to_owned);
            Ok(Row { name, digest, is_listing: row["mediaType"] == LISTING })
        });
        rows.collect()
    }

    /// The image of a row, with all its names in short form.
    ///
    /// # Errors
    /// If it cannot be read, or something is wrong with it.
    pub fn image(&self, row: &Row) -> Result<Image, Failure> {
        let file = self.blob(&row.digest);
        let of = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
        let mut image = if row.is_listing {
            let text = std::fs::read_to_string(&file).map_err(|error| of(&error))?;
            listing::read(&text).map_err(|error| of(&error))?
        } else {
            let files = self.files_of(&row.digest)?;
            let images = block_on(image::open_files(files, Limits::default(), &Pace::default()));
            let mut images = images.map_err(|error| of(&error))?;
            images.pop().ok_or_else(|| of(&"no image"))?
        };
        image.names.clear();
        for row in self.rows()?.iter().rev().filter(|other| other.digest == row.digest) {
            image.names.extend(row.name.as_deref().map(familiar));
        }
        Ok(image)
    }

    /// Puts an image in, under some names: who had them loses them. The names that it has in the store, in full form.
    ///
    /// # Errors
    /// If something cannot be written.
    pub fn put(&self, image: &Image, names: &[String]) -> Result<Vec<String>, Failure> {
        let pace = Pace::default();
        let (digest, size, media_type) =
            match block_on(Export::new(&[(image, &[])], Format::Oci, Packing::Plain, &pace)) {
                Ok(export) => {
                    output::write_files(&export, output::BLOBS, &self.folder)?;
                    let (digest, size) = *export.manifests.first().ok_or("an export without a manifest")?;
                    (digest, size, MANIFEST)
                }
                Err(ExportError::NotHeld { .. }) => {
                    let name = names.first().map_or("<none>", String::as_str);
                    let text = listing::write(image, name);
                    let digest = Digest::of(text.as_bytes());
                    self.write(&self.blob(&digest), text.as_bytes())?;
                    (digest, text.len() as u64, LISTING)
                }
                Err(error) => return Err(error.to_string()),
            };
        let names: Vec<String> = names.iter().map(|name| full(name)).collect::<Result<_, _>>()?;
        let mut index = self.index()?;
        self.untag(&mut index, &names);
        let known = index.iter().any(|row| row["digest"] == digest.to_string());
        if !known || !names.is_empty() {
            index.retain(|row| row["digest"] != digest.to_string() || row["annotations"].get(NAME).is_some());
        }
        let row = |annotations: Map<String, Value>| {
            let mut row = Map::new();
            row.insert("mediaType".to_owned(), media_type.into());
            row.insert("digest".to_owned(), digest.to_string().into());
            row.insert("size".to_owned(), size.into());
            if !annotations.is_empty() {
                row.insert("annotations".to_owned(), annotations.into());
            }
            Value::Object(row)
        };
        for name in &names {
            let tag = name.rsplit_once(':').map_or("", |(_, tag)| tag);
            let annotations = [(NAME.to_owned(), name.as_str().into()), (REF.to_owned(), tag.into())];
            index.push(row(annotations.into_iter().collect()));
        }
        if names.is_empty() && !known {
            index.push(row(Map::new()));
        }
        self.write_index(&index)?;
        Ok(names)
    }

    /// Takes a name away, or the image with all its names if `name` is an ID's or a digest's. What is freed with it: the
    /// blobs that nothing else uses, and their bytes.
    ///
    /// # Errors
    /// If something cannot be read or removed.
    pub fn remove(&self, row: &Row) -> Result<Freed, Failure> {
        let mut index = self.index()?;
        index.retain(|other| {
            let same = other["digest"] == row.digest.to_string();
            !(same && other["annotations"][NAME].as_str() == row.name.as_deref())
        });
        self.write_index(&index)?;
        self.sweep(&index)
    }

    /// The files of the OCI layout that one manifest needs.
    fn files_of(&self, digest: &Digest) -> Result<image::Files, Failure> {
        let mut found = Vec::new();
        let manifest = self.blob(digest);
        let text = std::fs::read_to_string(&manifest).map_err(|error| format!("{}: {error}", manifest.display()))?;
        let document: Value =
            serde_json::from_str(&text).map_err(|error| format!("{}: {error}", manifest.display()))?;
        let row = json!({"digest": digest.to_string(), "size": text.len()});
        let index = json!({"schemaVersion": 2, "manifests": [row]}).to_string();
        found.push(("index.json".to_owned(), index.into_bytes().into()));
        for digest in named(&document).into_iter().chain([*digest]) {
            let path = self.blob(&digest);
            found.push((format!("blobs/sha256/{}", digest.hex()), disk::bytes(&path)?));
        }
        Ok(image::Files::of_folder(found))
    }

    /// Removes the blobs that no row of the index needs.
    fn sweep(&self, index: &[Value]) -> Result<Freed, Failure> {
        let mut needed = BTreeSet::new();
        for row in index {
            let Some(digest) = row["digest"].as_str().and_then(Digest::parse) else { continue };
            needed.insert(digest.hex());
            if row["mediaType"] != LISTING {
                let path = self.blob(&digest);
                let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
                let document = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
                needed.extend(named(&document).iter().map(Digest::hex));
            }
        }
        let mut freed = Freed::default();
        let folder = self.folder.join("blobs/sha256");
        for entry in std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))? {
            let entry = entry.map_err(|error| format!("{}: {error}", folder.display()))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if let Some(digest) = Digest::parse(&name).filter(|_| !needed.contains(&name)) {
                freed.bytes += entry.metadata().map(|meta| meta.len()).unwrap_or_default();
                freed.blobs.push(digest);
                std::fs::remove_file(entry.path()).map_err(|error| format!("{}: {error}", entry.path().display()))?;
            }
        }
        freed.blobs.sort();
        Ok(freed)
    }

    /// Takes names away from whoever has them; an image that loses its last one stays without.
    fn untag(&self, index: &mut Vec<Value>, names: &[String]) {
        let mut orphans = Vec::new();
        index.retain(|row| {
            let taken = row["annotations"][NAME].as_str().is_some_and(|name| names.iter().any(|other| other == name));
            if taken {
                orphans.push(row.clone());
            }
            !taken
        });
        for mut orphan in orphans {
            if !index.iter().any(|row| row["digest"] == orphan["digest"]) {
                if let Some(fields) = orphan.as_object_mut() {
                    fields.remove("annotations");
                }
                index.insert(0, orphan);
            }
        }
    }

    fn blob(&self, digest: &Digest) -> PathBuf {
        self.folder.join("blobs/sha256").join(digest.hex())
    }

    fn index_file(&self) -> PathBuf {
        self.folder.join("index.json")
    }

    /// The rows of the index, the oldest first.
    fn index(&self) -> Result<Vec<Value>, Failure> {
        let path = self.index_file();
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(format!("{}: {error}", path.display())),
        };
        let index: Value = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(index["manifests"].as_array().cloned().unwrap_or_default())
    }

    fn write_index(&self, rows: &[Value]) -> Result<(), Failure> {
        let media_type = "application/vnd.oci.image.index.v1+json";
        let index = json!({"schemaVersion": 2, "mediaType": media_type, "manifests": rows});
        self.write(&self.folder.join("oci-layout"), br#"{"imageLayoutVersion": "1.0.0"}"#)?;
        self.write(&self.index_file(), index.to_string().as_bytes())
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
        output::write_whole(path, |out| out.write_all(bytes)).map_err(|error| format!("{}: {error}", path.display()))
    }
}

/// What a removal freed.
#[derive(Debug, Default)]
pub struct Freed {
    /// The blobs.
    pub blobs: Vec<Digest>,
    /// Their bytes.
    pub bytes: u64,
}

/// The digests that a manifest names: of its config and its layers.
fn named(manifest: &Value) -> Vec<Digest> {
    let layers = manifest["layers"].as_array().into_iter().flatten();
    let rows = layers.chain([&manifest["config"]]);
    rows.filter_map(|row| row["digest"].as_str().and_then(Digest::parse)).collect()
}

/// A name in full: `docker.io/library/app:latest`.
///
/// # Errors
/// Docker's words for what is no name.
pub fn full(name: &str) -> Result<String, Failure> {
    let reference = Reference::parse(name).map_err(|reason| {
        let reason = if reason.contains("must be lowercase") { "repository name must be lowercase" } else { &reason };
        format!("invalid tag {name:?}: {reason}")
    })?;
    Ok(reference.with_default_tag().to_string())
}

/// A full name in short form.
pub fn familiar(name: &str) -> String {
    Reference::parse(name).map_or_else(|_| name.to_owned(), |reference| reference.familiar())
}
