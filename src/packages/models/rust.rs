//! `cargo` and `rustup`: the program in `target`, what else is built there, the registry's cache, toolchain parts.

use super::{Model, base, home};
use crate::packages::files::{Files, join};
use crate::packages::given::Given;
use crate::shell::commands::{Context, Exit, Running};

const WITH_VALUE: &[&str] = &[
    "--target",
    "--bin",
    "--features",
    "-p",
    "--package",
    "--profile",
    "--target-dir",
    "--manifest-path",
    "--root",
    "--path",
    "--git",
    "--version",
    "--recipe-path",
    "--out-dir",
    "-j",
    "--jobs",
    "--branch",
    "--tag",
    "--rev",
    "--color",
    "-F",
    "-Z",
    "--vers",
    "--default-toolchain",
    "-t",
];

pub(in crate::packages) fn cargo<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move { run(cx) })
}

pub(in crate::packages) fn rustup<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move {
        let words = cx.plain_words();
        let root = cx.env_or("RUSTUP_HOME", &join(&home(cx), ".rustup"));
        match words.first().map(String::as_str) {
            Some("target" | "component" | "toolchain")
                if words.get(1).is_some_and(|what| what == "add" || what == "install") =>
            {
                for name in &words[2..] {
                    cx.leave_remainder(&format!("{root}/toolchains/{name}"), "rust component");
                }
                cx.modelled_as("parts of a toolchain, of a usual size");
                0
            }
            _ => cx.changes_nothing(),
        }
    })
}

fn run(cx: &mut Context<'_>) -> Exit {
    let args: Vec<String> = cx.args.iter().skip(1).filter(|arg| !arg.starts_with('+')).cloned().collect();
    let given = Given::read(&args, WITH_VALUE);
    let registry = join(&cx.env_or("CARGO_HOME", &join(&home(cx), ".cargo")), "registry");
    let manifest = given.value("--manifest-path").unwrap_or("Cargo.toml").to_owned();
    match given.command.as_str() {
        "build" | "b" | "zigbuild" | "rustc" => {
            if !cx.exists(&manifest) {
                return no_manifest(cx);
            }
            let dir = output_dir(cx, &given);
            for name in programs(cx, &given, &manifest) {
                cx.leave(&join(&dir, &name), "rust binary", 0o777);
                cx.leave_text(&join(&dir, &format!("{name}.d")), &format!("{name}: src/main.rs\n"));
            }
            cx.leave_remainder(&join(&dir, "deps"), "rust target");
            cx.leave_remainder(&registry, "cargo registry");
            cx.modelled_as("build: the program, its dependencies and the registry's cache, of usual sizes");
        }
        "check" | "test" | "clippy" | "t" | "c" => {
            if !cx.exists(&manifest) {
                return no_manifest(cx);
            }
            let dir = output_dir(cx, &given);
            cx.leave_remainder(&join(&dir, "deps"), "rust target");
            cx.leave_remainder(&registry, "cargo registry");
            cx.modelled_as("dependencies and the registry's cache, of usual sizes");
        }
        "fetch" | "vendor" | "update" | "generate-lockfile" => {
            cx.leave_remainder(&registry, "cargo registry");
            cx.modelled_as("the registry's cache, of a usual size");
        }
        "chef" => {
            if given.operands.first().is_some_and(|what| what == "prepare") {
                let path = given.value("--recipe-path").unwrap_or("recipe.json").to_owned();
                cx.leave_text(&path, "{}\n");
            } else {
                let dir = output_dir(cx, &given);
                cx.leave_remainder(&join(&dir, "deps"), "rust target");
                cx.leave_remainder(&registry, "cargo registry");
            }
            cx.modelled_as("chef: the recipe, or the dependencies, of usual sizes");
        }
        "install" => {
            let root = given
                .value("--root")
                .map_or_else(|| cx.env_or("CARGO_HOME", &join(&home(cx), ".cargo")), str::to_owned);
            let names = match given.value("--path") {
                Some(path) => programs(cx, &given, &join(path, "Cargo.toml")),
                None => given.operands.iter().map(|name| name.split('@').next().unwrap_or(name).to_owned()).collect(),
            };
            for name in names {
                cx.leave(&format!("{root}/bin/{name}"), "rust binary", 0o777);
            }
            cx.leave_remainder(&registry, "cargo registry");
            cx.modelled_as("install: programs and the registry's cache, of usual sizes");
        }
        "new" | "init" => {
            let folder = given.operands.first().cloned().unwrap_or_else(|| ".".to_owned());
            let path = cx.process.path(&folder);
            let name = given.value("--name").map_or_else(|| base(&path).to_owned(), str::to_owned);
            let (file, text) = if given.has(&["--lib"]) {
                ("src/lib.rs", "pub fn add(left: u64, right: u64) -> u64 {\n    left + right\n}\n")
            } else {
                ("src/main.rs", "fn main() {\n    println!(\"Hello, world!\");\n}\n")
            };
            cx.leave_text(
                &join(&folder, "Cargo.toml"),
                &format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n"),
            );
            cx.leave_text(&join(&folder, file), text);
        }
        "clean" => cx.remove_all("target"),
        _ => return cx.changes_nothing(),
    }
    0
}

fn no_manifest(cx: &mut Context<'_>) -> Exit {
    let cwd = cx.process.cwd.clone();
    cx.err(format!("error: could not find `Cargo.toml` in `{cwd}` or any parent directory\n"));
    101
}

fn output_dir(cx: &Context<'_>, given: &Given) -> String {
    let target = given.value("--target-dir").map_or_else(|| cx.env_or("CARGO_TARGET_DIR", "target"), str::to_owned);
    let triple = given.value("--target").map_or_else(|| cx.env_or("CARGO_BUILD_TARGET", ""), str::to_owned);
    let profile = match given.value("--profile") {
        Some("dev") => "debug",
        Some(profile) => profile,
        None if given.has(&["--release", "-r"]) => "release",
        None => "debug",
    };
    join(&join(&target, &triple), profile)
}

/// The programs of a package: those of `[[bin]]`, else the package's name; of a workspace, its members'.
fn programs(cx: &Context<'_>, given: &Given, manifest: &str) -> Vec<String> {
    if let Some(name) = given.value("--bin") {
        return vec![name.to_owned()];
    }
    let text = cx.text(manifest).unwrap_or_default();
    let named = |section: &str| -> Vec<String> {
        let mut names = Vec::new();
        let mut inside = false;
        for line in text.lines().map(str::trim) {
            if line.starts_with('[') {
                inside = line == section;
            } else if let (true, Some(value)) =
                (inside, line.strip_prefix("name").map(|rest| rest.trim_start_matches([' ', '='])))
            {
                names.push(value.trim_matches('"').to_owned());
            }
        }
        names
    };
    let bins = named("[[bin]]");
    if !bins.is_empty() {
        return bins;
    }
    let own = given
        .value("-p")
        .or(given.value("--package"))
        .map(|name| vec![name.to_owned()])
        .unwrap_or_else(|| named("[package]"));
    if !own.is_empty() {
        return own;
    }
    let dir = manifest.strip_suffix("Cargo.toml").unwrap_or("");
    let members =
        text.split_once("members").and_then(|(_, rest)| Some(rest.split_once('[')?.1.split_once(']')?.0.to_owned()));
    let members = members.unwrap_or_default();
    let member_names =
        members.split(',').map(|member| member.trim().trim_matches('"').to_owned()).filter(|member| !member.is_empty());
    member_names.map(|member| base(&format!("{dir}{member}")).to_owned()).collect()
}
