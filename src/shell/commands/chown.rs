//! `chown`: change owners and groups. Each file is stored again even if it has the owner already.

use super::syscalls::quoteaf;
use super::walk::{Walk, walk};
use super::{Command, Context, Exit, Options, Parsed, Run};
use crate::shell::accounts::{Accounts, number};
use crate::vfs::{Errno, Libc, Stat};

pub(super) const COMMAND: Command = Command { name: "chown", run: Run::Plain(run), options: OPTIONS };

pub(super) const OPTIONS: &Options = &Options {
    short: "RhvcfHLP1:234:5",
    long: &[
        ("changes", 'c'),
        ("silent", 'f'),
        ("quiet", 'f'),
        ("verbose", 'v'),
        ("dereference", '5'),
        ("no-dereference", 'h'),
        ("no-preserve-root", '2'),
        ("preserve-root", '3'),
        ("reference", '1'),
        ("from", '4'),
        ("recursive", 'R'),
    ],
    hidden: "12345",
    in_order: false,
};

/// Owner and group; `None` leaves one as it is.
pub(super) type Owner = (Option<u32>, Option<u32>);

/// What is to be changed, and how it was asked for.
struct Change<'a> {
    owner: Owner,
    /// Only what belongs to these (`--from`).
    from: Owner,
    parsed: &'a Parsed,
    /// The owner as it was written.
    written: &'a str,
}

fn run(cx: &mut Context<'_>) -> Exit {
    change(cx, owner)
}

/// `chown` and `chgrp`: they differ in how they read their first operand.
pub(super) fn change(cx: &mut Context<'_>, read: fn(&mut Context<'_>, &str) -> Option<Owner>) -> Exit {
    let parsed = match cx.options(OPTIONS) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let mut operands = parsed.operands.clone();
    let mut written = String::new();
    let owner = if let Some(reference) = parsed.value('1') {
        match cx.stat(reference) {
            Ok(stat) => (Some(stat.meta.uid), Some(stat.meta.gid)),
            Err(errno) => {
                cx.complain_of(format_args!("failed to get attributes of {}", quoteaf(reference)), errno);
                return 1;
            }
        }
    } else {
        if operands.is_empty() {
            return cx.missing_operand("missing operand");
        }
        let spec = operands.remove(0);
        if operands.is_empty() {
            let message = format!("missing operand after {}", cx.quote(&spec));
            return cx.missing_operand(&message);
        }
        let Some(owner) = read(cx, &spec) else { return 1 };
        written = spec;
        owner
    };
    let from = match parsed.value('4').map(str::to_owned) {
        Some(spec) => match self::owner(cx, &spec) {
            Some(from) => from,
            None => return 1,
        },
        None => (None, None),
    };
    let change = Change { owner, from, parsed: &parsed, written: &written };
    let mut exit = 0;
    let recursive = parsed.has('R');
    let walking = parsed.last_of("HLP");
    let how = Walk { recursive, follow_operand: matches!(walking, Some('H' | 'L')), follow_all: walking == Some('L') };
    // Within a tree links themselves are changed, unless all are followed.
    let follow = !parsed.has('h') && (!recursive || matches!(walking, Some('L' | 'H')));
    for operand in &operands {
        let mut visit = |cx: &mut Context<'_>, path: &str, stat: &Stat, _| one(cx, path, stat, &change, follow);
        let mut failed = |cx: &mut Context<'_>, path: &str, errno: Errno| {
            if parsed.has('f') && !cx.busybox() {
                return;
            }
            if cx.busybox() {
                cx.complain_of(path, errno);
            } else {
                cx.complain_of(format_args!("cannot access {}", quoteaf(path)), errno);
            }
        };
        if !walk(cx, operand, how, &mut visit, &mut failed) {
            exit = 1;
        }
    }
    exit
}

fn one(cx: &mut Context<'_>, path: &str, stat: &Stat, change: &Change<'_>, follow: bool) -> bool {
    let Change { owner: (uid, gid), from, parsed, written } = *change;
    let stat = if follow { cx.stat(path).unwrap_or_else(|_| stat.clone()) } else { stat.clone() };
    if from.0.is_some_and(|uid| uid != stat.meta.uid) || from.1.is_some_and(|gid| gid != stat.meta.gid) {
        return true;
    }
    if let Err(errno) = cx.chown(path, uid, gid, follow) {
        if !parsed.has('f') {
            let what = if uid.is_none() && gid.is_some() { "group" } else { "ownership" };
            match (cx.busybox(), errno) {
                (true, _) => cx.complain_of(path, errno),
                (false, Errno::ENOENT) => cx.complain_of(format_args!("cannot dereference {}", quoteaf(path)), errno),
                (false, _) => cx.complain_of(format_args!("changing {what} of {}", quoteaf(path)), errno),
            }
        }
        return false;
    }
    let changed = uid.is_some_and(|uid| uid != stat.meta.uid) || gid.is_some_and(|gid| gid != stat.meta.gid);
    if parsed.has('v') || (parsed.has('c') && changed) {
        let accounts = Accounts::load(cx.system.fs.merged());
        let (new_uid, new_gid) = (uid.unwrap_or(stat.meta.uid), gid.unwrap_or(stat.meta.gid));
        let line = if cx.busybox() {
            format!("changed ownership of '{path}' to {new_uid}:{new_gid}\n")
        } else {
            let name = |of: u32, group: u32| match (uid, gid) {
                (Some(_), None) => accounts.user_name(of),
                (None, Some(_)) => accounts.group_name(group),
                _ => format!("{}:{}", accounts.user_name(of), accounts.group_name(group)),
            };
            let what = if uid.is_none() && gid.is_some() { "group" } else { "ownership" };
            let old = name(stat.meta.uid, stat.meta.gid);
            // The new owner is told as it was written.
            let new = match written {
                "" => name(new_uid, new_gid),
                written => written.to_owned(),
            };
            match changed {
                true => format!("changed {what} of {} from {old} to {new}\n", quoteaf(path)),
                false => format!("{what} of {} retained as {old}\n", quoteaf(path)),
            }
        };
        cx.out(line);
    }
    true
}

/// Reads `user`, `user:group`, `user:` (its login group), `:group`; none after telling what is unknown.
pub(super) fn owner(cx: &mut Context<'_>, spec: &str) -> Option<Owner> {
    let accounts = Accounts::load(cx.system.fs.merged());
    if accounts.user(spec).is_some() || !spec.contains([':', '.']) {
        return match user(cx, &accounts, spec) {
            _ if spec.is_empty() => Some((None, None)),
            Some(uid) => Some((Some(uid), None)),
            None => {
                unknown(cx, spec, "user");
                None
            }
        };
    }
    let dotted = !spec.contains(':');
    if dotted && cx.busybox() && cx.system.libc == Libc::Glibc {
        // busybox 1.38 has given up the dot.
        unknown(cx, spec, "user");
        return None;
    }
    let (name, group) = spec.split_once(':').or_else(|| spec.split_once('.'))?;
    if group.is_empty() && !name.is_empty() && !cx.busybox() && accounts.user(name).is_none() && number(name).is_some()
    {
        let quoted = cx.quote(spec);
        cx.complain(format_args!("invalid spec: {quoted}"));
        return None;
    }
    let uid = match name {
        "" => None,
        name => match user(cx, &accounts, name) {
            Some(uid) => Some(uid),
            None => {
                unknown(cx, spec, "user");
                return None;
            }
        },
    };
    let gid = if group.is_empty() {
        uid.and_then(|uid| accounts.user_of(uid)).map(|user| user.gid)
    } else {
        let found = if cx.busybox() { number(group).or_else(|| accounts.gid(group)) } else { accounts.gid(group) };
        if found.is_none() {
            unknown(cx, spec, "group");
            return None;
        }
        found
    };
    if dotted && !cx.busybox() {
        let quoted = cx.quote(spec);
        cx.complain(format_args!("warning: '.' should be ':': {quoted}"));
    }
    Some((uid, gid))
}

fn user(cx: &Context<'_>, accounts: &Accounts, name: &str) -> Option<u32> {
    if cx.busybox() { number(name).or_else(|| accounts.uid(name)) } else { accounts.uid(name) }
}

fn unknown(cx: &mut Context<'_>, spec: &str, kind: &str) {
    if cx.busybox() {
        let kind = if spec.contains(':') { "user/group" } else { kind };
        cx.complain(format_args!("unknown {kind} {spec}"));
    } else {
        let quoted = cx.quote(spec);
        cx.complain(format_args!("invalid {kind}: {quoted}"));
    }
}
