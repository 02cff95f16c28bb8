//! `useradd` of shadow-utils, as Debian configures it: a group of its own for each user, no home without `-m`, `/bin/sh`,
//! subordinate ids for users who are not of the system.

use super::account_files::{GROUP, GSHADOW, PASSWD, SHADOW, TODAY, lock, members, name_of, put, shadow_update};
use super::calendar;
use super::copy_gnu::{self, Follow};
use super::syscalls::concat;
use super::walk::{Walk, walk};
use super::{Command, Context, Exit, Options, Parsed, Run};
use crate::shell::accounts::{Accounts, number};
use crate::vfs::Errno;

pub(super) const COMMAND: Command = Command {
    name: "useradd",
    run: Run::Plain(run),
    options: &Options {
        short: "b:c:d:e:f:Fg:G:k:K:lmMNop:rs:u:U1",
        long: &[
            ("badname", '1'),
            ("base-dir", 'b'),
            ("comment", 'c'),
            ("home-dir", 'd'),
            ("home", 'd'),
            ("expiredate", 'e'),
            ("inactive", 'f'),
            ("add-subids-for-system", 'F'),
            ("gid", 'g'),
            ("groups", 'G'),
            ("skel", 'k'),
            ("key", 'K'),
            ("no-log-init", 'l'),
            ("create-home", 'm'),
            ("no-create-home", 'M'),
            ("no-user-group", 'N'),
            ("non-unique", 'o'),
            ("password", 'p'),
            ("system", 'r'),
            ("shell", 's'),
            ("uid", 'u'),
            ("user-group", 'U'),
        ],
        hidden: "1",
        in_order: false,
    },
};

/// A failure: the message and the exit status of useradd(8), groupadd(8), usermod(8).
pub(super) type Failure = (String, Exit);

/// Prints the failure and hands back its status.
pub(super) fn end(cx: &mut Context<'_>, result: Result<(), Failure>) -> Exit {
    match result {
        Ok(()) => 0,
        Err((message, exit)) => {
            if message.is_empty() {
                let usage = format!(
                    "Usage: {} [options] {}\n",
                    cx.name(),
                    if cx.name().starts_with("group") { "GROUP" } else { "LOGIN" }
                );
                cx.err(usage);
            } else {
                cx.complain(message);
            }
            exit
        }
    }
}

/// Wrong usage.
pub(super) fn usage() -> Failure {
    (String::new(), 2)
}

/// Takes the locks.
pub(super) fn locked(cx: &mut Context<'_>) -> Result<(), Failure> {
    lock(cx).map_err(|errno| {
        let reason =
            if errno == Errno::EACCES { "Permission denied." } else { "cannot lock /etc/passwd; try again later." };
        (reason.to_owned(), 1)
    })
}

/// Turns a failed rewriting into the programs' message.
pub(super) fn written(result: Result<(), Errno>, path: &str) -> Result<(), Failure> {
    result.map_err(|errno| (format!("failure while writing changes to {path}: {errno}"), 1))
}

/// Is it a login or group name that the programs accept?
pub(super) fn valid_name(name: &str) -> bool {
    let body = name.strip_suffix('$').unwrap_or(name);
    !body.is_empty()
        && body.len() <= 32
        && !body.bytes().all(|b| b.is_ascii_digit())
        && body.chars().enumerate().all(|(i, c)| c.is_ascii_alphanumeric() || c == '_' || (i > 0 && "-.".contains(c)))
}

/// A free number: for the system from 999 down, else one above the highest that is used.
pub(super) fn free_id(used: &[u32], system: bool) -> Option<u32> {
    let (min, max) = if system { (101, 999) } else { (1000, 60_000) };
    if system {
        return (min..=max).rev().find(|id| !used.contains(id));
    }
    let highest = used.iter().filter(|id| (min..=max).contains(*id)).max();
    match highest {
        None => Some(min),
        Some(highest) if *highest < max => Some(highest + 1),
        Some(_) => (min..=max).find(|id| !used.contains(id)),
    }
}

/// A free group number: the user's own if it can be.
pub(super) fn free_gid(accounts: &Accounts, system: bool, preferred: Option<u32>) -> Option<u32> {
    let used: Vec<u32> = accounts.groups.iter().map(|group| group.gid).collect();
    match preferred {
        Some(gid) if !used.contains(&gid) => Some(gid),
        _ => free_id(&used, system),
    }
}

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let result = match parsed.operands.as_slice() {
        [name] => add(cx, name, &parsed),
        _ => Err(usage()),
    };
    end(cx, result)
}

fn add(cx: &mut Context<'_>, name: &str, parsed: &Parsed) -> Result<(), Failure> {
    let accounts = Accounts::load(cx.system.fs.merged());
    let system = parsed.has('r');
    if !parsed.has('1') && !valid_name(name) {
        return Err((format!("invalid user name '{name}': use --badname to ignore"), 3));
    }
    let unknown = |group: &str| (format!("group '{group}' does not exist"), 6);
    let given_gid = match parsed.value('g') {
        Some(text) => {
            let found = accounts.group(text).map(|group| group.gid);
            let by_number = || number(text).and_then(|gid| accounts.group_of(gid)).map(|group| group.gid);
            Some(found.or_else(by_number).ok_or_else(|| unknown(text))?)
        }
        None => None,
    };
    let mut groups = Vec::new();
    for text in parsed.value('G').unwrap_or_default().split(',').filter(|text| !text.is_empty()) {
        let group = accounts.group(text).or_else(|| number(text).and_then(|gid| accounts.group_of(gid)));
        groups.push(group.ok_or_else(|| unknown(text))?.name.clone());
    }
    if accounts.user(name).is_some() {
        return Err((format!("user '{name}' already exists"), 9));
    }
    let own_group = given_gid.is_none() && !parsed.has('N');
    if own_group && accounts.group(name).is_some() {
        let message = format!("group {name} exists - if you want to add this user to that group, use -g.");
        return Err((message, 9));
    }
    locked(cx)?;
    let used: Vec<u32> = accounts.users.iter().map(|user| user.uid).collect();
    let uid = match parsed.value('u') {
        Some(text) => {
            let uid = number(text).ok_or_else(|| (format!("invalid user ID '{text}'"), 3))?;
            if !parsed.has('o') && used.contains(&uid) {
                return Err((format!("UID {uid} is not unique"), 4));
            }
            uid
        }
        None => free_id(&used, system).ok_or_else(|| ("no more available UIDs".to_owned(), 4))?,
    };
    // Without a group of its own, a user is in `users`.
    let gid = match given_gid {
        Some(gid) => gid,
        None if !own_group => 100,
        None => free_gid(&accounts, system, Some(uid)).ok_or_else(|| ("no more available GIDs".to_owned(), 4))?,
    };
    let base = parsed.value('b').unwrap_or("/home");
    let home = parsed.value('d').map_or_else(|| concat(base, name), str::to_owned);
    let shell = parsed.value('s').unwrap_or("/bin/sh");
    if !shell.is_empty() && cx.stat(shell).is_err() {
        cx.complain(format_args!("Warning: missing or non-executable shell '{shell}'"));
    }
    let comment = parsed.value('c').unwrap_or_default();
    let expires = match parsed.value('e') {
        None | Some("") => String::new(),
        Some(date) => match calendar::parse_gnu(date) {
            Some(time) => (time.seconds.div_euclid(86_400)).to_string(),
            None => return Err((format!("invalid date '{date}'"), 3)),
        },
    };
    let inactive = parsed.value('f').filter(|days| *days != "-1").unwrap_or_default();
    let password = parsed.value('p').unwrap_or("!");
    let aging = if system { "::" } else { "0:99999:7" };

    written(
        shadow_update(cx, PASSWD, |lines| put(lines, name, format!("{name}:x:{uid}:{gid}:{comment}:{home}:{shell}"))),
        PASSWD,
    )?;
    let entry = format!("{name}:{password}:{TODAY}:{aging}:{inactive}:{expires}:");
    written(shadow_update(cx, SHADOW, |lines| put(lines, name, entry)), SHADOW)?;
    written(
        shadow_update(cx, GROUP, |lines| {
            members(lines, |group| groups.iter().any(|name| name == group), name, true);
            if own_group {
                put(lines, name, format!("{name}:x:{gid}:"));
            }
        }),
        GROUP,
    )?;
    written(
        shadow_update(cx, GSHADOW, |lines| {
            members(lines, |group| groups.iter().any(|name| name == group), name, true);
            if own_group {
                put(lines, name, format!("{name}:!::"));
            }
        }),
        GSHADOW,
    )?;
    if !system || parsed.has('F') {
        for path in ["/etc/subuid", "/etc/subgid"] {
            written(shadow_update(cx, path, |lines| subordinate(lines, name)), path)?;
        }
    }
    if parsed.has('m') && !parsed.has('M') {
        make_home(cx, &home, uid, gid, parsed.value('k').unwrap_or("/etc/skel"))?;
    }
    Ok(())
}

/// The next 65,536 subordinate ids.
fn subordinate(lines: &mut Vec<String>, name: &str) {
    if lines.iter().any(|line| name_of(line) == name) {
        return;
    }
    let end = |line: &String| {
        let mut fields = line.split(':').skip(1).map(|field| field.parse::<u64>().ok());
        Some(fields.next()?? + fields.next()??)
    };
    let start = lines.iter().filter_map(end).max().unwrap_or(0).max(100_000);
    lines.push(format!("{name}:{start}:65536"));
}

fn make_home(cx: &mut Context<'_>, home: &str, uid: u32, gid: u32, skel: &str) -> Result<(), Failure> {
    if cx.stat(home).is_ok() {
        cx.complain(format_args!("warning: the home directory {home} already exists."));
        cx.complain("Not copying any file from skel directory into it.");
        return Ok(());
    }
    let failed = |errno: Errno| (format!("cannot create directory {home}: {errno}"), 12);
    let ends: Vec<usize> = home.match_indices('/').map(|(at, _)| at).filter(|at| *at > 0).collect();
    for end in ends {
        let dir = &home[..end];
        if cx.stat(dir).is_err() {
            cx.mkdir(dir, 0o700).and_then(|()| cx.chmod(dir, 0o755)).map_err(failed)?;
        }
    }
    cx.mkdir(home, 0o700)
        .and_then(|()| cx.chown(home, Some(uid), Some(gid), true))
        .and_then(|()| cx.chmod(home, 0o755))
        .map_err(failed)?;
    copy_skeleton(cx, skel, home, uid, gid);
    Ok(())
}

/// Copies what a new home starts with, for its owner.
pub(super) fn copy_skeleton(cx: &mut Context<'_>, skel: &str, home: &str, uid: u32, gid: u32) {
    let Ok(children) = cx.read_dir(skel) else { return };
    let how = copy_gnu::Copying {
        recursive: true,
        mode: true,
        owner: true,
        times: true,
        links: true,
        follow: Follow::Never,
        ..copy_gnu::Copying::default()
    };
    for child in children {
        let dest = concat(home, &child.name);
        copy_gnu::copy(cx, &concat(skel, &child.name), &dest, how, &mut copy_gnu::Seen::default());
        let all = Walk { recursive: true, ..Walk::default() };
        let mut own = |cx: &mut Context<'_>, path: &str, _: &_, _| cx.chown(path, Some(uid), Some(gid), false).is_ok();
        walk(cx, &dest, all, &mut own, &mut |_, _, _| {});
    }
}
