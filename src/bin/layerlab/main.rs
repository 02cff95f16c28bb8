//! The `layerlab` command: the engine without the page. One file per subcommand.
//!
//! Errors go to standard error as `layerlab: …`; the exit status is 2 for bad usage and bad input.

#[cfg(not(target_arch = "wasm32"))]
mod build;
#[cfg(not(target_arch = "wasm32"))]
mod catalog;
#[cfg(not(target_arch = "wasm32"))]
mod commands;
#[cfg(not(target_arch = "wasm32"))]
mod context;
#[cfg(not(target_arch = "wasm32"))]
mod disk;
#[cfg(not(target_arch = "wasm32"))]
mod images;
#[cfg(not(target_arch = "wasm32"))]
mod output;
#[cfg(not(target_arch = "wasm32"))]
mod parse;
#[cfg(not(target_arch = "wasm32"))]
mod store;
#[cfg(not(target_arch = "wasm32"))]
mod tree;
#[cfg(not(target_arch = "wasm32"))]
mod validate;

#[cfg(not(target_arch = "wasm32"))]
mod command {
    use crate::{build, catalog, commands, images, parse, validate};
    use clap::{Parser, Subcommand};
    use std::io::{ErrorKind, Write};
    use std::path::Path;
    use std::process::ExitCode;

    /// What Docker image layers a Dockerfile makes.
    #[derive(Parser)]
    #[command(name = "layerlab", version, disable_help_subcommand = true)]
    struct Cli {
        #[command(subcommand)]
        command: Command,
    }

    #[derive(Subcommand)]
    enum Command {
        /// Build a Dockerfile and report its layers.
        Build(build::Args),
        /// The catalogue of base images.
        Catalog(catalog::Args),
        /// The programs that a RUN can use, with their options, as Markdown.
        Commands,
        /// Show how a Dockerfile is understood.
        Parse(parse::Args),
        /// Recompute every digest, size and diff ID of an image archive.
        Validate(validate::Args),
        #[command(flatten)]
        Images(images::Command),
    }

    /// What is wrong with the usage or the input, for the user.
    pub type Failure = String;

    /// Prints to standard output; that nobody listens any more is no failure.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn say(text: &str) -> Result<(), Failure> {
        match std::io::stdout().write_all(text.as_bytes()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.to_string()),
            _ => Ok(()),
        }
    }

    /// A file's text.
    pub fn text(file: &Path) -> Result<String, Failure> {
        let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
        String::from_utf8(bytes).map_err(|_| format!("{}: it is not UTF-8 text", file.display()))
    }

    pub fn run() -> ExitCode {
        let result = match Cli::parse().command {
            Command::Build(args) => build::run(args),
            Command::Catalog(args) => catalog::run(args),
            Command::Commands => commands::run(),
            Command::Parse(args) => parse::run(args),
            Command::Validate(args) => validate::run(args),
            Command::Images(command) => images::run(command),
        };
        match result {
            Ok(code) => code,
            Err(message) => {
                #[expect(clippy::print_stderr, reason = "this is where the command speaks")]
                {
                    eprintln!("layerlab: {message}");
                }
                ExitCode::from(2)
            }
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    command::run()
}

/// There is no command line in a browser.
#[cfg(target_arch = "wasm32")]
fn main() {}
