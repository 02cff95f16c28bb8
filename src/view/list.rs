//! Long lists: what is asked of one, and the window of it that the page has. No list crosses the worker's border whole.

use crate::view::changes::Mark;
use serde::{Deserialize, Serialize};

/// What is listed, and in which order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Query {
    /// Only paths that contain this, in any case; empty for all.
    pub text: String,
    /// Only what this happened to at the selected step.
    pub mark: Option<Mark>,
    /// Only files of at least so many bytes.
    pub least: u64,
    /// The order.
    pub order: Order,
}

impl Query {
    /// Does it leave anything out?
    pub fn filters(&self) -> bool {
        !self.text.is_empty() || self.mark.is_some() || self.least > 0
    }

    /// Does a path contain the text? `lower` is the text in lower case.
    pub fn text_fits(path: &str, lower: &str) -> bool {
        lower.is_empty() || path.to_lowercase().contains(lower)
    }

    /// The sizes that the page offers for [`Query::least`], in bytes.
    pub const SIZES: [u64; 5] = [0, 1_000, 100_000, 1_000_000, 10_000_000];
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Order {
    /// By name, as a tree.
    #[default]
    Name,
    /// Largest first; in a tree, within each directory.
    Size,
}

/// Which rows the page wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The first, from 0.
    pub start: u32,
    /// How many; at most [`MAX_ROWS`].
    pub count: u32,
}

/// The most rows of one window.
pub const MAX_ROWS: u32 = 400;

impl Default for Window {
    fn default() -> Self {
        Self { start: 0, count: 80 }
    }
}

impl Window {
    /// The rows of it that a list of this length has; the last ones where it begins behind the end.
    pub fn of(self, total: usize) -> std::ops::Range<usize> {
        let count = self.count.min(MAX_ROWS) as usize;
        let start = (self.start as usize).min(total.saturating_sub(count));
        start..(start + count).min(total)
    }

    /// With the row at an index in it: as it is if it has it, else around the row.
    pub fn around(self, index: Option<usize>, total: usize) -> Self {
        match index {
            Some(index) if !self.of(total).contains(&index) => {
                Self { start: (index as u32).saturating_sub(self.count / 2), ..self }
            }
            _ => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_stays_inside_its_list() {
        let of = |start, count, total| Window { start, count }.of(total);
        assert_eq!(of(0, 80, 10), 0..10);
        assert_eq!(of(50, 20, 100), 50..70);
        assert_eq!(of(95, 20, 100), 80..100);
        assert_eq!(of(7, 20, 0), 0..0);
        assert_eq!(of(0, u32::MAX, 50_000).len(), MAX_ROWS as usize);
        assert_eq!(Window { start: 0, count: 80 }.around(Some(1000), 5000).of(5000), 960..1040);
        assert_eq!(Window { start: 990, count: 80 }.around(Some(1000), 5000).start, 990);
    }
}
