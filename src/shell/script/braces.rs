//! bash's brace expansion: `a{b,c}d`, `{1..10..2}`, `{a..e}`. It works on the text of a word, before anything else.

/// The most words that one word may expand to.
const MAX_WORDS: usize = 10_000;

/// The words that `raw` stands for; none if it has no braces to expand.
pub(super) fn expand(raw: &str) -> Option<Vec<String>> {
    if !raw.contains('{') {
        return None;
    }
    let words = all(raw, 0);
    (words.len() != 1 || words.first().is_some_and(|word| word != raw)).then_some(words)
}

fn all(raw: &str, depth: u32) -> Vec<String> {
    let Some((start, end, parts)) = (if depth > 32 { None } else { find(raw) }) else { return vec![raw.to_owned()] };
    let (before, after) = (&raw[..start], all(&raw[end..], depth + 1));
    let mut out = Vec::new();
    for part in parts {
        for middle in all(&part, depth + 1) {
            for tail in &after {
                if out.len() < MAX_WORDS {
                    out.push(format!("{before}{middle}{tail}"));
                }
            }
        }
    }
    out
}

/// The first braces that expand: where they start and end, and their parts.
fn find(raw: &str) -> Option<(usize, usize, Vec<String>)> {
    let bytes = raw.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'{' if at == 0 || bytes[at - 1] != b'$' => {
                if let Some((end, commas)) = close(bytes, at) {
                    let inner = &raw[at + 1..end];
                    if !commas.is_empty() {
                        let mut parts = Vec::new();
                        let mut from = at + 1;
                        for comma in commas {
                            parts.push(raw[from..comma].to_owned());
                            from = comma + 1;
                        }
                        parts.push(raw[from..end].to_owned());
                        return Some((at, end + 1, parts));
                    }
                    if let Some(parts) = sequence(inner) {
                        return Some((at, end + 1, parts));
                    }
                }
                at += 1;
            }
            _ => at = skip(bytes, at),
        }
    }
    None
}

/// The place after the character, quotes or expansion at `at`.
fn skip(bytes: &[u8], at: usize) -> usize {
    let find =
        |from: usize, end: u8| bytes[from.min(bytes.len())..].iter().position(|b| *b == end).map(|i| from + i + 1);
    match bytes[at] {
        b'\\' => at + 2,
        b'\'' => find(at + 1, b'\'').unwrap_or(bytes.len()),
        b'`' => find(at + 1, b'`').unwrap_or(bytes.len()),
        b'"' => {
            let mut at = at + 1;
            while at < bytes.len() && bytes[at] != b'"' {
                at += if bytes[at] == b'\\' { 2 } else { 1 };
            }
            at + 1
        }
        b'$' if matches!(bytes.get(at + 1), Some(b'{' | b'(')) => {
            let (open, shut) = if bytes[at + 1] == b'{' { (b'{', b'}') } else { (b'(', b')') };
            let (mut depth, mut at) = (0, at + 1);
            while at < bytes.len() {
                match bytes[at] {
                    b if b == open => depth += 1,
                    b if b == shut => {
                        depth -= 1;
                        if depth == 0 {
                            return at + 1;
                        }
                    }
                    _ => {}
                }
                at += 1;
            }
            at
        }
        _ => at + 1,
    }
}

/// Where the brace at `open` closes, and the commas between.
fn close(bytes: &[u8], open: usize) -> Option<(usize, Vec<usize>)> {
    let (mut depth, mut at, mut commas) = (0, open + 1, Vec::new());
    while at < bytes.len() {
        match bytes[at] {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some((at, commas)),
            b'}' => depth -= 1,
            b',' if depth == 0 => commas.push(at),
            _ => {
                at = skip(bytes, at);
                continue;
            }
        }
        at += 1;
    }
    None
}

/// `1..5`, `a..e`, with a step.
fn sequence(inner: &str) -> Option<Vec<String>> {
    let parts: Vec<&str> = inner.split("..").collect();
    let (from, to, step) = match parts.as_slice() {
        [from, to] => (*from, *to, 1),
        [from, to, step] => (*from, *to, step.parse::<i64>().ok()?.unsigned_abs().max(1)),
        _ => return None,
    };
    let letter = |text: &str| match text.as_bytes() {
        [byte] if byte.is_ascii_alphabetic() => Some(i64::from(*byte)),
        _ => None,
    };
    let (first, last, letters) = match (from.parse::<i64>(), to.parse::<i64>()) {
        (Ok(first), Ok(last)) => (first, last, false),
        _ => (letter(from)?, letter(to)?, true),
    };
    let padded = |text: &str| text.trim_start_matches('-').len() > 1 && text.trim_start_matches('-').starts_with('0');
    let width = if padded(from) || padded(to) { from.len().max(to.len()) } else { 0 };
    let mut out = Vec::new();
    let mut at = first;
    while if first <= last { at <= last } else { at >= last } {
        if out.len() >= MAX_WORDS {
            break;
        }
        out.push(if letters {
            u8::try_from(at).map_or_else(|_| String::new(), |byte| char::from(byte).to_string())
        } else {
            format!("{at:0width$}")
        });
        let step = i64::try_from(step).ok()?;
        at = at.checked_add(if first <= last { step } else { -step })?;
    }
    Some(out)
}
