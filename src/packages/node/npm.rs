//! `npm`: packages from the catalogue's picture of the registry, with the files of their archives, laid out and cached as npm
//! does.
//!
//! It lacks what install scripts of packages do, workspaces, and what the catalogue lacks: noted as not simulated and left out.
//! A version that the catalogue lacks has the files of the nearest one, which is noted too.

use super::data::Registry;
use super::global::{global, prune, uninstall};
use super::lock::{self, Entry, Pins};
use super::manifest::{self, Trouble};
use super::npx::npx;
use super::semver::{Range, Version};
use super::tree::{Kind, Tree};
use super::{install, scripts};
use crate::packages::files::{Files, join};
use crate::packages::given::Given;
use crate::shell::NoteKind;
use crate::shell::commands::{Context, Exit, Running};
use crate::vfs::Content;
use serde_json::{Map, Value};

/// Options with a value; all others have none, for npm takes any name.
const WITH_VALUE: &[&str] = &[
    "--before",
    "--cache",
    "--cpu",
    "--fetch-retries",
    "--fetch-retry-maxtimeout",
    "--fetch-retry-mintimeout",
    "--fetch-timeout",
    "--include",
    "--install-strategy",
    "--libc",
    "--location",
    "--loglevel",
    "--maxsockets",
    "--network-timeout",
    "--omit",
    "--only",
    "--os",
    "--prefix",
    "--registry",
    "--scope",
    "--tag",
    "--unsafe-perm",
    "--userconfig",
    "--workspace",
    "--package",
    "--call",
    "-C",
    "-w",
    "-p",
    "-c",
];

/// What npm's options say of where and what to install.
pub(super) trait Npm {
    /// Into the system's folder?
    fn is_global(&self) -> bool;
    /// Are development's packages left out?
    fn without_dev(&self, cx: &Context<'_>) -> bool;
}

impl Npm for Given {
    fn is_global(&self) -> bool {
        self.has(&["-g", "--global"]) || self.value("--location") == Some("global")
    }

    fn without_dev(&self, cx: &Context<'_>) -> bool {
        let values =
            |name: &str, wanted: &[&str]| self.options.iter().any(|(n, v)| n == name && wanted.contains(&v.as_str()));
        let env = &cx.process.env;
        let production = env.get("NODE_ENV").is_some_and(|value| value == "production")
            || env.get("NPM_CONFIG_PRODUCTION").is_some_and(|value| value == "true")
            || env.get("npm_config_production").is_some_and(|value| value == "true")
            || ["NPM_CONFIG_OMIT", "npm_config_omit"]
                .iter()
                .any(|name| env.get(*name).is_some_and(|value| value == "dev"));
        let asked = self.has(&["--production", "--prod", "-P"])
            || values("--omit", &["dev"])
            || values("--only", &["production", "prod"]);
        (asked || production) && !values("--include", &["dev"]) && !values("--production", &["false"])
    }
}

pub(in crate::packages) fn run<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(npm(cx))
}

async fn npm(cx: &mut Context<'_>) -> Exit {
    let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let given = Given::read(&args, WITH_VALUE);
    let root = given
        .value("--prefix")
        .or_else(|| given.value("-C"))
        .map_or_else(|| cx.process.cwd.clone(), |dir| cx.process.path(dir));
    if given.command.is_empty() {
        let text =
            if given.has(&["-v", "--version"]) { format!("{}\n", version(cx)) } else { "npm <command>\n".to_owned() };
        cx.out(text);
        return 0;
    }
    let exit = match given.command.as_str() {
        "install" | "i" | "add" | "in" | "isntall" if given.is_global() => return global(cx, &given).await,
        "install" | "i" | "add" | "in" | "isntall" | "update" | "up" | "upgrade" | "dedupe" => {
            let root = if given.value("--prefix").is_some() { root } else { project(cx, &root) };
            return project_install(cx, &given, &root, false).await;
        }
        "ci" | "clean-install" | "install-clean" | "install-test" | "it" => {
            return project_install(cx, &given, &root, true).await;
        }
        "uninstall" | "remove" | "rm" | "un" | "r" => uninstall(cx, &given, &root).await,
        "prune" => prune(cx, &given, &root).await,
        "run" | "run-script" | "test" | "t" | "start" | "stop" | "restart" => run_script(cx, &given, &root).await,
        "exec" | "x" => npx(cx, &root, given.operands.clone()).await,
        "init" | "create" => init(cx, &given, &root).await,
        "cache" => {
            if given.operands.first().is_some_and(|what| ["clean", "clear", "rm"].contains(&what.as_str())) {
                let dir = join(&cache(cx, &given), "_cacache");
                cx.remove_all(&dir);
                if !given.has(&["--force", "-f"]) && version(cx).starts_with('4') {
                    return 1;
                }
            }
            0
        }
        "config" | "set" | "c" => config(cx, &given),
        "rebuild" | "rb" | "link" | "ln" => {
            cx.system.note(NoteKind::Modelled, format!("npm: {} is taken to change no file", given.command));
            0
        }
        "pack" => pack(cx, &root),
        "audit" | "fund" | "ls" | "list" | "view" | "outdated" | "doctor" | "ping" | "whoami" | "root" | "prefix"
        | "help" | "version" | "get" | "explain" | "why" | "pkg" => {
            cx.system.note(NoteKind::Modelled, format!("npm: what {} prints is left out", given.command));
            0
        }
        other => {
            cx.system.note(NoteKind::NotSimulated, format!("npm: command {other}"));
            0
        }
    };
    let log = if given.command == "cache" { CACHE_LOG } else { LOG };
    traces(cx, &given, log);
    exit
}

/// What npm leaves of every run: a log, and the mark of when it last looked for a newer npm.
pub(super) fn traces(cx: &mut Context<'_>, given: &Given, log: u64) {
    let cache = cache(cx, given);
    let number = cx.names(&join(&cache, "_logs")).len();
    let logs = join(&cache, "_logs");
    if cx.make_dirs(&logs).is_ok() {
        // Real names carry the time, which does not pass here.
        let path = format!("{logs}/2025-01-01T00_00_{:02}_000Z-debug-0.log", number.min(59));
        let _ = cx.put(&path, Content::unknown(log), 0o666);
        let _ = cx.put(&join(&cache, "_update-notifier-last-checked"), Content::empty(), 0o666);
    }
}

/// Bytes of the log of a run that installs nothing, of one that empties the cache, and for each package that is installed
/// (measured with npm 9 on Debian 12).
pub(super) const LOG: u64 = 2_020;
const CACHE_LOG: u64 = 1_699;
pub(super) const PACKAGE_LOG: u64 = 683;

/// The folder that npm keeps things in.
pub(super) fn cache(cx: &Context<'_>, given: &Given) -> String {
    let env = &cx.process.env;
    let named = given
        .value("--cache")
        .or_else(|| env.get("npm_config_cache").or(env.get("NPM_CONFIG_CACHE")).map(String::as_str));
    named.map_or_else(|| join(env.get("HOME").map_or("/root", String::as_str), ".npm"), |dir| cx.process.path(dir))
}

/// npm's version in the image: by the Node that the official images name, else Debian 12's.
fn version(cx: &Context<'_>) -> String {
    let node = cx.process.env.get("NODE_VERSION").and_then(|text| text.split('.').next()?.parse::<u32>().ok());
    match node {
        Some(24..) => "11.6.2",
        Some(18..=23) => "10.9.4",
        Some(16 | 17) => "8.19.4",
        Some(_) => "6.14.18",
        None => "9.2.0",
    }
    .to_owned()
}

/// The nearest folder above with a package.json or node_modules: where npm installs.
fn project(cx: &Context<'_>, start: &str) -> String {
    let mut at = start.to_owned();
    loop {
        if cx.exists(&join(&at, "package.json")) || cx.is_dir(&join(&at, "node_modules")) {
            return at;
        }
        match at.rsplit_once('/') {
            Some((parent, _)) if !parent.is_empty() => at = parent.to_owned(),
            _ => return start.to_owned(),
        }
    }
}

pub(super) async fn project_install(cx: &mut Context<'_>, given: &Given, root: &str, clean: bool) -> Exit {
    let mut count = 0;
    let exit = install_project(cx, given, root, clean, &mut count).await;
    traces(cx, given, LOG + PACKAGE_LOG * count as u64);
    exit
}

async fn install_project(cx: &mut Context<'_>, given: &Given, root: &str, clean: bool, count: &mut usize) -> Exit {
    let names: Vec<String> = given.operands.clone();
    let mut manifest = match manifest::read(cx, root) {
        Ok(manifest) => manifest,
        Err(Trouble::Missing) if !names.is_empty() || !clean => {
            if names.is_empty() && given.command.starts_with('i') {
                return no_manifest(cx, root);
            }
            Map::new()
        }
        Err(Trouble::Missing) => return no_lock(cx),
        Err(Trouble::Unknown) => return unknown_manifest(cx),
        Err(Trouble::Bad) => {
            cx.err(format!("npm error code EJSONPARSE\nnpm error path {root}/package.json\nnpm error JSON.parse Failed to parse JSON data.\n"));
            return 1;
        }
    };
    let lock_name = ["npm-shrinkwrap.json", "package-lock.json"].into_iter().find(|name| cx.exists(&join(root, name)));
    let lock_text = lock_name.and_then(|name| cx.text(&join(root, name)));
    let entries = lock_text.as_deref().and_then(lock::entries);
    if clean && entries.is_none() {
        return no_lock(cx);
    }
    if clean && let Some(missing) = out_of_sync(&manifest, entries.as_deref().unwrap_or_default()) {
        cx.err(format!("npm error code EUSAGE\nnpm error\nnpm error `npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync. Please update your lock file with `npm install` before continuing.\nnpm error\nnpm error Missing: {missing} from lock file\n"));
        return 1;
    }
    let mut registry = Registry::default();
    let mut added = Vec::new();
    for name in &names {
        match requested(cx, &mut registry, name).await {
            Ok(Some(found)) => added.push(found),
            Ok(None) => {}
            Err(error) => return no_data(cx, &error),
        }
    }
    let key = if given.has(&["-D", "--save-dev"]) {
        "devDependencies"
    } else if given.has(&["-O", "--save-optional"]) {
        "optionalDependencies"
    } else {
        "dependencies"
    };
    let mut changed = manifest.clone();
    for (name, range) in &added {
        let exact = range.trim_start_matches('^').to_owned();
        manifest::add(&mut changed, key, name, if given.has(&["-E", "--save-exact"]) { &exact } else { range });
    }
    let without_dev = given.without_dev(cx);
    let usable = |entries: &[Entry]| added.is_empty() && out_of_sync(&manifest, entries).is_none();
    let from_lock = entries.as_deref().filter(|entries| usable(entries)).map(<[Entry]>::to_vec);
    let built = match &from_lock {
        Some(entries) => Tree::of_lock(cx, &mut registry, entries).await,
        None => {
            let peers = !given.has(&["--legacy-peer-deps"]);
            Tree::build(cx, &mut registry, &manifest::wants(&changed), &Pins::default(), peers).await
        }
    };
    let tree = match built {
        Ok(tree) => tree,
        Err(error) => return no_data(cx, &error),
    };
    let installed = install::wanted(cx, &tree, without_dev);
    if clean {
        cx.remove_all(&join(root, "node_modules"));
    }
    let scripts = !given.has(&["--ignore-scripts"]);
    if scripts
        && names.is_empty()
        && let Some(exit @ 1..) = scripts::run(cx, root, "preinstall", &[], true).await
    {
        return exit;
    }
    let only_lock = given.has(&["--package-lock-only"]);
    let mut result = Ok(());
    if !only_lock {
        result = install::write_tree(cx, root, &tree, &installed)
            .and_then(|()| install::write_hidden_lock(cx, root, &changed, &tree, &installed));
    }
    let folder = root.rsplit('/').next().unwrap_or_default().to_owned();
    if !given.has(&["--no-save"]) && !added.is_empty() {
        manifest = changed;
        let text = manifest::text(&manifest);
        result = result.and_then(|()| put(cx, &join(root, "package.json"), text));
    }
    if from_lock.is_none() && !given.has(&["--no-package-lock", "--no-save"]) && !manifest.is_empty() {
        let text = lock::write(&manifest, &folder, &tree, None);
        result = result.and_then(|()| put(cx, &join(root, lock_name.unwrap_or("package-lock.json")), text));
    }
    if let Err((path, errno)) = result {
        let reason = cx.system.message(errno);
        cx.err(format!("npm error code {errno:?}\nnpm error syscall open\nnpm error path {path}\nnpm error {errno:?}: {reason}, open '{path}'\n"));
        return 243;
    }
    let cache = cache(cx, given);
    if let Err(error) = install::write_cache(cx, &cache, &mut registry, &tree, &installed).await {
        return no_data(cx, &error);
    }
    told(cx, &tree, installed.len());
    *count = installed.len();
    if scripts && names.is_empty() {
        for step in ["install", "postinstall", "prepare"] {
            if let Some(exit @ 1..) = scripts::run(cx, root, step, &[], true).await {
                return exit;
            }
        }
    }
    0
}

pub(super) fn put(cx: &mut Context<'_>, path: &str, text: String) -> Result<(), (String, crate::vfs::Errno)> {
    cx.put(path, Content::from(text), 0o666).map_err(|errno| (path.to_owned(), errno))
}

/// A package that is asked for by name: its name, and the range that is saved.
pub(super) async fn requested(
    cx: &mut Context<'_>,
    registry: &mut Registry,
    text: &str,
) -> Result<Option<(String, String)>, std::rc::Rc<str>> {
    let (name, wanted) = match text.rfind('@') {
        Some(at) if at > 0 => (&text[..at], &text[at + 1..]),
        _ => (text, ""),
    };
    if text.contains("://") || text.starts_with(['.', '/']) || text.starts_with("git") || text.ends_with(".tgz") {
        cx.system.note(NoteKind::NotSimulated, format!("npm: {text}"));
        return Ok(None);
    }
    let Some(package) = registry.package(cx, name).await? else {
        cx.system.note(NoteKind::NotSimulated, format!("npm: package {name}, which is not in the catalogue"));
        return Ok(None);
    };
    let Some((version, _)) = package.pick(if wanted.is_empty() { "*" } else { wanted }) else { return Ok(None) };
    let range = if Version::parse(wanted).is_some() || (Range::parse(wanted).is_some() && !wanted.is_empty()) {
        match Version::parse(wanted) {
            Some(_) => wanted.to_owned(),
            None => format!("^{version}"),
        }
    } else {
        format!("^{version}")
    };
    Ok(Some((name.to_owned(), range)))
}

/// The first requirement that a lock file does not satisfy.
fn out_of_sync(manifest: &Map<String, Value>, entries: &[Entry]) -> Option<String> {
    let wants = manifest::wants(manifest);
    let missing = wants.into_iter().filter(|(_, _, kind)| *kind != Kind::Optional && *kind != Kind::Peer).find(
        |(name, range, _)| {
            let path = format!("node_modules/{name}");
            let found = entries.iter().find(|entry| entry.path == path);
            let fits = |entry: &Entry| {
                Range::parse(range).zip(Version::parse(&entry.version)).is_none_or(|(r, v)| r.contains(&v))
            };
            !found.is_some_and(fits)
        },
    );
    missing.map(|(name, range, _)| format!("{name}@{}", range.trim_start_matches(['^', '~', '='])))
}

fn told(cx: &mut Context<'_>, tree: &Tree, count: usize) {
    for name in tree.unknown.iter().take(3) {
        cx.system.note(NoteKind::NotSimulated, format!("npm: package {name}, which is not in the catalogue"));
    }
    if tree.unknown.len() > 3 {
        cx.system.note(
            NoteKind::NotSimulated,
            format!("npm: {} more packages that are not in the catalogue", tree.unknown.len() - 3),
        );
    }
    let stand_ins: Vec<&str> =
        tree.nodes.iter().filter(|node| node.version != node.release.text).map(|node| node.name.as_str()).collect();
    if let Some(first) = stand_ins.first() {
        let more = if stand_ins.len() > 1 { format!(" and {} more", stand_ins.len() - 1) } else { String::new() };
        cx.system.note(NoteKind::Modelled, format!("npm: {first}{more} with the files of another version"));
    }
    let with_scripts = tree.nodes.iter().filter(|node| node.release.lock.contains_key("hasInstallScript")).count();
    let scripts =
        if with_scripts > 0 { format!(" (install scripts of {with_scripts} are not run)") } else { String::new() };
    cx.system.note(
        NoteKind::Modelled,
        format!("npm: {count} packages, with the names and sizes of their archives' files{scripts}"),
    );
    cx.out(format!("\nadded {count} packages, and audited {} packages in 1s\n\nfound 0 vulnerabilities\n", count + 1));
}

async fn run_script(cx: &mut Context<'_>, given: &Given, root: &str) -> Exit {
    let (name, args) = match given.command.as_str() {
        "run" | "run-script" => match given.operands.split_first() {
            Some((name, rest)) => (name.clone(), rest.to_vec()),
            None => return 0,
        },
        "t" => ("test".to_owned(), given.operands.clone()),
        command => (command.to_owned(), given.operands.clone()),
    };
    match manifest::read(cx, root) {
        Err(Trouble::Unknown) => return unknown_manifest(cx),
        Err(_) => return no_manifest(cx, root),
        Ok(_) => {}
    }
    if let Some(exit) = scripts::run(cx, root, &name, &args, true).await {
        return exit;
    }
    if given.has(&["--if-present"]) {
        return 0;
    }
    cx.err(format!("npm error Missing script: \"{name}\"\nnpm error\nnpm error To see a list of scripts, run:\nnpm error   npm run\n"));
    1
}

async fn init(cx: &mut Context<'_>, given: &Given, root: &str) -> Exit {
    if !given.operands.is_empty() {
        cx.system.note(NoteKind::NotSimulated, format!("npm: init {}", given.operands.join(" ")));
        return 0;
    }
    let folder = root.rsplit('/').next().unwrap_or_default();
    let manifest = match manifest::read(cx, root) {
        Ok(manifest) => manifest,
        Err(_) => manifest::initial(folder),
    };
    let text = manifest::text(&manifest);
    cx.out(format!("Wrote to {root}/package.json:\n\n{text}\n\n"));
    u8::from(put(cx, &join(root, "package.json"), text).is_err())
}

fn config(cx: &mut Context<'_>, given: &Given) -> Exit {
    let mut words = given.operands.iter().map(String::as_str);
    let is_set = given.command == "set" || words.next() == Some("set");
    if !is_set {
        cx.system.note(NoteKind::Modelled, "npm: config prints nothing here".to_owned());
        return 0;
    }
    let words: Vec<&str> = words.collect();
    let line = match words[..] {
        [pair] if pair.contains('=') => pair.to_owned(),
        [key, value, ..] => format!("{key}={value}"),
        _ => return 0,
    };
    let path = join(cx.process.env.get("HOME").map_or("/root", String::as_str), ".npmrc");
    let text = format!("{}{line}\n", cx.text(&path).unwrap_or_default());
    u8::from(put(cx, &path, text).is_err())
}

fn pack(cx: &mut Context<'_>, root: &str) -> Exit {
    let manifest = manifest::read(cx, root).unwrap_or_default();
    let of = |key: &str| manifest.get(key).and_then(Value::as_str).unwrap_or("0").replace(['@', '/'], "");
    let size: u64 =
        cx.files_below(root).iter().filter(|(path, _)| !path.starts_with("node_modules")).map(|(_, size)| size).sum();
    let path = format!("{root}/{}-{}.tgz", of("name"), of("version"));
    cx.system.note(NoteKind::Modelled, "npm: an archive of a third of the files' size".to_owned());
    u8::from(cx.put(&path, Content::unknown(size / 3), 0o666).is_err())
}

fn no_manifest(cx: &mut Context<'_>, root: &str) -> Exit {
    cx.err(format!("npm error code ENOENT\nnpm error syscall open\nnpm error path {root}/package.json\nnpm error errno -2\nnpm error enoent Could not read package.json: Error: ENOENT: no such file or directory, open '{root}/package.json'\nnpm error enoent This is related to npm not being able to find a file.\nnpm error enoent\n"));
    254
}

fn no_lock(cx: &mut Context<'_>) -> Exit {
    cx.err("npm error code EUSAGE\nnpm error\nnpm error The `npm ci` command can only install with an existing package-lock.json or\nnpm error npm-shrinkwrap.json with lockfileVersion >= 1. Run an install with npm@5 or\nnpm error later to generate a package-lock.json file, then try again.\n");
    1
}

pub(super) fn unknown_manifest(cx: &mut Context<'_>) -> Exit {
    cx.system.note(NoteKind::NotSimulated, "npm: package.json, whose content is not known".to_owned());
    0
}

pub(super) fn no_data(cx: &mut Context<'_>, error: &str) -> Exit {
    cx.system.note(NoteKind::NotSimulated, format!("npm: the catalogue's data cannot be had ({error})"));
    0
}
