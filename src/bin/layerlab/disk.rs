//! Archives on disk as the engine reads them: a file is read where it is needed, never as a whole.

use crate::command::Failure;
use layerlab::archive::Limits;
use layerlab::bytes::{Bytes, Source};
use layerlab::image::{self, Files, Image, ImageError};
use layerlab::pace::{Pace, block_on};
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// The bytes of a file.
///
/// # Errors
/// If it cannot be opened, or is no plain file.
pub fn bytes(path: &Path) -> Result<Bytes, Failure> {
    let of = |error: io::Error| format!("{}: {error}", path.display());
    let file = File::open(path).map_err(of)?;
    let meta = file.metadata().map_err(of)?;
    if meta.is_file() {
        return Ok(Bytes::new(Arc::new(OnDisk(file)), meta.len()));
    }
    // A pipe has no length and cannot be read twice.
    let mut all = Vec::new();
    io::Read::read_to_end(&mut &file, &mut all).map_err(of)?;
    Ok(all.into())
}

/// The images of an archive, or of the folder of an OCI layout.
///
/// # Errors
/// If it cannot be read, or something is wrong with it.
pub fn images(path: &Path) -> Result<Vec<Image>, Failure> {
    opened(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn opened(path: &Path) -> Result<Vec<Image>, Failure> {
    let pace = Pace::default();
    let images: Result<Vec<Image>, ImageError> = if path.is_dir() {
        block_on(image::open_files(files(path)?, Limits::default(), &pace))
    } else {
        // The path stands before the message already.
        let bytes = bytes(path).map_err(|message| strip(&message, path))?;
        block_on(image::open(&bytes, Limits::default(), &pace))
    };
    images.map_err(|error| error.to_string())
}

/// A message without the path before it.
fn strip(message: &str, path: &Path) -> String {
    message.strip_prefix(&format!("{}: ", path.display())).unwrap_or(message).to_owned()
}

/// The one image of an archive.
///
/// # Errors
/// As [`images`], and if it holds another number of them.
pub fn image(path: &Path) -> Result<Image, Failure> {
    let images = images(path)?;
    let count = images.len();
    match <[Image; 1]>::try_from(images) {
        Ok([image]) => Ok(image),
        Err(_) => Err(format!("{}: it holds {count} images, and one is wanted", path.display())),
    }
}

/// The files of a folder.
///
/// # Errors
/// If one cannot be read.
pub fn files(folder: &Path) -> Result<Files, Failure> {
    let mut found = Vec::new();
    collect(folder, "", &mut found)?;
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(Files::of_folder(found))
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<(String, Bytes)>) -> Result<(), Failure> {
    let of = |error: io::Error| format!("{}: {error}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(of)? {
        let entry = entry.map_err(of)?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        // Links are not followed: an OCI layout has none.
        let kind = entry.file_type().map_err(of)?;
        if kind.is_dir() {
            collect(&entry.path(), &format!("{name}/"), found)?;
        } else if kind.is_file() {
            found.push((name, bytes(&entry.path())?));
        }
    }
    Ok(())
}

struct OnDisk(File);

impl Source for OnDisk {
    #[cfg(unix)]
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::os::unix::fs::FileExt::read_at(&self.0, buffer, offset) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                done => return done,
            }
        }
    }

    #[cfg(windows)]
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(&self.0, buffer, offset)
    }
}
