//! `layerlab commands`: the support matrix, as `docs/commands.md` has it.

use crate::command::Failure;
use layerlab::packages::{LANGUAGE_TOOLS, TOOLS};
use layerlab::report::commands::matrix;
use layerlab::shell::commands::COMMANDS;
use std::process::ExitCode;

/// Runs it.
pub fn run() -> Result<ExitCode, Failure> {
    let gnu = include_str!("../../../tests/cases/shell/gnu-options.tsv");
    #[expect(clippy::print_stdout, reason = "this is where the command speaks")]
    {
        print!("{}", matrix(COMMANDS, TOOLS, LANGUAGE_TOOLS, gnu));
    }
    Ok(ExitCode::SUCCESS)
}
