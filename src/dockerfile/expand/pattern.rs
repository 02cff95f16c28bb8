//! The patterns of `${name#pattern}`, `${name%pattern}` and `${name/pattern/replacement}`: `*` and `?`, no brackets.
//!
//! BuildKit turns them into regular expressions. Matched here by hand, with the same outcome: a regular-expression crate
//! would be a third of the page's weight. Like Go's `.`, neither `*` nor `?` matches a line end.

use std::collections::BTreeSet;

/// The most steps of one match; past it the pattern is refused, as Go refuses an expression that is too large.
const MAX_STEPS: u64 = 1_000_000;

/// Which of several matches counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// `*` takes as little as it can.
    Shortest,
    /// `*` takes as much as it can.
    Longest,
}

/// One unit of a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Literal(char),
    One,
    Any,
}

/// The pattern's units; the error is Go's reason.
fn units(pattern: &str) -> Result<Vec<Unit>, String> {
    let mut units = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '*' => units.push(Unit::Any),
            '?' => units.push(Unit::One),
            '\\' => match chars.peek() {
                // These end the substitution, so they are escaped; the escape is no part of the pattern.
                Some('}' | '/') => {}
                Some(&next @ ('*' | '?' | '\\')) => {
                    chars.next();
                    units.push(Unit::Literal(next));
                }
                Some(next) => return Err(format!("invalid escape '\\{next}'")),
                None => return Err("invalid escape '\\\u{fffd}'".to_owned()),
            },
            c => units.push(Unit::Literal(c)),
        }
    }
    // Two stars are one; so a run of them costs nothing.
    units.dedup_by(|a, b| *a == Unit::Any && *b == Unit::Any);
    Ok(units)
}

/// A search for a pattern in a text.
struct Search<'a> {
    units: &'a [Unit],
    text: &'a [char],
    reach: Reach,
    steps: u64,
}

impl Search<'_> {
    /// The end of the match that begins at `start`. `dead` holds the stars and places from which nothing matches.
    fn at(&mut self, start: usize, dead: &mut BTreeSet<(usize, usize)>) -> Result<Option<usize>, String> {
        let mut choices = vec![(0, start)];
        while let Some((unit, place)) = choices.pop() {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return Err("expression exceeds size limits".to_owned());
            }
            let Some(kind) = self.units.get(unit) else { return Ok(Some(place)) };
            let next = self.text.get(place);
            let takes = match kind {
                Unit::Literal(c) => next == Some(c),
                Unit::One | Unit::Any => next.is_some_and(|c| *c != '\n'),
            };
            if *kind != Unit::Any {
                if takes {
                    choices.push((unit + 1, place + 1));
                }
                continue;
            }
            if !dead.insert((unit, place)) {
                continue;
            }
            // What is pushed last is tried first.
            let (more, enough) = (takes.then_some((unit, place + 1)), Some((unit + 1, place)));
            let order = if self.reach == Reach::Longest { [enough, more] } else { [more, enough] };
            choices.extend(order.into_iter().flatten());
        }
        Ok(None)
    }

    /// The leftmost match from `from` on.
    fn from(&mut self, from: usize) -> Result<Option<(usize, usize)>, String> {
        let mut dead = BTreeSet::new();
        for start in from..=self.text.len() {
            if let Some(end) = self.at(start, &mut dead)? {
                return Ok(Some((start, end)));
            }
        }
        Ok(None)
    }
}

/// The value without the start that matches.
pub(super) fn trim_prefix(pattern: &str, value: &str, reach: Reach) -> Result<String, String> {
    trim(&units(pattern)?, value.chars().collect(), reach)
}

/// The value without the end that matches. The shortest match at the end is the leftmost of the reversed text.
pub(super) fn trim_suffix(pattern: &str, value: &str, reach: Reach) -> Result<String, String> {
    let mut units = units(pattern)?;
    units.reverse();
    let rest = trim(&units, value.chars().rev().collect(), reach)?;
    Ok(rest.chars().rev().collect())
}

fn trim(units: &[Unit], text: Vec<char>, reach: Reach) -> Result<String, String> {
    let end = Search { units, text: &text, reach, steps: 0 }.at(0, &mut BTreeSet::new())?;
    Ok(text[end.unwrap_or(0)..].iter().collect())
}

/// The value with the first match, or all, replaced. With all, `$1` and the like in the replacement count, as in Go.
pub(super) fn replace(pattern: &str, replacement: &str, value: &str, all: bool) -> Result<String, String> {
    let (units, text) = (units(pattern)?, value.chars().collect::<Vec<_>>());
    let mut search = Search { units: &units, text: &text, reach: Reach::Longest, steps: 0 };
    let mut out = String::new();
    let (mut copied, mut from) = (0, 0);
    let mut last = None;
    while let Some((start, end)) = search.from(from)? {
        // An empty match right after another is none.
        if start < end || last != Some(end) {
            out.extend(&text[copied..start]);
            if !all {
                out.push_str(replacement);
                copied = end;
                break;
            }
            expand(replacement, &text[start..end], &mut out);
            copied = end;
            last = Some(end);
        }
        from = if start < end { end } else { end + 1 };
        if from > text.len() {
            break;
        }
    }
    out.extend(&text[copied..]);
    Ok(out)
}

/// Go's `Regexp.Expand` for an expression without groups: `$0` is the match, every other name is empty, `$$` is a dollar.
fn expand(template: &str, found: &[char], out: &mut String) {
    let mut rest = template;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
            continue;
        }
        let braced = rest.strip_prefix('{');
        let name = braced.unwrap_or(rest);
        let length = name.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(name.len());
        let (name, after) = name.split_at(length);
        let after = if braced.is_some() { after.strip_prefix('}') } else { Some(after) };
        match after {
            Some(after) if !name.is_empty() => {
                if name == "0" {
                    out.extend(found);
                }
                rest = after;
            }
            _ => out.push('$'),
        }
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_gos_expressions_do() {
        let prefix = |pattern, value, reach| trim_prefix(pattern, value, reach).unwrap();
        let suffix = |pattern, value, reach| trim_suffix(pattern, value, reach).unwrap();
        assert_eq!(prefix("*/", "a/b/c", Reach::Shortest), "b/c");
        assert_eq!(prefix("*/", "a/b/c", Reach::Longest), "c");
        assert_eq!(prefix("x", "abc", Reach::Longest), "abc");
        assert_eq!(prefix("*", "한글\n끝", Reach::Longest), "\n끝");
        assert_eq!(suffix(".*", "a.tar.gz", Reach::Shortest), "a.tar");
        assert_eq!(suffix(".*", "a.tar.gz", Reach::Longest), "a");
        assert_eq!(suffix("?z", "a.gz", Reach::Longest), "a.");
        assert_eq!(prefix(r"\*", "*a", Reach::Longest), "a");
        assert!(trim_prefix(r"\a", "a", Reach::Longest).is_err());
    }

    #[test]
    fn all_matches_are_replaced_as_go_replaces_them() {
        let cases = [
            ("a", "b", "banana", "bbnbnb"),
            ("", "-", "ab", "-a-b-"),
            ("*", "-", "ab", "-"),
            ("?", "[$0]", "ab", "[a][b]"),
            ("a", "$1x", "banana", "bxnxnx".replace('x', "").as_str()),
            ("a", "${0}$$", "ab", "a$b"),
            ("a", "$", "ab", "$b"),
            ("a", "${0", "ab", "${0b"),
        ]
        .map(|(pattern, replacement, value, expected)| (pattern, replacement, value, expected.to_owned()));
        for (pattern, replacement, value, expected) in cases {
            assert_eq!(
                replace(pattern, replacement, value, true).unwrap(),
                expected,
                "{pattern} {replacement} {value}"
            );
        }
        assert_eq!(replace("a", "$0", "banana", false).unwrap(), "b$0nana");
    }

    #[test]
    fn a_pattern_of_many_stars_ends() {
        let pattern = "a*".repeat(2000);
        let value = "a".repeat(20_000);
        assert!(trim_prefix(&format!("{pattern}b"), &value, Reach::Longest).is_err());
        assert_eq!(trim_prefix(&"*".repeat(100_000), &value, Reach::Longest).unwrap(), "");
    }
}
