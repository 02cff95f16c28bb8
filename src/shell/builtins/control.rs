//! Builtins that say what runs next: `eval`, `.`, `exec`, `command`, `exit`, `return`, `break`, `continue`, `:`.

use super::Ended;
use crate::shell::exec::look_up;
use crate::shell::interpreter::{Fatal, Flow, Held, Shell};
use crate::shell::script::{Dialect, Reader};

pub(super) fn colon(shell: &mut Shell<'_>, _args: &[String]) -> Ended {
    shell.end(0)
}

pub(super) fn not_true(shell: &mut Shell<'_>, _args: &[String]) -> Ended {
    shell.end(1)
}

/// A status given as an argument; without one the last one.
fn status(shell: &mut Shell<'_>, args: &[String]) -> Result<u8, Ended> {
    let Some(text) = args.get(1) else { return Ok(shell.state.status) };
    match text.trim().parse::<i64>() {
        Ok(number) if number >= 0 || shell.dialect == Dialect::Bash => Ok((number & 0xff) as u8),
        _ => {
            let name = args[0].clone();
            if shell.dialect == Dialect::Bash {
                shell.complain(Some(&name), &format!("{text}: numeric argument required"));
                shell.state.status = 2;
                return Err(Ok(Flow::Exit));
            }
            Err(shell.refuse(&name, &format!("Illegal number: {text}"), 2))
        }
    }
}

pub(super) fn exit(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    match status(shell, args) {
        Ok(status) => {
            shell.state.status = status;
            Ok(Flow::Exit)
        }
        Err(ended) => ended,
    }
}

pub(super) fn leave_function(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    match status(shell, args) {
        Ok(_) if shell.dialect == Dialect::Bash && !shell.in_call() => {
            let text = "can only `return' from a function or sourced script";
            shell.refuse("return", text, 2)
        }
        Ok(status) => {
            shell.state.status = status;
            Ok(Flow::Return)
        }
        Err(ended) => ended,
    }
}

pub(super) fn leave_loop(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let count = match args.get(1).map(|text| text.parse::<u32>()) {
        None => 1,
        Some(Ok(count)) if count > 0 => count,
        _ => {
            let text = args.get(1).map_or("", String::as_str);
            let message = match shell.dialect {
                Dialect::Bash => format!("{text}: numeric argument required"),
                _ => format!("Illegal number: {text}"),
            };
            return shell.refuse(&args[0], &message, if shell.dialect == Dialect::Bash { 128 } else { 2 });
        }
    };
    shell.state.status = 0;
    let loops = shell.loops();
    if loops == 0 {
        if shell.dialect == Dialect::Bash {
            let text = "only meaningful in a `for', `while', or `until' loop";
            shell.complain(Some(&args[0]), text);
        }
        return Ok(Flow::Next);
    }
    let count = count.min(loops);
    Ok(if args[0] == "break" { Flow::Break(count) } else { Flow::Continue(count) })
}

pub(super) async fn eval(shell: &mut Shell<'_>, args: Vec<String>) -> Ended {
    let text = args[1..].join(" ");
    shell.state.status = 0;
    Ok(shell.eval(&text).await)
}

pub(super) async fn dot(shell: &mut Shell<'_>, args: Vec<String>) -> Ended {
    let name = args[0].clone();
    let Some(file) = args.get(1).cloned() else {
        return match shell.dialect {
            Dialect::Bash => shell.refuse(&name, "filename argument required", 2),
            Dialect::Ash => shell.refuse(&name, "filename argument required", 2),
            Dialect::Dash => shell.end(0),
        };
    };
    let process = &shell.state.process;
    let mut path = file.clone();
    if !file.contains('/') {
        let directories = shell.state.get("PATH").unwrap_or_default();
        let found = directories.split(':').map(|directory| format!("{directory}/{file}")).find(|candidate| {
            shell.system.fs.stat(&process.cred, &process.path(candidate)).is_ok_and(|stat| stat.is_file())
        });
        match found {
            Some(found) => path = found,
            // bash and busybox look in the working directory, too.
            None if shell.dialect != Dialect::Dash => {}
            None => return shell.refuse(&name, &format!("{file}: not found"), 2),
        }
    }
    let content = shell.system.fs.read(&process.cred, &process.path(&path));
    let content = match content {
        Ok(content) => content,
        Err(errno) => {
            let text = shell.system.message(errno);
            let old = shell.system.libc == crate::vfs::Libc::Musl;
            return match shell.dialect {
                Dialect::Ash if !old && !file.contains('/') => shell.refuse(&name, &format!("{file}: not found"), 2),
                Dialect::Ash if old => shell.refuse(&name, &format!("can't open '{file}': {text}"), 2),
                Dialect::Ash => shell.refuse(&name, &format!("can't open {file}: no such file"), 2),
                Dialect::Dash => {
                    let text = text.trim_end_matches(" or directory");
                    shell.refuse(&name, &format!("cannot open {file}: {text}"), 2)
                }
                Dialect::Bash => {
                    shell.complain(None, &format!("{file}: {text}"));
                    shell.end(1)
                }
            };
        }
    };
    let Ok(text) = content.to_text() else {
        return shell.unmodelled(&name, &format!("{file}: bytes that are not held"));
    };
    let given = args.get(2..).filter(|args| !args.is_empty() && shell.dialect != Dialect::Dash);
    let saved = given.map(|args| std::mem::replace(&mut shell.state.args, args.to_vec().into()));
    let outer = (shell.dialect == Dialect::Bash).then(|| shell.state.variables.get("BASH_SOURCE").cloned());
    if let Some(outer) = &outer {
        let others = outer.as_ref().map(|variable| variable.value.values()).unwrap_or_default();
        let files = std::iter::once(path.clone()).chain(others);
        shell.state.variable("BASH_SOURCE").value = Held::Array((0..).zip(files).collect());
    }
    let flow = shell.source(&text).await;
    if let Some(outer) = outer {
        shell.state.variable("BASH_SOURCE").value = outer.map_or(Held::Nothing, |variable| variable.value);
    }
    if let Some(saved) = saved {
        shell.state.args = saved;
    }
    Ok(flow)
}

pub(super) async fn exec(shell: &mut Shell<'_>, args: Vec<String>) -> Ended {
    let mut args = args;
    args.remove(0);
    if args.first().is_some_and(|arg| arg == "--") {
        args.remove(0);
    }
    if args.is_empty() {
        return shell.end(0);
    }
    if let Some(option) = args.first().filter(|arg| arg.starts_with('-') && arg.len() > 1) {
        let what = format!("option {option}");
        return shell.unmodelled("exec", &what);
    }
    shell.run_program(args, Some("exec")).await;
    Ok(Flow::Exit)
}

pub(super) async fn builtin(shell: &mut Shell<'_>, args: Vec<String>) -> Ended {
    let mut args = args;
    args.remove(0);
    let Some(name) = args.first().cloned() else { return shell.end(0) };
    match super::find(&name, shell.dialect) {
        Some(builtin) => (builtin.run)(shell, args).await,
        None => shell.refuse("builtin", &format!("{name}: not a shell builtin"), 1),
    }
}

pub(super) async fn command(shell: &mut Shell<'_>, args: Vec<String>) -> Ended {
    let mut args = args;
    args.remove(0);
    let (mut path, mut short, mut long) = (None, false, false);
    while let Some(option) = args.first().filter(|arg| arg.starts_with('-') && arg.len() > 1) {
        let option = option.clone();
        args.remove(0);
        if option == "--" {
            break;
        }
        for letter in option[1..].chars() {
            match letter {
                'p' => path = Some("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
                'v' => short = true,
                'V' => long = true,
                _ => return shell.unmodelled("command", &format!("option -{letter}")),
            }
        }
    }
    if short || long {
        let mut missing = 0;
        // ash and dash look at the first name only.
        let names = if shell.dialect == Dialect::Bash { args.len() } else { 1 };
        for name in args.iter().take(names) {
            if !shell.describe(name, long, "command") {
                missing += 1;
            }
        }
        // bash is content with one that it finds.
        let status = match shell.dialect {
            Dialect::Bash => u8::from(missing == args.len()),
            _ if missing > 0 => 127,
            _ => 0,
        };
        return shell.end(status);
    }
    let Some(name) = args.first().cloned() else { return shell.end(0) };
    if let Some(builtin) = super::find(&name, shell.dialect) {
        // `command` takes a special builtin’s power to end the shell away.
        return match (builtin.run)(shell, args).await {
            Err(Fatal) if shell.system.stop.is_none() => Ok(Flow::Next),
            ended => ended,
        };
    }
    if let Some(path) = path
        && let Ok(found) = look_up(shell.system, &shell.state.process, &name, Some(path))
    {
        args[0] = found;
    }
    shell.run_program(args, None).await;
    Ok(if shell.system.stop.is_some() { Flow::Exit } else { Flow::Next })
}

impl Shell<'_> {
    /// Runs text as `.` does.
    async fn source(&mut self, text: &str) -> Flow {
        self.begin_call();
        let mut reader = Reader::new(text, self.system.position, true, self.dialect);
        let flow = self.sourced(&mut reader).await;
        self.end_call();
        if flow == Flow::Return { Flow::Next } else { flow }
    }
}
