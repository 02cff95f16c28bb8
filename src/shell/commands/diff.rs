//! `diff`: the differences of two files, or of two trees. Plain format in GNU's, unified in both (busybox has only that). It lacks
//! context and side-by-side formats, and all but the commonest options.

mod script;
mod tree;

use super::{Command, Context, Exit, Options, Run};
use crate::vfs::{Errno, Time};
use script::{Hunk, hunks};
use std::sync::Arc;

pub(super) const COMMAND: Command = Command {
    name: "diff",
    run: Run::Plain(run),
    options: &Options {
        short: "uU:qsrNbwBiaL:",
        long: &[
            ("unified", 'u'),
            ("brief", 'q'),
            ("report-identical-files", 's'),
            ("recursive", 'r'),
            ("new-file", 'N'),
            ("ignore-space-change", 'b'),
            ("ignore-all-space", 'w'),
            ("ignore-case", 'i'),
            ("text", 'a'),
            ("label", 'L'),
        ],
        hidden: "",
        in_order: false,
    },
};

/// How to compare and what to print.
struct Job {
    unified: Option<usize>,
    brief: bool,
    tell_same: bool,
    recursive: bool,
    new_files: bool,
    space: Option<char>,
    ignore_case: bool,
    labels: Vec<String>,
    /// The options as they are repeated before each pair of files of a tree.
    words: String,
}

/// One side.
struct Side {
    name: String,
    bytes: Arc<Vec<u8>>,
    time: Time,
}

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.has('B') {
        return cx.not_simulated("option -B");
    }
    let [first, second] = parsed.operands.as_slice() else {
        if cx.busybox() {
            cx.misused("");
            return 1;
        }
        let after = parsed.operands.last().map_or("diff", String::as_str).to_owned();
        match parsed.operands.len() {
            0 | 1 => cx.complain(format_args!("missing operand after '{after}'")),
            _ => cx.complain(format_args!("extra operand '{}'", parsed.operands[2])),
        }
        cx.complain("Try 'diff --help' for more information.");
        return 2;
    };
    let unified = match parsed.value('U').map(str::parse) {
        Some(Ok(context)) => Some(context),
        Some(Err(_)) => return cx.misused("invalid context length"),
        None => (parsed.has('u') || cx.busybox()).then_some(3),
    };
    let words: Vec<&String> = cx.args.iter().skip(1).filter(|arg| arg.starts_with('-') && arg.len() > 1).collect();
    let job = Job {
        unified,
        brief: parsed.has('q'),
        tell_same: parsed.has('s'),
        recursive: parsed.has('r'),
        new_files: parsed.has('N'),
        space: parsed.last_of("bw"),
        ignore_case: parsed.has('i'),
        labels: parsed.given.iter().filter(|(l, _)| *l == 'L').map(|(_, label)| label.clone()).collect(),
        words: words.iter().map(|word| format!(" {word}")).collect(),
    };
    let (a, b) = (first.clone(), second.clone());
    match (cx.is_dir(&a), cx.is_dir(&b)) {
        (true, true) => tree::trees(cx, &job, &a, &b),
        (false, true) if a != "-" => files(cx, &job, &a, &below(&b, &a)),
        (true, false) if b != "-" => files(cx, &job, &below(&a, &b), &b),
        _ => files(cx, &job, &a, &b),
    }
}

/// The file of the same name in a directory.
fn below(directory: &str, file: &str) -> String {
    format!("{}/{}", directory.trim_end_matches('/'), file.rsplit('/').next().unwrap_or(file))
}

fn side(cx: &mut Context<'_>, job: &Job, name: &str, may_miss: bool) -> Result<Side, Exit> {
    let time = match name {
        // An open descriptor, as process substitution hands over.
        _ if name == "-" || name.starts_with("/dev/fd/") => Ok(Time { seconds: crate::vfs::EPOCH, nanos: 0 }),
        _ => cx.stat(name).map(|stat| stat.meta.mtime),
    };
    let content = time.and_then(|time| cx.input(name).map(|content| (time, content)));
    let (time, content) = match content {
        Ok(found) => found,
        Err(Errno::ENOENT) if job.new_files && may_miss => {
            return Ok(Side { name: name.to_owned(), bytes: Arc::default(), time: Time::default() });
        }
        Err(errno) => {
            match cx.busybox() {
                true => cx.complain_of(format_args!("can't stat '{name}'"), errno),
                false => cx.complain_of(name, errno),
            }
            return Err(2);
        }
    };
    let bytes = cx.bytes(&content, name).ok_or(0)?;
    Ok(Side { name: name.to_owned(), bytes, time })
}

/// Compares two files and prints; 0 if they are the same, 1 if not, 2 after an error.
fn files(cx: &mut Context<'_>, job: &Job, a: &str, b: &str) -> Exit {
    let sides = side(cx, job, a, true).and_then(|a| side(cx, job, b, true).map(|b| (a, b)));
    let (a, b) = match sides {
        Ok(sides) => sides,
        // GNU tells of both, where both are missing.
        Err(2) if !cx.busybox() && cx.stat(a).is_err() && cx.stat(b).is_err() => {
            let _ = side(cx, job, b, true);
            return 2;
        }
        Err(exit) => return exit,
    };
    pair(cx, job, &a, &b)
}

fn pair(cx: &mut Context<'_>, job: &Job, a: &Side, b: &Side) -> Exit {
    let binary = a.bytes.contains(&0) || b.bytes.contains(&0);
    let same = a.bytes == b.bytes;
    let hunks = if same || binary {
        Vec::new()
    } else {
        hunks(&a.bytes, &b.bytes, job.unified.unwrap_or(0), |line| key(job, line))
    };
    if same || !binary && hunks.is_empty() {
        if job.tell_same {
            cx.out(format!("Files {} and {} are identical\n", a.name, b.name));
        }
        return 0;
    }
    if job.brief || binary {
        let kind = if binary && !job.brief && !cx.busybox() { "Binary files" } else { "Files" };
        cx.out(format!("{kind} {} and {} differ\n", a.name, b.name));
        return 1;
    }
    let mut out = Vec::new();
    match job.unified {
        Some(_) => {
            let header = |side: &Side, index: usize, busybox: bool| match job.labels.get(index) {
                Some(label) => label.clone(),
                None if busybox => side.name.clone(),
                None => format!("{}\t{}", side.name, super::calendar::format("%Y-%m-%d %H:%M:%S.%N +0000", side.time)),
            };
            let busybox = cx.busybox();
            out.extend_from_slice(format!("--- {}\n+++ {}\n", header(a, 0, busybox), header(b, 1, busybox)).as_bytes());
            hunks.iter().for_each(|hunk| unified(hunk, &mut out));
        }
        None => hunks.iter().for_each(|hunk| normal(hunk, &mut out)),
    }
    cx.out(out);
    1
}

/// What of a line is compared.
fn key(job: &Job, line: &[u8]) -> Vec<u8> {
    let blank = |byte: &u8| byte.is_ascii_whitespace();
    let mut text: Vec<u8> = match job.space {
        Some('w') => line.iter().copied().filter(|byte| !blank(byte)).collect(),
        Some(_) => {
            let mut out: Vec<u8> = Vec::new();
            for byte in line {
                if !blank(byte) {
                    out.push(*byte);
                } else if out.last().is_none_or(|last| *last != b' ') {
                    out.push(b' ');
                }
            }
            while out.last() == Some(&b' ') {
                out.pop();
            }
            out
        }
        None => line.to_vec(),
    };
    if job.ignore_case {
        text.make_ascii_lowercase();
    }
    text
}

fn push(mark: &str, line: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(mark.as_bytes());
    out.extend_from_slice(line);
    if !line.ends_with(b"\n") {
        out.extend_from_slice(b"\n\\ No newline at end of file\n");
    }
}

fn unified(hunk: &Hunk<'_>, out: &mut Vec<u8>) {
    let range = |start: usize, count: usize| match count {
        1 => format!("{}", start + 1),
        0 => format!("{start},0"),
        _ => format!("{},{count}", start + 1),
    };
    let (old, new) = (range(hunk.old_start, hunk.old_count()), range(hunk.new_start, hunk.new_count()));
    out.extend_from_slice(format!("@@ -{old} +{new} @@\n").as_bytes());
    for (mark, line) in &hunk.lines {
        push(&mark.to_string(), line, out);
    }
}

fn normal(hunk: &Hunk<'_>, out: &mut Vec<u8>) {
    let range = |start: usize, count: usize| match count {
        0 => format!("{start}"),
        1 => format!("{}", start + 1),
        _ => format!("{},{}", start + 1, start + count),
    };
    let (old, new) = (hunk.old_count(), hunk.new_count());
    let letter = match (old, new) {
        (0, _) => 'a',
        (_, 0) => 'd',
        _ => 'c',
    };
    let head = format!("{}{letter}{}\n", range(hunk.old_start, old), range(hunk.new_start, new));
    out.extend_from_slice(head.as_bytes());
    for (_, line) in hunk.lines.iter().filter(|(mark, _)| *mark == '-') {
        push("< ", line, out);
    }
    if letter == 'c' {
        out.extend_from_slice(b"---\n");
    }
    for (_, line) in hunk.lines.iter().filter(|(mark, _)| *mark == '+') {
        push("> ", line, out);
    }
}
