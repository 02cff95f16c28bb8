//! `touch`: make files, set their times. Access times are not kept, so that `-a` alone stores the file again and changes
//! nothing else.

use super::calendar;
use super::syscalls::quoteaf;
use super::{Command, Context, Exit, Options, Run};
use crate::vfs::{Errno, OpenOptions, Time};

pub(super) const COMMAND: Command = Command {
    name: "touch",
    run: Run::Plain(run),
    options: &Options {
        short: "acd:fhmr:t:1:",
        long: &[("no-create", 'c'), ("date", 'd'), ("no-dereference", 'h'), ("reference", 'r'), ("time", '1')],
        hidden: "1",
        in_order: false,
    },
};

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let mut time: Option<Time> = None;
    if let Some(reference) = parsed.value('r') {
        match cx.stat(reference) {
            Ok(stat) => time = Some(stat.meta.mtime),
            Err(errno) if cx.busybox() => {
                cx.complain_of(format_args!("can't stat '{reference}'"), errno);
                return 1;
            }
            Err(errno) => {
                cx.complain_of(format_args!("failed to get attributes of {}", quoteaf(reference)), errno);
                return 1;
            }
        }
    }
    for (letter, text) in parsed.given.iter().filter(|(letter, _)| "dt".contains(*letter)) {
        let read = match (cx.busybox(), letter) {
            (true, _) => calendar::parse_busybox(text),
            (false, 't') => calendar::digits(text, true),
            (false, _) => calendar::parse_gnu(text),
        };
        let Some(read) = read else {
            if cx.busybox() {
                cx.complain(format_args!("invalid date '{text}'"));
            } else {
                let quoted = cx.quote(text);
                cx.complain(format_args!("invalid date format {quoted}"));
            }
            return 1;
        };
        time = Some(read);
    }
    if parsed.operands.is_empty() {
        return cx.missing_operand("missing file operand");
    }
    let access_only = (parsed.has('a') && !parsed.has('m'))
        || parsed.value('1').is_some_and(|which| matches!(which, "access" | "atime" | "use"));
    let follow = !parsed.has('h');
    let mut exit = 0;
    for operand in &parsed.operands {
        let told = touch(cx, operand, time, access_only, follow, parsed.has('c'));
        if let Err(errno) = told {
            if cx.busybox() {
                cx.complain_of(operand, errno);
            } else if (cx.lstat(operand).is_ok() && errno == Errno::EPERM) || (!follow && errno == Errno::ENOENT) {
                cx.complain_of(format_args!("setting times of {}", quoteaf(operand)), errno);
            } else {
                cx.complain_of(format_args!("cannot touch {}", quoteaf(operand)), errno);
            }
            exit = 1;
        }
    }
    exit
}

fn touch(
    cx: &mut Context<'_>,
    path: &str,
    time: Option<Time>,
    access_only: bool,
    follow: bool,
    no_create: bool,
) -> Result<(), Errno> {
    let there = if follow { cx.stat(path) } else { cx.lstat(path) };
    match there {
        Ok(stat) => {
            let time = if access_only { Some(stat.meta.mtime) } else { time };
            cx.set_mtime(path, time, follow)
        }
        Err(Errno::ENOENT) if no_create => Ok(()),
        Err(Errno::ENOENT) if !follow && !cx.busybox() => Err(Errno::ENOENT),
        Err(Errno::ENOENT) => {
            cx.open(path, OpenOptions::appending(), 0o666)?;
            match time {
                Some(time) if !access_only => cx.set_mtime(path, Some(time), follow),
                _ => Ok(()),
            }
        }
        Err(errno) => Err(errno),
    }
}
