//! The Log panel: the build as `docker build --progress=plain` prints it.

use crate::view::changes::Because;
use serde::{Deserialize, Serialize};

/// The Log panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogView {
    /// What went wrong, where something did.
    pub because: Option<Because>,
    /// The lines.
    pub lines: Vec<LogLine>,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// Its text.
    pub text: String,
    /// Does it tell of the failure?
    pub bad: bool,
    /// Does it belong to the selected step?
    pub selected: bool,
}
