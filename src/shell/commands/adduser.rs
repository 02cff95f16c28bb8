//! `adduser` and `addgroup` of busybox, and the way to Debian's scripts of the same names.
//!
//! The home gets mode 2755 whatever the umask; a password cannot be asked for in a build, so that without `-D` the user is
//! made and the status is 1.

use super::account_files::{GROUP, GSHADOW, PASSWD, SHADOW, TODAY, busybox_update, lines, members, name_of};
use super::copy::{self, Copying};
use super::walk::{Walk, walk};
use super::{Command, Context, Exit, Options, Parsed, Run, debian_adduser};
use crate::shell::accounts::{Accounts, number};
use crate::vfs::{Errno, Libc};

pub(super) const ADDUSER: Command = Command {
    name: "adduser",
    run: Run::Plain(adduser),
    options: &Options {
        short: "h:g:s:G:DSHu:k:",
        long: &[
            ("home", 'h'),
            ("gecos", 'g'),
            ("shell", 's'),
            ("ingroup", 'G'),
            ("disabled-password", 'D'),
            ("empty-password", 'D'),
            ("system", 'S'),
            ("no-create-home", 'H'),
            ("uid", 'u'),
            ("skel", 'k'),
        ],
        hidden: "",
        in_order: false,
    },
};

pub(super) const ADDGROUP: Command = Command {
    name: "addgroup",
    run: Run::Plain(addgroup),
    options: &Options { short: "g:S", long: &[("gid", 'g'), ("system", 'S')], hidden: "", in_order: false },
};

/// busybox's `-S` counts from here, others from 1000.
const FIRST_SYSTEM: u32 = 100;

fn refused(cx: &mut Context<'_>) -> bool {
    if cx.process.cred.uid != 0 {
        cx.complain("permission denied (are you root?)");
        return true;
    }
    false
}

fn adduser(cx: &mut Context<'_>) -> Exit {
    if !cx.busybox() {
        return debian_adduser::adduser(cx);
    }
    let parsed = match cx.options(ADDUSER.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if refused(cx) {
        return 1;
    }
    match parsed.operands.as_slice() {
        [name] => match user(cx, name, &parsed) {
            Ok(exit) => exit,
            Err(message) => {
                cx.complain(message);
                1
            }
        },
        [user, group] => join(cx, user, group),
        _ => {
            cx.busybox_usage();
            1
        }
    }
}

fn in_use(kind: &str, what: impl std::fmt::Display) -> String {
    format!("{kind} '{what}' in use")
}

fn user(cx: &mut Context<'_>, name: &str, parsed: &Parsed) -> Result<Exit, String> {
    let musl = cx.system.libc == Libc::Musl;
    check_name(name)?;
    let accounts = Accounts::load(cx.system.fs.merged());
    if accounts.user(name).is_some() {
        return Err(in_use("user", name));
    }
    let system = parsed.has('S');
    let group = parsed.value('G').map(str::to_owned).or(system.then(|| "nogroup".to_owned()));
    let mut gid = match &group {
        Some(group) => Some(accounts.gid(group).ok_or_else(|| format!("unknown group {group}"))?),
        None => None,
    };
    let free = |uid: u32| accounts.user_of(uid).is_none() && (gid.is_some() || accounts.group_of(uid).is_none());
    let uid = match parsed.value('u') {
        Some(text) => {
            let limit = if musl { 256_000 } else { 60_000 };
            let uid = number(text).ok_or_else(|| format!("invalid number '{text}'"))?;
            if uid > limit {
                return Err(format!("number {text} is not in 0..{limit} range"));
            }
            if !free(uid) {
                return Err(in_use("uid", uid));
            }
            uid
        }
        None => {
            let (first, last) = if system { (FIRST_SYSTEM, 999) } else { (1000, 60_000) };
            (first..=last).find(|uid| free(*uid)).ok_or("no uids left")?
        }
    };
    if gid.is_none() && accounts.group(name).is_some() {
        return Err(in_use("group", name));
    }
    let gid = *gid.get_or_insert(uid);

    let home = parsed.value('h').map_or_else(|| format!("/home/{name}"), str::to_owned);
    let comment = parsed.value('g').unwrap_or(if musl { "Linux User,,," } else { "" });
    let shell = match parsed.value('s') {
        Some(shell) => shell.to_owned(),
        None if system => if musl { "/sbin/nologin" } else { "/bin/false" }.to_owned(),
        None => cx.process.env.get("SHELL").cloned().unwrap_or_else(|| "/bin/sh".to_owned()),
    };
    let line = format!("{name}:x:{uid}:{gid}:{comment}:{home}:{shell}");
    if !busybox_update(cx, PASSWD, |lines| lines.push(line)) {
        return Ok(1);
    }
    busybox_update(cx, SHADOW, |lines| lines.push(format!("{name}:!:{TODAY}:0:99999:7:::")));
    match &group {
        Some(group) => {
            add_member(cx, group, name);
        }
        None => add_group(cx, name, gid),
    }
    if !parsed.has('H') {
        make_home(cx, &home, uid, gid, parsed.value('k').unwrap_or("/etc/skel"), parsed.value('k').is_some());
    }
    if parsed.has('D') || system {
        return Ok(0);
    }
    cx.out(format!("Changing password for {name}\n"));
    cx.err("New password: \n");
    cx.err(format!("passwd: password for {name} is unchanged\n"));
    Ok(1)
}

fn check_name(name: &str) -> Result<(), String> {
    let legal = |(i, c): (usize, char)| c.is_ascii_alphanumeric() || c == '_' || (i > 0 && "-.@".contains(c));
    let body = name.strip_suffix('$').filter(|body| !body.is_empty()).unwrap_or(name);
    match body.char_indices().find(|at| !legal(*at)) {
        Some((i, c)) => Err(format!("illegal character with code {} at position {i}", u32::from(c))),
        None if name.is_empty() => Err("illegal character with code 0 at position 0".to_owned()),
        None => Ok(()),
    }
}

fn make_home(cx: &mut Context<'_>, home: &str, uid: u32, gid: u32, skel: &str, tell: bool) {
    let umask = std::mem::replace(&mut cx.process.umask, 0);
    let made = cx.mkdir(home, 0o755);
    if made.is_ok() {
        if tell || cx.lstat(skel).is_ok() {
            let how = Copying { recursive: true, ..Copying::default() };
            copy::copy(cx, skel, home, how, &mut copy::Seen::new());
        }
        let recursive = Walk { recursive: true, ..Walk::default() };
        let mut own = |cx: &mut Context<'_>, path: &str, _: &_, _| cx.chown(path, Some(uid), Some(gid), false).is_ok();
        walk(cx, home, recursive, &mut own, &mut |_, _, _| {});
    }
    cx.process.umask = umask;
    let done = match made {
        Ok(()) | Err(Errno::EEXIST) => cx.chown(home, Some(uid), Some(gid), true).and_then(|()| cx.chmod(home, 0o2755)),
        Err(errno) => Err(errno),
    };
    if let Err(errno) = done {
        cx.complain_of(home, errno);
    }
}

fn addgroup(cx: &mut Context<'_>) -> Exit {
    if !cx.busybox() {
        return debian_adduser::addgroup(cx);
    }
    let parsed = match cx.options(ADDGROUP.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if refused(cx) {
        return 1;
    }
    let name = match parsed.operands.as_slice() {
        [name] => name,
        [user, group] => return join(cx, user, group),
        _ => {
            cx.busybox_usage();
            return 1;
        }
    };
    let accounts = Accounts::load(cx.system.fs.merged());
    let gid = match parsed.value('g') {
        _ if check_name(name).is_err() => check_name(name).map(|()| 0),
        _ if accounts.group(name).is_some() => Err(in_use("group", name)),
        Some(text) => match number(text) {
            None => Err(format!("invalid number '{text}'")),
            Some(gid) if accounts.group_of(gid).is_some() => Err(in_use("gid", gid)),
            Some(gid) => Ok(gid),
        },
        None => {
            let (first, last) = if parsed.has('S') { (FIRST_SYSTEM, 999) } else { (1000, 60_000) };
            (first..=last).find(|gid| accounts.group_of(*gid).is_none()).ok_or_else(|| "no gids left".to_owned())
        }
    };
    match gid {
        Ok(gid) => {
            add_group(cx, name, gid);
            0
        }
        Err(message) => {
            cx.complain(message);
            1
        }
    }
}

fn add_group(cx: &mut Context<'_>, name: &str, gid: u32) {
    if busybox_update(cx, GROUP, |lines| lines.push(format!("{name}:x:{gid}:"))) {
        busybox_update(cx, GSHADOW, |lines| lines.push(format!("{name}:!::")));
    }
}

/// `adduser USER GROUP`, `addgroup USER GROUP`.
fn join(cx: &mut Context<'_>, user: &str, group: &str) -> Exit {
    let accounts = Accounts::load(cx.system.fs.merged());
    // Their messages come from addgroup, whichever was called.
    let unknown = if accounts.group(group).is_none() {
        Some(format!("addgroup: unknown group {group}\n"))
    } else if accounts.user(user).is_none() {
        Some(format!("addgroup: unknown user {user}\n"))
    } else {
        None
    };
    if let Some(message) = unknown {
        cx.err(message);
        return 1;
    }
    u8::from(!add_member(cx, group, user))
}

fn add_member(cx: &mut Context<'_>, group: &str, user: &str) -> bool {
    let already = Accounts::load(cx.system.fs.merged())
        .group(group)
        .is_some_and(|group| group.members.iter().any(|member| member == user));
    if already {
        return true;
    }
    let added = busybox_update(cx, GROUP, |lines| {
        members(lines, |name| name == group, user, true);
    });
    if lines(cx, GSHADOW).is_some_and(|lines| lines.iter().any(|line| name_of(line) == group)) {
        busybox_update(cx, GSHADOW, |lines| {
            members(lines, |name| name == group, user, true);
        });
    }
    added
}
