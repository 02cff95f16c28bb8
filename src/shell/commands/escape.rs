//! Backslash escapes, as `echo -e`, `printf`, `tr`, `awk` and others read them.

/// Which escapes there are besides `\a \b \f \n \r \t \v \\`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Escapes {
    /// `\e`.
    pub e: bool,
    /// `\xHH`.
    pub hex: bool,
    /// `\NNN`, one to three octal digits.
    pub octal: bool,
    /// `\0NNN`: up to three digits after the zero.
    pub zero: bool,
    /// `\c` ends everything.
    pub c: bool,
}

/// Decodes the escape at the start of `rest` (which begins after the backslash): the bytes it stands for and how many
/// bytes of `rest` it takes; none if it is no escape; `Err` for `\c`.
pub fn decode(rest: &[u8], escapes: Escapes) -> Result<Option<(u8, usize)>, Stopped> {
    let Some(&first) = rest.first() else { return Ok(None) };
    Ok(match first {
        b'a' => Some((7, 1)),
        b'b' => Some((8, 1)),
        b'f' => Some((12, 1)),
        b'n' => Some((b'\n', 1)),
        b'r' => Some((b'\r', 1)),
        b't' => Some((b'\t', 1)),
        b'v' => Some((11, 1)),
        b'\\' => Some((b'\\', 1)),
        b'e' if escapes.e => Some((27, 1)),
        b'c' if escapes.c => return Err(Stopped),
        b'x' if escapes.hex => digits(&rest[1..], 16, 2).map(|(value, taken)| (value, 1 + taken)),
        b'0' if escapes.zero => Some(match digits(&rest[1..], 8, 3) {
            Some((value, taken)) => (value, 1 + taken),
            None => (0, 1),
        }),
        b'0'..=b'7' if escapes.octal => digits(rest, 8, 3),
        _ => None,
    })
}

/// `\c` was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped;

fn digits(text: &[u8], radix: u32, most: usize) -> Option<(u8, usize)> {
    let mut value = 0u32;
    let mut taken = 0;
    while taken < most
        && let Some(digit) = text.get(taken).and_then(|byte| char::from(*byte).to_digit(radix))
    {
        value = value * radix + digit;
        taken += 1;
    }
    (taken > 0).then_some((value as u8, taken))
}

/// Decodes all escapes of a text; what is none stays with its backslash. The second value says that `\c` ended it.
pub fn decode_all(text: &[u8], escapes: Escapes) -> (Vec<u8>, bool) {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        if text[at] == b'\\' {
            match decode(&text[at + 1..], escapes) {
                Ok(Some((byte, taken))) => {
                    out.push(byte);
                    at += 1 + taken;
                    continue;
                }
                Ok(None) => {}
                Err(Stopped) => return (out, true),
            }
        }
        out.push(text[at]);
        at += 1;
    }
    (out, false)
}
