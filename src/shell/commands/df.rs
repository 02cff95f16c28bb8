//! `df`: the disk of the host, which a build must not depend on: modelled as an empty one of 64 GiB.

use super::human;
use super::{Command, Context, Exit, Options, Run};

pub(super) const COMMAND: Command = Command {
    name: "df",
    run: Run::Plain(run),
    options: &Options {
        short: "hkmPTaH",
        long: &[("human-readable", 'h'), ("portability", 'P'), ("print-type", 'T'), ("all", 'a'), ("si", 'H')],
        hidden: "",
        in_order: false,
    },
};

/// KiB of the disk.
const TOTAL: u64 = 64 << 20;

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let mut exit = 0;
    for operand in &parsed.operands {
        if let Err(errno) = cx.stat(operand) {
            cx.complain_of(operand, errno);
            exit = 1;
        }
    }
    if exit != 0 {
        return exit;
    }
    cx.modelled("the sizes are those of an empty disk of 64 GiB");
    let amount = |kib: u64| {
        if parsed.has('h') || parsed.has('H') {
            if cx.busybox() { human::busybox(kib << 10) } else { human::gnu(kib << 10) }
        } else if parsed.has('m') {
            (kib >> 10).to_string()
        } else {
            kib.to_string()
        }
    };
    let (total, used) = (amount(TOTAL), amount(0));
    let unit = if parsed.has('h') { "Size" } else { "1K-blocks" };
    let kind = if parsed.has('T') { "overlay    " } else { "" };
    let head = if parsed.has('T') { "Type       " } else { "" };
    let text = format!(
        "{:<20} {head}{unit:>9} {:>9} {:>9} {:>4} Mounted on\n{:<20} {kind}{total:>9} {used:>9} {total:>9} {:>4} /\n",
        "Filesystem", "Used", "Available", "Use%", "overlay", "0%"
    );
    cx.out(text);
    0
}
