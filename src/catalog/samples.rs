//! Sample applications: a build context with a Dockerfile that fits it, for who has none at hand. The page fetches one
//! (static/contexts/NAME.json) when it is chosen; natively they are in the program.

use serde::Deserialize;
use std::collections::BTreeMap;

/// Their names, in the menu's order.
pub const NAMES: [&str; 6] = ["node", "python", "go", "java", "rust", "static"];

/// A sample application.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Sample {
    /// Its Dockerfile.
    pub dockerfile: String,
    /// The texts of its files, by their paths in the context; `.dockerignore` among them.
    pub files: BTreeMap<String, String>,
}

/// The file of a sample, relative to the page.
pub fn file(name: &str) -> String {
    format!("contexts/{name}.json")
}

/// The text of a sample's file.
#[cfg(not(target_arch = "wasm32"))]
pub fn embedded(name: &str) -> Option<&'static str> {
    Some(match name {
        "node" => include_str!("../../static/contexts/node.json"),
        "python" => include_str!("../../static/contexts/python.json"),
        "go" => include_str!("../../static/contexts/go.json"),
        "java" => include_str!("../../static/contexts/java.json"),
        "rust" => include_str!("../../static/contexts/rust.json"),
        "static" => include_str!("../../static/contexts/static.json"),
        _ => return None,
    })
}

/// Reads a sample's data file.
///
/// # Errors
/// What is wrong with it.
pub fn read(text: &str) -> Result<Sample, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sample_is_there_and_can_be_read() {
        for name in super::NAMES {
            let text = super::embedded(name).unwrap_or_default();
            let sample = super::read(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(sample.dockerfile.starts_with("FROM ") && !sample.files.is_empty(), "{name}");
        }
    }
}
