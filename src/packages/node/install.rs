//! Writing a tree of packages: node_modules with the files of the archives, links in `.bin`, the hidden lock file; and npm's
//! cache as `cacache` lays it out (its paths are digests of what npm asked for; sizes measured on Debian 12's npm 9).

use super::data::{Registry, Release};
use super::lock;
use super::tree::Tree;
use crate::digest::Digest;
use crate::packages::files::{Files, join};
use crate::shell::commands::Context;
use crate::vfs::{Content, Errno, Libc};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Bytes of a cache entry beside its URL, twice, and the digits of the size: of an archive, of a package's document.
const ARCHIVE_ENTRY: u64 = 406;
const DOCUMENT_ENTRY: u64 = 481;

/// Which packages of a tree are wanted on disk: not what is for another system, not development's if it is left out.
pub fn wanted(cx: &Context<'_>, tree: &Tree, without_dev: bool) -> Vec<usize> {
    let libc = if cx.system.libc == Libc::Musl { "musl" } else { "glibc" };
    let mut kept: Vec<usize> = Vec::new();
    for index in tree.in_order() {
        let node = tree.node(index);
        let inside = node.parent == 0 || kept.contains(&node.parent);
        if inside && node.release.fits(libc) && !(without_dev && node.dev) {
            kept.push(index);
        }
    }
    kept
}

/// Writes the packages below `root` (a project, or a global package's own folder). Those that an earlier install left there, as
/// the hidden lock file has them, stay as they are, and what is not in the tree goes.
///
/// # Errors
/// The path that is in the way.
pub fn write_tree(cx: &mut Context<'_>, root: &str, tree: &Tree, installed: &[usize]) -> Result<(), (String, Errno)> {
    let hidden = cx.text(&join(root, "node_modules/.package-lock.json"));
    let before = hidden.as_deref().and_then(lock::entries).unwrap_or_default();
    let wanted: BTreeMap<String, &str> =
        installed.iter().map(|&index| (tree.path(index), tree.node(index).version.as_str())).collect();
    let stays = |entry: &lock::Entry| wanted.get(&entry.path) == Some(&entry.version.as_str());
    let (stay, go): (Vec<_>, Vec<_>) = before.iter().partition(|entry| stays(entry));
    for entry in go {
        cx.remove_all(&join(root, &entry.path));
    }
    let stay: BTreeSet<&str> = stay.into_iter().map(|entry| entry.path.as_str()).collect();
    for &index in installed {
        let node = tree.node(index);
        let path = tree.path(index);
        let folder = join(root, &path);
        if stay.contains(path.as_str()) && cx.is_dir(&folder) {
            continue;
        }
        write_package(cx, &folder, &node.release)?;
        let above = if node.parent == 0 { root.to_owned() } else { join(root, &tree.path(node.parent)) };
        for (name, path) in node.release.bins() {
            let bin = join(&above, "node_modules/.bin");
            at(cx.make_dirs(&bin), &bin)?;
            let link = join(&bin, name.rsplit('/').next().unwrap_or(&name));
            at(cx.link_to(&format!("../{}/{path}", node.name), &link), &link)?;
        }
        if cx.system.stopped().is_some() {
            break;
        }
    }
    Ok(())
}

/// Writes one package's files. Its programs are made executable.
///
/// # Errors
/// The path that is in the way.
pub fn write_package(cx: &mut Context<'_>, folder: &str, release: &Release) -> Result<(), (String, Errno)> {
    let bins: Vec<String> = release.bins().into_iter().map(|(_, path)| path).collect();
    at(cx.make_dirs(folder), folder)?;
    for (below, files) in &release.folders {
        let dir = join(folder, below);
        at(cx.make_dirs(&dir), &dir)?;
        for file in files {
            let inside = if below.is_empty() { file.name.clone() } else { format!("{below}/{}", file.name) };
            let mode = if file.executable || bins.contains(&inside) { 0o777 } else { 0o666 };
            let path = join(&dir, &file.name);
            at(cx.put(&path, Content::unknown(file.size), mode), &path)?;
        }
    }
    Ok(())
}

/// Writes the hidden lock file.
///
/// # Errors
/// The path that is in the way.
pub fn write_hidden_lock(
    cx: &mut Context<'_>,
    root: &str,
    manifest: &Map<String, Value>,
    tree: &Tree,
    installed: &[usize],
) -> Result<(), (String, Errno)> {
    let folder = root.rsplit('/').next().unwrap_or("app");
    let path = join(root, "node_modules/.package-lock.json");
    if installed.is_empty() {
        return Ok(());
    }
    let text = lock::write(manifest, folder, tree, Some(installed));
    at(cx.put(&path, Content::from(text), 0o666), &path)
}

/// What npm keeps of an install: the archives, and the documents of the packages it looked at. A cache that cannot be written
/// is left alone, as npm does.
///
/// # Errors
/// If the catalogue's data cannot be had.
pub async fn write_cache(
    cx: &mut Context<'_>,
    cache: &str,
    registry: &mut Registry,
    tree: &Tree,
    installed: &[usize],
) -> Result<(), Rc<str>> {
    let cache = join(cache, "_cacache");
    for name in &tree.looked_up {
        let Some(package) = registry.package(cx, name).await? else { continue };
        let url = format!("https://registry.npmjs.org/{}", name.replace('/', "%2f"));
        let entry = DOCUMENT_ENTRY + 2 * url.len() as u64 + package.size.to_string().len() as u64;
        if keep(cx, &cache, &url, &package.integrity, package.size, entry).is_err() {
            return Ok(());
        }
    }
    for &index in installed {
        let node = tree.node(index);
        let url = lock::archive_url(&node.name, &node.version);
        let size = node.release.size;
        let entry = ARCHIVE_ENTRY + 2 * url.len() as u64 + size.to_string().len() as u64;
        if keep(cx, &cache, &url, &node.release.integrity, size, entry).is_err() {
            return Ok(());
        }
    }
    // An empty folder for what is under way.
    let _ = cx.make_dirs(&join(&cache, "tmp"));
    Ok(())
}

fn keep(cx: &mut Context<'_>, cache: &str, url: &str, integrity: &str, size: u64, entry: u64) -> Result<(), Errno> {
    let content = hex_of_base64(integrity);
    if content.len() > 4 {
        let dir = format!("{cache}/content-v2/sha512/{}/{}", &content[..2], &content[2..4]);
        let path = format!("{dir}/{}", &content[4..]);
        cx.make_dirs(&dir)?;
        if !cx.exists(&path) {
            cx.put(&path, Content::unknown(size), 0o444)?;
        }
    }
    let key = Digest::of(format!("make-fetch-happen:request-cache:{url}").as_bytes()).hex();
    let dir = format!("{cache}/index-v5/{}/{}", &key[..2], &key[2..4]);
    cx.make_dirs(&dir)?;
    cx.put(&format!("{dir}/{}", &key[4..]), Content::unknown(entry), 0o666)
}

/// Base64 as hexadecimal digits; what is no base64 is left out.
fn hex_of_base64(text: &str) -> String {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(u32::from(byte - b'A')),
        b'a'..=b'z' => Some(u32::from(byte - b'a') + 26),
        b'0'..=b'9' => Some(u32::from(byte - b'0') + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let (mut bits, mut count, mut out) = (0u32, 0, String::new());
    for six in text.bytes().filter_map(value) {
        bits = (bits << 6 | six) & 0xffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push_str(&format!("{:02x}", bits >> count & 0xff));
        }
    }
    out
}

fn at(result: Result<(), Errno>, path: &str) -> Result<(), (String, Errno)> {
    result.map_err(|errno| (path.to_owned(), errno))
}
