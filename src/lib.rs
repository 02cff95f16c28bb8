//! Layerlab's engine and page: a Dockerfile's text becomes image layers, as Docker 28 with BuildKit and overlayfs would make them.
//!
//! The map of the modules, and the invariants between them, is ARCHITECTURE.md. Modules import only from rows above
//! their own; the engine (everything but `app`) is pure: no clock, no randomness, no `std::fs`, no printing.

// What tests and fuzz targets share names the library as both can.
#[cfg(test)]
extern crate self as layerlab;

// Row 0: words everyone uses.
pub mod bytes;
pub mod data;
pub mod diagnostic;
pub mod digest;
pub mod glob;
pub mod pace;
pub mod path;
pub mod span;
pub mod units;

// Row 1.
pub mod dockerfile;
pub mod vfs;

// Row 2.
pub mod archive;
pub mod check;

// Row 3.
pub mod image;
pub mod shell;

// Row 4.
pub mod catalog;

// Row 5.
pub mod packages;

// Row 6.
pub mod build;

// Row 7.
pub mod insight;

// Row 8: what the page shows, as plain data, and the reports.
pub mod report;
pub mod view;
// Row 9: the page.
pub mod app;
