//! Debian's packages: what `apt-get`, `dpkg` and their kin share. The tools are one folder up, one file each.
//!
//! | module | its job |
//! | --- | --- |
//! | `index` `shard` | the data files: what a release has, what a package puts on disk |
//! | `status` | dpkg's database, as it is in the image |
//! | `resolve` | what an installation brings, what nobody needs |
//! | `dpkg` `disk` `filter` | unpacking, configuring and removing on the filesystem |
//! | `accounts` `alternatives` `libraries` | what configuring touches besides a package's own files |
//! | `apt` | a run of apt: its words, its logs, its caches |

mod accounts;
pub mod alternatives;
pub mod apt;
pub mod disk;
pub mod dpkg;
pub mod filter;
pub mod index;
mod libraries;
pub mod resolve;
pub mod shard;
pub mod status;

use crate::shell::NoteKind;
use crate::shell::commands::Context;
use index::Index;
use shard::{Contents, Shard};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The release whose packages stand for those of an image: its own, or the nearest that the catalogue has.
pub struct Release {
    /// Its name: `bookworm`.
    pub name: &'static str,
    /// The image's own, where that is another.
    pub instead_of: Option<String>,
}

/// The releases that the catalogue has.
const RELEASES: [&str; 2] = ["bookworm", "trixie"];

/// The release of an image, by its os-release file; none if it is no Debian and no kin of it.
pub fn release(cx: &Context<'_>) -> Option<Release> {
    let text =
        disk::text(&cx.system.fs, "/etc/os-release").or_else(|| disk::text(&cx.system.fs, "/usr/lib/os-release"))?;
    let value = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))?;
        Some(line.trim_matches('"').to_owned())
    };
    let codename = value("VERSION_CODENAME").unwrap_or_default();
    if let Some(name) = RELEASES.iter().find(|name| **name == codename) {
        return Some(Release { name, instead_of: None });
    }
    let shown = value("PRETTY_NAME").unwrap_or(codename);
    Some(Release { name: RELEASES[0], instead_of: Some(shown) })
}

/// What a tool knows of a release's packages.
pub struct Catalogue {
    /// The release.
    pub release: &'static str,
    /// Its index.
    pub index: Rc<Index>,
    shards: BTreeMap<u32, Rc<Shard>>,
}

impl Catalogue {
    /// Waits for the index of the image's release, and notes what stands for what; none after a note where there is no
    /// such data.
    pub async fn load(cx: &mut Context<'_>) -> Option<Self> {
        let Some(release) = release(cx) else {
            cx.not_simulated("the packages of this system");
            return None;
        };
        if let Some(own) = &release.instead_of {
            cx.modelled(format_args!("the packages of Debian's {} stand for those of {own}", release.name));
        }
        Self::of(cx, release.name).await
    }

    /// Waits for the index of a release; none after a note where it cannot be had.
    pub async fn of(cx: &mut Context<'_>, release: &'static str) -> Option<Self> {
        let data = cx.system.data.clone();
        match data.parsed(&format!("debian/{release}/index"), Index::read).await {
            Ok(index) => Some(Self { release, index, shards: BTreeMap::new() }),
            Err(reason) => {
                missing(cx, &reason);
                None
            }
        }
    }

    /// Waits for the base system's shard and those of some packages; false after a note where one cannot be had.
    pub async fn fetch(&mut self, cx: &mut Context<'_>, names: &[&str]) -> bool {
        let mut wanted: Vec<u32> = names.iter().filter_map(|name| Some(self.index.get(name)?.shard)).collect();
        wanted.push(self.index.base);
        wanted.sort_unstable();
        wanted.dedup();
        wanted.retain(|shard| !self.shards.contains_key(shard));
        let data = cx.system.data.clone();
        let files: Vec<String> = wanted.iter().map(|shard| format!("debian/{}/{shard}.shard", self.release)).collect();
        data.get_all(&files).await;
        for (shard, file) in wanted.into_iter().zip(files) {
            match data.parsed(&file, Shard::read).await {
                Ok(read) => {
                    self.shards.insert(shard, read);
                }
                Err(reason) => {
                    missing(cx, &reason);
                    return false;
                }
            }
        }
        true
    }

    /// What a package of the index puts on disk, if its shard was fetched.
    pub fn contents(&self, name: &str) -> Option<&Contents> {
        self.shards.get(&self.index.get(name)?.shard)?.get(name)
    }

    /// What an installed package of the base system has on disk.
    pub fn base(&self, name: &str) -> Option<&Contents> {
        self.shards.get(&self.index.base)?.get(name)
    }
}

fn missing(cx: &mut Context<'_>, reason: &str) {
    let message = format!("{}: its data could not be loaded ({reason})", cx.name());
    cx.system.note(NoteKind::NotSimulated, message);
}
