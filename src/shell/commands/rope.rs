//! Counting and cutting lines of content without writing generated content out, for `head`, `tail` and `wc`.

use crate::vfs::{Content, Segment};

/// How many line feeds there are; none if some bytes are not held.
pub(super) fn count_lines(content: &Content) -> Option<u64> {
    content.segments().iter().map(count).sum()
}

fn count(segment: &Segment) -> Option<u64> {
    Some(match segment {
        Segment::Bytes(bytes) => feeds(bytes),
        Segment::Zeros(_) => 0,
        Segment::Repeat { pattern, len } => {
            let turn = pattern.len() as u64;
            len / turn * feeds(pattern) + feeds(&pattern[..(len % turn) as usize])
        }
        Segment::Stored(_) | Segment::Listed { .. } | Segment::Unknown(_) => return None,
    })
}

fn feeds(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// Where the first `count` lines end, in bytes: the end of the content if it has fewer. None if bytes that are not held
/// would have to be read for it.
pub(super) fn end_of_lines(content: &Content, count: u64) -> Option<u64> {
    let (mut at, mut left) = (0, count);
    if left == 0 {
        return Some(0);
    }
    for segment in content.segments() {
        match segment {
            Segment::Bytes(bytes) => match nth_feed(bytes, &mut left) {
                Some(end) => return Some(at + end),
                None => at += bytes.len() as u64,
            },
            Segment::Zeros(len) => at += len,
            Segment::Repeat { pattern, len } => {
                let (turn, each) = (pattern.len() as u64, feeds(pattern));
                // Whole turns that end before the line that is looked for.
                let whole = (left - 1).checked_div(each).unwrap_or(u64::MAX).min(len / turn);
                left -= whole * each;
                let mut done = whole * turn;
                while done < *len {
                    let piece = &pattern[..turn.min(len - done) as usize];
                    if let Some(end) = nth_feed(piece, &mut left) {
                        return Some(at + done + end);
                    }
                    done += piece.len() as u64;
                }
                at += len;
            }
            Segment::Stored(_) | Segment::Listed { .. } | Segment::Unknown(_) => return None,
        }
    }
    Some(at)
}

/// The end of the line with the `left`th line feed; counts down what it passes.
fn nth_feed(bytes: &[u8], left: &mut u64) -> Option<u64> {
    for (i, byte) in bytes.iter().enumerate() {
        if *byte == b'\n' {
            *left -= 1;
            if *left == 0 {
                return Some(i as u64 + 1);
            }
        }
    }
    None
}

/// How many lines there are, an unfinished last one included.
pub(super) fn count_started_lines(content: &Content) -> Option<u64> {
    let feeds = count_lines(content)?;
    let last = content.slice(content.len().saturating_sub(1), content.len());
    let unfinished = !last.is_empty() && last.to_bytes().is_ok_and(|bytes| bytes.as_slice() != b"\n");
    Some(feeds + u64::from(unfinished))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_lines_are_counted_without_being_written() {
        let yes = Content::repeat(b"ab\nc\n", 5 * (1 << 30) + 3);
        assert_eq!(count_lines(&yes), Some(2 * (1 << 30) + 1));
        assert_eq!(end_of_lines(&yes, 3), Some(8));
        assert_eq!(end_of_lines(&yes, 2 * (1 << 30)), Some(5 * (1 << 30)));
        let mut mixed = Content::from("x\ny");
        mixed.append(&Content::zeros(1 << 30));
        mixed.push_bytes(b"\nz");
        assert_eq!((count_lines(&mixed), count_started_lines(&mixed)), (Some(2), Some(3)));
        assert_eq!(end_of_lines(&mixed, 2), Some(3 + (1 << 30) + 1));
        assert_eq!(end_of_lines(&mixed, 9), Some(mixed.len()));
    }
}
