//! `uniq`: report or leave out repeated lines. It lacks GNU's `--group`.

use super::input::{Failure, Words, chomp, lines};
use super::{Command, Context, Exit, Options, Run};
use crate::vfs::Content;

pub(super) const COMMAND: Command = Command {
    name: "uniq",
    run: Run::Plain(run),
    options: &Options {
        short: "cdDiuzf:s:w:",
        long: &[
            ("count", 'c'),
            ("repeated", 'd'),
            ("ignore-case", 'i'),
            ("unique", 'u'),
            ("zero-terminated", 'z'),
            ("skip-fields", 'f'),
            ("skip-chars", 's'),
            ("check-chars", 'w'),
        ],
        hidden: "",
        in_order: false,
    },
};

const WORDS: Words =
    Words { missing: ["can't open '%'", "%"], directory: [Some("%: I/O error"), Some("error reading '%'")] };

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let mut numbers = [0, 0, usize::MAX];
    for (letter, slot) in ['f', 's', 'w'].into_iter().zip(&mut numbers) {
        let Some(text) = parsed.value(letter).map(str::to_owned) else { continue };
        let Ok(number) = text.parse() else {
            if cx.busybox() {
                cx.complain(format_args!("invalid number '{text}'"));
            } else {
                let what = ["fields to skip", "bytes to skip", "bytes to compare"]["fsw".find(letter).unwrap_or(0)];
                cx.complain(format_args!("{text}: invalid number of {what}"));
            }
            return 1;
        };
        *slot = number;
    }
    if parsed.operands.len() > 2 {
        return cx.misused(format_args!("extra operand '{}'", parsed.operands[2]));
    }
    let input = parsed.operands.first().map_or("-", String::as_str);
    let bytes = match cx.operand_bytes(input, &WORDS) {
        Ok(bytes) => bytes,
        Err(Failure::Told) => return 1,
        Err(Failure::NotSimulated) => return 0,
    };
    let separator = if parsed.has('z') { 0 } else { b'\n' };
    let all: Vec<&[u8]> = if separator == 0 {
        bytes.split_inclusive(|byte| *byte == 0).map(|line| line.strip_suffix(b"\0").unwrap_or(line)).collect()
    } else {
        lines(&bytes).map(chomp).collect()
    };
    let [fields, characters, width] = numbers;
    let key = |line: &[u8]| {
        let mut at = 0;
        for _ in 0..fields {
            let blank = |byte: &u8| matches!(*byte, b' ' | b'\t');
            at += line[at..].iter().take_while(|byte| blank(byte)).count();
            at += line[at..].iter().take_while(|byte| !blank(byte)).count();
        }
        let part = &line[(at + characters).min(line.len())..];
        let part = &part[..part.len().min(width)];
        if parsed.has('i') { part.to_ascii_lowercase() } else { part.to_vec() }
    };
    let mut out = Vec::new();
    let mut rest = all.as_slice();
    while let Some(first) = rest.first() {
        let wanted = key(first);
        let count = rest.iter().take_while(|line| key(line) == wanted).count();
        let (group, others) = rest.split_at(count);
        rest = others;
        if parsed.has('d') && count == 1 || parsed.has('u') && count > 1 || parsed.has('D') && count == 1 {
            continue;
        }
        let shown = if parsed.has('D') { group } else { &group[..1] };
        for line in shown {
            if parsed.has('c') {
                out.extend_from_slice(format!("{count:7} ").as_bytes());
            }
            out.extend_from_slice(line);
            out.push(separator);
        }
    }
    let Some(name) = parsed.operands.get(1).filter(|name| *name != "-") else {
        cx.out(out);
        return 0;
    };
    let (path, mode) = (cx.process.path(name), cx.process.masked(0o666));
    if let Err(errno) = cx.system.fs.write(&cx.process.cred, &path, &Content::from(out), mode) {
        match cx.busybox() {
            true => cx.complain_of(format_args!("can't open '{name}'"), errno),
            false => cx.complain_of(name, errno),
        }
        return 1;
    }
    0
}
