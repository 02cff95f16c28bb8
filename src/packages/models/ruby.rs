//! `gem` and `bundle`: gems in the folder that GEM_HOME names (the official images' /usr/local/bundle).

use super::{Model, home};
use crate::packages::files::{Files, join};
use crate::packages::given::Given;
use crate::shell::commands::{Context, Exit, Running};

pub(in crate::packages) fn gem<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move {
        let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
        let given = Given::read(&args, &["-v", "--version", "--install-dir", "-i", "--source"]);
        if given.command != "install" && given.command != "i" {
            return cx.changes_nothing();
        }
        for name in &given.operands {
            let (name, version) = name
                .split_once(':')
                .unwrap_or((name, given.value("-v").or(given.value("--version")).unwrap_or("latest")));
            install(cx, name, version);
            let bin = join(&gems(cx), &format!("bin/{name}"));
            cx.leave_text(&bin, "#!/usr/bin/env ruby\n");
            let path = cx.process.path(&bin);
            let cred = cx.process.cred.clone();
            if cx.system.fs.chmod(&cred, &path, 0o755).is_err() {
                return 1;
            }
        }
        cx.modelled_as("gems of a usual size");
        0
    })
}

fn gems(cx: &Context<'_>) -> String {
    cx.env_or("BUNDLE_PATH", &cx.env_or("GEM_HOME", "/usr/local/bundle"))
}

fn install(cx: &mut Context<'_>, name: &str, version: &str) {
    let root = gems(cx);
    cx.leave_remainder(&format!("{root}/gems/{name}-{version}"), "gem");
    cx.leave_text(&format!("{root}/specifications/{name}-{version}.gemspec"), &format!("# {name} {version}\n"));
}

pub(in crate::packages) fn bundle<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move { run_bundle(cx) })
}

fn run_bundle(cx: &mut Context<'_>) -> Exit {
    let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let given = Given::read(&args, &["--jobs", "-j", "--retry", "--without", "--path", "--gemfile", "--with"]);
    match given.command.as_str() {
        "" | "install" | "update" => {
            let file = cx.env_or("BUNDLE_GEMFILE", given.value("--gemfile").unwrap_or("Gemfile"));
            let Some(text) = cx.text(&file) else {
                cx.err("Could not locate Gemfile\n");
                return 10;
            };
            let lock = cx.text(&format!("{file}.lock"));
            let names = lock.as_deref().map_or_else(|| of_gemfile(&text), of_lock);
            for (name, version) in &names {
                install(cx, name, version);
            }
            if lock.is_none() {
                let specs: String = names.iter().map(|(name, version)| format!("    {name} ({version})\n")).collect();
                cx.leave_text(&format!("{file}.lock"), &format!("GEM\n  specs:\n{specs}\nPLATFORMS\n  ruby\n"));
            }
            cx.modelled_as(&format!("{} gems of a usual size", names.len()));
        }
        "config" => {
            let words: Vec<&str> =
                given.operands.iter().map(String::as_str).filter(|word| !["set", "unset"].contains(word)).collect();
            let local = given.has(&["--local"]);
            let dir =
                if local { ".bundle".to_owned() } else { cx.env_or("BUNDLE_APP_CONFIG", &join(&home(cx), ".bundle")) };
            if let [key, value, ..] = words[..] {
                let path = join(&dir, "config");
                let before = cx.text(&path).unwrap_or_else(|| "---\n".to_owned());
                let key = key.to_uppercase().replace('.', "__");
                cx.leave_text(&path, &format!("{before}BUNDLE_{key}: \"{value}\"\n"));
            }
        }
        "lock" => cx.leave_text("Gemfile.lock", "GEM\n  specs:\n\nPLATFORMS\n  ruby\n"),
        "exec" | "clean" | "check" | "add" | "binstubs" | "info" | "version" => {
            if given.operands.iter().any(|word| word == "assets:precompile") {
                cx.leave("public/assets/application.js", "page bundle", 0o666);
                cx.leave("public/assets/application.css", "style sheet", 0o666);
                cx.modelled_as("assets:precompile: assets of usual sizes");
                return 0;
            }
            return cx.changes_nothing();
        }
        _ => return cx.changes_nothing(),
    }
    0
}

/// The gems of a Gemfile.lock: `    name (version)` below `specs:`.
fn of_lock(text: &str) -> Vec<(String, String)> {
    let specs = text.lines().filter(|line| line.starts_with("    ") && !line.starts_with("     "));
    specs
        .filter_map(|line| {
            let (name, rest) = line.trim().split_once(" (")?;
            Some((name.to_owned(), rest.trim_end_matches(')').to_owned()))
        })
        .collect()
}

fn of_gemfile(text: &str) -> Vec<(String, String)> {
    let lines = text.lines().filter_map(|line| line.trim().strip_prefix("gem "));
    lines.filter_map(|line| Some((line.split(['"', '\'']).nth(1)?.to_owned(), "latest".to_owned()))).collect()
}
