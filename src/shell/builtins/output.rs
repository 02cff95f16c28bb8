//! `echo`, `printf`, `test`, `[` and `let`: the code of the commands, in the shells' own dialects.

use super::Ended;
use crate::shell::commands::echo::{Dialect as Words, echo as echoed};
use crate::shell::commands::printf::printf as printed;
use crate::shell::commands::test::test as tested;
use crate::shell::files;
use crate::shell::interpreter::Shell;
use crate::shell::pattern::Pattern;
use crate::shell::script::Dialect;
use crate::vfs::{Content, Errno};

fn words(dialect: Dialect) -> Words {
    match dialect {
        Dialect::Ash => Words::Busybox,
        Dialect::Dash => Words::Dash,
        Dialect::Bash => Words::Bash,
    }
}

/// Writes a builtin's output; an error is told as the shell tells it.
fn write(shell: &mut Shell<'_>, builtin: &str, bytes: Vec<u8>) -> bool {
    let result = match shell.state.process.fds.get(&1).cloned() {
        Some(fd) => files::write(&fd, shell.system, &Content::from(bytes)).map_err(Some),
        None => Err(None),
    };
    let Err(errno) = result else { return true };
    let text = match errno {
        None | Some(Errno::EPERM) => "Bad file descriptor",
        Some(errno) => shell.system.message(errno),
    };
    match shell.dialect {
        // busybox’s builtins report it as the program they are in.
        Dialect::Ash => shell.complain_applet(&format!("write error: {text}")),
        Dialect::Dash => shell.complain(Some(builtin), &format!("{builtin}: I/O error")),
        Dialect::Bash => shell.complain(Some(builtin), &format!("write error: {text}")),
    }
    false
}

pub(super) fn echo(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let out = echoed(&args[1..], words(shell.dialect));
    let written = write(shell, "echo", out);
    shell.end(u8::from(!written))
}

pub(super) fn printf(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let mut args = &args[1..];
    let mut variable = None;
    if shell.dialect == Dialect::Bash
        && let [option, name, rest @ ..] = args
        && option == "-v"
    {
        variable = Some(name.clone());
        args = rest;
    }
    let result = printed(args, words(shell.dialect));
    for complaint in &result.complaints {
        match shell.dialect {
            Dialect::Ash => shell.complain_applet(complaint),
            // bash gives its usage without saying who says so.
            Dialect::Bash if complaint.starts_with("usage: ") => shell.print_error(&format!("printf: {complaint}\n")),
            _ => shell.complain(Some("printf"), complaint),
        }
    }
    if let Some(what) = &result.not_simulated {
        return shell.unmodelled("printf", what);
    }
    if let Some(name) = variable {
        shell.set(&name, &String::from_utf8_lossy(&result.out))?;
        return shell.end(result.exit);
    }
    let written = result.out.is_empty() || write(shell, "printf", result.out);
    shell.end(if written { result.exit } else { 1 })
}

pub(super) fn test(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let (name, dialect) = (args[0].clone(), words(shell.dialect));
    let (status, complaint) = tested(shell.system, &shell.state.process, &name, &args[1..], dialect);
    if let Some(complaint) = complaint {
        match shell.dialect {
            Dialect::Ash => shell.complain_applet(&complaint),
            _ => shell.complain(None, &complaint),
        }
    }
    shell.end(status)
}

impl Shell<'_> {
    /// busybox's own functions know no line.
    fn complain_applet(&mut self, complaint: &str) {
        let text = format!("{}: {complaint}\n", self.name.rsplit('/').next().unwrap_or_default());
        self.print_error(&text);
    }

    /// A condition of `[[` that `test` has too.
    pub(crate) fn test(&mut self, args: &[String]) -> bool {
        let dialect = words(self.dialect);
        let (status, complaint) = tested(self.system, &self.state.process, "test", args, dialect);
        if let Some(complaint) = complaint {
            self.complain(None, complaint.trim_start_matches("test: "));
        }
        self.state.status = if status == 2 { 2 } else { 0 };
        status == 0
    }
}

pub(super) fn evaluate(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let mut value = 0;
    for arg in &args[1..] {
        value = shell.evaluate_text(arg)?;
    }
    shell.end(u8::from(value == 0))
}

/// ash's `[[`: `test` with `&&` and `||`, patterns to the right of `=` and regular expressions.
pub(super) fn brackets(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let Some((last, words)) = args[1..].split_last().filter(|(last, _)| *last == "]]") else {
        shell.complain_applet("missing ]]");
        return shell.end(2);
    };
    let _ = last;
    let mut status = 1;
    for alternative in words.split(|word| word == "||") {
        status = 0;
        for condition in alternative.split(|word| word == "&&") {
            status = condition_status(shell, condition);
            if status != 0 {
                break;
            }
        }
        if status == 0 {
            break;
        }
    }
    shell.end(status)
}

fn condition_status(shell: &mut Shell<'_>, words: &[String]) -> u8 {
    match words {
        [left, operator, right] if matches!(operator.as_str(), "=" | "==" | "!=") => {
            u8::from(Pattern::new(right).matches(left) != (operator != "!="))
        }
        [left, operator, right] if operator == "=~" => {
            shell.state.status = 0;
            let holds = shell.matches_regex(left, right);
            if shell.state.status == 2 { 2 } else { u8::from(!holds) }
        }
        _ => {
            let (status, complaint) = tested(shell.system, &shell.state.process, "test", words, Words::Busybox);
            if let Some(complaint) = complaint {
                shell.complain_applet(&complaint);
            }
            status
        }
    }
}
