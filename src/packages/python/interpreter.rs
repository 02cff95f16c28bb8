//! `python`: no program runs here. Modules that install or compile (`-m pip`, `-m venv`, `-m compileall`) do what they do;
//! any other script is taken to change no file, and noted as a model of that.

use super::home::Home;
use super::{pip, venv};
use crate::packages::files::{Files, join};
use crate::shell::NoteKind;
use crate::shell::commands::{Context, Exit, Running};
use crate::vfs::Content;

/// Options of the interpreter that take a value.
const WITH_VALUE: &[&str] = &["-W", "-X", "--check-hash-based-pycs"];

pub(in crate::packages) fn run<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(python(cx))
}

async fn python(cx: &mut Context<'_>) -> Exit {
    let program = cx.args.first().cloned().unwrap_or_default();
    let mut args = cx.args.iter().skip(1).cloned().collect::<Vec<_>>().into_iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "-m" => {
                let module = args.next().unwrap_or_default();
                return run_module(cx, &program, &module, args.collect()).await;
            }
            "-c" => {
                let code = args.next().unwrap_or_default();
                let line: String = code.lines().next().unwrap_or_default().chars().take(40).collect();
                return unchanging(cx, &format!("-c {line}"));
            }
            "-V" | "--version" => {
                let minor = Home::of(cx, &program).minor;
                let version = cx.process.env.get("PYTHON_VERSION").cloned().unwrap_or_else(|| format!("3.{minor}"));
                cx.out(format!("Python {version}\n"));
                return 0;
            }
            "-" => return unchanging(cx, "a script from standard input"),
            option if WITH_VALUE.contains(&option) => {
                args.next();
            }
            option if option.starts_with('-') => {}
            script => return run_script(cx, &program, script, args.collect()).await,
        }
    }
    unchanging(cx, "a script from standard input")
}

async fn run_module(cx: &mut Context<'_>, program: &str, module: &str, args: Vec<String>) -> Exit {
    match module {
        "pip" => pip::pip(cx, program, args).await,
        "venv" | "virtualenv" => venv::create(cx, program, &args).await,
        "compileall" => compile_all(cx, program, &args),
        "ensurepip" => unchanging(cx, "-m ensurepip: pip is there"),
        _ => unchanging(cx, &format!("-m {module}")),
    }
}

async fn run_script(cx: &mut Context<'_>, program: &str, script: &str, args: Vec<String>) -> Exit {
    let name = script.rsplit('/').next().unwrap_or(script);
    if name == "pip" || name.starts_with("pip3") {
        return pip::pip(cx, script, args).await;
    }
    if !cx.exists(script) {
        let path = cx.process.path(script);
        let shown = program.rsplit('/').next().unwrap_or(program);
        cx.err(format!("{shown}: can't open file '{path}': [Errno 2] No such file or directory\n"));
        return 2;
    }
    // A console script of an installed package.
    if script.contains("/bin/") {
        return unchanging(cx, &format!("{name} {}", args.first().map_or("", String::as_str)));
    }
    unchanging(cx, &format!("{script} {}", args.first().map_or("", String::as_str)))
}

/// Notes that something ran and is taken to leave no files.
fn unchanging(cx: &mut Context<'_>, what: &str) -> Exit {
    cx.system.note(NoteKind::Modelled, format!("python: {} is taken to change no file", what.trim()));
    0
}

/// Bytes of bytecode for a thousand bytes of source: over all modules of the catalogue's wheels, CPython 3.11.
const BYTECODE_RATIO: u64 = 1_230;

/// `compileall`: a file in `__pycache__` for each module below the named folders.
fn compile_all(cx: &mut Context<'_>, program: &str, args: &[String]) -> Exit {
    let home = Home::of(cx, program);
    let mut folders: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    let site = home.site.clone();
    if folders.is_empty() {
        folders.push(&site);
    }
    for folder in folders {
        for (path, size) in cx.files_below(folder) {
            let Some(stem) = path.strip_suffix(".py") else { continue };
            let (dir, name) = stem.rsplit_once('/').map_or(("", stem), |(dir, name)| (dir, name));
            let cache = join(&join(folder, dir), "__pycache__");
            let file = join(&cache, &format!("{name}.{}.pyc", home.cache_tag()));
            let made = cx
                .make_dirs(&cache)
                .and_then(|()| cx.put(&file, Content::unknown(size * BYTECODE_RATIO / 1000 + 200), 0o666));
            if made.is_err() {
                return 1;
            }
        }
    }
    cx.system.note(NoteKind::Modelled, "python: compileall, with sizes in proportion to the sources".to_owned());
    0
}
