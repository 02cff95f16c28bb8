//! The commands about images: what is in the store, and what Docker prints of it. Each is named as Docker's, with the options
//! of it that are simulated.

use crate::command::{Failure, say};
use crate::store::{Row, Store};
use crate::{disk, output};
use layerlab::catalog::Catalog;
use layerlab::digest::Digest;
use layerlab::image::{Format, Image, Packing};
use layerlab::path::AbsPath;
use layerlab::report::docker::{self, HistoryOptions, ImagesOptions};
use layerlab::report::why;
use layerlab::vfs::{Cred, FileKind, Ino, Node, Snapshot, diff, letters};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

/// The store that a command works with.
#[derive(Clone, clap::Args)]
pub struct Where {
    /// The folder of the store.
    #[arg(long, value_name = "DIR", global = true)]
    store: Option<PathBuf>,
}

/// How a list is printed.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Shape {
    /// A table.
    Table,
    /// A line of JSON for each row.
    Json,
}

/// Commands about images.
#[derive(clap::Subcommand)]
pub enum Command {
    /// List the images of the store.
    Images {
        #[command(flatten)]
        store: Where,
        /// With the column DIGEST.
        #[arg(long)]
        digests: bool,
        /// IDs as a whole.
        #[arg(long)]
        no_trunc: bool,
        /// Only IDs.
        #[arg(long, short)]
        quiet: bool,
        /// Draw the layers as a tree, as Docker did until 2015.
        #[arg(long)]
        tree: bool,
        /// How to print it.
        #[arg(long, value_enum, default_value = "table")]
        format: Shape,
    },
    /// Show the history of an image.
    History {
        #[command(flatten)]
        store: Where,
        /// Sizes and times for people.
        #[arg(long, short = 'H', default_value_t = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = clap::ArgAction::Set)]
        human: bool,
        /// IDs and commands as a whole.
        #[arg(long)]
        no_trunc: bool,
        /// Only IDs.
        #[arg(long, short)]
        quiet: bool,
        /// How to print it.
        #[arg(long, value_enum, default_value = "table")]
        format: Shape,
        /// A name or ID in the store, an image of the catalogue, or an archive.
        image: String,
    },
    /// Show images as `docker image inspect` does.
    Inspect {
        #[command(flatten)]
        store: Where,
        /// Names or IDs in the store, images of the catalogue, or archives.
        #[arg(required = true)]
        images: Vec<String>,
    },
    /// What a layer changed, as `docker diff` says it: the newest one, or one by its number.
    Diff {
        #[command(flatten)]
        store: Where,
        /// The number of the layer, the lowest being 1.
        #[arg(long, value_name = "N")]
        layer: Option<usize>,
        /// A name or ID in the store, an image of the catalogue, or an archive.
        image: String,
    },
    /// List a directory of an image, as `ls -l` does.
    Ls {
        #[command(flatten)]
        store: Where,
        /// A name or ID in the store, an image of the catalogue, or an archive.
        image: String,
        /// The path in the image.
        #[arg(default_value = "/")]
        path: String,
    },
    /// Print a file of an image.
    Cat {
        #[command(flatten)]
        store: Where,
        /// A name or ID in the store, an image of the catalogue, or an archive.
        image: String,
        /// The path in the image.
        path: String,
    },
    /// Which layers of an image hold a path, which one wins, and what hides it.
    Why {
        #[command(flatten)]
        store: Where,
        /// A name or ID in the store, an image of the catalogue, or an archive.
        image: String,
        /// The path in the image.
        path: String,
    },
    /// Put the images of an archive into the store: `docker save`, `podman save`, OCI layouts as tar or folder, root
    /// filesystem tarballs.
    Load {
        #[command(flatten)]
        store: Where,
        /// A name for an image that has none.
        #[arg(long, short, value_name = "NAME[:TAG]")]
        tag: Option<String>,
        /// The archive.
        #[arg(long, short, value_name = "FILE")]
        input: PathBuf,
    },
    /// Write images as an archive for `docker load`.
    Save {
        #[command(flatten)]
        store: Where,
        /// The archive; else standard output.
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Names or IDs in the store.
        #[arg(required = true)]
        images: Vec<String>,
    },
    /// Give an image of the store one more name.
    Tag {
        #[command(flatten)]
        store: Where,
        /// A name or ID in the store.
        image: String,
        /// The new name.
        name: String,
    },
    /// Remove names from the store, and images that have none left.
    Rmi {
        #[command(flatten)]
        store: Where,
        /// Names or IDs in the store.
        #[arg(required = true)]
        images: Vec<String>,
    },
    /// The disk usage of the store.
    System {
        #[command(subcommand)]
        action: System,
    },
}

/// `docker system`.
#[derive(clap::Subcommand)]
pub enum System {
    /// Shared and unique sizes of the images, as `docker system df -v` prints them.
    Df {
        #[command(flatten)]
        store: Where,
        /// Each image: it is always shown so.
        #[arg(long, short)]
        verbose: bool,
    },
}

/// Runs one.
pub fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Images { store, digests, no_trunc, quiet, tree, format } => {
            let (all, options) = (all(&store)?, ImagesOptions { digests, no_trunc });
            let all: Vec<&Image> = all.iter().collect();
            say(&match (tree, quiet, format) {
                (true, _, _) => docker::tree(&all),
                (_, true, _) => docker::image_ids(&all, options),
                (_, _, Shape::Json) => docker::images_json(&all, options, now()),
                _ => docker::images(&all, options, now()),
            })?;
        }
        Command::History { store, human, no_trunc, quiet, format, image } => {
            let (image, options) = (find(&store, &image)?, HistoryOptions { human, no_trunc });
            say(&match (quiet, format) {
                (true, _) => docker::history_ids(&image, options),
                (_, Shape::Json) => docker::history_json(&image, options, now()),
                _ => docker::history(&image, options, now()),
            })?;
        }
        Command::Inspect { store, images } => {
            let found = images.iter().map(|image| find(&store, image)).collect::<Result<Vec<_>, _>>()?;
            say(&docker::inspect(&found.iter().collect::<Vec<_>>()))?;
        }
        Command::Diff { store, layer, image } => say(&changes(&find(&store, &image)?, layer)?)?,
        Command::Ls { store, image, path } => say(&list(&find(&store, &image)?, &path)?)?,
        Command::Cat { store, image, path } => cat(&find(&store, &image)?, &path)?,
        Command::Why { store, image, path } => say(&why::why(&find(&store, &image)?, &AbsPath::new(&path)))?,
        Command::Load { store, tag, input } => load(&open(&store)?, tag, &input)?,
        Command::Save { store, output, images } => save(&store, output.as_deref(), &images)?,
        Command::Tag { store, image, name } => {
            let (place, row) = (open(&store)?, row(&open(&store)?, &image)?);
            place.put(&place.image(&row)?, &[name])?;
        }
        Command::Rmi { store, images } => images.iter().try_for_each(|image| remove(&open(&store)?, image))?,
        Command::System { action: System::Df { store, verbose: _ } } => {
            let all = all(&store)?;
            say(&docker::disk_usage(&all.iter().collect::<Vec<_>>(), now()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn open(place: &Where) -> Result<Store, Failure> {
    Store::open(place.store.as_deref())
}

/// Seconds since 1970.
#[expect(clippy::disallowed_methods, reason = "the engine has no clock: the command line tells it the time")]
fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map(|time| time.as_secs() as i64).unwrap_or_default()
}

/// Each image once.
fn all(place: &Where) -> Result<Vec<Image>, Failure> {
    let store = open(place)?;
    let mut seen: Vec<Digest> = Vec::new();
    let mut images = Vec::new();
    for row in store.rows()? {
        if !seen.contains(&row.digest) {
            seen.push(row.digest);
            images.push(store.image(&row)?);
        }
    }
    Ok(images)
}

/// The row of a name, or of the beginning of an ID.
fn row(store: &Store, wanted: &str) -> Result<Row, Failure> {
    let rows = store.rows()?;
    if let Ok(name) = crate::store::full(wanted)
        && let Some(row) = rows.iter().find(|row| row.name.as_deref() == Some(&name))
    {
        return Ok(row.clone());
    }
    let prefix = wanted.strip_prefix("sha256:").unwrap_or(wanted);
    if prefix.len() >= 4 && prefix.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let mut found: Vec<&Row> = Vec::new();
        for row in &rows {
            let id = store.image(row)?.id.map(|id| id.hex()).unwrap_or_default();
            if id.starts_with(prefix) && !found.iter().any(|other| other.digest == row.digest) {
                found.push(row);
            }
        }
        match found[..] {
            [] => {}
            [row] => return Ok(row.clone()),
            _ => return Err(format!("{wanted}: more than one image has an ID that begins like this")),
        }
    }
    Err(format!("No such image: {wanted}"))
}

/// An image of the store; else an archive of that path; else one of the catalogue.
fn find(place: &Where, wanted: &str) -> Result<Image, Failure> {
    let store = open(place)?;
    match row(&store, wanted) {
        Ok(row) => store.image(&row),
        Err(_) if Path::new(wanted).exists() => disk::image(Path::new(wanted)),
        Err(error) => match Catalog::builtin().resolve(wanted) {
            Ok(found) => Ok(Image { names: vec![found.reference.familiar()], ..(*found.image).clone() }),
            Err(_) => Err(error),
        },
    }
}

fn changes(image: &Image, layer: Option<usize>) -> Result<String, Failure> {
    let number = layer.unwrap_or(image.layers.len());
    if number == 0 || number > image.layers.len() {
        return Err(format!("it has {} layers, and number {number} is none of them", image.layers.len()));
    }
    let mut before = Snapshot::empty();
    for layer in &image.layers[..number - 1] {
        before = before.apply(&layer.changeset);
    }
    let changeset = &image.layers[number - 1].changeset;
    let mut out = String::new();
    for change in diff(&before, &before.apply(changeset), changeset) {
        let _ = writeln!(out, "{change}");
    }
    Ok(out)
}

/// `mode owner:group size path`, with the target of a link.
fn list(image: &Image, path: &str) -> Result<String, Failure> {
    let snapshot = &image.snapshot;
    let (ino, at) = resolve(image, path)?;
    let mut out = String::new();
    let mut line = |ino, name: &str| {
        let Some(inode) = snapshot.inode(ino) else { return };
        let link = match &inode.node {
            Node::Symlink(target) => format!(" -> {target}"),
            _ => String::new(),
        };
        let kind = match inode.kind() {
            FileKind::File => '-',
            FileKind::Dir => 'd',
            FileKind::Symlink => 'l',
            FileKind::Fifo => 'p',
            FileKind::CharDevice => 'c',
            FileKind::BlockDevice => 'b',
        };
        let (mode, size) = (letters(inode.meta.mode), inode.size());
        let _ = writeln!(out, "{kind}{mode} {:>5} {:>5} {size:>10} {name}{link}", inode.meta.uid, inode.meta.gid);
    };
    match snapshot.list(ino) {
        Some(entries) => entries.iter().for_each(|entry| line(entry.ino, &entry.name)),
        None => line(ino, at.as_str()),
    }
    Ok(out)
}

fn resolve(image: &Image, path: &str) -> Result<(Ino, AbsPath), Failure> {
    let absolute = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    let found = image.snapshot.resolve(&Cred::root(), &absolute, true).map_err(|error| format!("{path}: {error}"))?;
    match found.ino() {
        Some(ino) => Ok((ino, found.path())),
        None => Err(format!("{path}: No such file or directory")),
    }
}

fn cat(image: &Image, path: &str) -> Result<(), Failure> {
    let (ino, _) = resolve(image, path)?;
    let content = match image.snapshot.inode(ino).map(|inode| &inode.node) {
        Some(Node::File(content)) => content,
        Some(Node::Dir(_)) => return Err(format!("{path}: Is a directory")),
        _ => return Err(format!("{path}: it is no file")),
    };
    if !content.is_held() {
        return Err(format!("{path}: its content is not held, only listed or modelled ({} bytes)", content.len()));
    }
    let mut out = std::io::stdout().lock();
    let mut written = Ok(());
    let read = content.for_each_chunk(|chunk| {
        if written.is_ok() {
            written = std::io::Write::write_all(&mut out, chunk);
        }
    });
    match read.and(written) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(format!("{path}: {error}")),
        _ => Ok(()),
    }
}

fn load(store: &Store, tag: Option<String>, input: &Path) -> Result<(), Failure> {
    let images = disk::images(input)?;
    if tag.is_some() && images.len() != 1 {
        return Err(format!("{}: it holds {} images, and --tag names one", input.display(), images.len()));
    }
    for image in &images {
        let names = tag.as_ref().map_or_else(|| image.names.clone(), |tag| vec![tag.clone()]);
        store.put(image, &names)?;
        for name in &names {
            say(&format!("Loaded image: {}\n", crate::store::familiar(&crate::store::full(name)?)))?;
        }
        if let (true, Some(id)) = (names.is_empty(), image.id) {
            say(&format!("Loaded image ID: {id}\n"))?;
        }
    }
    Ok(())
}

fn save(place: &Where, dest: Option<&Path>, wanted: &[String]) -> Result<(), Failure> {
    let store = open(place)?;
    let mut images: Vec<(Image, Vec<String>)> = Vec::new();
    for wanted in wanted {
        // As Docker does: by its ID an image goes without names, by a name with that one.
        let (image, name) = match row(&store, wanted) {
            Ok(row) => {
                let named = crate::store::full(wanted).is_ok_and(|name| row.name.as_deref() == Some(&name));
                (store.image(&row)?, named.then(|| wanted.clone()))
            }
            Err(_) => (find(place, wanted)?, Some(wanted.clone()).filter(|name| !Path::new(name).exists())),
        };
        match images.iter_mut().find(|(other, _)| other.id.is_some() && other.id == image.id) {
            Some((_, names)) => names.extend(name),
            None => images.push((image, name.into_iter().collect())),
        }
    }
    let images: Vec<(&Image, &[String])> = images.iter().map(|(image, names)| (image, names.as_slice())).collect();
    output::export(&images, Format::Docker, Packing::Plain, dest, true)
}

/// Docker's lines for what goes.
fn remove(store: &Store, wanted: &str) -> Result<(), Failure> {
    let target = row(store, wanted)?;
    let image = store.image(&target)?;
    let by_name = crate::store::full(wanted).is_ok_and(|name| target.name.as_deref() == Some(&name));
    let rows: Vec<Row> = store.rows()?.into_iter().filter(|row| row.digest == target.digest).collect();
    if !by_name && rows.len() > 1 {
        let id = image.id.map(|id| id.short()).unwrap_or_default();
        return Err(format!(
            "conflict: unable to delete {id}: image is referenced in multiple names: remove them by name"
        ));
    }
    let freed = store.remove(if by_name { &target } else { &rows[0] })?;
    if let Some(name) = &target.name {
        say(&format!("Untagged: {}\n", crate::store::familiar(name)))?;
    }
    if rows.len() == 1 {
        if let Some(id) = image.id {
            say(&format!("Deleted: {id}\n"))?;
        }
        for layer in image.layers.iter().rev() {
            let gone = layer.diff_id().and_then(layerlab::archive::DiffId::digest);
            if let Some(diff_id) = gone.filter(|diff_id| freed.blobs.contains(diff_id)) {
                say(&format!("Deleted: {diff_id}\n"))?;
            }
        }
    }
    Ok(())
}
