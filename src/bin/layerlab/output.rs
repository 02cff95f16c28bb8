//! `layerlab build --output`: where the image goes, spelled and refused as `docker buildx build` does.

use crate::command::Failure;
use crate::store::Store;
use crate::tree;
use layerlab::archive::LayerTar;
use layerlab::image::{Export, Format, Image, Packing};
use layerlab::pace::{Pace, block_on};
use layerlab::vfs::Changeset;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where blobs lie in an OCI layout.
pub const BLOBS: &str = "blobs/";

/// Where an image goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Into the store.
    Store,
    /// An archive of a format, or with `tar=false` a folder.
    Archive {
        /// The format.
        format: Format,
        /// How layers of ours are compressed.
        packing: Packing,
        /// The file or folder; none for standard output.
        dest: Option<PathBuf>,
        /// A tar?
        tar: bool,
    },
    /// The files of the image, in a folder.
    Local(PathBuf),
    /// The files of the image as a tar; to standard output without a file.
    Tar(Option<PathBuf>),
    /// Nowhere.
    Nowhere,
}

impl Output {
    /// Reads a value of `--output`.
    ///
    /// # Errors
    /// Docker's words for what it refuses.
    pub fn parse(value: &str) -> Result<Self, Failure> {
        let fields: Vec<&str> = value.split(',').collect();
        if let [dest] = fields[..]
            && !dest.contains('=')
        {
            return Ok(if dest == "-" { Self::Tar(None) } else { Self::Local(dest.into()) });
        }
        let (mut kind, mut dest, mut tar, mut packing) = ("", None, true, None);
        for field in fields {
            let Some((key, value)) = field.split_once('=') else { return Err(format!("invalid value {field}")) };
            match key.trim().to_lowercase().as_str() {
                "type" => kind = value,
                "dest" => dest = Some(value).filter(|dest| !dest.is_empty()),
                "tar" => tar = flag(key, value)?,
                "compression" => packing = Some(value),
                "push" if flag(key, value)? => return Err(no_registry()),
                "push" | "name" | "oci-mediatypes" | "force-compression" | "unpack" | "rewrite-timestamp" => {}
                other => return Err(format!("--output: {other:?} is not supported")),
            }
        }
        let file = || dest.filter(|dest| *dest != "-").map(PathBuf::from);
        let archive = |format| {
            let default = if format == Format::Oci { Packing::Gzip } else { Packing::Plain };
            let packing = match packing {
                None => default,
                Some("uncompressed") => Packing::Plain,
                Some("gzip") => Packing::Gzip,
                Some(other) => return Err(format!("--output: compression {other:?} is not supported")),
            };
            if !tar && file().is_none() {
                return Err(format!("dest is required for {kind} exporter with tar=false"));
            }
            Ok(Self::Archive { format, packing, dest: file(), tar })
        };
        match kind {
            "" => Err("type is required for output".to_owned()),
            "docker" if dest.is_none() => Ok(Self::Store),
            "docker" => archive(Format::Docker),
            "oci" => archive(Format::Oci),
            "local" => match file() {
                Some(folder) => Ok(Self::Local(folder)),
                None => Err("dest is required for local exporter".to_owned()),
            },
            "tar" => Ok(Self::Tar(file())),
            "image" => Ok(Self::Store),
            "registry" => Err(no_registry()),
            "cacheonly" => Ok(Self::Nowhere),
            other => Err(format!("exporter {other:?} could not be found")),
        }
    }

    /// Does it write to standard output?
    pub fn is_stdout(&self) -> bool {
        matches!(self, Self::Tar(None) | Self::Archive { dest: None, .. })
    }

    /// Sends an image there, under its names.
    ///
    /// # Errors
    /// If contents of its files are not held, or something cannot be written.
    pub fn send(
        &self,
        image: &Image,
        names: &[String],
        store: &mut dyn FnMut() -> Result<Store, Failure>,
    ) -> Result<(), Failure> {
        match self {
            Self::Nowhere => Ok(()),
            Self::Store => store()?.put(image, names).map(|_| ()),
            Self::Local(folder) => tree::write(&image.snapshot, folder),
            Self::Tar(dest) => to(dest.as_deref(), "tar", |out| tar_of(image, out)),
            Self::Archive { format, packing, dest, tar } => {
                export(&[(image, names)], *format, *packing, dest.as_deref(), *tar)
            }
        }
    }
}

/// Writes images as an archive, or as a folder.
///
/// # Errors
/// As [`Output::send`].
pub fn export(
    images: &[(&Image, &[String])],
    format: Format,
    packing: Packing,
    dest: Option<&Path>,
    tar: bool,
) -> Result<(), Failure> {
    let pace = Pace::default();
    let export = block_on(Export::new(images, format, packing, &pace)).map_err(|error| error.to_string())?;
    match dest {
        Some(folder) if !tar => write_files(&export, "", folder),
        _ => {
            let kind = if format == Format::Oci { "oci" } else { "docker" };
            to(dest, kind, |mut out| block_on(export.write_tar(&mut out, &pace)))
        }
    }
}

/// Writes those files of an archive into a folder whose path begins like this; blobs only where they are not there yet.
///
/// # Errors
/// Those of writing, and of reading imported layers.
pub fn write_files(export: &Export, prefix: &str, folder: &Path) -> Result<(), Failure> {
    for file in export.files().iter().filter(|file| file.path.starts_with(prefix)) {
        let path = folder.join(&file.path);
        if file.path.starts_with(BLOBS) && path.exists() {
            continue;
        }
        let written = write_whole(&path, |out| block_on(file.write(out, &Pace::default())));
        written.map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

/// Writes a file as a whole, or not at all: what is half written has another name.
///
/// # Errors
/// Those of writing.
pub fn write_whole(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let written = (|| {
        let mut out = BufWriter::new(File::create(&part)?);
        write(&mut out)?;
        out.flush()?;
        std::fs::rename(&part, path)
    })();
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written
}

fn to(dest: Option<&Path>, kind: &str, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    match dest {
        Some(path) => write_whole(path, |out| write(out)).map_err(|error| format!("{}: {error}", path.display())),
        None if io::stdout().is_terminal() => {
            Err(format!("dest file is required for {kind} exporter. refusing to write to console"))
        }
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            write(&mut out).and_then(|()| out.flush()).map_err(|error| error.to_string())
        }
    }
}

/// The files of an image as one tar.
fn tar_of(image: &Image, out: &mut dyn Write) -> io::Result<()> {
    let held = |error: layerlab::archive::NotHeld| io::Error::new(io::ErrorKind::InvalidInput, error.to_string());
    let mut tar = LayerTar::new(Arc::new(Changeset::of(&image.snapshot))).map_err(held)?;
    let mut chunk = Vec::new();
    loop {
        let more = tar.fill(&mut chunk, 64 << 10)?;
        out.write_all(&chunk)?;
        chunk.clear();
        if !more {
            return Ok(());
        }
    }
}

fn flag(key: &str, value: &str) -> Result<bool, Failure> {
    match value {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(format!("non-bool value specified for {key}")),
    }
}

fn no_registry() -> Failure {
    "there is no registry to push to: write an archive instead, with --output type=oci,dest=FILE".to_owned()
}
