//! `set`, `shift`, `trap`, and bash's `shopt`.

use super::Ended;
use crate::shell::interpreter::{OPTIONS, Shell, quoted, single_quoted};
use crate::shell::script::Dialect;
use std::rc::Rc;

pub(super) fn set(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    if args.len() == 1 {
        let mut text = String::new();
        for (name, variable) in shell.state.variables.iter() {
            let Some(value) = variable.value.text() else { continue };
            let value = match shell.dialect {
                Dialect::Bash => quoted(value, Dialect::Bash),
                _ => single_quoted(value),
            };
            text.push_str(&format!("{name}={value}\n"));
        }
        shell.say(1, &text);
        return shell.end(0);
    }
    let mut rest = &args[1..];
    while let Some(arg) = rest.first() {
        let on = arg.starts_with('-');
        if arg == "--" {
            shell.state.args = Rc::new(rest[1..].to_vec());
            return shell.end(0);
        }
        if arg == "-" {
            shell.state.options.xtrace = false;
            rest = &rest[1..];
            if !rest.is_empty() {
                shell.state.args = Rc::new(rest.to_vec());
            }
            return shell.end(0);
        }
        if !arg.starts_with(['-', '+']) || arg == "+" {
            shell.state.args = Rc::new(rest.to_vec());
            return shell.end(0);
        }
        rest = &rest[1..];
        for letter in arg[1..].chars() {
            if letter == 'o' {
                let Some(name) = rest.first() else { return list(shell, on) };
                rest = &rest[1..];
                if let Some(option) = shell.state.options.named(name) {
                    *option = on;
                } else if known_without_effect(shell.dialect, name) {
                } else {
                    let name = name.clone();
                    let (text, status) = match shell.dialect {
                        Dialect::Ash => (format!("illegal option -o {name}"), 2),
                        Dialect::Dash => (format!("Illegal option -o {name}"), 2),
                        Dialect::Bash => (format!("{name}: invalid option name"), 2),
                    };
                    return shell.refuse("set", &text, status);
                }
            } else if let Some(option) = shell.state.options.lettered(letter) {
                *option = on;
            } else if "bhimBEHTIVc".contains(letter) {
                // Of interactive shells and jobs.
            } else {
                let sign = if on { '-' } else { '+' };
                let (text, status) = match shell.dialect {
                    Dialect::Ash => (format!("illegal option {sign}{letter}"), 2),
                    Dialect::Dash => (format!("Illegal option {sign}{letter}"), 2),
                    Dialect::Bash => (format!("{sign}{letter}: invalid option"), 2),
                };
                return shell.refuse("set", &text, status);
            }
        }
    }
    shell.end(0)
}

fn known_without_effect(dialect: Dialect, name: &str) -> bool {
    match name {
        "ignoreeof" | "monitor" | "notify" | "vi" | "emacs" | "nolog" => true,
        "errtrace" => dialect == Dialect::Ash,
        "posix"
        | "functrace"
        | "hashall"
        | "history"
        | "histexpand"
        | "braceexpand"
        | "physical"
        | "onecmd"
        | "privileged"
        | "keyword"
        | "interactive-comments" => dialect == Dialect::Bash,
        _ => false,
    }
}

fn list(shell: &mut Shell<'_>, readable: bool) -> Ended {
    let mut text = String::new();
    for (name, _) in OPTIONS {
        let on = shell.state.options.named(name).is_some_and(|on| *on);
        text.push_str(&if readable {
            format!("{name:<15} {}\n", if on { "on" } else { "off" })
        } else {
            format!("set {}o {name}\n", if on { '-' } else { '+' })
        });
    }
    shell.say(1, &text);
    shell.end(0)
}

pub(super) fn shift(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let count = match args.get(1).map(|text| text.parse::<usize>()) {
        None => 1,
        Some(Ok(count)) => count,
        Some(Err(_)) => {
            let text = &args[1];
            let (message, status) = match shell.dialect {
                Dialect::Bash => (format!("{text}: numeric argument required"), 1),
                _ => (format!("Illegal number: {text}"), 2),
            };
            return shell.refuse("shift", &message, status);
        }
    };
    if count > shell.state.args.len() {
        return match shell.dialect {
            Dialect::Dash => shell.refuse("shift", "can't shift that many", 2),
            _ => shell.end(1),
        };
    }
    let rest = shell.state.args[count..].to_vec();
    shell.state.args = rest.into();
    shell.end(0)
}

/// Signals by number.
pub(super) const SIGNALS: &[(&str, u8)] = &[
    ("EXIT", 0),
    ("HUP", 1),
    ("INT", 2),
    ("QUIT", 3),
    ("ILL", 4),
    ("TRAP", 5),
    ("ABRT", 6),
    ("BUS", 7),
    ("FPE", 8),
    ("KILL", 9),
    ("USR1", 10),
    ("SEGV", 11),
    ("USR2", 12),
    ("PIPE", 13),
    ("ALRM", 14),
    ("TERM", 15),
    ("CHLD", 17),
    ("CONT", 18),
    ("STOP", 19),
    ("TSTP", 20),
    ("TTIN", 21),
    ("TTOU", 22),
    ("WINCH", 28),
];

pub(super) fn signal(text: &str, dialect: Dialect) -> Option<&'static str> {
    let upper = text.to_ascii_uppercase();
    let name = upper.strip_prefix("SIG").filter(|_| dialect != Dialect::Dash).unwrap_or(&upper);
    let found = SIGNALS.iter().find(|(own, number)| *own == name || text.parse() == Ok(*number));
    match found {
        Some((name, _)) => Some(name),
        None if dialect == Dialect::Bash => ["ERR", "DEBUG", "RETURN"].into_iter().find(|own| *own == name),
        None => None,
    }
}

pub(super) fn trap(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let rest: Vec<&String> = args[1..].iter().filter(|arg| *arg != "--").collect();
    if rest.is_empty() || rest[0] == "-p" {
        let bash = shell.dialect == Dialect::Bash;
        let mut text = String::new();
        for (name, number) in SIGNALS {
            if let Some(action) = shell.state.traps.get(*name) {
                let shown = if bash && *number > 0 { format!("SIG{name}") } else { (*name).to_owned() };
                let action = if bash { format!("'{}'", action.replace('\'', "'\\''")) } else { single_quoted(action) };
                text.push_str(&format!("trap -- {action} {shown}\n"));
            }
        }
        shell.say(1, &text);
        return shell.end(0);
    }
    // `trap 2` resets, as `trap - 2` does.
    let resets = rest[0] == "-" || rest.len() == 1 || rest[0].parse::<u8>().is_ok();
    let names = if rest[0] == "-" || (rest.len() > 1 && !resets) { &rest[1..] } else { &rest[..] };
    let mut status = 0;
    for text in names {
        let Some(name) = signal(text, shell.dialect) else {
            let message = match shell.dialect {
                Dialect::Ash => format!("{text}: invalid signal specification"),
                Dialect::Dash => format!("{text}: bad trap"),
                Dialect::Bash => format!("{text}: invalid signal specification"),
            };
            shell.complain(Some("trap"), &message);
            status = 1;
            continue;
        };
        if matches!(name, "DEBUG" | "RETURN") {
            shell.not_simulated(&format!("trap {name}"));
            continue;
        }
        let traps = Rc::make_mut(&mut shell.state.traps);
        if resets {
            traps.remove(name);
        } else {
            traps.insert(name.to_owned(), rest[0].clone());
        }
    }
    shell.end(status)
}

pub(super) fn shopt(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let mut on = None;
    for arg in &args[1..] {
        match arg.as_str() {
            "-s" => on = Some(true),
            "-u" => on = Some(false),
            "-q" | "-p" => {}
            name => {
                let option = match name {
                    "nullglob" => Some(&mut shell.state.options.nullglob),
                    "dotglob" => Some(&mut shell.state.options.dotglob),
                    _ => None,
                };
                match (option, on) {
                    (Some(option), Some(on)) => *option = on,
                    (None, Some(false)) => {}
                    (None, Some(true))
                        if matches!(name, "expand_aliases" | "checkwinsize" | "inherit_errexit" | "lastpipe") =>
                    {
                        if name != "checkwinsize" {
                            return shell.unmodelled("shopt", name);
                        }
                    }
                    _ => return shell.unmodelled("shopt", name),
                }
            }
        }
    }
    shell.end(0)
}
