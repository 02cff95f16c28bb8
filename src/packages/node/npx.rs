//! `npx`, and what else runs a package's program.

use super::data::Registry;
use super::lock;
use super::npm::{cache, no_data, project_install, put, requested};
use super::scripts;
use crate::packages::files::{Files, join};
use crate::packages::given::Given;
use crate::shell::commands::{Context, Exit, Running};
use serde_json::json;

/// `npx`: a program of node_modules or PATH; else its package is fetched into npm's own folder first.
pub(super) async fn npx(cx: &mut Context<'_>, root: &str, argv: Vec<String>) -> Exit {
    let Some(first) = argv.first().cloned() else { return 0 };
    if let Some(exit) = scripts::program(cx, root, &argv).await {
        return exit;
    }
    let mut registry = Registry::default();
    let (name, range) = match requested(cx, &mut registry, &first).await {
        Ok(Some(found)) => found,
        Ok(None) => return 0,
        Err(error) => return no_data(cx, &error),
    };
    let digest = crate::digest::Digest::of(first.as_bytes()).hex();
    let given = Given::default();
    let folder = format!("{}/_npx/{}", cache(cx, &given), &digest[..16]);
    if cx.make_dirs(&folder).is_err() {
        return 1;
    }
    let manifest = json!({ "dependencies": { name.clone(): range } });
    let text = lock::pretty(&manifest);
    if put(cx, &join(&folder, "package.json"), text).is_err() {
        return 1;
    }
    let install = Given { command: "install".to_owned(), ..Given::default() };
    let exit = Box::pin(project_install(cx, &install, &folder, false)).await;
    if exit != 0 {
        return exit;
    }
    let bin = name.rsplit('/').next().unwrap_or(&name).to_owned();
    let bins = cx.names(&join(&folder, "node_modules/.bin"));
    let program = bins.iter().find(|known| **known == bin).or(bins.first()).cloned().unwrap_or(bin);
    let mut process = cx.process.clone();
    process.cwd = root.to_owned();
    let mut words = vec![join(&folder, &format!("node_modules/.bin/{program}"))];
    words.extend(argv.into_iter().skip(1));
    cx.launch(process, words).await.unwrap_or(127)
}

pub(in crate::packages) fn run_npx<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move {
        let mut args = cx.args.iter().skip(1).cloned().collect::<Vec<_>>();
        while args.first().is_some_and(|arg| arg.starts_with('-')) {
            let option = args.remove(0);
            if ["-p", "--package", "-c", "--call"].contains(&option.as_str()) && !args.is_empty() {
                args.remove(0);
            }
        }
        let root = cx.process.cwd.clone();
        npx(cx, &root, args).await
    })
}
