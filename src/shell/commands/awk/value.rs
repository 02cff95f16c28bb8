//! awk's values: numbers, texts, and texts from input that count as numbers when they look like one.

use crate::shell::commands::number::{leading_float, parse_spec};
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A value.
#[derive(Debug, Clone, Default)]
pub(super) enum Value {
    #[default]
    Unset,
    Number(f64),
    Text(Rc<Vec<u8>>),
    /// From input.
    Input(Rc<Vec<u8>>),
}

/// How numbers become text.
#[derive(Debug, Clone, Default)]
pub(super) struct Format {
    /// CONVFMT or OFMT; empty stands for `%.6g`.
    pub text: Rc<Vec<u8>>,
    /// Whole numbers up to this size are written in full: 2^31 - 1 in mawk, 2^63 in busybox.
    pub whole: f64,
}

impl Value {
    pub(super) fn text(bytes: impl Into<Vec<u8>>) -> Self {
        Value::Text(Rc::new(bytes.into()))
    }

    pub(super) fn input(bytes: impl Into<Vec<u8>>) -> Self {
        Value::Input(Rc::new(bytes.into()))
    }

    pub(super) fn of(holds: bool) -> Self {
        Value::Number(f64::from(u8::from(holds)))
    }

    pub(super) fn number(&self) -> f64 {
        match self {
            Value::Unset => 0.0,
            Value::Number(number) => *number,
            Value::Text(text) | Value::Input(text) => parse(text).0,
        }
    }

    /// As text; a number that is not whole by the format.
    pub(super) fn bytes(&self, format: &Format) -> Rc<Vec<u8>> {
        match self {
            Value::Unset => Rc::default(),
            Value::Number(number) => Rc::new(number_text(*number, format)),
            Value::Text(text) | Value::Input(text) => text.clone(),
        }
    }

    /// Its number, if it counts as one in a comparison.
    fn numeric(&self) -> Option<f64> {
        match self {
            Value::Unset => Some(0.0),
            Value::Number(number) => Some(*number),
            Value::Text(_) => None,
            Value::Input(text) => {
                let (number, taken) = parse(text);
                let rest = text.get(taken..).unwrap_or_default();
                (taken > 0 && rest.iter().all(u8::is_ascii_whitespace)).then_some(number)
            }
        }
    }

    pub(super) fn is_true(&self) -> bool {
        match (self, self.numeric()) {
            (Value::Text(text), _) => !text.is_empty(),
            (_, Some(number)) => number != 0.0,
            (Value::Input(text), None) => !text.is_empty(),
            _ => false,
        }
    }

    /// As numbers if both count as such, else as texts; none with a NaN.
    pub(super) fn compare(&self, other: &Value, format: &Format) -> Option<Ordering> {
        match (self.numeric(), other.numeric()) {
            (Some(a), Some(b)) => a.partial_cmp(&b),
            _ => Some(self.bytes(format).cmp(&other.bytes(format))),
        }
    }
}

/// The number at the start of a text, which may be hexadecimal, and its length.
fn parse(text: &[u8]) -> (f64, usize) {
    let start = text.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let sign = usize::from(matches!(text.get(start), Some(b'+' | b'-')));
    let digits = start + sign + 2;
    if let [b'0', b'x' | b'X', first, ..] = text[(start + sign).min(text.len())..]
        && first.is_ascii_hexdigit()
    {
        let count = text[digits..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let value = text[digits..digits + count]
            .iter()
            .fold(0.0, |value, digit| value * 16.0 + f64::from(char::from(*digit).to_digit(16).unwrap_or(0)));
        return (if text[start] == b'-' { -value } else { value }, digits + count);
    }
    leading_float(text)
}

fn number_text(number: f64, format: &Format) -> Vec<u8> {
    if number == number.trunc() && number.abs() <= format.whole {
        return (number as i64).to_string().into_bytes();
    }
    if number.is_nan() {
        return if number.is_sign_negative() { b"-nan".to_vec() } else { b"nan".to_vec() };
    }
    let format: &[u8] = if format.text.is_empty() { b"%.6g" } else { &format.text };
    match format.split_first() {
        Some((b'%', rest)) => {
            let (spec, taken) = parse_spec(rest, || 0);
            match rest.get(taken) {
                Some(letter) if b"eEfFgG".contains(letter) => {
                    [spec.float(number, *letter), rest[taken + 1..].to_vec()].concat()
                }
                Some(b'd' | b'i') => spec.signed(number as i64),
                _ => rest.to_vec(),
            }
        }
        _ => format.to_vec(),
    }
}

/// The elements of an array; each remembers when it came, for the order of busybox.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub elements: BTreeMap<Rc<Vec<u8>>, (Value, u64)>,
    next: u64,
}

impl Table {
    /// The element, made if it is missing, as every reference does.
    pub(super) fn get(&mut self, key: &Rc<Vec<u8>>) -> Value {
        if let Some((value, _)) = self.elements.get(key) {
            return value.clone();
        }
        self.set(key.clone(), Value::Unset);
        Value::Unset
    }

    pub(super) fn set(&mut self, key: Rc<Vec<u8>>, value: Value) {
        let next = self.next;
        let entry = self.elements.entry(key).or_insert_with(|| (Value::Unset, next));
        entry.0 = value;
        self.next += 1;
    }

    pub(super) fn clear(&mut self) {
        self.elements.clear();
    }

    /// The keys in the order of `for (k in a)`: by hash in busybox, sorted else.
    pub(super) fn keys(&self, busybox: bool) -> Vec<Rc<Vec<u8>>> {
        let mut keys: Vec<_> = self.elements.iter().map(|(key, (_, born))| (key.clone(), *born)).collect();
        if busybox {
            // Buckets in order, in each the newest first. Of more than some 600 the table grows, which is left out.
            let size = 61;
            keys.sort_by_key(|(key, born)| (hash(key) % size, std::cmp::Reverse(*born)));
        }
        keys.into_iter().map(|(key, _)| key).collect()
    }
}

/// busybox's hash of a key.
fn hash(key: &[u8]) -> u32 {
    key.iter()
        .fold(0u32, |hash, byte| hash.wrapping_mul(63).wrapping_add(i32::from(byte.cast_signed()).cast_unsigned()))
}

pub(super) type Array = Rc<RefCell<Table>>;

/// What a variable holds.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    Value(Value),
    Array(Array),
}

impl Default for Cell {
    fn default() -> Self {
        Cell::Value(Value::Unset)
    }
}
