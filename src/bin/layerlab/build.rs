//! `layerlab build`: builds a Dockerfile and prints the log and the history, or the JSON report (docs/report.md).
//!
//! The exit status is 0 for an image, 1 for a build that failed (the report is printed all the same), 2 for bad usage and
//! for input that cannot be read.

use crate::command::{Failure, say, text};
use crate::context;
use crate::disk;
use crate::output::Output;
use crate::store::{self, Store};
use clap::ValueEnum;
use layerlab::build::{self, Cache, ContextFile, Request};
use layerlab::catalog::{Catalog, samples};
use layerlab::dockerfile::stages::BuildOptions;
use layerlab::image;
use layerlab::report::json::Report;
use layerlab::report::plain;
use layerlab::vfs::Content;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;

/// The arguments of `layerlab build`.
#[derive(Clone, clap::Args)]
pub struct Args {
    /// The Dockerfile; else `Dockerfile` in the context.
    #[arg(long, short, value_name = "FILE")]
    file: Option<PathBuf>,
    /// A base image from an archive (`docker save`, an OCI layout as tar or folder, `docker export`); may be given more than once.
    #[arg(long = "base", value_name = "REF=ARCHIVE", value_parser = pair)]
    bases: Vec<(String, String)>,
    /// The value of an ARG; without `=VALUE` from the environment.
    #[arg(long = "build-arg", value_name = "NAME[=VALUE]")]
    build_args: Vec<String>,
    /// The stage to build.
    #[arg(long, value_name = "STAGE")]
    target: Option<String>,
    /// A secret for `RUN --mount=type=secret`.
    #[arg(long = "secret", value_name = "id=ID,src=FILE")]
    secrets: Vec<String>,
    /// A folder that is built first, so that the cache shows: its Dockerfile, its `context`, and the `--build-arg`s and
    /// `--target` that its file `args` holds, one a line.
    #[arg(long, value_name = "DIR")]
    previous: Option<PathBuf>,
    /// Put placeholders where COPY, ADD and bind mounts name what the context lacks.
    #[arg(long)]
    placeholders: bool,
    /// A name for the image, which goes into the store; may be given more than once.
    #[arg(long = "tag", short, value_name = "NAME[:TAG]")]
    tags: Vec<String>,
    /// Where the image goes: `type=docker,dest=FILE` (an archive for `docker load`), `type=oci,dest=FILE` (an OCI layout),
    /// `type=tar,dest=FILE` or `type=local,dest=DIR` (its files); may be given more than once.
    #[arg(long = "output", short, value_name = "type=TYPE[,dest=PATH]", value_parser = Output::parse)]
    outputs: Vec<Output>,
    /// The folder of the store.
    #[arg(long, value_name = "DIR")]
    store: Option<PathBuf>,
    /// Build a sample application (node, python, go, java, rust, static) instead of a folder.
    #[arg(long, value_name = "NAME", conflicts_with = "context")]
    sample: Option<String>,
    /// How to report.
    #[arg(long, value_enum, default_value = "plain")]
    format: Format,
    /// The build context.
    #[arg(default_value = ".")]
    context: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The log as `docker build --progress=plain` prints it, and the history.
    Plain,
    /// The JSON report.
    Json,
}

/// Runs it.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    for tag in &args.tags {
        store::full(tag)?;
    }
    let file = args.file.clone().unwrap_or_else(|| args.context.join("Dockerfile"));
    let (dockerfile, context, dockerignore) = match &args.sample {
        Some(name) => sample(name, args.file.as_deref())?,
        None => (text(&file)?, context::read(&args.context)?, own_dockerignore(&file)?),
    };
    let catalog = Rc::new(catalog(&args, &dockerfile)?);
    let cache = Rc::new(RefCell::new(Cache::default()));
    if let Some(folder) = &args.previous {
        let file = folder.join("Dockerfile");
        let context = folder.join("context");
        let request = Request {
            dockerfile: text(&file)?,
            context: if context.is_dir() { context::read(&context)? } else { build::Context::default() },
            dockerignore: own_dockerignore(&file)?,
            ..request(&previous_args(folder, &args)?)?
        };
        build::block_on(build::build(Rc::new(request), catalog.clone(), cache.clone()));
    }
    let request = Request { dockerfile: dockerfile.clone(), context, dockerignore, ..request(&args)? };
    let build = build::block_on(build::build(Rc::new(request), catalog, cache));
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let report = match args.format {
        Format::Plain => plain::plain(&build, &dockerfile, &name),
        Format::Json => Report::new(&build, &dockerfile).to_json(),
    };
    if args.outputs.iter().any(Output::is_stdout) {
        // As Docker's own log does, it leaves standard output to an archive that goes there.
        std::io::stderr().write_all(report.as_bytes()).map_err(|error| error.to_string())?;
    } else {
        say(&report)?;
    }
    if let Some(stage) = build.image() {
        send(&stage.image(), &args)?;
    }
    Ok(if build.image().is_some() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Sends the image where it is to go: named and without an output, into the store.
fn send(image: &image::Image, args: &Args) -> Result<(), Failure> {
    let mut store = || Store::open(args.store.as_deref());
    if args.outputs.is_empty() && !args.tags.is_empty() {
        return Output::Store.send(image, &args.tags, &mut store);
    }
    for output in &args.outputs {
        output.send(image, &args.tags, &mut store)?;
    }
    Ok(())
}

/// The arguments of the build before: its own, and the secrets of this one.
fn previous_args(folder: &Path, args: &Args) -> Result<Args, Failure> {
    let mut previous = Args { target: None, build_args: Vec::new(), secrets: args.secrets.clone(), ..args.clone() };
    let file = folder.join("args");
    for line in if file.exists() { text(&file)? } else { String::new() }.lines() {
        match line.split_once(['=', ' ']) {
            Some(("--build-arg", value)) => previous.build_args.push(value.to_owned()),
            Some(("--target", value)) => previous.target = Some(value.to_owned()),
            _ if line.trim().is_empty() => {}
            _ => return Err(format!("{}: {line:?} is neither --build-arg nor --target", file.display())),
        }
    }
    Ok(previous)
}

/// What the two builds have in common.
fn request(args: &Args) -> Result<Request, Failure> {
    let mut options = BuildOptions { target: args.target.clone(), ..BuildOptions::default() };
    for argument in &args.build_args {
        match argument.split_once('=') {
            Some((name, value)) => options.build_args.set(name, value),
            None => {
                if let Ok(value) = std::env::var(argument) {
                    options.build_args.set(argument, &value);
                }
            }
        }
    }
    let secrets = args.secrets.iter().map(|secret| read_secret(secret)).collect::<Result<_, _>>()?;
    Ok(Request { options, secrets, placeholders: args.placeholders, ..Request::default() })
}

/// A sample application, with a Dockerfile of the user's if there is one.
fn sample(name: &str, file: Option<&Path>) -> Result<(String, build::Context, Option<String>), Failure> {
    let known = || format!("--sample {name}: there are {}", samples::NAMES.join(", "));
    let sample = samples::read(samples::embedded(name).ok_or_else(known)?)
        .map_err(|error| format!("--sample {name}: {error}"))?;
    let files = sample
        .files
        .into_iter()
        .map(|(path, text)| (path, ContextFile::File { content: Content::from(text), executable: false }));
    let dockerfile = file.map_or_else(|| Ok(sample.dockerfile), text)?;
    Ok((dockerfile, build::Context::new(files), None))
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((reference, archive)) if !reference.is_empty() && !archive.is_empty() => {
            Ok((reference.to_owned(), archive.to_owned()))
        }
        _ => Err("it must be REF=ARCHIVE".to_owned()),
    }
}

/// The built-in catalogue with those images of the store that the Dockerfile may name, and the archives of `--base`; one
/// archive named twice is read once.
fn catalog(args: &Args, dockerfile: &str) -> Result<Catalog, Failure> {
    let bases = &args.bases;
    let mut catalog = Catalog::builtin();
    // Without a home there is no store, and nothing in it.
    if let Ok(store) = Store::open(args.store.as_deref()) {
        for row in store.rows()? {
            let Some(name) = &row.name else { continue };
            let familiar = store::familiar(name);
            let repository = familiar.rsplit_once(':').map_or(familiar.as_str(), |(repository, _)| repository);
            if dockerfile.contains(repository) || dockerfile.contains('$') {
                catalog = catalog.with(name, Arc::new(store.image(&row)?))?;
            }
        }
    }
    let mut loaded: BTreeMap<&str, Arc<image::Image>> = BTreeMap::new();
    for (reference, archive) in bases {
        let image = match loaded.get(archive.as_str()) {
            Some(image) => image.clone(),
            None => {
                let image = Arc::new(disk::image(Path::new(archive))?);
                loaded.insert(archive, image.clone());
                image
            }
        };
        catalog = catalog.with(reference, image).map_err(|error| format!("--base {reference}: {error}"))?;
    }
    Ok(catalog)
}

/// `NAME.dockerignore` beside the Dockerfile goes before the context's `.dockerignore`.
fn own_dockerignore(file: &Path) -> Result<Option<String>, Failure> {
    let mut name = file.as_os_str().to_owned();
    name.push(".dockerignore");
    let path = PathBuf::from(name);
    if path.is_file() { text(&path).map(Some) } else { Ok(None) }
}

/// `id=ID,src=FILE` or `id=ID,env=NAME`; without either, the variable or the file of that name.
fn read_secret(secret: &str) -> Result<(String, Content), Failure> {
    let (mut id, mut file, mut variable) = (None, None, None);
    for field in secret.split(',') {
        match field.split_once('=') {
            Some(("id", value)) => id = Some(value.to_owned()),
            Some(("src" | "source", value)) => file = Some(value.to_owned()),
            Some(("env", value)) => variable = Some(value.to_owned()),
            Some(("type", "file" | "env")) => {}
            _ => return Err(format!("--secret: unexpected field {field:?}")),
        }
    }
    let Some(id) = id.or_else(|| file.clone()) else { return Err("--secret: it needs an id".to_owned()) };
    if file.is_none()
        && let Ok(value) = std::env::var(variable.as_ref().unwrap_or(&id))
    {
        return Ok((id, Content::from(value)));
    }
    if let Some(variable) = variable {
        return Err(format!("--secret: there is no variable {variable} in the environment"));
    }
    let file = file.unwrap_or_else(|| id.clone());
    let bytes = std::fs::read(&file).map_err(|error| format!("--secret: {file}: {error}"))?;
    Ok((id, Content::from(bytes)))
}
