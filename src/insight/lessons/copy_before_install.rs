//! The whole context is copied before dependencies are installed: each change of a file installs them again.

use super::{View, layer_size, note, says};
use crate::diagnostic::{Diagnostic, Lesson};
use crate::dockerfile::InstructionKind;
use crate::units::human;

/// What installs dependencies from files of the project.
const INSTALLS: &[&str] = &[
    "npm ci",
    "npm install",
    "yarn install",
    "pnpm install",
    "pip install",
    "pip3 install",
    "poetry install",
    "uv sync",
    "go mod download",
    "bundle install",
    "composer install",
    "cargo fetch",
    "mvn dependency:go-offline",
    "dotnet restore",
];

pub(super) fn find(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let whole = view.steps().find(|step| {
        let sources = match view.instruction(step).map(|instruction| &instruction.kind) {
            Some(InstructionKind::Copy(copy)) if copy.from.is_none() => &copy.sources,
            Some(InstructionKind::Add(add)) => &add.sources,
            _ => return false,
        };
        sources.paths.iter().any(|path| matches!(path.text.as_str(), "." | "./" | "/"))
    });
    let Some(whole) = whole else { return };
    let install = view.runs().filter(|step| step.id > whole.id).find_map(|step| {
        let install = INSTALLS.iter().find(|install| says(step, install))?;
        Some((*install, layer_size(step)))
    });
    if let Some((install, bytes)) = install {
        found.push(note(Lesson::CopyBeforeInstall { install: install.to_owned(), size: human(bytes) }, whole));
    }
}
