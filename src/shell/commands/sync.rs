//! `sync`: write everything to the disk, which has no effect that shows.

use super::{Command, Context, Exit, Options, Run};

pub(super) const COMMAND: Command = Command {
    name: "sync",
    run: Run::Plain(run),
    options: &Options { short: "df", long: &[("data", 'd'), ("file-system", 'f')], hidden: "", in_order: false },
};

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if cx.busybox() && cx.system.libc == crate::vfs::Libc::Glibc && !parsed.operands.is_empty() {
        cx.complain("ignoring all arguments");
        return 0;
    }
    let mut exit = 0;
    for operand in &parsed.operands {
        if let Err(errno) = cx.stat(operand) {
            if cx.busybox() {
                cx.complain_of(format_args!("can't open '{operand}'"), errno);
            } else {
                cx.complain_of(format_args!("error opening '{operand}'"), errno);
            }
            exit = 1;
        }
    }
    exit
}
