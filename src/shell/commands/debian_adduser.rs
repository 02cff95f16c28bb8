//! `adduser`, `addgroup`, `deluser`, `delgroup` as Debian's scripts (adduser 3.134, bookworm): they tell each step, and let
//! `useradd`, `groupadd`, `usermod`, `userdel` do it.

use super::useradd::copy_skeleton;
use super::{Context, Exit, Options, Parsed, Run, find};
use crate::shell::accounts::{Accounts, number};

const OPTIONS: &Options = &Options {
    short: "s:u:g:G:c:h:HSdDqEAf:l:ab",
    long: &[
        ("shell", 's'),
        ("uid", 'u'),
        ("gid", 'g'),
        ("ingroup", 'G'),
        ("gecos", 'c'),
        ("comment", 'c'),
        ("home", 'h'),
        ("no-create-home", 'H'),
        ("system", 'S'),
        ("disabled-password", 'd'),
        ("disabled-login", 'D'),
        ("quiet", 'q'),
        ("group", 'E'),
        ("add-extra-groups", 'A'),
        ("allow-bad-names", 'a'),
        ("allow-badname", 'a'),
        ("force-badname", 'a'),
        ("allow-all-names", 'a'),
    ],
    hidden: "sugGchHSdDEAflab",
    in_order: false,
};

/// Runs one of the programs below.
fn call(cx: &mut Context<'_>, args: &[&str]) -> Exit {
    let Some(Run::Plain(run)) = find(args[0]).map(|command| command.run) else { return 127 };
    run(&mut Context {
        args: args.iter().map(|arg| (*arg).to_owned()).collect(),
        system: &mut *cx.system,
        process: &mut *cx.process,
    })
}

fn say(cx: &mut Context<'_>, parsed: &Parsed, line: impl std::fmt::Display) {
    if !parsed.has('q') {
        cx.out(format!("{line}\n"));
    }
}

fn allowed(cx: &mut Context<'_>) -> bool {
    if cx.process.cred.uid == 0 {
        return true;
    }
    cx.complain("Only root may add a user or group to the system.");
    false
}

/// The first free number from `first` on.
fn first_free(used: &[u32], first: u32, last: u32) -> Option<u32> {
    (first..=last).find(|id| !used.contains(id))
}

fn used(accounts: &Accounts) -> (Vec<u32>, Vec<u32>) {
    let uids = accounts.users.iter().map(|user| user.uid).collect();
    (uids, accounts.groups.iter().map(|group| group.gid).collect())
}

pub(super) fn adduser(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(OPTIONS) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if !allowed(cx) {
        return 1;
    }
    match parsed.operands.as_slice() {
        [user, group] => join(cx, &parsed, user, group),
        [_] if parsed.has('E') && !parsed.has('S') => group(cx, &parsed),
        [name] if parsed.has('S') => system_user(cx, &parsed, name),
        [name] => user(cx, &parsed, name),
        _ => {
            cx.complain("Only one or two names allowed.");
            1
        }
    }
}

fn system_user(cx: &mut Context<'_>, parsed: &Parsed, name: &str) -> Exit {
    let accounts = Accounts::load(cx.system.fs.merged());
    if let Some(user) = accounts.user(name) {
        if user.uid < 1000 {
            cx.out(format!("The system user `{name}' already exists. Exiting.\n"));
            return 0;
        }
        cx.complain(format_args!("The user `{name}' already exists, but is not a system user. Exiting."));
        return 1;
    }
    let (uids, gids) = used(&accounts);
    let own_group = parsed.has('E');
    let uid = match parsed.value('u').map(number) {
        Some(Some(uid)) => Some(uid),
        Some(None) => None,
        None => (100..=999)
            .find(|id| !uids.contains(id) && (!own_group || !gids.contains(id)))
            .or(first_free(&uids, 100, 999)),
    };
    let Some(uid) = uid else {
        cx.complain("No UID/GID pair is available in the range 100-999 (FIRST_SYS_UID - LAST_SYS_UID).");
        return 1;
    };
    let home = parsed.value('h').unwrap_or("/nonexistent").to_owned();
    if parsed.value('h').is_some() && parsed.has('H') && cx.stat(&home).is_err() {
        let warning = "you specified can't be accessed: No such file or directory";
        cx.complain(format_args!("Warning: The home dir {home} {warning}"));
    }
    say(cx, parsed, format_args!("Adding system user `{name}' (UID {uid}) ..."));
    let mut group = parsed.value('G').unwrap_or("nogroup").to_owned();
    if own_group {
        let gid = if gids.contains(&uid) { first_free(&gids, 100, 999).unwrap_or(uid) } else { uid };
        say(cx, parsed, format_args!("Adding new group `{name}' (GID {gid}) ..."));
        let exit = call(cx, &["groupadd", "-g", &gid.to_string(), name]);
        if exit != 0 {
            return exit;
        }
        name.clone_into(&mut group);
    } else if let Some(gid) = parsed.value('g').and_then(number) {
        group = accounts.group_name(gid);
    } else if accounts.group(&group).is_none() {
        cx.complain(format_args!("The group `{group}' does not exist."));
        return 1;
    }
    say(cx, parsed, format_args!("Adding new user `{name}' (UID {uid}) with group `{group}' ..."));
    let shell = parsed.value('s').unwrap_or("/usr/sbin/nologin").to_owned();
    let number = uid.to_string();
    let exit =
        call(cx, &["useradd", "-r", "-K", "x=y", "-N", "-d", &home, "-g", &group, "-s", &shell, "-u", &number, name]);
    if exit != 0 {
        return exit;
    }
    if let Some(comment) = parsed.value('c').map(str::to_owned) {
        call(cx, &["usermod", "-c", &comment, name]);
    }
    home_of(cx, parsed, name, &home, 0o755, false);
    0
}

fn home_of(cx: &mut Context<'_>, parsed: &Parsed, name: &str, home: &str, mode: u16, skeleton: bool) {
    let accounts = Accounts::load(cx.system.fs.merged());
    let Some((uid, gid)) = accounts.user(name).map(|user| (user.uid, user.gid)) else { return };
    if home == "/nonexistent" {
        say(cx, parsed, format_args!("Not creating `{home}'."));
        return;
    }
    if parsed.has('H') {
        say(cx, parsed, format_args!("Not creating home directory `{home}'."));
        return;
    }
    if cx.stat(home).is_ok() {
        say(cx, parsed, format_args!("The home directory `{home}' already exists.  Not touching this directory."));
        return;
    }
    say(cx, parsed, format_args!("Creating home directory `{home}' ..."));
    let made = super::mkdir::Making { parents: true, ..super::mkdir::Making::default() };
    super::mkdir::make(cx, home, made);
    if let Err(errno) = cx.chown(home, Some(uid), Some(gid), true).and_then(|()| cx.chmod(home, mode)) {
        cx.complain_of(format_args!("Couldn't create home directory `{home}'"), errno);
        return;
    }
    if skeleton {
        say(cx, parsed, "Copying files from `/etc/skel' ...");
        copy_skeleton(cx, "/etc/skel", home, uid, gid);
    }
}

fn user(cx: &mut Context<'_>, parsed: &Parsed, name: &str) -> Exit {
    let accounts = Accounts::load(cx.system.fs.merged());
    if accounts.user(name).is_some() {
        cx.complain(format_args!("The user `{name}' already exists."));
        return 1;
    }
    let legal = name
        .chars()
        .enumerate()
        .all(|(i, c)| c.is_ascii_lowercase() || (i > 0 && (c.is_ascii_digit() || c == '-' || c == '_' || c == '.')));
    if !legal && !parsed.has('a') {
        cx.complain(
            "Please enter a username matching the regular expression\n\
                     configured via the NAME_REGEX configuration variable.  Use the\n\
                     `--allow-bad-names' option to relax this check or reconfigure\n\
                     NAME_REGEX in configuration.",
        );
        return 1;
    }
    let (uids, gids) = used(&accounts);
    let into =
        parsed.value('G').map(str::to_owned).or(parsed.value('g').and_then(number).map(|gid| accounts.group_name(gid)));
    let uid = match parsed.value('u').map(number) {
        Some(Some(uid)) if uids.contains(&uid) => {
            cx.complain(format_args!("The UID {uid} is already in use."));
            return 1;
        }
        Some(uid) => uid,
        None => (1000..=59_999).find(|id| !uids.contains(id) && !gids.contains(id)),
    };
    let Some(uid) = uid else {
        cx.complain("No UID is available in the range 1000-59999 (FIRST_UID - LAST_UID).");
        return 1;
    };
    let number = uid.to_string();
    let home = parsed.value('h').map_or_else(|| format!("/home/{name}"), str::to_owned);
    if parsed.value('h').is_some() && parsed.has('H') && cx.stat(&home).is_err() {
        let warning = "you specified can't be accessed: No such file or directory";
        cx.complain(format_args!("Warning: The home dir {home} {warning}"));
    }
    say(cx, parsed, format_args!("Adding user `{name}' ..."));
    let group = match into {
        Some(group) => group,
        None => {
            say(cx, parsed, format_args!("Adding new group `{name}' ({uid}) ..."));
            let exit = call(cx, &["groupadd", "-g", &number, name]);
            if exit != 0 {
                return exit;
            }
            name.to_owned()
        }
    };
    let Some(gid) = Accounts::load(cx.system.fs.merged()).group(&group).map(|group| group.gid) else {
        cx.complain(format_args!("The group `{group}' does not exist."));
        return 1;
    };
    say(cx, parsed, format_args!("Adding new user `{name}' ({uid}) with group `{group} ({gid})' ..."));
    let default = if parsed.has('D') { "/usr/sbin/nologin" } else { "/bin/bash" };
    let shell = parsed.value('s').unwrap_or(default).to_owned();
    let exit = call(cx, &["useradd", "-N", "-d", &home, "-g", &group, "-s", &shell, "-u", &number, name]);
    if exit != 0 {
        return exit;
    }
    home_of(cx, parsed, name, &home, 0o700, true);
    if !parsed.has('d') && !parsed.has('D') {
        let exit = call(cx, &["passwd", name]);
        if exit != 0 {
            // Nobody types a password in a build; the script asks three times and goes on.
            cx.complain("Permission denied");
        }
    }
    if let Some(comment) = parsed.value('c') {
        let comment = if comment.contains(',') { comment.to_owned() } else { format!("{comment},,,") };
        call(cx, &["usermod", "-c", &comment, name]);
    }
    say(cx, parsed, format_args!("Adding new user `{name}' to supplemental / extra groups `users' ..."));
    if accounts.group("users").is_none() {
        return 0;
    }
    say(cx, parsed, format_args!("Adding user `{name}' to group `users' ..."));
    call(cx, &["usermod", "-a", "-G", "users", name])
}

fn join(cx: &mut Context<'_>, parsed: &Parsed, user: &str, group: &str) -> Exit {
    let accounts = Accounts::load(cx.system.fs.merged());
    if accounts.user(user).is_none() {
        cx.complain(format_args!("The user `{user}' does not exist."));
        return 1;
    }
    let Some(found) = accounts.group(group) else {
        cx.complain(format_args!("The group `{group}' does not exist."));
        return 1;
    };
    if found.members.iter().any(|member| member == user) {
        cx.complain(format_args!("The user `{user}' is already a member of `{group}'."));
        return 0;
    }
    say(cx, parsed, format_args!("Adding user `{user}' to group `{group}' ..."));
    let exit = call(cx, &["usermod", "-a", "-G", group, user]);
    if exit == 0 {
        say(cx, parsed, "Done.");
    }
    exit
}

pub(super) fn addgroup(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(OPTIONS) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if !allowed(cx) {
        return 1;
    }
    match parsed.operands.as_slice() {
        [user, group] => join(cx, &parsed, user, group),
        _ => group(cx, &parsed),
    }
}

fn group(cx: &mut Context<'_>, parsed: &Parsed) -> Exit {
    let Some(name) = parsed.operands.first() else {
        cx.complain("Only one or two names allowed.");
        return 1;
    };
    let accounts = Accounts::load(cx.system.fs.merged());
    let system = parsed.has('S');
    if let Some(group) = accounts.group(name) {
        if system && group.gid < 1000 {
            cx.complain(format_args!("The group `{name}' already exists as a system group. Exiting."));
            return 0;
        }
        cx.complain(format_args!("The group `{name}' already exists."));
        return 1;
    }
    let (_, gids) = used(&accounts);
    let gid = match parsed.value('g').map(number) {
        Some(Some(gid)) if gids.contains(&gid) => {
            cx.complain(format_args!("The GID `{gid}' is already in use."));
            return 1;
        }
        Some(gid) => gid,
        None if system => first_free(&gids, 100, 999),
        None => first_free(&gids, 1000, 59_999),
    };
    let Some(gid) = gid else {
        cx.complain("No GID is available in the range.");
        return 1;
    };
    say(cx, parsed, format_args!("Adding group `{name}' (GID {gid}) ..."));
    let exit = call(cx, &["groupadd", "-g", &gid.to_string(), name]);
    if exit == 0 {
        say(cx, parsed, "Done.");
    }
    exit
}

const DELETE: &Options = &Options {
    short: "RAqSgb",
    long: &[
        ("remove-home", 'R'),
        ("remove-all-files", 'A'),
        ("quiet", 'q'),
        ("system", 'S'),
        ("group", 'g'),
        ("only-if-empty", 'b'),
    ],
    hidden: "RASgbq",
    in_order: false,
};

pub(super) fn deluser(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(DELETE) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.has('A') {
        return cx.not_simulated("option --remove-all-files");
    }
    let accounts = Accounts::load(cx.system.fs.merged());
    let (name, group) = match parsed.operands.as_slice() {
        [name] => (name, None),
        [name, group] => (name, Some(group)),
        _ => {
            cx.complain("Only one or two names allowed.");
            return 1;
        }
    };
    if accounts.user(name).is_none() {
        cx.complain(format_args!("The user `{name}' does not exist."));
        return if parsed.has('S') { 0 } else { 2 };
    }
    let exit = match group {
        Some(group) => {
            if accounts.group(group).is_none() {
                cx.complain(format_args!("The group `{group}' does not exist."));
                return 3;
            }
            say(cx, &parsed, format_args!("Removing user `{name}' from group `{group}' ..."));
            call(cx, &["usermod", "-r", "-G", group, name])
        }
        None => {
            if parsed.has('R') {
                say(cx, &parsed, "Looking for files to backup/remove ...");
                say(cx, &parsed, "Removing files ...");
                if let Some(user) = accounts.user(name) {
                    let all = super::remove::Removal { recursive: true, force: true, ..Default::default() };
                    super::remove::remove(cx, user.home.trim_end_matches('/'), all);
                }
            }
            say(cx, &parsed, format_args!("Removing user `{name}' ..."));
            call(cx, &["userdel", name])
        }
    };
    if exit == 0 {
        say(cx, &parsed, "Done.");
    }
    exit
}

pub(super) fn delgroup(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(DELETE) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let accounts = Accounts::load(cx.system.fs.merged());
    let name = match parsed.operands.as_slice() {
        [name] => name.clone(),
        _ => return deluser(cx),
    };
    if accounts.group(&name).is_none() {
        cx.complain(format_args!("The group `{name}' does not exist."));
        return if parsed.has('S') { 0 } else { 3 };
    }
    say(cx, &parsed, format_args!("Removing group `{name}' ..."));
    let exit = call(cx, &["groupdel", &name]);
    if exit == 0 {
        say(cx, &parsed, "Done.");
    }
    exit
}
