//! What can be wrong with an image archive beyond its tar.

use crate::archive::ArchiveError;
use crate::digest::Digest;
use std::fmt;

/// An image archive that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageError {
    /// The archive itself is damaged.
    Archive(ArchiveError),
    /// A layer in it is.
    Layer {
        /// The layer's file in the archive.
        file: String,
        /// What is wrong with it.
        error: ArchiveError,
    },
    /// It is a tar, but not of an image.
    NotAnImage,
    /// It has no image that could be used.
    NoImages,
    /// A file that another names is missing.
    Missing {
        /// The missing file.
        file: String,
        /// Who names it.
        named_by: String,
    },
    /// A document (manifest, config) that is too long to be one.
    TooLong {
        /// The file.
        file: String,
        /// Its length in bytes.
        size: u64,
        /// The budget in bytes.
        limit: u64,
    },
    /// A file cannot be read.
    Unreadable {
        /// The file.
        file: String,
        /// What reading it says.
        message: String,
    },
    /// Nested deeper than the budget: an index of indexes, or an image of very many layers.
    TooMany {
        /// The file.
        file: String,
        /// What there are too many of.
        what: &'static str,
        /// The budget.
        limit: usize,
    },
    /// A file is not the JSON it should be.
    BadJson {
        /// The file.
        file: String,
        /// What the parser says.
        message: String,
    },
    /// A file does not have the digest it is known by.
    Digest {
        /// The file.
        file: String,
        /// The digest it should have.
        expected: Digest,
        /// The one it has.
        actual: Digest,
    },
    /// A file does not have the size that its descriptor states.
    Size {
        /// The file.
        file: String,
        /// The stated size in bytes.
        expected: u64,
        /// The real one.
        actual: u64,
    },
    /// A layer is not the one that the config names.
    DiffId {
        /// The layer's file.
        file: String,
        /// The diff ID in the config.
        expected: Digest,
        /// That of the layer.
        actual: Digest,
    },
    /// Config and manifest disagree about the number of layers.
    LayerCount {
        /// The config's file.
        config: String,
        /// How many diff IDs the config has.
        diff_ids: usize,
        /// How many layers the manifest has.
        layers: usize,
    },
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Archive(error) => write!(f, "{error}"),
            Self::Layer { file, error } => write!(f, "layer {file}: {error}"),
            Self::NotAnImage => f.write_str(
                "not an image archive: it has neither manifest.json (docker save) nor index.json (OCI layout), or was cut \
                 off before them, and it is no root filesystem either",
            ),
            Self::NoImages => f.write_str("the archive lists no image for linux/amd64"),
            Self::Missing { file, named_by } => write!(f, "{named_by} names {file:?}, which is not in the archive"),
            Self::TooLong { file, size, limit } => {
                write!(f, "{file}: it has {size} bytes, and a document of an image may have {limit}")
            }
            Self::Unreadable { file, message } => write!(f, "{file}: it cannot be read: {message}"),
            Self::TooMany { file, what, limit } => write!(f, "{file}: more than {limit} {what}"),
            Self::BadJson { file, message } => write!(f, "{file}: {message}"),
            Self::Digest { file, expected, actual } => {
                write!(f, "{file}: its digest should be {expected} and is {actual}")
            }
            Self::Size { file, expected, actual } => {
                write!(f, "{file}: its size should be {expected} bytes and is {actual}")
            }
            Self::DiffId { file, expected, actual } => {
                write!(f, "layer {file}: the config says its diff ID is {expected}, but it is {actual}")
            }
            Self::LayerCount { config, diff_ids, layers } => {
                write!(f, "{config} has {diff_ids} diff IDs, but the manifest has {layers} layers")
            }
        }
    }
}

impl std::error::Error for ImageError {}

impl From<ArchiveError> for ImageError {
    fn from(error: ArchiveError) -> Self {
        Self::Archive(error)
    }
}
