//! The History and Inspect panels: `docker history`, and the image's configuration as `docker image inspect` shows it.

use crate::view::layer::{Kind, LayerName, StepKey};
use crate::view::size::Amount;
use serde::{Deserialize, Serialize};

/// The History panel: rows newest first, as `docker history` prints them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryView {
    /// The rows.
    pub rows: Vec<HistoryRow>,
    /// Rows that made no layer.
    pub empty: u32,
    /// Rows that did.
    pub layers: u32,
}

/// A row of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryRow {
    /// The step, where it is ours; a base's row has its FROM's key.
    pub key: StepKey,
    /// Its kind.
    pub kind: Kind,
    /// `CREATED BY`.
    pub created_by: String,
    /// `SIZE`.
    pub size: Amount,
    /// A row without a layer.
    pub empty: bool,
    /// Its layer's chip.
    pub layer: Option<LayerName>,
    /// `IMAGE`: the newest row has the image's ID, all others `<missing>`.
    pub image: Option<String>,
}

/// The Inspect panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectView {
    /// The JSON, as lines.
    pub lines: Vec<InspectLine>,
}

/// A line of the JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectLine {
    /// Its text.
    pub text: String,
    /// The step that set it, where one did.
    pub key: Option<StepKey>,
}
