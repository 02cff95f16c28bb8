//! `du`: how much a tree takes, in blocks of 4 KiB, each inode once. Holes are counted as if they were stored.

use super::human;
use super::ls::blocks;
use super::syscalls::{concat, quoteaf};
use super::{Command, Context, Exit, Options, Parsed, Run};
use crate::vfs::{Ino, Stat};
use std::collections::BTreeSet;

pub(super) const COMMAND: Command = Command {
    name: "du",
    run: Run::Plain(run),
    options: &Options {
        short: "abcd:hHkLlmsSxB:A12:",
        long: &[
            ("all", 'a'),
            ("apparent-size", 'A'),
            ("block-size", 'B'),
            ("bytes", 'b'),
            ("count-links", 'l'),
            ("dereference", 'L'),
            ("human-readable", 'h'),
            ("max-depth", 'd'),
            ("one-file-system", 'x'),
            ("separate-dirs", 'S'),
            ("summarize", 's'),
            ("total", 'c'),
        ],
        hidden: "A12",
        in_order: false,
    },
};

struct Walk<'a> {
    parsed: &'a Parsed,
    depth: usize,
    apparent: bool,
    unit: u64,
    seen: BTreeSet<Ino>,
    failed: bool,
}

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let depth = match parsed.value('d').map(str::parse) {
        _ if parsed.has('s') => 0,
        None => usize::MAX,
        Some(Ok(depth)) => depth,
        Some(Err(_)) => {
            let depth = parsed.value('d').unwrap_or_default();
            let quoted = cx.quote(depth);
            let message = if cx.busybox() {
                format!("invalid number '{depth}'")
            } else {
                format!("invalid maximum depth {quoted}")
            };
            cx.complain(message);
            return 1;
        }
    };
    let unit = match (parsed.last_of("bkmB"), parsed.value('B')) {
        (Some('b'), _) => 1,
        (Some('m'), _) => 1 << 20,
        (Some('B'), Some(size)) => {
            match human::size(size, human::SUFFIXES).or_else(|| human::size(&format!("1{size}"), human::SUFFIXES)) {
                Some(unit) if unit > 0 => unit,
                _ => {
                    cx.complain(format_args!("invalid -B argument '{size}'"));
                    return 1;
                }
            }
        }
        _ => 1024,
    };
    let apparent = parsed.has('A') || parsed.has('b');
    let mut walk = Walk { parsed: &parsed, depth, apparent, unit, seen: BTreeSet::new(), failed: false };
    let operands = if parsed.operands.is_empty() { vec![".".to_owned()] } else { parsed.operands.clone() };
    let mut total = 0;
    for operand in &operands {
        total += measure(cx, operand, 0, &mut walk);
    }
    if parsed.has('c') {
        line(cx, total, "total", &walk);
    }
    u8::from(walk.failed)
}

fn measure(cx: &mut Context<'_>, path: &str, depth: usize, walk: &mut Walk<'_>) -> u64 {
    let follow = walk.parsed.has('L') || (depth == 0 && walk.parsed.has('H'));
    let stat = match if follow { cx.stat(path) } else { cx.lstat(path) } {
        Ok(stat) => stat,
        Err(errno) => {
            if cx.busybox() {
                cx.complain_of(path, errno);
            } else {
                cx.complain_of(format_args!("cannot access {}", quoteaf(path)), errno);
            }
            walk.failed = true;
            return 0;
        }
    };
    if (walk.parsed.has('x') && stat.mounted) || cx.stopped() {
        return 0;
    }
    if !walk.parsed.has('l') && (stat.nlink > 1 || stat.is_dir()) && !walk.seen.insert(stat.ino) {
        return 0;
    }
    let own = size(&stat, walk.apparent);
    let mut sum = own;
    if stat.is_dir() {
        match cx.read_dir(path) {
            Ok(children) => {
                for child in children {
                    sum += measure(cx, &concat(path, &child.name), depth + 1, walk);
                }
            }
            Err(errno) => {
                if cx.busybox() {
                    cx.complain_of(format_args!("can't open '{path}'"), errno);
                } else {
                    cx.complain_of(format_args!("cannot read directory {}", quoteaf(path)), errno);
                }
                walk.failed = true;
            }
        }
    }
    if depth == 0 || (depth <= walk.depth && (stat.is_dir() || walk.parsed.has('a'))) {
        line(cx, sum, path, walk);
    }
    sum
}

fn size(stat: &Stat, apparent: bool) -> u64 {
    if apparent { stat.size } else { blocks(stat) * 512 }
}

fn line(cx: &mut Context<'_>, bytes: u64, path: &str, walk: &Walk<'_>) {
    let amount = match (walk.parsed.has('h'), cx.busybox()) {
        (true, true) => human::busybox(bytes),
        (true, false) => human::gnu(bytes),
        (false, true) => (bytes / walk.unit).to_string(),
        (false, false) => bytes.div_ceil(walk.unit).to_string(),
    };
    cx.out(format!("{amount}\t{path}\n"));
}
