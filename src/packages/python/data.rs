//! What the catalogue knows of PyPI: `pypi/index.txt` and one file a package, both made by scripts/catalogue.
//!
//! The index has a line with the canonical name for a package, and below it one for each version that the catalogue has:
//! `<TAB>version<TAB>bytes of the wheel<TAB>its tags<TAB>requirements…`. A requirement is
//! `name[extras]specifier+extra@minors`: of the extra only if it is asked for, and for these minor versions of Python 3 only.
//!
//! A package's file has `k` with all versions that the registry had on the day, then for each wheel `v version, stem of the
//! dist-info directory, distribution name`, `e` for each script (name, module, attribute), and directories (`d`) with their
//! files: name, size, size of the bytecode that CPython 3.11 makes of it, `x` if it is executable. `%` stands for the
//! dist-info directory, `@bin`, `@data` and `@include` for what goes elsewhere.

use super::version::Version;
use std::collections::BTreeMap;

/// The index.
#[derive(Debug, Default)]
pub struct Index {
    packages: BTreeMap<String, Package>,
}

/// A package.
#[derive(Debug)]
pub struct Package {
    /// The versions that the catalogue has, lowest first.
    pub releases: Vec<Release>,
}

/// A version of a package.
#[derive(Debug, Clone)]
pub struct Release {
    /// As it is written.
    pub text: String,
    /// As it is compared.
    pub version: Version,
    /// Bytes of its wheel.
    pub size: u64,
    /// The tags of its wheel: `py3-none-any`.
    pub tags: String,
    /// What it requires.
    pub requires: Vec<Requires>,
}

/// A requirement of a release.
#[derive(Debug, Clone)]
pub struct Requires {
    /// `name[extras]specifier`.
    pub text: String,
    /// Only with this extra.
    pub extra: Option<String>,
    /// Only for these minor versions of Python 3; all if there are none.
    pub minors: Vec<u8>,
}

impl Index {
    /// Reads `pypi/index.txt`.
    ///
    /// # Errors
    /// The line that is not understood.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut index = Self::default();
        let mut current = String::new();
        for (number, line) in text.lines().enumerate() {
            let bad = || format!("line {} is not understood", number + 1);
            let mut fields = line.split('\t');
            let first = fields.next().unwrap_or_default();
            if !first.is_empty() {
                current = first.to_owned();
                index.packages.insert(current.clone(), Package { releases: Vec::new() });
                continue;
            }
            let package = index.packages.get_mut(&current).ok_or_else(bad)?;
            let text = fields.next().ok_or_else(bad)?.to_owned();
            let size = fields.next().and_then(|size| size.parse().ok()).ok_or_else(bad)?;
            let tags = fields.next().ok_or_else(bad)?.to_owned();
            let version = Version::parse(&text).ok_or_else(bad)?;
            let requires = fields.map(Requires::read).collect();
            package.releases.push(Release { text, version, size, tags, requires });
            package.releases.sort_by(|a, b| a.version.cmp(&b.version));
        }
        Ok(index)
    }

    /// A package by its canonical name.
    pub fn get(&self, name: &str) -> Option<&Package> {
        self.packages.get(name)
    }
}

impl Requires {
    fn read(text: &str) -> Self {
        let (text, minors) = text.split_once('@').unwrap_or((text, ""));
        let minors = minors.split(',').filter_map(|minor| minor.parse().ok()).collect();
        let (text, extra) = match text.rsplit_once('+') {
            Some((text, extra)) => (text, Some(extra.to_owned())),
            None => (text, None),
        };
        Self { text: text.to_owned(), extra, minors }
    }
}

/// A wheel's contents.
#[derive(Debug, Default)]
pub struct Wheel {
    /// The dist-info directory without `.dist-info`: `flask-3.1.3`.
    pub info: String,
    /// The distribution's name in file names.
    pub distribution: String,
    /// Scripts: name, module, attribute.
    pub scripts: Vec<(String, String, String)>,
    /// Its files by directory.
    pub folders: Vec<(String, Vec<WheelFile>)>,
}

/// A file of a wheel.
#[derive(Debug)]
pub struct WheelFile {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Bytes of its bytecode, if it is compiled.
    pub bytecode: Option<u64>,
    /// Is it executable?
    pub executable: bool,
}

/// The versions that the registry had, of a package's file.
pub fn known_versions(text: &str) -> Vec<&str> {
    text.lines()
        .next()
        .and_then(|line| line.strip_prefix("k\t"))
        .map(|line| line.split('\t').collect())
        .unwrap_or_default()
}

impl Wheel {
    /// Reads the wheel of a version from a package's file; none if it is not there.
    pub fn read(text: &str, version: &str) -> Option<Self> {
        let mut lines = text
            .lines()
            .skip_while(|line| line.strip_prefix("v\t").and_then(|rest| rest.split('\t').next()) != Some(version));
        let mut head = lines.next()?.split('\t').skip(2);
        let mut wheel =
            Self { info: head.next()?.to_owned(), distribution: head.next()?.to_owned(), ..Self::default() };
        for line in lines {
            let fields: Vec<&str> = line.split('\t').collect();
            match fields[..] {
                ["v", ..] => break,
                ["e", name, module, attribute] => {
                    wheel.scripts.push((name.to_owned(), module.to_owned(), attribute.to_owned()));
                }
                ["d", folder] => wheel.folders.push((folder.to_owned(), Vec::new())),
                [name, size, ref rest @ ..] => {
                    let file = WheelFile {
                        name: name.to_owned(),
                        size: size.parse().ok()?,
                        bytecode: rest.first().and_then(|size| size.parse().ok()),
                        executable: rest.last() == Some(&"x"),
                    };
                    wheel.folders.last_mut()?.1.push(file);
                }
                _ => return None,
            }
        }
        Some(wheel)
    }
}
