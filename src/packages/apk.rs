//! `apk`, Alpine's package manager. Alpine's index is not in the catalogue: the files of Debian's package of the same
//! software stand for those of Alpine's, without manuals and translations, at Alpine's paths, so names are near and sizes are
//! a model, and it says so. What is real are apk's own files: `/etc/apk/world`, `/lib/apk/db`, the index under
//! `/var/cache/apk` without `--no-cache`, virtual packages and what their removal takes along.

use super::debian::index::Index;
use super::debian::shard::{File, Kind};
use super::debian::{Catalogue, disk};
use crate::shell::Accounts;
use crate::shell::commands::{Command, Context, Exit, Options, Run, Running};
use crate::vfs::{Content, Cred, Errno, Segment};
use sha1::{Digest, Sha1};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

mod names;

pub(super) const COMMAND: Command = Command { name: "apk", run: Run::Launcher(run), options: &OPTIONS };

/// Long options without a letter: `N` no cache, `E` those that change nothing here, `R` and `W` with a value.
const OPTIONS: Options = Options {
    short: "UuqvflX:p:t:NErR:",
    long: &[
        ("no-cache", 'N'),
        ("update-cache", 'U'),
        ("update", 'U'),
        ("upgrade", 'u'),
        ("latest", 'l'),
        ("quiet", 'q'),
        ("verbose", 'v'),
        ("force", 'f'),
        ("virtual", 't'),
        ("root", 'p'),
        ("repository", 'X'),
        ("cache-dir", 'R'),
        ("arch", 'R'),
        ("rdepends", 'r'),
        ("allow-untrusted", 'E'),
        ("no-progress", 'E'),
        ("no-scripts", 'E'),
        ("no-interactive", 'E'),
        ("purge", 'E'),
        ("force-broken-world", 'E'),
        ("force-overwrite", 'E'),
        ("force-refresh", 'E'),
        ("clean-protected", 'E'),
        ("initdb", 'E'),
    ],
    hidden: "NER",
    in_order: false,
};

const DATABASE: &str = "/lib/apk/db/installed";
const WORLD: &str = "/etc/apk/world";
/// About how many bytes the indexes of Alpine's two repositories have, compressed.
const INDEXES: [(&str, u64); 2] = [("/main", 500_000), ("/community", 1_800_000)];

fn run<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(run_apk(cx))
}

async fn run_apk(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(&OPTIONS) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let Some((command, names)) = parsed.operands.split_first() else {
        cx.out("apk-tools 2.14.4, compiled for x86_64.\n");
        return 1;
    };
    if cx.process.cred.uid != 0 && matches!(command.as_str(), "add" | "del" | "update" | "upgrade" | "fix") {
        cx.err("ERROR: Unable to lock database: Permission denied\nERROR: Failed to open apk database: Permission denied\n");
        return 99;
    }
    let cached = !parsed.has('N');
    match command.as_str() {
        "add" => add(cx, names, parsed.value('t'), cached).await,
        "del" => finished(cx, |cx| del(cx, names)),
        "update" => finished(cx, |cx| update(cx, cached)),
        "upgrade" => {
            cx.modelled("the image's packages are taken as up to date");
            finished(cx, |cx| update(cx, cached))
        }
        "info" => info(cx, names),
        "cache" | "fix" | "verify" | "audit" => 0,
        _ => cx.not_simulated(format_args!("the command {command}")),
    }
}

/// The status of a piece of work; an error of a system call is told.
fn finished(cx: &mut Context<'_>, work: impl FnOnce(&mut Context<'_>) -> Result<Exit, Errno>) -> Exit {
    work(cx).unwrap_or_else(|errno| {
        cx.complain_of("the database", errno);
        1
    })
}

fn update(cx: &mut Context<'_>, cached: bool) -> Result<Exit, Errno> {
    if cached {
        fetch_index(cx)?;
    }
    cx.out("OK: 24164 distinct packages available\n");
    Ok(0)
}

fn fetch_index(cx: &mut Context<'_>) -> Result<(), Errno> {
    cx.modelled("the size of the index");
    disk::make_dir(&mut cx.system.fs, "/var/cache/apk", 0o755, 0)?;
    let repositories = disk::text(&cx.system.fs, "/etc/apk/repositories").unwrap_or_default();
    for url in repositories.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let size = INDEXES.iter().find(|(end, _)| url.ends_with(end)).map_or(200_000, |(_, size)| *size);
        // The name has the first bytes of the address's SHA-1 (apk-tools, `apk_repo_format_cache_index`).
        let name: String = Sha1::digest(url.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        let path = format!("/var/cache/apk/APKINDEX.{name}.tar.gz");
        if !disk::exists(&cx.system.fs, &path) {
            disk::replace(&mut cx.system.fs, &path, &Content::unknown(size), 0o644)?;
        }
    }
    Ok(())
}

/// A paragraph of the database that we wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Installed {
    name: String,
    depends: Vec<String>,
    files: Vec<String>,
    text: String,
}

/// The paragraphs that this RUN and those before it added; the base's own are not held.
fn installed(cx: &Context<'_>) -> BTreeMap<String, Installed> {
    let content = cx.system.fs.read(&Cred::root(), DATABASE).unwrap_or_default();
    let held = content.segments().iter().filter_map(|segment| match segment {
        Segment::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        _ => None,
    });
    let mut packages = BTreeMap::new();
    for paragraph in held.collect::<String>().split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
        let mut package = Installed { text: format!("{}\n\n", paragraph.trim_matches('\n')), ..Installed::default() };
        let mut folder = "";
        for line in paragraph.lines() {
            match line.split_once(':') {
                Some(("P", name)) => name.clone_into(&mut package.name),
                Some(("D", names)) => package.depends = names.split(' ').map(str::to_owned).collect(),
                Some(("F", path)) => folder = path,
                Some(("R", name)) => package.files.push(format!("/{folder}/{name}")),
                _ => {}
            }
        }
        packages.insert(package.name.clone(), package);
    }
    packages
}

/// Writes the database: what the base had, and our paragraphs.
fn store(cx: &mut Context<'_>, packages: &BTreeMap<String, Installed>, world: &BTreeSet<String>) -> Result<(), Errno> {
    let content = cx.system.fs.read(&Cred::root(), DATABASE).unwrap_or_default();
    let base: u64 = content
        .segments()
        .iter()
        .map(|segment| match segment {
            Segment::Listed { size, .. } | Segment::Unknown(size) => *size,
            _ => 0,
        })
        .sum();
    let mut new = if base == 0 { Content::empty() } else { content.slice(0, base) };
    let text: String = packages.values().map(|package| package.text.as_str()).collect();
    new.append(&Content::from(text));
    let fs = &mut cx.system.fs;
    disk::make_dir(fs, "/lib/apk/db", 0o755, 0)?;
    disk::replace(fs, DATABASE, &new, 0o644)?;
    for (path, mode) in
        [("/lib/apk/db/scripts.tar", 0o644), ("/lib/apk/db/triggers", 0o644), ("/lib/apk/db/lock", 0o600)]
    {
        let size = fs.stat(&Cred::root(), path).map_or(0, |stat| stat.size);
        disk::replace(fs, path, &Content::unknown(size), mode)?;
    }
    let lines: String = world.iter().map(|name| format!("{name}\n")).collect();
    disk::replace(fs, WORLD, &Content::from(lines), 0o644)
}

fn world(cx: &Context<'_>) -> BTreeSet<String> {
    disk::text(&cx.system.fs, WORLD).unwrap_or_default().lines().map(str::to_owned).collect()
}

/// A package's name without its version: `curl=8.5`, `curl>8`, `curl~8`, `name@repository`.
fn bare(word: &str) -> &str {
    word.split(['=', '<', '>', '~', '@']).next().unwrap_or(word)
}

async fn add(cx: &mut Context<'_>, words: &[String], group: Option<&str>, cached: bool) -> Exit {
    let Some(mut catalogue) = Catalogue::of(cx, "bookworm").await else { return 0 };
    let mut wanted = Vec::new();
    for word in words.iter().filter(|word| !word.starts_with('!')) {
        let name = bare(word);
        if names::is_base(name) || names::debian(&catalogue.index, name).is_some() {
            wanted.push(name.to_owned());
        } else {
            cx.not_simulated(format_args!("the package {name}: this catalogue has none like it"));
        }
    }
    let mut packages = installed(cx);
    let new = closure(&catalogue.index, &wanted, &packages);
    let debian: Vec<&str> = new.iter().flat_map(|(_, debian)| debian.iter().map(String::as_str)).collect();
    if !catalogue.fetch(cx, &debian).await {
        return 0;
    }
    cx.modelled("files and sizes are those of Debian's packages of the same software");
    let group = group.map(str::to_owned);
    finished(cx, |cx| {
        if cached {
            fetch_index(cx)?;
        }
        let mut world = world(cx);
        for (name, debian) in &new {
            let package = unpack(cx, &catalogue, name, debian)?;
            packages.insert(name.clone(), package);
        }
        match &group {
            Some(group) => {
                let text = format!(
                    "P:{group}\nV:20260101.000000\nA:noarch\nT:virtual meta package\nD:{}\n\n",
                    wanted.join(" ")
                );
                let meta = Installed { name: group.clone(), depends: wanted.clone(), files: Vec::new(), text };
                packages.insert(group.clone(), meta);
                world.insert(group.clone());
            }
            None => world.extend(words.iter().map(|word| word.split('@').next().unwrap_or(word).to_owned())),
        }
        store(cx, &packages, &world)?;
        let lines =
            new.iter().enumerate().map(|(at, (name, _))| format!("({}/{}) Installing {name}\n", at + 1, new.len()));
        let text: String = lines.collect();
        cx.out(text);
        cx.out(format!("OK: {} packages\n", packages.len() + 14));
        Ok(0)
    })
}

/// The packages to install: each with the Debian packages that stand for it. Libraries that Debian's need come along as
/// packages of their own.
fn closure(index: &Index, wanted: &[String], known: &BTreeMap<String, Installed>) -> Vec<(String, Vec<String>)> {
    let mut new: Vec<(String, Vec<String>)> = Vec::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut queue: VecDeque<(String, Vec<String>)> = VecDeque::new();
    for name in wanted.iter().filter(|name| !known.contains_key(*name) && !names::is_base(name)) {
        let debian = names::debian(index, name).unwrap_or_default();
        queue.push_back((name.clone(), debian));
    }
    while let Some((name, debian)) = queue.pop_front() {
        if !seen.insert(name.clone()) {
            continue;
        }
        for package in debian.iter().filter_map(|name| index.get(name)) {
            for group in &package.depends {
                let library = group
                    .iter()
                    .map(|word| word.split('=').next().unwrap_or(word))
                    .find(|word| index.get(word).is_some());
                if let Some(library) = library
                    && names::comes_along(library)
                    && !known.contains_key(library)
                {
                    queue.push_back((library.to_owned(), vec![library.to_owned()]));
                }
            }
        }
        new.push((name, debian));
    }
    new
}

/// Puts the files of a package on disk, at Alpine's paths.
fn unpack(cx: &mut Context<'_>, catalogue: &Catalogue, name: &str, debian: &[String]) -> Result<Installed, Errno> {
    let accounts = Accounts::load(cx.system.fs.merged());
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut bytes = 0;
    for contents in debian.iter().filter_map(|name| catalogue.contents(name).or_else(|| catalogue.base(name))) {
        for file in &contents.files {
            let Some(path) = names::path(&file.path) else { continue };
            let kind = match &file.kind {
                Kind::Hardlink(target) => Kind::Hardlink(names::path(target).unwrap_or_else(|| target.clone())),
                kind => kind.clone(),
            };
            let moved = File { path: path.clone(), kind, ..file.clone() };
            if let Some((above, last)) = path.rsplit_once('/') {
                if !above.is_empty() {
                    disk::make_dir(&mut cx.system.fs, above, 0o755, 0)?;
                }
                if moved.kind != Kind::Dir {
                    files.entry(above.trim_start_matches('/').to_owned()).or_default().push(last.to_owned());
                }
            }
            if let Kind::File(size) = moved.kind {
                bytes += size;
            }
            disk::place(&mut cx.system.fs, &accounts, &moved)?;
        }
    }
    let version = debian.first().and_then(|name| catalogue.index.get(name)).map_or("0", |package| &package.version);
    let upstream = version.split(':').next_back().unwrap_or(version).split(['-', '+']).next().unwrap_or(version);
    // A line of a checksum, 30 characters, stands before each entry of the real database.
    let mut text = format!("C:Q1{:28}\nP:{name}\nV:{upstream}-r0\nA:x86_64\nS:{}\nI:{bytes}\n", "", bytes / 3);
    let mut paths = Vec::new();
    for (folder, names) in files {
        text.push_str(&format!("F:{folder}\n"));
        for name in names {
            text.push_str(&format!("R:{name}\na:0:0:755\nZ:Q1{:28}\n", ""));
            paths.push(format!("/{folder}/{name}"));
        }
    }
    text.push('\n');
    Ok(Installed { name: name.to_owned(), depends: Vec::new(), files: paths, text })
}

fn del(cx: &mut Context<'_>, words: &[String]) -> Result<Exit, Errno> {
    let mut packages = installed(cx);
    let mut world = world(cx);
    for word in words {
        let name = bare(word);
        if packages.contains_key(name) {
            world.retain(|entry| bare(entry) != name);
        } else if !names::is_base(name) {
            cx.not_simulated(format_args!("removing {name}: its files are not known"));
        } else {
            world.retain(|entry| bare(entry) != name);
        }
    }
    // What nothing in the world needs any more goes: packages of the world, the members of its groups, and libraries.
    let mut kept: BTreeSet<String> = world.iter().map(|entry| bare(entry).to_owned()).collect();
    kept.extend(kept.clone().iter().filter_map(|name| packages.get(name)).flat_map(|package| package.depends.clone()));
    let members: BTreeSet<String> = packages.values().flat_map(|package| package.depends.clone()).collect();
    let library =
        |name: &String| !kept.contains(name) && !members.contains(name) && !words.iter().any(|word| bare(word) == name);
    let any_left = packages.keys().any(|name| kept.contains(name));
    let gone: Vec<String> =
        packages.keys().filter(|name| !(kept.contains(*name) || any_left && library(name))).cloned().collect();
    let mut text = String::new();
    for (at, name) in gone.iter().enumerate() {
        text.push_str(&format!("({}/{}) Purging {name}\n", at + 1, gone.len()));
        let Some(package) = packages.remove(name) else { continue };
        let shared = |path: &String| packages.values().any(|other| other.files.contains(path));
        for path in package.files.iter().rev().filter(|path| !shared(path)) {
            disk::remove(&mut cx.system.fs, path)?;
            let mut above = path.as_str();
            while let Some((folder, _)) = above.rsplit_once('/').filter(|(folder, _)| !folder.is_empty()) {
                if cx.system.fs.rmdir(&Cred::root(), folder).is_err() {
                    break;
                }
                above = folder;
            }
        }
    }
    cx.modelled("files and sizes are those of Debian's packages of the same software");
    store(cx, &packages, &world)?;
    cx.out(text);
    cx.out(format!("OK: {} packages\n", packages.len() + 14));
    Ok(0)
}

fn info(cx: &mut Context<'_>, names: &[String]) -> Exit {
    let packages = installed(cx);
    if names.is_empty() {
        return cx.not_simulated("the list of the base's packages");
    }
    let known = |name: &String| packages.contains_key(name) || names::is_base(name);
    names.iter().filter(|name| known(name)).for_each(|name| cx.out(format!("{name}\n")));
    u8::from(!names.iter().all(known))
}
