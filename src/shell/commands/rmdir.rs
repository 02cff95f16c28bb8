//! `rmdir`: remove empty directories.

use super::syscalls::quoteaf;
use super::{Command, Context, Exit, Options, Run};
use crate::vfs::Errno;

pub(super) const COMMAND: Command = Command {
    name: "rmdir",
    run: Run::Plain(run),
    options: &Options {
        short: "pvI",
        long: &[("parents", 'p'), ("verbose", 'v'), ("ignore-fail-on-non-empty", 'I')],
        hidden: "I",
        in_order: false,
    },
};

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.operands.is_empty() {
        return cx.missing_operand("missing operand");
    }
    let mut exit = 0;
    for operand in &parsed.operands {
        let mut path = operand.trim_end_matches('/');
        if path.is_empty() {
            path = operand;
        }
        loop {
            if parsed.has('v') && !cx.busybox() {
                cx.out(format!("rmdir: removing directory, {}\n", quoteaf(path)));
            }
            match cx.rmdir(path) {
                Ok(()) => {}
                Err(Errno::ENOTEMPTY) if parsed.has('I') => break,
                Err(errno) => {
                    if cx.busybox() {
                        cx.complain_of(format_args!("'{path}'"), errno);
                    } else if path == operand.trim_end_matches('/') {
                        cx.complain_of(format_args!("failed to remove {}", quoteaf(operand)), errno);
                    } else {
                        cx.complain_of(format_args!("failed to remove directory {}", quoteaf(path)), errno);
                    }
                    exit = 1;
                    break;
                }
            }
            match path.trim_end_matches('/').rsplit_once('/') {
                Some((parent, _)) if parsed.has('p') && !parent.is_empty() => path = parent,
                _ => break,
            }
        }
    }
    exit
}
