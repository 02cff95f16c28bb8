//! `go`: the program that `build` and `install` leave, the module cache, the build cache.

use super::{Model, base, home};
use crate::packages::files::{Files, join};
use crate::packages::given::Given;
use crate::shell::commands::{Context, Exit, Running};

const WITH_VALUE: &[&str] = &[
    "-o",
    "-ldflags",
    "-tags",
    "-gcflags",
    "-asmflags",
    "-mod",
    "-C",
    "-p",
    "-buildmode",
    "-installsuffix",
    "-pkgdir",
    "-modfile",
    "-run",
    "-timeout",
];

pub(in crate::packages) fn go<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move { run(cx) })
}

fn run(cx: &mut Context<'_>) -> Exit {
    let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let given = Given::read(&args, WITH_VALUE);
    match given.command.as_str() {
        "build" => {
            needs_modules(cx);
            build(cx, &given);
            cache(cx);
            cx.modelled_as("build: the program and the build cache, of usual sizes");
        }
        "install" => install(cx, &given),
        "mod" if given.operands.first().is_some_and(|what| what == "init") => {
            let module = given.operands.get(1).cloned().unwrap_or_else(|| "app".to_owned());
            cx.leave_text("go.mod", &format!("module {module}\n\ngo 1.24\n"));
            cx.err(format!("go: creating new go.mod: module {module}\n"));
        }
        "mod" | "get" => {
            needs_modules(cx);
            cx.modelled_as("modules of usual sizes in the module cache");
        }
        "test" | "vet" | "run" | "generate" => {
            needs_modules(cx);
            cache(cx);
            cx.modelled_as("the build cache, of a usual size");
        }
        "env" if given.has(&["-w"]) => {
            let text: String = given.operands.iter().map(|pair| format!("{pair}\n")).collect();
            let path = join(&home(cx), ".config/go/env");
            cx.leave_text(&path, &text);
        }
        "clean" => {
            let cache = join(&home(cx), ".cache/go-build");
            if given.has(&["-cache"]) {
                cx.remove_all(&cache);
            }
            if given.has(&["-modcache"]) {
                let modules = join(&cx.env_or("GOPATH", "/go"), "pkg/mod");
                cx.remove_all(&modules);
            }
        }
        "version" => {
            let version = cx.env_or("GOLANG_VERSION", "1.24");
            cx.out(format!("go version go{version} linux/amd64\n"));
        }
        _ => return cx.changes_nothing(),
    }
    0
}

/// The modules that go.mod requires, in the module cache.
fn needs_modules(cx: &mut Context<'_>) {
    let text = cx.text("go.mod").unwrap_or_default();
    let cache = cx.env_or("GOMODCACHE", &join(&cx.env_or("GOPATH", "/go"), "pkg/mod"));
    let mut block = false;
    for line in text.lines().map(str::trim) {
        match line {
            "require (" => block = true,
            ")" => block = false,
            _ => {}
        }
        let rest = if block { line } else { line.strip_prefix("require ").unwrap_or("") };
        if let [module, version, ..] = rest.split_whitespace().collect::<Vec<_>>()[..]
            && version.starts_with('v')
        {
            module_in_cache(cx, &cache, module, version);
        }
    }
}

fn module_in_cache(cx: &mut Context<'_>, cache: &str, module: &str, version: &str) {
    // The cache writes a capital letter as `!` and the small one.
    let mut escaped = String::new();
    for c in module.chars() {
        if c.is_ascii_uppercase() {
            escaped.push('!');
        }
        escaped.extend(c.to_lowercase());
    }
    let download = format!("{cache}/cache/download/{escaped}/@v/{version}");
    if cx.exists(&format!("{download}.zip")) {
        return;
    }
    cx.leave(&format!("{download}.zip"), "go module archive", 0o666);
    cx.leave_text(&format!("{download}.ziphash"), &"h".repeat(47));
    cx.leave_text(&format!("{download}.info"), &format!("{{\"Version\":\"{version}\"}}"));
    cx.leave_text(&format!("{download}.mod"), &format!("module {module}\n"));
    cx.leave_remainder(&format!("{cache}/{escaped}@{version}"), "go module");
}

fn cache(cx: &mut Context<'_>) {
    let dir = cx.env_or("GOCACHE", &join(&home(cx), ".cache/go-build"));
    cx.leave_remainder(&dir, "go build cache");
}

fn build(cx: &mut Context<'_>, given: &Given) {
    let package = given.operands.last().cloned().unwrap_or_else(|| ".".to_owned());
    let name = program_name(cx, &package);
    match given.value("-o") {
        Some(out) if out.ends_with('/') || cx.is_dir(out) => {
            let path = join(out.trim_end_matches('/'), &name);
            cx.leave(&path, "go binary", 0o777);
        }
        Some(out) => {
            let out = out.to_owned();
            cx.leave(&out, "go binary", 0o777);
        }
        // Several packages are only compiled.
        None if package.contains("...") => {}
        None => cx.leave(&name, "go binary", 0o777),
    }
}

/// The name of a package's program: the file's, the folder's, or the module's.
fn program_name(cx: &Context<'_>, package: &str) -> String {
    if let Some(stem) = package.strip_suffix(".go") {
        return base(stem).to_owned();
    }
    let folder = base(package.trim_end_matches("..."));
    if !["", "."].contains(&folder) {
        return folder.to_owned();
    }
    let text = cx.text("go.mod").unwrap_or_default();
    let module = text.lines().find_map(|line| line.strip_prefix("module ")).unwrap_or("app").trim().to_owned();
    module_name(&module)
}

/// `example.com/tool/v2` is called `tool`.
fn module_name(module: &str) -> String {
    let last = base(module);
    let is_version = last.strip_prefix('v').is_some_and(|rest| rest.parse::<u32>().is_ok());
    let named = if is_version { module.rsplit('/').nth(1).unwrap_or(last) } else { last };
    named.to_owned()
}

fn install(cx: &mut Context<'_>, given: &Given) {
    let bin = cx.env_or("GOBIN", &join(&cx.env_or("GOPATH", "/go"), "bin"));
    let packages = if given.operands.is_empty() { vec![".".to_owned()] } else { given.operands.clone() };
    for package in packages {
        let name = match package.split_once('@') {
            Some((module, version)) => {
                let cache = cx.env_or("GOMODCACHE", &join(&cx.env_or("GOPATH", "/go"), "pkg/mod"));
                module_in_cache(cx, &cache, module, version);
                module_name(module)
            }
            None => {
                needs_modules(cx);
                program_name(cx, &package)
            }
        };
        cx.leave(&join(&bin, &name), "go binary", 0o777);
    }
    cache(cx);
    cx.modelled_as("install: programs, modules and the build cache, of usual sizes");
}
