//! Finding the here-documents that a line announces.
//!
//! BuildKit looks for them with its own word lexer, not with a shell's grammar: `$((1 << 4))` announces one that ends
//! with `4))` (`tests/cases/docker/parse-shift-looks-like-heredoc`), `cat<<EOF` none, and a line whose quotes do not
//! match none either.

use super::ast::Heredoc;
use super::expand::{Lexer, NoVariables};
use crate::span::Span;

/// The here-documents of a line, without content yet, in order. An error is a word after `<<` that does not lex.
pub(super) fn announced(line: &str) -> Result<Vec<Heredoc>, String> {
    let lexer = Lexer { raw_quotes: true, raw_escapes: true, skip_unset: true, ..Lexer::new('\\') };
    let words = lexer.process(line, &NoVariables).map(|result| result.words).unwrap_or_default();
    words.iter().filter_map(|word| heredoc_word(word).transpose()).collect()
}

/// The here-document that one word announces: `<<EOF`, `<<-'EOF'`, `3<<EOF`.
pub(super) fn heredoc_word(word: &str) -> Result<Option<Heredoc>, String> {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let descriptor = word[..word.len() - rest.len()].parse().unwrap_or(0);
    let Some(rest) = rest.strip_prefix("<<") else { return Ok(None) };
    let (strip_tabs, rest) = match rest.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let rest = rest.trim_start_matches(['\t', '\n', '\u{c}', '\r', ' ']);
    if rest.is_empty() || rest.contains('<') {
        return Ok(None);
    }
    let lexer = Lexer { skip_unset: true, ..Lexer::new('\\') };
    let raw = Lexer { raw_quotes: true, ..lexer };
    let lex = |lexer: Lexer| lexer.process(rest, &NoVariables).map_err(|error| error.to_string());
    let (words, raw_words) = (lex(lexer)?.words, lex(raw)?.words);
    let ([name], [raw_name]) = (words.as_slice(), raw_words.as_slice()) else { return Ok(None) };
    let quotes = |text: &str| text.chars().filter(|c| matches!(c, '\'' | '"')).count();
    Ok(Some(Heredoc {
        name: name.clone(),
        expand: quotes(name) == quotes(raw_name),
        strip_tabs,
        descriptor,
        content: String::new(),
        span: Span::default(),
    }))
}
