//! `tac`, `rev`, `nl`, `fold`, `expand`, `unexpand`, `paste`, `yes`: small filters over lines.

use super::input::{Failure, Words, chomp, lines};
use super::{Command, Context, Exit, Options, Parsed, Run};
use crate::vfs::{Content, Libc, MAX_SIZE};

pub(super) const TAC: Command = Command { name: "tac", run: Run::Plain(tac), options: &Options::short("") };
pub(super) const REV: Command = Command { name: "rev", run: Run::Plain(rev), options: &Options::short("") };
pub(super) const YES: Command = Command { name: "yes", run: Run::Plain(yes), options: &Options::short("") };
pub(super) const NL: Command = Command {
    name: "nl",
    run: Run::Plain(nl),
    options: &Options {
        short: "b:i:n:s:v:w:pl:d:f:h:",
        long: &[
            ("body-numbering", 'b'),
            ("line-increment", 'i'),
            ("number-format", 'n'),
            ("number-separator", 's'),
            ("starting-line-number", 'v'),
            ("number-width", 'w'),
        ],
        hidden: "pldfh",
        in_order: false,
    },
};
pub(super) const FOLD: Command = Command {
    name: "fold",
    run: Run::Plain(fold),
    options: &Options {
        short: "bsw:",
        long: &[("bytes", 'b'), ("spaces", 's'), ("width", 'w')],
        hidden: "",
        in_order: false,
    },
};
pub(super) const EXPAND: Command = Command {
    name: "expand",
    run: Run::Plain(expand),
    options: &Options { short: "it:", long: &[("initial", 'i'), ("tabs", 't')], hidden: "", in_order: false },
};
pub(super) const UNEXPAND: Command = Command {
    name: "unexpand",
    run: Run::Plain(unexpand),
    options: &Options {
        short: "aft:",
        long: &[("all", 'a'), ("first-only", 'f'), ("tabs", 't')],
        hidden: "",
        in_order: false,
    },
};
pub(super) const PASTE: Command = Command {
    name: "paste",
    run: Run::Plain(paste),
    options: &Options { short: "d:s", long: &[("delimiters", 'd'), ("serial", 's')], hidden: "", in_order: false },
};

const SILENT: Words = Words::plain(None);
const EIO: Words = Words::plain(Some("%: {io}"));

/// Parses the options, reads all input, and prints what `filter` makes of it.
fn filter(
    cx: &mut Context<'_>,
    options: &Options,
    words: &Words,
    filter: impl FnOnce(&Context<'_>, &Parsed, &[u8]) -> Result<Vec<u8>, String>,
) -> Exit {
    let parsed = match cx.options(options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let (bytes, fine) = match cx.all_bytes(&parsed.operands, words) {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    match filter(cx, &parsed, &bytes) {
        Ok(out) => {
            cx.out(out);
            u8::from(!fine)
        }
        Err(message) => {
            cx.complain(message);
            1
        }
    }
}

fn tac(cx: &mut Context<'_>) -> Exit {
    let words = Words {
        missing: ["%", "failed to open '%' for reading"],
        directory: [Some("%: Is a directory"), Some("%: read error: Invalid argument")],
    };
    let parsed = match cx.options(TAC.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let standard = ["-".to_owned()];
    let operands = if parsed.operands.is_empty() { &standard[..] } else { &parsed.operands[..] };
    let mut exit = 0;
    for operand in operands {
        match cx.operand_bytes(operand, &words) {
            Ok(bytes) => cx.out(lines(&bytes).rev().flatten().copied().collect::<Vec<u8>>()),
            Err(Failure::Told) => exit = 1,
            Err(Failure::NotSimulated) => return 0,
        }
    }
    exit
}

fn rev(cx: &mut Context<'_>) -> Exit {
    let words = Words { missing: ["%", "cannot open %"], directory: [None, Some("%: 0: Is a directory")] };
    filter(cx, REV.options, &words, |cx, _, bytes| {
        let utf8 = cx.utf8() || cx.busybox() && cx.system.libc == Libc::Glibc;
        let turn = |line: &[u8]| -> Vec<u8> {
            let text = chomp(line);
            let mut out: Vec<u8> = match std::str::from_utf8(text) {
                Ok(text) if utf8 => text.chars().rev().collect::<String>().into_bytes(),
                _ => text.iter().rev().copied().collect(),
            };
            out.extend_from_slice(&line[text.len()..]);
            out
        };
        Ok(lines(bytes).flat_map(turn).collect())
    })
}

fn yes(cx: &mut Context<'_>) -> Exit {
    let words = match cx.args.get(1..) {
        None | Some([]) => "y".to_owned(),
        Some(words) => words.join(" "),
    };
    // It never ends by itself: as much as a file may hold, for who takes the first lines of it.
    let content = Content::repeat(format!("{words}\n").as_bytes(), MAX_SIZE);
    cx.out_content(&content);
    1
}

fn nl(cx: &mut Context<'_>) -> Exit {
    filter(cx, NL.options, &SILENT, |_, parsed, bytes| {
        let number = |letter: char, default: i64| -> Result<i64, String> {
            match parsed.value(letter) {
                None => Ok(default),
                Some(text) => text.parse().map_err(|_| format!("invalid number '{text}'")),
            }
        };
        let width = number('w', 6)?.clamp(1, 1000) as usize;
        let (mut count, step) = (number('v', 1)?, number('i', 1)?);
        let style = parsed.value('b').unwrap_or("t");
        let format = parsed.value('n').unwrap_or("rn");
        let separator = parsed.value('s').unwrap_or("\t");
        let mut out = Vec::new();
        for line in lines(bytes) {
            let text = chomp(line);
            if style == "a" || style == "t" && !text.is_empty() {
                out.extend_from_slice(
                    match format {
                        "ln" => format!("{count:<width$}{separator}"),
                        "rz" => format!("{count:0width$}{separator}"),
                        _ => format!("{count:width$}{separator}"),
                    }
                    .as_bytes(),
                );
                count += step;
            } else {
                out.extend(std::iter::repeat_n(b' ', width + separator.len()));
            }
            out.extend_from_slice(text);
            out.push(b'\n');
        }
        Ok(out)
    })
}

fn is_width(arg: &str) -> bool {
    arg.len() > 1 && arg.starts_with('-') && arg[1..].bytes().all(|byte| byte.is_ascii_digit())
}

fn fold(cx: &mut Context<'_>) -> Exit {
    // `-10` is `-w 10`, but for musl's getopt.
    if cx.system.libc == Libc::Musl && cx.args.iter().skip(1).any(|arg| is_width(arg)) {
        return cx.misused("");
    }
    for arg in cx.args.iter_mut().skip(1) {
        if is_width(arg) {
            *arg = format!("-w{}", &arg[1..]);
        }
    }
    filter(cx, FOLD.options, &EIO, |cx, parsed, bytes| {
        let width = parsed.value('w').unwrap_or("80");
        let Some(width) = width.parse::<usize>().ok().filter(|width| *width > 0) else {
            return Err(match cx.busybox() {
                true => format!("invalid number '{width}'"),
                false => format!("invalid number of columns: '{width}'"),
            });
        };
        let plain = parsed.has('b');
        let mut out = Vec::new();
        let mut line: Vec<u8> = Vec::new();
        let mut column = 0;
        let advance = |column: usize, byte: u8| match byte {
            _ if plain => column + 1,
            b'\t' => column + 8 - column % 8,
            8 => column.saturating_sub(1),
            b'\r' => 0,
            _ => column + 1,
        };
        for byte in bytes {
            if *byte == b'\n' {
                out.append(&mut line);
                out.push(b'\n');
                column = 0;
                continue;
            }
            let next = advance(column, *byte);
            if next > width && !line.is_empty() {
                let cut = match parsed.has('s') {
                    true => line.iter().rposition(|byte| *byte == b' ' || *byte == b'\t').map(|at| at + 1),
                    false => None,
                };
                let rest = line.split_off(cut.unwrap_or(line.len()));
                out.append(&mut line);
                out.push(b'\n');
                column = rest.iter().fold(0, |column, byte| advance(column, *byte));
                line = rest;
                column = advance(column, *byte);
            } else {
                column = next;
            }
            line.push(*byte);
        }
        out.append(&mut line);
        Ok(out)
    })
}

/// The stop after a column: every `n` columns, or the list given, after which one blank remains.
fn next_stop(stops: &[usize], column: usize) -> usize {
    match stops {
        [] => (column / 8 + 1) * 8,
        [every] => (column / every + 1) * every,
        list => list.iter().copied().find(|stop| *stop > column).unwrap_or(column + 1),
    }
}

fn tab_stops(parsed: &Parsed, busybox: bool) -> Result<Vec<usize>, String> {
    let Some(text) = parsed.value('t') else { return Ok(Vec::new()) };
    if busybox && text.contains([',', ' ']) {
        return Err(format!("invalid number '{text}'"));
    }
    let stops: Option<Vec<usize>> =
        text.split([',', ' ']).map(|stop| stop.parse().ok().filter(|stop| *stop > 0)).collect();
    stops.ok_or_else(|| format!("tab size contains invalid character(s): '{text}'"))
}

fn expand(cx: &mut Context<'_>) -> Exit {
    filter(cx, EXPAND.options, &EIO, |cx, parsed, bytes| {
        let stops = tab_stops(parsed, cx.busybox())?;
        let mut out = Vec::new();
        let (mut column, mut leading) = (0, true);
        for byte in bytes {
            match byte {
                b'\t' if leading || !parsed.has('i') => {
                    let stop = next_stop(&stops, column);
                    out.extend(std::iter::repeat_n(b' ', stop - column));
                    column = stop;
                }
                b'\n' => {
                    out.push(b'\n');
                    (column, leading) = (0, true);
                }
                _ => {
                    leading &= *byte == b' ';
                    column += usize::from(byte & 0xc0 != 0x80);
                    out.push(*byte);
                }
            }
        }
        Ok(out)
    })
}

fn unexpand(cx: &mut Context<'_>) -> Exit {
    filter(cx, UNEXPAND.options, &EIO, |cx, parsed, bytes| {
        let stops = tab_stops(parsed, cx.busybox())?;
        let all = (parsed.has('a') || parsed.has('t')) && !parsed.has('f');
        let mut out = Vec::new();
        for line in lines(bytes) {
            let (mut column, mut start, mut pending) = (0, 0, false);
            let mut leading = true;
            for byte in line {
                let blank = matches!(byte, b' ' | b'\t') && (leading || all);
                if blank {
                    if !pending {
                        (start, pending) = (column, true);
                    }
                    column = if *byte == b'\t' { next_stop(&stops, column) } else { column + 1 };
                    continue;
                }
                if pending {
                    blanks(&stops, start, column, &mut out);
                    pending = false;
                }
                leading = false;
                column += 1;
                out.push(*byte);
            }
            if pending {
                blanks(&stops, start, column, &mut out);
            }
        }
        Ok(out)
    })
}

/// Tabs and blanks from one column to another; a single blank stays one.
fn blanks(stops: &[usize], from: usize, to: usize, out: &mut Vec<u8>) {
    let mut column = from;
    loop {
        let stop = next_stop(stops, column);
        if stop > to || stop - column == 1 && to - from == 1 {
            break;
        }
        out.push(b'\t');
        column = stop;
    }
    out.extend(std::iter::repeat_n(b' ', to - column));
}

fn paste(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(PASTE.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let mut delimiters: Vec<Option<u8>> = Vec::new();
    let mut text = parsed.value('d').unwrap_or("\t").bytes();
    while let Some(byte) = text.next() {
        delimiters.push(match byte {
            b'\\' => match text.next() {
                Some(b'n') => Some(b'\n'),
                Some(b't') => Some(b'\t'),
                Some(b'0') => None,
                Some(other) => Some(other),
                None => Some(b'\\'),
            },
            _ => Some(byte),
        });
    }
    if delimiters.is_empty() {
        delimiters.push(None);
    }
    let mut operands = parsed.operands.clone();
    if operands.is_empty() {
        operands.push("-".to_owned());
    }
    let (mut files, mut exit) = (Vec::new(), 0);
    let mut standard = Vec::new();
    for operand in &operands {
        if operand == "-" && !standard.is_empty() {
            files.push(Vec::new());
            standard.push(files.len() - 1);
            continue;
        }
        match cx.operand_bytes(operand, &SILENT) {
            Ok(bytes) => {
                files.push(lines(&bytes).map(|line| chomp(line).to_vec()).collect::<Vec<_>>());
                if operand == "-" {
                    standard.push(files.len() - 1);
                }
            }
            Err(Failure::NotSimulated) => return 0,
            Err(Failure::Told) => {
                exit = 1;
                if !parsed.has('s') {
                    return 1;
                }
            }
        }
    }
    if standard.len() > 1 && !parsed.has('s') {
        deal(&mut files, &standard);
    }
    let join = |parts: &[&[u8]]| {
        let mut line = Vec::new();
        for (i, part) in parts.iter().enumerate() {
            if i > 0 {
                line.extend(delimiters[(i - 1) % delimiters.len()]);
            }
            line.extend_from_slice(part);
        }
        line.push(b'\n');
        line
    };
    let mut out = Vec::new();
    if parsed.has('s') {
        for file in &files {
            out.extend(join(&file.iter().map(Vec::as_slice).collect::<Vec<_>>()));
        }
    } else if cx.busybox() && cx.system.libc == Libc::Musl {
        out = paste_without_gaps(&files, &delimiters);
    } else {
        for i in 0..files.iter().map(Vec::len).max().unwrap_or(0) {
            let parts: Vec<&[u8]> = files.iter().map(|file| file.get(i).map_or(&[][..], Vec::as_slice)).collect();
            out.extend(join(&parts));
        }
    }
    cx.out(out);
    exit
}

/// busybox 1.36 leaves a file out once it has ended, its delimiter too.
fn paste_without_gaps(files: &[Vec<Vec<u8>>], delimiters: &[Option<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    for row in 0..files.iter().map(Vec::len).max().unwrap_or(0) {
        let mut next = 0;
        for (i, file) in files.iter().enumerate() {
            let Some(line) = file.get(row) else { continue };
            out.extend_from_slice(line);
            if i + 1 < files.len() {
                out.extend(delimiters[next % delimiters.len()]);
                next += 1;
            } else {
                out.push(b'\n');
            }
        }
    }
    out
}

/// Standard input that is named several times is dealt out line by line.
fn deal(files: &mut [Vec<Vec<u8>>], places: &[usize]) {
    let Some(first) = places.first() else { return };
    let all = std::mem::take(&mut files[*first]);
    for (i, line) in all.into_iter().enumerate() {
        files[places[i % places.len()]].push(line);
    }
}
