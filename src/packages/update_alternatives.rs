//! `update-alternatives`: which of several programs a link leads to.

use super::debian::alternatives::{self, Group};
use super::debian::shard::Alternative;
use crate::shell::commands::{Command, Context, Exit, Options, Run};
use std::fmt::Write;

pub(super) const COMMAND: Command = Command {
    name: "update-alternatives",
    run: Run::Plain(run),
    options: &Options { in_order: true, ..Options::short("") },
};

fn run(cx: &mut Context<'_>) -> Exit {
    let words: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let words: Vec<&str> =
        words.iter().map(String::as_str).filter(|word| !matches!(*word, "--force" | "--quiet" | "--verbose")).collect();
    let result = match words[..] {
        ["--install", ..] => return install(cx, &words[1..]),
        ["--set", name, path] => alternatives::set(&mut cx.system.fs, name, Some(path)),
        ["--auto", name] => alternatives::set(&mut cx.system.fs, name, None),
        ["--remove", name, path] => alternatives::remove(&mut cx.system.fs, name, path).map(|()| true),
        ["--remove-all", name] => remove_all(cx, name),
        ["--list" | "--query" | "--display", name] => return show(cx, words[0], name),
        _ => return cx.not_simulated("these arguments"),
    };
    match result {
        Ok(true) => 0,
        Ok(false) => {
            let name = words.get(1).copied().unwrap_or_default();
            cx.err(format!("update-alternatives: error: no alternatives for {name}\n"));
            2
        }
        Err(errno) => {
            cx.complain_of(words[1], errno);
            2
        }
    }
}

fn install(cx: &mut Context<'_>, words: &[&str]) -> Exit {
    let [link, name, path, priority, slaves @ ..] = words else {
        return cx.not_simulated("these arguments of --install");
    };
    let Ok(priority) = priority.parse() else {
        cx.err("update-alternatives: error: priority must be an integer\n");
        return 2;
    };
    if cx.system.fs.stat(&cx.process.cred, path).is_err() {
        cx.err(format!("update-alternatives: error: alternative path {path} doesn't exist\n"));
        return 2;
    }
    let mut alternative = Alternative {
        name: (*name).to_owned(),
        link: (*link).to_owned(),
        path: (*path).to_owned(),
        priority,
        slaves: Vec::new(),
    };
    for slave in slaves.chunks(4) {
        let ["--slave", link, name, path] = slave else { return cx.not_simulated("these arguments of --install") };
        alternative.slaves.push(((*name).to_owned(), (*link).to_owned(), (*path).to_owned()));
    }
    let before = alternatives::current(&cx.system.fs, name);
    match alternatives::install(&mut cx.system.fs, &alternative) {
        Ok(()) if before.is_none_or(|before| before != *path) => {
            let now = alternatives::current(&cx.system.fs, name).unwrap_or_default();
            cx.out(format!("update-alternatives: using {now} to provide {link} ({name}) in auto mode\n"));
            0
        }
        Ok(()) => 0,
        Err(errno) => {
            cx.complain_of(link, errno);
            2
        }
    }
}

fn remove_all(cx: &mut Context<'_>, name: &str) -> Result<bool, crate::vfs::Errno> {
    let Some(group) = Group::load(&cx.system.fs, name) else { return Ok(false) };
    for (path, _, _) in &group.choices {
        alternatives::remove(&mut cx.system.fs, name, path)?;
    }
    Ok(true)
}

fn show(cx: &mut Context<'_>, what: &str, name: &str) -> Exit {
    let Some(group) = Group::load(&cx.system.fs, name) else {
        cx.err(format!("update-alternatives: error: no alternatives for {name}\n"));
        return 2;
    };
    let mut text = String::new();
    let current = alternatives::current(&cx.system.fs, name).unwrap_or_default();
    let best = group.best().map(|best| best.0.clone()).unwrap_or_default();
    let mode = if group.manual { "manual" } else { "auto" };
    match what {
        "--query" => {
            let _ =
                writeln!(text, "Name: {name}\nLink: {}\nStatus: {mode}\nBest: {best}\nValue: {current}", group.link);
            for (path, priority, _) in &group.choices {
                let _ = writeln!(text, "\nAlternative: {path}\nPriority: {priority}");
            }
        }
        "--display" => {
            let _ = writeln!(
                text,
                "{name} - {mode} mode\n  link best version is {best}\n  link currently points to {current}"
            );
            let _ = writeln!(text, "  link {name} is {}", group.link);
            for (path, priority, _) in &group.choices {
                let _ = writeln!(text, "{path} - priority {priority}");
            }
        }
        _ => group.choices.iter().for_each(|choice| text.push_str(&format!("{}\n", choice.0))),
    }
    cx.out(text);
    0
}
