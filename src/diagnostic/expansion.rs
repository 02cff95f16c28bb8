//! Errors of variable expansion. BuildKit wraps them with the word that it processed.

use super::quote;

kinds! {
    /// A word does not expand. The fields are the values named in the message.
    pub enum ExpansionError {
        /// `'` without its partner.
        UnclosedSingleQuote { word: String } = "unclosed-single-quote" => "failed to process {word}: unexpected end of statement while looking for matching single-quote", word = quote(word);
        /// `"` without its partner.
        UnclosedDoubleQuote { word: String } = "unclosed-double-quote" => "failed to process {word}: unexpected end of statement while looking for matching double-quote", word = quote(word);
        /// `${` without `}`.
        MissingBrace { word: String } = "missing-brace" => "failed to process {word}: syntax error: missing '}}'", word = quote(word);
        /// `${name/pattern` without the second slash.
        MissingSlash { word: String } = "missing-slash" => "failed to process {word}: syntax error: missing '/' in ${{}}", word = quote(word);
        /// `${}`, `${:`, `${{`.
        BadSubstitution { word: String } = "bad-substitution" => "failed to process {word}: syntax error: bad substitution", word = quote(word);
        /// A modifier that BuildKit does not have.
        UnsupportedModifier { word: String, modifier: String } = "unsupported-modifier" => "failed to process {word}: unsupported modifier ({modifier}) in substitution", word = quote(word);
        /// A pattern with an escape that BuildKit does not have.
        InvalidPattern { word: String, pattern: String, reason: String } = "invalid-pattern" => "failed to process {word}: invalid pattern ({pattern}) in substitution: {reason}", word = quote(word);
        /// `${name:?message}` of a name that is unset or empty.
        Required { word: String, name: String, message: String } = "required-variable" => "failed to process {word}: {name}: {message}", word = quote(word);
        /// Substitutions nested deeper than this program follows.
        TooDeep { word: String, limit: usize } = "expansion-too-deep" => "failed to process {word}: more than {limit} nested substitutions", word = quote(word);
        /// A result longer than this program holds.
        TooLong { word: String, limit: usize } = "expansion-too-long" => "failed to process {word}: the result is longer than {limit} bytes", word = quote(word);
    }
}
