//! `sh`, `ash`, `dash`, `bash`: shells as programs. `-c`, scripts by name, `-s`; options of `set`.
//!
//! It lacks interactive use, and start files (`-l` reads none).

use super::{Command, Context, Exit, Options, Run, Running};
use crate::shell::interpreter::{Held, Shell, State};
use crate::shell::script::{Dialect, Reader};
use crate::shell::{Flavour, Process, System, exec};

const OPTIONS: Options = Options::short("aCcefhilno:suvx");

pub(super) const COMMAND: Command = Command { name: "sh", run: Run::Launcher(run), options: &OPTIONS };
pub(super) const ASH: Command = Command { name: "ash", run: Run::Launcher(run), options: &OPTIONS };
pub(super) const DASH: Command = Command { name: "dash", run: Run::Launcher(run), options: &OPTIONS };
pub(super) const BASH: Command = Command { name: "bash", run: Run::Launcher(run), options: &OPTIONS };

fn run<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move {
        let name = cx.name().trim_start_matches('-').to_owned();
        let dialect = dialect(cx.system, cx.process, &name);
        if cx.system.budget.nesting == 0 {
            cx.system.halt(crate::shell::Stop::Nesting);
            return 0;
        }
        cx.system.budget.nesting -= 1;
        let exit = started(cx.system, cx.process, dialect, cx.args.clone()).await;
        cx.system.budget.nesting += 1;
        exit
    })
}

/// Which shell a name stands for in this image.
pub fn dialect(system: &System, process: &Process, name: &str) -> Dialect {
    match name {
        "bash" | "rbash" => Dialect::Bash,
        "dash" => Dialect::Dash,
        "ash" => Dialect::Ash,
        _ if system.flavour == Flavour::Busybox => Dialect::Ash,
        _ => {
            let real = system.fs.realpath(&process.cred, "/bin/sh");
            match real.as_ref().map_or("", |real| real.name()) {
                "bash" => Dialect::Bash,
                "busybox" => Dialect::Ash,
                _ => Dialect::Dash,
            }
        }
    }
}

async fn started(system: &mut System, process: &mut Process, dialect: Dialect, args: Vec<String>) -> Exit {
    let mut args = args.into_iter();
    let called = args.next().unwrap_or_default();
    let first = process.pid == 1;
    let mut state = State::new(process.clone(), Vec::new());
    state.start(dialect, &called);
    let mut shell = Shell::new(system, state, dialect, called.clone());
    let mut rest: Vec<String> = args.collect();
    let (mut inline, mut from_input) = (false, false);
    while let Some(arg) = rest.first().cloned() {
        let Some(letters) = arg.strip_prefix(['-', '+']).filter(|letters| !letters.is_empty()) else { break };
        rest.remove(0);
        let on = arg.starts_with('-');
        if letters == "-" || arg == "--" {
            break;
        }
        if let Some(long) = letters.strip_prefix('-') {
            match long {
                "login" | "norc" | "noprofile" | "posix" | "noediting" if dialect == Dialect::Bash => continue,
                _ => {
                    shell.not_simulated(&format!("option {arg}"));
                    return 0;
                }
            }
        }
        for letter in letters.chars() {
            match letter {
                'c' => inline = true,
                's' => from_input = true,
                'l' | 'h' | 'B' | 'm' | 'b' => {}
                'o' => {
                    let name = if rest.is_empty() { String::new() } else { rest.remove(0) };
                    if let Some(option) = shell.state.options.named(&name) {
                        *option = on;
                    } else if name != "posix" {
                        let text = match dialect {
                            Dialect::Bash => format!("{called}: {name}: invalid option name\n"),
                            Dialect::Dash => format!("{called}: 0: Illegal option -o {name}\n"),
                            Dialect::Ash => format!("{called}: illegal option -o {name}\n"),
                        };
                        shell.print_error(&text);
                        return 2;
                    }
                }
                letter => match shell.state.options.lettered(letter) {
                    Some(option) => *option = on,
                    None => {
                        shell.not_simulated(&format!("option -{letter}"));
                        return 0;
                    }
                },
            }
        }
    }
    if inline {
        if rest.is_empty() {
            let text = match dialect {
                Dialect::Bash => format!("{called}: -c: option requires an argument\n"),
                Dialect::Dash => format!("{called}: 0: -c requires an argument\n"),
                Dialect::Ash => format!("{called}: -c requires an argument\n"),
            };
            shell.print_error(&text);
            return 2;
        }
        let script = rest.remove(0);
        if !rest.is_empty() {
            shell.name = rest.remove(0);
        }
        shell.inline = true;
        shell.tracks = first;
        shell.state.args = rest.into();
        let position = if first { 0 } else { shell.system.position };
        let mut reader = Reader::new(&script, position, !first, dialect);
        return shell.main(&mut reader).await;
    }
    if dialect == Dialect::Bash
        && !from_input
        && let Some(file) = rest.first()
    {
        shell.state.variable("BASH_SOURCE").value = Held::Array([(0, file.clone())].into());
    }
    if from_input || rest.is_empty() {
        let content = {
            let mut process = process.clone();
            Context { args: vec![called], system: shell.system, process: &mut process }.stdin()
        };
        shell.state.args = rest.into();
        let Ok(text) = content.to_text() else {
            shell.not_simulated("a script whose bytes are not held");
            return 0;
        };
        let mut reader = Reader::new(&text, shell.system.position, true, dialect);
        return shell.main(&mut reader).await;
    }
    let path = rest.remove(0);
    file(shell, &path, rest).await
}

/// Runs a script as `sh path args…` does.
pub async fn script(
    system: &mut System,
    process: &mut Process,
    dialect: Dialect,
    path: &str,
    args: Vec<String>,
) -> Exit {
    let mut state = State::new(process.clone(), Vec::new());
    state.start(dialect, path);
    file(Shell::new(system, state, dialect, path.to_owned()), path, args).await
}

async fn file(mut shell: Shell<'_>, path: &str, args: Vec<String>) -> Exit {
    let process = &shell.state.process;
    let mut found = path.to_owned();
    if !path.contains('/')
        && shell.system.fs.stat(&process.cred, &process.path(path)).is_err()
        && let Ok(elsewhere) = exec::look_up(shell.system, process, path, shell.state.get("PATH"))
    {
        found = elsewhere;
    }
    let content = shell.system.fs.read(&process.cred, &process.path(&found));
    let content = match content {
        Ok(content) => content,
        Err(errno) => {
            let text = shell.system.message(errno);
            let name = &shell.name;
            let (message, status) = match shell.dialect {
                Dialect::Ash => (format!("{name}: can't open '{path}': {text}\n"), 2),
                Dialect::Dash => {
                    (format!("{name}: 0: cannot open {path}: {}\n", text.trim_end_matches(" or directory")), 2)
                }
                Dialect::Bash => (format!("{name}: {path}: {text}\n"), 127),
            };
            shell.print_error(&message);
            return status;
        }
    };
    let Ok(text) = content.to_text() else {
        shell.not_simulated(&format!("{path}: a script whose bytes are not held"));
        return 0;
    };
    shell.name = path.to_owned();
    shell.state.args = args.into();
    let mut reader = Reader::new(&text, shell.system.position, true, shell.dialect);
    shell.main(&mut reader).await
}
