//! The files of an image archive: the members of a tar, or what lies in the folder of an OCI layout. They are found, not read.

use super::error::ImageError;
use crate::archive::{self, ArchiveError, ArchiveErrorKind, Limits, MemberKind, TarReader};
use crate::bytes::Bytes;
use crate::pace::Pace;
use crate::path::AbsPath;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// The longest document (manifest, config) in bytes.
const MAX_DOCUMENT: u64 = 16 << 20;

/// Members of a compressed archive up to this length, in bytes, are kept while the archive is looked through: to come back to
/// them, it would have to be unpacked again.
const SMALL: u64 = 256 << 10;

/// How many bytes of them are kept.
const KEPT: u64 = 16 << 20;

/// Names at the top of a root filesystem, one of which tells that a tar is one.
const ROOT_NAMES: [&str; 7] = ["/etc", "/bin", "/usr", "/sbin", "/lib", "/dev", "/.dockerenv"];

/// The files of an image archive.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// By path; with the place in the archive, so that they can be read in order.
    files: BTreeMap<AbsPath, (usize, Bytes)>,
    /// Old `docker save` and podman wrote a layer once and linked to it.
    links: BTreeMap<AbsPath, AbsPath>,
    is_root: bool,
}

impl Files {
    /// The files of a folder, by their paths in it.
    pub fn of_folder(files: impl IntoIterator<Item = (String, Bytes)>) -> Self {
        let files = files.into_iter().enumerate();
        let files = files.map(|(place, (path, bytes))| (AbsPath::new(&path), (place, bytes))).collect();
        Self { files, ..Self::default() }
    }

    /// The members of a tar, plain or compressed.
    ///
    /// # Errors
    /// Whatever is wrong with the tar; what its files hold is not looked at.
    pub async fn of_tar(stored: &Bytes, limits: Limits, pace: &Pace) -> Result<Self, ImageError> {
        let (plain, compression) = archive::unpacked(stored)?;
        let mut found = Self::default();
        let mut kept = 0;
        let limits = Limits { stream: if compression.is_some() { limits.stream } else { u64::MAX }, ..limits };
        let mut reader = TarReader::of_plain(&plain, compression, limits);
        while let Some(member) = reader.next_member()? {
            let named = |kind| ArchiveError { kind, entry: Some(member.name.clone()), offset: Some(member.offset) };
            let path = archive::path_in_root(&member.name).map_err(named)?;
            found.is_root |= ROOT_NAMES.iter().any(|name| path.starts_with(&AbsPath::new(name)));
            let place = found.files.len();
            match &member.kind {
                MemberKind::File => {
                    let mut bytes = plain.slice(member.data, member.size);
                    if compression.is_some() && member.size <= SMALL && kept < KEPT {
                        kept += member.size;
                        bytes = bytes.to_vec().map_err(|_| named(ArchiveErrorKind::CutOff { missing: 1 }))?.into();
                    }
                    found.links.remove(&path);
                    found.files.insert(path, (place, bytes));
                }
                MemberKind::Hardlink(target) => {
                    found.links.insert(path, AbsPath::new(target));
                }
                MemberKind::Symlink(target) => {
                    let from = path.parent().unwrap_or_else(AbsPath::root);
                    found.links.insert(path, from.join(target));
                }
                _ => {}
            }
            loop {
                let passed = reader.pass_over(u64::MAX)?;
                if passed == 0 {
                    break;
                }
                pace.worked(if compression.is_some() { passed } else { 512 }).await;
            }
        }
        if compression.is_some() {
            reader.finish()?;
        }
        Ok(found)
    }

    /// Is it a root filesystem, by the names at its top, and no image archive?
    pub(super) fn is_root_filesystem(&self) -> bool {
        self.is_root && !["manifest.json", "index.json", "oci-layout"].iter().any(|file| self.has(file))
    }

    /// The paths of the files below a folder, with what lies there.
    pub(super) fn below<'a>(&'a self, folder: &'a AbsPath) -> impl Iterator<Item = (&'a AbsPath, &'a Bytes)> {
        self.files.iter().filter(move |(path, _)| path.starts_with(folder)).map(|(path, (_, bytes))| (path, bytes))
    }

    /// A file with its place in the archive, links followed.
    fn find(&self, file: &str) -> Option<&(usize, Bytes)> {
        let mut path = AbsPath::new(file);
        for _ in 0..40 {
            match self.links.get(&path) {
                Some(target) => path = target.clone(),
                None => break,
            }
        }
        self.files.get(&path)
    }

    pub(super) fn has(&self, file: &str) -> bool {
        self.find(file).is_some()
    }

    /// Where in the archive a file lies, as a number to sort by.
    pub(super) fn place(&self, file: &str) -> usize {
        self.find(file).map_or(usize::MAX, |(place, _)| *place)
    }

    pub(super) fn file(&self, file: &str, named_by: &str) -> Result<&Bytes, ImageError> {
        let missing = || ImageError::Missing { file: file.to_owned(), named_by: named_by.to_owned() };
        self.find(file).map(|(_, bytes)| bytes).ok_or_else(missing)
    }

    /// The bytes of a document.
    pub(super) fn document(&self, file: &str, named_by: &str) -> Result<Vec<u8>, ImageError> {
        let bytes = self.file(file, named_by)?;
        if bytes.len() > MAX_DOCUMENT {
            return Err(ImageError::TooLong { file: file.to_owned(), size: bytes.len(), limit: MAX_DOCUMENT });
        }
        bytes.to_vec().map_err(|error| ImageError::Unreadable { file: file.to_owned(), message: error.to_string() })
    }

    pub(super) fn json<T: DeserializeOwned>(&self, file: &str, named_by: &str) -> Result<T, ImageError> {
        parse(&self.document(file, named_by)?, file)
    }
}

pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8], file: &str) -> Result<T, ImageError> {
    serde_json::from_slice(bytes)
        .map_err(|error| ImageError::BadJson { file: file.to_owned(), message: error.to_string() })
}
