//! What the editor shows beside the text: chips in the gutter, diagnostics at their spans.

use crate::diagnostic::{Edit, Severity};
use crate::span::Span;
use crate::view::layer::{ChipLook, Kind, StepKey};
use crate::view::size::Amount;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An instruction in the gutter: a chip on its first line, a bar over all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GutterMark {
    /// Its first and last line, from 1.
    pub lines: (u32, u32),
    /// Its kind.
    pub kind: Kind,
    /// Its step; none for text that is not understood, and for an ARG before FROM.
    pub key: Option<StepKey>,
    /// How its chip looks.
    pub look: ChipLook,
    /// Its layer's size; of FROM the base's. None without a layer.
    pub size: Option<Amount>,
    /// Was it taken from the cache? None where nothing was built.
    pub cached: Option<bool>,
    /// Does its layer still ship the selected path, though it is out of reach?
    pub ships: bool,
}

/// A diagnostic as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiagnosticView {
    /// Which message of the Fluent files: `diagnostic-CODE`.
    pub code: String,
    /// Its arguments.
    pub arguments: BTreeMap<String, String>,
    /// Docker's own words, where the Fluent files have none, and beside them.
    pub message: String,
    /// How bad.
    pub severity: Severity,
    /// Its line, from 1.
    pub line: u32,
    /// Where it is.
    pub span: Span,
    /// An edit that mends it.
    pub edit: Option<Edit>,
    /// The exit code of a failed RUN: then the message is the command's own.
    pub exit_code: Option<i32>,
}
