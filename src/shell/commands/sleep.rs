//! `sleep`, `usleep`, `tty`, `true`, `false`: they end, at once here, with a status.

use super::{Command, Context, Exit, Options, Run};

pub(super) const SLEEP: Command = Command { name: "sleep", run: Run::Plain(sleep), options: &Options::short("") };

pub(super) const TRUE: Command = Command { name: "true", run: Run::Plain(|_| 0), options: &Options::short("") };

pub(super) const FALSE: Command = Command { name: "false", run: Run::Plain(|_| 1), options: &Options::short("") };

pub(super) const USLEEP: Command = Command { name: "usleep", run: Run::Plain(|_| 0), options: &Options::short("") };

pub(super) const TTY: Command = Command {
    name: "tty",
    run: Run::Plain(tty),
    options: &Options { long: &[("silent", 's'), ("quiet", 's')], ..Options::short("s") },
};

/// There is no terminal.
fn tty(cx: &mut Context<'_>) -> Exit {
    match cx.options(TTY.options) {
        Ok(parsed) if parsed.has('s') => {}
        Ok(_) => cx.out("not a tty\n"),
        Err(exit) => return exit,
    }
    1
}

fn sleep(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(SLEEP.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.operands.is_empty() {
        return cx.missing_operand("missing operand");
    }
    let mut exit = 0;
    for operand in &parsed.operands {
        let number = operand.strip_suffix(['s', 'm', 'h', 'd']).unwrap_or(operand);
        if operand == "infinity" || number == "inf" {
            return cx.not_simulated("waiting for ever");
        }
        if number.parse::<f64>().is_ok_and(|seconds| seconds >= 0.0) {
            continue;
        }
        exit = 1;
        if cx.busybox() {
            cx.complain(format_args!("invalid number '{operand}'"));
            return 1;
        }
        let quoted = cx.quote(operand);
        cx.complain(format_args!("invalid time interval {quoted}"));
    }
    if exit != 0 {
        let line = format!("Try '{} --help' for more information.\n", cx.name());
        cx.err(line);
    }
    exit
}
