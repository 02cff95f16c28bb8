//! `corepack`: the links by which yarn and pnpm are in PATH.

use crate::packages::files::{Files, join};
use crate::shell::NoteKind;
use crate::shell::commands::{Context, Exit, Running};

/// The programs, each with the script that it is a link to.
const SHIMS: &[(&str, &str)] =
    &[("pnpm", "pnpm.js"), ("pnpx", "pnpx.js"), ("yarn", "yarn.js"), ("yarnpkg", "yarnpkg.js")];

pub(in crate::packages) fn run<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move { corepack(cx) })
}

fn corepack(cx: &mut Context<'_>) -> Exit {
    let words: Vec<String> = cx.args.iter().skip(1).filter(|arg| !arg.starts_with('-')).cloned().collect();
    let bin = cx.program("corepack").and_then(|path| Some(path.rsplit_once('/')?.0.to_owned()));
    let bin = bin.unwrap_or_else(|| "/usr/local/bin".to_owned());
    match words.first().map(String::as_str) {
        Some("enable") => {
            let chosen = &words[1..];
            for (name, script) in SHIMS {
                let group = if name.starts_with('y') { "yarn" } else { "pnpm" };
                if chosen.is_empty() || chosen.iter().any(|word| word == group) {
                    let link = join(&bin, name);
                    if let Err(errno) = cx.link_to(&format!("../lib/node_modules/corepack/dist/{script}"), &link) {
                        let reason = cx.system.message(errno);
                        cx.err(format!("Internal Error: {reason}, symlink '{link}'\n"));
                        return 1;
                    }
                    // What the link leads to is a part of Node's archive, which a base image may only model.
                    let target = format!("{}/lib/node_modules/corepack/dist/{script}", bin.trim_end_matches("/bin"));
                    if !cx.exists(&target) {
                        let made = target.rsplit_once('/').is_some_and(|(dir, _)| cx.make_dirs(dir).is_ok());
                        if made {
                            let _ = cx.put(&target, crate::vfs::Content::unknown(SHIM), 0o777);
                        }
                    }
                }
            }
            cx.system.note(NoteKind::Modelled, "corepack: links for yarn and pnpm".to_owned());
        }
        Some("disable") => SHIMS.iter().for_each(|(name, _)| cx.remove_all(&join(&bin, name))),
        Some(other) => {
            let what = words.get(1).map_or("", String::as_str);
            cx.system.note(NoteKind::Modelled, format!("corepack: {other} {what} is taken to change no file"));
        }
        None => {}
    }
    0
}

/// Bytes of such a script (Corepack 0.34).
const SHIM: u64 = 107;
