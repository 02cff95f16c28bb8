//! `kill`: the only processes there are to end are shells, each by itself (`kill $$`), for commands run one after the other.
//!
//! A signal that a shell traps runs its trap; another one ends it. The RUN's own shell is process 1, which no signal without
//! a trap reaches, SIGKILL included (signal(7)). A job that was started with `&` has ended by then: nothing happens to it.

use super::Ended;
use super::set::{SIGNALS, signal};
use crate::shell::interpreter::{Flow, Shell};
use crate::shell::script::Dialect;

/// What a shell says when a signal ends a program of its (strsignal(3)).
const WORDS: &[(&str, &str)] = &[
    ("HUP", "Hangup"),
    ("QUIT", "Quit"),
    ("ILL", "Illegal instruction"),
    ("ABRT", "Aborted"),
    ("KILL", "Killed"),
    ("USR1", "User defined signal 1"),
    ("SEGV", "Segmentation fault"),
    ("USR2", "User defined signal 2"),
    ("ALRM", "Alarm clock"),
    ("TERM", "Terminated"),
];

/// Signals that end no process by themselves.
const HARMLESS: &[&str] = &["CHLD", "CONT", "WINCH", "STOP", "TSTP", "TTIN", "TTOU"];

pub(super) async fn kill(shell: &mut Shell<'_>, args: Vec<String>) -> Ended {
    let mut rest = &args[1..];
    let mut name = "TERM";
    match rest.first().map(String::as_str) {
        Some("-l" | "-L") => return list(shell, &rest[1..]),
        Some(option @ ("-s" | "-n")) => {
            let text = rest.get(1).cloned().unwrap_or_default();
            match named(&text, shell.dialect) {
                Some(found) => name = found,
                None => return unknown(shell, option, &text),
            }
            rest = rest.get(2..).unwrap_or_default();
        }
        Some("--") => rest = &rest[1..],
        Some(option) if option.starts_with('-') && option.len() > 1 => {
            match named(&option[1..], shell.dialect) {
                Some(found) => name = found,
                None => return unknown(shell, option, &option[1..].to_owned()),
            }
            rest = &rest[1..];
        }
        _ => {}
    }
    if rest.is_empty() {
        return match shell.dialect {
            Dialect::Ash => {
                shell.print_error("sh: you need to specify whom to kill\n");
                shell.end(1)
            }
            _ => {
                shell.print_error(
                    "kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n",
                );
                shell.end(2)
            }
        };
    }
    let mut status = 0;
    for target in rest.iter().cloned() {
        let own = shell.state.process.pid.to_string();
        let main = shell.number().to_string();
        if target == own || (target == main && own == main) {
            if let Some(flow) = receive(shell, name).await {
                return Ok(flow);
            }
            continue;
        }
        if target == main {
            // A subshell ends the shell around it: it is waited for, so that nothing comes after.
            shell.not_simulated("kill: ending the shell from a subshell");
            continue;
        }
        let known = target.parse::<u32>().is_ok_and(|pid| pid >= 1 && pid <= shell.system.pids);
        let job = shell.state.background.is_some() && (target.starts_with('%') || known);
        // Process 1 is there, and ignores what it does not trap.
        let reached = job || target == "1";
        if !reached {
            missing(shell, &target);
            let unreadable = target.parse::<i64>().is_err();
            status = if unreadable && shell.dialect == Dialect::Dash { 2 } else { 1 };
        }
    }
    shell.end(status)
}

/// What a signal does to this shell; none if it goes on.
async fn receive(shell: &mut Shell<'_>, name: &'static str) -> Option<Flow> {
    if name == "0" || HARMLESS.contains(&name) {
        return None;
    }
    if let Some(action) = shell.state.traps.get(name).cloned()
        && name != "KILL"
    {
        let status = shell.state.status;
        let flow = shell.eval(&action).await;
        if flow == Flow::Exit {
            return Some(flow);
        }
        shell.state.status = status;
        return None;
    }
    let first = shell.state.process.pid == 1;
    if first {
        return None;
    }
    let (_, number) = SIGNALS.iter().find(|(own, _)| *own == name)?;
    if shell.dialect != Dialect::Bash
        && let Some((_, words)) = WORDS.iter().find(|(own, _)| *own == name)
    {
        shell.print_error(&format!("{words}\n"));
    }
    // A signal that is not trapped runs no trap of EXIT, but in bash.
    if shell.dialect != Dialect::Bash {
        std::rc::Rc::make_mut(&mut shell.state.traps).remove("EXIT");
    }
    shell.state.status = 128 + number;
    Some(Flow::Exit)
}

fn named(text: &str, dialect: Dialect) -> Option<&'static str> {
    if text == "0" { Some("0") } else { signal(text, dialect) }
}

fn unknown(shell: &mut Shell<'_>, _option: &str, text: &String) -> Ended {
    match shell.dialect {
        Dialect::Ash => shell.print_error(&format!("sh: bad signal name '{text}'\n")),
        Dialect::Dash => return shell.refuse("kill", &format!("Illegal option -{}", &text[..text.len().min(1)]), 2),
        Dialect::Bash => shell.complain(Some("kill"), &format!("{text}: invalid signal specification")),
    }
    shell.end(1)
}

fn missing(shell: &mut Shell<'_>, target: &str) {
    let number = target.parse::<i64>().is_ok();
    match (shell.dialect, number) {
        (Dialect::Ash, true) => shell.print_error(&format!("sh: can't kill pid {target}: No such process\n")),
        (Dialect::Ash, false) => shell.print_error(&format!("sh: invalid number '{target}'\n")),
        // With an empty line after it, as dash has it.
        (Dialect::Dash, true) => shell.complain(Some("kill"), "No such process\n"),
        (Dialect::Dash, false) => shell.complain(Some("kill"), &format!("Illegal number: {target}")),
        (Dialect::Bash, true) => shell.complain(Some("kill"), &format!("({target}) - No such process")),
        (Dialect::Bash, false) => {
            shell.complain(Some("kill"), &format!("{target}: arguments must be process or job IDs"));
        }
    }
}

/// `kill -l`: names of numbers, numbers of names.
fn list(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    if args.is_empty() {
        return shell.unmodelled("kill", "the list of signals");
    }
    for text in args {
        if shell.dialect == Dialect::Dash && text.parse::<u8>().is_err() {
            return shell.refuse("kill", &format!("Illegal number: {text}"), 2);
        }
        let line = match text.parse::<u8>() {
            Ok(number) => SIGNALS.iter().find(|(_, own)| *own == number % 128).map(|(name, _)| (*name).to_owned()),
            Err(_) => signal(text, Dialect::Bash)
                .and_then(|name| SIGNALS.iter().find(|(own, _)| *own == name))
                .map(|(_, number)| number.to_string()),
        };
        match line {
            Some(line) => shell.say(1, &format!("{line}\n")),
            None => return unknown(shell, "-l", text),
        }
    }
    shell.end(0)
}
