//! `layerlab validate`: recomputes all that an image archive says of itself. The exit status is 0 if it holds, 1 if not.

use crate::command::{Failure, say};
use crate::disk;
use layerlab::archive::Limits;
use layerlab::image;
use layerlab::pace::{Pace, block_on};
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// The arguments of `layerlab validate`.
#[derive(clap::Args)]
pub struct Args {
    /// What `docker save` or `podman save` wrote, an OCI layout as tar or folder, a root filesystem tarball.
    archive: PathBuf,
}

/// Runs it.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let (limits, pace) = (Limits::default(), Pace::default());
    let validation = if args.archive.is_dir() {
        block_on(image::validate_files(disk::files(&args.archive)?, limits, &pace))
    } else {
        block_on(image::validate(&disk::bytes(&args.archive)?, limits, &pace))
    };
    let mut out = String::new();
    for finding in &validation.findings {
        let _ = writeln!(out, "{finding}");
    }
    let count = |n: usize, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    let (images, layers, blobs) =
        (count(validation.images, "image"), count(validation.layers, "layer"), count(validation.blobs, "blob"));
    let verdict = if validation.holds() { "every digest, size and diff ID holds" } else { "it does not hold" };
    let _ = writeln!(out, "{}: {images}, {layers}, {blobs}: {verdict}", args.archive.display());
    say(&out)?;
    Ok(if validation.holds() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
