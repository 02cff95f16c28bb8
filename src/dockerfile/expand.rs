//! BuildKit's word expansion: quotes, escapes and variables of one word or line.
//!
//! It looks like a shell's and is not one: there is no command substitution and no arithmetic, double quotes keep
//! backslashes before most characters, patterns know only `*` and `?`. Source: BuildKit's Dockerfile frontend as of
//! Docker 28, `tests/cases/expand`. A budget bounds nesting and the length of a result.

mod env;
mod lexer;
mod pattern;

pub use env::{EnvList, NoVariables, Variables};

use crate::diagnostic::ExpansionError;
use std::collections::BTreeSet;

/// Nested substitutions that are followed.
pub const NESTING_LIMIT: usize = 128;
/// Bytes of a result.
pub const RESULT_LIMIT: usize = 1 << 20;

/// How words are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lexer {
    /// `\`, or a backtick by directive.
    pub escape: char,
    /// Quotes stay in the result.
    pub raw_quotes: bool,
    /// Escape characters stay in the result.
    pub raw_escapes: bool,
    /// Quotes are ordinary characters (the content of here-documents).
    pub ignore_quotes: bool,
    /// A variable that is not set stays as it is written.
    pub skip_unset: bool,
}

/// What a word expands to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expansion {
    /// One string, blanks and all.
    pub text: String,
    /// Split at white space outside of quotes, after substitution.
    pub words: Vec<String>,
    /// Names that were found.
    pub matched: BTreeSet<String>,
    /// Names that were asked for and not found, in `${name:-default}` too.
    pub unmatched: BTreeSet<String>,
}

impl Lexer {
    /// A lexer for the words of instructions.
    pub fn new(escape: char) -> Self {
        Self { escape, raw_quotes: false, raw_escapes: false, ignore_quotes: false, skip_unset: false }
    }

    /// A lexer for the content of here-documents of COPY and ADD: variables and escapes count, quotes do not. The
    /// escape character is always the backslash.
    pub fn for_content() -> Self {
        Self { ignore_quotes: true, ..Self::new('\\') }
    }

    /// The names that are asked for and not found, up to where a word does not expand.
    pub fn unmatched(self, word: &str, variables: &dyn Variables) -> BTreeSet<String> {
        lexer::unmatched(self, word, variables)
    }

    /// Expands a word or a whole line.
    pub fn process(self, word: &str, variables: &dyn Variables) -> Result<Expansion, ExpansionError> {
        lexer::process(self, word, variables)
    }
}
