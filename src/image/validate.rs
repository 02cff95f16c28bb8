//! Recomputes all that an image archive says of itself: every digest, size and diff ID, and that each layer fits the ones
//! below it. Unlike [`super::open`], it goes on after something wrong, and also names what Docker lets pass: entries that
//! are there twice, whiteouts of nothing, device nodes, links in a circle, blobs that nobody names.

use super::error::ImageError;
use super::files::Files;
use super::manifest::named_digest;
use super::open::{Found, Loader, check_applied};
use crate::archive::{self, Limits};
use crate::bytes::Bytes;
use crate::pace::Pace;
use crate::path::AbsPath;
use crate::vfs::{Changeset, Cred, EntryKind, Errno, Snapshot};
use std::collections::BTreeSet;
use std::fmt;

/// The longest document that is searched for digests, in bytes.
const MAX_DOCUMENT: u64 = 1 << 20;

/// What became of a validation.
#[derive(Debug, Default)]
pub struct Validation {
    /// Images that were found.
    pub images: usize,
    /// Different layers that were read.
    pub layers: usize,
    /// Blobs whose digests were recomputed.
    pub blobs: usize,
    /// What is wrong, or strange.
    pub findings: Vec<Finding>,
}

/// Something that is wrong with an archive, or strange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// It cannot be used.
    Wrong(ImageError),
    /// Docker takes it all the same.
    Strange {
        /// The file in the archive.
        file: String,
        /// What is strange about it.
        what: Strange,
    },
}

/// What Docker lets pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Strange {
    /// A path that is there twice: the last one counts.
    Duplicate(AbsPath),
    /// A whiteout of a path that no lower layer has.
    HidesNothing(AbsPath),
    /// A device: to unpack it takes root.
    Device(AbsPath),
    /// A symbolic link that leads to itself in the end.
    Circle(AbsPath),
    /// A blob that no manifest names.
    Unused,
}

impl Validation {
    /// Can it be used?
    pub fn holds(&self) -> bool {
        !self.findings.iter().any(|finding| matches!(finding, Finding::Wrong(_)))
    }

    fn wrong(&mut self, error: ImageError) {
        let finding = Finding::Wrong(error);
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    fn strange(&mut self, file: &str, what: Strange) {
        self.findings.push(Finding::Strange { file: file.to_owned(), what });
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wrong(error) => write!(f, "error: {error}"),
            Self::Strange { file, what } => write!(f, "note: {file}: {what}"),
        }
    }
}

impl fmt::Display for Strange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate(path) => write!(f, "{path} is there more than once; the last entry counts"),
            Self::HidesNothing(path) => write!(f, "the whiteout of {path} hides nothing: no layer below has it"),
            Self::Device(path) => write!(f, "{path} is a device, which only root can unpack"),
            Self::Circle(path) => write!(f, "the symbolic link {path} leads in a circle"),
            Self::Unused => f.write_str("no manifest names this blob"),
        }
    }
}

/// Validates an archive.
pub async fn validate(bytes: &Bytes, limits: Limits, pace: &Pace) -> Validation {
    match Files::of_tar(bytes, limits, pace).await {
        Ok(files) if files.is_root_filesystem() => {
            let mut validation = Validation::default();
            match super::open(bytes, limits, pace).await {
                Ok(images) => (validation.images, validation.layers) = (images.len(), 1),
                Err(error) => validation.wrong(error),
            }
            validation
        }
        Ok(files) => validate_files(files, limits, pace).await,
        Err(error) => Validation { findings: vec![Finding::Wrong(error)], ..Validation::default() },
    }
}

/// Validates the files of an archive or a folder.
pub async fn validate_files(files: Files, limits: Limits, pace: &Pace) -> Validation {
    let mut validation = Validation::default();
    let blobs = AbsPath::new("/blobs");
    for (_, bytes) in files.below(&blobs) {
        pace.expect(bytes.len());
    }
    for (path, bytes) in files.below(&blobs) {
        validation.blobs += 1;
        let file = path.as_str()[1..].to_owned();
        match (named_digest(&file), archive::digest_of(bytes, pace).await) {
            (Some(expected), Ok(actual)) if expected != actual => {
                validation.wrong(ImageError::Digest { file, expected, actual });
            }
            (_, Err(error)) => validation.wrong(ImageError::Layer { file, error }),
            _ => {}
        }
    }
    let mut loader = Loader::new(files.clone(), limits);
    let found = match loader.found() {
        Ok(found) => found,
        Err(error) => {
            validation.wrong(error);
            return validation;
        }
    };
    validation.images = found.len();
    for image in &found {
        layers(&mut loader, image, &mut validation, pace).await;
    }
    let named = named(&files);
    for (path, _) in files.below(&blobs).filter(|(path, _)| !named.contains(path.name())) {
        validation.strange(&path.as_str()[1..], Strange::Unused);
    }
    validation
}

/// The digests that the documents of an archive name, in hexadecimal.
fn named(files: &Files) -> BTreeSet<String> {
    let root = AbsPath::root();
    let mut named = BTreeSet::new();
    for (_, bytes) in files.below(&root).filter(|(_, bytes)| bytes.len() <= MAX_DOCUMENT) {
        let Ok(text) = bytes.to_vec() else { continue };
        if text.starts_with(b"{") || text.starts_with(b"[") {
            let words = text.split(|byte| !byte.is_ascii_hexdigit()).filter(|word| word.len() == 64);
            named.extend(words.map(|word| String::from_utf8_lossy(word).into_owned()));
        }
    }
    named
}

/// Reads the layers of an image, one over the other.
async fn layers(loader: &mut Loader, image: &Found, validation: &mut Validation, pace: &Pace) {
    let mut snapshot = Snapshot::empty();
    for (file, expected) in image.layers.iter().zip(&image.config.rootfs.diff_ids) {
        let read = match loader.read_layer(file, &image.named_by, pace).await {
            Ok(read) => read,
            // What lies above it cannot be judged.
            Err(error) => return validation.wrong(error),
        };
        validation.layers += 1;
        if read.diff_id != *expected {
            let (expected, actual) = (*expected, read.diff_id);
            validation.wrong(ImageError::DiffId { file: file.clone(), expected, actual });
        }
        for path in read.duplicates {
            validation.strange(file, Strange::Duplicate(path));
        }
        entries(file, &read.changeset, &snapshot, validation);
        let next = snapshot.apply(&read.changeset);
        if let Err(error) = check_applied(&read.changeset, &next) {
            return validation.wrong(ImageError::Layer { file: file.clone(), error });
        }
        snapshot = next;
    }
    let file = image.layers.last().map_or("", String::as_str);
    for (path, _, inode) in snapshot.walk() {
        if matches!(inode.node, crate::vfs::Node::Symlink(_))
            && snapshot.resolve(&Cred::root(), path.as_str(), true).is_err_and(|error| error == Errno::ELOOP)
        {
            validation.strange(file, Strange::Circle(path));
        }
    }
}

fn entries(file: &str, changeset: &Changeset, below: &Snapshot, validation: &mut Validation) {
    for entry in &changeset.entries {
        match entry.kind {
            EntryKind::Whiteout if below.lookup(&entry.path).is_none() => {
                validation.strange(file, Strange::HidesNothing(entry.path.clone()));
            }
            EntryKind::CharDevice { .. } | EntryKind::BlockDevice { .. } => {
                validation.strange(file, Strange::Device(entry.path.clone()));
            }
            _ => {}
        }
    }
}
