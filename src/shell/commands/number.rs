//! Numbers as printf(3) writes them, for `printf`, `awk`, `seq` and `od`.

/// Flags, width and precision of a conversion.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spec {
    /// `-`.
    pub left: bool,
    /// `+`.
    pub plus: bool,
    /// A blank.
    pub space: bool,
    /// `#`.
    pub alternate: bool,
    /// `0`.
    pub zero: bool,
    /// The least width in bytes.
    pub width: usize,
    /// The precision.
    pub precision: Option<usize>,
}

/// The widest field that is written; more would only fill memory.
pub const MAX_WIDTH: usize = 1 << 20;

impl Spec {
    /// Pads a text to the width.
    pub fn pad(&self, text: &[u8]) -> Vec<u8> {
        let fill = self.width.min(MAX_WIDTH).saturating_sub(text.len());
        let mut out = Vec::with_capacity(text.len() + fill);
        if !self.left {
            out.resize(fill, b' ');
        }
        out.extend_from_slice(text);
        if self.left {
            out.resize(out.len() + fill, b' ');
        }
        out
    }

    /// `%s`: at most `precision` bytes.
    pub fn text(&self, text: &[u8]) -> Vec<u8> {
        self.pad(&text[..self.precision.unwrap_or(text.len()).min(text.len())])
    }

    /// `%d` and `%i`.
    pub fn signed(&self, value: i64) -> Vec<u8> {
        self.number(self.sign(value < 0), &value.unsigned_abs().to_string(), self.precision)
    }

    /// `%u`, `%o`, `%x`, `%X`.
    pub fn unsigned(&self, value: u64, conversion: u8) -> Vec<u8> {
        let digits = match conversion {
            b'o' => format!("{value:o}"),
            b'x' => format!("{value:x}"),
            b'X' => format!("{value:X}"),
            _ => value.to_string(),
        };
        let (prefix, digits) = match conversion {
            b'x' if self.alternate && value != 0 => ("0x", digits),
            b'X' if self.alternate && value != 0 => ("0X", digits),
            b'o' if self.alternate && value != 0 => ("", format!("0{digits}")),
            _ => ("", digits),
        };
        self.number(prefix, &digits, self.precision)
    }

    /// `%e`, `%f`, `%g` and their capitals.
    pub fn float(&self, value: f64, conversion: u8) -> Vec<u8> {
        let sign = self.sign(value.is_sign_negative() && !value.is_nan());
        let value = value.abs();
        let capital = conversion.is_ascii_uppercase();
        if !value.is_finite() {
            let text = if value.is_nan() { "nan" } else { "inf" };
            let spec = Spec { zero: false, ..*self };
            return spec.number(sign, &if capital { text.to_uppercase() } else { text.to_owned() }, None);
        }
        let precision = self.precision.unwrap_or(6).min(MAX_WIDTH);
        let mut digits = match conversion.to_ascii_lowercase() {
            b'f' => self.point(format!("{value:.precision$}")),
            b'e' => exponential(value, precision, self.alternate),
            _ => self.general(value, precision.max(1)),
        };
        if capital {
            digits = digits.to_uppercase();
        }
        self.number(sign, &digits, None)
    }

    fn point(&self, digits: String) -> String {
        if self.alternate && !digits.contains('.') { digits + "." } else { digits }
    }

    fn general(&self, value: f64, precision: usize) -> String {
        let scientific = format!("{value:.*e}", precision - 1);
        let exponent: i32 = scientific.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
        let text = if exponent < -4 || exponent >= precision as i32 {
            exponential(value, precision - 1, false)
        } else {
            format!("{value:.*}", (precision as i32 - 1 - exponent).max(0) as usize)
        };
        if self.alternate {
            return self.point(text);
        }
        let (mantissa, tail) = text.split_at(text.find('e').unwrap_or(text.len()));
        match mantissa.contains('.') {
            true => format!("{}{tail}", mantissa.trim_end_matches('0').trim_end_matches('.')),
            false => text,
        }
    }

    fn sign(&self, negative: bool) -> &'static str {
        match (negative, self.plus, self.space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        }
    }

    /// `prefix` and `digits`, filled with zeros to the precision, or to the width if that is asked.
    fn number(&self, prefix: &str, digits: &str, precision: Option<usize>) -> Vec<u8> {
        let digits = if precision == Some(0) && digits == "0" { "" } else { digits };
        let zeros = match precision {
            Some(least) => least.min(MAX_WIDTH).saturating_sub(digits.len()),
            None if self.zero && !self.left => self.width.min(MAX_WIDTH).saturating_sub(digits.len() + prefix.len()),
            None => 0,
        };
        self.pad(format!("{prefix}{}{digits}", "0".repeat(zeros)).as_bytes())
    }
}

/// `d.ddde+dd`.
fn exponential(value: f64, precision: usize, point: bool) -> String {
    let text = format!("{value:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let dot = if point && !mantissa.contains('.') { "." } else { "" };
    format!("{mantissa}{dot}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// Reads the conversion after a `%` at the start of `rest`, up to but not including its letter: the spec and how many
/// bytes it takes. `star` gives the value of a `*`. Length modifiers are passed over.
pub fn parse_spec(rest: &[u8], mut star: impl FnMut() -> i64) -> (Spec, usize) {
    let mut spec = Spec::default();
    let mut at = 0;
    while let Some(flag) = rest.get(at) {
        match flag {
            b'-' => spec.left = true,
            b'+' => spec.plus = true,
            b' ' => spec.space = true,
            b'#' => spec.alternate = true,
            b'0' => spec.zero = true,
            _ => break,
        }
        at += 1;
    }
    let mut read = |at: &mut usize| -> i64 {
        if rest.get(*at) == Some(&b'*') {
            *at += 1;
            return star();
        }
        let mut value = 0i64;
        while let Some(digit) = rest.get(*at).filter(|b| b.is_ascii_digit()) {
            value = (value * 10 + i64::from(digit - b'0')).min(i64::from(i32::MAX));
            *at += 1;
        }
        value
    };
    let width = read(&mut at);
    spec.left |= width < 0;
    spec.width = width.unsigned_abs() as usize;
    if rest.get(at) == Some(&b'.') {
        at += 1;
        let precision = read(&mut at);
        spec.precision = usize::try_from(precision).ok();
    }
    while rest.get(at).is_some_and(|b| b"hlLjzt".contains(b)) {
        at += 1;
    }
    (spec, at)
}

/// The number at the start of a text as strtod(3) reads it (`inf`, `nan` and hexadecimal left out), and its length in bytes.
pub fn leading_float(text: &[u8]) -> (f64, usize) {
    let start = text.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let mut at = start;
    if matches!(text.get(at), Some(b'+' | b'-')) {
        at += 1;
    }
    let digits = |at: &mut usize| {
        let from = *at;
        while text.get(*at).is_some_and(u8::is_ascii_digit) {
            *at += 1;
        }
        *at - from
    };
    let mut count = digits(&mut at);
    if text.get(at) == Some(&b'.') {
        let mut after = at + 1;
        let fraction = digits(&mut after);
        if count + fraction > 0 {
            at = after;
            count += fraction;
        }
    }
    if count == 0 {
        return (0.0, 0);
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        let mut after = at + 1;
        if matches!(text.get(after), Some(b'+' | b'-')) {
            after += 1;
        }
        if digits(&mut after) > 0 {
            at = after;
        }
    }
    let number = std::str::from_utf8(&text[start..at]).ok().and_then(|text| text.parse().ok()).unwrap_or(0.0);
    (number, at)
}
