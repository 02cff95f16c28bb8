//! The cache of shared libraries: how large `ldconfig` makes it. Its bytes are not held.
//!
//! `/etc/ld.so.cache` has a header, 24 bytes for each name in the library directories that a program can ask for, and the
//! path of each (glibc, `sysdeps/generic/dl-cache.h`); measured on Debian 12 within 1 %. The auxiliary cache has about 64
//! bytes for each library.

use super::disk;
use crate::vfs::{Content, Cred, Errno, FileKind, Overlay};
use std::collections::{BTreeMap, BTreeSet};

/// Where libraries lie besides what /etc/ld.so.conf.d names.
const DIRECTORIES: [&str; 4] = ["/usr/lib/x86_64-linux-gnu", "/usr/lib", "/usr/lib64", "/usr/local/lib"];

/// Writes both caches again.
///
/// # Errors
/// Those of the system calls.
pub fn refresh(fs: &mut Overlay) -> Result<(), Errno> {
    let (cache, auxiliary) = sizes(fs);
    disk::replace(fs, "/etc/ld.so.cache", &Content::unknown(cache), 0o644)?;
    disk::make_dir(fs, "/var/cache/ldconfig", 0o700, 0)?;
    disk::replace(fs, "/var/cache/ldconfig/aux-cache", &Content::unknown(auxiliary), 0o600)
}

/// The bytes of the two caches.
fn sizes(fs: &Overlay) -> (u64, u64) {
    let root = Cred::root();
    let (mut cache, mut auxiliary) = (48, 32);
    let mut seen = BTreeSet::new();
    for directory in DIRECTORIES.iter().map(|path| (*path).to_owned()).chain(configured(fs)) {
        let Ok(real) = fs.realpath(&root, &directory) else { continue };
        if !seen.insert(real) {
            continue;
        }
        let mut links: BTreeMap<String, Option<String>> = BTreeMap::new();
        for entry in fs.read_dir(&root, &directory).unwrap_or_default() {
            let name = entry.name.to_string();
            if !(name.starts_with("lib") || name.starts_with("ld-")) || !is_library(&name) {
                continue;
            }
            let target = (entry.kind == FileKind::Symlink).then(|| fs.readlink(&root, &format!("{directory}/{name}")));
            links.insert(name, target.map(Result::unwrap_or_default));
        }
        let targets: BTreeSet<&String> = links.values().flatten().collect();
        let shown = directory.strip_prefix("/usr").filter(|rest| rest.starts_with("/lib")).unwrap_or(&directory).len();
        for (name, target) in &links {
            if target.is_some() || !targets.contains(name) {
                cache += 24 + (shown + 1 + name.len() + 1) as u64;
            }
            auxiliary += if target.is_none() { 63 } else { 0 };
        }
    }
    (cache, auxiliary)
}

/// The directories that /etc/ld.so.conf.d names.
fn configured(fs: &Overlay) -> Vec<String> {
    let names = fs.read_dir(&Cred::root(), "/etc/ld.so.conf.d").unwrap_or_default();
    let texts = names.iter().filter_map(|entry| disk::text(fs, &format!("/etc/ld.so.conf.d/{}", entry.name)));
    let lines = |text: String| {
        text.lines().map(str::trim).filter(|line| line.starts_with('/')).map(str::to_owned).collect::<Vec<_>>()
    };
    texts.flat_map(lines).collect()
}

fn is_library(name: &str) -> bool {
    name.ends_with(".so") || name.contains(".so.")
}
