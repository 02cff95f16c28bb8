//! `awk`, as busybox and mawk (Debian's) have it: an interpreter of its own, for no engine there is fits the browser.
//!
//! Commands that a program runs (`print | "sort"`, `"date" | getline`, `system`) are simulated when they are one simple command
//! without anything for a shell to expand. It lacks the functions of gawk (`gensub`, `strftime`, …) and time.

mod arrays;
mod ast;
mod builtin;
mod eval;
mod io;
mod lex;
mod operands;
mod parse;
mod record;
mod run;
mod statements;
mod value;

use super::regex::Syntax;
use super::{Command, Context, Exit, Options, Run};
use crate::shell::Stop;
use crate::vfs::Libc;
use parse::{Fault, Parser};
use run::{Halt, Machine};

pub(super) const COMMAND: Command = Command { name: "awk", run: Run::Plain(main), options: OPTIONS };
pub(super) const MAWK: Command = Command { name: "mawk", run: Run::Plain(main), options: OPTIONS };

const OPTIONS: &Options = &Options { short: "F:v:f:e:", long: &[], hidden: "", in_order: true };

/// The regular expressions of awk.
fn syntax(cx: &Context<'_>) -> Syntax {
    Syntax {
        extended: true,
        utf8: cx.utf8(),
        tre: cx.system.libc == Libc::Musl,
        escapes: true,
        bracket_backslash: true,
        ..Syntax::default()
    }
}

fn main(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(OPTIONS) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let mut operands = parsed.operands.clone();
    let mut text = Vec::new();
    let failed = if cx.busybox() { 1 } else { 2 };
    for (letter, value) in &parsed.given {
        match letter {
            'f' => match cx.input(value) {
                Ok(content) => {
                    let Some(bytes) = cx.bytes(&content, value) else { return 0 };
                    text.extend_from_slice(&bytes);
                    text.push(b'\n');
                }
                Err(errno) => {
                    let message = cx.system.message(errno);
                    match cx.busybox() {
                        true => cx.complain(format_args!("can't open '{value}': {message}")),
                        false => cx.complain(format_args!("cannot open {value} ({message})")),
                    }
                    return failed;
                }
            },
            'e' => {
                text.extend_from_slice(value.as_bytes());
                text.push(b'\n');
            }
            _ => {}
        }
    }
    if text.is_empty() && !parsed.has('f') && !parsed.has('e') {
        if operands.is_empty() {
            if cx.busybox() {
                return cx.misused("");
            }
            cx.err("Usage: mawk [Options] [Program] [file ...]\n");
            return 2;
        }
        text = operands.remove(0).into_bytes();
    }
    let program = match lex::tokens(&text, cx.busybox()) {
        Ok(tokens) => Parser::new(tokens, syntax(cx), cx.busybox()).program(),
        Err((message, line)) => Err(Fault::Syntax(message, line)),
    };
    let program = match program {
        Ok(program) => program,
        Err(Fault::NotSimulated(what)) => return cx.not_simulated(what),
        Err(Fault::Regex(invalid, text)) => {
            let text = String::from_utf8_lossy(&text).into_owned();
            let message = invalid.message(cx.system.libc);
            match cx.busybox() {
                true => cx.complain(format_args!("bad regex '{text}': {message}")),
                false => cx.complain(format_args!("line 1: regular expression compile failed ({message})\n{text}")),
            }
            return failed;
        }
        Err(Fault::Syntax(what, line)) => {
            match cx.busybox() {
                true => cx.complain(format_args!("cmd. line:{line}: Unexpected token")),
                false => cx.complain(format_args!("line {line}: syntax error at or near {what}")),
            }
            return failed;
        }
    };
    let syntax = syntax(cx);
    let mut machine = Machine::new(cx, &program, syntax);
    if let Some(separator) = parsed.value('F') {
        machine.set_separator(separator);
    }
    for (_, assignment) in parsed.given.iter().filter(|(letter, _)| *letter == 'v') {
        if !machine.assign_argument(assignment) {
            machine.cx.complain(format_args!("improper assignment: -v {assignment}"));
            return failed;
        }
    }
    machine.set_arguments(&operands);
    let result = machine.run();
    let exit = machine.exit;
    machine.finish();
    match result {
        Ok(()) => exit,
        Err(Halt::Fatal(message)) => {
            cx.complain(message);
            failed
        }
        Err(Halt::NotSimulated(what)) => cx.not_simulated(what),
        Err(_) => {
            cx.system.halt(Stop::Commands);
            failed
        }
    }
}
