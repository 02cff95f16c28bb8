//! package.json: what a project says of itself, and its requirements.

use super::data::strings;
use super::lock::pretty;
use super::tree::{Kind, Wants};
use crate::packages::files::{Files, join};
use crate::shell::commands::Context;
use serde_json::{Map, Value, json};

/// Why a package.json cannot be used.
pub enum Trouble {
    /// It is not there.
    Missing,
    /// Its bytes are not held.
    Unknown,
    /// It is no JSON object.
    Bad,
}

/// Reads the package.json of a folder.
///
/// # Errors
/// Why it cannot be used.
pub fn read(cx: &Context<'_>, folder: &str) -> Result<Map<String, Value>, Trouble> {
    let path = join(folder, "package.json");
    if !cx.exists(&path) {
        return Err(Trouble::Missing);
    }
    let text = cx.text(&path).ok_or(Trouble::Unknown)?;
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|_| Trouble::Bad)
}

/// The project's requirements. Local ones (`file:`, `workspace:`, `link:`) are left out.
pub fn wants(manifest: &Map<String, Value>) -> Wants {
    let kinds = [
        ("optionalDependencies", Kind::Optional),
        ("dependencies", Kind::Needs),
        ("devDependencies", Kind::Dev),
        ("peerDependencies", Kind::Peer),
    ];
    let mut wants = Wants::new();
    for (key, kind) in kinds {
        for (name, range) in strings(manifest.get(key)) {
            let local = ["file:", "workspace:", "link:", "./", "../", "git", "http"]
                .iter()
                .any(|start| range.starts_with(start));
            if !local && !wants.iter().any(|(known, _, _)| *known == name) {
                wants.push((name, range, kind));
            }
        }
    }
    wants
}

/// Adds a requirement, keeping the names in order.
pub fn add(manifest: &mut Map<String, Value>, key: &str, name: &str, range: &str) {
    for other in ["dependencies", "devDependencies", "optionalDependencies"] {
        if other != key
            && let Some(Value::Object(object)) = manifest.get_mut(other)
        {
            object.shift_remove(name);
        }
    }
    let object = manifest.entry(key).or_insert_with(|| json!({}));
    if let Value::Object(object) = object {
        object.insert(name.to_owned(), json!(range));
        object.sort_keys();
    }
}

/// Removes a requirement.
pub fn remove(manifest: &mut Map<String, Value>, name: &str) {
    for key in ["dependencies", "devDependencies", "optionalDependencies"] {
        let empty = match manifest.get_mut(key) {
            Some(Value::Object(object)) => object.shift_remove(name).is_some() && object.is_empty(),
            _ => false,
        };
        if empty {
            manifest.shift_remove(key);
        }
    }
}

/// The text of a package.json.
pub fn text(manifest: &Map<String, Value>) -> String {
    pretty(&Value::Object(manifest.clone()))
}

/// What `npm init -y` writes for a folder.
pub fn initial(folder: &str) -> Map<String, Value> {
    let value = json!({
        "name": folder.to_lowercase(),
        "version": "1.0.0",
        "description": "",
        "main": "index.js",
        "scripts": { "test": "echo \"Error: no test specified\" && exit 1" },
        "keywords": [],
        "author": "",
        "license": "ISC"
    });
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}
