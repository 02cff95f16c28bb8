//! Regular expressions of POSIX, basic and extended, with GNU's additions, for `grep`, `sed`, `awk`, `expr` and others.
//!
//! A pattern is parsed here ([`parse`]) and matched by the `regex` crate; one with back-references, which that has not, by a
//! backtracking matcher of ours. Where alternatives differ POSIX takes the longest match and the crate the first alternative:
//! alternatives that are plain text are therefore tried longest first; others may differ.

mod backtrack;
mod parse;

use crate::vfs::Libc;
use backtrack::Backtracker;
use parse::Ast;

/// How a pattern is to be read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Syntax {
    /// Extended syntax.
    pub extended: bool,
    /// Capitals do not matter.
    pub ignore_case: bool,
    /// Characters are UTF-8, not bytes.
    pub utf8: bool,
    /// `^` and `$` match at the lines inside the text, too.
    pub multi_line: bool,
    /// `\n`, `\t` and their like stand for control characters, in brackets too (awk, sed).
    pub escapes: bool,
    /// musl's dialect (TRE): no back-references in extended syntax, `\d` and `\D`.
    pub tre: bool,
    /// A backslash escapes inside brackets (awk).
    pub bracket_backslash: bool,
}

/// Why a pattern is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invalid {
    /// `(` without `)`.
    Parenthesis,
    /// `)` without `(`.
    CloseParenthesis,
    /// `[` without `]`.
    Bracket,
    /// `\{` without `\}`.
    Brace,
    /// What is between braces is no count.
    Count,
    /// A range whose end comes before its start.
    Range,
    /// An unknown class name.
    Class,
    /// A backslash at the end.
    Backslash,
    /// Nothing before a repetition.
    Repetition,
    /// A back-reference to a group that is not there.
    Reference,
    /// Too large to be compiled: not a fault of the pattern.
    TooLarge,
}

impl Invalid {
    /// The words of regerror(3).
    pub fn message(self, libc: Libc) -> &'static str {
        let musl = libc == Libc::Musl;
        match self {
            Invalid::Parenthesis if musl => "Missing ')'",
            Invalid::Parenthesis => "Unmatched ( or \\(",
            Invalid::CloseParenthesis if musl => "Missing ')'",
            Invalid::CloseParenthesis => "Unmatched ) or \\)",
            Invalid::Bracket if musl => "Missing ']'",
            Invalid::Bracket => "Unmatched [, [^, [:, [., or [=",
            Invalid::Brace if musl => "Missing '}'",
            Invalid::Brace => "Unmatched \\{",
            Invalid::Count if musl => "Invalid contents of {}",
            Invalid::Count => "Invalid content of \\{\\}",
            Invalid::Range if musl => "Invalid character range",
            Invalid::Range => "Invalid range end",
            Invalid::Class if musl => "Unknown character class name",
            Invalid::Class => "Invalid character class name",
            Invalid::Backslash => "Trailing backslash",
            Invalid::Repetition if musl => "Repetition not preceded by valid expression",
            Invalid::Repetition => "Invalid preceding regular expression",
            Invalid::Reference if musl => "Invalid back reference",
            Invalid::Reference => "Invalid back reference",
            Invalid::TooLarge => "Regular expression too big",
        }
    }
}

/// The characters of a class such as `alpha` in the C locale, as ranges; none if there is no such class.
pub fn class(name: &str) -> Option<Vec<(u32, u32)>> {
    parse::class(name)
}

/// Where the whole match and its groups are, in bytes.
pub type Groups = Vec<Option<(usize, usize)>>;

/// A compiled pattern.
pub struct Pattern {
    engine: Engine,
    /// How many groups it has.
    pub groups: usize,
}

enum Engine {
    Crate(regex::bytes::Regex),
    Ours(Backtracker),
}

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(text: &[u8], syntax: Syntax) -> Result<Self, Invalid> {
        let (ast, groups, references) = parse::parse(text, syntax)?;
        if references {
            return Ok(Self { engine: Engine::Ours(Backtracker::new(ast, groups, syntax)), groups });
        }
        let mut source = String::new();
        translate(&ast, syntax, &mut source);
        Self::compile(&source, syntax, groups)
    }

    /// Compiles a pattern in the crate's own syntax, which is near enough to Perl's.
    ///
    /// # Errors
    /// What the crate cannot do.
    pub fn perl(source: &str, syntax: Syntax) -> Result<Self, Invalid> {
        Self::compile(source, syntax, 0)
    }

    fn compile(source: &str, syntax: Syntax, groups: usize) -> Result<Self, Invalid> {
        let regex = regex::bytes::RegexBuilder::new(source)
            .unicode(syntax.utf8)
            .case_insensitive(syntax.ignore_case)
            .size_limit(4 << 20)
            .build()
            .map_err(|_| Invalid::TooLarge)?;
        let groups = groups.max(regex.captures_len() - 1);
        Ok(Self { engine: Engine::Crate(regex), groups })
    }

    /// The first match at or after `start`; what is before it counts for `^` and word borders.
    pub fn find(&self, text: &[u8], start: usize) -> Option<(usize, usize)> {
        match &self.engine {
            Engine::Crate(regex) => regex.find_at(text, start).map(|found| (found.start(), found.end())),
            Engine::Ours(matcher) => matcher.find(text, start)?.first().copied().flatten(),
        }
    }

    /// The first match at or after `start` with its groups.
    pub fn groups(&self, text: &[u8], start: usize) -> Option<Groups> {
        match &self.engine {
            Engine::Crate(regex) => regex.captures_at(text, start).map(|found| {
                (0..found.len()).map(|i| found.get(i).map(|group| (group.start(), group.end()))).collect()
            }),
            Engine::Ours(matcher) => matcher.find(text, start),
        }
    }

    /// Does it match anywhere?
    pub fn is_match(&self, text: &[u8]) -> bool {
        match &self.engine {
            Engine::Crate(regex) => regex.is_match(text),
            Engine::Ours(matcher) => matcher.find(text, 0).is_some(),
        }
    }
}

/// Writes a pattern in the crate's syntax.
fn translate(ast: &Ast, syntax: Syntax, out: &mut String) {
    match ast {
        Ast::Empty => {}
        Ast::Char(c) => escape(*c, syntax, out),
        Ast::Any => out.push_str("(?s:.)"),
        Ast::Set { negated, ranges } => {
            out.push_str(if *negated { "[^" } else { "[" });
            for (from, to) in ranges {
                escape(*from, syntax, out);
                if to > from {
                    out.push('-');
                    escape(*to, syntax, out);
                }
            }
            out.push(']');
        }
        Ast::Start => out.push_str(if syntax.multi_line { "(?m:^)" } else { r"\A" }),
        Ast::End => out.push_str(if syntax.multi_line { "(?m:$)" } else { r"\z" }),
        Ast::BufferStart => out.push_str(r"\A"),
        Ast::BufferEnd => out.push_str(r"\z"),
        Ast::Border => out.push_str(r"(?-u:\b)"),
        Ast::NoBorder => out.push_str(r"(?-u:\B)"),
        Ast::WordStart => out.push_str(r"(?-u:\b{start})"),
        Ast::WordEnd => out.push_str(r"(?-u:\b{end})"),
        // Only the backtracking matcher gets these.
        Ast::Reference(_) => {}
        Ast::Group(inner, _) => {
            out.push('(');
            translate(inner, syntax, out);
            out.push(')');
        }
        Ast::Sequence(parts) => parts.iter().for_each(|part| translate(part, syntax, out)),
        Ast::Either(branches) => {
            out.push_str("(?:");
            for (i, branch) in branches.iter().enumerate() {
                if i > 0 {
                    out.push('|');
                }
                translate(branch, syntax, out);
            }
            out.push(')');
        }
        Ast::Repeat(inner, least, most) => {
            out.push_str("(?:");
            translate(inner, syntax, out);
            out.push(')');
            match (least, most) {
                (0, None) => out.push('*'),
                (1, None) => out.push('+'),
                (0, Some(1)) => out.push('?'),
                (least, None) => out.push_str(&format!("{{{least},}}")),
                (least, Some(most)) => out.push_str(&format!("{{{least},{most}}}")),
            }
        }
    }
}

fn escape(c: u32, syntax: Syntax, out: &mut String) {
    match char::from_u32(c) {
        Some(plain) if plain.is_ascii_alphanumeric() || plain == ' ' => out.push(plain),
        _ if syntax.utf8 => out.push_str(&format!(r"\x{{{c:X}}}")),
        _ => out.push_str(&format!(r"\x{c:02X}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, extended: bool, text: &str, expected: Option<&str>) {
        let syntax = Syntax { extended, ..Syntax::default() };
        let found = Pattern::new(pattern.as_bytes(), syntax)
            .map(|p| p.find(text.as_bytes(), 0).map(|(a, b)| text[a..b].to_owned()));
        assert_eq!(found, Ok(expected.map(str::to_owned)), "{pattern} in {text}");
    }

    #[test]
    fn basic() {
        check(r"a\{2,3\}", false, "caaaat", Some("aaa"));
        check(r"*a", false, "x*a", Some("*a"));
        check(r"\(ab\)\1", false, "xababab", Some("abab"));
        check(r"a+b", false, "aab a+b", Some("a+b"));
        check(r"a\+b", false, "aab", Some("aab"));
        check(r"a\|bc", false, "xbc", Some("bc"));
        check(r"[]x]*", false, "]]x[", Some("]]x"));
        check(r"[^[:alpha:]]", false, "abc1", Some("1"));
        check(r"^a^$", false, "a^", Some("a^"));
        check(r"a^b$c", false, "a^b$c", Some("a^b$c"));
        check(r"\(^a\)", false, "a", Some("a"));
        check(r"\<foo\>", false, "a foo b", Some("foo"));
        check(r"[a\]b]", false, "ab]", Some("ab]"));
        check(r"\.", false, "a.b", Some("."));
    }

    #[test]
    fn extended() {
        check(r"a|ab", true, "xab", Some("ab"));
        check(r"a{2}", true, "aaa", Some("aa"));
        check(r"a{", true, "a{", Some("a{"));
        check(r"(.)\1", true, "abccd", Some("cc"));
        check(r"^(([0-9]+)\.)+$", true, "10.2.", Some("10.2."));
        check(r"()", true, "x", Some(""));
        check(r"[.]x?", true, "a.x", Some(".x"));
    }

    #[test]
    fn faults() {
        let fault =
            |text: &str, extended| Pattern::new(text.as_bytes(), Syntax { extended, ..Syntax::default() }).err();
        assert_eq!(fault(r"\(a", false), Some(Invalid::Parenthesis));
        assert_eq!(fault("(a", true), Some(Invalid::Parenthesis));
        assert_eq!(fault("[a", false), Some(Invalid::Bracket));
        assert_eq!(fault(r"a\{1", false), Some(Invalid::Brace));
        assert_eq!(fault(r"\1", false), Some(Invalid::Reference));
        assert_eq!(fault("a\\", false), Some(Invalid::Backslash));
        assert_eq!(fault("[b-a]", false), Some(Invalid::Range));
    }
}
