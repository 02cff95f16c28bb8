//! The command `s`.

use super::super::regex::{Groups, Pattern};

/// `s/pattern/replacement/flags`.
#[derive(Default)]
pub(super) struct Substitution {
    /// None: the regular expression used last.
    pub pattern: Option<Pattern>,
    pub replacement: Vec<Part>,
    pub global: bool,
    pub print: bool,
    /// The first match that is replaced, from 1.
    pub number: u64,
    pub write: Option<String>,
}

/// A part of a replacement.
pub(super) enum Part {
    Text(Vec<u8>),
    /// 0 is the whole match.
    Group(usize),
    /// `\U`, `\L`, `\u`, `\l`, `\E` of GNU.
    Case(u8),
}

/// Reads a replacement.
pub(super) fn parse_replacement(text: &[u8], busybox: bool) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut plain = Vec::new();
    let mut bytes = text.iter().copied().peekable();
    let push = |parts: &mut Vec<Part>, plain: &mut Vec<u8>, part: Part| {
        if !plain.is_empty() {
            parts.push(Part::Text(std::mem::take(plain)));
        }
        parts.push(part);
    };
    while let Some(byte) = bytes.next() {
        match byte {
            b'&' => push(&mut parts, &mut plain, Part::Group(0)),
            b'\\' => match bytes.next() {
                Some(digit @ b'0'..=b'9') => push(&mut parts, &mut plain, Part::Group(usize::from(digit - b'0'))),
                Some(case @ (b'U' | b'L' | b'u' | b'l' | b'E')) if !busybox => {
                    push(&mut parts, &mut plain, Part::Case(case));
                }
                Some(b'n') => plain.push(b'\n'),
                Some(b't') => plain.push(b'\t'),
                Some(b'r') => plain.push(b'\r'),
                Some(b'f') => plain.push(12),
                Some(b'v') => plain.push(11),
                Some(b'a') => plain.push(7),
                Some(b'x') if !busybox => {
                    let mut value = None;
                    for _ in 0..2 {
                        let digit = bytes.peek().and_then(|byte| char::from(*byte).to_digit(16));
                        let Some(digit) = digit else { break };
                        value = Some(value.unwrap_or(0) * 16 + digit);
                        bytes.next();
                    }
                    plain.push(value.map_or(b'x', |value| value as u8));
                }
                Some(other) => plain.push(other),
                None => plain.push(b'\\'),
            },
            _ => plain.push(byte),
        }
    }
    if !plain.is_empty() {
        parts.push(Part::Text(plain));
    }
    parts
}

impl Substitution {
    /// The highest group that the replacement names.
    pub(super) fn highest_group(&self) -> Option<usize> {
        self.replacement.iter().filter_map(|part| if let Part::Group(n) = part { Some(*n) } else { None }).max()
    }

    /// The new text, or none if nothing was replaced.
    pub(super) fn apply(&self, pattern: &Pattern, text: &[u8]) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let (mut at, mut count, mut last_end) = (0, 0, None);
        let mut replaced = false;
        while at <= text.len() {
            let Some(groups) = pattern.groups(text, at) else { break };
            let Some((from, to)) = groups[0] else { break };
            out.extend_from_slice(&text[at..from]);
            if from == to && last_end == Some(from) {
                // An empty match right after another is none.
                out.extend_from_slice(&text[from..text.len().min(from + 1)]);
                at = from + 1;
                continue;
            }
            count += 1;
            if count >= self.number {
                self.replace(text, &groups, &mut out);
                replaced = true;
            } else {
                out.extend_from_slice(&text[from..to]);
            }
            last_end = Some(to);
            at = to;
            if replaced && !self.global {
                break;
            }
            if from == to {
                out.extend_from_slice(&text[from..text.len().min(from + 1)]);
                at = from + 1;
            }
        }
        if !replaced {
            return None;
        }
        out.extend_from_slice(text.get(at..).unwrap_or_default());
        Some(out)
    }

    fn replace(&self, text: &[u8], groups: &Groups, out: &mut Vec<u8>) {
        let (mut all, mut one) = (None, None);
        for part in &self.replacement {
            let piece = match part {
                Part::Text(piece) => piece.as_slice(),
                Part::Group(number) => match groups.get(*number).copied().flatten() {
                    Some((from, to)) => &text[from..to],
                    None => continue,
                },
                Part::Case(b'E') => {
                    (all, one) = (None, None);
                    continue;
                }
                Part::Case(case @ (b'u' | b'l')) => {
                    one = Some(*case);
                    continue;
                }
                Part::Case(case) => {
                    (all, one) = (Some(*case), None);
                    continue;
                }
            };
            for byte in piece {
                let case = one.take().or(all);
                out.push(match case {
                    Some(b'U' | b'u') => byte.to_ascii_uppercase(),
                    Some(_) => byte.to_ascii_lowercase(),
                    None => *byte,
                });
            }
        }
    }
}
