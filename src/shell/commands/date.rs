//! `date`: the clock stands still at the moment at which our builds happen; the time zone is UTC.

use super::calendar;
use super::syscalls::quoteaf;
use super::{Command, Context, Exit, Options, Run};
use crate::vfs::{EPOCH, Time};

pub(super) const COMMAND: Command = Command {
    name: "date",
    run: Run::Plain(run),
    options: &Options {
        short: "d:r:uRI1:",
        long: &[
            ("date", 'd'),
            ("reference", 'r'),
            ("utc", 'u'),
            ("universal", 'u'),
            ("rfc-email", 'R'),
            ("rfc-3339", '1'),
        ],
        hidden: "1",
        in_order: false,
    },
};

fn run(cx: &mut Context<'_>) -> Exit {
    // `-Iseconds`, `--iso-8601=seconds`: the value belongs to the option.
    let mut iso = None;
    cx.args.retain(|arg| {
        let value = arg.strip_prefix("--iso-8601").map(|rest| rest.trim_start_matches('=')).or(arg.strip_prefix("-I"));
        iso = value.map(str::to_owned).or(iso.take());
        value.is_none()
    });
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let time = if let Some(file) = parsed.value('r') {
        match cx.stat(file) {
            Ok(stat) => stat.meta.mtime,
            Err(errno) => {
                cx.complain_of(file, errno);
                return 1;
            }
        }
    } else if let Some(text) = parsed.value('d') {
        let read = if cx.busybox() { calendar::parse_busybox(text) } else { calendar::parse_gnu(text) };
        match read {
            Some(time) => time,
            None => {
                if cx.busybox() {
                    cx.complain(format_args!("invalid date '{text}'"));
                } else {
                    cx.complain(format_args!("invalid date {}", quoteaf(text)));
                }
                return 1;
            }
        }
    } else {
        cx.modelled("the clock stands at 2025-01-01 00:00:00 UTC");
        Time { seconds: EPOCH, nanos: 0 }
    };
    let format = match parsed.operands.as_slice() {
        [] => None,
        [format] if format.starts_with('+') => Some(format[1..].to_owned()),
        [text, ..] => {
            if cx.busybox() {
                cx.complain(format_args!("invalid date '{text}'"));
            } else {
                cx.complain(format_args!("invalid date {}", quoteaf(text)));
            }
            return 1;
        }
    };
    let format = match (format, iso.as_deref(), parsed.value('1')) {
        (Some(format), ..) => format,
        (None, Some(precision), _) => match precision {
            "" | "date" => "%Y-%m-%d",
            "hours" => "%Y-%m-%dT%H%:z",
            "minutes" => "%Y-%m-%dT%H:%M%:z",
            "seconds" => "%Y-%m-%dT%H:%M:%S%:z",
            "ns" => "%Y-%m-%dT%H:%M:%S,%N%:z",
            other => {
                let other = cx.quote(other);
                cx.complain(format_args!("invalid argument {other} for '--iso-8601'"));
                return 1;
            }
        }
        .to_owned(),
        (None, None, Some("seconds")) => "%Y-%m-%d %H:%M:%S%:z".to_owned(),
        (None, None, Some("ns")) => "%Y-%m-%d %H:%M:%S.%N%:z".to_owned(),
        (None, None, Some(_)) => "%Y-%m-%d".to_owned(),
        (None, None, None) if parsed.has('R') => "%a, %d %b %Y %H:%M:%S %z".to_owned(),
        (None, None, None) => "%a %b %e %H:%M:%S UTC %Y".to_owned(),
    };
    cx.out(format!("{}\n", calendar::format(&format, time)));
    0
}
