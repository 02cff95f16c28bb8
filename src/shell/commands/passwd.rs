//! `passwd -d`, `-l`, `-u`, and `chpasswd`: what a build can do with passwords. A new password is salted with random bytes
//! in reality, so that its hash is modelled: the length is right, the letters are not.

use super::account_files::{
    PASSWD, SHADOW, TODAY, busybox_update, has, lines, lock, name_of, set_field, shadow_update,
};
use super::{Command, Context, Exit, Options, Run};
use crate::shell::accounts::Accounts;

pub(super) const PASSWORD: Command = Command {
    name: "passwd",
    run: Run::Plain(passwd),
    options: &Options {
        short: "dluq",
        long: &[("delete", 'd'), ("lock", 'l'), ("unlock", 'u'), ("quiet", 'q')],
        hidden: "",
        in_order: false,
    },
};

pub(super) const CHPASSWD: Command = Command {
    name: "chpasswd",
    run: Run::Plain(chpasswd),
    options: &Options {
        short: "emc:s:R:",
        long: &[("encrypted", 'e'), ("md5", 'm'), ("crypt-method", 'c'), ("sha-rounds", 's'), ("root", 'R')],
        hidden: "",
        in_order: false,
    },
};

fn password(cx: &Context<'_>, name: &str) -> String {
    let file = if has(cx, SHADOW, name) { SHADOW } else { PASSWD };
    lines(cx, file)
        .and_then(|lines| lines.iter().find(|line| name_of(line) == name).cloned())
        .and_then(|line| line.split(':').nth(1).map(str::to_owned))
        .unwrap_or_default()
}

/// Sets the password field, and in `shadow` the day of the change.
fn set(cx: &mut Context<'_>, name: &str, value: &str) -> bool {
    let today = TODAY.to_string();
    let musl = cx.system.libc == crate::vfs::Libc::Musl;
    let busybox = cx.busybox();
    let shadow = has(cx, SHADOW, name);
    let edit = |lines: &mut Vec<String>| {
        set_field(lines, name, 1, value);
        if shadow {
            set_field(lines, name, 2, &today);
            let minimum = lines.iter().find(|line| name_of(line) == name).and_then(|line| line.split(':').nth(3));
            if busybox && musl && minimum == Some("") {
                set_field(lines, name, 3, "0");
            }
        }
    };
    if busybox {
        let set = busybox_update(cx, if shadow { SHADOW } else { PASSWD }, edit);
        if shadow {
            // The line of passwd is written again too.
            return busybox_update(cx, PASSWD, |lines| {
                set_field(lines, name, 1, "x");
            }) && set;
        }
        return set;
    }
    shadow_update(cx, if shadow { SHADOW } else { PASSWD }, edit).is_ok()
}

fn passwd(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(PASSWORD.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let accounts = Accounts::load(cx.system.fs.merged());
    let own = accounts.user_name(cx.process.cred.uid);
    let name = parsed.operands.first().cloned().unwrap_or(own);
    if accounts.user(&name).is_none() {
        if cx.busybox() {
            cx.complain(format_args!("unknown user {name}"));
        } else {
            cx.complain(format_args!("user '{name}' does not exist"));
        }
        return 1;
    }
    let Some(action) = parsed.last_of("dlu") else {
        return ask(cx, &name);
    };
    if cx.process.cred.uid != 0 {
        let message = if cx.busybox() { "-d, -l or -u need root" } else { "Permission denied." };
        cx.complain(message);
        return 1;
    }
    let old = password(cx, &name);
    let new = match action {
        'd' => String::new(),
        'l' if old.starts_with('!') && cx.busybox() => {
            cx.complain(format_args!("password for {name} is already locked"));
            return 1;
        }
        'l' if old.starts_with('!') => old,
        'l' => format!("!{old}"),
        _ => match old.strip_prefix('!') {
            Some(rest) if !cx.busybox() && rest.is_empty() => {
                cx.complain("unlocking the password would result in a passwordless account.");
                cx.err("You should set a password with usermod -p to unlock the password of this account.\n");
                return 3;
            }
            Some(rest) => rest.to_owned(),
            None if cx.busybox() => {
                cx.complain(format_args!("password for {name} is already unlocked"));
                return 1;
            }
            None => old,
        },
    };
    if !cx.busybox() && lock(cx).is_err() {
        cx.complain("cannot lock /etc/passwd; try again later.");
        return 5;
    }
    if !set(cx, &name, &new) {
        return 1;
    }
    if cx.busybox() {
        cx.complain(format_args!("password for {name} changed by root"));
    } else if !parsed.has('q') {
        cx.complain("password changed.");
    }
    0
}

/// Takes the new password from standard input, twice.
fn ask(cx: &mut Context<'_>, name: &str) -> Exit {
    let input = cx.stdin();
    let text = input.to_text().unwrap_or_default();
    let typed: Vec<&str> = text.lines().collect();
    if cx.busybox() {
        cx.out(format!("Changing password for {name}\n"));
    }
    match typed.as_slice() {
        [first, second, ..] if first == second && !first.is_empty() => {
            hashed(cx);
            let hash = hash(first);
            if !cx.busybox() {
                cx.err("New password: Retype new password: passwd: password updated successfully\n");
                return u8::from(lock(cx).is_err() || !set(cx, name, &hash));
            }
            cx.err("New password: \n");
            if first.len() < 6 {
                cx.err("Bad password: too short\n");
            }
            cx.err("Retype password: \n");
            if !set(cx, name, &hash) {
                return 1;
            }
            cx.complain(format_args!("password for {name} changed by root"));
            0
        }
        _ if cx.busybox() => {
            cx.err("New password: \n");
            cx.complain(format_args!("password for {name} is unchanged"));
            1
        }
        _ => {
            cx.err("New password: Password change has been aborted.\n");
            cx.complain("Authentication token manipulation error");
            cx.complain("password unchanged");
            10
        }
    }
}

fn hashed(cx: &mut Context<'_>) {
    cx.modelled("the hash of a password has a random salt");
}

/// Something as long as a SHA-512 hash, the same for the same password.
fn hash(password: &str) -> String {
    let digest = crate::digest::Digest::of(password.as_bytes()).to_string();
    let letters: String = digest.chars().filter(char::is_ascii_hexdigit).cycle().take(102).collect();
    format!("$6${}${}", &letters[..16], &letters[16..])
}

fn chpasswd(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(CHPASSWD.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if cx.process.cred.uid != 0 {
        let message = if cx.busybox() { "permission denied (are you root?)" } else { "Permission denied." };
        cx.complain(message);
        return 1;
    }
    let input = cx.stdin();
    let Some(bytes) = cx.bytes(&input, "the input") else { return 0 };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if !cx.busybox() && lock(cx).is_err() {
        return 1;
    }
    let mut exit = 0;
    for (number, line) in text.lines().enumerate() {
        let Some((name, password)) = line.split_once(':') else {
            if cx.busybox() {
                cx.complain("missing new password");
                return 1;
            }
            cx.complain(format_args!("line {}: missing new password", number + 1));
            exit = 1;
            continue;
        };
        if Accounts::load(cx.system.fs.merged()).user(name).is_none() {
            if cx.busybox() {
                cx.complain(format_args!("unknown user {name}"));
                return 1;
            }
            cx.complain(format_args!("(user {name}) pam_chauthtok() failed, error:"));
            cx.err("Authentication token manipulation error\n");
            cx.complain(format_args!("(line {}, user {name}) password not changed", number + 1));
            exit = 1;
            continue;
        }
        let value = if parsed.has('e') {
            password.to_owned()
        } else {
            hashed(cx);
            hash(password)
        };
        if !set(cx, name, &value) {
            return 1;
        }
        if cx.busybox() {
            cx.complain(format_args!("password for '{name}' changed"));
        }
    }
    exit
}
