//! `layerlab parse`: the syntax tree of a Dockerfile, as an outline or as JSON (docs/parse.md).
//!
//! The exit status is 0 where the text is understood, 1 where something in it is not (the rest is printed all the same), 2
//! for bad usage and for input that cannot be read.

use crate::command::{Failure, say, text};
use clap::ValueEnum;
use layerlab::diagnostic::Severity;
use layerlab::dockerfile::{self, tree};
use layerlab::report::outline;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The arguments of `layerlab parse`.
#[derive(clap::Args)]
pub struct Args {
    /// The Dockerfile; `-` reads standard input.
    file: PathBuf,
    /// How to print it.
    #[arg(long, value_enum, default_value = "plain")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// A line for each instruction, then what is wrong.
    Plain,
    /// The whole tree.
    Json,
}

/// Runs it.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let text = if args.file == Path::new("-") { standard_input()? } else { text(&args.file)? };
    let file = dockerfile::parse(&text);
    say(&match args.format {
        Format::Plain => outline(&file, &text, &args.file.display().to_string()),
        Format::Json => format!("{:#}\n", tree::tree(&file, &text, &file.diagnostics)),
    })?;
    let failed = file.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    Ok(if failed { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn standard_input() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).map_err(|error| format!("standard input: {error}"))?;
    String::from_utf8(bytes).map_err(|_| "standard input: it is not UTF-8 text".to_owned())
}
