//! Builtins that tell something, and those of jobs, of which there are none: each runs to its end at once.

use super::Ended;
use crate::shell::exec::look_up;
use crate::shell::interpreter::{Shell, single_quoted};
use crate::shell::script::Dialect;
use std::rc::Rc;

/// Words of the grammar.
pub const RESERVED: &[&str] =
    &["!", "case", "do", "done", "elif", "else", "esac", "fi", "for", "if", "in", "then", "until", "while", "{", "}"];

pub(super) fn kind(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let mut status = 0;
    let (mut short, mut quiet) = (false, false);
    for name in &args[1..] {
        match name.as_str() {
            "-t" if shell.dialect == Dialect::Bash => short = true,
            "-p" | "-P" if shell.dialect == Dialect::Bash => quiet = true,
            "-a" | "-f" if shell.dialect == Dialect::Bash => {}
            name => {
                let known = if short {
                    shell.kind_word(name)
                } else if quiet {
                    shell.path_of(name)
                } else {
                    shell.describe(name, true, "type")
                };
                if !known {
                    status = if shell.dialect == Dialect::Bash { 1 } else { 127 };
                }
            }
        }
    }
    shell.end(status)
}

impl Shell<'_> {
    fn kind_word(&mut self, name: &str) -> bool {
        let kind = if RESERVED.contains(&name) {
            "keyword"
        } else if self.state.functions.contains_key(name) {
            "function"
        } else if super::find(name, self.dialect).is_some() {
            "builtin"
        } else if look_up(self.system, &self.state.process, name, self.state.get("PATH")).is_ok() {
            "file"
        } else {
            return false;
        };
        self.say(1, &format!("{kind}\n"));
        true
    }

    fn path_of(&mut self, name: &str) -> bool {
        match look_up(self.system, &self.state.process, name, self.state.get("PATH")) {
            Ok(path) => {
                self.say(1, &format!("{path}\n"));
                true
            }
            Err(_) => false,
        }
    }

    /// Says what a name stands for, in a sentence or (for `command -v`) in a word; false if it is nothing.
    pub(super) fn describe(&mut self, name: &str, sentence: bool, builtin: &str) -> bool {
        let bash = self.dialect == Dialect::Bash;
        if let Some(value) = self.state.aliases.get(name) {
            let value = value.clone();
            let text = match (sentence, bash) {
                (true, true) => format!("{name} is aliased to `{value}'\n"),
                (true, false) => format!("{name} is an alias for {value}\n"),
                (false, _) => format!("alias {name}={}\n", single_quoted(&value)),
            };
            self.say(1, &text);
            return true;
        }
        let what = if RESERVED.contains(&name) {
            "is a shell keyword"
        } else if self.state.functions.contains_key(name) {
            match self.dialect {
                Dialect::Dash => "is a shell function",
                _ => "is a function",
            }
        } else if let Some(found) = super::find(name, self.dialect) {
            if found.special && !bash { "is a special shell builtin" } else { "is a shell builtin" }
        } else {
            match look_up(self.system, &self.state.process, name, self.state.get("PATH")) {
                Ok(path) => {
                    let text = if sentence { format!("{name} is {path}\n") } else { format!("{path}\n") };
                    self.say(1, &text);
                    return true;
                }
                Err(_) => {
                    if sentence && bash {
                        self.complain(Some(builtin), &format!("{name}: not found"));
                    } else if sentence {
                        self.say(1, &format!("{name}: not found\n"));
                    }
                    return false;
                }
            }
        };
        if sentence && what == "is a function" && bash {
            let text = format!("{name} is a function\n");
            self.say(1, &text);
            self.not_simulated("type: the text of a function");
            return true;
        }
        let text = if sentence { format!("{name} {what}\n") } else { format!("{name}\n") };
        self.say(1, &text);
        true
    }
}

pub(super) fn alias(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let bash = shell.dialect == Dialect::Bash;
    let word = if bash { "alias " } else { "" };
    let mut status = 0;
    if args.len() == 1 {
        let all: String = shell
            .state
            .aliases
            .iter()
            .map(|(name, value)| format!("{word}{name}={}\n", single_quoted(value)))
            .collect();
        shell.say(1, &all);
    }
    for arg in args[1..].iter().filter(|arg| *arg != "-p" && *arg != "--") {
        if let Some((name, value)) = arg.split_once('=') {
            Rc::make_mut(&mut shell.state.aliases).insert(name.to_owned(), value.to_owned());
            if !bash {
                // ash and dash use them from the next line on; here none is.
                shell.not_simulated(&format!("alias {name}"));
            }
        } else if let Some(value) = shell.state.aliases.get(arg).cloned() {
            shell.say(1, &format!("{word}{arg}={}\n", single_quoted(&value)));
        } else {
            let text = format!("{arg}: not found");
            shell.complain(Some("alias"), &text);
            status = 1;
        }
    }
    shell.end(status)
}

pub(super) fn unalias(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let mut status = 0;
    for arg in &args[1..] {
        if arg == "-a" {
            shell.state.aliases = Rc::default();
        } else if Rc::make_mut(&mut shell.state.aliases).remove(arg).is_none() {
            status = 1;
        }
    }
    shell.end(status)
}

pub(super) fn hash(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let mut status = 0;
    for name in args[1..].iter().filter(|arg| !arg.starts_with('-')) {
        let found = shell.state.functions.contains_key(name.as_str())
            || super::find(name, shell.dialect).is_some()
            || look_up(shell.system, &shell.state.process, name, shell.state.get("PATH")).is_ok();
        if !found {
            shell.complain(Some("hash"), &format!("{name}: not found"));
            status = 1;
        }
    }
    shell.end(status)
}

pub(super) fn times(shell: &mut Shell<'_>, _args: &[String]) -> Ended {
    let time = match shell.dialect {
        Dialect::Bash => "0m0.000s",
        Dialect::Dash => "0m0.000000s",
        Dialect::Ash => "0m0.00s",
    };
    shell.say(1, &format!("{time} {time}\n{time} {time}\n"));
    shell.end(0)
}

pub(super) fn ulimit(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let sets = args[1..].iter().any(|arg| !arg.starts_with('-'));
    if sets {
        return shell.end(0);
    }
    let asked: String = args[1..].iter().flat_map(|arg| arg[1..].chars()).filter(|c| !"SH".contains(*c)).collect();
    let value = match asked.as_str() {
        "" | "f" | "t" | "d" | "v" => "unlimited",
        // Others (`-n`, `-c`, `-u`) are the daemon's.
        "s" => "8192",
        _ => return shell.unmodelled("ulimit", &args[1..].join(" ")),
    };
    shell.say(1, &format!("{value}\n"));
    shell.end(0)
}

/// All jobs have ended; their status is known if it was the last one.
pub(super) fn wait(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let Some(pid) = args.get(1) else { return shell.end(0) };
    let last = shell.state.background.map(|pid| pid.to_string());
    if pid.starts_with('%') || last.as_ref() == Some(pid) || pid == "-n" {
        let status = shell.state.background_status;
        return shell.end(status);
    }
    if last.is_some() && pid.parse::<u32>().is_ok_and(|pid| pid <= shell.system.pids) {
        return shell.end(0);
    }
    if shell.dialect == Dialect::Bash {
        shell.complain(Some("wait"), &format!("pid {pid} is not a child of this shell"));
    }
    shell.end(127)
}

pub(super) fn no_jobs(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let name = args[0].clone();
    match shell.dialect {
        Dialect::Bash => shell.refuse(&name, "no job control", 1),
        _ => shell.refuse(&name, "job (null) not created under job control", 2),
    }
}
