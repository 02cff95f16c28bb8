//! `strings`: runs of printable characters. It lacks encodings and the sections of object files.

use super::input::{Failure, Words};
use super::{Command, Context, Exit, Options, Run};

pub(super) const COMMAND: Command = Command {
    name: "strings",
    run: Run::Plain(run),
    options: &Options {
        short: "afon:t:",
        long: &[("all", 'a'), ("print-file-name", 'f'), ("bytes", 'n'), ("radix", 't')],
        hidden: "",
        in_order: false,
    },
};

const WORDS: Words = Words { missing: ["%", "'%'"], directory: [None, Some("Warning: '%' is a directory")] };

fn run(cx: &mut Context<'_>) -> Exit {
    // `-8` is `-n 8`.
    for arg in cx.args.iter_mut().skip(1) {
        if arg.len() > 1 && arg.starts_with('-') && arg[1..].bytes().all(|byte| byte.is_ascii_digit()) {
            *arg = format!("-n{}", &arg[1..]);
        }
    }
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let Some(least) = parsed.value('n').unwrap_or("4").parse::<usize>().ok().filter(|least| *least > 0) else {
        let text = parsed.value('n').unwrap_or_default().to_owned();
        match cx.busybox() {
            true => cx.complain(format_args!("invalid number '{text}'")),
            false => cx.complain(format_args!("invalid integer argument {text}")),
        }
        return 1;
    };
    let radix = if parsed.has('o') { Some("o") } else { parsed.value('t') };
    let mut operands = parsed.operands.clone();
    if operands.is_empty() {
        operands.push("-".to_owned());
    }
    let mut exit = 0;
    for operand in &operands {
        let bytes = match cx.operand_bytes(operand, &WORDS) {
            Ok(bytes) => bytes,
            Err(Failure::NotSimulated) => return 0,
            Err(Failure::Told) => {
                exit = 1;
                continue;
            }
        };
        let mut out = String::new();
        let mut start = 0;
        for at in 0..=bytes.len() {
            if bytes.get(at).is_some_and(|byte| (b' '..=b'~').contains(byte) || *byte == b'\t') {
                continue;
            }
            if at - start >= least {
                if parsed.has('f') {
                    out.push_str(&format!("{operand}: "));
                }
                match radix {
                    Some("o") => out.push_str(&format!("{start:7o} ")),
                    Some("d") => out.push_str(&format!("{start:7} ")),
                    Some(_) => out.push_str(&format!("{start:7x} ")),
                    None => {}
                }
                out.push_str(&String::from_utf8_lossy(&bytes[start..at]));
                out.push('\n');
            }
            start = at + 1;
        }
        cx.out(out);
    }
    exit
}
