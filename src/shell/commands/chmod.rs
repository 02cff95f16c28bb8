//! `chmod`: change modes. The file is stored again even if it has the mode already, as the real one calls chmod(2) anyway.

use super::mode::{self, Target};
use super::syscalls::quoteaf;
use super::walk::{Walk, walk};
use super::{Command, Context, Exit, Options, Run};
use crate::vfs::{Errno, Stat};

pub(super) const COMMAND: Command = Command {
    name: "chmod",
    run: Run::Plain(run),
    options: &Options {
        short: "Rvcf1:23",
        long: &[
            ("changes", 'c'),
            ("silent", 'f'),
            ("quiet", 'f'),
            ("verbose", 'v'),
            ("no-preserve-root", '2'),
            ("preserve-root", '3'),
            ("reference", '1'),
            ("recursive", 'R'),
        ],
        hidden: "123",
        in_order: false,
    },
};

fn run(cx: &mut Context<'_>) -> Exit {
    // `-x`, `-w`, `-r` and the like are modes, not options.
    let is_mode =
        |arg: &String| arg.starts_with('-') && arg[1..].starts_with(['r', 'w', 'x', 'X', 's', 't', 'u', 'g', 'o', 'a']);
    let dashed = cx.args.iter().skip(1).position(is_mode).map(|i| cx.args.remove(i + 1));
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let mut operands = parsed.operands.clone();
    let spec = match (parsed.value('1'), dashed) {
        (Some(reference), _) => match cx.stat(reference) {
            Ok(stat) => format!("0{:04o}", stat.meta.mode),
            Err(errno) => {
                cx.complain_of(format_args!("failed to get attributes of {}", quoteaf(reference)), errno);
                return 1;
            }
        },
        (None, Some(dashed)) => dashed,
        (None, None) if operands.is_empty() => return cx.missing_operand("missing operand"),
        (None, None) => operands.remove(0),
    };
    if operands.is_empty() {
        let message = format!("missing operand after {}", cx.quote(&spec));
        return cx.missing_operand(&message);
    }
    let target = Target { mode: 0, is_dir: false, umask: cx.process.umask, gnu: !cx.busybox() };
    if mode::apply(&spec, target).is_none() {
        let quoted = cx.quote(&spec);
        if cx.busybox() {
            cx.complain(format_args!("invalid mode '{spec}'"));
        } else {
            cx.try_help(format_args!("invalid mode: {quoted}"));
        }
        return 1;
    }
    let quiet = parsed.has('f');
    let says = if parsed.has('v') {
        Says::All
    } else if parsed.has('c') {
        Says::Changes
    } else {
        Says::Nothing
    };
    let mut exit = 0;
    for operand in &operands {
        let how = Walk { recursive: parsed.has('R'), ..Walk::default() };
        let mut visit = |cx: &mut Context<'_>, path: &str, stat: &Stat, depth: usize| {
            one(cx, path, stat, depth, &spec, says, quiet)
        };
        let mut failed = |cx: &mut Context<'_>, path: &str, errno| {
            // busybox's walk tells this whatever the option says.
            if !quiet || cx.busybox() {
                missing(cx, path, errno);
            }
        };
        if !walk(cx, operand, how, &mut visit, &mut failed) {
            exit = 1;
        }
    }
    exit
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    Nothing,
    Changes,
    All,
}

fn missing(cx: &mut Context<'_>, path: &str, errno: Errno) {
    if cx.busybox() {
        cx.complain_of(path, errno);
    } else {
        cx.complain_of(format_args!("cannot access {}", quoteaf(path)), errno);
    }
}

fn one(cx: &mut Context<'_>, path: &str, stat: &Stat, depth: usize, spec: &str, says: Says, quiet: bool) -> bool {
    let mut stat = stat.clone();
    if stat.is_symlink() {
        // Links found on the way are left alone, links of the command line followed.
        if depth > 0 {
            return true;
        }
        match cx.stat(path) {
            Ok(real) => stat = real,
            Err(errno) => {
                if !quiet && cx.busybox() {
                    cx.complain_of(path, errno);
                } else if !quiet {
                    cx.complain(format_args!("cannot operate on dangling symlink {}", quoteaf(path)));
                }
                return false;
            }
        }
    }
    let old = stat.meta.mode;
    let target = Target { mode: old, is_dir: stat.is_dir(), umask: cx.process.umask, gnu: !cx.busybox() };
    let mode = mode::apply(spec, target).unwrap_or(old);
    if let Err(errno) = cx.chmod(path, mode) {
        if !quiet {
            if cx.busybox() {
                cx.complain_of(path, errno);
            } else {
                cx.complain_of(format_args!("changing permissions of {}", quoteaf(path)), errno);
            }
        }
        return false;
    }
    if says == Says::All || (says == Says::Changes && old != mode) {
        let new = mode::letters(mode);
        let line = match (cx.busybox(), old == mode) {
            (true, _) => format!("mode of '{path}' changed to {mode:04o} ({new})\n"),
            (false, true) => format!("mode of {} retained as {mode:04o} ({new})\n", quoteaf(path)),
            (false, false) => {
                let old_letters = mode::letters(old);
                format!("mode of {} changed from {old:04o} ({old_letters}) to {mode:04o} ({new})\n", quoteaf(path))
            }
        };
        cx.out(line);
    }
    true
}
