//! `yarn` and `pnpm`: the same packages as npm's, laid out and cached as these two do.
//!
//! They lack workspaces, plug'n'play's archive files in place (a project of a newer yarn gets a node_modules unless it says
//! otherwise), and pnpm's store, whose files are hard links to those in node_modules and so have no bytes of their own.

use super::data::Registry;
use super::lock::Pins;
use super::npm::Npm;
use super::tree::{Kind, Tree};
use super::{install, lock, manifest, npm, npx, scripts};
use crate::packages::files::{Files, join};
use crate::packages::given::Given;
use crate::shell::NoteKind;
use crate::shell::commands::{Context, Exit, Running};
use crate::vfs::{Content, Errno};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

const WITH_VALUE: &[&str] = &[
    "--cache-folder",
    "--cwd",
    "--dir",
    "--filter",
    "--global-folder",
    "--modules-folder",
    "--mutex",
    "--network-concurrency",
    "--network-timeout",
    "--prefix",
    "--registry",
    "--reporter",
    "--store-dir",
    "-C",
    "-F",
    "--shamefully-hoist-to",
];

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tool {
    Yarn,
    Pnpm,
}

pub(in crate::packages) fn run_yarn<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(main(cx, Tool::Yarn))
}

pub(in crate::packages) fn run_pnpm<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(main(cx, Tool::Pnpm))
}

/// `pnpx`, `yarn dlx`.
pub(in crate::packages) fn run_dlx<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move {
        let args: Vec<String> = cx.args.iter().skip(1).filter(|arg| !arg.starts_with('-')).cloned().collect();
        let root = cx.process.cwd.clone();
        npx::npx(cx, &root, args).await
    })
}

impl Tool {
    fn name(self) -> &'static str {
        if self == Self::Yarn { "yarn" } else { "pnpm" }
    }

    fn lock(self) -> &'static str {
        if self == Self::Yarn { "yarn.lock" } else { "pnpm-lock.yaml" }
    }
}

async fn main(cx: &mut Context<'_>, tool: Tool) -> Exit {
    let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let mut given = Given::read(&args, WITH_VALUE);
    let root = ["--cwd", "--dir", "-C", "--prefix"].iter().find_map(|name| given.value(name));
    let root = root.map_or_else(|| cx.process.cwd.clone(), |dir| cx.process.path(dir));
    let is_global = given.command == "global" || given.has(&["-g", "--global"]);
    if given.command == "global" {
        given.command = if given.operands.is_empty() { String::new() } else { given.operands.remove(0) };
    }
    match given.command.as_str() {
        "" if given.has(&["-v", "--version"]) => {
            cx.out(if tool == Tool::Yarn { "1.22.22\n" } else { "10.24.0\n" });
            0
        }
        "add" | "install" | "i" if is_global => global(cx, &given, tool).await,
        "" if tool == Tool::Pnpm => 0,
        "" | "install" | "i" | "ci" => project(cx, &given, &root, tool).await,
        "add" => add(cx, &given, &root, tool).await,
        "remove" | "rm" | "uninstall" => remove(cx, &given, &root, tool).await,
        "fetch" | "deploy" | "prune" | "rebuild" | "up" | "upgrade" | "dedupe" | "link" | "setup"
        | "approve-builds" => {
            cx.system.note(NoteKind::NotSimulated, format!("{}: command {}", tool.name(), given.command));
            0
        }
        "cache" | "store" => {
            if given.operands.first().is_some_and(|what| what == "clean" || what == "prune" || what == "clear") {
                let cache = cache(cx, &given, tool);
                cx.remove_all(&cache);
            }
            0
        }
        "config" | "set" | "version" | "info" | "list" | "ls" | "why" | "audit" | "licenses" | "policies"
        | "plugin" | "env" => {
            cx.system
                .note(NoteKind::Modelled, format!("{}: {} is taken to change no file", tool.name(), given.command));
            0
        }
        "dlx" | "exec" | "x" => npx::npx(cx, &root, given.operands.clone()).await,
        "workspace" | "workspaces" => {
            cx.system.note(NoteKind::NotSimulated, format!("{}: {}", tool.name(), given.command));
            0
        }
        "run" | "test" | "start" => {
            let (name, rest) = match (given.command.as_str(), given.operands.split_first()) {
                ("run", Some((name, rest))) => (name.clone(), rest.to_vec()),
                ("run", None) => return 0,
                (command, _) => (command.to_owned(), given.operands.clone()),
            };
            run(cx, &root, &name, &rest, tool).await
        }
        name => {
            let name = name.to_owned();
            run(cx, &root, &name, &given.operands, tool).await
        }
    }
}

/// A script, or a program of node_modules.
async fn run(cx: &mut Context<'_>, root: &str, name: &str, rest: &[String], tool: Tool) -> Exit {
    if let Some(exit) = scripts::run(cx, root, name, rest, tool == Tool::Pnpm).await {
        return exit;
    }
    let argv: Vec<String> = std::iter::once(name.to_owned()).chain(rest.iter().cloned()).collect();
    if cx.exists(&join(root, &format!("node_modules/.bin/{name}")))
        && let Some(exit) = scripts::program(cx, root, &argv).await
    {
        return exit;
    }
    match tool {
        Tool::Yarn => cx.err(format!("error Command \"{name}\" not found.\n")),
        Tool::Pnpm => cx.err(format!(" ERR_PNPM_NO_SCRIPT  Missing script: {name}\n")),
    }
    1
}

/// A folder of cached packages.
fn cache(cx: &Context<'_>, given: &Given, tool: Tool) -> String {
    let env = &cx.process.env;
    let home = env.get("HOME").map_or("/root", String::as_str);
    match (tool, given.value("--cache-folder").or(env.get("YARN_CACHE_FOLDER").map(String::as_str))) {
        (Tool::Yarn, Some(dir)) => join(&cx.process.path(dir), "v6"),
        (Tool::Yarn, None) if cx.process.cred.uid == 0 => "/usr/local/share/.cache/yarn/v6".to_owned(),
        (Tool::Yarn, None) => format!("{home}/.cache/yarn/v6"),
        (Tool::Pnpm, _) => format!("{home}/.local/share/pnpm/store"),
    }
}

async fn project(cx: &mut Context<'_>, given: &Given, root: &str, tool: Tool) -> Exit {
    let manifest = match manifest::read(cx, root) {
        Ok(manifest) => manifest,
        Err(manifest::Trouble::Missing) if tool == Tool::Pnpm => {
            cx.err(format!(" ERR_PNPM_NO_PKG_MANIFEST  No package.json found in {root}\n"));
            return 1;
        }
        Err(manifest::Trouble::Missing) => Map::new(),
        Err(_) => {
            cx.system
                .note(NoteKind::NotSimulated, format!("{}: package.json, whose content is not known", tool.name()));
            return 0;
        }
    };
    let frozen = given.has(&["--frozen-lockfile", "--immutable"]) || given.command == "ci";
    let lock_path = join(root, tool.lock());
    let lock_text = cx.text(&lock_path);
    if frozen && lock_text.is_none() && tool == Tool::Pnpm {
        cx.err(" ERR_PNPM_NO_LOCKFILE  Cannot install with \"frozen-lockfile\" because pnpm-lock.yaml is absent\n");
        return 1;
    }
    let pins = match (&lock_text, tool) {
        (Some(text), Tool::Yarn) => Pins::of_yarn(text),
        (Some(text), Tool::Pnpm) => Pins::of_pnpm(text),
        (None, _) => Pins::default(),
    };
    let mut registry = Registry::default();
    let wants = manifest::wants(&manifest).into_iter().filter(|(_, _, kind)| *kind != Kind::Peer).collect();
    let tree = match Tree::build(cx, &mut registry, &wants, &pins, tool == Tool::Pnpm).await {
        Ok(tree) => tree,
        Err(error) => {
            cx.system
                .note(NoteKind::NotSimulated, format!("{}: the catalogue's data cannot be had ({error})", tool.name()));
            return 0;
        }
    };
    let installed = install::wanted(cx, &tree, given.without_dev(cx));
    let result = match tool {
        Tool::Yarn => write_yarn(cx, given, root, &tree, &installed),
        Tool::Pnpm => write_pnpm(cx, root, &manifest, &tree, &installed),
    };
    let result = result.and_then(|()| {
        if lock_text.is_some() || frozen || installed.is_empty() {
            return Ok(());
        }
        let text = match tool {
            Tool::Yarn => yarn_lock(&tree),
            Tool::Pnpm => pnpm_lock(&tree),
        };
        cx.put(&lock_path, Content::from(text), 0o666).map_err(|errno| (lock_path.clone(), errno))
    });
    if let Err((path, errno)) = result {
        let reason = cx.system.message(errno);
        cx.err(format!("error An unexpected error occurred: \"{errno:?}: {reason}, open '{path}'\".\n"));
        return 1;
    }
    told(cx, &tree, installed.len(), tool);
    if !given.has(&["--ignore-scripts"]) {
        for step in ["preinstall", "install", "postinstall", "prepare"] {
            if let Some(exit @ 1..) = scripts::run(cx, root, step, &[], true).await {
                return exit;
            }
        }
    }
    0
}

fn told(cx: &mut Context<'_>, tree: &Tree, count: usize, tool: Tool) {
    let name = tool.name();
    for unknown in tree.unknown.iter().take(3) {
        cx.system.note(NoteKind::NotSimulated, format!("{name}: package {unknown}, which is not in the catalogue"));
    }
    if tree.unknown.len() > 3 {
        cx.system.note(
            NoteKind::NotSimulated,
            format!("{name}: {} more packages that are not in the catalogue", tree.unknown.len() - 3),
        );
    }
    let store = if tool == Tool::Pnpm { "; the store's hard links are left out" } else { "" };
    cx.system.note(
        NoteKind::Modelled,
        format!("{name}: {count} packages, with the names and sizes of their archives' files{store}"),
    );
    cx.out(match tool {
        Tool::Yarn => "yarn install v1.22.22\n[1/4] Resolving packages...\n[2/4] Fetching packages...\n[3/4] Linking dependencies...\n[4/4] Building fresh packages...\nDone in 1.00s.\n".to_owned(),
        Tool::Pnpm => format!("Packages: +{count}\nProgress: resolved {count}, reused 0, downloaded {count}, added {count}, done\nDone in 1s\n"),
    });
}

fn write_yarn(
    cx: &mut Context<'_>,
    given: &Given,
    root: &str,
    tree: &Tree,
    installed: &[usize],
) -> Result<(), (String, Errno)> {
    if installed.is_empty() {
        return Ok(());
    }
    install::write_tree(cx, root, tree, installed)?;
    let integrity = join(root, "node_modules/.yarn-integrity");
    let size = YARN_INTEGRITY + YARN_INTEGRITY_ENTRY * tree.nodes.len() as u64;
    cx.put(&integrity, Content::unknown(size), 0o666).map_err(|errno| (integrity, errno))?;
    let cache = cache(cx, given, Tool::Yarn);
    if cx.make_dirs(&cache).is_err() {
        return Ok(());
    }
    for &index in installed {
        let node = tree.node(index);
        let folder = format!(
            "{cache}/npm-{}-{}-integrity/node_modules/{}",
            node.name.replace('/', "-"),
            node.version,
            node.name
        );
        install::write_package(cx, &folder, &node.release)?;
        // What yarn keeps beside the files, best effort like the rest of a cache.
        let _ = cx.put(&join(&folder, ".yarn-metadata.json"), Content::unknown(YARN_METADATA), 0o666);
        let _ = cx.put(&join(&folder, ".yarn-tarball.tgz"), Content::unknown(node.release.size), 0o666);
    }
    Ok(())
}

/// Bytes of `.yarn-integrity`: its head, and a line for each package; of yarn's note on a cached package.
const YARN_INTEGRITY: u64 = 300;
const YARN_INTEGRITY_ENTRY: u64 = 110;
const YARN_METADATA: u64 = 4_000;

/// pnpm's layout: each version once below `.pnpm`, and links to it.
fn write_pnpm(
    cx: &mut Context<'_>,
    root: &str,
    manifest: &Map<String, Value>,
    tree: &Tree,
    installed: &[usize],
) -> Result<(), (String, Errno)> {
    let modules = join(root, "node_modules");
    let place = |index: usize| {
        let node = tree.node(index);
        format!("{}@{}/node_modules/{}", node.name.replace('/', "+"), node.version, node.name)
    };
    let mut done = BTreeSet::new();
    let link = |cx: &mut Context<'_>, target: String, path: String| {
        let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir).to_owned();
        cx.make_dirs(&dir).and_then(|()| cx.link_to(&target, &path)).map_err(|errno| (path, errno))
    };
    for &index in installed {
        let node = tree.node(index);
        if !done.insert((node.name.clone(), node.version.clone())) {
            continue;
        }
        install::write_package(cx, &format!("{modules}/.pnpm/{}", place(index)), &node.release)?;
        for needed in tree.needs(index) {
            if installed.contains(&needed) {
                let name = tree.node(needed).name.clone();
                let beside =
                    format!("{modules}/.pnpm/{}@{}/node_modules/{name}", node.name.replace('/', "+"), node.version);
                let up = if name.contains('/') { "../../../" } else { "../../" };
                link(cx, format!("{up}{}", place(needed)), beside)?;
            }
        }
    }
    let direct: BTreeSet<String> = manifest::wants(manifest).into_iter().map(|(name, _, _)| name).collect();
    for &index in installed.iter().filter(|index| tree.node(**index).parent == 0) {
        let node = tree.node(index);
        if !direct.contains(&node.name) {
            continue;
        }
        let up = if node.name.contains('/') { "../" } else { "" };
        link(cx, format!("{up}.pnpm/{}", place(index)), format!("{modules}/{}", node.name))?;
        for (bin, path) in node.release.bins() {
            link(cx, format!("../{}/{path}", node.name), format!("{modules}/.bin/{bin}"))?;
        }
    }
    let state = join(&modules, ".modules.yaml");
    let made = cx
        .make_dirs(&modules)
        .and_then(|()| cx.put(&state, Content::unknown(700 + 60 * installed.len() as u64), 0o666));
    made.map_err(|errno| (state, errno))
}

async fn add(cx: &mut Context<'_>, given: &Given, root: &str, tool: Tool) -> Exit {
    let mut changed = manifest::read(cx, root).unwrap_or_default();
    let mut registry = Registry::default();
    let key = if given.has(&["-D", "--dev", "--save-dev"]) { "devDependencies" } else { "dependencies" };
    for text in &given.operands {
        match npm::requested(cx, &mut registry, text).await {
            Ok(Some((name, range))) => manifest::add(&mut changed, key, &name, &range),
            Ok(None) => {}
            Err(error) => {
                cx.system.note(
                    NoteKind::NotSimulated,
                    format!("{}: the catalogue's data cannot be had ({error})", tool.name()),
                );
                return 0;
            }
        }
    }
    save_and_install(cx, given, root, tool, &changed).await
}

async fn remove(cx: &mut Context<'_>, given: &Given, root: &str, tool: Tool) -> Exit {
    let mut changed = manifest::read(cx, root).unwrap_or_default();
    for name in &given.operands {
        manifest::remove(&mut changed, name);
    }
    cx.remove_all(&join(root, "node_modules"));
    save_and_install(cx, given, root, tool, &changed).await
}

async fn save_and_install(
    cx: &mut Context<'_>,
    given: &Given,
    root: &str,
    tool: Tool,
    changed: &Map<String, Value>,
) -> Exit {
    let path = join(root, "package.json");
    if cx.put(&path, Content::from(manifest::text(changed)), 0o666).is_err() {
        return 1;
    }
    cx.remove_all(&join(root, tool.lock()));
    let again = Given { command: "install".to_owned(), options: given.options.clone(), operands: Vec::new() };
    project(cx, &again, root, tool).await
}

async fn global(cx: &mut Context<'_>, given: &Given, tool: Tool) -> Exit {
    let home = cx.process.env.get("HOME").cloned().unwrap_or_else(|| "/root".to_owned());
    let (folder, bin) = match tool {
        Tool::Yarn if cx.process.cred.uid == 0 => {
            ("/usr/local/share/.config/yarn/global".to_owned(), "/usr/local/bin".to_owned())
        }
        Tool::Yarn => (format!("{home}/.config/yarn/global"), format!("{home}/.yarn/bin")),
        Tool::Pnpm => {
            let base = cx.process.env.get("PNPM_HOME").cloned().unwrap_or_else(|| format!("{home}/.local/share/pnpm"));
            (format!("{base}/global/5"), base)
        }
    };
    if cx.make_dirs(&folder).is_err() || cx.make_dirs(&bin).is_err() {
        return 1;
    }
    let exit = Box::pin(add(cx, given, &folder, tool)).await;
    for name in cx.names(&format!("{folder}/node_modules/.bin")) {
        let target = format!("{folder}/node_modules/.bin/{name}");
        if cx.link_to(&target, &join(&bin, &name)).is_err() {
            return 1;
        }
    }
    exit
}

/// The text of a yarn.lock of version 1, without the SHA-1 that it adds to URLs.
fn yarn_lock(tree: &Tree) -> String {
    let mut rows: BTreeMap<String, String> = BTreeMap::new();
    for node in &tree.nodes {
        let mut text = format!(
            "  version \"{}\"\n  resolved \"{}\"\n  integrity sha512-{}\n",
            node.version,
            lock::archive_url(&node.name, &node.version),
            node.release.integrity
        );
        let needs = node.release.strings("dependencies");
        if !needs.is_empty() {
            text.push_str("  dependencies:\n");
            needs.iter().for_each(|(name, range)| text.push_str(&format!("    {name} \"{range}\"\n")));
        }
        rows.insert(format!("\"{}@^{}\":\n", node.name, node.version), text);
    }
    let body: Vec<String> = rows.into_iter().map(|(head, text)| format!("{head}{text}")).collect();
    format!(
        "# THIS IS AN AUTOGENERATED FILE. DO NOT EDIT THIS FILE DIRECTLY.\n# yarn lockfile v1\n\n\n{}",
        body.join("\n")
    )
}

/// The text of a pnpm-lock.yaml: the packages, without their snapshots.
fn pnpm_lock(tree: &Tree) -> String {
    let mut rows: BTreeSet<String> = BTreeSet::new();
    for node in &tree.nodes {
        rows.insert(format!(
            "  {}@{}:\n    resolution: {{integrity: sha512-{}}}\n",
            node.name, node.version, node.release.integrity
        ));
    }
    let body: Vec<String> = rows.into_iter().collect();
    format!(
        "lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n  excludeLinksFromLockfile: false\n\npackages:\n\n{}",
        body.join("\n")
    )
}
