//! `dpkg-query`: questions to dpkg's database, with formats.

use super::debian::filter::matches;
use super::debian::status::Status;
use super::dpkg;
use crate::shell::commands::{Command, Context, Exit, Options, Run, Running};

pub(super) const COMMAND: Command = Command { name: "dpkg-query", run: Run::Launcher(run), options: &OPTIONS };

const OPTIONS: Options = Options {
    short: "Wf:lsLS",
    long: &[("show", 'W'), ("showformat", 'f'), ("list", 'l'), ("status", 's'), ("listfiles", 'L'), ("search", 'S')],
    hidden: "",
    in_order: false,
};

fn run<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(async move {
        let parsed = match cx.options(&OPTIONS) {
            Ok(parsed) => parsed,
            Err(exit) => return exit,
        };
        if !parsed.has('W') {
            return dpkg::run_dpkg(cx).await;
        }
        let format = parsed.value('f').unwrap_or("${binary:Package}\\t${Version}\\n").to_owned();
        show(cx, &format, &parsed.operands)
    })
}

fn show(cx: &mut Context<'_>, format: &str, names: &[String]) -> Exit {
    let Some(status) = Status::load(&cx.system.fs) else {
        return cx.not_simulated("the list of what is installed is not held");
    };
    let mut text = String::new();
    let mut missing = Vec::new();
    let all = ["*".to_owned()];
    for pattern in if names.is_empty() { &all } else { names } {
        let bare = pattern.split(':').next().unwrap_or(pattern);
        let found: Vec<String> = status.known().filter(|name| matches(bare, name)).cloned().collect();
        if found.is_empty() {
            missing.push(format!("dpkg-query: no packages found matching {pattern}\n"));
        }
        found.iter().for_each(|name| text.push_str(&filled(&status, name, format)));
    }
    cx.out(text);
    missing.iter().for_each(|line| cx.err(line));
    u8::from(!missing.is_empty())
}

/// A format with a package's values: `${Package}`, with a width behind a semicolon, and `\n`, `\t`.
fn filled(status: &Status, name: &str, format: &str) -> String {
    let mut out = String::new();
    let mut rest = format;
    while let Some(at) = rest.find(['$', '\\']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let field = rest.strip_prefix("${").and_then(|inner| inner.split_once('}'));
        if let Some((field, after)) = field {
            let (field, width) = field.split_once(';').unwrap_or((field, "0"));
            let value = dpkg::value(status, name, field);
            let width: i32 = width.parse().unwrap_or(0);
            let columns = width.unsigned_abs().min(1000) as usize;
            out.push_str(&if width < 0 { format!("{value:<columns$}") } else { format!("{value:>columns$}") });
            rest = after;
        } else {
            let mut chars = rest.chars();
            match (chars.next(), chars.next()) {
                (Some('\\'), Some('n')) => out.push('\n'),
                (Some('\\'), Some('t')) => out.push('\t'),
                (Some('\\'), Some(other)) => out.push(other),
                (Some(first), other) => {
                    out.push(first);
                    out.extend(other);
                }
                (None, _) => {}
            }
            rest = chars.as_str();
        }
    }
    out.push_str(rest);
    out
}
