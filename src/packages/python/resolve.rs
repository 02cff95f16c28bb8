//! Which versions an install takes: for each package the highest that all requirements found so far let in. pip goes back
//! and tries others where that fails; here a conflict is told as one.

use super::data::{Index, Package, Release};
use super::requirement::{self, Named};
use super::version::{Specifier, Version};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What to install.
#[derive(Debug, Default)]
pub struct Resolution {
    /// The packages in the order in which pip installs them: what they require first.
    pub chosen: Vec<Chosen>,
    /// Names that the catalogue lacks, as they were written.
    pub unknown: Vec<String>,
}

/// A package to install.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// Its canonical name.
    pub name: String,
    /// The version that is installed.
    pub version: String,
    /// The release of the catalogue whose files stand for it; of another version if the catalogue lacks this one.
    pub release: Release,
    /// It was asked for by name.
    pub requested: bool,
}

impl Chosen {
    /// Are the files those of another version?
    pub fn is_stand_in(&self) -> bool {
        self.version != self.release.text
    }
}

/// Resolves requirements for CPython 3.`minor`. Packages in `installed` (name, version) are kept while they fit.
pub fn resolve(
    index: &Index,
    wanted: &[Named],
    constraints: &[Named],
    installed: &BTreeMap<String, Version>,
    with_dependencies: bool,
    minor: u8,
) -> Resolution {
    let mut specifiers: BTreeMap<String, Specifier> = BTreeMap::new();
    for constraint in constraints {
        specifiers.entry(constraint.name.clone()).or_default().and(&constraint.specifier);
    }
    let mut extras: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut chosen: BTreeMap<String, Chosen> = BTreeMap::new();
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut unknown: Vec<String> = Vec::new();
    let requested: BTreeSet<&str> = wanted.iter().map(|named| named.name.as_str()).collect();
    let mut queue: VecDeque<Named> = wanted.iter().cloned().collect();
    // Each round narrows a specifier, adds an extra or a package: the bound is far above what packages ask for.
    let mut left = 20_000;
    while let Some(need) = queue.pop_front() {
        left -= 1;
        if left == 0 {
            break;
        }
        let specifier = specifiers.entry(need.name.clone()).or_default();
        specifier.and(&need.specifier);
        let known_extras = extras.entry(need.name.clone()).or_default();
        let extras_before = known_extras.len();
        known_extras.extend(need.extras.iter().cloned());
        let same_extras = known_extras.len() == extras_before;
        let fits = |version: &Version| specifier.contains(version);
        if same_extras
            && chosen.get(&need.name).is_some_and(|chosen| Version::parse(&chosen.version).is_some_and(|v| fits(&v)))
        {
            continue;
        }
        let is_requested = requested.contains(need.name.as_str());
        if same_extras && !is_requested && installed.get(&need.name).is_some_and(fits) {
            continue;
        }
        let Some(package) = index.get(&need.name) else {
            if !unknown.contains(&need.written) {
                unknown.push(need.written.clone());
            }
            continue;
        };
        let Some((version, release)) = choose(package, specifier) else { continue };
        let own = Chosen { name: need.name.clone(), version, release: release.clone(), requested: is_requested };
        if with_dependencies {
            let active = extras.get(&need.name).cloned().unwrap_or_default();
            for requires in &release.requires {
                let by_extra = requires.extra.as_ref().is_none_or(|extra| active.contains(extra));
                let by_minor = requires.minors.is_empty() || requires.minors.contains(&minor);
                if let (true, true, Some(named)) = (by_extra, by_minor, requirement::named(&requires.text)) {
                    if named.name != need.name {
                        edges.entry(need.name.clone()).or_default().insert(named.name.clone());
                    }
                    queue.push_back(named);
                }
            }
        }
        chosen.insert(need.name, own);
    }
    Resolution { chosen: in_order(chosen, &edges, wanted), unknown }
}

/// The version of a specifier, and the release that stands for it.
fn choose<'a>(package: &'a Package, specifier: &Specifier) -> Option<(String, &'a Release)> {
    let fitting = package.releases.iter().rev().find(|release| specifier.contains(&release.version));
    if let Some(release) = fitting {
        return Some((release.text.clone(), release));
    }
    let latest = package.releases.last()?;
    let version = specifier.pinned().map(str::to_owned).or_else(|| specifier.named())?;
    let parsed = Version::parse(&version)?;
    let nearest = package.releases.iter().min_by_key(|release| release.version.distance(&parsed)).unwrap_or(latest);
    Some((version, nearest))
}

/// Dependencies before what depends on them; only what the requested packages still reach.
fn in_order(
    mut chosen: BTreeMap<String, Chosen>,
    edges: &BTreeMap<String, BTreeSet<String>>,
    wanted: &[Named],
) -> Vec<Chosen> {
    let mut order = Vec::new();
    let mut seen = BTreeSet::new();
    for named in wanted {
        let mut stack = vec![(named.name.clone(), false)];
        while let Some((name, done)) = stack.pop() {
            if done {
                order.extend(chosen.remove(&name));
            } else if seen.insert(name.clone()) {
                stack.push((name.clone(), true));
                stack.extend(edges.get(&name).into_iter().flatten().map(|next| (next.clone(), false)));
            }
        }
    }
    order
}
