//! `layerlab catalog add`: makes a listing for the catalogue from an image archive.

use crate::command::Failure;
use crate::disk;
use clap::Subcommand;
use layerlab::catalog::listing;
use layerlab::dockerfile::reference::Reference;
use std::path::PathBuf;
use std::process::ExitCode;

/// The arguments of `layerlab catalog`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Write the listing of an archive's image: paths, modes, owners, sizes, times, links and digests.
    Add {
        /// The name it gets; else the archive's own.
        #[arg(long, value_name = "REF")]
        name: Option<String>,
        /// What `docker save` wrote, or an OCI layout as tar.
        archive: PathBuf,
        /// The listing.
        out: PathBuf,
    },
}

/// Runs it.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let Action::Add { name, archive, out } = args.action;
    let of = |path: &std::path::Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let image = disk::image(&archive)?;
    let name = match name.or_else(|| image.names.first().cloned()) {
        Some(name) => name,
        None => return Err(format!("{}: its image has no name: give it one with --name", archive.display())),
    };
    let reference = Reference::parse(&name).map_err(|error| format!("{name}: {error}"))?.with_default_tag();
    let listing = listing::write(&image, &reference.familiar());
    std::fs::write(&out, listing).map_err(|error| of(&out, &error))?;
    Ok(ExitCode::SUCCESS)
}
