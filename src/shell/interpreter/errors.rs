//! What the shells say when something goes wrong, and with which status they go on or end.

use super::{Flow, Shell};
use crate::shell::script::{Dialect, Syntax, Trouble};
use crate::shell::{NoteKind, Stop};
use crate::vfs::{Errno, Libc};

/// An expansion or a special builtin failed in a way that ends the shell; the message is out, and the status is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fatal;

impl Shell<'_> {
    /// Prints an error message of the shell, or of a builtin, with the shell's name and the line as each shell has them.
    pub(crate) fn complain(&mut self, builtin: Option<&str>, text: &str) {
        self.complain_at(builtin, self.line, text);
    }

    pub(super) fn complain_at(&mut self, builtin: Option<&str>, line: u32, text: &str) {
        // bash forgets where a function of a `-c` script comes from.
        let lost = self.dialect == Dialect::Bash && self.inline && !self.state.locals.is_empty();
        let name = if lost { "environment" } else { self.name.as_str() };
        let message = match (self.dialect, builtin) {
            (Dialect::Ash, _) => {
                // With `-c`, ash counts from 0; busybox 1.36 (Alpine 3.20) leaves the line out where no builtin speaks.
                let line = if self.inline { line.saturating_sub(1) } else { line };
                let quiet = self.inline && self.system.libc == Libc::Musl;
                match builtin {
                    Some(builtin) => format!("{name}: {builtin}: line {line}: {text}\n"),
                    None if quiet => format!("{name}: {text}\n"),
                    None => format!("{name}: line {line}: {text}\n"),
                }
            }
            (Dialect::Dash, Some(builtin)) => format!("{name}: {line}: {builtin}: {text}\n"),
            (Dialect::Dash, None) => format!("{name}: {line}: {text}\n"),
            (Dialect::Bash, Some(builtin)) => format!("{name}: line {line}: {builtin}: {text}\n"),
            (Dialect::Bash, None) => format!("{name}: line {line}: {text}\n"),
        };
        self.say(2, &message);
    }

    /// Prints a message, sets the status, and ends the shell.
    pub(crate) fn fatal(&mut self, builtin: Option<&str>, text: &str) -> Fatal {
        self.complain(builtin, text);
        self.state.status = if self.dialect == Dialect::Bash { 1 } else { 2 };
        Fatal
    }

    /// Notes something of the shell that is not simulated.
    pub(crate) fn not_simulated(&mut self, what: &str) {
        self.system.note(NoteKind::NotSimulated, format!("sh: {what}"));
    }

    /// Tells of a syntax error and ends the script.
    pub(super) fn syntax_error(&mut self, syntax: &Syntax, source: &str) -> Flow {
        match &syntax.trouble {
            Trouble::Nesting => self.system.halt(Stop::Nesting),
            Trouble::Unmodelled(what) => {
                self.not_simulated(what);
                self.state.status = 0;
            }
            trouble => {
                let text = self.wording(trouble);
                if self.dialect == Dialect::Bash {
                    let origin = if self.inline { "-c: " } else { "" };
                    let name = &self.name;
                    // What is not closed shows in the line after the last.
                    let ends = matches!(trouble, Trouble::End(_) | Trouble::Unclosed);
                    let line = syntax.line + u32::from(ends);
                    let mut message = format!("{name}: {origin}line {line}: {text}\n");
                    if matches!(trouble, Trouble::Unexpected(..)) {
                        message.push_str(&format!("{name}: {origin}line {line}: `{source}'\n"));
                    }
                    self.say(2, &message);
                } else {
                    self.complain_at(None, syntax.line, &text);
                }
                self.state.status = 2;
            }
        }
        Flow::Exit
    }

    fn wording(&self, trouble: &Trouble) -> String {
        let due = |due: &Option<&str>| {
            due.map_or_else(String::new, |due| match self.dialect {
                Dialect::Ash | Dialect::Dash => format!(" (expecting \"{due}\")"),
                Dialect::Bash => String::new(),
            })
        };
        let quoted = |text: &str| if text == "newline" { text.to_owned() } else { format!("\"{text}\"") };
        match (trouble, self.dialect) {
            (Trouble::Unexpected(text, expected), Dialect::Ash) => {
                format!("syntax error: unexpected {}{}", quoted(text), due(expected))
            }
            (Trouble::Unexpected(text, expected), Dialect::Dash) => {
                format!("Syntax error: {} unexpected{}", quoted(text), due(expected))
            }
            (Trouble::Unexpected(text, _), Dialect::Bash) => {
                format!("syntax error near unexpected token `{text}'")
            }
            (Trouble::End(expected), Dialect::Ash) => format!("syntax error: unexpected end of file{}", due(expected)),
            (Trouble::End(expected), Dialect::Dash) => {
                format!("Syntax error: end of file unexpected{}", due(expected))
            }
            (Trouble::End(_), Dialect::Bash) => "syntax error: unexpected end of file".to_owned(),
            (Trouble::Unclosed, Dialect::Ash) => "syntax error: unexpected end of file (expecting \")\")".to_owned(),
            (Trouble::Unclosed, Dialect::Dash) => "Syntax error: end of file unexpected (expecting \")\")".to_owned(),
            (Trouble::Unclosed, Dialect::Bash) => "unexpected EOF while looking for matching `)'".to_owned(),
            (Trouble::Quote('`', _), Dialect::Ash) => "syntax error: EOF in backquote substitution".to_owned(),
            (Trouble::Quote('`', _), Dialect::Dash) => "Syntax error: EOF in backquote substitution".to_owned(),
            (Trouble::Quote(..), Dialect::Ash) => "syntax error: unterminated quoted string".to_owned(),
            (Trouble::Quote(..), Dialect::Dash) => "Syntax error: Unterminated quoted string".to_owned(),
            (Trouble::Quote(quote, _), Dialect::Bash) => {
                format!("unexpected EOF while looking for matching `{quote}'")
            }
            (Trouble::Brace, Dialect::Ash) => "syntax error: missing '}'".to_owned(),
            (Trouble::Brace, Dialect::Dash) => "Syntax error: Missing '}'".to_owned(),
            (Trouble::Brace, Dialect::Bash) => "unexpected EOF while looking for matching `}'".to_owned(),
            (Trouble::Substitution(_), Dialect::Bash) => "bad substitution".to_owned(),
            (Trouble::Substitution(_), _) => "syntax error: bad substitution".to_owned(),
            (Trouble::Arithmetic, Dialect::Ash) => "syntax error: missing '))'".to_owned(),
            (Trouble::Arithmetic, Dialect::Dash) => "Syntax error: Missing '))'".to_owned(),
            (Trouble::Arithmetic, Dialect::Bash) => "unexpected EOF while looking for matching `)'".to_owned(),
            (Trouble::Name(name, what), dialect) => match (dialect, *what) {
                (Dialect::Bash, _) => format!("`{name}': not a valid identifier"),
                (Dialect::Ash, "for") => "syntax error: bad for loop variable".to_owned(),
                (Dialect::Dash, "for") => "Syntax error: Bad for loop variable".to_owned(),
                (Dialect::Ash, _) => "syntax error: bad function name".to_owned(),
                (Dialect::Dash, _) => "Syntax error: Bad function name".to_owned(),
            },
            (Trouble::Nesting, _) => "nested too deep".to_owned(),
            (Trouble::Unmodelled(what), _) => format!("{what} is not simulated"),
        }
    }

    /// Why a redirection's file could not be opened.
    pub(super) fn cannot_open(&self, path: &str, errno: Errno, creating: bool) -> String {
        let text = self.system.message(errno);
        match (self.dialect, errno, creating) {
            (Dialect::Bash, ..) => format!("{path}: {text}"),
            (Dialect::Ash, Errno::ENOENT, true) => format!("can't create {path}: nonexistent directory"),
            (Dialect::Ash, Errno::ENOENT, false) => format!("can't open {path}: no such file"),
            (Dialect::Ash, _, true) => format!("can't create {path}: {text}"),
            (Dialect::Ash, _, false) => format!("can't open {path}: {text}"),
            (Dialect::Dash, Errno::ENOENT, true) => format!("cannot create {path}: Directory nonexistent"),
            (Dialect::Dash, Errno::ENOENT, false) => format!("cannot open {path}: No such file"),
            (Dialect::Dash, _, true) => format!("cannot create {path}: {text}"),
            (Dialect::Dash, _, false) => format!("cannot open {path}: {text}"),
        }
    }
}
