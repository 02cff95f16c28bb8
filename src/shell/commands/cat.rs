//! `cat`: concatenate files to standard output.

use super::input::{Failure, Words, chomp, lines};
use super::{Command, Context, Exit, Options, Run};
use crate::shell::Description;

pub(super) const COMMAND: Command = Command {
    name: "cat",
    run: Run::Plain(run),
    options: &Options {
        short: "nbvteAETsu",
        long: &[
            ("number", 'n'),
            ("number-nonblank", 'b'),
            ("show-all", 'A'),
            ("show-ends", 'E'),
            ("show-tabs", 'T'),
            ("show-nonprinting", 'v'),
            ("squeeze-blank", 's'),
        ],
        hidden: "",
        in_order: false,
    },
};

const WORDS: Words = Words {
    missing: ["can't open '%'", "%"],
    directory: [Some("read error: Is a directory"), Some("%: Is a directory")],
};

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let mut operands = parsed.operands.clone();
    if operands.is_empty() {
        operands.push("-".to_owned());
    }
    let any = |letters: &str| parsed.last_of(letters).is_some();
    let mut style = Style {
        number: any("nb"),
        nonblank: any("b"),
        squeeze: any("s"),
        ends: any("eAE"),
        tabs: any("tAT"),
        unprintable: any("vteA"),
        count: 0,
        blanks: 0,
        in_line: false,
        whole_lines: cx.busybox() && any("nb"),
    };
    let mut exit = 0;
    for operand in &operands {
        let content = match cx.operand(operand, &WORDS) {
            Ok(content) => content,
            Err(_) => {
                exit = 1;
                continue;
            }
        };
        if !content.is_empty() && writes_to(cx, operand) {
            cx.complain(format_args!("{operand}: input file is output file"));
            exit = 1;
            continue;
        }
        if !any("nbvteAETs") {
            cx.out_content(&content);
            continue;
        }
        match cx.bytes(&content, operand).ok_or(Failure::NotSimulated) {
            Ok(bytes) => {
                let out = style.apply(&bytes);
                cx.out(out);
            }
            Err(_) => return 0,
        }
    }
    exit
}

/// Is standard output the very file, so that it would never end?
fn writes_to(cx: &Context<'_>, operand: &str) -> bool {
    let Some(fd) = cx.process.fds.get(&1) else { return false };
    let Description::File { ino, offset, append, .. } = *fd.borrow() else { return false };
    let stat = cx.system.fs.stat(&cx.process.cred, &cx.process.path(operand));
    stat.is_ok_and(|stat| stat.ino == ino && stat.is_file() && (append || offset < stat.size))
}

struct Style {
    number: bool,
    nonblank: bool,
    squeeze: bool,
    ends: bool,
    tabs: bool,
    unprintable: bool,
    count: usize,
    blanks: usize,
    in_line: bool,
    /// busybox numbers line by line: every line it prints is whole.
    whole_lines: bool,
}

impl Style {
    fn apply(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len());
        for line in lines(bytes) {
            let text = chomp(line);
            let blank = text.is_empty() && !self.in_line;
            self.blanks = if blank { self.blanks + 1 } else { 0 };
            if self.squeeze && self.blanks > 1 {
                continue;
            }
            if self.number && !self.in_line && !(self.nonblank && blank) {
                self.count += 1;
                out.extend_from_slice(format!("{:6}\t", self.count).as_bytes());
            }
            for byte in text {
                self.byte(*byte, &mut out);
            }
            self.in_line = text.len() == line.len() && !self.whole_lines;
            if !self.in_line {
                if self.ends {
                    out.push(b'$');
                }
                out.push(b'\n');
            }
        }
        out
    }

    fn byte(&self, byte: u8, out: &mut Vec<u8>) {
        match byte {
            b'\t' if self.tabs => out.extend_from_slice(b"^I"),
            b'\t' => out.push(byte),
            _ if !self.unprintable => out.push(byte),
            _ => {
                let low = byte & 0x7f;
                if byte >= 0x80 {
                    out.extend_from_slice(b"M-");
                }
                match low {
                    0..32 => out.extend_from_slice(&[b'^', low + 64]),
                    127 => out.extend_from_slice(b"^?"),
                    _ => out.push(low),
                }
            }
        }
    }
}
