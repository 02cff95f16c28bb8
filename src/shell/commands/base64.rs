//! `base64`: encode and decode.

use super::input::{Failure, Words};
use super::{Command, Context, Exit, Options, Run};
use crate::vfs::Content;

pub(super) const COMMAND: Command = Command {
    name: "base64",
    run: Run::Plain(run),
    options: &Options {
        short: "dDiw:",
        long: &[("decode", 'd'), ("ignore-garbage", 'i'), ("wrap", 'w')],
        hidden: "",
        in_order: false,
    },
};

const WORDS: Words =
    Words { missing: ["%", "%"], directory: [Some("read error: Is a directory"), Some("read error: Is a directory")] };

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let wrap = match parsed.value('w').map(str::parse) {
        None => 76,
        Some(Ok(wrap)) => wrap,
        Some(Err(_)) => {
            let value = parsed.value('w').unwrap_or_default().to_owned();
            match cx.busybox() {
                true => cx.complain(format_args!("invalid number '{value}'")),
                false => cx.complain(format_args!("invalid wrap size: '{value}'")),
            }
            return 1;
        }
    };
    if let Some(extra) = parsed.operands.get(1) {
        return cx.misused(format_args!("extra operand '{extra}'"));
    }
    let operand = parsed.operands.first().map_or("-", String::as_str);
    let content = match cx.operand(operand, &WORDS) {
        Ok(content) => content,
        Err(_) => return 1,
    };
    let decode_it = parsed.has('d') || parsed.has('D');
    if !content.is_held() && !decode_it {
        cx.modelled(format_args!("the bytes of {operand} are not held"));
        let characters = content.len().div_ceil(3) * 4;
        let feeds = if wrap == 0 { 0 } else { characters.div_ceil(wrap as u64) };
        cx.out_content(&Content::unknown(characters + feeds));
        return 0;
    }
    let Ok(bytes) = cx.bytes(&content, operand).ok_or(Failure::NotSimulated) else { return 0 };
    if decode_it {
        let (out, fine) = decode(&bytes, parsed.has('i'), cx.busybox());
        cx.out(out);
        if !fine {
            cx.complain(if cx.busybox() { "truncated input" } else { "invalid input" });
            return 1;
        }
        return 0;
    }
    let text = encode(&bytes);
    if wrap == 0 {
        cx.out(text);
        return 0;
    }
    let mut out = Vec::with_capacity(text.len() + text.len() / wrap + 1);
    for line in text.chunks(wrap) {
        out.extend_from_slice(line);
        out.push(b'\n');
    }
    cx.out(out);
    0
}

fn encode(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let value = (0..3).fold(0u32, |value, i| value << 8 | u32::from(group.get(i).copied().unwrap_or(0)));
        for i in 0..4 {
            let digit = ALPHABET[(value >> (18 - 6 * i) & 63) as usize];
            out.push(if i <= group.len() { digit } else { b'=' });
        }
    }
    out
}

/// What could be decoded, and whether that was all.
fn decode(text: &[u8], ignore_garbage: bool, whole_groups: bool) -> (Vec<u8>, bool) {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut value, mut count, mut padding) = (0u32, 0, 0);
    for byte in text {
        let digit = match byte {
            b'\n' | b'\r' => continue,
            b'=' => {
                padding += 1;
                continue;
            }
            _ => ALPHABET.iter().position(|letter| letter == byte),
        };
        let Some(digit) = digit else {
            if ignore_garbage {
                continue;
            }
            if count == 3 && !whole_groups {
                out.extend_from_slice(&[(value >> 10) as u8, (value >> 2) as u8]);
            }
            return (out, false);
        };
        if padding > 0 {
            return (out, false);
        }
        value = value << 6 | digit as u32;
        count += 1;
        if count == 4 {
            out.extend_from_slice(&value.to_be_bytes()[1..]);
            (value, count) = (0, 0);
        }
    }
    match count {
        _ if whole_groups && padding == 0 => {}
        2 => out.push((value >> 4) as u8),
        3 => out.extend_from_slice(&[(value >> 10) as u8, (value >> 2) as u8]),
        _ => {}
    }
    (out, matches!((count, padding), (0, 0) | (2, 2) | (3, 1)))
}
