//! Small words of messages that more than one group uses: Go's quoting and BuildKit's "did you mean".

use std::fmt::Write;

/// A string as Go's `%q` writes it.
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            c if (c as u32) < 0x20 || c as u32 == 0x7f => {
                let _ = write!(out, "\\x{:02x}", c as u32);
            }
            c if !is_printable(c) => {
                let _ = if (c as u32) < 0x1_0000 {
                    write!(out, "\\u{:04x}", c as u32)
                } else {
                    write!(out, "\\U{:08x}", c as u32)
                };
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Does Go print it as it is? Not controls, white space but the blank, format characters, private use, non-characters.
/// Characters that no version of Unicode has assigned are not told apart.
fn is_printable(c: char) -> bool {
    let format = matches!(c,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0001}'..='\u{e007f}');
    let private = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}');
    let none = c as u32 & 0xfffe == 0xfffe || matches!(c, '\u{fdd0}'..='\u{fdef}');
    !(c.is_control() || (c.is_whitespace() && c != ' ') || format || private || none)
}

/// ` (did you mean X?)`, or nothing where there is no suggestion.
pub fn did_you_mean(suggestion: &str) -> String {
    if suggestion.is_empty() { String::new() } else { format!(" (did you mean {suggestion}?)") }
}

/// The option nearest to `word` that is less than three edits away; the first of equals. Empty if there is none, or if
/// the word is an option itself (then something else was wrong).
pub fn nearest<'a>(word: &str, options: impl IntoIterator<Item = &'a str>) -> String {
    let mut best = String::new();
    let mut limit = 3;
    for option in options {
        if option == word {
            return String::new();
        }
        let distance = edit_distance(word, option);
        if distance < limit {
            limit = distance;
            option.clone_into(&mut best);
        }
    }
    best
}

/// Insertions, deletions and replacements of characters that turn one word into the other. Words that differ by more
/// than two in length are not compared in full: no one asks for more.
fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let gap = a.len().abs_diff(b.len());
    if gap > 2 {
        return gap;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(ca != cb);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
