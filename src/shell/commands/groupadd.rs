//! `groupadd`, `groupmod`, `groupdel` of shadow-utils.

use super::account_files::{GROUP, GSHADOW, PASSWD, name_of, set_field, shadow_update};
use super::useradd::{Failure, end, free_gid, locked, usage, valid_name, written};
use super::{Command, Context, Exit, Options, Parsed, Run};
use crate::shell::accounts::{Accounts, number};

pub(super) const GROUPADD: Command = Command {
    name: "groupadd",
    run: Run::Plain(groupadd),
    options: &Options {
        short: "fg:K:op:rU:",
        long: &[
            ("force", 'f'),
            ("gid", 'g'),
            ("key", 'K'),
            ("non-unique", 'o'),
            ("password", 'p'),
            ("system", 'r'),
            ("users", 'U'),
        ],
        hidden: "",
        in_order: false,
    },
};

pub(super) const GROUPMOD: Command = Command {
    name: "groupmod",
    run: Run::Plain(groupmod),
    options: &Options {
        short: "g:n:op:",
        long: &[("gid", 'g'), ("new-name", 'n'), ("non-unique", 'o'), ("password", 'p')],
        hidden: "",
        in_order: false,
    },
};

pub(super) const GROUPDEL: Command = Command {
    name: "groupdel",
    run: Run::Plain(groupdel),
    options: &Options { short: "f", long: &[("force", 'f')], hidden: "", in_order: false },
};

fn with_operand(
    cx: &mut Context<'_>,
    options: &'static Options,
    act: fn(&mut Context<'_>, &str, &Parsed) -> Result<(), Failure>,
) -> Exit {
    let parsed = match cx.options(options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let result = match parsed.operands.as_slice() {
        [name] => act(cx, name, &parsed),
        _ => Err(usage()),
    };
    end(cx, result)
}

fn groupadd(cx: &mut Context<'_>) -> Exit {
    with_operand(cx, GROUPADD.options, add)
}

fn add(cx: &mut Context<'_>, name: &str, parsed: &Parsed) -> Result<(), Failure> {
    let accounts = Accounts::load(cx.system.fs.merged());
    let force = parsed.has('f');
    if !valid_name(name) {
        return Err((format!("'{name}' is not a valid group name"), 3));
    }
    if accounts.group(name).is_some() {
        return if force { Ok(()) } else { Err((format!("group '{name}' already exists"), 9)) };
    }
    let given = match parsed.value('g') {
        Some(text) => {
            let gid = number(text).ok_or_else(|| (format!("invalid group ID '{text}'"), 3))?;
            match accounts.group_of(gid) {
                Some(_) if force => None,
                Some(_) if !parsed.has('o') => return Err((format!("GID '{gid}' already exists"), 4)),
                _ => Some(gid),
            }
        }
        None => None,
    };
    let gid = given
        .or_else(|| free_gid(&accounts, parsed.has('r'), None))
        .ok_or_else(|| ("no more available GIDs".to_owned(), 4))?;
    locked(cx)?;
    let users = parsed.value('U').unwrap_or_default();
    let password = parsed.value('p').unwrap_or("!");
    written(shadow_update(cx, GROUP, |lines| lines.push(format!("{name}:x:{gid}:{users}"))), GROUP)?;
    written(shadow_update(cx, GSHADOW, |lines| lines.push(format!("{name}:{password}::{users}"))), GSHADOW)
}

fn groupmod(cx: &mut Context<'_>) -> Exit {
    with_operand(cx, GROUPMOD.options, change)
}

fn change(cx: &mut Context<'_>, name: &str, parsed: &Parsed) -> Result<(), Failure> {
    let accounts = Accounts::load(cx.system.fs.merged());
    let group = accounts.group(name).ok_or_else(|| (format!("group '{name}' does not exist"), 6))?;
    let gid = match parsed.value('g') {
        None => None,
        Some(text) => {
            let gid = number(text).ok_or_else(|| (format!("invalid group ID '{text}'"), 3))?;
            if gid != group.gid && accounts.group_of(gid).is_some() && !parsed.has('o') {
                return Err((format!("GID '{gid}' already exists"), 4));
            }
            Some(gid)
        }
    };
    let new = parsed.value('n');
    if let Some(new) = new {
        if !valid_name(new) {
            return Err((format!("invalid group name '{new}'"), 3));
        }
        if new != name && accounts.group(new).is_some() {
            return Err((format!("group '{new}' already exists"), 9));
        }
    }
    locked(cx)?;
    if let Some(gid) = gid {
        let (old, gid) = (group.gid.to_string(), gid.to_string());
        written(shadow_update(cx, GROUP, |lines| set_field(lines, name, 2, &gid)), GROUP)?;
        // Users keep it as their primary group.
        written(
            shadow_update(cx, PASSWD, |lines| {
                let users: Vec<String> = lines
                    .iter()
                    .filter(|line| line.split(':').nth(3) == Some(&old))
                    .map(|line| name_of(line).to_owned())
                    .collect();
                for user in users {
                    set_field(lines, &user, 3, &gid);
                }
            }),
            PASSWD,
        )?;
    }
    if let Some(new) = new {
        written(shadow_update(cx, GROUP, |lines| set_field(lines, name, 0, new)), GROUP)?;
        written(shadow_update(cx, GSHADOW, |lines| set_field(lines, name, 0, new)), GSHADOW)?;
    }
    if let Some(password) = parsed.value('p') {
        let name = new.unwrap_or(name);
        written(shadow_update(cx, GSHADOW, |lines| set_field(lines, name, 1, password)), GSHADOW)?;
    }
    Ok(())
}

fn groupdel(cx: &mut Context<'_>) -> Exit {
    with_operand(cx, GROUPDEL.options, delete)
}

fn delete(cx: &mut Context<'_>, name: &str, parsed: &Parsed) -> Result<(), Failure> {
    let accounts = Accounts::load(cx.system.fs.merged());
    let group = accounts.group(name).ok_or_else(|| (format!("group '{name}' does not exist"), 6))?;
    if !parsed.has('f')
        && let Some(user) = accounts.users.iter().find(|user| user.gid == group.gid)
    {
        return Err((format!("cannot remove the primary group of user '{}'", user.name), 8));
    }
    locked(cx)?;
    for path in [GROUP, GSHADOW] {
        written(shadow_update(cx, path, |lines| lines.retain(|line| name_of(line) != name)), path)?;
    }
    Ok(())
}
