//! A finished build as text: the JSON report of `layerlab build --format json`, and the log with the history as
//! `docker build --progress=plain` and `docker history` print them. It only words what a [`Build`](crate::build::Build)
//! holds; it writes to nobody.

pub mod commands;
pub mod docker;
pub mod json;
mod outline;
pub mod plain;
#[cfg(test)]
mod tests;
pub mod why;

pub use outline::outline;

use crate::build::outcome::{Build, Stage};

/// The stage that a report is about: the image's, or where the build ended.
fn shown_stage(build: &Build) -> Option<&Stage> {
    let failed = build.failure.as_ref().and_then(|failure| failure.step).and_then(|step| build.stages.get(step.stage));
    failed.or_else(|| build.target_stage())
}
