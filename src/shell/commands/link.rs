//! `link` and `unlink`: the system calls themselves.

use super::syscalls::quoteaf;
use super::{Command, Context, Exit, Options, Run};

pub(super) const LINK: Command = Command { name: "link", run: Run::Plain(link), options: &Options::short("") };
pub(super) const UNLINK: Command = Command { name: "unlink", run: Run::Plain(unlink), options: &Options::short("") };

fn link(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(LINK.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let [old, new] = &parsed.operands[..] else { return cx.missing_operand("missing operand") };
    if let Err(errno) = cx.link(old, new) {
        let what = match cx.busybox() {
            true => format!("can't create hardlink '{new}' to '{old}'"),
            false => format!("cannot create link {} to {}", quoteaf(new), quoteaf(old)),
        };
        cx.complain_of(what, errno);
        return 1;
    }
    0
}

fn unlink(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(UNLINK.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let [path] = &parsed.operands[..] else { return cx.missing_operand("missing operand") };
    if let Err(errno) = cx.unlink(path) {
        let what = match cx.busybox() {
            true => format!("can't remove file '{path}'"),
            false => format!("cannot unlink {}", quoteaf(path)),
        };
        cx.complain_of(what, errno);
        return 1;
    }
    0
}
