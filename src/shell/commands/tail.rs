//! `tail`: the last lines or bytes of files. It lacks `-f`, which never ends.

use super::head::{modern, title};
use super::input::{Words, quantity};
use super::rope::{count_started_lines, end_of_lines};
use super::{Command, Context, Exit, Options, Run};

pub(super) const COMMAND: Command = Command {
    name: "tail",
    run: Run::Plain(run),
    options: &Options {
        short: "n:c:qv",
        long: &[("lines", 'n'), ("bytes", 'c'), ("quiet", 'q'), ("silent", 'q'), ("verbose", 'v')],
        hidden: "",
        in_order: false,
    },
};

const WORDS: Words = Words {
    missing: ["can't open '%'", "cannot open '%' for reading"],
    directory: [Some("read error: Is a directory"), Some("error reading '%': Is a directory")],
};

fn run(cx: &mut Context<'_>) -> Exit {
    modern(&mut cx.args);
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let bytes = parsed.last_of("nc") == Some('c');
    let given = parsed.value(if bytes { 'c' } else { 'n' }).unwrap_or("10");
    let (from_start, number) = match given.strip_prefix('+') {
        Some(number) => (true, number),
        None => (false, given.strip_prefix('-').unwrap_or(given)),
    };
    let Some(count) = quantity(number) else {
        cx.complain(match cx.busybox() {
            true => format!("invalid number '{given}'"),
            false => format!("invalid number of {}: '{given}'", if bytes { "bytes" } else { "lines" }),
        });
        return 1;
    };
    let mut operands = parsed.operands.clone();
    if operands.is_empty() {
        operands.push("-".to_owned());
    }
    let titled = match parsed.last_of("qv") {
        Some('q') => false,
        Some(_) => true,
        None => operands.len() > 1,
    };
    let mut exit = 0;
    let mut contents = Vec::new();
    for operand in &operands {
        match cx.operand(operand, &WORDS) {
            Ok(content) => contents.push((operand, content)),
            Err(_) => exit = 1,
        }
    }
    if contents.is_empty() && cx.busybox() && operands.iter().all(|operand| !is_directory(cx, operand)) {
        cx.complain("no files");
        return 1;
    }
    // busybox gives titles when several files could be opened.
    let titled = titled && (contents.len() > 1 || parsed.has('v') || !cx.busybox());
    for (read, (operand, content)) in contents.into_iter().enumerate() {
        if titled {
            title(cx, operand, read);
        }
        let start = match (bytes, from_start) {
            (true, true) => Some(count.saturating_sub(1).min(content.len())),
            (true, false) => Some(content.len().saturating_sub(count)),
            (false, true) => end_of_lines(&content, count.saturating_sub(1)),
            (false, false) => {
                count_started_lines(&content).and_then(|lines| end_of_lines(&content, lines.saturating_sub(count)))
            }
        };
        let Some(start) = start else {
            return cx.not_simulated(format_args!("the content of {operand} is not held"));
        };
        let out = content.slice(start, content.len());
        if !out.is_held() && start > 0 {
            cx.modelled(format_args!("the content of {operand} is not held, only its size"));
        }
        cx.out_content(&out);
    }
    exit
}

fn is_directory(cx: &Context<'_>, operand: &str) -> bool {
    cx.system.fs.stat(&cx.process.cred, &cx.process.path(operand)).is_ok_and(|stat| stat.is_dir())
}
