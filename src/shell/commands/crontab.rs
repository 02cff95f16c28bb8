//! `crontab` of busybox: a user's table in `/var/spool/cron/crontabs`, and the list of users whose table is new. It lacks
//! `-e`, which needs an editor. (Debian's cron is a package, whose program is not simulated.)

use super::{Command, Context, Exit, Options, Run};
use crate::shell::Accounts;
use crate::vfs::{Content, OpenOptions};

pub(super) const COMMAND: Command =
    Command { name: "crontab", run: Run::Plain(run), options: &Options::short("u:c:lrd") };

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if !cx.busybox() {
        return cx.not_simulated("the program");
    }
    let accounts = Accounts::load(cx.system.fs.merged());
    let user = parsed.value('u').map_or_else(|| accounts.user_name(cx.process.cred.uid), str::to_owned);
    if parsed.value('u').is_some() && cx.process.cred.uid != 0 {
        cx.complain("must be suid to work properly");
        return 1;
    }
    if accounts.user(&user).is_none() {
        cx.complain(format_args!("unknown user {user}"));
        return 1;
    }
    let folder = parsed.value('c').unwrap_or("/var/spool/cron/crontabs").to_owned();
    if !cx.is_dir(&folder) {
        cx.complain(format_args!("can't change directory to '{folder}': No such file or directory"));
        return 1;
    }
    let table = format!("{folder}/{user}");
    if parsed.has('l') {
        return match cx.input(&table) {
            Ok(content) => {
                cx.out_content(&content);
                0
            }
            Err(errno) => {
                cx.complain_of(format_args!("can't open '{user}'"), errno);
                1
            }
        };
    }
    if parsed.last_of("rd").is_some() {
        let _ = cx.unlink(&table);
    } else {
        let Some(source) = parsed.operands.first().cloned() else {
            // Without operands it reads standard input, as with `-`.
            return replace(cx, "-", &folder, &table, &user);
        };
        return replace(cx, &source, &folder, &table, &user);
    }
    tell(cx, &folder, &user);
    0
}

/// Writes the new table beside the old one, and renames it.
fn replace(cx: &mut Context<'_>, source: &str, folder: &str, table: &str, user: &str) -> Exit {
    let content = match cx.input(source) {
        Ok(content) => content,
        Err(errno) => {
            cx.complain_of(format_args!("can't open '{source}'"), errno);
            return 1;
        }
    };
    let new = format!("{table}.new");
    let written = cx.open(&new, OpenOptions::replacing(), 0o600).and_then(|ino| {
        cx.chmod(&new, 0o600)?;
        cx.system.fs.write_handle(ino, 0, &content)?;
        cx.rename(&new, table)
    });
    if let Err(errno) = written {
        cx.complain_of(format_args!("can't create {user}.new"), errno);
        return 1;
    }
    tell(cx, folder, user);
    0
}

/// Tells crond whose table has changed.
fn tell(cx: &mut Context<'_>, folder: &str, user: &str) {
    let path = format!("{folder}/cron.update");
    if let Ok(ino) = cx.open(&path, OpenOptions::appending(), 0o600) {
        let end = cx.system.fs.len_handle(ino);
        let _ = cx.system.fs.write_handle(ino, end, &Content::from(format!("{user}\n")));
    }
}
