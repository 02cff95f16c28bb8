//! Scripts of package.json, run by the shell as npm, yarn and pnpm run them; and `npx`, which runs a package's program.

use super::manifest;
use crate::packages::files::{Files, join};
use crate::shell::commands::{Context, Exit};
use serde_json::{Map, Value};

/// A script of a manifest.
pub fn script(manifest: &Map<String, Value>, name: &str) -> Option<String> {
    manifest.get("scripts")?.get(name)?.as_str().map(str::to_owned)
}

/// Runs a script with what runs before and after it. None if there is no such script.
pub async fn run(cx: &mut Context<'_>, folder: &str, name: &str, args: &[String], told: bool) -> Option<Exit> {
    let manifest = manifest::read(cx, folder).ok()?;
    script(&manifest, name)?;
    for (step, own) in [(format!("pre{name}"), false), (name.to_owned(), true), (format!("post{name}"), false)] {
        let Some(mut text) = script(&manifest, &step) else { continue };
        if own && !args.is_empty() {
            text = format!("{text} {}", args.join(" "));
        }
        if told {
            let of = |key: &str| manifest.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            cx.out(format!("\n> {}@{} {step}\n> {text}\n\n", of("name"), of("version")));
        }
        let exit = shell(cx, folder, &text).await;
        if exit != 0 {
            return Some(exit);
        }
    }
    Some(0)
}

/// Runs a line of shell in a folder, with the programs of its node_modules first.
pub async fn shell(cx: &mut Context<'_>, folder: &str, text: &str) -> Exit {
    let mut process = cx.process.clone();
    process.cwd = cx.process.path(folder);
    let mut dirs = Vec::new();
    let mut at = process.cwd.clone();
    loop {
        dirs.push(join(&at, "node_modules/.bin"));
        match at.rsplit_once('/') {
            Some((parent, _)) if !parent.is_empty() => at = parent.to_owned(),
            _ => break,
        }
    }
    dirs.extend(process.env.get("PATH").cloned());
    process.env.insert("PATH".to_owned(), dirs.join(":"));
    let argv = ["sh", "-c", text].map(str::to_owned).to_vec();
    cx.launch(process, argv).await.unwrap_or(127)
}

/// Runs a program of node_modules, or of PATH; none if there is none.
pub async fn program(cx: &mut Context<'_>, folder: &str, argv: &[String]) -> Option<Exit> {
    let name = argv.first()?;
    let local = join(folder, &format!("node_modules/.bin/{name}"));
    if !cx.exists(&local) && cx.program(name).is_none() {
        return None;
    }
    let quoted: Vec<String> = argv.iter().map(|word| format!("'{}'", word.replace('\'', "'\\''"))).collect();
    Some(shell(cx, folder, &quoted.join(" ")).await)
}
