//! `sort`: sort lines, by bytes (images set no locale). It lacks `-R`, which is random, and GNU's `--parallel`, `--debug`, `--files0-from`.

use super::input::{Failure, Words, chomp, lines};
use super::number::leading_float;
use super::{Command, Context, Exit, Options, Parsed, Run};
use crate::vfs::Content;
use std::cmp::Ordering;

pub(super) const COMMAND: Command = Command {
    name: "sort",
    run: Run::Plain(run),
    options: &Options {
        short: "bcCdfghik:Mmno:rsS:t:T:uVz",
        long: &[
            ("ignore-leading-blanks", 'b'),
            ("check", 'c'),
            ("dictionary-order", 'd'),
            ("ignore-case", 'f'),
            ("general-numeric-sort", 'g'),
            ("human-numeric-sort", 'h'),
            ("ignore-nonprinting", 'i'),
            ("key", 'k'),
            ("month-sort", 'M'),
            ("merge", 'm'),
            ("numeric-sort", 'n'),
            ("output", 'o'),
            ("reverse", 'r'),
            ("stable", 's'),
            ("buffer-size", 'S'),
            ("field-separator", 't'),
            ("temporary-directory", 'T'),
            ("unique", 'u'),
            ("version-sort", 'V'),
            ("zero-terminated", 'z'),
        ],
        hidden: "",
        in_order: false,
    },
};

const WORDS: Words =
    Words { missing: ["%", "cannot read: %"], directory: [None, Some("read failed: %: Is a directory")] };

/// How a key is compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Manner {
    blanks: bool,
    dictionary: bool,
    fold: bool,
    printing: bool,
    reverse: bool,
    /// `n`, `g`, `h`, `M`, `V`, or none for text.
    kind: Option<char>,
}

impl Manner {
    fn set(&mut self, letter: char) -> bool {
        match letter {
            'b' => self.blanks = true,
            'd' => self.dictionary = true,
            'f' => self.fold = true,
            'i' => self.printing = true,
            'r' => self.reverse = true,
            'n' | 'g' | 'h' | 'M' | 'V' => self.kind = Some(letter),
            _ => return false,
        }
        true
    }
}

/// Where a key starts or ends: field and character, from 1; the character 0 is the field's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    field: usize,
    character: usize,
    blanks: bool,
}

#[derive(Debug, Clone, Copy)]
struct Key {
    start: Place,
    end: Option<Place>,
    manner: Manner,
}

struct Sorter {
    keys: Vec<Key>,
    separator: Option<u8>,
    reverse: bool,
    last_resort: bool,
    busybox: bool,
}

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let sorter = match sorter(cx, &parsed) {
        Ok(sorter) => sorter,
        Err(exit) => return exit,
    };
    let mut operands = parsed.operands.clone();
    if operands.is_empty() {
        operands.push("-".to_owned());
    }
    let separator = if parsed.has('z') { 0 } else { b'\n' };
    let mut contents = Vec::new();
    for operand in &operands {
        match cx.operand_bytes(operand, &WORDS) {
            Ok(bytes) => contents.push(bytes),
            Err(Failure::Told) => return 2,
            Err(Failure::NotSimulated) => return 0,
        }
    }
    let mut all: Vec<&[u8]> = Vec::new();
    for bytes in &contents {
        if separator == 0 {
            all.extend(bytes.split_inclusive(|byte| *byte == 0).map(|line| line.strip_suffix(b"\0").unwrap_or(line)));
        } else {
            all.extend(lines(bytes).map(chomp));
        }
    }
    if parsed.has('c') || parsed.has('C') {
        return check(cx, &parsed, &sorter, &all, &operands[0]);
    }
    all.sort_by(|a, b| sorter.compare(a, b));
    if parsed.has('u') {
        all.dedup_by(|b, a| sorter.compare_keys(a, b) == Ordering::Equal);
    }
    let mut out = Vec::with_capacity(all.iter().map(|line| line.len() + 1).sum());
    for line in all {
        out.extend_from_slice(line);
        out.push(separator);
    }
    match parsed.value('o') {
        None => cx.out(out),
        Some(name) => {
            let (path, mode) = (cx.process.path(name), cx.process.masked(0o666));
            if let Err(errno) = cx.system.fs.write(&cx.process.cred, &path, &Content::from(out), mode) {
                match cx.busybox() {
                    true => cx.complain_of(format_args!("can't open '{name}'"), errno),
                    false => cx.complain_of(format_args!("open failed: {name}"), errno),
                }
                return 2;
            }
        }
    }
    0
}

fn check(cx: &mut Context<'_>, parsed: &Parsed, sorter: &Sorter, all: &[&[u8]], operand: &str) -> Exit {
    let unique = parsed.has('u');
    let wrong = all.windows(2).position(|pair| match sorter.compare(pair[0], pair[1]) {
        Ordering::Greater => true,
        Ordering::Equal => unique,
        Ordering::Less => unique && sorter.compare_keys(pair[0], pair[1]) == Ordering::Equal,
    });
    let Some(at) = wrong else { return 0 };
    if !parsed.has('C') {
        let line = String::from_utf8_lossy(all[at + 1]).into_owned();
        if cx.busybox() {
            cx.err(format!("Check line {}\n", at + 1));
        } else {
            cx.complain(format_args!("{operand}:{}: disorder: {line}", at + 2));
        }
    }
    1
}

fn sorter(cx: &mut Context<'_>, parsed: &Parsed) -> Result<Sorter, Exit> {
    let mut global = Manner::default();
    for (letter, _) in &parsed.given {
        global.set(*letter);
    }
    let mut separator = None;
    if let Some(text) = parsed.value('t') {
        separator = match text.as_bytes() {
            [byte] => Some(*byte),
            b"\\0" => Some(0),
            _ if cx.busybox() => {
                cx.complain("bad -t parameter");
                return Err(2);
            }
            [] => {
                cx.complain("empty tab");
                return Err(2);
            }
            _ => {
                cx.complain(format_args!("multi-character tab '{text}'"));
                return Err(2);
            }
        };
    }
    let mut keys = Vec::new();
    for (_, text) in parsed.given.iter().filter(|(letter, _)| *letter == 'k') {
        let Some(key) = key(text, global) else {
            match cx.busybox() {
                true => cx.complain("bad field specification"),
                false => cx.complain(format_args!("invalid number at field start: invalid count at start of '{text}'")),
            }
            return Err(2);
        };
        keys.push(key);
    }
    if keys.is_empty() {
        let start = Place { field: 1, character: 1, blanks: global.blanks };
        keys.push(Key { start, end: None, manner: global });
    }
    // busybox compares whole lines at last for -u, too, which decides which line of equals is kept.
    let last_resort = !parsed.has('s') && (cx.busybox() || !parsed.has('u'));
    Ok(Sorter { keys, separator, reverse: global.reverse, last_resort, busybox: cx.busybox() })
}

/// `F[.C][OPTS][,F[.C][OPTS]]`.
fn key(text: &str, global: Manner) -> Option<Key> {
    let (start, end) = text.split_once(',').map_or((text, None), |(start, end)| (start, Some(end)));
    let mut manner = Manner::default();
    let mut own = false;
    let mut place = |text: &str| {
        let letters = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
        let (numbers, letters) = text.split_at(letters);
        let (field, character) = numbers.split_once('.').map_or((numbers, None), |(f, c)| (f, Some(c)));
        let mut blanks = false;
        for letter in letters.chars() {
            own = true;
            blanks |= letter == 'b';
            if letter != 'b' && !manner.set(letter) {
                return None;
            }
        }
        let field = field.parse().ok().filter(|field| *field > 0)?;
        let character = character.map_or(Some(0), |c| c.parse().ok())?;
        Some(Place { field, character, blanks })
    };
    let mut start = place(start)?;
    start.character = start.character.max(1);
    let mut end = match end {
        Some(end) => Some(place(end)?),
        None => None,
    };
    if !own {
        manner = global;
        start.blanks = global.blanks;
        if let Some(end) = &mut end {
            end.blanks = global.blanks;
        }
    }
    Some(Key { start, end, manner })
}

impl Sorter {
    fn compare(&self, a: &[u8], b: &[u8]) -> Ordering {
        let order = self.compare_keys(a, b);
        if order != Ordering::Equal || !self.last_resort {
            return order;
        }
        let order = a.cmp(b);
        if self.reverse { order.reverse() } else { order }
    }

    fn compare_keys(&self, a: &[u8], b: &[u8]) -> Ordering {
        for key in &self.keys {
            let order = compare_as(self.part(a, key), self.part(b, key), &key.manner, self.busybox);
            let order = if key.manner.reverse { order.reverse() } else { order };
            if order != Ordering::Equal {
                return order;
            }
        }
        Ordering::Equal
    }

    fn part<'l>(&self, line: &'l [u8], key: &Key) -> &'l [u8] {
        let mut from = self.field(line, key.start.field - 1);
        if key.start.blanks {
            from += blanks(&line[from..]);
        }
        from = (from + key.start.character - 1).min(line.len());
        let to = match &key.end {
            None => line.len(),
            Some(end) if end.character == 0 => {
                let next = self.field(line, end.field);
                // The separator itself is not part of the field.
                if self.separator.is_some() && next > 0 && self.has_field(line, end.field) { next - 1 } else { next }
            }
            Some(end) => {
                let mut at = self.field(line, end.field - 1);
                if end.blanks {
                    at += blanks(&line[at..]);
                }
                (at + end.character).min(line.len())
            }
        };
        &line[from..to.max(from)]
    }

    /// Where the field of this index (from 0) starts; the line's end if it has fewer.
    fn field(&self, line: &[u8], index: usize) -> usize {
        let mut at = 0;
        for _ in 0..index {
            match self.separator {
                Some(separator) => match line[at..].iter().position(|byte| *byte == separator) {
                    Some(found) => at += found + 1,
                    None => return line.len(),
                },
                None => {
                    at += blanks(&line[at..]);
                    at += line[at..].iter().take_while(|byte| !matches!(**byte, b' ' | b'\t' | b'\n')).count();
                }
            }
        }
        at
    }

    fn has_field(&self, line: &[u8], index: usize) -> bool {
        let Some(separator) = self.separator else { return false };
        line.iter().filter(|byte| **byte == separator).count() >= index
    }
}

fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|byte| matches!(**byte, b' ' | b'\t' | b'\n')).count()
}

fn compare_as(a: &[u8], b: &[u8], manner: &Manner, busybox: bool) -> Ordering {
    match manner.kind {
        // busybox reads numbers as atof(3) does.
        Some('n') if busybox => leading_float(a).0.partial_cmp(&leading_float(b).0).unwrap_or(Ordering::Equal),
        Some('n') => numeric(a).cmp(&numeric(b)),
        Some('h') => human(a).partial_cmp(&human(b)).unwrap_or(Ordering::Equal),
        Some('g') => {
            // What is no number comes before all numbers.
            let value = |text: &[u8]| match leading_float(text) {
                (_, 0) => f64::NEG_INFINITY,
                (value, _) => value,
            };
            value(a).partial_cmp(&value(b)).unwrap_or(Ordering::Equal)
        }
        Some('M') => month(a).cmp(&month(b)),
        Some('V') => version(a, b, busybox),
        _ if manner.dictionary || manner.fold || manner.printing || manner.blanks => {
            let shape = |text: &[u8]| -> Vec<u8> {
                text[if manner.blanks { blanks(text) } else { 0 }..]
                    .iter()
                    .filter(|byte| !manner.dictionary || byte.is_ascii_alphanumeric() || matches!(**byte, b' ' | b'\t'))
                    .filter(|byte| !manner.printing || (b' '..=b'~').contains(*byte))
                    .map(|byte| if manner.fold { byte.to_ascii_uppercase() } else { *byte })
                    .collect()
            };
            shape(a).cmp(&shape(b))
        }
        _ => a.cmp(b),
    }
}

/// A decimal number that compares exactly, whatever its length.
#[derive(PartialEq, Eq)]
struct Decimal {
    negative: bool,
    whole: Vec<u8>,
    fraction: Vec<u8>,
}

fn numeric(text: &[u8]) -> Decimal {
    let text = &text[blanks(text)..];
    let (negative, text) = text.strip_prefix(b"-").map_or((false, text), |rest| (true, rest));
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (whole, rest) = text.split_at(digits);
    let fraction = rest.strip_prefix(b".").unwrap_or_default();
    let fraction = &fraction[..fraction.iter().take_while(|byte| byte.is_ascii_digit()).count()];
    let zeros = whole.iter().take_while(|byte| **byte == b'0').count();
    let kept = fraction.iter().rposition(|byte| *byte != b'0').map_or(0, |last| last + 1);
    let (whole, fraction) = (whole[zeros..].to_vec(), fraction[..kept].to_vec());
    Decimal { negative: negative && !(whole.is_empty() && fraction.is_empty()), whole, fraction }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let size =
            |a: &Self, b: &Self| (a.whole.len(), &a.whole, &a.fraction).cmp(&(b.whole.len(), &b.whole, &b.fraction));
        match (self.negative, other.negative) {
            (false, false) => size(self, other),
            (true, true) => size(other, self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Sign and order of magnitude first, then the number.
fn human(text: &[u8]) -> (i32, f64) {
    let (value, taken) = leading_float(text);
    let suffix = text.get(taken).and_then(|byte| b"kKMGTPEZY".iter().position(|unit| unit == byte));
    let order = match suffix {
        None | Some(0 | 1) => suffix.map_or(0, |_| 1),
        Some(at) => at as i32,
    };
    let sign = if value < 0.0 { -1 } else { 1 };
    (if value == 0.0 { 0 } else { sign * order }, value)
}

fn month(text: &[u8]) -> usize {
    const MONTHS: [&[u8]; 12] =
        [b"JAN", b"FEB", b"MAR", b"APR", b"MAY", b"JUN", b"JUL", b"AUG", b"SEP", b"OCT", b"NOV", b"DEC"];
    let text = &text[blanks(text)..];
    let start = text.get(..3).map(<[u8]>::to_ascii_uppercase);
    start.and_then(|start| MONTHS.iter().position(|month| *month == start)).map_or(0, |at| at + 1)
}

/// Numbers in a text compare as numbers; `~` sorts before everything.
fn version(a: &[u8], b: &[u8], busybox: bool) -> Ordering {
    let weight = |byte: Option<&u8>| match byte {
        // strverscmp(3), which busybox calls, compares bytes.
        Some(byte) if busybox && !byte.is_ascii_digit() => i32::from(*byte),
        Some(b'~') => -1,
        None => 0,
        Some(byte) if byte.is_ascii_digit() => 0,
        Some(byte) if byte.is_ascii_alphabetic() => i32::from(*byte),
        Some(byte) => i32::from(*byte) + 256,
    };
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        while a.get(i).is_some_and(|c| !c.is_ascii_digit()) || b.get(j).is_some_and(|c| !c.is_ascii_digit()) {
            let order = weight(a.get(i)).cmp(&weight(b.get(j)));
            if order != Ordering::Equal {
                return order;
            }
            i += 1;
            j += 1;
        }
        let run = |text: &[u8], at: &mut usize| {
            let zeros = text[(*at).min(text.len())..].iter().take_while(|c| **c == b'0').count();
            *at += zeros;
            let start = (*at).min(text.len());
            let digits = text[start..].iter().take_while(|c| c.is_ascii_digit()).count();
            *at += digits;
            text[start..start + digits].to_vec()
        };
        let (x, y) = (run(a, &mut i), run(b, &mut j));
        let order = (x.len(), x).cmp(&(y.len(), y));
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}
