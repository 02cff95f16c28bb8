//! update-alternatives: groups of programs of which the one of the highest priority is linked to, on the files that
//! dpkg's program keeps them in (update-alternatives(1), "FILES").

use super::disk;
use super::shard::Alternative;
use crate::vfs::{Content, Cred, Errno, Overlay};

const DATABASE: &str = "/var/lib/dpkg/alternatives";
const LINKS: &str = "/etc/alternatives";

/// A group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// Chosen by hand?
    pub manual: bool,
    /// The link.
    pub link: String,
    /// Names and links of the slaves.
    pub slaves: Vec<(String, String)>,
    /// Path, priority, and the slaves' paths.
    pub choices: Vec<(String, i64, Vec<String>)>,
}

impl Group {
    /// Reads a group of the database.
    pub fn load(fs: &Overlay, name: &str) -> Option<Self> {
        let text = disk::text(fs, &format!("{DATABASE}/{name}"))?;
        let mut lines = text.lines();
        let mut group = Self { manual: lines.next()? == "manual", link: lines.next()?.to_owned(), ..Self::default() };
        while let Some(slave) = lines.next().filter(|line| !line.is_empty()) {
            group.slaves.push((slave.to_owned(), lines.next()?.to_owned()));
        }
        while let Some(path) = lines.next().filter(|line| !line.is_empty()) {
            let priority = lines.next()?.trim().parse().ok()?;
            let slaves = (0..group.slaves.len()).map(|_| lines.next().unwrap_or_default().to_owned()).collect();
            group.choices.push((path.to_owned(), priority, slaves));
        }
        Some(group)
    }

    fn text(&self) -> String {
        let mut text = format!("{}\n{}\n", if self.manual { "manual" } else { "auto" }, self.link);
        for (name, link) in &self.slaves {
            text.push_str(&format!("{name}\n{link}\n"));
        }
        text.push('\n');
        for (path, priority, slaves) in &self.choices {
            text.push_str(&format!("{path}\n{priority}\n"));
            for slave in slaves {
                text.push_str(&format!("{slave}\n"));
            }
        }
        text.push('\n');
        text
    }

    /// The choice of the highest priority, the first of equals.
    pub fn best(&self) -> Option<&(String, i64, Vec<String>)> {
        let highest = self.choices.iter().map(|(_, priority, _)| *priority).max()?;
        self.choices.iter().find(|(_, priority, _)| *priority == highest)
    }
}

/// Where a group's link leads now.
pub fn current(fs: &Overlay, name: &str) -> Option<String> {
    fs.readlink(&Cred::root(), &format!("{LINKS}/{name}")).ok()
}

/// `--install`.
///
/// # Errors
/// Those of the system calls.
pub fn install(fs: &mut Overlay, alternative: &Alternative) -> Result<(), Errno> {
    let mut group = Group::load(fs, &alternative.name).unwrap_or_default();
    group.link.clone_from(&alternative.link);
    for (name, link, _) in &alternative.slaves {
        if !group.slaves.iter().any(|(known, _)| known == name) {
            group.slaves.push((name.clone(), link.clone()));
            group.choices.iter_mut().for_each(|choice| choice.2.push(String::new()));
        }
    }
    let path_of = |name: &String| alternative.slaves.iter().find(|slave| slave.0 == *name).map(|slave| slave.2.clone());
    let slaves = group.slaves.iter().map(|(name, _)| path_of(name).unwrap_or_default()).collect();
    group.choices.retain(|(path, _, _)| *path != alternative.path);
    group.choices.push((alternative.path.clone(), alternative.priority, slaves));
    group.choices.sort();
    let chosen = if group.manual { None } else { group.best().map(|best| best.0.clone()) };
    store(fs, &alternative.name, &group, chosen.as_deref())
}

/// `--remove`: with its last choice the group goes.
///
/// # Errors
/// Those of the system calls.
pub fn remove(fs: &mut Overlay, name: &str, path: &str) -> Result<(), Errno> {
    let Some(mut group) = Group::load(fs, name) else { return Ok(()) };
    group.choices.retain(|(known, _, _)| known != path);
    if group.choices.is_empty() {
        for (name, link) in std::iter::once((name, &group.link)).chain(group.slaves.iter().map(|(n, l)| (&**n, l))) {
            disk::remove(fs, link)?;
            disk::remove(fs, &format!("{LINKS}/{name}"))?;
        }
        return disk::remove(fs, &format!("{DATABASE}/{name}"));
    }
    if current(fs, name).as_deref() == Some(path) {
        group.manual = false;
    }
    let chosen = if group.manual { None } else { group.best().map(|best| best.0.clone()) };
    store(fs, name, &group, chosen.as_deref())
}

/// `--set` (manual) and `--auto`: true if the path is one of the group's choices.
///
/// # Errors
/// Those of the system calls.
pub fn set(fs: &mut Overlay, name: &str, path: Option<&str>) -> Result<bool, Errno> {
    let Some(mut group) = Group::load(fs, name) else { return Ok(false) };
    group.manual = path.is_some();
    let path = path.map(str::to_owned).or_else(|| group.best().map(|best| best.0.clone())).unwrap_or_default();
    if !group.choices.iter().any(|choice| choice.0 == path) {
        return Ok(false);
    }
    store(fs, name, &group, Some(&path))?;
    Ok(true)
}

/// Writes the database, and the links where they differ.
fn store(fs: &mut Overlay, name: &str, group: &Group, chosen: Option<&str>) -> Result<(), Errno> {
    disk::make_dir(fs, LINKS, 0o755, 0)?;
    disk::make_dir(fs, DATABASE, 0o755, 0)?;
    disk::replace(fs, &format!("{DATABASE}/{name}"), &Content::from(group.text()), 0o644)?;
    let Some(choice) = group.choices.iter().find(|choice| Some(&*choice.0) == chosen) else { return Ok(()) };
    link(fs, &format!("{LINKS}/{name}"), &choice.0)?;
    link(fs, &group.link, &format!("{LINKS}/{name}"))?;
    for ((slave, place), target) in group.slaves.iter().zip(&choice.2) {
        let parent = place.rsplit_once('/').map_or("/", |(parent, _)| parent);
        if target.is_empty() || !disk::exists(fs, target) || !disk::exists(fs, parent) {
            disk::remove(fs, place)?;
            disk::remove(fs, &format!("{LINKS}/{slave}"))?;
        } else {
            link(fs, &format!("{LINKS}/{slave}"), target)?;
            link(fs, place, &format!("{LINKS}/{slave}"))?;
        }
    }
    Ok(())
}

fn link(fs: &mut Overlay, path: &str, target: &str) -> Result<(), Errno> {
    if fs.readlink(&Cred::root(), path).is_ok_and(|now| now == target) {
        return Ok(());
    }
    disk::remove(fs, path)?;
    fs.symlink(&Cred::root(), target, path)
}
