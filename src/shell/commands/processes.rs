//! `kill` and `ps`. Commands run one after the other here, so that there is no other process to see or to end.

use super::{Command, Context, Exit, Options, Run};
use crate::shell::accounts::Accounts;

pub(super) const KILL: Command =
    Command { name: "kill", run: Run::Plain(kill), options: &Options { in_order: true, ..Options::short("s:l") } };

pub(super) const PS: Command = Command { name: "ps", run: Run::Plain(ps), options: &Options::short("aefo:uxwlT") };

/// Programs that look for processes by name, of which there are none.
pub(super) const KILLALL: Command =
    Command { name: "killall", run: Run::Plain(search), options: &Options::short("lqs:") };
pub(super) const PGREP: Command =
    Command { name: "pgrep", run: Run::Plain(search), options: &Options::short("aflnoxvu:") };
pub(super) const PIDOF: Command = Command { name: "pidof", run: Run::Plain(search), options: &Options::short("so:") };
pub(super) const PKILL: Command =
    Command { name: "pkill", run: Run::Plain(search), options: &Options::short("flnoxvu:") };

fn search(cx: &mut Context<'_>) -> Exit {
    let names: Vec<String> = cx.args.iter().skip(1).filter(|arg| !arg.starts_with('-')).cloned().collect();
    if names.iter().any(|name| matches!(name.as_str(), "sh" | "bash" | "dash" | "ash")) {
        return cx.not_simulated("a search for the shell itself");
    }
    if cx.name() == "killall" {
        let quiet = cx.args.iter().any(|arg| arg == "-q");
        for name in names.iter().filter(|_| !quiet) {
            let message = if cx.busybox() { "no process killed" } else { "no process found" };
            if cx.busybox() {
                cx.complain(format_args!("{name}: {message}"));
            } else {
                cx.err(format!("{name}: {message}\n"));
            }
        }
    }
    1
}

const SIGNALS: [&str; 31] = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
    "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO",
    "PWR", "SYS",
];

fn signal(text: &str) -> bool {
    let name = text.to_ascii_uppercase();
    text.parse::<u8>().is_ok_and(|number| number < 65) || SIGNALS.contains(&name.trim_start_matches("SIG"))
}

fn kill(cx: &mut Context<'_>) -> Exit {
    let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let mut pids = args.as_slice();
    match args.first().map(String::as_str) {
        Some("-l") => {
            let names: String = SIGNALS.iter().enumerate().map(|(i, name)| format!("{:>2}) {name}\n", i + 1)).collect();
            cx.out(names);
            return 0;
        }
        Some("-s" | "-n") => pids = args.get(2..).unwrap_or_default(),
        Some("--") => pids = &args[1..],
        Some(option) if option.starts_with('-') && option.len() > 1 => {
            if !signal(&option[1..]) {
                cx.complain(format_args!("bad signal name '{}'", &option[1..]));
                return 1;
            }
            pids = &args[1..];
        }
        _ => {}
    }
    if pids.is_empty() {
        cx.complain("you need to specify whom to kill");
        return 1;
    }
    let mut exit = 0;
    for pid in pids {
        match pid.parse::<u32>() {
            Ok(number) if number == 1 || number == cx.process.pid => return cx.not_simulated("ending the RUN itself"),
            Ok(_) if cx.busybox() => cx.complain(format_args!("can't kill pid {pid}: No such process")),
            Ok(_) => cx.complain(format_args!("({pid}): No such process")),
            Err(_) if cx.busybox() => cx.complain(format_args!("invalid number '{pid}'")),
            Err(_) => cx.complain(format_args!("failed to parse argument: '{pid}'")),
        }
        exit = 1;
    }
    exit
}

fn ps(cx: &mut Context<'_>) -> Exit {
    match cx.options(PS.options) {
        Ok(parsed) if parsed.value('o').is_some() => return cx.not_simulated("option -o"),
        Ok(_) => {}
        Err(exit) => return exit,
    }
    cx.modelled("the processes are those of a RUN");
    let user = Accounts::load(cx.system.fs.merged()).user_name(cx.process.cred.uid);
    let pid = cx.process.pid.max(2);
    let text = if cx.busybox() {
        format!("PID   USER     TIME  COMMAND\n    1 {user:<8}  0:00 /bin/sh -c\n{pid:>5} {user:<8}  0:00 ps\n")
    } else {
        format!("  PID TTY          TIME CMD\n    1 ?        00:00:00 sh\n{pid:>5} ?        00:00:00 ps\n")
    };
    cx.out(text);
    0
}
