//! What the catalogue knows of npm: `npm/index.txt` and the files it names, both made by scripts/catalogue.
//!
//! The index has a line for each file: its name, and the packages in it. Such a file has for each package a line `n`: name,
//! digest (SHA-512, base64) and size of its document in the registry, its `latest`; then for each version a line `v`: version,
//! digest and size of its archive, and what a lock file says of it, as JSON; then directories (`d`) with their files: name,
//! size, `x` if it is executable.

use super::semver::{Range, Version};
use crate::shell::commands::Context;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Which file has which package.
#[derive(Debug)]
struct Index(BTreeMap<String, String>);

/// One file of packages.
#[derive(Debug)]
struct Bundle(BTreeMap<String, Rc<Package>>);

/// A package.
#[derive(Debug)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// The digest of its document, base64 of SHA-512.
    pub integrity: String,
    /// The size of its document.
    pub size: u64,
    /// Its `latest`.
    pub latest: String,
    /// The versions that the catalogue has.
    pub releases: Vec<Rc<Release>>,
}

/// A version of a package.
#[derive(Debug)]
pub struct Release {
    /// As it is written.
    pub text: String,
    /// As it is compared.
    pub version: Version,
    /// The digest of its archive, base64 of SHA-512; empty if it is not known.
    pub integrity: String,
    /// The size of its archive.
    pub size: u64,
    /// What a lock file says of it: `dependencies`, `bin`, `license` …
    pub lock: Map<String, Value>,
    /// Its files by directory.
    pub folders: Vec<(String, Vec<PackageFile>)>,
}

/// A file of a package.
#[derive(Debug)]
pub struct PackageFile {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Is it executable?
    pub executable: bool,
}

/// The packages that were asked for so far.
#[derive(Default)]
pub struct Registry {
    index: Option<Rc<Index>>,
    bundles: BTreeMap<String, Rc<Bundle>>,
}

impl Registry {
    /// A package, from the catalogue's data; none if the catalogue lacks it.
    ///
    /// # Errors
    /// If the data cannot be had.
    pub async fn package(&mut self, cx: &Context<'_>, name: &str) -> Result<Option<Rc<Package>>, Rc<str>> {
        let data = cx.system.data.clone();
        let index = match &self.index {
            Some(index) => index.clone(),
            None => data.parsed("npm/index.txt", |text| Ok(Index::read(text))).await?,
        };
        self.index = Some(index.clone());
        let Some(file) = index.0.get(name) else { return Ok(None) };
        if !self.bundles.contains_key(file) {
            let bundle = data.parsed(&format!("npm/{file}.txt"), Bundle::read).await?;
            self.bundles.insert(file.clone(), bundle);
        }
        Ok(self.bundles.get(file).and_then(|bundle| bundle.0.get(name).cloned()))
    }
}

impl Index {
    fn read(text: &str) -> Self {
        let mut names = BTreeMap::new();
        for line in text.lines() {
            let mut fields = line.split('\t');
            let file = fields.next().unwrap_or_default();
            names.extend(fields.map(|name| (name.to_owned(), file.to_owned())));
        }
        Self(names)
    }
}

impl Bundle {
    fn read(text: &str) -> Result<Self, String> {
        let mut packages: Vec<Package> = Vec::new();
        let mut release: Option<Release> = None;
        for (number, line) in text.lines().enumerate() {
            let bad = || format!("line {} is not understood", number + 1);
            let fields: Vec<&str> = line.split('\t').collect();
            match fields[..] {
                ["n", name, integrity, size, latest] => {
                    finish(&mut packages, &mut release);
                    packages.push(Package {
                        name: name.to_owned(),
                        integrity: integrity.to_owned(),
                        size: size.parse().map_err(|_| bad())?,
                        latest: latest.to_owned(),
                        releases: Vec::new(),
                    });
                }
                ["v", text, integrity, size, lock] => {
                    finish(&mut packages, &mut release);
                    release = Some(Release {
                        text: text.to_owned(),
                        version: Version::parse(text).ok_or_else(bad)?,
                        integrity: integrity.to_owned(),
                        size: size.parse().map_err(|_| bad())?,
                        lock: serde_json::from_str(lock).map_err(|_| bad())?,
                        folders: Vec::new(),
                    });
                }
                ["d", folder] => {
                    release.as_mut().ok_or_else(bad)?.folders.push((folder.to_owned(), Vec::new()));
                }
                [name, size, ref rest @ ..] => {
                    let file = PackageFile {
                        name: name.to_owned(),
                        size: size.parse().map_err(|_| bad())?,
                        executable: rest.first() == Some(&"x"),
                    };
                    release.as_mut().and_then(|release| release.folders.last_mut()).ok_or_else(bad)?.1.push(file);
                }
                _ => return Err(bad()),
            }
        }
        finish(&mut packages, &mut release);
        Ok(Self(packages.into_iter().map(|package| (package.name.clone(), Rc::new(package))).collect()))
    }
}

/// The release that was read belongs to the last package.
fn finish(packages: &mut [Package], release: &mut Option<Release>) {
    if let (Some(package), Some(release)) = (packages.last_mut(), release.take()) {
        package.releases.push(Rc::new(release));
        package.releases.sort_by(|a, b| a.version.cmp(&b.version));
    }
}

impl Package {
    /// The version that npm takes for a range or tag, and the release that stands for it.
    pub fn pick(&self, wanted: &str) -> Option<(String, Rc<Release>)> {
        let latest = self.releases.iter().find(|release| release.text == self.latest).or(self.releases.last())?;
        let Some(range) = Range::parse(wanted) else { return Some((latest.text.clone(), latest.clone())) };
        if range.contains(&latest.version) {
            return Some((latest.text.clone(), latest.clone()));
        }
        if let Some(release) = self.releases.iter().rev().find(|release| range.contains(&release.version)) {
            return Some((release.text.clone(), release.clone()));
        }
        let version = range.lowest().unwrap_or_else(|| latest.text.clone());
        self.exactly(&version)
    }

    /// The release that stands for a version: itself, or the nearest.
    pub fn exactly(&self, version: &str) -> Option<(String, Rc<Release>)> {
        let parsed = Version::parse(version);
        let distance = |release: &&Rc<Release>| parsed.as_ref().map(|parsed| release.version.distance(parsed));
        let nearest = self.releases.iter().min_by_key(distance)?;
        Some((version.to_owned(), nearest.clone()))
    }
}

impl Release {
    /// The strings of an object of the lock file: `dependencies`.
    pub fn strings(&self, key: &str) -> Vec<(String, String)> {
        strings(self.lock.get(key))
    }

    /// Its programs: name, path in the package.
    pub fn bins(&self) -> Vec<(String, String)> {
        let trimmed = |(name, path): (String, String)| (name, path.trim_start_matches("./").to_owned());
        self.strings("bin").into_iter().map(trimmed).collect()
    }

    /// Is it for Linux on x86-64 with this C library (`glibc`, `musl`)?
    pub fn fits(&self, libc: &str) -> bool {
        let allows = |key: &str, own: &str| {
            let Some(Value::Array(list)) = self.lock.get(key) else { return true };
            let list: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            let refused = list.iter().any(|one| one.strip_prefix('!') == Some(own));
            let positive = list.iter().any(|one| !one.starts_with('!'));
            !refused && (!positive || list.contains(&own))
        };
        allows("os", "linux") && allows("cpu", "x64") && allows("libc", libc)
    }
}

/// The strings of a JSON object, in its order.
pub fn strings(value: Option<&Value>) -> Vec<(String, String)> {
    let Some(Value::Object(object)) = value else { return Vec::new() };
    object.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}
