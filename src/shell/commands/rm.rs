//! `rm`: remove files and trees. `-i` reads its answers from standard input, where a build mostly has none.

use super::remove::{Removal, remove};
use super::syscalls::{last_component, quoteaf};
use super::{Command, Context, Exit, Options, Run};

pub(super) const COMMAND: Command = Command {
    name: "rm",
    run: Run::Plain(run),
    options: &Options {
        short: "frRvdiN1",
        long: &[
            ("force", 'f'),
            ("recursive", 'r'),
            ("verbose", 'v'),
            ("dir", 'd'),
            ("no-preserve-root", 'N'),
            ("preserve-root", '1'),
        ],
        hidden: "N1",
        in_order: false,
    },
};

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let how = Removal {
        ask: parsed.last_of("if") == Some('i'),
        recursive: parsed.has('r') || parsed.has('R'),
        force: parsed.has('f'),
        verbose: parsed.has('v'),
        empty_dirs: parsed.has('d'),
    };
    if parsed.operands.is_empty() {
        return if how.force { 0 } else { cx.missing_operand("missing operand") };
    }
    let mut exit = 0;
    for operand in &parsed.operands {
        let last = last_component(operand);
        if last == "." || last == ".." {
            if cx.busybox() {
                cx.complain("can't remove '.' or '..'");
            } else {
                let quoted = quoteaf(operand);
                cx.complain(format_args!("refusing to remove '.' or '..' directory: skipping {quoted}"));
            }
            exit = 1;
        } else if last == "/" && how.recursive && !cx.busybox() && !parsed.has('N') {
            cx.complain("it is dangerous to operate recursively on '/'");
            cx.complain("use --no-preserve-root to override this failsafe");
            exit = 1;
        } else if !remove(cx, operand, how) {
            exit = 1;
        }
    }
    exit
}
