//! `echo`, `printf`, `test`, `[` and `let`: the code of the commands, in the shells' own dialects.

use super::Ended;
use crate::shell::commands::echo::{Dialect as Words, echo as echoed};
use crate::shell::commands::printf::printf as printed;
use crate::shell::commands::test::test as tested;
use crate::shell::files;
use crate::shell::interpreter::Shell;
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
        Dialect::Ash => {
            let text = format!("write error: {text}");
            shell.complain(Some(builtin), &text);
        }
        Dialect::Dash => shell.complain(Some(builtin), &format!("{builtin}: I/O error")[builtin.len() + 2..]),
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
            Dialect::Ash => shell.complain_test("printf", complaint),
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
            Dialect::Ash => shell.complain_test(&name, &complaint),
            _ => shell.complain(None, &complaint),
        }
    }
    shell.end(status)
}

impl Shell<'_> {
    /// busybox's `test` and `printf` speak for themselves: without the line.
    fn complain_test(&mut self, _name: &str, complaint: &str) {
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
