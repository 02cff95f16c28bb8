//! From instructions to layers: the plan (which stages, what each instruction does), the cache, and the executor that
//! runs the steps.

mod assemble;
mod cache;
mod context;
mod copier;
mod executor;
pub mod outcome;
pub mod placeholder;
mod plan;
mod sources;
mod step;
mod trace;

pub use crate::pace::block_on;
pub use cache::Cache;
pub use context::{Context, ContextFile};
pub use executor::build;
pub use outcome::Build;

use crate::dockerfile::stages::BuildOptions;
use crate::vfs::Content;
use std::collections::BTreeMap;

/// What is built.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The Dockerfile's text.
    pub dockerfile: String,
    /// The build context.
    pub context: Context,
    /// The text of the `.dockerignore` to use instead of the context's own (`Dockerfile.dockerignore`).
    pub dockerignore: Option<String>,
    /// `--build-arg`, `--target`, platforms.
    pub options: BuildOptions,
    /// `--secret`, by id.
    pub secrets: BTreeMap<String, Content>,
    /// Files are put where COPY, ADD and bind mounts name what the context lacks ([`placeholder`]).
    pub placeholders: bool,
}
