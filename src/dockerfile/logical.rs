//! One instruction's text as a single line, with a map back to where its characters stand.
//!
//! BuildKit joins continuation lines before it looks at anything; spans must still point into the text as typed.

use super::ast::Word;
use crate::span::Span;
use std::ops::Range;

/// A joined line and its map.
#[derive(Debug, Clone, Default)]
pub(super) struct LogicalLine {
    /// The joined text.
    pub text: String,
    /// Pieces in order: where each starts in `text`, and in the source.
    pieces: Vec<(usize, usize)>,
}

impl LogicalLine {
    /// Appends a piece that stands at `source`.
    pub fn push(&mut self, piece: &str, source: usize) {
        self.pieces.push((self.text.len(), source));
        self.text.push_str(piece);
    }

    /// Where an offset stands in the source. `end` chooses the earlier piece at a seam.
    fn source(&self, offset: usize, end: bool) -> usize {
        let after = self.pieces.partition_point(|&(start, _)| if end { start < offset } else { start <= offset });
        match self.pieces.get(after.saturating_sub(1)) {
            Some(&(start, source)) => source + offset.saturating_sub(start),
            None => 0,
        }
    }

    /// The source span of a range of the joined text.
    pub fn span(&self, range: Range<usize>) -> Span {
        let start = self.source(range.start, false);
        if range.is_empty() { Span::new(start, start) } else { Span::new(start, self.source(range.end, true)) }
    }

    /// The word at a range of the joined text.
    pub fn word(&self, range: Range<usize>) -> Word {
        Word { text: self.text[range.clone()].to_owned(), span: self.span(range) }
    }

    /// The range without blanks (Unicode white space) at both ends.
    pub fn trim(&self, range: Range<usize>) -> Range<usize> {
        let text = &self.text[range.clone()];
        let start = range.start + (text.len() - text.trim_start().len());
        start..start + text.trim().len()
    }
}
