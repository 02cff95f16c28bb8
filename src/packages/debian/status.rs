//! dpkg's database: which packages are installed, read from and written to /var/lib/dpkg/status as dpkg does, and apt's
//! memory of which came by themselves (/var/lib/apt/extended_states).

use crate::vfs::{Cred, Overlay};
use std::collections::{BTreeMap, BTreeSet};

/// dpkg's status file.
pub const STATUS: &str = "/var/lib/dpkg/status";
/// apt's memory of what it installed as a dependency.
pub const STATES: &str = "/var/lib/apt/extended_states";

/// What is installed.
#[derive(Debug, Clone, Default)]
pub struct Status {
    packages: BTreeMap<String, String>,
    /// Packages that came as dependencies.
    pub auto: BTreeSet<String>,
}

impl Status {
    /// Reads the database of a filesystem; none where it is missing, or its text is not held.
    pub fn load(fs: &Overlay) -> Option<Self> {
        let read = |path| fs.read(&Cred::root(), path).ok()?.to_text().ok();
        let mut status = Self::default();
        for paragraph in read(STATUS)?.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
            if let Some(name) = field(paragraph, "Package") {
                status.packages.insert(name.to_owned(), format!("{}\n", paragraph.trim_matches('\n')));
            }
        }
        for paragraph in read(STATES).unwrap_or_default().split("\n\n") {
            if field(paragraph, "Auto-Installed") == Some("1") {
                status.auto.extend(field(paragraph, "Package").map(str::to_owned));
            }
        }
        Some(status)
    }

    /// The text of the status file.
    pub fn text(&self) -> String {
        self.packages.values().map(|paragraph| format!("{paragraph}\n")).collect()
    }

    /// The text of extended_states.
    pub fn states(&self) -> String {
        let paragraph = |name: &String| {
            let arch = self.field(name, "Architecture").filter(|arch| *arch != "all").unwrap_or("amd64");
            format!("Package: {name}\nArchitecture: {arch}\nAuto-Installed: 1\n\n")
        };
        self.auto.iter().filter(|name| self.packages.contains_key(*name)).map(paragraph).collect()
    }

    /// The paragraph of a package, installed or only configured.
    pub fn paragraph(&self, name: &str) -> Option<&str> {
        self.packages.get(name).map(String::as_str)
    }

    /// A field of a package's paragraph.
    pub fn field(&self, name: &str, wanted: &str) -> Option<&str> {
        field(self.packages.get(name)?, wanted)
    }

    /// Is it installed (and not only remembered for its configuration)?
    pub fn is_installed(&self, name: &str) -> bool {
        self.field(name, "Status").is_some_and(|status| status.ends_with(" installed"))
    }

    /// The installed packages by name.
    pub fn installed(&self) -> impl Iterator<Item = &String> {
        self.packages.keys().filter(|name| self.is_installed(name))
    }

    /// All that the database knows, the removed ones too.
    pub fn known(&self) -> impl Iterator<Item = &String> {
        self.packages.keys()
    }

    /// Takes a package's paragraph in.
    pub fn install(&mut self, name: &str, paragraph: &str) {
        self.packages.insert(name.to_owned(), paragraph.to_owned());
    }

    /// A package is gone; if its configuration files stay, the database remembers it.
    pub fn remove(&mut self, name: &str, keep_config: bool) {
        self.auto.remove(name);
        let Some(paragraph) = self.packages.remove(name) else { return };
        if keep_config {
            let version = field(&paragraph, "Version").unwrap_or_default().to_owned();
            let lines =
                paragraph.lines().filter(|line| !line.starts_with("Depends:") && !line.starts_with("Recommends:"));
            let mut kept = String::new();
            for line in lines {
                match line.strip_prefix("Status: ") {
                    Some(_) => kept.push_str("Status: deinstall ok config-files\n"),
                    None if line.starts_with("Version:") => {
                        kept.push_str(&format!("{line}\nConfig-Version: {version}\n"));
                    }
                    None => kept.push_str(&format!("{line}\n")),
                }
            }
            self.packages.insert(name.to_owned(), kept);
        }
    }

    /// The installed packages that provide a name.
    pub fn providers<'a>(&'a self, wanted: &'a str) -> impl Iterator<Item = &'a String> {
        self.installed().filter(move |name| {
            let provides = self.field(name, "Provides").unwrap_or_default();
            super::index::groups(provides).iter().flatten().any(|provided| provided == wanted)
        })
    }

    /// The name of a package's files below /var/lib/dpkg/info, without an ending.
    pub fn info_name(&self, name: &str) -> String {
        match (self.field(name, "Multi-Arch"), self.field(name, "Architecture")) {
            (Some("same"), Some(arch)) => format!("{name}:{arch}"),
            _ => name.to_owned(),
        }
    }

    /// Size in KiB as its maintainers state it.
    pub fn kib(&self, name: &str) -> u64 {
        self.field(name, "Installed-Size").and_then(|size| size.parse().ok()).unwrap_or(0)
    }
}

/// The value of a field of a paragraph, its first line.
pub fn field<'a>(paragraph: &'a str, wanted: &str) -> Option<&'a str> {
    paragraph.lines().find_map(|line| Some(line.strip_prefix(wanted)?.strip_prefix(':')?.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removed_package_is_remembered_for_its_configuration_only() {
        let mut status = Status::default();
        status.install(
            "a",
            "Package: a\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\nProvides: b (= 1), c\n",
        );
        status.auto.insert("a".to_owned());
        assert!(status.is_installed("a"));
        assert_eq!(status.providers("b").collect::<Vec<_>>(), ["a"]);
        assert_eq!(status.states(), "Package: a\nArchitecture: amd64\nAuto-Installed: 1\n\n");
        status.remove("a", true);
        assert!(!status.is_installed("a"));
        assert_eq!(status.field("a", "Config-Version"), Some("1"));
        status.remove("a", false);
        assert_eq!(status.text(), "");
    }
}
