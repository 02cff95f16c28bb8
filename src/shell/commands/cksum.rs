//! `cksum` and `sum`: the checksums of POSIX, BSD and System V. It lacks GNU's `--algorithm`.

use super::input::Words;
use super::sums::MAX_HASHED;
use super::{Command, Context, Exit, Options, Run};
use crate::vfs::Content;

pub(super) const COMMAND: Command = Command { name: "cksum", run: Run::Plain(cksum), options: &Options::short("") };

pub(super) const SUM: Command = Command {
    name: "sum",
    run: Run::Plain(sum),
    options: &Options { short: "rs", long: &[("sysv", 's')], hidden: "", in_order: false },
};

const WORDS: Words =
    Words { missing: ["can't open '%'", "%"], directory: [Some("%: Is a directory"), Some("%: Is a directory")] };

/// Goes through the operands that can be read and hashed.
fn each(
    cx: &mut Context<'_>,
    operands: &[String],
    mut line: impl FnMut(&mut Context<'_>, &Content, &str) -> String,
) -> Exit {
    let mut exit = 0;
    let standard = [String::new()];
    let operands = if operands.is_empty() { &standard[..] } else { operands };
    for operand in operands {
        let content = match cx.operand(if operand.is_empty() { "-" } else { operand }, &WORDS) {
            Ok(content) => content,
            Err(_) => {
                exit = 1;
                continue;
            }
        };
        if !content.is_held() || content.len() > MAX_HASHED {
            return cx.not_simulated(format_args!("the checksum of {operand}, whose bytes are not held"));
        }
        let text = line(cx, &content, operand);
        cx.out(text);
    }
    exit
}

fn cksum(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    each(cx, &parsed.operands, |_, content, name| {
        let space = if name.is_empty() { "" } else { " " };
        format!("{} {}{space}{name}\n", crc(content), content.len())
    })
}

/// The CRC of POSIX: the polynomial 0x04c11db7 over the bytes and the length.
fn crc(content: &Content) -> u32 {
    let mut table = [0u32; 256];
    for (i, entry) in table.iter_mut().enumerate() {
        let mut value = (i as u32) << 24;
        for _ in 0..8 {
            value = if value & 1 << 31 != 0 { value << 1 ^ 0x04c1_1db7 } else { value << 1 };
        }
        *entry = value;
    }
    let mut crc = 0u32;
    let mut step = |byte: u8| crc = crc << 8 ^ table[(crc >> 24 ^ u32::from(byte)) as usize];
    let _ = content.for_each_chunk(|chunk| chunk.iter().for_each(|byte| step(*byte)));
    let mut length = content.len();
    while length > 0 {
        step(length as u8);
        length >>= 8;
    }
    !crc
}

fn sum(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(SUM.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let sysv = parsed.last_of("rs") == Some('s');
    let several = parsed.operands.len() > 1;
    each(cx, &parsed.operands, |cx, content, name| {
        let mut sum = 0u32;
        let _ = content.for_each_chunk(|chunk| {
            for byte in chunk {
                sum = if sysv {
                    sum.wrapping_add((*byte).into())
                } else {
                    ((sum >> 1) + ((sum & 1) << 15) + u32::from(*byte)) & 0xffff
                };
            }
        });
        let named = !name.is_empty() && (several || sysv || !cx.busybox());
        let name = match named {
            true => format!(" {name}"),
            false if cx.busybox() && !sysv => " ".to_owned(),
            false => String::new(),
        };
        if sysv {
            let folded = (sum & 0xffff) + (sum >> 16);
            let folded = (folded & 0xffff) + (folded >> 16);
            format!("{folded} {}{name}\n", content.len().div_ceil(512))
        } else {
            format!("{sum:05} {:5}{name}\n", content.len().div_ceil(1024))
        }
    })
}
