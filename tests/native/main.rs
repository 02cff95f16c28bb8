//! The native test binary: one harness a module, over the cases in `tests/cases`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

mod assist;
mod build;
mod catalog_add;
mod catalogue;
#[path = "../../src/bin/layerlab/context.rs"]
mod context;
mod docker;
mod dockerfiles;
mod images;
mod insight;
mod insight_properties;
mod lists;
mod log;
mod parse;
mod placeholders;
mod shell;
mod shell_properties;
mod small_builds;
mod texts;
mod vfs;
mod vfs_properties;
