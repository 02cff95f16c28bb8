//! `readlink`: the target of a link, or the canonical path.

use super::realpath::{Missing, canonical};
use super::{Command, Context, Exit, Options, Run};

pub(super) const COMMAND: Command = Command {
    name: "readlink",
    run: Run::Plain(run),
    options: &Options {
        short: "femnqsvz",
        long: &[
            ("canonicalize", 'f'),
            ("canonicalize-existing", 'e'),
            ("canonicalize-missing", 'm'),
            ("no-newline", 'n'),
            ("quiet", 'q'),
            ("silent", 's'),
            ("verbose", 'v'),
            ("zero", 'z'),
        ],
        hidden: "",
        in_order: false,
    },
};

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.operands.is_empty() || (cx.busybox() && parsed.operands.len() > 1) {
        return cx.missing_operand("missing operand");
    }
    let missing = match parsed.last_of("fem") {
        Some('f') => Some(Missing::Last),
        Some('e') => Some(Missing::None),
        Some(_) => Some(Missing::Any),
        None => None,
    };
    let end = match (parsed.has('n') && parsed.operands.len() == 1, parsed.has('z')) {
        (true, _) => "",
        (_, true) => "\0",
        _ => "\n",
    };
    let mut exit = 0;
    for operand in &parsed.operands {
        let found = match missing {
            // busybox wants the name itself to be there; a link's target may be missing.
            Some(_) if cx.busybox() && cx.lstat(operand).is_err() => Err(crate::vfs::Errno::ENOENT),
            Some(missing) => canonical(cx, operand, missing),
            None => cx.readlink(operand),
        };
        match found {
            Ok(path) => cx.out(format!("{path}{end}")),
            Err(errno) => {
                if parsed.has('v') {
                    cx.complain_of(operand, errno);
                }
                exit = 1;
            }
        }
    }
    exit
}
