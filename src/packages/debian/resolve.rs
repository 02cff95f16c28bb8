//! Which packages an installation brings, upgrades and removes; which nobody needs any more.
//!
//! Dependencies are taken in apt's order: what is installed or already chosen satisfies first, else the first alternative
//! that the index has, else its first provider. Versions count only where the base system is older than the index
//! (`name=VERSION` in the index). It lacks apt's scoring of conflicting solutions: a package that conflicts with an
//! installed one removes it.

use super::index::{Index, Package};
use super::status::Status;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What is to be done.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What is installed, in the order of unpacking: what others need comes before them.
    pub install: Vec<String>,
    /// Those of them that only others want.
    pub auto: BTreeSet<String>,
    /// What is replaced by a newer version.
    pub upgrade: Vec<String>,
    /// What is removed.
    pub remove: Vec<String>,
}

/// Why it cannot be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsolved {
    /// No package of that name, in the index or installed.
    Unknown(String),
    /// A name that only others provide, several of them.
    Virtual(String, Vec<String>),
    /// Something that it depends on is not in the index: package, dependency.
    Broken(String, String),
}

/// Looks up what a user asked for; a virtual name with one provider is that one.
///
/// # Errors
/// Unknown and ambiguous names.
pub fn select(index: &Index, status: &Status, name: &str) -> Result<String, Unsolved> {
    let bare = name.split(':').next().unwrap_or(name);
    if index.get(bare).is_some() || status.is_installed(bare) {
        return Ok(bare.to_owned());
    }
    match index.providers(bare) {
        [] => Err(Unsolved::Unknown(bare.to_owned())),
        [one] => Ok(one.clone()),
        several => Err(Unsolved::Virtual(bare.to_owned(), several.to_vec())),
    }
}

/// Plans the installation of these packages.
///
/// # Errors
/// A dependency that cannot be had.
pub fn install(index: &Index, status: &Status, wanted: &[String], recommends: bool) -> Result<Plan, Unsolved> {
    let mut chosen: BTreeMap<&str, &Package> = BTreeMap::new();
    let mut upgrade = BTreeSet::new();
    let mut queue: VecDeque<&Package> = VecDeque::new();
    for name in wanted {
        let Some(package) = index.get(name) else { continue };
        if status.is_installed(name) {
            if status.field(name, "Version") != Some(&package.version) {
                upgrade.insert(name.clone());
                queue.push_back(package);
            }
        } else if chosen.insert(&package.name, package).is_none() {
            queue.push_back(package);
        }
    }
    while let Some(package) = queue.pop_front() {
        let hard = package.depends.iter().map(|group| (group, true));
        let soft = package.recommends.iter().filter(|_| recommends).map(|group| (group, false));
        for (group, needed) in hard.chain(soft) {
            if satisfied(index, status, &chosen, group, &mut upgrade, &mut queue) {
                continue;
            }
            match candidate(index, group) {
                Some(found) => {
                    chosen.insert(&found.name, found);
                    queue.push_back(found);
                }
                None if needed => {
                    return Err(Unsolved::Broken(package.name.clone(), group.join(" | ")));
                }
                None => {}
            }
        }
    }
    let conflicting = |name: &String| {
        let theirs = index.get(name).is_some_and(|old| old.conflicts.iter().any(|other| chosen.contains_key(&**other)));
        chosen.values().any(|package| package.conflicts.contains(name)) || (theirs && !upgrade.contains(name))
    };
    let remove: Vec<String> = status.installed().filter(|name| conflicting(name)).cloned().collect();
    let auto = chosen.keys().filter(|name| !wanted.iter().any(|w| w == *name)).map(|name| (*name).to_owned()).collect();
    Ok(Plan { install: order(&chosen), auto, upgrade: upgrade.into_iter().collect(), remove })
}

/// Is a group of alternatives satisfied? A stale package that it wants newer is upgraded.
fn satisfied<'a>(
    index: &'a Index,
    status: &Status,
    chosen: &BTreeMap<&str, &Package>,
    group: &[String],
    upgrade: &mut BTreeSet<String>,
    queue: &mut VecDeque<&'a Package>,
) -> bool {
    for word in group {
        let (name, version) = word.split_once('=').map_or((word.as_str(), None), |(name, v)| (name, Some(v)));
        let chosen_provides = || chosen.values().any(|package| package.provides.iter().any(|own| own == name));
        if chosen.contains_key(name) || chosen_provides() {
            return true;
        }
        if status.is_installed(name) {
            if version.is_some_and(|version| status.field(name, "Version") != Some(version))
                && upgrade.insert(name.to_owned())
            {
                queue.extend(index.get(name));
            }
            return true;
        }
        if status.providers(name).next().is_some() {
            return true;
        }
    }
    false
}

/// The first of a group's alternatives that the index has, or its first provider.
fn candidate<'a>(index: &'a Index, group: &[String]) -> Option<&'a Package> {
    let names = group.iter().map(|word| word.split('=').next().unwrap_or(word));
    names.into_iter().find_map(|name| {
        index.get(name).or_else(|| index.providers(name).iter().find_map(|provider| index.get(provider)))
    })
}

/// Dependencies first; a circle is broken where it was entered.
fn order(chosen: &BTreeMap<&str, &Package>) -> Vec<String> {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let mut order = Vec::new();
    for name in chosen.keys() {
        // A stack of its own: circles and chains are as long as a text makes them.
        let mut stack: Vec<(&str, bool)> = vec![(name, false)];
        while let Some((name, leaving)) = stack.pop() {
            if leaving {
                order.push(name.to_owned());
                continue;
            }
            let Some(package) = chosen.get(name) else { continue };
            if !done.insert(&package.name) {
                continue;
            }
            stack.push((name, true));
            for group in package.depends.iter().rev() {
                let words = group.iter().map(|word| word.split('=').next().unwrap_or(word));
                stack.extend(words.filter(|word| chosen.contains_key(word)).map(|word| (word, false)));
            }
        }
    }
    order
}

/// The packages that came as dependencies and that no other needs any more, when `gone` are gone.
pub fn unneeded(status: &Status, gone: &BTreeSet<String>, recommends: bool) -> Vec<String> {
    let installed: Vec<&String> = status.installed().filter(|name| !gone.contains(*name)).collect();
    let is_root = |name: &&&String| {
        let essential = status.field(name, "Essential") == Some("yes")
            || matches!(status.field(name, "Priority"), Some("required" | "important"));
        !status.auto.contains(**name) || essential
    };
    let mut providers: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for name in &installed {
        providers.entry((*name).clone()).or_default().push(name);
        for provided in super::index::groups(status.field(name, "Provides").unwrap_or_default()).into_iter().flatten() {
            providers.entry(provided).or_default().push(name);
        }
    }
    let mut needed: BTreeSet<&String> = installed.iter().filter(is_root).copied().collect();
    let mut queue: Vec<&String> = needed.iter().copied().collect();
    let fields: &[&str] =
        if recommends { &["Depends", "Pre-Depends", "Recommends"] } else { &["Depends", "Pre-Depends"] };
    while let Some(name) = queue.pop() {
        for field in fields {
            let words = super::index::groups(status.field(name, field).unwrap_or_default()).into_iter().flatten();
            for other in words.flat_map(|word| providers.get(&word).cloned().unwrap_or_default()) {
                if needed.insert(other) {
                    queue.push(other);
                }
            }
        }
    }
    installed.into_iter().filter(|name| !needed.contains(name)).cloned().collect()
}

/// What has to go with these: everything that depends on one of them and has no other alternative installed.
pub fn dependents(status: &Status, gone: &BTreeSet<String>) -> BTreeSet<String> {
    let mut all = gone.clone();
    loop {
        let is_there = |word: &String| {
            (status.is_installed(word) && !all.contains(word)) || status.providers(word).any(|name| !all.contains(name))
        };
        let breaks = |name: &&String| {
            ["Depends", "Pre-Depends"].iter().any(|field| {
                let groups = super::index::groups(status.field(name, field).unwrap_or_default());
                groups.iter().any(|group| group.iter().any(|word| all.contains(word)) && !group.iter().any(is_there))
            })
        };
        let more: Vec<String> =
            status.installed().filter(|name| !all.contains(*name)).filter(breaks).cloned().collect();
        if more.is_empty() {
            return all;
        }
        all.extend(more);
    }
}
