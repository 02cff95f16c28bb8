//! `gcc` and its names, `javac`, `dotnet`.

use super::{Model, base, home};
use crate::packages::files::{Files, join};
use crate::packages::given::Given;
use crate::shell::commands::{Context, Exit, Running};

pub(in crate::packages) fn cc<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move { compile(cx) })
}

/// Options of gcc with a value in the next word.
const CC_VALUES: &[&str] =
    &["-o", "-I", "-L", "-D", "-U", "-x", "-include", "-isystem", "-Xlinker", "-T", "-MF", "-MT"];

fn compile(cx: &mut Context<'_>) -> Exit {
    let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let (mut out, mut sources, mut only_object) = (None, Vec::new(), false);
    let mut words = args.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-o" => out = words.next().cloned(),
            "-c" => only_object = true,
            "--version" | "-v" | "-dumpversion" | "-dumpmachine" => return cx.changes_nothing(),
            option if CC_VALUES.contains(&option) => {
                words.next();
            }
            option if option.starts_with('-') && option != "-" => {
                if let Some(path) = option.strip_prefix("-o") {
                    out = Some(path.to_owned());
                }
            }
            source => sources.push(source.to_owned()),
        }
    }
    let name = cx.name().to_owned();
    if sources.is_empty() {
        cx.err(format!("{name}: fatal error: no input files\ncompilation terminated.\n"));
        return 1;
    }
    for source in &sources {
        if source != "-" && !cx.exists(source) {
            cx.err(format!("{name}: error: {source}: No such file or directory\n{name}: fatal error: no input files\ncompilation terminated.\n"));
            return 1;
        }
    }
    if only_object {
        for source in &sources {
            let stem = base(source).rsplit_once('.').map_or(base(source), |(stem, _)| stem);
            let path = out.clone().unwrap_or_else(|| format!("{stem}.o"));
            cx.leave(&path, "c object", 0o666);
        }
    } else {
        cx.leave(&out.unwrap_or_else(|| "a.out".to_owned()), "c binary", 0o777);
    }
    cx.modelled_as("what it compiles has the size of an empty program");
    0
}

pub(in crate::packages) fn javac<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move {
        let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
        let given = Given::read(
            &args,
            &["-d", "-cp", "-classpath", "--class-path", "-source", "-target", "--release", "-encoding"],
        );
        let sources = given.words().into_iter().map(str::to_owned).collect::<Vec<_>>();
        for source in &sources {
            if !cx.exists(source) {
                cx.err(format!("error: file not found: {source}\nUsage: javac <options> <source files>\nuse --help for a list of possible options\n"));
                return 2;
            }
            let class = source.strip_suffix(".java").unwrap_or(source);
            let path = given
                .value("-d")
                .map_or_else(|| format!("{class}.class"), |dir| format!("{dir}/{}.class", base(class)));
            cx.leave(&path, "java class", 0o666);
        }
        cx.modelled_as("classes of a usual size");
        0
    })
}

pub(in crate::packages) fn dotnet<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move { run_dotnet(cx) })
}

fn run_dotnet(cx: &mut Context<'_>) -> Exit {
    let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let given = Given::read(
        &args,
        &[
            "-c",
            "-o",
            "-r",
            "-f",
            "-a",
            "-v",
            "--configuration",
            "--output",
            "--runtime",
            "--framework",
            "--arch",
            "--tool-path",
            "--version",
            "--os",
        ],
    );
    let project = given.operands.iter().find(|word| word.ends_with("proj") || word.ends_with(".sln")).cloned();
    let found = || cx.names(".").into_iter().find(|name| name.ends_with("proj"));
    let file = project.or_else(found).unwrap_or_else(|| "app.csproj".to_owned());
    let dir = file.rsplit_once('/').map_or(".", |(dir, _)| dir).to_owned();
    let name = base(&file).rsplit_once('.').map_or("app", |(stem, _)| stem).to_owned();
    let configuration = given
        .value("-c")
        .or(given.value("--configuration"))
        .unwrap_or(if given.command == "publish" { "Release" } else { "Debug" })
        .to_owned();
    let output = given.value("-o").or(given.value("--output")).map(str::to_owned);
    match given.command.as_str() {
        "restore" => {}
        "build" | "publish" | "test" | "pack" => {
            let below = if given.command == "publish" { "/publish" } else { "" };
            let out = output.unwrap_or_else(|| join(&dir, &format!("bin/{configuration}/net8.0{below}")));
            cx.leave(&join(&out, &format!("{name}.dll")), "dotnet assembly", 0o666);
            cx.leave(&join(&out, &name), "dotnet host", 0o777);
            cx.leave_text(&join(&out, &format!("{name}.runtimeconfig.json")), "{}\n");
            cx.leave_text(&join(&out, &format!("{name}.deps.json")), "{}\n");
            cx.leave_remainder(&join(&dir, &format!("obj/{configuration}")), "dotnet assembly");
        }
        "tool" => {
            let tool =
                given.operands.iter().find(|word| *word != "install" && *word != "update").cloned().unwrap_or_default();
            let bin = given.value("--tool-path").map_or_else(|| join(&home(cx), ".dotnet/tools"), str::to_owned);
            cx.leave(&join(&bin, &tool), "dotnet host", 0o777);
        }
        _ => return cx.changes_nothing(),
    }
    let packages = cx.env_or("NUGET_PACKAGES", &join(&home(cx), ".nuget/packages"));
    cx.leave_remainder(&packages, "nuget packages");
    cx.modelled_as(&format!("{}: assemblies and packages of usual sizes", given.command));
    0
}
