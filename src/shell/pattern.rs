//! Patterns of the shell (POSIX, "Pattern Matching Notation"): `*`, `?`, `[a-z]`, `[!a]`, `[[:digit:]]`, and a backslash that
//! takes the special meaning of what follows. In time proportional to text × pattern, whatever they are.

/// A pattern, ready to match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Char(char),
    Any,
    Star,
    Class(bool, Vec<Range>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Range {
    Chars(char, char),
    Named(String),
}

impl Pattern {
    /// Reads a pattern; every text is one.
    pub fn new(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let mut pieces = Vec::new();
        let mut at = 0;
        while at < chars.len() {
            at += 1;
            match chars[at - 1] {
                '*' => {
                    if pieces.last() != Some(&Piece::Star) {
                        pieces.push(Piece::Star);
                    }
                }
                '?' => pieces.push(Piece::Any),
                '\\' if at < chars.len() => {
                    pieces.push(Piece::Char(chars[at]));
                    at += 1;
                }
                '[' => match class(&chars, at) {
                    Some((piece, end)) => {
                        pieces.push(piece);
                        at = end;
                    }
                    None => pieces.push(Piece::Char('[')),
                },
                c => pieces.push(Piece::Char(c)),
            }
        }
        Self(pieces)
    }

    /// Does the pattern hold for all of the text?
    pub fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let (mut piece, mut at) = (0, 0);
        let mut star: Option<(usize, usize)> = None;
        while at < text.len() {
            match self.0.get(piece) {
                Some(Piece::Star) => {
                    star = Some((piece + 1, at));
                    piece += 1;
                    continue;
                }
                Some(one) if one.takes(text[at]) => {
                    piece += 1;
                    at += 1;
                    continue;
                }
                _ => {}
            }
            let Some((after, from)) = star else { return false };
            star = Some((after, from + 1));
            (piece, at) = (after, from + 1);
        }
        self.0[piece..].iter().all(|piece| *piece == Piece::Star)
    }

    /// The length in characters of the longest (or shortest) start of the text that the pattern holds for.
    pub fn prefix(&self, text: &[char], longest: bool) -> Option<usize> {
        let mut found = None;
        self.run(text.iter().copied(), |length| {
            found = Some(length);
            longest
        });
        found
    }

    /// The same for the end of the text.
    pub fn suffix(&self, text: &[char], longest: bool) -> Option<usize> {
        let mut found = None;
        let reversed = Self(self.0.iter().rev().cloned().collect());
        reversed.run(text.iter().rev().copied(), |length| {
            found = Some(length);
            longest
        });
        found
    }

    /// Follows all ways through the pattern at once; tells each length it holds for, until told to stop.
    fn run(&self, text: impl Iterator<Item = char>, mut found: impl FnMut(usize) -> bool) {
        let end = self.0.len();
        let mut states = vec![false; end + 1];
        let mut next = vec![false; end + 1];
        self.reach(&mut states, 0);
        if states[end] && !found(0) {
            return;
        }
        for (i, c) in text.enumerate() {
            next.fill(false);
            let mut alive = false;
            for piece in (0..end).filter(|piece| states[*piece]) {
                match &self.0[piece] {
                    Piece::Star => self.reach(&mut next, piece),
                    one if one.takes(c) => self.reach(&mut next, piece + 1),
                    _ => continue,
                }
                alive = true;
            }
            std::mem::swap(&mut states, &mut next);
            if (states[end] && !found(i + 1)) || !alive {
                return;
            }
        }
    }

    fn reach(&self, states: &mut [bool], mut state: usize) {
        states[state] = true;
        while self.0.get(state) == Some(&Piece::Star) {
            state += 1;
            states[state] = true;
        }
    }
}

impl Piece {
    fn takes(&self, c: char) -> bool {
        match self {
            Piece::Char(one) => *one == c,
            Piece::Any => true,
            Piece::Star => false,
            Piece::Class(negated, ranges) => ranges.iter().any(|range| range.holds(c)) != *negated,
        }
    }
}

impl Range {
    fn holds(&self, c: char) -> bool {
        match self {
            Range::Chars(from, to) => *from <= c && c <= *to,
            Range::Named(name) => match name.as_str() {
                "alpha" => c.is_ascii_alphabetic(),
                "digit" => c.is_ascii_digit(),
                "alnum" => c.is_ascii_alphanumeric(),
                "upper" => c.is_ascii_uppercase(),
                "lower" => c.is_ascii_lowercase(),
                "space" => matches!(c, ' ' | '\t'..='\r'),
                "blank" => matches!(c, ' ' | '\t'),
                "punct" => c.is_ascii_punctuation(),
                "cntrl" => c.is_ascii_control(),
                "graph" => c.is_ascii_graphic(),
                "print" => c.is_ascii_graphic() || c == ' ',
                "xdigit" => c.is_ascii_hexdigit(),
                _ => false,
            },
        }
    }
}

/// The class after `[`, and where it ends; none if it is not closed.
fn class(chars: &[char], start: usize) -> Option<(Piece, usize)> {
    let mut at = start;
    let negated = matches!(chars.get(at), Some('!' | '^'));
    at += usize::from(negated);
    let mut ranges = Vec::new();
    let first = at;
    loop {
        let c = *chars.get(at)?;
        if c == ']' && at > first {
            return Some((Piece::Class(negated, ranges), at + 1));
        }
        if c == '[' && chars.get(at + 1) == Some(&':') {
            let length = chars[at + 2..].iter().position(|c| *c == ':')?;
            if chars.get(at + 3 + length) == Some(&']') {
                ranges.push(Range::Named(chars[at + 2..at + 2 + length].iter().collect()));
                at += length + 4;
                continue;
            }
        }
        let take = |at: usize| match chars.get(at)? {
            '\\' => chars.get(at + 1).map(|c| (*c, at + 2)),
            c => Some((*c, at + 1)),
        };
        let (from, next) = take(at)?;
        at = next;
        if chars.get(at) == Some(&'-') && chars.get(at + 1).is_some_and(|c| *c != ']') {
            let (to, next) = take(at + 1)?;
            at = next;
            ranges.push(Range::Chars(from, to));
        } else {
            ranges.push(Range::Chars(from, from));
        }
    }
}

/// A pattern that stands for this text alone.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "*?[]\\-!^".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matching() {
        for (pattern, text, holds) in [
            ("a*b?c", "axxbyc", true),
            ("*.txt", ".txt", true),
            ("[!a-c]*", "d", true),
            ("[!a-c]*", "b", false),
            ("[[:digit:]x]", "7", true),
            ("[]a]", "]", true),
            ("[", "[", true),
            ("\\*", "*", true),
            ("\\*", "x", false),
            ("*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
        ] {
            assert_eq!(Pattern::new(pattern).matches(text), holds, "{pattern} {text}");
        }
    }

    #[test]
    fn ends() {
        let text: Vec<char> = "a/b/c".chars().collect();
        assert_eq!(Pattern::new("*/").prefix(&text, false), Some(2));
        assert_eq!(Pattern::new("*/").prefix(&text, true), Some(4));
        assert_eq!(Pattern::new("/*").suffix(&text, false), Some(2));
        assert_eq!(Pattern::new("/*").suffix(&text, true), Some(4));
        assert_eq!(Pattern::new("x").suffix(&text, true), None);
    }
}
