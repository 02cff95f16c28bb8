//! What `FROM name` finds: the built-in listings, and the images that a user brought.
//!
//! References resolve as Docker resolves them. It lacks a registry: a name that it does not have is an error, even where
//! Docker would find the image.

pub mod listing;
pub mod samples;
mod tags;

use crate::data::Data;
use crate::diagnostic::{BuildError, DiagnosticKind, StageError, nearest};
use crate::dockerfile::reference::Reference;
use crate::image::Image;
use listing::ListingError;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// The built-in images: a line each with the name and its data file. Made by `scripts/catalogue/images.py`.
const IMAGES: &str = include_str!("../../static/catalog/images.index");

/// The images that `FROM` and `COPY --from` find. Cheap to clone.
#[derive(Clone)]
pub struct Catalog {
    /// By repository and tag, in full form.
    entries: BTreeMap<(String, String), Arc<Entry>>,
    data: Data,
}

struct Entry {
    /// The name of its data file.
    file: &'static str,
    /// The image, once it was asked for.
    image: OnceLock<Result<Arc<Image>, ListingError>>,
}

/// What a reference resolves to.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The full reference as it was asked for: what BuildKit's log shows.
    pub reference: Reference,
    /// The image.
    pub image: Arc<Image>,
    /// What is worth knowing about the choice.
    pub note: Option<DiagnosticKind>,
}

/// Why a reference does not resolve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatalogError {
    /// It is no reference, for Docker's reason.
    BadReference {
        /// As it was written.
        written: String,
        /// Why.
        reason: String,
    },
    /// The catalogue does not have it.
    Unknown {
        /// As it was written.
        written: String,
        /// In full form.
        resolved: String,
        /// The catalogue has other tags of this repository.
        repository_known: bool,
        /// The nearest name that the catalogue has, in short form.
        nearest: Option<String>,
    },
    /// The catalogue's own data cannot be read.
    BadListing(ListingError),
    /// Data files of the image are not here: they were asked for ([`Data::wanted`]).
    Waiting {
        /// Their names.
        files: Vec<String>,
    },
    /// The image's data file cannot be had.
    NoData {
        /// As it was written.
        written: String,
        /// Why.
        reason: String,
    },
}

impl CatalogError {
    /// The error as BuildKit words it. It suggests the nearest of `stages` (their names) and of a few well-known images.
    pub fn kind(&self, stages: &[String]) -> DiagnosticKind {
        match self {
            Self::BadReference { written, reason } => {
                StageError::InvalidReference { name: written.clone(), reason: reason.clone() }.into()
            }
            Self::Unknown { written, resolved, repository_known, .. } => {
                let common = common_names();
                let names = stages.iter().chain(&common).map(String::as_str);
                let (reference, resolved, suggestion) = (written.clone(), resolved.clone(), nearest(written, names));
                if *repository_known {
                    BuildError::ImageNotFound { reference, resolved, suggestion }.into()
                } else {
                    BuildError::ImageDenied { reference, resolved, suggestion }.into()
                }
            }
            Self::BadListing(error) => BuildError::ValueRefused { message: error.to_string() }.into(),
            Self::Waiting { files } => {
                BuildError::DataMissing { what: files.join(", "), reason: "it is on its way".to_owned() }.into()
            }
            Self::NoData { written, reason } => {
                BuildError::DataMissing { what: written.clone(), reason: reason.clone() }.into()
            }
        }
    }

    /// What Docker's words hide: that it is this catalogue which lacks the image, not the world.
    pub fn note(&self) -> Option<DiagnosticKind> {
        let Self::Unknown { written, nearest, .. } = self else { return None };
        let (name, nearest) = (written.clone(), nearest.clone().unwrap_or_default());
        Some(BuildError::NotInCatalogue { name, nearest }.into())
    }
}

/// The names that BuildKit compares a missing image with (`commonImageNames`), without the slash that it forgets.
fn common_names() -> Vec<String> {
    ["alpine", "busybox", "centos", "debian", "golang", "ubuntu", "fedora"]
        .iter()
        .flat_map(|name| {
            [
                (*name).to_owned(),
                format!("docker.io/library{name}"),
                format!("{name}:latest"),
                format!("docker.io/library{name}:latest"),
            ]
        })
        .collect()
}

impl Catalog {
    /// The built-in catalogue, with the data files that are compiled in.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn builtin() -> Self {
        Self::new(Data::embedded())
    }

    /// The built-in catalogue: the official images of `images.index`, and `scratch`. Data are asked for, and read, when an
    /// image is.
    pub fn new(data: Data) -> Self {
        let mut catalog = Self { entries: BTreeMap::new(), data };
        for (name, file) in IMAGES.lines().filter_map(|line| line.split_once('\t')) {
            let reference = Reference::parse(name);
            debug_assert!(reference.is_ok(), "{name} is no reference");
            if let Ok(reference) = reference {
                catalog.entries.insert(key(&reference), Arc::new(Entry { file, image: OnceLock::new() }));
            }
        }
        catalog
    }

    /// The data files that it, and the package managers, read.
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// Adds an image, or replaces the one of that name.
    ///
    /// # Errors
    /// Docker's reason if the name is no reference.
    pub fn with(mut self, name: &str, image: Arc<Image>) -> Result<Self, String> {
        let reference = Reference::parse(name)?;
        let entry = Entry { file: "", image: OnceLock::from(Ok(image)) };
        self.entries.insert(key(&reference), Arc::new(entry));
        Ok(self)
    }

    /// The names it has, in short form and sorted, without `scratch`.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.entries.keys().map(short).collect();
        names.sort();
        names
    }

    /// The image of a reference, as FROM and `--from` write it, variables expanded.
    ///
    /// # Errors
    /// If it is no reference, or the catalogue does not have it, or not yet.
    pub fn resolve(&self, written: &str) -> Result<Resolved, CatalogError> {
        let reference = Reference::parse(written)
            .map_err(|reason| CatalogError::BadReference { written: written.to_owned(), reason })?
            .with_default_tag();
        if written == "scratch" {
            return Ok(Resolved { reference, image: Arc::new(Image::scratch()), note: None });
        }
        let repository = format!("{}/{}", reference.domain, reference.path);
        if let Some(digest) = &reference.digest {
            for entry in self.tags(&repository).map(|(_, entry)| entry) {
                let image = self.image(entry, written)?;
                if image.manifest_digest.is_some_and(|known| known.to_string() == *digest) {
                    return Ok(Resolved { reference, image, note: None });
                }
            }
            if reference.tag.is_none() {
                return Err(self.unknown(written, &reference, &repository));
            }
        }
        let tag = reference.tag.clone().unwrap_or_default();
        if let Some(entry) = self.entries.get(&(repository.clone(), tag.clone())) {
            return Ok(Resolved { image: self.image(entry, written)?, reference, note: None });
        }
        let known = self.tags(&repository).map(|((_, tag), _)| tag.as_str()).collect::<Vec<_>>();
        if let Some(used) = tags::nearest(&repository, &tag, &known)
            && let Some(entry) = self.entries.get(&(repository.clone(), used.to_owned()))
        {
            let used = short(&(repository.clone(), used.to_owned()));
            let note = Some(BuildError::TagStandsFor { asked: reference.familiar(), used }.into());
            return Ok(Resolved { image: self.image(entry, written)?, reference, note });
        }
        Err(self.unknown(written, &reference, &repository))
    }

    fn tags(&self, repository: &str) -> impl Iterator<Item = (&(String, String), &Arc<Entry>)> {
        let from = (repository.to_owned(), String::new());
        self.entries.range(from..).take_while(move |((name, _), _)| name == repository)
    }

    fn image(&self, entry: &Entry, written: &str) -> Result<Arc<Image>, CatalogError> {
        let image = match entry.image.get() {
            Some(image) => image,
            None => match self.data.look(entry.file) {
                Some(Ok(text)) => {
                    let other = |name: &str| self.data.look(name).and_then(Result::ok);
                    let missing = listing::includes(&text).filter(|name| self.data.look(name).is_none());
                    let files: Vec<String> = missing.map(str::to_owned).collect();
                    if !files.is_empty() {
                        return Err(CatalogError::Waiting { files });
                    }
                    entry.image.get_or_init(|| listing::read_with(&text, &other).map(Arc::new))
                }
                Some(Err(reason)) => {
                    return Err(CatalogError::NoData { written: written.to_owned(), reason: reason.to_string() });
                }
                None => return Err(CatalogError::Waiting { files: vec![entry.file.to_owned()] }),
            },
        };
        image.clone().map_err(CatalogError::BadListing)
    }

    fn unknown(&self, written: &str, reference: &Reference, repository: &str) -> CatalogError {
        let same = self.tags(repository).map(|(key, _)| short(key)).last();
        let repository_known = same.is_some();
        let familiar = reference.familiar();
        let name = familiar.split([':', '@']).next().unwrap_or_default();
        let near = || {
            let names: Vec<String> = self.names();
            let repositories = names.iter().map(|name| name.split(':').next().unwrap_or(name));
            let near = nearest(name, repositories.chain(["scratch"]));
            let full = names.iter().find(|full| full.split(':').next() == Some(near.as_str())).cloned();
            full.or_else(|| (near == "scratch").then_some(near))
        };
        let nearest = same.or_else(near);
        let (written, resolved) = (written.to_owned(), reference.to_string());
        CatalogError::Unknown { written, resolved, repository_known, nearest }
    }
}

fn key(reference: &Reference) -> (String, String) {
    let name = format!("{}/{}", reference.domain, reference.path);
    (name, reference.tag.clone().unwrap_or_else(|| "latest".to_owned()))
}

/// A key in short form: `busybox:latest`.
fn short((name, tag): &(String, String)) -> String {
    let name = name.strip_prefix("docker.io/").unwrap_or(name);
    let name = name.strip_prefix("library/").unwrap_or(name);
    format!("{name}:{tag}")
}

#[cfg(test)]
mod tests;
