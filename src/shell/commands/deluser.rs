//! `deluser` and `delgroup` of busybox, and the way to Debian's scripts of the same names.

use super::account_files::{GROUP, GSHADOW, PASSWD, SHADOW, busybox_update, members, name_of};
use super::remove::{Removal, remove};
use super::{Command, Context, Exit, Options, Run, debian_adduser};
use crate::shell::accounts::Accounts;

pub(super) const DELUSER: Command = Command {
    name: "deluser",
    run: Run::Plain(deluser),
    options: &Options { short: "R", long: &[("remove-home", 'R')], hidden: "R", in_order: false },
};

pub(super) const DELGROUP: Command =
    Command { name: "delgroup", run: Run::Plain(delgroup), options: &Options::short("") };

fn deluser(cx: &mut Context<'_>) -> Exit {
    if !cx.busybox() {
        return debian_adduser::deluser(cx);
    }
    let parsed = match cx.options(DELUSER.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if cx.process.cred.uid != 0 {
        cx.complain("permission denied (are you root?)");
        return 1;
    }
    let name = match parsed.operands.as_slice() {
        [name] => name.clone(),
        [user, group] => return leave(cx, user, group),
        _ => {
            cx.busybox_usage();
            return 1;
        }
    };
    let accounts = Accounts::load(cx.system.fs.merged());
    let Some(user) = accounts.user(&name) else {
        cx.complain(format_args!("unknown user {name}"));
        return 1;
    };
    let drop = |lines: &mut Vec<String>| lines.retain(|line| name_of(line) != name);
    if !busybox_update(cx, PASSWD, drop) || !busybox_update(cx, SHADOW, drop) {
        return 1;
    }
    if parsed.has('R') {
        remove(cx, &user.home, Removal { recursive: true, ..Removal::default() });
    }
    // All memberships go; that there are none is told, and no error.
    let mut left = 0;
    if !busybox_update(cx, GROUP, |lines| left = members(lines, |_| true, &name, false)) {
        return 1;
    }
    if left == 0 {
        cx.complain(format_args!("can't find {name} in /etc/group"));
    }
    // Its own group goes too.
    if accounts.group(&name).is_some() { drop_group(cx, &accounts, &name) } else { 0 }
}

fn drop_group(cx: &mut Context<'_>, accounts: &Accounts, name: &str) -> Exit {
    let Some(group) = accounts.group(name) else {
        cx.complain(format_args!("unknown group {name}"));
        return 1;
    };
    let now = Accounts::load(cx.system.fs.merged());
    if let Some(user) = now.users.iter().find(|user| user.gid == group.gid) {
        let user = user.name.clone();
        cx.complain(format_args!("'{user}' still has '{name}' as their primary group!"));
        return 1;
    }
    let drop = |lines: &mut Vec<String>| lines.retain(|line| name_of(line) != name);
    u8::from(!(busybox_update(cx, GROUP, drop) && busybox_update(cx, GSHADOW, drop)))
}

fn delgroup(cx: &mut Context<'_>) -> Exit {
    if !cx.busybox() {
        return debian_adduser::delgroup(cx);
    }
    let parsed = match cx.options(DELGROUP.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if cx.process.cred.uid != 0 {
        cx.complain("permission denied (are you root?)");
        return 1;
    }
    match parsed.operands.as_slice() {
        [name] => {
            let accounts = Accounts::load(cx.system.fs.merged());
            drop_group(cx, &accounts, name)
        }
        [user, group] => leave(cx, user, group),
        _ => {
            cx.busybox_usage();
            1
        }
    }
}

/// `delgroup USER GROUP`.
fn leave(cx: &mut Context<'_>, user: &str, group: &str) -> Exit {
    let accounts = Accounts::load(cx.system.fs.merged());
    if accounts.group(group).is_none() {
        cx.complain(format_args!("unknown group {group}"));
        return 1;
    }
    let mut left = 0;
    let done = busybox_update(cx, GROUP, |lines| left = members(lines, |name| name == group, user, false));
    if done && left == 0 {
        cx.complain(format_args!("can't find {user} in /etc/group"));
    }
    busybox_update(cx, GSHADOW, |lines| {
        members(lines, |name| name == group, user, false);
    });
    u8::from(!done)
}
