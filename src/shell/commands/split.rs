//! `split`: cut a file into pieces. It lacks `-n`, `--filter` and numeric suffixes from a number.

use super::input::{Failure, Words, lines, quantity};
use super::{Command, Context, Exit, Options, Run};
use crate::vfs::Content;

pub(super) const COMMAND: Command = Command {
    name: "split",
    run: Run::Plain(run),
    options: &Options {
        short: "a:b:l:d1:",
        long: &[
            ("suffix-length", 'a'),
            ("bytes", 'b'),
            ("lines", 'l'),
            ("numeric-suffixes", 'd'),
            ("additional-suffix", '1'),
        ],
        hidden: "1",
        in_order: false,
    },
};

const WORDS: Words = Words {
    missing: ["can't open '%'", "cannot open '%' for reading"],
    directory: [Some("%: Is a directory"), Some("%: Is a directory")],
};

/// The most pieces that are made.
const MAX_PIECES: u64 = 100_000;

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let input = parsed.operands.first().map_or("-", String::as_str);
    let prefix = parsed.operands.get(1).map_or("x", String::as_str).to_owned();
    let content = match cx.operand(input, &WORDS) {
        Ok(content) => content,
        Err(_) => return 1,
    };
    let length = parsed.value('a').and_then(|text| text.parse::<usize>().ok()).unwrap_or(2).clamp(1, 10);
    let unit = parsed.value('b').or(parsed.value('l')).unwrap_or("1000").to_owned();
    let Some(unit) = quantity(&unit).filter(|unit| *unit > 0) else {
        match cx.busybox() {
            true => cx.complain(format_args!("invalid number '{unit}'")),
            false if parsed.has('b') => cx.complain(format_args!("invalid number of bytes: '{unit}'")),
            false => cx.complain(format_args!("invalid number of lines: '{unit}'")),
        }
        return 1;
    };
    let mut pieces = Vec::new();
    if parsed.has('b') {
        if content.len() / unit > MAX_PIECES {
            return cx.not_simulated(format_args!("more than {MAX_PIECES} pieces"));
        }
        let mut at = 0;
        while at < content.len() {
            pieces.push(content.slice(at, at + unit));
            at += unit;
        }
    } else {
        let Ok(bytes) = cx.bytes(&content, input).ok_or(Failure::NotSimulated) else { return 0 };
        let all: Vec<&[u8]> = lines(&bytes).collect();
        if all.len() as u64 / unit > MAX_PIECES {
            return cx.not_simulated(format_args!("more than {MAX_PIECES} pieces"));
        }
        pieces.extend(all.chunks(unit as usize).map(|lines| Content::from(lines.concat())));
    }
    let radix = if parsed.has('d') { 10 } else { 26 };
    let first = if parsed.has('d') { b'0' } else { b'a' };
    for (number, piece) in pieces.iter().enumerate() {
        let mut suffix = vec![first; length];
        let mut rest = number;
        for digit in suffix.iter_mut().rev() {
            *digit = first + (rest % radix) as u8;
            rest /= radix;
        }
        if rest > 0 {
            cx.complain(if cx.busybox() { "suffixes exhausted" } else { "output file suffixes exhausted" });
            return 1;
        }
        let name = format!("{prefix}{}{}", String::from_utf8_lossy(&suffix), parsed.value('1').unwrap_or(""));
        let (path, mode) = (cx.process.path(&name), cx.process.masked(0o666));
        if let Err(errno) = cx.system.fs.write(&cx.process.cred, &path, piece, mode) {
            match cx.busybox() {
                true => cx.complain_of(format_args!("can't open '{name}'"), errno),
                false => cx.complain_of(name, errno),
            }
            return 1;
        }
    }
    0
}
