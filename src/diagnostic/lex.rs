//! Errors found while the whole text is cut into instructions, before any of them is looked at: one of these hides
//! every other error of the text. Docker prints them without `dockerfile parse error`.

use super::quote;

kinds! {
    /// The text does not fall into instructions. The fields are the values named in the message.
    pub enum LexError {
        /// There is nothing in the file.
        EmptyDockerfile {} = "empty-dockerfile" => "the Dockerfile cannot be empty";
        /// Comments alone.
        NoInstructions {} = "no-instructions" => "file with no instructions";
        /// A here-document without its last line.
        UnterminatedHeredoc { name: String } = "unterminated-heredoc" => "unterminated heredoc";
        /// A word after `<<` that cannot be taken apart.
        BadHeredocWord { message: String } = "bad-heredoc-word" => "{message}";
        /// A parser directive given twice.
        DuplicateDirective { name: String } = "duplicate-directive" => "only one {name} parser directive can be used";
        /// `# escape=` with anything but a backslash or a backtick.
        InvalidEscape { value: String } = "invalid-escape" => "invalid escape token '{value}' does not match ` or \\";
        /// A line of 64 KiB or more.
        LineTooLong {} = "line-too-long" => "dockerfile line greater than max allowed size of 65535";
        /// `ENV NAME` or `LABEL NAME` without a value.
        MissingValue { instruction: String } = "missing-value" => "{instruction} must have two arguments";
        /// A word without `=` among pairs.
        MissingEquals { word: String } = "missing-equals" => "Syntax error - can't find = in {word}. Must be of the form: name=value", word = quote(word);
        /// A JSON array with something that is not a string.
        NotAStringArray {} = "not-a-string-array" => "when using JSON array syntax, arrays must be comprised of strings only";
        /// `# check=` that BuildKit does not understand.
        CheckOptions { message: String } = "check-options" => "failed to parse check options: {message}";
        /// The text is longer than this program takes.
        TooLarge { bytes: usize, limit: usize } = "dockerfile-too-large" => "the Dockerfile has {bytes} bytes; at most {limit} are read here";
    }
}
