//! `usermod`, `userdel`, `chsh`, and `gpasswd -a`, `-d` of shadow-utils.

use super::account_files::{GROUP, GSHADOW, PASSWD, SHADOW, lock, members, name_of, set_field, shadow_update};
use super::remove::{Removal, remove};
use super::useradd::{Failure, end, locked, usage, valid_name, written};
use super::walk::{Walk, walk};
use super::{Command, Context, Exit, Options, Parsed, Run};
use crate::shell::accounts::{Accounts, User, number};
use crate::vfs::OpenOptions;

pub(super) const USERMOD: Command = Command {
    name: "usermod",
    run: Run::Plain(usermod),
    options: &Options {
        short: "aAc:d:e:f:g:G:l:Lmop:rs:u:U",
        long: &[
            ("append", 'a'),
            ("comment", 'c'),
            ("home", 'd'),
            ("gid", 'g'),
            ("groups", 'G'),
            ("login", 'l'),
            ("lock", 'L'),
            ("move-home", 'm'),
            ("non-unique", 'o'),
            ("password", 'p'),
            ("remove", 'r'),
            ("shell", 's'),
            ("uid", 'u'),
            ("unlock", 'U'),
        ],
        hidden: "Aef",
        in_order: false,
    },
};

pub(super) const USERDEL: Command = Command {
    name: "userdel",
    run: Run::Plain(userdel),
    options: &Options { short: "fr", long: &[("force", 'f'), ("remove", 'r')], hidden: "", in_order: false },
};

pub(super) const CHSH: Command = Command {
    name: "chsh",
    run: Run::Plain(chsh),
    options: &Options { short: "s:", long: &[("shell", 's')], hidden: "", in_order: false },
};

pub(super) const GPASSWD: Command = Command {
    name: "gpasswd",
    run: Run::Plain(gpasswd),
    options: &Options { short: "a:d:", long: &[("add", 'a'), ("delete", 'd')], hidden: "", in_order: false },
};

fn usermod(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(USERMOD.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let result = match parsed.operands.as_slice() {
        [name] if !parsed.has('a') || parsed.has('G') => change(cx, name, &parsed),
        _ => Err(usage()),
    };
    end(cx, result)
}

fn change(cx: &mut Context<'_>, name: &str, parsed: &Parsed) -> Result<(), Failure> {
    let accounts = Accounts::load(cx.system.fs.merged());
    let user = accounts.user(name).ok_or_else(|| (format!("user '{name}' does not exist"), 6))?.clone();
    let group = |text: &str| {
        let group = accounts.group(text).or_else(|| number(text).and_then(|gid| accounts.group_of(gid)));
        group.ok_or_else(|| (format!("group '{text}' does not exist"), 6))
    };
    let mut new = user.clone();
    if let Some(text) = parsed.value('g') {
        new.gid = group(text)?.gid;
    }
    let mut groups = Vec::new();
    for text in parsed.value('G').unwrap_or_default().split(',').filter(|text| !text.is_empty()) {
        groups.push(group(text)?.name.clone());
    }
    if let Some(text) = parsed.value('u') {
        new.uid = number(text).ok_or_else(|| (format!("invalid user ID '{text}'"), 3))?;
        if new.uid != user.uid && accounts.user_of(new.uid).is_some() && !parsed.has('o') {
            return Err((format!("UID '{text}' already exists"), 4));
        }
    }
    if let Some(login) = parsed.value('l') {
        if !valid_name(login) {
            return Err((format!("invalid user name '{login}': use --badname to ignore"), 3));
        }
        if login != name && accounts.user(login).is_some() {
            return Err((format!("user '{login}' already exists"), 9));
        }
        login.clone_into(&mut new.name);
    }
    if let Some(comment) = parsed.value('c') {
        comment.clone_into(&mut new.comment);
    }
    if let Some(home) = parsed.value('d') {
        home.clone_into(&mut new.home);
    }
    if let Some(shell) = parsed.value('s') {
        if !shell.is_empty() && cx.stat(shell).is_err() {
            cx.complain(format_args!("Warning: missing or non-executable shell '{shell}'"));
        }
        shell.clone_into(&mut new.shell);
    }
    locked(cx)?;
    rewrite(cx, name, &new, parsed)?;
    if parsed.value('G').is_some() || new.name != name {
        let wanted = |group: &str| groups.iter().any(|name| name == group);
        let edit = |lines: &mut Vec<String>| {
            if new.name != name {
                for line in lines.iter_mut() {
                    let Some((head, list)) = line.rsplit_once(':') else { continue };
                    let list: Vec<&str> =
                        list.split(',').map(|member| if member == name { new.name.as_str() } else { member }).collect();
                    *line = format!("{head}:{}", list.join(","));
                }
            }
            if parsed.value('G').is_none() {
                return;
            }
            if parsed.has('r') {
                members(lines, wanted, &new.name, false);
                return;
            }
            if !parsed.has('a') {
                members(lines, |group| !wanted(group), &new.name, false);
            }
            members(lines, wanted, &new.name, true);
        };
        written(shadow_update(cx, GROUP, edit), GROUP)?;
        written(shadow_update(cx, GSHADOW, edit), GSHADOW)?;
    }
    if parsed.has('m') && new.home != user.home && cx.is_dir(&user.home) && cx.rename(&user.home, &new.home).is_err() {
        // Across devices, or a directory of a lower layer: copied, then removed.
        let how = super::copy_gnu::Copying {
            recursive: true,
            mode: true,
            owner: true,
            times: true,
            links: true,
            follow: super::copy_gnu::Follow::Never,
            ..super::copy_gnu::Copying::default()
        };
        if super::copy_gnu::copy(cx, &user.home, &new.home, how, &mut super::copy_gnu::Seen::default()) {
            remove(cx, &user.home, Removal { recursive: true, force: true, ..Removal::default() });
        }
    }
    if (new.uid, new.gid) != (user.uid, user.gid) {
        own_home(cx, &user, &new);
    }
    Ok(())
}

fn rewrite(cx: &mut Context<'_>, name: &str, new: &User, parsed: &Parsed) -> Result<(), Failure> {
    let line = new.line();
    let replace = |lines: &mut Vec<String>| {
        for old in lines.iter_mut().filter(|old| name_of(old) == name) {
            old.clone_from(&line);
        }
    };
    written(shadow_update(cx, PASSWD, replace), PASSWD)?;
    let edit = |lines: &mut Vec<String>| {
        let old = lines.iter().find(|line| name_of(line) == name).and_then(|line| line.split(':').nth(1));
        let old = old.unwrap_or_default().to_owned();
        let password = match (parsed.value('p'), parsed.has('L'), parsed.has('U')) {
            (Some(given), ..) => Some(given.to_owned()),
            (None, true, _) if !old.starts_with('!') => Some(format!("!{old}")),
            (None, false, true) => old.strip_prefix('!').filter(|rest| !rest.is_empty()).map(str::to_owned),
            _ => None,
        };
        if let Some(password) = password {
            set_field(lines, name, 1, &password);
            if parsed.value('p').is_some() {
                set_field(lines, name, 2, &super::account_files::TODAY.to_string());
            }
        }
        set_field(lines, name, 0, &new.name);
    };
    written(shadow_update(cx, SHADOW, edit), SHADOW)
}

/// Files of the home follow the user's new numbers.
fn own_home(cx: &mut Context<'_>, user: &User, new: &User) {
    for log in ["/var/log/lastlog", "/var/log/faillog"] {
        if user.uid != new.uid && cx.lstat(log).is_ok() {
            // Opened for writing, which stores it again; what is not there is no error.
            let _ignored = cx.open(log, OpenOptions { write: true, ..OpenOptions::default() }, 0);
        }
    }
    if !cx.is_dir(&new.home) {
        return;
    }
    let how = Walk { recursive: true, ..Walk::default() };
    let mut own = |cx: &mut Context<'_>, path: &str, stat: &crate::vfs::Stat, _| {
        let uid = (stat.meta.uid == user.uid).then_some(new.uid);
        let gid = (stat.meta.gid == user.gid).then_some(new.gid);
        if (uid.is_none() || new.uid == user.uid) && (gid.is_none() || new.gid == user.gid) {
            return true;
        }
        cx.chown(path, uid, gid, false).is_ok()
    };
    let home = new.home.clone();
    walk(cx, &home, how, &mut own, &mut |_, _, _| {});
}

fn userdel(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(USERDEL.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let result = match parsed.operands.as_slice() {
        [name] => delete(cx, name, &parsed),
        _ => Err(usage()),
    };
    end(cx, result)
}

fn delete(cx: &mut Context<'_>, name: &str, parsed: &Parsed) -> Result<(), Failure> {
    let accounts = Accounts::load(cx.system.fs.merged());
    let user = accounts.user(name).ok_or_else(|| (format!("user '{name}' does not exist"), 6))?.clone();
    if user.uid == cx.process.cred.uid && !parsed.has('f') {
        return Err((format!("user {name} is currently used by process 1"), 8));
    }
    locked(cx)?;
    for path in [PASSWD, SHADOW] {
        written(shadow_update(cx, path, |lines| lines.retain(|line| name_of(line) != name)), path)?;
    }
    // The group of the same name goes too, unless it is another user's or has other members.
    let own = accounts.group(name).is_some_and(|group| {
        let others = accounts.users.iter().any(|other| other.name != name && other.gid == group.gid);
        !others && group.gid == user.gid && group.members.iter().all(|member| member == name)
    });
    for path in [GROUP, GSHADOW] {
        let edit = |lines: &mut Vec<String>| {
            members(lines, |_| true, name, false);
            if own {
                lines.retain(|line| name_of(line) != name);
            }
        };
        written(shadow_update(cx, path, edit), path)?;
    }
    for path in ["/etc/subuid", "/etc/subgid"] {
        written(shadow_update(cx, path, |lines| lines.retain(|line| name_of(line) != name)), path)?;
    }
    if parsed.has('r') {
        let spool = format!("/var/mail/{name}");
        if cx.unlink(&spool).is_err() {
            cx.complain(format_args!("{name} mail spool ({spool}) not found"));
        }
        if cx.lstat(&user.home).is_err() {
            cx.complain(format_args!("{name} home directory ({}) not found", user.home));
        } else {
            remove(cx, &user.home, Removal { recursive: true, force: true, ..Removal::default() });
        }
    }
    Ok(())
}

fn chsh(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(CHSH.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let Some(shell) = parsed.value('s') else { return cx.not_simulated("asking for a shell") };
    let accounts = Accounts::load(cx.system.fs.merged());
    let own = accounts.user_name(cx.process.cred.uid);
    let name = parsed.operands.first().cloned().unwrap_or(own);
    if accounts.user(&name).is_none() {
        cx.complain(format_args!("user '{name}' does not exist"));
        return 1;
    }
    if cx.stat(shell).is_err() {
        cx.complain(format_args!("Warning: {shell} does not exist"));
    }
    let result = lock(cx).and_then(|()| shadow_update(cx, PASSWD, |lines| set_field(lines, &name, 6, shell)));
    u8::from(result.is_err())
}

fn gpasswd(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(GPASSWD.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let (user, add) = match (parsed.value('a'), parsed.value('d')) {
        (Some(user), _) => (user.to_owned(), true),
        (None, Some(user)) => (user.to_owned(), false),
        (None, None) => return cx.not_simulated("asking for a password"),
    };
    let accounts = Accounts::load(cx.system.fs.merged());
    let group = parsed.operands.first().cloned().unwrap_or_default();
    if accounts.user(&user).is_none() {
        cx.complain(format_args!("user '{user}' does not exist"));
        return 3;
    }
    let Some(found) = accounts.group(&group) else {
        cx.complain(format_args!("group '{group}' does not exist in /etc/group"));
        return 3;
    };
    if !add && !found.members.contains(&user) {
        cx.complain(format_args!("user '{user}' is not a member of '{group}'"));
        return 3;
    }
    let said = if add {
        format!("Adding user {user} to group {group}\n")
    } else {
        format!("Removing user {user} from group {group}\n")
    };
    cx.out(said);
    let edit = |lines: &mut Vec<String>| {
        members(lines, |name| name == group, &user, add);
    };
    let result = lock(cx).and_then(|()| shadow_update(cx, GROUP, edit)).and_then(|()| shadow_update(cx, GSHADOW, edit));
    u8::from(result.is_err())
}
