//! `truncate`: cut or extend files. busybox takes plain sizes only; GNU also `+N`, `-N`, `<N`, `>N`, `/N`, `%N`.

use super::human::{SUFFIXES, size};
use super::syscalls::quoteaf;
use super::{Command, Context, Exit, Options, Run};
use crate::vfs::OpenOptions;

pub(super) const COMMAND: Command = Command {
    name: "truncate",
    run: Run::Plain(run),
    options: &Options {
        short: "cs:r:",
        long: &[("no-create", 'c'), ("size", 's'), ("reference", 'r')],
        hidden: "",
        in_order: false,
    },
};

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let spec = parsed.value('s').map(str::trim);
    if spec.is_none() && parsed.value('r').is_none() {
        let (size, reference) = (cx.quote("--size"), cx.quote("--reference"));
        return cx.missing_operand(&format!("you must specify either {size} or {reference}"));
    }
    if parsed.operands.is_empty() {
        return cx.missing_operand("missing file operand");
    }
    let base = match parsed.value('r') {
        None => None,
        Some(reference) => match cx.stat(reference) {
            Ok(stat) => Some(stat.size),
            Err(errno) => {
                cx.complain_of(format_args!("cannot stat {}", quoteaf(reference)), errno);
                return 1;
            }
        },
    };
    let spec = spec.unwrap_or("+0");
    let signs: &[char] = if cx.busybox() { &[] } else { &['+', '-', '<', '>', '/', '%'] };
    let (sign, number) = match spec.chars().next() {
        Some(sign) if signs.contains(&sign) => (Some(sign), &spec[1..]),
        _ => (None, spec),
    };
    let Some(number) = size(number, SUFFIXES) else {
        if cx.busybox() {
            cx.complain(format_args!("invalid number '{spec}'"));
        } else {
            let quoted = cx.quote(spec);
            cx.complain(format_args!("Invalid number: {quoted}"));
        }
        return 1;
    };
    if number == 0 && matches!(sign, Some('/' | '%')) {
        cx.complain("division by zero");
        return 1;
    }
    let mut exit = 0;
    for operand in &parsed.operands {
        if parsed.has('c') && cx.stat(operand).is_err() {
            continue;
        }
        let ino = match cx.open(operand, OpenOptions::appending(), 0o666) {
            Ok(ino) => ino,
            Err(errno) => {
                if cx.busybox() {
                    cx.complain_of(format_args!("{operand}: open"), errno);
                } else {
                    cx.complain_of(format_args!("cannot open {} for writing", quoteaf(operand)), errno);
                }
                exit = 1;
                continue;
            }
        };
        let old = base.unwrap_or_else(|| cx.system.fs.len_handle(ino));
        let new = match sign {
            None => number,
            Some('+') => old.saturating_add(number),
            Some('-') => old.saturating_sub(number),
            Some('<') => old.min(number),
            Some('>') => old.max(number),
            Some('/') => old / number * number,
            Some(_) => old.div_ceil(number).saturating_mul(number),
        };
        if let Err(errno) = cx.system.fs.truncate_handle(ino, new) {
            if cx.busybox() {
                cx.complain_of(format_args!("{operand}: truncate"), errno);
            } else {
                cx.complain_of(format_args!("failed to truncate {} at {new} bytes", quoteaf(operand)), errno);
            }
            exit = 1;
        }
    }
    exit
}
