//! `read`: a line of standard input into variables.

use super::Ended;
use crate::shell::files;
use crate::shell::interpreter::{Held, Shell, is_name};
use crate::shell::script::Dialect;

/// How many bytes are looked at at once; what is not used goes back.
const CHUNK: u64 = 4096;

pub(super) fn read(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let (mut raw, mut delimiter, mut count, mut array, mut number) = (false, b'\n', None, None, 0);
    let mut rest = &args[1..];
    while let Some(option) = rest.first().filter(|arg| arg.starts_with('-') && arg.len() > 1).cloned() {
        rest = &rest[1..];
        if option == "--" {
            break;
        }
        for (i, letter) in option[1..].char_indices() {
            if matches!(letter, 'r' | 's' | 'e') && shell.dialect != Dialect::Dash || letter == 'r' {
                raw |= letter == 'r';
                continue;
            }
            let takes = match shell.dialect {
                Dialect::Dash => "p",
                Dialect::Ash => "dnptu",
                Dialect::Bash => "adnNptui",
            };
            if !takes.contains(letter) {
                return shell.unmodelled("read", &format!("option -{letter}"));
            }
            let tail = option[1 + i + letter.len_utf8()..].to_owned();
            let value = if tail.is_empty() {
                let value = rest.first().cloned().unwrap_or_default();
                rest = rest.get(1..).unwrap_or_default();
                value
            } else {
                tail
            };
            match letter {
                'd' => delimiter = value.bytes().next().unwrap_or(0),
                'n' | 'N' => count = value.parse::<usize>().ok(),
                'a' => array = Some(value),
                'u' => number = value.parse().unwrap_or(0),
                // No terminal: no prompt, and input is there at once.
                _ => {}
            }
            break;
        }
    }
    let names: Vec<String> = rest.to_vec();
    if names.is_empty() && array.is_none() && shell.dialect == Dialect::Dash {
        return shell.refuse("read", "arg count", 2);
    }
    for name in &names {
        if !is_name(name) {
            let (text, status) = match shell.dialect {
                Dialect::Bash => (format!("`{name}': not a valid identifier"), 1),
                _ => (format!("{name}: bad variable name"), 2),
            };
            return shell.refuse("read", &text, status);
        }
    }
    let Some((line, ended)) = line(shell, number, delimiter, raw, count) else {
        return shell.unmodelled("read", "input whose bytes are not held");
    };
    let ifs = shell.state.ifs().to_owned();
    if let Some(array) = array {
        let values = split(&line, &ifs, usize::MAX);
        shell.writable(&array, Some("read"))?;
        shell.state.variable(&array).value = Held::Array((0..).zip(values).collect());
    } else if names.is_empty() {
        let text: String = line.iter().map(|(c, _)| *c).collect();
        shell.set("REPLY", &text)?;
    } else {
        let mut values = split(&line, &ifs, names.len()).into_iter();
        for name in &names {
            shell.set(name, &values.next().unwrap_or_default())?;
        }
    }
    shell.end(u8::from(!ended))
}

/// A line: its characters, each with whether a backslash stands before it; and whether it was ended. None if its bytes are
/// not held.
fn line(
    shell: &mut Shell<'_>,
    number: u32,
    delimiter: u8,
    raw: bool,
    count: Option<usize>,
) -> Option<(Vec<(char, bool)>, bool)> {
    let Some(fd) = shell.state.process.fds.get(&number).cloned() else { return Some((Vec::new(), false)) };
    let mut bytes: Vec<(u8, bool)> = Vec::new();
    let mut escaped = false;
    let mut ended = false;
    'reading: loop {
        let chunk = files::read(&fd, shell.system, CHUNK).unwrap_or_default();
        if chunk.is_empty() {
            break;
        }
        let chunk = chunk.to_bytes().ok()?;
        for (i, byte) in chunk.iter().enumerate() {
            let after = (chunk.len() - i - 1) as u64;
            if count.is_some_and(|count| bytes.len() >= count) {
                files::unread(&fd, after + 1);
                ended = true;
                break 'reading;
            }
            match byte {
                _ if std::mem::take(&mut escaped) => {
                    if *byte != b'\n' {
                        bytes.push((*byte, true));
                    }
                }
                b'\\' if !raw => escaped = true,
                byte if *byte == delimiter => {
                    files::unread(&fd, after);
                    ended = true;
                    break 'reading;
                }
                0 => {}
                byte => bytes.push((*byte, false)),
            }
        }
        if bytes.len() > 1 << 20 {
            break;
        }
    }
    if count.is_some_and(|count| bytes.len() >= count) {
        ended = true;
    }
    let text = String::from_utf8_lossy(&bytes.iter().map(|(byte, _)| *byte).collect::<Vec<_>>()).into_owned();
    let mut out = Vec::new();
    let mut at = 0;
    for c in text.chars() {
        out.push((c, bytes.get(at).is_some_and(|(_, escaped)| *escaped)));
        at += if c == char::REPLACEMENT_CHARACTER { 1 } else { c.len_utf8() };
    }
    Some((out, ended))
}

/// Splits by IFS into at most `count` values; the last one takes what is left.
fn split(line: &[(char, bool)], ifs: &str, count: usize) -> Vec<String> {
    let delimits = |(c, escaped): &(char, bool)| !escaped && ifs.contains(*c);
    let blank = |one: &(char, bool)| delimits(one) && matches!(one.0, ' ' | '\t' | '\n');
    let text = |part: &[(char, bool)]| part.iter().map(|(c, _)| *c).collect::<String>();
    let skip = |mut at: usize| {
        while line.get(at).is_some_and(blank) {
            at += 1;
        }
        at
    };
    let mut out = Vec::new();
    let mut at = skip(0);
    while at < line.len() {
        if out.len() + 1 == count {
            let mut end = line.len();
            while end > at && blank(&line[end - 1]) {
                end -= 1;
            }
            // One delimiter that ends the last value belongs to it no more than blanks do.
            let first = line[at..end].iter().position(delimits).map(|i| at + i);
            if let Some(first) = first {
                let after = skip(first);
                let after = if line.get(after).is_some_and(delimits) { skip(after + 1) } else { after };
                if after >= end && !blank(&line[first]) {
                    end = first;
                }
            }
            out.push(text(&line[at..end]));
            return out;
        }
        let end = line[at..].iter().position(delimits).map_or(line.len(), |i| at + i);
        out.push(text(&line[at..end]));
        at = skip(end);
        if line.get(at).is_some_and(delimits) {
            at = skip(at + 1);
        }
    }
    out
}
