//! `xargs`: run a program with arguments from standard input.
//!
//! `-P` runs one after the other: there is only one processor.

use super::{Command, Context, Exit, Options, Run, Running, launch};
use crate::shell::Description;

pub(super) const COMMAND: Command = Command {
    name: "xargs",
    run: Run::Launcher(run),
    options: &Options {
        short: "0rtxn:L:I:P:s:E:d:a:",
        long: &[
            ("null", '0'),
            ("no-run-if-empty", 'r'),
            ("verbose", 't'),
            ("exit", 'x'),
            ("max-args", 'n'),
            ("max-lines", 'L'),
            ("replace", 'I'),
            ("max-procs", 'P'),
            ("max-chars", 's'),
            ("eof", 'E'),
            ("delimiter", 'd'),
            ("arg-file", 'a'),
        ],
        hidden: "",
        in_order: true,
    },
};

/// How many bytes of arguments one command line takes, if `-s` says nothing.
const MAX_LINE: usize = 128 << 10;

fn run<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(started(cx))
}

async fn started(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let content = match parsed.value('a') {
        None => cx.stdin(),
        Some(path) => {
            let path = path.to_owned();
            match cx.input(&path) {
                Ok(content) => content,
                Err(errno) => {
                    cx.complain_of(path, errno);
                    return 1;
                }
            }
        }
    };
    let Some(bytes) = cx.bytes(&content, "standard input") else { return 0 };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let replace = parsed.value('I').map(str::to_owned);
    let delimiter = match parsed.value('d') {
        _ if parsed.has('0') => Some('\0'),
        None => None,
        Some("\\n") => Some('\n'),
        Some("\\0") => Some('\0'),
        Some("\\t") => Some('\t'),
        Some(other) => other.chars().next(),
    };
    let lines = parsed.value('L').and_then(|lines| lines.parse::<usize>().ok());
    let items = match delimiter {
        Some(delimiter) => {
            text.strip_suffix(delimiter).unwrap_or(&text).split(delimiter).map(|item| (item.to_owned(), true)).collect()
        }
        None if replace.is_some() => {
            text.lines().map(str::trim_start).filter(|l| !l.is_empty()).map(|l| (l.to_owned(), true)).collect()
        }
        None => match words(&text) {
            Ok(items) => items,
            Err(quote) => {
                let kind = if quote == '"' { "double" } else { "single" };
                cx.complain(match cx.busybox() {
                    true => format!("unmatched {kind} quote"),
                    false => format!(
                        "unmatched {kind} quote; by default quotes are special to xargs unless you use the -0 option"
                    ),
                });
                return 1;
            }
        },
    };
    let mut items: Vec<(String, bool)> = if text.is_empty() { Vec::new() } else { items };
    if let Some(end) = parsed.value('E')
        && let Some(at) = items.iter().position(|(item, _)| item == end)
    {
        items.truncate(at);
    }
    let mut command = parsed.operands.clone();
    if command.is_empty() {
        command.push("echo".to_owned());
    }
    let most = parsed.value('n').and_then(|most| most.parse::<usize>().ok()).unwrap_or(usize::MAX).max(1);
    let length = parsed.value('s').and_then(|length| length.parse::<usize>().ok()).unwrap_or(MAX_LINE);
    let mut batches: Vec<Vec<String>> = Vec::new();
    if let Some(mark) = &replace {
        for (item, _) in items {
            batches.push(command.iter().map(|word| word.replace(mark.as_str(), &item)).collect());
        }
    } else {
        let start: usize = command.iter().map(|word| word.len() + 1).sum();
        let (mut used, mut count, mut line) = (start, 0, 0);
        let mut batch = command.clone();
        for (item, ends_line) in items {
            let full = count >= most || lines.is_some_and(|lines| line >= lines) || used + item.len() + 1 > length;
            if count > 0 && full {
                batches.push(std::mem::replace(&mut batch, command.clone()));
                (used, count, line) = (start, 0, 0);
            }
            used += item.len() + 1;
            count += 1;
            line += usize::from(ends_line);
            batch.push(item);
        }
        // Without any argument the program runs once all the same.
        if count > 0 || (batches.is_empty() && !parsed.has('r')) {
            batches.push(batch);
        }
    }
    let mut exit = 0;
    for argv in batches {
        if !cx.system.spend() {
            return exit;
        }
        if parsed.has('t') {
            cx.err(format!("{}\n", argv.join(" ")));
        }
        let name = argv[0].clone();
        let mut process = cx.process.clone();
        process.fds.insert(0, Description::Null.fd());
        match cx.launch(process, argv).await {
            Ok(0) => {}
            Ok(255) => {
                cx.complain(format_args!("{name}: exited with status 255; aborting"));
                return 124;
            }
            Ok(_) => exit = 123,
            Err(missing) => {
                let (errno, exit) = launch::reason(&missing);
                cx.complain_of(name, errno);
                return exit;
            }
        }
    }
    exit
}

/// Words split at blanks, with quotes and backslashes; each with whether its line ends after it.
fn words(text: &str) -> Result<Vec<(String, bool)>, char> {
    let mut out: Vec<(String, bool)> = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\n' => {
                if let Some(word) = word.take() {
                    out.push((word, false));
                }
                if c == '\n'
                    && let Some(last) = out.last_mut()
                {
                    last.1 = true;
                }
            }
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        Some(next) if next == c => break,
                        None | Some('\n') => return Err(c),
                        Some(next) => word.push(next),
                    }
                }
            }
            '\\' => word.get_or_insert_default().extend(chars.next()),
            c => word.get_or_insert_default().push(c),
        }
    }
    out.extend(word.map(|word| (word, true)));
    Ok(out)
}
