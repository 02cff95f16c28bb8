//! `mknod`, `mkfifo`: make named pipes and devices.

use super::mode::{self, Target};
use super::syscalls::quoteaf;
use super::{Command, Context, Exit, Options, Run};
use crate::vfs::{Errno, Node};

pub(super) const COMMAND: Command = Command { name: "mknod", run: Run::Plain(run), options: OPTIONS };

pub(super) const MKFIFO: Command = Command { name: "mkfifo", run: Run::Plain(mkfifo), options: OPTIONS };

const OPTIONS: &Options = &Options { short: "m:", long: &[("mode", 'm')], hidden: "", in_order: false };

fn mode(cx: &mut Context<'_>, spec: Option<&str>) -> Option<Option<u16>> {
    let Some(spec) = spec else { return Some(None) };
    let target = Target { mode: 0o666, is_dir: false, umask: cx.process.umask, gnu: !cx.busybox() };
    let mode = mode::apply(spec, target);
    if mode.is_none() {
        let quoted = cx.quote(spec);
        cx.complain(format_args!("invalid mode {quoted}"));
    }
    mode.map(Some)
}

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(OPTIONS) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let Some(mode) = mode(cx, parsed.value('m')) else { return 1 };
    let operands: Vec<&str> = parsed.operands.iter().map(String::as_str).collect();
    let number = |text: &str| match text.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    };
    let (path, node) = match operands[..] {
        [path, "p"] => (path, Some(Node::Fifo)),
        [path, kind @ ("b" | "c" | "u"), major, minor] => {
            let node = number(major).zip(number(minor)).map(|(major, minor)| match kind {
                "b" => Node::BlockDevice { major, minor },
                _ => Node::CharDevice { major, minor },
            });
            (path, node)
        }
        [] => return cx.missing_operand("missing operand"),
        _ => {
            let last = quoteaf(operands.last().copied().unwrap_or_default());
            if !cx.busybox() && operands.len() == 2 {
                cx.complain(format_args!("missing operand after {last}"));
                cx.err("Special files require major and minor device numbers.\n");
                cx.err("Try 'mknod --help' for more information.\n");
                return 1;
            }
            return cx.missing_operand(&format!("missing operand after {last}"));
        }
    };
    let Some(node) = node else {
        if cx.busybox() {
            cx.complain(format_args!("invalid number '{}'", operands.last().copied().unwrap_or_default()));
        } else {
            let quoted = quoteaf(operands.last().copied().unwrap_or_default());
            cx.complain(format_args!("invalid minor device number {quoted}"));
        }
        return 1;
    };
    u8::from(!make(cx, path, node, mode))
}

fn mkfifo(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(OPTIONS) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let Some(mode) = mode(cx, parsed.value('m')) else { return 1 };
    if parsed.operands.is_empty() {
        return cx.missing_operand("missing operand");
    }
    let made: Vec<bool> = parsed.operands.iter().map(|path| make(cx, path, Node::Fifo, mode)).collect();
    u8::from(made.contains(&false))
}

fn make(cx: &mut Context<'_>, path: &str, node: Node, mode: Option<u16>) -> bool {
    let fifo = node == Node::Fifo;
    let made = cx.mknod(path, node, 0o666).and_then(|()| match mode {
        Some(mode) => cx.chmod(path, mode),
        None => Ok(()),
    });
    let Err(errno) = made else { return true };
    match (cx.busybox(), fifo && cx.name() == "mkfifo") {
        (true, _) => cx.complain_of(path, errno),
        (false, true) => cx.complain_of(format_args!("cannot create fifo {}", quoteaf(path)), errno),
        (false, false) if errno == Errno::EPERM => cx.complain_of(path, errno),
        (false, false) => cx.complain_of(path, errno),
    }
    false
}
