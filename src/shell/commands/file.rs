//! `file`: what a file holds, for the kinds that are known here (text, scripts, archives, links); others are not simulated.

use super::{Command, Context, Exit, Options, Run};
use crate::vfs::{FileKind, Stat};

pub(super) const COMMAND: Command = Command {
    name: "file",
    run: Run::Plain(run),
    options: &Options { short: "bL", long: &[("brief", 'b'), ("dereference", 'L')], hidden: "", in_order: false },
};

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let width = parsed.operands.iter().map(String::len).max().unwrap_or(0) + 2;
    for operand in &parsed.operands {
        let kind = match if parsed.has('L') { cx.stat(operand) } else { cx.lstat(operand) } {
            Err(errno) => format!("cannot open `{operand}' ({})", cx.system.message(errno)),
            Ok(stat) => match describe(cx, operand, &stat) {
                Some(kind) => kind,
                None => return cx.not_simulated(format_args!("the kind of {operand}")),
            },
        };
        let label = format!("{operand}:");
        cx.out(if parsed.has('b') { format!("{kind}\n") } else { format!("{label:<width$}{kind}\n") });
    }
    0
}

fn describe(cx: &Context<'_>, path: &str, stat: &Stat) -> Option<String> {
    let special = match stat.meta.mode & 0o7000 {
        0o4000 => "setuid ",
        0o2000 => "setgid ",
        0o1000 => "sticky ",
        _ => "",
    };
    let kind = match stat.kind {
        FileKind::Dir => "directory".to_owned(),
        FileKind::Symlink => {
            let broken = if cx.stat(path).is_err() { "broken symbolic link to" } else { "symbolic link to" };
            format!("{broken} {}", cx.readlink(path).unwrap_or_default())
        }
        FileKind::Fifo => "fifo (named pipe)".to_owned(),
        FileKind::CharDevice => "character special".to_owned(),
        FileKind::BlockDevice => "block special".to_owned(),
        FileKind::File => content(cx, path)?,
    };
    Some(format!("{special}{kind}"))
}

fn content(cx: &Context<'_>, path: &str) -> Option<String> {
    let content = cx.system.fs.read(&cx.process.cred, &cx.process.path(path)).ok()?;
    if content.is_empty() {
        return Some("empty".to_owned());
    }
    let bytes = content.slice(0, 1 << 20).to_bytes().ok()?;
    if bytes.starts_with(b"\x7fELF") || bytes.starts_with(b"\x1f\x8b") {
        return None;
    }
    if bytes.iter().all(|byte| *byte == 0) {
        return Some("data".to_owned());
    }
    let text = std::str::from_utf8(&bytes).ok()?;
    if text.chars().any(|c| c.is_control() && !"\n\r\t\u{c}\u{8}\u{1b}".contains(c)) {
        return Some("data".to_owned());
    }
    let charset = if text.is_ascii() { "ASCII text" } else { "Unicode text, UTF-8 text" };
    let mut kind = charset.to_owned();
    if let Some(line) = text.lines().next().and_then(|line| line.strip_prefix("#!")) {
        let program = line.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
        let program = { program }.find(|word| *word != "env").unwrap_or_default();
        let script = match program {
            "sh" | "dash" => "POSIX shell script",
            "bash" => "Bourne-Again shell script",
            name if name.starts_with("python") => "Python script",
            name if name.starts_with("perl") => "Perl script",
            _ => return None,
        };
        kind = format!("{script}, {charset} executable");
    }
    let trimmed = text.trim_start();
    if trimmed.starts_with(['{', '[', '<']) {
        return None;
    }
    if text.contains("\r\n") {
        kind.push_str(", with CRLF line terminators");
    } else if !text.contains('\n') {
        kind.push_str(", with no line terminators");
    }
    Some(kind)
}
