//! dpkg's work on the disk: unpacking, configuring, removing, and its databases.
//!
//! The rules are those of dpkg 1.21: a directory that is there stays as it is; whatever a package places leaves the lists
//! of all other packages that name it (`pkg_remove_files_from_others`), which is why an installation on a slim image
//! writes the lists of half the base system again; a directory goes with its last owner. It lacks diversions and statoverrides
//! but for those that the recorded effects of a package's configuration show.

use super::alternatives;
use super::disk::{self, Placed};
use super::filter::Filter;
use super::index::Package;
use super::shard::{Contents, Kind};
use super::status::{self, Status};
use super::{accounts, libraries};
use crate::shell::Accounts;
use crate::vfs::{Content, Cred, Errno, Overlay};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const INFO: &str = "/var/lib/dpkg/info";
const LOG: &str = "/var/log/dpkg.log";
/// The clock of every build stands still.
pub const NOW: &str = "2026-11-24 08:00:00";

/// One run of dpkg, or of apt with several.
pub struct Dpkg<'a> {
    fs: &'a mut Overlay,
    /// The database.
    pub status: Status,
    filter: Filter,
    /// The paths of each package's list, and who has a path.
    lists: BTreeMap<String, BTreeSet<String>>,
    owners: BTreeMap<String, BTreeSet<String>>,
    log: String,
    /// What it prints.
    pub output: String,
    triggers: BTreeSet<String>,
    alternatives: bool,
}

/// An error with the path that it is about.
pub type Failed = (String, Errno);

fn at(path: &str) -> impl Fn(Errno) -> Failed + '_ {
    move |errno| (path.to_owned(), errno)
}

impl<'a> Dpkg<'a> {
    /// Starts on a filesystem; `known` is what the shards say of the installed packages' lists.
    pub fn new(fs: &'a mut Overlay, status: Status, known: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut dpkg = Self {
            filter: Filter::load(fs),
            fs,
            status,
            lists: BTreeMap::new(),
            owners: BTreeMap::new(),
            log: String::new(),
            output: String::new(),
            triggers: BTreeSet::new(),
            alternatives: false,
        };
        let installed: Vec<String> = dpkg.status.installed().cloned().collect();
        for name in installed {
            let text = dpkg.list_text(&name).or_else(|| known(&name)).unwrap_or_default();
            dpkg.own(&name, text.lines().filter(|line| *line != "/.").map(str::to_owned).collect());
        }
        dpkg
    }

    fn list_text(&self, name: &str) -> Option<String> {
        disk::text(self.fs, &format!("{INFO}/{}.list", self.status.info_name(name)))
    }

    fn own(&mut self, name: &str, paths: BTreeSet<String>) {
        for path in &paths {
            self.owners.entry(path.clone()).or_default().insert(name.to_owned());
        }
        self.lists.insert(name.to_owned(), paths);
    }

    /// The paths of an installed package.
    pub fn paths(&self, name: &str) -> impl Iterator<Item = &String> {
        self.lists.get(name).into_iter().flatten()
    }

    /// All paths of installed packages.
    pub fn owned(&self) -> impl Iterator<Item = (&String, &BTreeSet<String>)> {
        self.owners.iter()
    }

    fn note(&mut self, line: std::fmt::Arguments<'_>) {
        let _ = writeln!(self.log, "{NOW} {line}");
    }

    /// Takes the locks that every run takes.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub fn begin(&mut self) -> Result<(), Failed> {
        for path in ["/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock", "/var/lib/dpkg/triggers/Lock"] {
            disk::lock(self.fs, path).map_err(at(path))?;
        }
        for path in ["/var/lib/dpkg/updates", "/var/lib/dpkg/triggers", "/var/lib/dpkg", INFO] {
            disk::touch_dir(self.fs, path).map_err(at(path))?;
        }
        Ok(())
    }

    /// Unpacks a package, in the place of an older version if that is installed.
    ///
    /// # Errors
    /// What could not be written.
    pub fn unpack(&mut self, package: &Package, contents: &Contents) -> Result<(), Failed> {
        let (name, version) = (&package.name, &package.version);
        let arch = package.with_arch();
        let old = self.status.field(name, "Version").filter(|_| self.status.is_installed(name)).map(str::to_owned);
        match &old {
            Some(old) => {
                let _ = writeln!(self.output, "Preparing to unpack .../{} ...", package.archive());
                let _ = writeln!(self.output, "Unpacking {arch} ({version}) over ({old}) ...");
                self.note(format_args!("upgrade {arch} {old} {version}"));
            }
            None => {
                let _ = writeln!(self.output, "Selecting previously unselected package {}.", package.info_name());
                let _ = writeln!(self.output, "Preparing to unpack .../{} ...", package.archive());
                let _ = writeln!(self.output, "Unpacking {} ({version}) ...", package.info_name());
                self.note(format_args!("install {arch} <none> {version}"));
                self.note(format_args!("status half-installed {arch} {version}"));
            }
        }
        let accounts = Accounts::load(self.fs.merged());
        let mut placed = Vec::new();
        for file in &contents.files {
            if self.filter.excludes(&file.path, file.kind == Kind::Dir) {
                continue;
            }
            if disk::place(self.fs, &accounts, file).map_err(at(&file.path))? == Placed::New {
                placed.push(file.path.clone());
            }
        }
        if old.is_some() {
            let new: BTreeSet<&String> = contents.files.iter().map(|file| &file.path).collect();
            let gone: Vec<String> = self.paths(name).filter(|path| !new.contains(path)).cloned().collect();
            for path in gone.iter().rev() {
                self.disown(name, path);
                self.erase(path)?;
            }
        }
        self.own(name, contents.files.iter().map(|file| file.path.clone()).collect());
        self.leave_other_lists(name, &placed)?;
        let info = package.info_name();
        for (ending, size, mode) in &contents.info {
            let path = format!("{INFO}/{info}.{ending}");
            let content = if ending == "conffiles" {
                Content::from(contents.conffiles.iter().map(|path| format!("{path}\n")).collect::<String>())
            } else {
                Content::unknown(*size)
            };
            disk::replace(self.fs, &path, &content, *mode).map_err(at(&path))?;
        }
        let path = format!("{INFO}/{info}.list");
        disk::replace(self.fs, &path, &Content::from(contents.list()), 0o644).map_err(at(&path))?;
        self.note(format_args!("status unpacked {arch} {version}"));
        self.status.install(name, &contents.status);
        self.triggers.extend(contents.triggers.iter().cloned());
        Ok(())
    }

    /// Whatever a package placed leaves the lists of the others.
    fn leave_other_lists(&mut self, name: &str, placed: &[String]) -> Result<(), Failed> {
        let mut changed = BTreeSet::new();
        for path in placed {
            let Some(owners) = self.owners.get_mut(path) else { continue };
            for other in owners.iter().filter(|other| *other != name).cloned().collect::<Vec<_>>() {
                owners.remove(&other);
                if let Some(list) = self.lists.get_mut(&other) {
                    list.remove(path);
                }
                changed.insert(other);
            }
        }
        for other in changed {
            let text: String =
                std::iter::once("/.\n".to_owned()).chain(self.paths(&other).map(|path| format!("{path}\n"))).collect();
            let path = format!("{INFO}/{}.list", self.status.info_name(&other));
            disk::replace(self.fs, &path, &Content::from(text), 0o644).map_err(at(&path))?;
        }
        Ok(())
    }

    /// Configures an unpacked package: what its script does, as it was recorded.
    ///
    /// # Errors
    /// What could not be written.
    pub fn configure(&mut self, package: &Package, contents: &Contents) -> Result<(), Failed> {
        let (arch, version) = (package.with_arch(), &package.version);
        let _ = writeln!(self.output, "Setting up {} ({version}) ...", package.info_name());
        for state in ["configure", "status unpacked", "status half-configured", "status installed"] {
            let tail = if state == "configure" { " <none>" } else { "" };
            self.note(format_args!("{state} {arch} {version}{tail}"));
        }
        accounts::make(self.fs, &contents.users, &contents.groups).map_err(at("/etc/passwd"))?;
        let accounts = Accounts::load(self.fs.merged());
        // Owners that were not known when it was unpacked.
        for file in contents.files.iter().filter(|file| file.owner.is_some()) {
            disk::set_owner(self.fs, &accounts, file).map_err(at(&file.path))?;
        }
        for (needed, file) in &contents.extras {
            if needed.as_ref().is_some_and(|needed| !self.status.is_installed(needed)) {
                continue;
            }
            if self.filter.excludes(&file.path, file.kind == Kind::Dir) {
                continue;
            }
            if let Some((above, _)) = file.path.rsplit_once('/').filter(|(above, _)| !above.is_empty()) {
                disk::make_dir(self.fs, above, 0o755, 0).map_err(at(above))?;
            }
            disk::place(self.fs, &accounts, file).map_err(at(&file.path))?;
        }
        for alternative in &contents.alternatives {
            if disk::exists(self.fs, &alternative.path) {
                alternatives::install(self.fs, alternative).map_err(at(&alternative.link))?;
                self.alternatives = true;
            }
        }
        Ok(())
    }

    /// Removes a package; its configuration files stay unless it is purged.
    ///
    /// # Errors
    /// What could not be removed.
    pub fn remove(&mut self, name: &str, contents: Option<&Contents>, purge: bool) -> Result<(), Failed> {
        let version = self.status.field(name, "Version").unwrap_or_default().to_owned();
        let arch = format!("{name}:{}", self.status.field(name, "Architecture").unwrap_or("amd64"));
        let info = self.status.info_name(name);
        let _ = writeln!(self.output, "Removing {info} ({version}) ...");
        for state in ["remove", "status installed", "status half-configured", "status half-installed"] {
            let tail = if state == "remove" { " <none>" } else { "" };
            self.note(format_args!("{state} {arch} {version}{tail}"));
        }
        for alternative in contents.iter().flat_map(|contents| &contents.alternatives) {
            alternatives::remove(self.fs, &alternative.name, &alternative.path).map_err(at(&alternative.link))?;
            self.alternatives = true;
        }
        let conffiles: BTreeSet<String> = match disk::text(self.fs, &format!("{INFO}/{info}.conffiles")) {
            Some(text) => text.lines().map(str::to_owned).collect(),
            None => contents.into_iter().flat_map(|contents| contents.conffiles.clone()).collect(),
        };
        let keeps = |path: &String| !purge && conffiles.contains(path);
        let compiled: Vec<String> = contents
            .into_iter()
            .flat_map(|contents| &contents.extras)
            .map(|(_, file)| &file.path)
            .filter(|path| {
                path.ends_with(".pyc") || path.ends_with("/__pycache__") || purge && path.starts_with("/etc")
            })
            .cloned()
            .collect();
        let mut paths: Vec<String> = self.paths(name).filter(|path| !keeps(path)).cloned().collect();
        paths.extend(compiled);
        paths.sort();
        for path in paths.iter().rev() {
            self.disown(name, path);
            self.erase(path)?;
        }
        let keep_config = !purge && !conffiles.is_empty();
        self.triggers.extend(contents.into_iter().flat_map(|contents| contents.triggers.clone()));
        self.forget(name, &info, keep_config)?;
        if purge && !conffiles.is_empty() {
            let _ = writeln!(self.output, "Purging configuration files for {info} ({version}) ...");
            self.note(format_args!("purge {arch} {version} <none>"));
        }
        self.note(format_args!(
            "status {} {arch} {version}",
            if keep_config { "config-files" } else { "not-installed" }
        ));
        Ok(())
    }

    fn disown(&mut self, name: &str, path: &str) {
        if let Some(owners) = self.owners.get_mut(path) {
            owners.remove(name);
        }
    }

    /// Removes a path that no package has any more; a directory only if it is empty.
    fn erase(&mut self, path: &str) -> Result<(), Failed> {
        if self.owners.get(path).is_some_and(|owners| !owners.is_empty()) {
            return Ok(());
        }
        let root = Cred::root();
        match self.fs.lstat(&root, path) {
            Ok(stat) if stat.is_dir() => match self.fs.rmdir(&root, path) {
                Ok(()) | Err(Errno::ENOTEMPTY | Errno::EBUSY) => Ok(()),
                Err(errno) => Err(at(path)(errno)),
            },
            Ok(_) => self.fs.unlink(&root, path).map_err(at(path)),
            Err(_) => Ok(()),
        }
    }

    /// Removes a package's files below /var/lib/dpkg/info, and the package from the database.
    fn forget(&mut self, name: &str, info: &str, keep_config: bool) -> Result<(), Failed> {
        let entries = self.fs.read_dir(&Cred::root(), INFO).unwrap_or_default();
        let own = entries.iter().filter(|entry| {
            entry
                .name
                .strip_prefix(info)
                .and_then(|rest| rest.strip_prefix('.'))
                .is_some_and(|rest| !(rest.contains('.') || keep_config && matches!(rest, "list" | "postrm")))
        });
        for entry in own {
            let path = format!("{INFO}/{}", entry.name);
            self.fs.unlink(&Cred::root(), &path).map_err(at(&path))?;
        }
        self.lists.remove(name);
        self.status.remove(name, keep_config);
        Ok(())
    }

    /// Runs the triggers and writes the database and the log.
    ///
    /// # Errors
    /// What could not be written.
    pub fn finish(mut self) -> Result<(Status, String), Failed> {
        if self.triggers.contains("ldconfig") {
            let version = self.status.field("libc-bin", "Version").unwrap_or_default().to_owned();
            let _ = writeln!(self.output, "Processing triggers for libc-bin ({version}) ...");
            self.note(format_args!("trigproc libc-bin:amd64 {version} <none>"));
            libraries::refresh(self.fs).map_err(at("/etc/ld.so.cache"))?;
        }
        let text = self.status.text();
        let old = self.fs.stat(&Cred::root(), status::STATUS).map_or(0, |stat| stat.size);
        // Each change of a state writes the file anew: what it was one change before is nearly as long.
        let before = if old == text.len() as u64 { old } else { text.len() as u64 + 18 };
        let write = [(status::STATUS, Content::from(text)), ("/var/lib/dpkg/status-old", Content::unknown(before))];
        for (path, content) in &write {
            disk::replace(self.fs, path, content, 0o644).map_err(at(path))?;
        }
        disk::append(self.fs, LOG, &self.log, 0o644, 0).map_err(at(LOG))?;
        if self.alternatives {
            let line = format!("update-alternatives {NOW}: run with --install\n");
            disk::append(self.fs, "/var/log/alternatives.log", &line, 0o644, 0).map_err(at(LOG))?;
        }
        Ok((self.status, self.output))
    }
}
