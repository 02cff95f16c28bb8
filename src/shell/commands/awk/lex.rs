//! From an awk program's text to tokens.

use crate::shell::commands::escape::{Escapes, decode};

/// A token.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Text(Vec<u8>),
    Regex(Vec<u8>),
    Name(String),
    /// A name with a parenthesis right after it: a function of the program.
    Called(String),
    /// A built-in function or a keyword.
    Word(&'static str),
    /// An operator or other sign.
    Sign(&'static str),
    Line,
    End,
}

pub(super) const KEYWORDS: &[&str] = &[
    "BEGIN", "END", "function", "func", "if", "else", "while", "for", "do", "break", "continue", "next", "nextfile",
    "exit", "return", "delete", "in", "getline", "print", "printf",
];

pub(super) const FUNCTIONS: &[&str] = &[
    "length", "substr", "index", "split", "sub", "gsub", "match", "sprintf", "tolower", "toupper", "sin", "cos",
    "atan2", "exp", "log", "sqrt", "int", "rand", "srand", "system", "close", "fflush", "and", "or", "xor", "compl",
    "lshift", "rshift", "systime", "strftime", "mktime", "gensub",
];

const SIGNS: &[&str] = &[
    "**=", "&&", "||", "==", "<=", ">=", "!=", "++", "--", "+=", "-=", "*=", "/=", "%=", "^=", "**", ">>", "!~", "{",
    "}", "(", ")", "[", "]", ";", ",", "+", "-", "*", "/", "%", "^", "!", ">", "<", "|", "?", ":", "~", "$", "=",
];

/// A token and the line it is on, from 1.
pub(super) type Placed = (Token, usize);

/// The tokens of a program; `Err` with a message and a line.
pub(super) fn tokens(text: &[u8], busybox: bool) -> Result<Vec<Placed>, (String, usize)> {
    let mut out: Vec<Placed> = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < text.len() {
        let byte = text[at];
        match byte {
            b' ' | b'\t' | b'\r' => at += 1,
            b'\\' if text.get(at + 1) == Some(&b'\n') => {
                at += 2;
                line += 1;
            }
            b'\\' if text.get(at + 1) == Some(&b'\r') && text.get(at + 2) == Some(&b'\n') => {
                at += 3;
                line += 1;
            }
            b'#' => at += text[at..].iter().take_while(|byte| **byte != b'\n').count(),
            b'\n' => {
                out.push((Token::Line, line));
                line += 1;
                at += 1;
            }
            b'"' => {
                let (value, end) = string(text, at + 1, busybox).ok_or(("unterminated string".to_owned(), line))?;
                out.push((Token::Text(value), line));
                at = end;
            }
            b'/' if regex_may_follow(out.last().map(|(token, _)| token)) => {
                let (value, end) =
                    regex(text, at + 1, !busybox).ok_or(("unterminated regular expression".to_owned(), line))?;
                out.push((Token::Regex(value), line));
                at = end;
            }
            b'0'..=b'9' | b'.' if byte != b'.' || text.get(at + 1).is_some_and(u8::is_ascii_digit) => {
                let (value, length) = number(&text[at..], busybox);
                out.push((Token::Number(value), line));
                at += length;
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                let length =
                    text[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
                let name = String::from_utf8_lossy(&text[at..at + length]).into_owned();
                at += length;
                let known = KEYWORDS.iter().chain(FUNCTIONS).find(|word| **word == name);
                out.push(match known {
                    Some(word) => (Token::Word(word), line),
                    None if text.get(at) == Some(&b'(') => (Token::Called(name), line),
                    None => (Token::Name(name), line),
                });
            }
            _ => {
                let sign = SIGNS.iter().find(|sign| text[at..].starts_with(sign.as_bytes()));
                let Some(sign) = sign else {
                    return Err((format!("unexpected character '{}'", char::from(byte)), line));
                };
                let sign = match *sign {
                    "**" => "^",
                    "**=" => "^=",
                    sign => sign,
                };
                at += if text[at..].starts_with(b"**") { sign.len() + 1 } else { sign.len() };
                out.push((Token::Sign(sign), line));
            }
        }
    }
    out.push((Token::End, line));
    Ok(out)
}

/// After an operand a slash divides.
fn regex_may_follow(before: Option<&Token>) -> bool {
    match before {
        Some(Token::Number(_) | Token::Text(_) | Token::Regex(_) | Token::Name(_)) => false,
        Some(Token::Sign(sign)) => !matches!(*sign, ")" | "]" | "$" | "++" | "--"),
        Some(Token::Word(word)) => !FUNCTIONS.contains(word),
        _ => true,
    }
}

fn number(text: &[u8], octal: bool) -> (f64, usize) {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if octal && text[0] == b'0' && digits > 1 && text[..digits].iter().all(|digit| *digit < b'8') {
        let value = text[..digits].iter().fold(0.0, |value, digit| value * 8.0 + f64::from(digit - b'0'));
        return (value, digits);
    }
    if text.len() > 2 && text[0] == b'0' && matches!(text[1], b'x' | b'X') && text[2].is_ascii_hexdigit() {
        let digits = text[2..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let value = text[2..2 + digits]
            .iter()
            .fold(0.0, |value, digit| value * 16.0 + f64::from(char::from(*digit).to_digit(16).unwrap_or(0)));
        return (value, 2 + digits);
    }
    crate::shell::commands::number::leading_float(text)
}

/// A string's value, and where it ends after its quote.
fn string(text: &[u8], mut at: usize, busybox: bool) -> Option<(Vec<u8>, usize)> {
    let mut out = Vec::new();
    loop {
        match *text.get(at)? {
            b'"' => return Some((out, at + 1)),
            b'\n' => return None,
            b'\\' => {
                let rest = &text[at + 1..];
                if rest.first() == Some(&b'\n') {
                    at += 2;
                    continue;
                }
                let (bytes, taken) = unescape(rest);
                if rest.first() == Some(&b'/') && !busybox {
                    out.push(b'\\');
                }
                out.extend(bytes);
                at += 1 + taken;
            }
            byte => {
                out.push(byte);
                at += 1;
            }
        }
    }
}

/// The escape after a backslash; what is none keeps its backslash.
fn unescape(rest: &[u8]) -> (Vec<u8>, usize) {
    match rest.first() {
        Some(b'"') => return (vec![b'"'], 1),
        Some(b'/') => return (vec![b'/'], 1),
        _ => {}
    }
    match decode(rest, Escapes { e: false, hex: true, octal: true, zero: false, c: false }) {
        Ok(Some((byte, taken))) => (vec![byte], taken),
        _ => (vec![b'\\'], 0),
    }
}

/// All escapes of a text, for `-v` and `-F`.
pub(super) fn unescape_all(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if text[at] == b'\\' {
            let (bytes, taken) = unescape(&text[at + 1..]);
            out.extend(bytes);
            at += 1 + taken;
        } else {
            out.push(text[at]);
            at += 1;
        }
    }
    out
}

/// A regular expression up to its slash; `\/` is a slash. In mawk brackets hide a slash.
fn regex(text: &[u8], mut at: usize, brackets: bool) -> Option<(Vec<u8>, usize)> {
    let mut out = Vec::new();
    let mut inside = false;
    loop {
        match *text.get(at)? {
            b'/' if !inside => return Some((out, at + 1)),
            b'\n' => return None,
            b'\\' if text.get(at + 1) == Some(&b'/') => {
                out.push(b'/');
                at += 2;
            }
            b'\\' => {
                out.push(b'\\');
                out.push(*text.get(at + 1)?);
                at += 2;
            }
            byte => {
                if brackets {
                    inside = if inside { byte != b']' || out.ends_with(b"[") } else { byte == b'[' };
                }
                out.push(byte);
                at += 1;
            }
        }
    }
}
