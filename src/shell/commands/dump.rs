//! `od`, `hexdump`, `xxd`: show bytes. They lack formats by string (`hexdump -e`), floating types, and `xxd -i`, `-b`, `-E`.

use super::input::{Words, quantity};
use super::{Command, Context, Exit, Options, Parsed, Run};

pub(super) const OD: Command = Command {
    name: "od",
    run: Run::Plain(od),
    options: &Options {
        short: "A:t:N:j:vbcdoxw:i",
        long: &[
            ("address-radix", 'A'),
            ("format", 't'),
            ("read-bytes", 'N'),
            ("skip-bytes", 'j'),
            ("output-duplicates", 'v'),
        ],
        hidden: "",
        in_order: false,
    },
};
pub(super) const HEXDUMP: Command =
    Command { name: "hexdump", run: Run::Plain(hexdump), options: &Options::short("bcCdoxvn:s:") };
pub(super) const HD: Command = Command { name: "hd", run: Run::Plain(hexdump), options: &Options::short("vn:s:") };
pub(super) const XXD: Command = Command { name: "xxd", run: Run::Plain(xxd), options: &Options::short("prul:s:c:g:") };

const OD_WORDS: Words = Words::plain(Some("%: read error"));
const HEX_WORDS: Words = Words::plain(Some("%: Is a directory"));

/// How a column shows its bytes.
#[derive(Clone, Copy, PartialEq)]
struct Kind {
    letter: char,
    /// Bytes of a unit.
    size: usize,
    /// Characters of a unit, without the blank before it.
    width: usize,
    /// `z`: the text beside it.
    text: bool,
}

fn kind(letter: char, size: usize) -> Option<Kind> {
    let width = match (letter, size) {
        ('a' | 'c', _) => 3,
        ('x', size) => size * 2,
        ('o', 1) => 3,
        ('o', 2) => 6,
        ('o', 4) => 11,
        ('o', 8) => 22,
        ('d', 1) => 4,
        ('d', 2) => 6,
        ('d', 4) => 11,
        ('d', 8) => 20,
        ('u', 1) => 3,
        ('u', 2) => 5,
        ('u', 4) => 10,
        ('u', 8) => 20,
        _ => return None,
    };
    Some(Kind { letter, size, width, text: false })
}

/// The types of `-t`.
fn kinds(text: &str) -> Option<Vec<Kind>> {
    let mut out = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        let mut size = if matches!(letter, 'a' | 'c') { 1 } else { 4 };
        if !matches!(letter, 'a' | 'c') {
            let mut digits = String::new();
            while let Some(digit) = rest.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            if !digits.is_empty() {
                size = digits.parse().ok()?;
            } else if let Some(letter) = rest.next_if(|c| "CSIL".contains(*c)) {
                size = match letter {
                    'C' => 1,
                    'S' => 2,
                    'I' => 4,
                    _ => 8,
                };
            }
        }
        let mut kind = kind(letter, size)?;
        kind.text = rest.next_if_eq(&'z').is_some();
        out.push(kind);
    }
    Some(out)
}

/// All the input, cut as the options say; `Err` with the status.
fn input(
    cx: &mut Context<'_>,
    parsed: &Parsed,
    words: &Words,
    skip: char,
    most: char,
) -> Result<(Vec<u8>, usize, bool), Exit> {
    let number = |text: &str| match text.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None => quantity(text),
    };
    let mut cut = |letter: char, default: u64| match parsed.value(letter).map(|text| (text.to_owned(), number(text))) {
        None => Ok(default),
        Some((_, Some(number))) => Ok(number),
        Some((text, None)) => {
            match cx.busybox() {
                true => cx.complain(format_args!("invalid number '{text}'")),
                false => cx.complain(format_args!("invalid -{letter} argument '{text}'")),
            }
            Err(1)
        }
    };
    let (skip, most) = (cut(skip, 0)?, cut(most, u64::MAX)?);
    let standard = ["-".to_owned()];
    let operands = if parsed.operands.is_empty() { &standard[..] } else { &parsed.operands[..] };
    let mut content = crate::vfs::Content::empty();
    let mut fine = true;
    for operand in operands {
        match cx.operand(operand, words) {
            Ok(part) => content.append(&part),
            Err(_) => fine = false,
        }
    }
    // Of an endless device only what is asked for is read.
    let end = skip.saturating_add(most).min(content.len());
    let part = content.slice(skip.min(content.len()), end);
    let bytes = cx.bytes(&part, "the input").ok_or(0u8)?;
    Ok((bytes.to_vec(), skip as usize, fine))
}

fn od(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(OD.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let mut columns = Vec::new();
    for (letter, value) in &parsed.given {
        let text = match letter {
            't' => value.as_str(),
            'b' => "o1",
            'c' => "c",
            'd' => "u2",
            'o' => "o2",
            'x' => "x2",
            'i' => "d4",
            _ => continue,
        };
        if text.contains('z') && cx.busybox() {
            let size = u32::MAX;
            cx.complain(format_args!("invalid type string '{text}'; {size}-byte integral type is not supported"));
            return 1;
        }
        match kinds(text) {
            Some(kinds) => columns.extend(kinds),
            None => return cx.not_simulated(format_args!("type {text}")),
        }
    }
    if columns.is_empty() {
        columns.extend(kind('o', 2));
    }
    let width = match parsed.value('w').map(str::parse::<usize>) {
        None => 16,
        Some(Ok(width)) if width > 0 && width <= 4096 => width,
        _ => return cx.not_simulated("this value of option -w"),
    };
    let radix = parsed.value('A').unwrap_or("o").to_owned();
    let address = move |at: usize| match radix.as_str() {
        "d" => format!("{at:07}"),
        "x" => format!("{at:06x}"),
        "n" => String::new(),
        _ => format!("{at:07o}"),
    };
    let (bytes, skip, fine) = match input(cx, &parsed, &OD_WORDS, 'j', 'N') {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    // All types take as much room as the widest for the same bytes.
    let per_block = columns.iter().map(|kind| kind.size).max().unwrap_or(1);
    let room = columns.iter().map(|kind| (kind.width + 1) * (per_block / kind.size).max(1)).max().unwrap_or(0);
    let mut out = String::new();
    let (mut previous, mut starred): (Option<&[u8]>, bool) = (None, false);
    for (row, block) in bytes.chunks(width).enumerate() {
        if previous == Some(block) && !parsed.has('v') && block.len() == width {
            if !starred {
                out.push_str("*\n");
            }
            starred = true;
            continue;
        }
        (previous, starred) = (Some(block), false);
        let at = address(skip + row * width);
        for (i, kind) in columns.iter().enumerate() {
            out.push_str(&if i == 0 { at.clone() } else { " ".repeat(at.len()) });
            let pad = room / (per_block / kind.size).max(1);
            for unit in block.chunks(kind.size) {
                out.push_str(&format!("{:>pad$}", show(*kind, unit)));
            }
            if kind.text {
                let missing = (width - block.len()) / kind.size;
                out.push_str(&" ".repeat(missing * pad));
                out.push_str(&format!("  >{}<", printable(block)));
            }
            out.push('\n');
        }
    }
    let end = address(skip + bytes.len());
    if !fine && bytes.is_empty() && !parsed.operands.iter().any(|operand| cx.is_dir(operand)) {
        return 1;
    }
    if !end.is_empty() {
        out.push_str(&end);
        out.push('\n');
    }
    cx.out(out);
    u8::from(!fine)
}

fn little_endian(unit: &[u8]) -> u64 {
    unit.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

fn show(kind: Kind, unit: &[u8]) -> String {
    let value = little_endian(unit);
    let width = kind.width;
    match kind.letter {
        'x' => format!("{value:0width$x}"),
        'o' => format!("{value:0width$o}"),
        'u' => format!("{value}"),
        'd' => {
            let shift = 64 - 8 * kind.size as u32;
            format!("{}", (value << shift).cast_signed() >> shift)
        }
        'a' => name_of(unit[0] & 0x7f),
        _ => character(unit[0]),
    }
}

fn character(byte: u8) -> String {
    match byte {
        0 => "\\0".to_owned(),
        7 => "\\a".to_owned(),
        8 => "\\b".to_owned(),
        9 => "\\t".to_owned(),
        10 => "\\n".to_owned(),
        11 => "\\v".to_owned(),
        12 => "\\f".to_owned(),
        13 => "\\r".to_owned(),
        b' '..=b'~' => char::from(byte).to_string(),
        _ => format!("{byte:03o}"),
    }
}

fn name_of(byte: u8) -> String {
    const NAMES: [&str; 33] = [
        "nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs", "ht", "nl", "vt", "ff", "cr", "so", "si", "dle",
        "dc1", "dc2", "dc3", "dc4", "nak", "syn", "etb", "can", "em", "sub", "esc", "fs", "gs", "rs", "us", "sp",
    ];
    match byte {
        127 => "del".to_owned(),
        _ => NAMES.get(usize::from(byte)).map_or_else(|| char::from(byte).to_string(), |name| (*name).to_owned()),
    }
}

fn printable(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| if (b' '..=b'~').contains(byte) { char::from(*byte) } else { '.' }).collect()
}

fn hexdump(cx: &mut Context<'_>) -> Exit {
    let canonical_name = cx.name() == "hd";
    let parsed = match cx.options(if canonical_name { HD.options } else { HEXDUMP.options }) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let (bytes, skip, fine) = match input(cx, &parsed, &HEX_WORDS, 's', 'n') {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    let style = if canonical_name { 'C' } else { parsed.last_of("bcCdox").unwrap_or('x') };
    let plain = parsed.last_of("bcCdox").is_none() && !canonical_name;
    let digits = if style == 'C' { 8 } else { 7 };
    let mut out = String::new();
    let (mut previous, mut starred): (Option<&[u8]>, bool) = (None, false);
    for (row, block) in bytes.chunks(16).enumerate() {
        if previous == Some(block) && !parsed.has('v') && block.len() == 16 {
            if !starred {
                out.push_str("*\n");
            }
            starred = true;
            continue;
        }
        (previous, starred) = (Some(block), false);
        out.push_str(&format!("{:0digits$x}", skip + row * 16));
        match style {
            'C' => {
                for i in 0..16 {
                    out.push_str(if i % 8 == 0 { "  " } else { " " });
                    out.push_str(&block.get(i).map_or("  ".to_owned(), |byte| format!("{byte:02x}")));
                }
                out.push_str(&format!("  |{}|", printable(block)));
            }
            'b' => out.push_str(&padded(block.iter().map(|byte| format!(" {byte:03o}")).collect(), 16, 4)),
            'c' => out.push_str(&padded(block.iter().map(|byte| format!(" {:>3}", character(*byte))).collect(), 16, 4)),
            _ => {
                let unit = |pair: &[u8]| {
                    let value = little_endian(pair);
                    match style {
                        'd' => format!("   {value:05}"),
                        'o' => format!("  {value:06o}"),
                        _ if plain => format!(" {value:04x}"),
                        _ => format!("    {value:04x}"),
                    }
                };
                let width = if plain { 5 } else { 8 };
                out.push_str(&padded(block.chunks(2).map(unit).collect(), 8, width));
            }
        }
        out.push('\n');
    }
    if !bytes.is_empty() {
        out.push_str(&format!("{:0digits$x}\n", skip + bytes.len()));
    }
    cx.out(out);
    if !fine && bytes.is_empty() && !parsed.operands.iter().any(|operand| cx.is_dir(operand)) {
        if !cx.busybox() {
            cx.complain("all input file arguments failed");
        }
        return 1;
    }
    0
}

/// Units in a row, with blanks for those that are missing.
fn padded(units: Vec<String>, count: usize, width: usize) -> String {
    let missing = count.saturating_sub(units.len());
    units.concat() + &" ".repeat(missing * width)
}

fn xxd(cx: &mut Context<'_>) -> Exit {
    // `-ps` is `-p`.
    for arg in &mut cx.args {
        if matches!(arg.as_str(), "-ps" | "-postscript" | "-plain") {
            *arg = "-p".to_owned();
        }
    }
    let parsed = match cx.options(XXD.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.operands.len() > 1 {
        return cx.not_simulated("an output file");
    }
    let (bytes, skip, fine) = match input(cx, &parsed, &HEX_WORDS, 's', 'l') {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    let number = |letter: char, default: usize| parsed.value(letter).map_or(Some(default), |text| text.parse().ok());
    let (Some(columns), Some(group)) = (number('c', if parsed.has('p') { 30 } else { 16 }), number('g', 2)) else {
        return cx.not_simulated("this value of option -c or -g");
    };
    let columns = if columns == 0 { usize::MAX } else { columns };
    if parsed.has('r') {
        if !parsed.has('p') {
            return cx.not_simulated("option -r without -p");
        }
        let digits: Vec<u8> =
            bytes.iter().filter_map(|byte| char::from(*byte).to_digit(16)).map(|digit| digit as u8).collect();
        cx.out(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect::<Vec<u8>>());
        return u8::from(!fine);
    }
    let hex = |byte: &u8| if parsed.has('u') { format!("{byte:02X}") } else { format!("{byte:02x}") };
    let mut out = String::new();
    for (row, block) in bytes.chunks(columns.min(bytes.len().max(1))).enumerate() {
        if parsed.has('p') {
            out.extend(block.iter().map(hex));
            out.push('\n');
            continue;
        }
        out.push_str(&format!("{:08x}: ", skip + row * columns));
        let mut shown = String::new();
        for i in 0..columns {
            shown.push_str(&block.get(i).map_or("  ".to_owned(), hex));
            if group > 0 && (i + 1) % group == 0 {
                shown.push(' ');
            }
        }
        if group == 0 || columns % group != 0 {
            shown.push(' ');
        }
        out.push_str(&format!("{shown} {}\n", printable(block)));
    }
    cx.out(out);
    match (fine, cx.busybox()) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    }
}
