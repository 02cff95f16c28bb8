//! From an offset in a RUN's script back to a line of the Dockerfile: the script is one line, joined from several.

use crate::dockerfile::instruction::Program;
use crate::dockerfile::{Instruction, InstructionKind};

/// Where the lines of a script come from: for each stretch of the script the offset at which it starts, and its line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ScriptLines {
    starts: Vec<(usize, usize)>,
    first: usize,
}

impl ScriptLines {
    /// The lines of an instruction of `text`; of a trigger all are `trigger_line`.
    pub fn new(text: &str, instruction: &Instruction, trigger_line: Option<usize>) -> Self {
        let first = trigger_line.unwrap_or(instruction.first_line);
        let mut out = Self { starts: Vec::new(), first };
        let InstructionKind::Run(run) = &instruction.kind else { return out };
        if trigger_line.is_some() {
            return out;
        }
        let Program::Script(script) = run.program(&instruction.heredocs) else { return out };
        // Counted from the instruction's own start: from the text's, a long file would take the square of its length.
        let heredoc_line = |index: usize| {
            let start = instruction.heredocs.get(index).map(|heredoc| heredoc.span.start);
            let before = start.and_then(|start| text.get(instruction.span.start..start)).unwrap_or("");
            first + before.matches('\n').count()
        };
        if run.heredoc_summary(&instruction.heredocs).is_some() {
            out.push_lines(&script, 0, heredoc_line(0));
            return out;
        }
        // The command is the end of the joined line: what comes before it (keyword, flags) has negative offsets.
        let command = match &run.command {
            crate::dockerfile::ast::CommandLine::Shell(word) => word.text.as_str(),
            crate::dockerfile::ast::CommandLine::Exec(_) => return out,
        };
        let before = instruction.code.len().saturating_sub(command.len());
        let mut offset = 0;
        let own_end = instruction.heredocs.first().map_or(instruction.last_line, |_| heredoc_line(0).saturating_sub(1));
        let source = instruction.span.of(text).lines().take(own_end + 1 - instruction.first_line);
        for (i, line) in source.enumerate() {
            let trimmed = line.trim_end();
            if i > 0 && (trimmed.trim_start().starts_with('#') || trimmed.is_empty()) {
                continue;
            }
            let piece = trimmed.strip_suffix(['\\', '`']).unwrap_or(line);
            let piece = if i == 0 { piece.trim_start() } else { piece };
            out.starts.push((offset.max(before) - before, instruction.first_line + i));
            offset += piece.len();
        }
        let mut at = command.len();
        for (i, heredoc) in instruction.heredocs.iter().enumerate() {
            out.push_lines(&heredoc.content, at + 1, heredoc_line(i));
            at += 1 + heredoc.content.len() + heredoc.name.len();
        }
        out
    }

    fn push_lines(&mut self, content: &str, offset: usize, line: usize) {
        let mut at = offset;
        for (i, text) in content.split_inclusive('\n').enumerate() {
            self.starts.push((at, line + i));
            at += text.len();
        }
    }

    /// The line, from 1, of an offset.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.iter().rev().find(|(start, _)| *start <= offset).map_or(self.first, |(_, line)| *line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line of each place where `needle` stands in the script.
    fn lines_of(text: &str, needle: &str) -> Vec<usize> {
        let file = crate::dockerfile::parse(text);
        let instruction = file.instructions.iter().find(|instruction| instruction.name == "RUN").unwrap();
        let InstructionKind::Run(run) = &instruction.kind else { panic!("no RUN") };
        let Program::Script(script) = run.program(&instruction.heredocs) else { panic!("no script") };
        let lines = ScriptLines::new(text, instruction, None);
        script.match_indices(needle).map(|(at, _)| lines.line(at)).collect()
    }

    #[test]
    fn a_joined_command_keeps_the_lines_it_was_written_on() {
        let text =
            "FROM busybox\n# a\nRUN --network=none foo one \\\n  # why\n  && foo two \\\n\n && bar && foo three\n";
        assert_eq!(lines_of(text, "foo"), [3, 5, 7]);
    }

    #[test]
    fn lines_of_here_documents_are_their_own() {
        assert_eq!(lines_of("FROM busybox\nRUN <<E\nfoo\nbar; foo\nE\n", "foo"), [3, 4]);
        assert_eq!(lines_of("FROM busybox\nRUN foo && \\\n sh <<E && foo\nfoo\n\nfoo\nE\n", "foo"), [2, 3, 4, 6]);
    }

    #[test]
    fn a_trigger_stands_where_its_from_does() {
        let text = "FROM busybox\nRUN foo\n";
        let file = crate::dockerfile::parse(text);
        assert_eq!(ScriptLines::new(text, &file.instructions[1], Some(7)).line(2), 7);
    }
}
