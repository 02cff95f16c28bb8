//! `cmp` and `comm`: compare two files by bytes, or two sorted files by lines.

use super::input::{Failure, Words, chomp, lines};
use super::{Command, Context, Exit, Options, Run};
use crate::vfs::Libc;
use std::cmp::Ordering;
use std::sync::Arc;

pub(super) const CMP: Command = Command {
    name: "cmp",
    run: Run::Plain(cmp),
    options: &Options {
        short: "lsn:",
        long: &[("verbose", 'l'), ("quiet", 's'), ("silent", 's'), ("bytes", 'n')],
        hidden: "",
        in_order: false,
    },
};

pub(super) const COMM: Command = Command { name: "comm", run: Run::Plain(comm), options: &Options::short("123") };

const CMP_WORDS: Words = Words::plain(Some("%: {io}"));
const COMM_WORDS: Words = Words::plain(None);

fn two(cx: &mut Context<'_>, names: [&str; 2], words: &Words, failed: Exit) -> Result<[Arc<Vec<u8>>; 2], Exit> {
    let mut read =
        |name| cx.operand_bytes(name, words).map_err(|failure| if failure == Failure::Told { failed } else { 0 });
    Ok([read(names[0])?, read(names[1])?])
}

fn cmp(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(CMP.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let (first, second) = match parsed.operands.as_slice() {
        [first] => (first.clone(), "-".to_owned()),
        [first, second] => (first.clone(), second.clone()),
        [] => {
            if cx.busybox() {
                return cx.misused("");
            }
            cx.complain("missing operand after 'cmp'");
            cx.complain("Try 'cmp --help' for more information.");
            return 2;
        }
        _ => return cx.not_simulated("skipping the start of files"),
    };
    // Equal content needs no bytes.
    if first != "-"
        && second != "-"
        && let (Ok(a), Ok(b)) = (cx.input(&first), cx.input(&second))
        && a.known_digest().is_some()
        && a.known_digest() == b.known_digest()
    {
        return 0;
    }
    let [a, b] = match two(cx, [&first, &second], &CMP_WORDS, 2) {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    let limit = match parsed.value('n').map(super::input::quantity) {
        None => usize::MAX,
        Some(Some(limit)) => limit as usize,
        Some(None) => return cx.misused("invalid --bytes value"),
    };
    let (a, b) = (&a[..a.len().min(limit)], &b[..b.len().min(limit)]);
    let shared = a.len().min(b.len());
    let silent = parsed.has('s');
    let mut different = false;
    let mut out = String::new();
    for i in 0..shared {
        if a[i] == b[i] {
            continue;
        }
        different = true;
        if silent {
            break;
        }
        if parsed.has('l') {
            let width = if cx.busybox() { 1 } else { shared.to_string().len() };
            out.push_str(&format!("{:width$} {:3o} {:3o}\n", i + 1, a[i], b[i]));
            continue;
        }
        let line = a[..i].iter().filter(|byte| **byte == b'\n').count() + 1;
        let what = if cx.busybox() && cx.system.libc == Libc::Glibc { "byte" } else { "char" };
        cx.out(format!("{first} {second} differ: {what} {}, line {line}\n", i + 1));
        return 1;
    }
    cx.out(out);
    if a.len() != b.len() && !(different && silent) {
        different = true;
        let shorter = if a.len() < b.len() { &first } else { &second };
        let line = a[..shared].iter().filter(|byte| **byte == b'\n').count();
        if !silent {
            let message = match (cx.busybox(), shared, parsed.has('l')) {
                (true, ..) => format!("EOF on {shorter}"),
                (false, 0, _) => format!("EOF on {shorter} which is empty"),
                (false, _, true) => format!("EOF on {shorter} after byte {shared}"),
                (false, ..) if a[shared - 1] == b'\n' => format!("EOF on {shorter} after byte {shared}, line {line}"),
                _ => format!("EOF on {shorter} after byte {shared}, in line {}", line + 1),
            };
            cx.complain(message);
        }
    }
    u8::from(different)
}

fn comm(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMM.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let [first, second] = parsed.operands.as_slice() else {
        return match parsed.operands.as_slice() {
            [] => cx.misused("missing operand"),
            [one] => {
                let message = format!("missing operand after '{one}'");
                cx.misused(message)
            }
            [_, _, extra, ..] => {
                let message = format!("extra operand '{extra}'");
                cx.misused(message)
            }
            [_, _] => 1,
        };
    };
    let [a, b] = match two(cx, [first, second], &COMM_WORDS, 1) {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    let (a, b): (Vec<&[u8]>, Vec<&[u8]>) = (lines(&a).map(chomp).collect(), lines(&b).map(chomp).collect());
    let indent = |column: u32| {
        let before = (1..column).filter(|c| !parsed.has(char::from_digit(*c, 10).unwrap_or('0'))).count();
        "\t".repeat(before)
    };
    let mut out = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let order = match (a.get(i), b.get(j)) {
            (Some(x), Some(y)) => x.cmp(y),
            (Some(_), None) => Ordering::Less,
            _ => Ordering::Greater,
        };
        let (column, line) = match order {
            Ordering::Less => (1, a[i]),
            Ordering::Greater => (2, b[j]),
            Ordering::Equal => (3, a[i]),
        };
        i += usize::from(order != Ordering::Greater);
        j += usize::from(order != Ordering::Less);
        if !parsed.has(char::from_digit(column, 10).unwrap_or('0')) {
            out.extend_from_slice(indent(column).as_bytes());
            out.extend_from_slice(line);
            out.push(b'\n');
        }
    }
    cx.out(out);
    if cx.busybox() {
        return 0;
    }
    // GNU says when a file is not sorted, as far as it mattered.
    let mut exit = 0;
    for (number, file) in [(1, &a), (2, &b)] {
        if file.windows(2).any(|pair| pair[0] > pair[1]) && a != b {
            cx.complain(format_args!("file {number} is not in sorted order"));
            exit = 1;
        }
    }
    if exit == 1 {
        cx.complain("input is not in sorted order");
    }
    exit
}
