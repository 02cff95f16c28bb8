//! The patterns of `${name#pattern}`, `${name%pattern}` and `${name/pattern/replacement}`: `*` and `?`, no brackets.

use regex::{Regex, RegexBuilder};

/// Which of several matches counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// `*` takes as little as it can.
    Shortest,
    /// `*` takes as much as it can.
    Longest,
}

/// The pattern as a regular expression; the error is Go's reason.
fn regex(pattern: &str, reach: Reach, anchored: bool) -> Result<Regex, String> {
    let mut source = String::from(if anchored { "^" } else { "" });
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '*' => source.push_str(if reach == Reach::Longest { ".*" } else { ".*?" }),
            '?' => source.push('.'),
            '\\' => match chars.peek() {
                // These end the substitution, so they are escaped; the escape is no part of the pattern.
                Some('}' | '/') => {}
                Some(&next @ ('*' | '?' | '\\')) => {
                    chars.next();
                    source.push_str(&regex::escape(&next.to_string()));
                }
                Some(next) => return Err(format!("invalid escape '\\{next}'")),
                None => return Err("invalid escape '\\\u{fffd}'".to_owned()),
            },
            c => source.push_str(&regex::escape(&c.to_string())),
        }
    }
    RegexBuilder::new(&source).build().map_err(|error| error.to_string())
}

/// The value without the start that matches.
pub(super) fn trim_prefix(pattern: &str, value: &str, reach: Reach) -> Result<String, String> {
    let regex = regex(pattern, reach, true)?;
    Ok(regex.find(value).map_or(value, |found| &value[found.end()..]).to_owned())
}

/// The value without the end that matches. The shortest match at the end is the leftmost of the reversed text.
pub(super) fn trim_suffix(pattern: &str, value: &str, reach: Reach) -> Result<String, String> {
    let reversed: String = value.chars().rev().collect();
    let rest = trim_prefix(&reverse_pattern(pattern), &reversed, reach)?;
    Ok(rest.chars().rev().collect())
}

/// Reversed, but an escape stays before what it escapes: `a\*c` becomes `c\*a`.
fn reverse_pattern(pattern: &str) -> String {
    let mut units: Vec<String> = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\\', Some(next)) => {
                chars.next();
                units.push(format!("\\{next}"));
            }
            _ => units.push(c.to_string()),
        }
    }
    units.into_iter().rev().collect()
}

/// The value with the first match, or all, replaced. With all, `$1` and the like in the replacement count, as in Go.
pub(super) fn replace(pattern: &str, replacement: &str, value: &str, all: bool) -> Result<String, String> {
    let regex = regex(pattern, Reach::Longest, false)?;
    if all {
        return Ok(regex.replace_all(value, replacement).into_owned());
    }
    Ok(match regex.find(value) {
        Some(found) => format!("{}{replacement}{}", &value[..found.start()], &value[found.end()..]),
        None => value.to_owned(),
    })
}
