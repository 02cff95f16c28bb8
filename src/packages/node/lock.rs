//! Lock files: npm's package-lock.json read and written, and as much of yarn.lock and pnpm-lock.yaml as tells which versions
//! they pin.

use super::semver::{Range, Version};
use super::tree::{Node, Tree};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// A package of a package-lock.json.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path: `node_modules/a/node_modules/b`.
    pub path: String,
    /// The package's name, which an alias hides.
    pub name: String,
    /// Its version.
    pub version: String,
    /// For development only.
    pub dev: bool,
    /// It may be missing.
    pub optional: bool,
}

/// The packages of a package-lock.json (versions 1 to 3), parents first. None if it is none.
pub fn entries(text: &str) -> Option<Vec<Entry>> {
    let lock: Value = serde_json::from_str(text).ok()?;
    let flag = |entry: &Value, key: &str| entry.get(key).and_then(Value::as_bool) == Some(true);
    let mut out = Vec::new();
    if let Some(Value::Object(packages)) = lock.get("packages") {
        for (path, entry) in packages {
            let Some(version) = entry.get("version").and_then(Value::as_str) else { continue };
            let Some((_, folder)) = path.rsplit_once("node_modules/") else { continue };
            if flag(entry, "link") {
                continue;
            }
            let name = entry.get("name").and_then(Value::as_str).unwrap_or(folder);
            let dev = flag(entry, "dev") || flag(entry, "devOptional");
            out.push(Entry {
                path: path.clone(),
                name: name.to_owned(),
                version: version.to_owned(),
                dev,
                optional: flag(entry, "optional") || flag(entry, "devOptional"),
            });
        }
    } else {
        nested(lock.get("dependencies")?, "", &mut out);
    }
    out.sort_by(|a, b| a.path.cmp(&b.path));
    Some(out)
}

/// The nested form of lock files of version 1.
fn nested(value: &Value, above: &str, out: &mut Vec<Entry>) {
    let Value::Object(packages) = value else { return };
    for (name, entry) in packages {
        let path = format!("{above}node_modules/{name}");
        let flag = |key: &str| entry.get(key).and_then(Value::as_bool) == Some(true);
        if let Some(version) = entry.get("version").and_then(Value::as_str) {
            let (name, version, path) = (name.clone(), version.to_owned(), path.clone());
            out.push(Entry { path, name, version, dev: flag("dev"), optional: flag("optional") });
        }
        if let Some(inner) = entry.get("dependencies") {
            nested(inner, &format!("{path}/"), out);
        }
    }
}

/// Versions that a lock file of yarn or pnpm pins.
#[derive(Debug, Default)]
pub struct Pins {
    by_range: BTreeMap<(String, String), String>,
    by_name: BTreeMap<String, Vec<String>>,
}

impl Pins {
    /// The version for a range.
    pub fn version(&self, name: &str, range: &str) -> Option<&str> {
        if let Some(version) = self.by_range.get(&(name.to_owned(), range.to_owned())) {
            return Some(version);
        }
        let range = Range::parse(range)?;
        let versions = self.by_name.get(name)?;
        let fitting = versions.iter().filter_map(|text| Some((Version::parse(text)?, text)));
        fitting
            .filter(|(version, _)| range.contains(version))
            .max_by(|a, b| a.0.cmp(&b.0))
            .map(|(_, text)| text.as_str())
    }

    /// Reads yarn.lock, of either kind.
    pub fn of_yarn(text: &str) -> Self {
        let mut pins = Self::default();
        let mut heads: Vec<(String, String)> = Vec::new();
        for line in text.lines() {
            if !line.starts_with([' ', '#']) && line.ends_with(':') {
                let specs = line.trim_end_matches(':').replace('"', "");
                heads = specs
                    .split(", ")
                    .filter_map(|spec| {
                        let (name, range) = spec.rsplit_once('@').filter(|(name, _)| !name.is_empty())?;
                        let name = name.split("@npm").next().unwrap_or(name);
                        Some((name.to_owned(), range.trim_start_matches("npm:").to_owned()))
                    })
                    .collect();
            } else if let Some(version) = line.trim().strip_prefix("version") {
                let version = version.trim_start_matches([':', ' ']).trim_matches('"').to_owned();
                for (name, range) in heads.drain(..) {
                    pins.by_name.entry(name.clone()).or_default().push(version.clone());
                    pins.by_range.insert((name, range), version.clone());
                }
            }
        }
        pins
    }

    /// Reads pnpm-lock.yaml: the keys of `packages:`.
    pub fn of_pnpm(text: &str) -> Self {
        let mut pins = Self::default();
        let packages = text.lines().skip_while(|line| *line != "packages:").skip(1);
        for line in packages.take_while(|line| line.is_empty() || line.starts_with(' ')) {
            let Some(key) = line.strip_prefix("  ").filter(|key| !key.starts_with(' ')) else { continue };
            let key = key.trim_end_matches(':').trim_matches('\'').trim_start_matches('/');
            let key = key.split('(').next().unwrap_or(key);
            if let Some((name, version)) = key.rsplit_once('@').filter(|(name, _)| !name.is_empty()) {
                pins.by_name.entry(name.to_owned()).or_default().push(version.to_owned());
            }
        }
        pins
    }
}

/// The URL of a package's archive.
pub fn archive_url(name: &str, version: &str) -> String {
    let base = name.rsplit('/').next().unwrap_or(name);
    format!("https://registry.npmjs.org/{name}/-/{base}-{version}.tgz")
}

/// The text of package-lock.json; without the project's own entry and what is not for this system, it is the hidden one in
/// node_modules.
pub fn write(manifest: &Map<String, Value>, folder: &str, tree: &Tree, hidden: Option<&[usize]>) -> String {
    let name = manifest.get("name").and_then(Value::as_str).unwrap_or(folder).to_owned();
    let mut packages = Map::new();
    if hidden.is_none() {
        let mut own = Map::new();
        own.insert("name".to_owned(), json!(name));
        for key in [
            "version",
            "license",
            "workspaces",
            "dependencies",
            "bin",
            "devDependencies",
            "engines",
            "optionalDependencies",
            "peerDependencies",
        ] {
            if let Some(value) = manifest.get(key).filter(|value| !value.as_object().is_some_and(Map::is_empty)) {
                own.insert(key.to_owned(), value.clone());
            }
        }
        packages.insert(String::new(), Value::Object(own));
    }
    for index in tree.in_order() {
        if hidden.is_none_or(|installed| installed.contains(&index)) {
            packages.insert(tree.path(index), Value::Object(entry(tree.node(index))));
        }
    }
    let mut lock = Map::new();
    lock.insert("name".to_owned(), json!(name));
    if let Some(version) = manifest.get("version") {
        lock.insert("version".to_owned(), version.clone());
    }
    lock.insert("lockfileVersion".to_owned(), json!(3));
    lock.insert("requires".to_owned(), json!(true));
    lock.insert("packages".to_owned(), Value::Object(packages));
    pretty(&Value::Object(lock))
}

fn entry(node: &Node) -> Map<String, Value> {
    let mut entry = Map::new();
    entry.insert("version".to_owned(), json!(node.version));
    entry.insert("resolved".to_owned(), json!(archive_url(&node.name, &node.version)));
    if !node.release.integrity.is_empty() && node.version == node.release.text {
        entry.insert("integrity".to_owned(), json!(format!("sha512-{}", node.release.integrity)));
    }
    for (key, value) in [("dev", node.dev), ("optional", node.optional), ("peer", node.peer)] {
        if value {
            entry.insert(key.to_owned(), json!(true));
        }
    }
    entry.extend(node.release.lock.iter().map(|(key, value)| (key.clone(), value.clone())));
    entry
}

/// JSON as npm writes it: two spaces, a line feed at the end.
pub fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_files_pin_versions() {
        let yarn = "# yarn lockfile v1\n\n\n\"@babel/core@^7.0.0\", \"@babel/core@^7.1.0\":\n  version \"7.2.0\"\n\nms@2.0.0:\n  version \"2.0.0\"\n";
        let pins = Pins::of_yarn(yarn);
        assert_eq!(pins.version("@babel/core", "^7.1.0"), Some("7.2.0"));
        assert_eq!(pins.version("ms", "2.0.0"), Some("2.0.0"));
        let pnpm = "lockfileVersion: '9.0'\n\npackages:\n\n  '@types/node@20.1.0':\n    resolution: {}\n\n  ms@2.1.3:\n    resolution: {}\n\nsnapshots:\n";
        let pins = Pins::of_pnpm(pnpm);
        assert_eq!(pins.version("@types/node", "^20.0.0"), Some("20.1.0"));
        assert_eq!(pins.version("ms", "^1"), None);
    }
}
