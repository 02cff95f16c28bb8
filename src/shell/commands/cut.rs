//! `cut`: selected bytes, characters (which are bytes) or fields of each line.

use super::input::{Failure, Words, chomp, lines};
use super::{Command, Context, Exit, Options, Run};
use crate::vfs::Libc;
use std::ops::RangeInclusive;

pub(super) const COMMAND: Command = Command {
    name: "cut",
    run: Run::Plain(run),
    options: &Options {
        short: "b:c:d:f:nsz12:",
        long: &[
            ("bytes", 'b'),
            ("characters", 'c'),
            ("delimiter", 'd'),
            ("fields", 'f'),
            ("only-delimited", 's'),
            ("zero-terminated", 'z'),
            ("complement", '1'),
            ("output-delimiter", '2'),
        ],
        hidden: "12",
        in_order: false,
    },
};

const WORDS: Words = Words::plain(None);

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let kinds: Vec<&(char, String)> = parsed.given.iter().filter(|(letter, _)| "bcf".contains(*letter)).collect();
    let (kind, list) = match kinds[..] {
        [(kind, list)] => (*kind, list.clone()),
        [] if cx.busybox() && cx.system.libc == Libc::Musl => {
            cx.complain("expected a list of bytes, characters, or fields");
            return 1;
        }
        [] => return cx.misused("you must specify a list of bytes, characters, or fields"),
        _ => return cx.misused("only one list may be specified"),
    };
    let delimiter = match parsed.value('d') {
        None => b"\t".to_vec(),
        Some("") => vec![0],
        // busybox takes the first byte.
        Some(text) if cx.busybox() => text.as_bytes()[..1].to_vec(),
        Some(text) => text.as_bytes().to_vec(),
    };
    if delimiter.len() > 1 && !cx.busybox() {
        return cx.misused("the delimiter must be a single character");
    }
    if kind != 'f' && (parsed.has('d') || parsed.has('s')) {
        let option = if parsed.has('d') { "a delimiter" } else { "suppressing non-delimited lines" };
        return match (cx.busybox(), parsed.has('d')) {
            (true, true) => cx.misused(""),
            (true, false) => cx.misused(""),
            (false, true) => cx.misused("an input delimiter may be specified only when operating on fields"),
            (false, false) => cx.misused(format_args!("{option} makes sense\n\tonly when operating on fields")),
        };
    }
    let ranges = match ranges(&list) {
        Ok(ranges) => ranges,
        Err(_) if cx.busybox() => {
            cx.complain(format_args!("invalid range '{list}'"));
            return 1;
        }
        Err(fault) => {
            let field = kind == 'f';
            return match fault {
                Fault::Zero if field => cx.misused("fields are numbered from 1"),
                Fault::Zero => cx.misused("byte/character positions are numbered from 1"),
                Fault::Decreasing => cx.misused("invalid decreasing range"),
                Fault::Empty => cx.misused("invalid range with no endpoint: -"),
                Fault::Value(text) if field => cx.misused(format_args!("invalid field value '{text}'")),
                Fault::Value(text) => cx.misused(format_args!("invalid byte or character range '{text}'")),
            };
        }
    };
    let complement = parsed.has('1');
    let selected = |index: usize| ranges.iter().any(|range| range.contains(&index)) != complement;
    let joiner = parsed.value('2').map(str::as_bytes);
    let mut operands = parsed.operands.clone();
    if operands.is_empty() {
        operands.push("-".to_owned());
    }
    let end = if parsed.has('z') { 0 } else { b'\n' };
    let mut exit = 0;
    for operand in &operands {
        let bytes = match cx.operand_bytes(operand, &WORDS) {
            Ok(bytes) => bytes,
            Err(Failure::Told) => {
                exit = 1;
                continue;
            }
            Err(Failure::NotSimulated) => return 0,
        };
        let all: Vec<&[u8]> = if end == 0 {
            bytes.split_inclusive(|byte| *byte == 0).map(|line| line.strip_suffix(b"\0").unwrap_or(line)).collect()
        } else {
            lines(&bytes).map(chomp).collect()
        };
        let mut out = Vec::new();
        for line in all {
            if kind == 'f' {
                let fields: Vec<&[u8]> = split(line, &delimiter);
                if fields.len() == 1 {
                    if !parsed.has('s') {
                        out.extend_from_slice(line);
                        out.push(end);
                    }
                    continue;
                }
                let kept: Vec<&[u8]> =
                    fields.iter().enumerate().filter(|(i, _)| selected(i + 1)).map(|(_, field)| *field).collect();
                out.extend_from_slice(&kept.join(joiner.unwrap_or(&delimiter)));
            } else {
                characters(line, &selected, joiner, &mut out);
            }
            out.push(end);
        }
        cx.out(out);
    }
    exit
}

fn split<'l>(line: &'l [u8], delimiter: &[u8]) -> Vec<&'l [u8]> {
    let mut out = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at + delimiter.len() <= line.len() {
        if line[at..].starts_with(delimiter) {
            out.push(&line[start..at]);
            at += delimiter.len();
            start = at;
        } else {
            at += 1;
        }
    }
    out.push(&line[start..]);
    out
}

fn characters(line: &[u8], selected: &impl Fn(usize) -> bool, joiner: Option<&[u8]>, out: &mut Vec<u8>) {
    let (mut index, mut last, mut any) = (0, false, false);
    for byte in line {
        index += 1;
        let now = selected(index);
        if now {
            if let Some(joiner) = joiner
                && any
                && !last
            {
                out.extend_from_slice(joiner);
            }
            out.push(*byte);
            any = true;
        }
        last = now;
    }
}

/// What is wrong with a list.
enum Fault {
    Zero,
    Decreasing,
    Empty,
    Value(String),
}

/// `1,3-5,7-,-2`.
fn ranges(list: &str) -> Result<Vec<RangeInclusive<usize>>, Fault> {
    let number = |text: &str| match text.parse() {
        Ok(0) => Err(Fault::Zero),
        Ok(number) => Ok(number),
        Err(_) => Err(Fault::Value(text.to_owned())),
    };
    list.split([',', ' '])
        .map(|part| match part.split_once('-') {
            None if part.is_empty() => Err(Fault::Zero),
            None => number(part).map(|number| number..=number),
            Some(("", "")) => Err(Fault::Empty),
            Some((from, to)) => {
                let from = if from.is_empty() { 1 } else { number(from)? };
                let to = if to.is_empty() { usize::MAX } else { number(to)? };
                if to < from { Err(Fault::Decreasing) } else { Ok(from..=to) }
            }
        })
        .collect()
}
