//! `tr`: translate, squeeze and delete bytes. Generated content stays generated.

use super::escape::{Escapes, decode};
use super::{Command, Context, Exit, Options, Run};
use crate::vfs::{Content, MAX_HELD, MAX_SIZE, Segment};

pub(super) const COMMAND: Command = Command {
    name: "tr",
    run: Run::Plain(run),
    options: &Options {
        short: "cCdst",
        long: &[("complement", 'c'), ("delete", 'd'), ("squeeze-repeats", 's'), ("truncate-set1", 't')],
        hidden: "",
        in_order: true,
    },
};

/// What becomes of each byte.
struct Table {
    /// None: deleted.
    map: Vec<Option<u8>>,
    squeezed: Vec<bool>,
}

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let has = |letters: &str| parsed.last_of(letters).is_some();
    let (complement, delete, squeeze) = (has("cC"), has("d"), has("s"));
    let sets: Vec<&String> = parsed.operands.iter().collect();
    let wanted = match (delete, squeeze) {
        // busybox takes one set, which then changes nothing, and looks no further than it needs to.
        _ if cx.busybox() => 1..=2,
        (true, false) => 1..=1,
        (true, true) => 2..=2,
        (false, true) => 1..=2,
        (false, false) => 2..=2,
    };
    if sets.len() < *wanted.start() {
        let after = sets.last().map_or(String::new(), |set| format!(" after '{set}'"));
        let hint = match (sets.len(), delete, squeeze) {
            (1, true, true) => "\nTwo strings must be given when both deleting and squeezing repeats.",
            (1, ..) => "\nTwo strings must be given when translating.",
            _ => "",
        };
        return cx.misused(format_args!("missing operand{after}{hint}"));
    }
    if sets.len() > *wanted.end() {
        let hint = match (sets.len(), delete) {
            (2, true) => "\nOnly one string may be given when deleting without squeezing repeats.",
            _ => "",
        };
        return cx.misused(format_args!("extra operand '{}'{hint}", sets[*wanted.end()]));
    }
    let first = match expand(sets[0].as_bytes(), None, cx.busybox()) {
        Ok(set) => set,
        Err(message) => return invalid(cx, message),
    };
    let first: Vec<u8> = if complement { (0..=255).filter(|byte| !first.contains(byte)).collect() } else { first };
    let second = match sets
        .get(1)
        .filter(|_| !delete || squeeze)
        .map(|set| expand(set.as_bytes(), Some(first.len()), cx.busybox()))
    {
        None => None,
        Some(Ok(set)) => Some(set),
        Some(Err(message)) => return invalid(cx, message),
    };
    let mut table = Table { map: (0..=255).map(Some).collect(), squeezed: vec![false; 256] };
    if delete {
        first.iter().for_each(|byte| table.map[usize::from(*byte)] = None);
    } else if let Some(second) = &second {
        let Some(last) = second.last() else {
            if cx.busybox() {
                cx.complain("STRING2 cannot be empty");
                return 1;
            }
            if first.is_empty() {
                return copy(cx, &table);
            }
            cx.complain("when not truncating set1, string2 must be non-empty");
            return 1;
        };
        for (i, byte) in first.iter().enumerate() {
            let to = match second.get(i) {
                Some(to) => *to,
                None if has("t") => continue,
                None => *last,
            };
            table.map[usize::from(*byte)] = Some(to);
        }
    }
    if squeeze {
        let set = second.as_ref().unwrap_or(&first);
        set.iter().for_each(|byte| table.squeezed[usize::from(*byte)] = true);
    }
    copy(cx, &table)
}

fn invalid(cx: &mut Context<'_>, message: String) -> Exit {
    cx.complain(message);
    1
}

fn copy(cx: &mut Context<'_>, table: &Table) -> Exit {
    let input = cx.stdin();
    if !input.is_held() {
        // From a source of random bytes: what comes out is as unknown, and as endless.
        cx.modelled("the bytes of its input are not held");
        let deletes = table.map.contains(&None) || table.squeezed.contains(&true);
        let size = if deletes && input.len() < MAX_SIZE { input.len() / 4 } else { input.len() };
        cx.out_content(&Content::unknown(size));
        return 0;
    }
    if input.len() <= MAX_HELD {
        let Some(bytes) = cx.bytes(&input, "standard input") else { return 0 };
        let out = table.apply(&bytes);
        cx.out(out);
        return 0;
    }
    if table.squeezed.contains(&true) {
        return cx.not_simulated("option -s on more bytes than are held at once");
    }
    let mut out = Content::empty();
    for segment in input.segments() {
        match segment {
            Segment::Bytes(bytes) => out.push_bytes(&table.apply(bytes)),
            Segment::Zeros(len) => match table.map[0] {
                Some(0) => out.append(&Content::zeros(*len)),
                Some(byte) => out.append(&Content::repeat(&[byte], *len)),
                None => {}
            },
            Segment::Repeat { pattern, len } => {
                let turn = pattern.len() as u64;
                let all = table.apply(pattern);
                let rest = table.apply(&pattern[..(len % turn) as usize]);
                out.append(&Content::repeat(&all, len / turn * all.len() as u64));
                out.push_bytes(&rest);
            }
            Segment::Stored(_) | Segment::Listed { .. } | Segment::Unknown(_) => {}
        }
    }
    cx.out_content(&out);
    0
}

impl Table {
    fn apply(&self, bytes: &[u8]) -> Vec<u8> {
        let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
        for byte in bytes {
            let Some(byte) = self.map[usize::from(*byte)] else { continue };
            if self.squeezed[usize::from(byte)] && out.last() == Some(&byte) {
                continue;
            }
            out.push(byte);
        }
        out
    }
}

/// The bytes that a set stands for. `fill` is the length that `[c*]` fills up to, in the second set.
fn expand(text: &[u8], fill: Option<usize>, busybox: bool) -> Result<Vec<u8>, String> {
    let escapes = Escapes { e: busybox, hex: busybox, octal: true, zero: false, c: false };
    let mut out = Vec::new();
    // What fills up is known when all else is.
    let mut filler: Option<(usize, u8)> = None;
    let mut at = 0;
    let one = |at: &mut usize| -> Option<u8> {
        let byte = *text.get(*at)?;
        *at += 1;
        if byte == b'\\' {
            if let Ok(Some((decoded, taken))) = decode(&text[*at..], escapes) {
                *at += taken;
                return Some(decoded);
            }
            if let Some(next) = text.get(*at) {
                *at += 1;
                return Some(*next);
            }
        }
        Some(byte)
    };
    while at < text.len() {
        if text[at] == b'[' {
            let rest = &text[at + 1..];
            if rest.first() == Some(&b':')
                && let Some(end) = rest.windows(2).skip(1).position(|pair| pair == b":]")
            {
                let name = &rest[1..end + 1];
                match class(name) {
                    Some(set) => {
                        out.extend(set);
                        at += end + 4;
                        continue;
                    }
                    None if busybox => {}
                    None => return Err(format!("invalid character class '{}'", String::from_utf8_lossy(name))),
                }
            }
            if rest.first() == Some(&b'=') && rest.get(2..4) == Some(b"=]") {
                out.push(rest[1]);
                at += 5;
                continue;
            }
            let mut after = at + 1;
            if !busybox
                && let Some(byte) = one(&mut after)
                && text.get(after) == Some(&b'*')
                && let Some(close) = text[after..].iter().position(|byte| *byte == b']')
                && text[after + 1..after + close].iter().all(u8::is_ascii_digit)
            {
                let digits = String::from_utf8_lossy(&text[after + 1..after + close]).into_owned();
                let radix = if digits.starts_with('0') { 8 } else { 10 };
                let count = usize::from_str_radix(&digits, radix).unwrap_or(0);
                if count == 0 {
                    filler = Some((out.len(), byte));
                } else {
                    out.extend(std::iter::repeat_n(byte, count.min(1 << 16)));
                }
                at = after + close + 1;
                continue;
            }
        }
        let Some(from) = one(&mut at) else { break };
        if text.get(at) == Some(&b'-') && at + 1 < text.len() {
            let mut after = at + 1;
            let Some(to) = one(&mut after) else { break };
            if to < from {
                let shown = String::from_utf8_lossy(&text[at - 1..after]).into_owned();
                if busybox {
                    // An empty range.
                    at = after;
                    continue;
                }
                return Err(format!("range-endpoints of '{shown}' are in reverse collating sequence order"));
            }
            out.extend(from..=to);
            at = after;
        } else {
            out.push(from);
        }
    }
    if let (Some((place, byte)), Some(length)) = (filler, fill) {
        let missing = length.saturating_sub(out.len());
        out.splice(place..place, std::iter::repeat_n(byte, missing));
    }
    Ok(out)
}

fn class(name: &[u8]) -> Option<Vec<u8>> {
    let ranges = super::regex::class(std::str::from_utf8(name).ok()?)?;
    Some(ranges.into_iter().flat_map(|(from, to)| from as u8..=to as u8).collect())
}
