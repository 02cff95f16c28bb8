//! `getent`: entries of the account files and of `/etc/hosts`, musl's program and glibc's. It lacks the other databases.

use super::{Command, Context, Exit, Options, Run};
use crate::vfs::Libc;

pub(super) const COMMAND: Command = Command { name: "getent", run: Run::Plain(run), options: &Options::short("") };

fn run(cx: &mut Context<'_>) -> Exit {
    let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let Some((database, keys)) = args.split_first() else {
        if cx.system.libc == Libc::Glibc {
            cx.try_help("wrong number of arguments");
            return 1;
        }
        return usage(cx);
    };
    let path = match database.as_str() {
        "passwd" => "/etc/passwd",
        "group" => "/etc/group",
        "shadow" => "/etc/shadow",
        "hosts" | "ahosts" => return hosts(cx, keys),
        "gshadow" | "ahostsv4" | "ahostsv6" | "networks" | "protocols" | "services" | "rpc" | "shells" | "ethers"
        | "initgroups" | "netgroup" | "aliases" => return cx.not_simulated(format_args!("the database {database}")),
        _ if cx.system.libc == Libc::Glibc => {
            cx.err(format!("Unknown database: {database}\n"));
            cx.err("Try `getent --help' or `getent --usage' for more information.\n");
            return 1;
        }
        _ => {
            cx.err(format!("getent: Unknown database `{database}': No error information\n"));
            return usage(cx);
        }
    };
    let text = cx.input(path).ok().and_then(|content| content.to_text().ok()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().filter(|line| line.contains(':')).collect();
    if keys.is_empty() {
        let all: String = lines.iter().map(|line| format!("{line}\n")).collect();
        cx.out(all);
        return 0;
    }
    let mut exit = 0;
    for key in keys {
        // A number is looked for as such, but in `shadow`, which has none.
        let column = if key.parse::<u32>().is_ok() && path != "/etc/shadow" { 2 } else { 0 };
        match lines.iter().find(|line| line.split(':').nth(column) == Some(key)) {
            // musl writes no empty list of members.
            Some(line) if path == "/etc/group" && cx.system.libc == Libc::Musl => {
                cx.out(format!("{}\n", line.trim_end_matches(':')));
            }
            Some(line) => cx.out(format!("{line}\n")),
            None => exit = 2,
        }
    }
    exit
}

fn usage(cx: &mut Context<'_>) -> Exit {
    cx.err(
        "Usage: getent database [key ...]\n\tdatabase may be one of:\n\t\tethers group hosts ahosts ahostsv4 ahostsv6 \
         networks\n\t\tpasswd protocols services shadow shells\n",
    );
    1
}

fn hosts(cx: &mut Context<'_>, keys: &[String]) -> Exit {
    let text = cx.input("/etc/hosts").ok().and_then(|content| content.to_text().ok()).unwrap_or_default();
    let mut exit = 0;
    let lines: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default().split_whitespace().collect())
        .filter(|words: &Vec<&str>| words.len() > 1)
        .collect();
    let shown = |words: &[&str]| format!("{:<15} {}\n", words[0], words[1..].join(" "));
    if keys.is_empty() {
        let all: String = lines.iter().map(|words| shown(words)).collect();
        cx.out(all);
    }
    for key in keys {
        // The IPv6 line comes first where a name has both.
        let mut found: Vec<&Vec<&str>> = lines.iter().filter(|words| words.contains(&key.as_str())).collect();
        found.sort_by_key(|words| !words[0].contains(':'));
        match (found.first(), cx.system.libc) {
            (Some(words), Libc::Glibc) => {
                let line = shown(words);
                cx.out(line);
            }
            (Some(words), Libc::Musl) => {
                let name = key.as_str();
                cx.out(format!("{:<17} {name}  {name}\n", words[0]));
            }
            (None, _) => exit = 2,
        }
    }
    exit
}
