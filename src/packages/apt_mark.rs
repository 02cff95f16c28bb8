//! `apt-mark`: which packages came by themselves. Holding a package is noted and changes nothing here.

use super::debian::disk;
use super::debian::filter::matches;
use super::debian::status::{STATES, Status};
use crate::shell::commands::{Command, Context, Exit, Options, Run};
use crate::vfs::Content;

pub(super) const COMMAND: Command = Command { name: "apt-mark", run: Run::Plain(run), options: &OPTIONS };

const OPTIONS: Options = Options {
    short: "qysf:o:c:",
    long: &[("file", 'f'), ("option", 'o'), ("quiet", 'q')],
    hidden: "",
    in_order: false,
};

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(&OPTIONS) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let Some(mut status) = Status::load(&cx.system.fs) else {
        return cx.not_simulated("the list of what is installed is not held");
    };
    let Some((command, names)) = parsed.operands.split_first() else { return cx.not_simulated("without a command") };
    match command.as_str() {
        "showmanual" | "showauto" => {
            let auto = command == "showauto";
            let named = |name: &&String| names.is_empty() || names.contains(*name);
            let shown = status.installed().filter(|name| status.auto.contains(*name) == auto).filter(named);
            let text: String = shown.map(|name| format!("{name}\n")).collect();
            cx.out(text);
            0
        }
        "auto" | "manual" => mark(cx, &mut status, names, command == "auto"),
        "hold" | "unhold" | "showhold" => cx.not_simulated(format_args!("the command {command}")),
        _ => {
            cx.err(format!("E: Invalid operation {command}\n"));
            100
        }
    }
}

fn mark(cx: &mut Context<'_>, status: &mut Status, names: &[String], auto: bool) -> Exit {
    let mut text = String::new();
    for name in names {
        // apt's patterns are regular expressions or file name patterns: `.*` is what people write.
        let pattern = name.replace(".*", "*");
        let found: Vec<String> = if pattern.contains(['*', '?']) {
            status.installed().filter(|known| matches(&pattern, known)).cloned().collect()
        } else {
            status.installed().filter(|known| *known == name).cloned().collect()
        };
        if found.is_empty() {
            cx.err(format!("E: Unable to locate package {name}\n"));
            return 100;
        }
        for name in found {
            let changed = if auto { status.auto.insert(name.clone()) } else { status.auto.remove(&name) };
            let state = if auto { "automatically installed" } else { "manually installed" };
            text.push_str(&if changed {
                format!("{name} set to {state}.\n")
            } else {
                format!("{name} was already set to {state}.\n")
            });
        }
    }
    if let Err(errno) = disk::replace(&mut cx.system.fs, STATES, &Content::from(status.states()), 0o644) {
        cx.complain_of(STATES, errno);
        return 100;
    }
    cx.out(text);
    0
}
