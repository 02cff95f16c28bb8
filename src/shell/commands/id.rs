//! `id`, `whoami`, `groups`: who the process, or a named user, is.

use super::{Command, Context, Exit, Options, Run};
use crate::shell::accounts::{Accounts, number};

pub(super) const ID: Command = Command {
    name: "id",
    run: Run::Plain(id),
    options: &Options {
        short: "ugGnrz",
        long: &[("user", 'u'), ("group", 'g'), ("groups", 'G'), ("name", 'n'), ("real", 'r'), ("zero", 'z')],
        hidden: "",
        in_order: false,
    },
};

pub(super) const WHOAMI: Command = Command { name: "whoami", run: Run::Plain(whoami), options: &Options::short("") };

pub(super) const GROUPS: Command = Command { name: "groups", run: Run::Plain(groups), options: &Options::short("") };

/// Who is asked about.
struct Who {
    uid: u32,
    gid: u32,
    groups: Vec<u32>,
}

fn process(cx: &Context<'_>) -> Who {
    let cred = &cx.process.cred;
    let mut groups = vec![cred.gid];
    groups.extend(cred.groups.iter().filter(|gid| **gid != cred.gid));
    Who { uid: cred.uid, gid: cred.gid, groups }
}

fn named(cx: &Context<'_>, accounts: &Accounts, name: &str) -> Option<Who> {
    let by_number = || number(name).and_then(|uid| accounts.user_of(uid));
    let user = accounts.user(name).or_else(|| if cx.busybox() { None } else { by_number() })?;
    let mut groups = accounts.group_list(user);
    // musl's getgrouplist counts the primary group again where its line names the user.
    if cx.busybox() && cx.system.libc == crate::vfs::Libc::Musl {
        groups = vec![user.gid];
        groups.extend(accounts.groups_of(&user.name));
    }
    Some(Who { uid: user.uid, gid: user.gid, groups })
}

/// Each group once.
fn once(groups: &[u32]) -> Vec<u32> {
    let mut list = Vec::new();
    for gid in groups {
        if !list.contains(gid) {
            list.push(*gid);
        }
    }
    list
}

fn id(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(ID.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let accounts = Accounts::load(cx.system.fs.merged());
    let which = parsed.last_of("ugG");
    if which.is_none() && (parsed.has('n') || parsed.has('r')) {
        if cx.busybox() {
            cx.busybox_usage();
        } else {
            cx.complain("cannot print only names or real IDs in default format");
        }
        return 1;
    }
    let who = match parsed.operands.first() {
        None => process(cx),
        Some(name) => match named(cx, &accounts, name) {
            Some(who) => who,
            None => {
                if cx.busybox() {
                    cx.complain(format_args!("unknown user {name}"));
                } else {
                    let quoted = cx.quote(name);
                    cx.complain(format_args!("{quoted}: no such user"));
                }
                return 1;
            }
        },
    };
    let user = |uid: u32| if parsed.has('n') { accounts.user_name(uid) } else { uid.to_string() };
    let group = |gid: u32| if parsed.has('n') { accounts.group_name(gid) } else { gid.to_string() };
    let text = match which {
        Some('u') => user(who.uid),
        Some('g') => group(who.gid),
        Some(_) => once(&who.groups).iter().map(|gid| group(*gid)).collect::<Vec<_>>().join(" "),
        None => {
            let with_name = |id: u32, name: Option<&String>| match name {
                Some(name) => format!("{id}({name})"),
                None => id.to_string(),
            };
            let group = |gid: u32| with_name(gid, accounts.group_of(gid).map(|group| &group.name));
            let mut text = format!(
                "uid={} gid={}",
                with_name(who.uid, accounts.user_of(who.uid).map(|user| &user.name)),
                group(who.gid)
            );
            let list: Vec<String> = who.groups.iter().map(|gid| group(*gid)).collect();
            let shown = !cx.busybox() || !parsed.operands.is_empty() || !cx.process.cred.groups.is_empty();
            if shown {
                text.push_str(&format!(" groups={}", list.join(",")));
            }
            text
        }
    };
    cx.out(format!("{text}\n"));
    0
}

fn whoami(cx: &mut Context<'_>) -> Exit {
    if let Some(extra) = cx.args.get(1).cloned() {
        return cx.missing_operand(&format!("extra operand {}", super::syscalls::quoteaf(&extra)));
    }
    let uid = cx.process.cred.uid;
    let accounts = Accounts::load(cx.system.fs.merged());
    match accounts.user_of(uid) {
        Some(user) => {
            let name = format!("{}\n", user.name);
            cx.out(name);
            0
        }
        None if cx.busybox() => {
            cx.complain(format_args!("unknown uid {uid}"));
            1
        }
        None => {
            cx.complain(format_args!("cannot find name for user ID {uid}"));
            1
        }
    }
}

fn groups(cx: &mut Context<'_>) -> Exit {
    let accounts = Accounts::load(cx.system.fs.merged());
    let names: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let text = |who: &Who| {
        let names: Vec<String> = once(&who.groups).iter().map(|gid| accounts.group_name(*gid)).collect();
        names.join(" ")
    };
    if names.is_empty() {
        let line = text(&process(cx));
        cx.out(format!("{line}\n"));
        return 0;
    }
    let mut exit = 0;
    for name in &names {
        match named(cx, &accounts, name) {
            Some(who) => {
                let line = text(&who);
                cx.out(if cx.busybox() { format!("{line}\n") } else { format!("{name} : {line}\n") });
            }
            None => {
                if cx.busybox() {
                    cx.complain(format_args!("unknown user {name}"));
                } else {
                    let quoted = cx.quote(name);
                    cx.complain(format_args!("{quoted}: no such user"));
                }
                exit = 1;
            }
        }
        if cx.busybox() {
            break;
        }
    }
    exit
}
