//! `cd`, `pwd`, `umask`.

use super::Ended;
use crate::shell::commands::mode::{Target, apply};
use crate::shell::interpreter::Shell;
use crate::shell::script::Dialect;
use crate::vfs::{Access, Errno, Libc};

pub(super) fn cd(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let mut args = args[1..].iter().map(String::as_str).peekable();
    let mut physical = false;
    while let Some(option) = args.next_if(|arg| arg.starts_with('-') && arg.len() > 1) {
        match option {
            "--" => break,
            "-P" => physical = true,
            "-L" => physical = false,
            _ => return shell.unmodelled("cd", &format!("option {option}")),
        }
    }
    let (target, shows) = match args.next() {
        Some("-") => match shell.state.get("OLDPWD") {
            Some(old) => (old.to_owned(), true),
            None if shell.dialect == Dialect::Bash => return shell.refuse("cd", "OLDPWD not set", 1),
            None => (shell.logical(), true),
        },
        Some(target) => (target.to_owned(), false),
        None => match shell.state.get("HOME") {
            Some(home) => (home.to_owned(), false),
            None if shell.dialect == Dialect::Bash => return shell.refuse("cd", "HOME not set", 1),
            None => return shell.end(0),
        },
    };
    if args.next().is_some() && shell.dialect == Dialect::Bash {
        return shell.refuse("cd", "too many arguments", 1);
    }
    if target.is_empty() {
        return shell.end(0);
    }
    let old = shell.logical();
    let logical = if target.starts_with('/') { target.clone() } else { format!("{old}/{target}") };
    let logical = crate::path::AbsPath::new(&logical).to_string();
    // Logical: `..` takes the last name away, whatever links there are.
    let path = if physical { shell.state.process.path(&target) } else { logical.clone() };
    match enter(shell, &path) {
        Ok(real) => {
            let new = if physical { real.clone() } else { logical };
            shell.state.process.cwd = real;
            shell.state.put("OLDPWD", &old);
            shell.state.put("PWD", &new);
            shell.state.variable("OLDPWD").exported = true;
            shell.state.variable("PWD").exported = true;
            if shows {
                shell.say(1, &format!("{new}\n"));
            }
            shell.end(0)
        }
        Err(errno) => {
            let text = shell.system.message(errno);
            let message = match shell.dialect {
                Dialect::Ash => format!("can't cd to {target}: {text}"),
                Dialect::Dash => format!("can't cd to {target}"),
                Dialect::Bash => format!("{target}: {text}"),
            };
            let status = if shell.dialect == Dialect::Bash { 1 } else { 2 };
            shell.refuse("cd", &message, status)
        }
    }
}

fn enter(shell: &Shell<'_>, path: &str) -> Result<String, Errno> {
    let (fs, cred) = (&shell.system.fs, &shell.state.process.cred);
    if !fs.stat(cred, path)?.is_dir() {
        return Err(Errno::ENOTDIR);
    }
    fs.access(cred, path, Access::Execute)?;
    Ok(fs.realpath(cred, path)?.to_string())
}

impl Shell<'_> {
    /// The working directory as it was gone to: PWD, if it still leads there.
    fn logical(&self) -> String {
        let process = &self.state.process;
        let leads = |pwd: &&str| {
            pwd.starts_with('/')
                && self.system.fs.realpath(&process.cred, pwd).is_ok_and(|real| real.as_str() == process.cwd)
        };
        self.state.get("PWD").filter(leads).map_or_else(|| process.cwd.clone(), str::to_owned)
    }
}

pub(super) fn pwd(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let physical = args[1..].iter().any(|arg| arg == "-P");
    let path = if physical { shell.state.process.cwd.clone() } else { shell.logical() };
    shell.say(1, &format!("{path}\n"));
    shell.end(0)
}

/// bash's `dirs`: the working directory and the stack below it; `-p` and `-v` one a line, `-c` empties it.
pub(super) fn dirs(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let mut shape = ' ';
    for arg in &args[1..] {
        match arg.as_str() {
            "-c" => {
                shell.state.directories.clear();
                return shell.end(0);
            }
            "-p" | "-v" | "-l" => shape = arg.chars().nth(1).unwrap_or(shape),
            _ => return shell.unmodelled("dirs", arg),
        }
    }
    let home = shell.state.get("HOME").unwrap_or_default().to_owned();
    let all = std::iter::once(shell.logical()).chain(shell.state.directories.iter().cloned());
    let shown: Vec<String> = all
        .map(|path| match path.strip_prefix(&home) {
            Some(rest) if !home.is_empty() && home != "/" && shape != 'l' => format!("~{rest}"),
            _ => path,
        })
        .collect();
    let text = match shape {
        'v' => shown.iter().enumerate().map(|(i, path)| format!("{i:>2}  {path}\n")).collect(),
        'p' => shown.iter().map(|path| format!("{path}\n")).collect(),
        _ => format!("{}\n", shown.join(" ")),
    };
    shell.say(1, &text);
    shell.end(0)
}

/// bash's `pushd`: goes there, and remembers where it was; without an operand the two change places.
pub(super) fn pushd(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let here = shell.logical();
    let target = match args.get(1) {
        Some(option) if option.starts_with(['-', '+']) => return shell.unmodelled("pushd", option),
        Some(target) => target.clone(),
        None if shell.state.directories.is_empty() => {
            shell.complain(Some("pushd"), "no other directory");
            return shell.end(1);
        }
        None => shell.state.directories.remove(0),
    };
    go(shell, &target, Some(here))
}

/// bash's `popd`: back to the last one.
pub(super) fn popd(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    if let Some(option) = args.get(1) {
        return shell.unmodelled("popd", option);
    }
    if shell.state.directories.is_empty() {
        shell.complain(Some("popd"), "directory stack empty");
        return shell.end(1);
    }
    let target = shell.state.directories.remove(0);
    go(shell, &target, None)
}

fn go(shell: &mut Shell<'_>, target: &str, push: Option<String>) -> Ended {
    let arguments = ["cd".to_owned(), "--".to_owned(), target.to_owned()];
    let ended = cd(shell, &arguments)?;
    if shell.state.status != 0 {
        return Ok(ended);
    }
    if let Some(here) = push {
        shell.state.directories.insert(0, here);
    }
    dirs(shell, &["dirs".to_owned()])
}

pub(super) fn umask(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let mut symbolic = false;
    let mut given = None;
    for arg in &args[1..] {
        match arg.as_str() {
            "-S" => symbolic = true,
            "-p" if shell.dialect == Dialect::Bash => {}
            other => given = Some(other),
        }
    }
    let mask = shell.state.process.umask;
    let Some(given) = given else {
        let text = if symbolic {
            let part = |shift: u16| -> String {
                let kept = !mask >> shift;
                [(4, 'r'), (2, 'w'), (1, 'x')].iter().filter(|(bit, _)| kept & bit != 0).map(|(_, c)| *c).collect()
            };
            format!("u={},g={},o={}\n", part(6), part(3), part(0))
        } else {
            format!("{mask:04o}\n")
        };
        shell.say(1, &text);
        return shell.end(0);
    };
    let new = if given.starts_with(|c: char| c.is_ascii_digit()) {
        u16::from_str_radix(given, 8).ok().filter(|mask| *mask <= 0o777)
    } else {
        {
            let target = Target { mode: !mask & 0o777, is_dir: false, umask: 0, gnu: true };
            apply(given, target).map(|mode| !mode & 0o777)
        }
    };
    match new {
        Some(new) => {
            shell.state.process.umask = new;
            shell.end(0)
        }
        None => {
            let message = match shell.dialect {
                Dialect::Ash if shell.system.libc == Libc::Musl => format!("illegal mode: {given}"),
                Dialect::Ash | Dialect::Dash => format!("Illegal mode: {given}"),
                Dialect::Bash => format!("{given}: invalid symbolic mode operator"),
            };
            let status = if shell.dialect == Dialect::Bash { 1 } else { 2 };
            shell.refuse("umask", &message, status)
        }
    }
}
