//! `wc`: count lines, words, characters and bytes.

use super::input::{Failure, Words, chomp, lines};
use super::rope::count_lines;
use super::{Command, Context, Exit, Options, Run};
use crate::vfs::{Content, Libc};

pub(super) const COMMAND: Command = Command {
    name: "wc",
    run: Run::Plain(run),
    options: &Options {
        short: "lwcmL",
        long: &[("lines", 'l'), ("words", 'w'), ("bytes", 'c'), ("chars", 'm'), ("max-line-length", 'L')],
        hidden: "",
        in_order: false,
    },
};

const WORDS: Words = Words::plain(Some("%: Is a directory"));

/// In the order in which they are printed.
const COUNTS: &str = "lwmcL";

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let wanted: Vec<char> = match parsed.last_of(COUNTS) {
        None => "lwc".chars().collect(),
        Some(_) => COUNTS.chars().filter(|count| parsed.has(*count)).collect(),
    };
    let mut operands = parsed.operands.clone();
    if operands.is_empty() {
        operands.push(String::new());
    }
    let mut exit = 0;
    let mut rows: Vec<(Vec<u64>, String)> = Vec::new();
    let mut total = vec![0u64; wanted.len()];
    let mut all_regular = true;
    for operand in &operands {
        let input = if operand.is_empty() { "-" } else { operand };
        let counts = match cx.operand(input, &WORDS) {
            Ok(content) => match count(cx, &content, &wanted, input) {
                Ok(counts) => counts,
                Err(_) => return 0,
            },
            Err(_) => {
                exit = 1;
                let is_dir = cx.system.fs.stat(&cx.process.cred, &cx.process.path(operand)).is_ok();
                if !is_dir {
                    continue;
                }
                vec![0; wanted.len()]
            }
        };
        all_regular &= exit == 0 && input != "-";
        for ((sum, count), letter) in total.iter_mut().zip(&counts).zip(&wanted) {
            *sum = if *letter == 'L' { (*sum).max(*count) } else { *sum + count };
        }
        rows.push((counts, operand.clone()));
    }
    if operands.len() > 1 {
        rows.push((total.clone(), "total".to_owned()));
    }
    let width = match (cx.busybox(), wanted.len() * rows.len()) {
        (_, 0 | 1) => 0,
        (true, _) => 9,
        (false, _) if all_regular || input_is_file(cx, &operands) => {
            // GNU takes the digits of the sum of the sizes.
            sizes(cx, &operands).to_string().len()
        }
        (false, _) => 7,
    };
    for (counts, name) in rows {
        let mut line: Vec<String> = counts.iter().map(|count| format!("{count:width$}")).collect();
        if !name.is_empty() {
            line.push(name);
        }
        cx.out(line.join(" ") + "\n");
    }
    exit
}

fn input_is_file(cx: &Context<'_>, operands: &[String]) -> bool {
    let standard = operands.len() == 1 && operands[0].is_empty();
    standard && cx.process.fds.get(&0).is_some_and(|fd| matches!(*fd.borrow(), crate::shell::Description::File { .. }))
}

fn sizes(cx: &Context<'_>, operands: &[String]) -> u64 {
    let standard = cx.process.fds.get(&0).map(|fd| match *fd.borrow() {
        crate::shell::Description::File { ino, .. } => cx.system.fs.len_handle(ino),
        _ => 0,
    });
    operands
        .iter()
        .map(|operand| match operand.as_str() {
            "" => standard.unwrap_or(0),
            _ => cx.system.fs.stat(&cx.process.cred, &cx.process.path(operand)).map_or(0, |stat| stat.size),
        })
        .sum()
}

fn count(cx: &mut Context<'_>, content: &Content, wanted: &[char], name: &str) -> Result<Vec<u64>, Failure> {
    // Lines and bytes can be had from generated content of any size.
    let simple: Option<Vec<u64>> = wanted
        .iter()
        .map(|letter| match letter {
            'l' => count_lines(content),
            'c' => Some(content.len()),
            _ => None,
        })
        .collect();
    if let Some(counts) = simple {
        return Ok(counts);
    }
    let bytes = cx.bytes(content, name).ok_or(Failure::NotSimulated)?;
    // The busybox that was built with glibc knows UTF-8 whatever the locale.
    let characters = cx.utf8() || cx.busybox() && cx.system.libc == Libc::Glibc;
    Ok(wanted
        .iter()
        .map(|letter| match letter {
            'l' => count_lines(content).unwrap_or(0),
            'c' => bytes.len() as u64,
            'm' if characters => bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count() as u64,
            'm' => bytes.len() as u64,
            'w' => words(&bytes),
            _ => lines(&bytes).map(|line| columns(chomp(line))).max().unwrap_or(0),
        })
        .collect())
}

fn words(bytes: &[u8]) -> u64 {
    let mut inside = false;
    let mut count = 0;
    for byte in bytes {
        if matches!(byte, b' ' | b'\t'..=b'\r') {
            inside = false;
        } else if *byte > b' ' && *byte < 127 || *byte >= 0x80 {
            count += u64::from(!inside);
            inside = true;
        }
    }
    count
}

fn columns(line: &[u8]) -> u64 {
    line.iter().fold(0, |column, byte| match byte {
        b'\t' => (column / 8 + 1) * 8,
        b' '..=b'~' => column + 1,
        _ => column,
    })
}
