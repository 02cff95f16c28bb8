//! A release's index: what `apt-get update` brings, and of each package what the resolver and the logs need.
//!
//! ```text
//! layerlab-debian 1
//! date<TAB>2026-11-24                                  the day of the archive's state
//! list<TAB>NAME<TAB>SIZE                               a file below /var/lib/apt/lists
//! base<TAB>SHARD                                       the shard of the packages that every image of it has
//! NAME<TAB>VERSION<TAB>ARCH<TAB>SHARD<TAB>DEB BYTES<TAB>INSTALLED KB<TAB>DEPENDS<TAB>RECOMMENDS<TAB>PROVIDES<TAB>CONFLICTS
//! ```
//!
//! ARCH is `amd64` or `all`, with `=` behind it for `Multi-Arch: same`. DEPENDS has Pre-Depends and Depends: groups
//! joined by `,`, alternatives by `|`. Versions are left out, for the packages of one day fit together, but for `name=VERSION`
//! where the base system has an older version than it takes. Made by
//! `scripts/catalogue/debian.py`.

use std::collections::BTreeMap;

const HEAD: &str = "layerlab-debian 1";

/// The index.
pub struct Index {
    /// The day of the archive's state.
    pub date: String,
    /// Files below /var/lib/apt/lists and their sizes in bytes.
    pub lists: Vec<(String, u64)>,
    /// The shard of the base system's packages.
    pub base: u32,
    packages: BTreeMap<String, Package>,
    /// Who provides a name that is no package.
    providers: BTreeMap<String, Vec<String>>,
}

/// A package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// `amd64` or `all`.
    pub arch: String,
    /// `Multi-Arch: same`: its files under /var/lib/dpkg/info have the architecture in their names.
    pub multi_arch_same: bool,
    /// The data file that has its files.
    pub shard: u32,
    /// Bytes of the archive (`Size`).
    pub bytes: u64,
    /// Installed-Size in KiB.
    pub installed: u64,
    /// Pre-Depends and Depends.
    pub depends: Vec<Vec<String>>,
    /// Recommends.
    pub recommends: Vec<Vec<String>>,
    /// Provides.
    pub provides: Vec<String>,
    /// Conflicts and Breaks that name any version.
    pub conflicts: Vec<String>,
}

impl Package {
    /// The name of its files below /var/lib/dpkg/info, without an ending.
    pub fn info_name(&self) -> String {
        if self.multi_arch_same { format!("{}:{}", self.name, self.arch) } else { self.name.clone() }
    }

    /// `name:arch`, as dpkg's log has it.
    pub fn with_arch(&self) -> String {
        format!("{}:{}", self.name, self.arch)
    }

    /// The name of its archive below /var/cache/apt/archives.
    pub fn archive(&self) -> String {
        format!("{}_{}_{}.deb", self.name, self.version.replace(':', "%3a"), self.arch)
    }
}

/// Groups of alternatives, as the index and status files write them, without versions and architectures.
pub fn groups(text: &str) -> Vec<Vec<String>> {
    let bare = |word: &str| {
        let word = word.trim();
        match word.find([' ', '(', '[', ':', '=']) {
            Some(end) if word.as_bytes()[end] != b'=' => word[..end].to_owned(),
            _ => word.to_owned(),
        }
    };
    text.split(',')
        .map(|group| group.split('|').map(bare).filter(|name| !name.is_empty()).collect::<Vec<_>>())
        .filter(|group| !group.is_empty())
        .collect()
}

impl Index {
    /// Reads an index.
    ///
    /// # Errors
    /// The line that is not as described, from 1.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut index = Self {
            date: String::new(),
            lists: Vec::new(),
            base: 0,
            packages: BTreeMap::new(),
            providers: BTreeMap::new(),
        };
        for (at, line) in text.lines().enumerate() {
            let fields: Vec<&str> = line.split('\t').collect();
            index.line(at, &fields).ok_or_else(|| format!("line {}: {line:?}", at + 1))?;
        }
        Ok(index)
    }

    fn line(&mut self, at: usize, fields: &[&str]) -> Option<()> {
        match fields {
            [head] => return (at == 0 && *head == HEAD).then_some(()),
            ["date", date] => self.date = (*date).to_owned(),
            ["base", shard] => self.base = shard.parse().ok()?,
            ["list", name, size] => self.lists.push(((*name).to_owned(), size.parse().ok()?)),
            [name, version, arch, shard, bytes, installed, depends, recommends, provides, conflicts] => {
                let words = |text: &str| groups(text).into_iter().flatten().collect::<Vec<_>>();
                let package = Package {
                    name: (*name).to_owned(),
                    version: (*version).to_owned(),
                    arch: arch.trim_end_matches('=').to_owned(),
                    multi_arch_same: arch.ends_with('='),
                    shard: shard.parse().ok()?,
                    bytes: bytes.parse().ok()?,
                    installed: installed.parse().ok()?,
                    depends: groups(depends),
                    recommends: groups(recommends),
                    provides: words(provides),
                    conflicts: words(conflicts),
                };
                for provided in &package.provides {
                    self.providers.entry(provided.clone()).or_default().push(package.name.clone());
                }
                self.packages.insert(package.name.clone(), package);
            }
            _ => return None,
        }
        Some(())
    }

    /// A package by its name.
    pub fn get(&self, name: &str) -> Option<&Package> {
        self.packages.get(name)
    }

    /// All packages, by name.
    pub fn packages(&self) -> impl Iterator<Item = &Package> {
        self.packages.values()
    }

    /// The packages that provide a name.
    pub fn providers(&self, name: &str) -> &[String] {
        self.providers.get(name).map_or(&[], Vec::as_slice)
    }
}
