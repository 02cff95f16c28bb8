//! `echo`: print its arguments. The shells' builtins are this too, in their own dialects.

use super::escape::{Escapes, decode_all};
use super::{Command, Context, Exit, Options, Run};

pub(super) const COMMAND: Command = Command { name: "echo", run: Run::Plain(run), options: &Options::short("neE") };

/// Whose echo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// busybox, program and builtin.
    Busybox,
    /// dash's builtin: always escapes, knows only `-n`.
    Dash,
    /// bash's builtin.
    Bash,
    /// The program of GNU coreutils.
    Gnu,
}

/// What `echo` prints for these arguments (its name left out).
pub fn echo(args: &[String], dialect: Dialect) -> Vec<u8> {
    let (mut line_feed, mut escaped) = (true, dialect == Dialect::Dash);
    let mut words = args;
    while let [first, rest @ ..] = words {
        let is_option = if dialect == Dialect::Dash {
            first == "-n" && words.len() == args.len()
        } else {
            first.len() > 1 && first.starts_with('-') && first[1..].chars().all(|c| "neE".contains(c))
        };
        if !is_option {
            break;
        }
        for letter in first[1..].chars() {
            match letter {
                'n' => line_feed = false,
                'e' => escaped = true,
                _ => escaped = false,
            }
        }
        words = rest;
    }
    let mut out = words.join(" ").into_bytes();
    if escaped {
        let more = dialect != Dialect::Dash;
        let octal = matches!(dialect, Dialect::Busybox | Dialect::Gnu);
        let (decoded, stopped) = decode_all(&out, Escapes { e: more, hex: more, octal, zero: true, c: true });
        out = decoded;
        line_feed &= !stopped;
    }
    if line_feed {
        out.push(b'\n');
    }
    out
}

fn run(cx: &mut Context<'_>) -> Exit {
    let dialect = if cx.busybox() { Dialect::Busybox } else { Dialect::Gnu };
    let out = echo(&cx.args[1..], dialect);
    cx.out(out);
    0
}
