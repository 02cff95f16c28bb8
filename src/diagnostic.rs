//! What is wrong with the user's text: a kind that carries its data, and the span it is about.
//!
//! Docker's own words are the kind's `Display`, verbatim in logs and in the report; the page words a diagnostic by its
//! code and arguments, from the Fluent files.

use crate::span::Span;
use serde::{Deserialize, Serialize};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The build cannot run.
    Error,
    /// A build check's finding.
    Warning,
    /// Something worth knowing.
    Note,
}

/// A replacement of text that mends a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub replacement: String,
}
