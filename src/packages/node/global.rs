//! What `npm` does with packages that are there: installs into the system's folder, removal, pruning.

use super::data::Registry;
use super::lock::{self, Pins};
use super::npm::{LOG, Npm, PACKAGE_LOG, cache, no_data, project_install, put, requested, traces, unknown_manifest};
use super::tree::{self, Tree};
use super::{install, manifest};
use crate::packages::files::{Files, join};
use crate::packages::given::Given;
use crate::shell::NoteKind;
use crate::shell::commands::{Context, Exit};

/// `npm install -g`: each package in a folder of its own, with what it requires inside.
pub(super) async fn global(cx: &mut Context<'_>, given: &Given) -> Exit {
    let prefix = global_prefix(cx, given);
    let mut registry = Registry::default();
    let mut count = 0;
    for text in &given.operands {
        let (name, range) = match requested(cx, &mut registry, text).await {
            Ok(Some(found)) => found,
            Ok(None) => continue,
            Err(error) => return no_data(cx, &error),
        };
        let picked = match registry.package(cx, &name).await {
            Ok(package) => package.and_then(|package| package.pick(&range)),
            Err(error) => return no_data(cx, &error),
        };
        let Some((version, release)) = picked else { continue };
        // An archive that brings its own packages (npm itself) needs no others; else they hang below its own folder.
        let bundled = release.folders.iter().any(|(dir, _)| dir.starts_with("node_modules/"));
        let wants = if bundled { Vec::new() } else { tree::requirements(&release) };
        let mut inner = match Tree::build(cx, &mut registry, &wants, &Pins::default(), true).await {
            Ok(tree) => tree,
            Err(error) => return no_data(cx, &error),
        };
        let folder = format!("{prefix}/lib/node_modules/{name}");
        cx.remove_all(&folder);
        let installed = install::wanted(cx, &inner, false);
        let mut result = install::write_package(cx, &folder, &release);
        result = result.and_then(|()| install::write_tree(cx, &folder, &inner, &installed));
        for (bin, path) in release.bins() {
            let dir = join(&prefix, "bin");
            let link = join(&dir, &bin);
            result = result.and_then(|()| {
                cx.make_dirs(&dir)
                    .and_then(|()| cx.link_to(&format!("../lib/node_modules/{name}/{path}"), &link))
                    .map_err(|errno| (link, errno))
            });
        }
        if let Err((path, errno)) = result {
            let reason = cx.system.message(errno);
            cx.err(format!("npm error code {errno:?}\nnpm error path {path}\nnpm error {errno:?}: {reason}\n"));
            return 243;
        }
        count += installed.len() + 1;
        let cache = cache(cx, given);
        inner.looked_up.insert(name.clone());
        if let Err(error) = install::write_cache(cx, &cache, &mut registry, &inner, &installed).await {
            return no_data(cx, &error);
        }
        if version != release.text {
            cx.system
                .note(NoteKind::Modelled, format!("npm: {name} {version} with the files of version {}", release.text));
        }
        for unknown in inner.unknown.iter().take(3) {
            cx.system.note(NoteKind::NotSimulated, format!("npm: package {unknown}, which is not in the catalogue"));
        }
    }
    cx.system
        .note(NoteKind::Modelled, format!("npm: {count} packages, with the names and sizes of their archives' files"));
    cx.out(format!("\nadded {count} packages in 1s\n"));
    traces(cx, given, LOG + PACKAGE_LOG * count as u64);
    0
}

fn global_prefix(cx: &Context<'_>, given: &Given) -> String {
    let env = &cx.process.env;
    let named = given
        .value("--prefix")
        .or_else(|| env.get("NPM_CONFIG_PREFIX").or(env.get("npm_config_prefix")).map(String::as_str));
    match named {
        Some(dir) => cx.process.path(dir),
        None if cx.system.libc == crate::vfs::Libc::Musl && !env.contains_key("NODE_VERSION") => "/usr".to_owned(),
        None => "/usr/local".to_owned(),
    }
}

pub(super) async fn uninstall(cx: &mut Context<'_>, given: &Given, root: &str) -> Exit {
    if given.is_global() {
        let prefix = global_prefix(cx, given);
        for name in &given.operands {
            let folder = format!("{prefix}/lib/node_modules/{name}");
            for bin in cx.names(&join(&prefix, "bin")) {
                let link = format!("{prefix}/bin/{bin}");
                let target = cx.system.fs.readlink(&cx.process.cred, &link).unwrap_or_default();
                if target.contains(&format!("lib/node_modules/{name}/")) {
                    cx.remove_all(&link);
                }
            }
            cx.remove_all(&folder);
        }
        return 0;
    }
    let Ok(mut manifest) = manifest::read(cx, root) else { return unknown_manifest(cx) };
    for name in &given.operands {
        manifest::remove(&mut manifest, name);
    }
    let text = manifest::text(&manifest);
    if put(cx, &join(root, "package.json"), text).is_err() {
        return 243;
    }
    cx.remove_all(&join(root, "node_modules"));
    let again = Given { command: "install".to_owned(), options: given.options.clone(), operands: Vec::new() };
    project_install(cx, &again, root, false).await
}

/// `npm prune`: development's packages go if they are left out.
pub(super) async fn prune(cx: &mut Context<'_>, given: &Given, root: &str) -> Exit {
    let entries = cx.text(&join(root, "package-lock.json")).as_deref().and_then(lock::entries).unwrap_or_default();
    if !given.without_dev(cx) || entries.is_empty() {
        cx.system.note(NoteKind::Modelled, "npm: prune is taken to remove nothing".to_owned());
        return 0;
    }
    let manifest = manifest::read(cx, root).unwrap_or_default();
    let mut registry = Registry::default();
    let tree = match Tree::of_lock(cx, &mut registry, &entries).await {
        Ok(tree) => tree,
        Err(error) => return no_data(cx, &error),
    };
    let kept = install::wanted(cx, &tree, true);
    let removed: Vec<usize> = tree.in_order().into_iter().filter(|index| !kept.contains(index)).collect();
    for &index in &removed {
        let node = tree.node(index);
        let above = if node.parent == 0 { root.to_owned() } else { join(root, &tree.path(node.parent)) };
        for (name, _) in node.release.bins() {
            cx.remove_all(&join(&above, &format!("node_modules/.bin/{name}")));
        }
        cx.remove_all(&join(root, &tree.path(index)));
    }
    let empty = |cx: &Context<'_>, dir: &str| cx.is_dir(dir) && cx.names(dir).is_empty();
    for name in cx.names(&join(root, "node_modules")) {
        let dir = join(root, &format!("node_modules/{name}"));
        if empty(cx, &dir) {
            cx.remove_all(&dir);
        }
    }
    if install::write_hidden_lock(cx, root, &manifest, &tree, &kept).is_err() {
        return 243;
    }
    cx.out(format!("\nremoved {} packages in 1s\n", removed.len()));
    cx.system.note(NoteKind::Modelled, format!("npm: {} packages removed", removed.len()));
    0
}
