//! `mkdir`: make directories.

use super::{Command, Context, Exit, Options, Run};

pub(super) const COMMAND: Command = Command {
    name: "mkdir",
    run: Run::Plain(run),
    options: &Options {
        short: "m:pv",
        long: &[("mode", 'm'), ("parents", 'p'), ("verbose", 'v')],
        hidden: "",
        in_order: false,
    },
};

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let mut exit = 0;
    for operand in &parsed.operands {
        if let Err(errno) = cx.system.fs.mkdir(&cx.process.cred, &cx.process.path(operand), cx.process.masked(0o777)) {
            cx.complain_of(format_args!("can't create directory '{operand}'"), errno);
            exit = 1;
        }
    }
    exit
}
