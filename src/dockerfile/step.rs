//! How BuildKit prints a step: the text of `#7 [build 2/5] COPY src .`, without the number.

use super::ast::{Instruction, InstructionKind};
use super::expand::{Lexer, Variables};

impl Instruction {
    /// The step's text with variables filled in, keyword in upper case. RUN keeps its quotes and the variables that are
    /// not set; the others lose both. A text that does not expand stays as it is written.
    pub fn step_text(&self, escape: char, variables: &dyn Variables) -> String {
        let mut lexer = Lexer::new(escape);
        let mut text = self.code.clone();
        if let InstructionKind::Run(run) = &self.kind {
            lexer.raw_quotes = true;
            lexer.skip_unset = true;
            if let Some(summary) = run.heredoc_summary(&self.heredocs) {
                text.push_str(&format!(" ({summary})"));
            }
        }
        let text = lexer.process(&text, variables).map_or(text, |expansion| expansion.text);
        match text.split_once(' ') {
            Some((keyword, rest)) => format!("{} {rest}", keyword.to_uppercase()),
            None => text.to_uppercase(),
        }
    }
}
