//! `basename` and `dirname`: they look at names only.

use super::syscalls::{last_component, quoteaf};
use super::{Command, Context, Exit, Options, Run};

pub(super) const BASENAME: Command = Command {
    name: "basename",
    run: Run::Plain(basename),
    options: &Options {
        short: "as:z",
        long: &[("multiple", 'a'), ("suffix", 's'), ("zero", 'z')],
        hidden: "",
        in_order: true,
    },
};

pub(super) const DIRNAME: Command = Command {
    name: "dirname",
    run: Run::Plain(dirname),
    options: &Options { short: "z", long: &[("zero", 'z')], hidden: "", in_order: true },
};

fn basename(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(BASENAME.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let many = parsed.has('a') || parsed.value('s').is_some();
    let mut operands = parsed.operands.as_slice();
    if operands.is_empty() {
        return cx.missing_operand("missing operand");
    }
    let mut suffix = parsed.value('s').unwrap_or_default();
    if !many {
        match operands {
            [_] => {}
            [_, given] => suffix = given,
            [_, _, extra, ..] if !cx.busybox() => {
                cx.try_help(format_args!("extra operand {}", quoteaf(extra)));
                return 1;
            }
            _ => return cx.missing_operand(""),
        }
        operands = &operands[..1];
    }
    for operand in operands {
        let name = last_component(operand);
        let name = name.strip_suffix(suffix).filter(|rest| !rest.is_empty()).unwrap_or(name);
        cx.out(format!("{name}{}", if parsed.has('z') { "\0" } else { "\n" }));
    }
    0
}

fn dirname(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(DIRNAME.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.operands.is_empty() || (cx.busybox() && parsed.operands.len() != 1) {
        return cx.missing_operand("missing operand");
    }
    for operand in &parsed.operands {
        let stripped = operand.trim_end_matches('/');
        let dir = match stripped.rsplit_once('/') {
            Some((dir, _)) => match dir.trim_end_matches('/') {
                // glibc's dirname(3) leaves two slashes alone.
                "" if cx.busybox()
                    && cx.system.libc == crate::vfs::Libc::Glibc
                    && operand.starts_with("//")
                    && !operand.starts_with("///") =>
                {
                    "//"
                }
                "" => "/",
                dir => dir,
            },
            None if stripped.is_empty() && !operand.is_empty() => "/",
            None => ".",
        };
        cx.out(format!("{dir}{}", if parsed.has('z') { "\0" } else { "\n" }));
    }
    0
}
