//! `head`: the first lines or bytes of files.

use super::input::{Words, quantity};
use super::rope::{count_started_lines, end_of_lines};
use super::{Command, Context, Exit, Options, Run};
use crate::shell::{Description, files};
use crate::vfs::Content;

pub(super) const COMMAND: Command = Command {
    name: "head",
    run: Run::Plain(run),
    options: &Options {
        short: "n:c:qv",
        long: &[("lines", 'n'), ("bytes", 'c'), ("quiet", 'q'), ("silent", 'q'), ("verbose", 'v')],
        hidden: "",
        in_order: false,
    },
};

const WORDS: Words = Words {
    missing: ["%", "cannot open '%' for reading"],
    directory: [Some("%: {io}"), Some("error reading '%': Is a directory")],
};

/// `-5` is `-n 5`.
pub(super) fn modern(args: &mut [String]) {
    if let Some(arg) = args.get_mut(1)
        && arg.len() > 1
        && arg.starts_with(['-', '+'])
        && arg[1..].bytes().all(|b| b.is_ascii_digit())
    {
        *arg = format!("-n{}", arg.trim_start_matches('-'));
    }
}

fn run(cx: &mut Context<'_>) -> Exit {
    modern(&mut cx.args);
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let bytes = parsed.last_of("nc") == Some('c');
    let given = parsed.value(if bytes { 'c' } else { 'n' }).unwrap_or("10");
    let (all_but, number) = given.strip_prefix('-').map_or((false, given), |number| (true, number));
    let Some(count) = quantity(number.strip_prefix('+').unwrap_or(number)) else {
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
    let (mut exit, mut titles) = (0, 0);
    for operand in &operands {
        let standard = operand == "-";
        // Of an endless device only what is asked for is looked at, so its content is taken as it is.
        let content = match cx.operand(operand, &WORDS) {
            Ok(content) => content,
            Err(_) => {
                exit = 1;
                titles += usize::from(cx.busybox());
                continue;
            }
        };
        if titled {
            title(cx, operand, titles);
            titles += 1;
        }
        let end = match (bytes, all_but) {
            (true, false) => Some(count.min(content.len())),
            (true, true) => Some(content.len().saturating_sub(count)),
            (false, false) => end_of_lines(&content, count),
            (false, true) => {
                count_started_lines(&content).and_then(|lines| end_of_lines(&content, lines.saturating_sub(count)))
            }
        };
        let Some(end) = end else {
            return cx.not_simulated(format_args!("the content of {operand} is not held"));
        };
        let out = content.slice(0, end);
        if !out.is_held() {
            cx.modelled(format_args!("the content of {operand} is not held, only its size"));
        }
        cx.out_content(&out);
        if standard {
            give_back(cx, &content, end);
        }
    }
    exit
}

/// Leaves the rest of standard input to whoever shares it, as far as it is a file: what a pipe held is lost with the buffer.
fn give_back(cx: &mut Context<'_>, content: &Content, end: u64) {
    let Some(fd) = cx.process.fds.get(&0).cloned() else { return };
    let is_file = matches!(*fd.borrow(), Description::File { .. });
    if is_file {
        files::unread(&fd, content.len() - end);
    }
}

/// The title before a file where there are several.
pub(super) fn title(cx: &mut Context<'_>, operand: &str, before: usize) {
    let name = if operand == "-" { "standard input" } else { operand };
    cx.out(format!("{}==> {name} <==\n", if before > 0 { "\n" } else { "" }));
}
