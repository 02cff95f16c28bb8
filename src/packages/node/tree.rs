//! The tree of packages that an install comes to: npm's placement, each package as near to the top as its version lets it.
//!
//! It lacks npm's look at whole sets of peers, and its going back on a placement that hides a version from another package.

use super::data::{Registry, Release};
use super::lock::Pins;
use super::semver::{Range, Version};
use crate::shell::commands::Context;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

/// The most packages of one tree.
const MAX_PACKAGES: usize = 20_000;

/// A package in its place.
#[derive(Debug)]
pub struct Node {
    /// The name of its folder.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The release whose files it has.
    pub release: Rc<Release>,
    /// What it is in, by index; the root is 0.
    pub parent: usize,
    /// What is in its own `node_modules`.
    pub children: BTreeMap<String, usize>,
    /// Only development needs it.
    pub dev: bool,
    /// It may be missing.
    pub optional: bool,
    /// It came only because others expect it beside them.
    pub peer: bool,
}

/// How one package names another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `dependencies`.
    Needs,
    /// `devDependencies`, of the root only.
    Dev,
    /// `optionalDependencies`.
    Optional,
    /// `peerDependencies`.
    Peer,
}

/// The root's own requirements: name, range, kind.
pub type Wants = Vec<(String, String, Kind)>;

/// A tree of packages. Index 0 stands for the project.
#[derive(Debug, Default)]
pub struct Tree {
    /// What is at the top.
    pub top: BTreeMap<String, usize>,
    /// The packages, from 1.
    pub nodes: Vec<Node>,
    /// Names that the catalogue lacks.
    pub unknown: BTreeSet<String>,
    /// All packages whose documents were read.
    pub looked_up: BTreeSet<String>,
    edges: Vec<(usize, usize, Kind)>,
}

impl Tree {
    /// The package of an index from 1.
    pub fn node(&self, index: usize) -> &Node {
        &self.nodes[index - 1]
    }

    /// The packages that a package's requirements lead to.
    pub fn needs(&self, index: usize) -> Vec<usize> {
        self.edges.iter().filter(|(from, _, _)| *from == index).map(|(_, to, _)| *to).collect()
    }

    fn children(&self, index: usize) -> &BTreeMap<String, usize> {
        if index == 0 { &self.top } else { &self.node(index).children }
    }

    fn parent(&self, index: usize) -> Option<usize> {
        (index > 0).then(|| self.node(index).parent)
    }

    /// Its path below the project: `node_modules/a/node_modules/b`.
    pub fn path(&self, index: usize) -> String {
        let node = self.node(index);
        let below = if node.parent == 0 { String::new() } else { format!("{}/", self.path(node.parent)) };
        format!("{below}node_modules/{}", node.name)
    }

    /// The indices, in the order of their paths.
    pub fn in_order(&self) -> Vec<usize> {
        let mut order: Vec<(String, usize)> = (1..=self.nodes.len()).map(|index| (self.path(index), index)).collect();
        order.sort();
        order.into_iter().map(|(_, index)| index).collect()
    }

    /// What a package's requirement resolves to: the nearest of that name, looking upwards.
    fn find(&self, from: usize, name: &str) -> Option<usize> {
        let mut at = Some(from);
        while let Some(index) = at {
            if let Some(found) = self.children(index).get(name) {
                return Some(*found);
            }
            at = self.parent(index);
        }
        None
    }

    /// Builds the tree of a project's requirements. `pins` are the versions of a lock file.
    ///
    /// # Errors
    /// If the catalogue's data cannot be had.
    pub async fn build(
        cx: &Context<'_>,
        registry: &mut Registry,
        wants: &Wants,
        pins: &Pins,
        peers: bool,
    ) -> Result<Self, Rc<str>> {
        let mut tree = Self::default();
        let mut queue: VecDeque<usize> = VecDeque::from([0]);
        while let Some(from) = queue.pop_front() {
            let mut edges = if from == 0 { wants.clone() } else { requirements(&tree.node(from).release) };
            edges.sort_by(|a, b| a.0.cmp(&b.0));
            let mut placed = Vec::new();
            for (name, range, kind) in edges {
                if kind == Kind::Peer && !peers {
                    continue;
                }
                let start = if kind == Kind::Peer { tree.parent(from).unwrap_or(0) } else { from };
                if let Some(found) = tree.find(start, &name) {
                    let fits = satisfies(&range, &tree.node(found).version);
                    if fits || kind == Kind::Peer || tree.nodes.len() >= MAX_PACKAGES {
                        tree.edges.push((from, found, kind));
                        continue;
                    }
                }
                let (real, range) = alias(&name, &range);
                let Some(package) = registry.package(cx, &real).await? else {
                    if kind != Kind::Optional {
                        tree.unknown.insert(real);
                    }
                    continue;
                };
                tree.looked_up.insert(real.clone());
                let pinned = pins.version(&real, &range).and_then(|version| package.exactly(version));
                let Some((version, release)) = pinned.or_else(|| package.pick(&range)) else { continue };
                let index = tree.place(start, name, version, release);
                tree.edges.push((from, index, kind));
                placed.push(index);
            }
            placed.sort_by_key(|index| (tree.depth(*index), tree.path(*index)));
            queue.extend(placed);
        }
        tree.mark();
        Ok(tree)
    }

    /// A tree that a lock file describes: path, version, and whether it is for development or optional.
    ///
    /// # Errors
    /// If the catalogue's data cannot be had.
    pub async fn of_lock(
        cx: &Context<'_>,
        registry: &mut Registry,
        entries: &[super::lock::Entry],
    ) -> Result<Self, Rc<str>> {
        let mut tree = Self::default();
        let mut by_path: BTreeMap<String, usize> = BTreeMap::new();
        for entry in entries {
            let (above, folder) = entry.path.rsplit_once("node_modules/").unwrap_or(("", &entry.path));
            let parent = match above.trim_end_matches('/') {
                "" => 0,
                above => by_path.get(above).copied().unwrap_or(0),
            };
            let Some(package) = registry.package(cx, &entry.name).await? else {
                if !entry.optional {
                    tree.unknown.insert(entry.name.clone());
                }
                continue;
            };
            let Some((version, release)) = package.exactly(&entry.version) else { continue };
            let index = tree.add(parent, folder.to_owned(), version, release);
            let node = &mut tree.nodes[index - 1];
            (node.dev, node.optional) = (entry.dev, entry.optional);
            by_path.insert(entry.path.clone(), index);
        }
        Ok(tree)
    }

    fn depth(&self, index: usize) -> usize {
        let mut depth = 0;
        let mut at = index;
        while at > 0 {
            at = self.node(at).parent;
            depth += 1;
        }
        depth
    }

    /// Puts a package as near to the top as no other version of it is in the way.
    fn place(&mut self, start: usize, name: String, version: String, release: Rc<Release>) -> usize {
        let mut target = start;
        while let Some(parent) = self.parent(target) {
            if self.children(target).contains_key(&name) || self.children(parent).contains_key(&name) {
                break;
            }
            target = parent;
        }
        self.add(target, name, version, release)
    }

    fn add(&mut self, parent: usize, name: String, version: String, release: Rc<Release>) -> usize {
        self.nodes.push(Node {
            name: name.clone(),
            version,
            release,
            parent,
            children: BTreeMap::new(),
            dev: false,
            optional: false,
            peer: false,
        });
        let index = self.nodes.len();
        let children = if parent == 0 { &mut self.top } else { &mut self.nodes[parent - 1].children };
        children.insert(name, index);
        index
    }

    /// Marks what only development, only optional requirements, or only peers reach.
    fn mark(&mut self) {
        let reach = |allowed: &dyn Fn(usize, Kind) -> bool| {
            let mut seen = BTreeSet::from([0]);
            let mut queue = vec![0];
            while let Some(at) = queue.pop() {
                for (from, to, kind) in &self.edges {
                    if *from == at && allowed(at, *kind) && seen.insert(*to) {
                        queue.push(*to);
                    }
                }
            }
            seen
        };
        let without_dev = reach(&|_, kind| kind != Kind::Dev);
        let without_optional = reach(&|_, kind| kind != Kind::Optional);
        let without_peer = reach(&|_, kind| kind != Kind::Peer);
        for (i, node) in self.nodes.iter_mut().enumerate() {
            node.dev = !without_dev.contains(&(i + 1));
            node.optional = !without_optional.contains(&(i + 1));
            node.peer = !without_peer.contains(&(i + 1));
        }
    }
}

/// `npm:other@1` under another name.
fn alias(name: &str, range: &str) -> (String, String) {
    let Some(rest) = range.strip_prefix("npm:") else { return (name.to_owned(), range.to_owned()) };
    match rest.rsplit_once('@').filter(|(before, _)| !before.is_empty()) {
        Some((real, range)) => (real.to_owned(), range.to_owned()),
        None => (rest.to_owned(), "*".to_owned()),
    }
}

fn satisfies(range: &str, version: &str) -> bool {
    let range = range.strip_prefix("npm:").map_or(range, |rest| rest.rsplit_once('@').map_or("*", |(_, range)| range));
    Range::parse(range).zip(Version::parse(version)).is_none_or(|(range, version)| range.contains(&version))
}

/// What a release requires. Peers that may be missing are left out.
pub fn requirements(release: &Release) -> Wants {
    let optional = release.strings("optionalDependencies");
    let mut wants: Wants = optional.iter().map(|(name, range)| (name.clone(), range.clone(), Kind::Optional)).collect();
    let is_optional = |name: &str| optional.iter().any(|(known, _)| known == name);
    let needs = release.strings("dependencies").into_iter().filter(|(name, _)| !is_optional(name));
    wants.extend(needs.map(|(name, range)| (name, range, Kind::Needs)));
    let meta = release.lock.get("peerDependenciesMeta");
    let may_miss = |name: &str| meta.and_then(|meta| meta.get(name)?.get("optional")?.as_bool()) == Some(true);
    let peers = release.strings("peerDependencies").into_iter().filter(|(name, _)| !may_miss(name));
    wants.extend(peers.map(|(name, range)| (name, range, Kind::Peer)));
    wants
}
