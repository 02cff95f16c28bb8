//! The shortest list of lines to delete and insert (Myers 1986), grouped into hunks.

use crate::shell::commands::input::lines;

/// Lines that changed, with those around them.
pub(super) struct Hunk<'a> {
    /// The first line on each side, from 0.
    pub old_start: usize,
    pub new_start: usize,
    /// ` `, `-` or `+` and the line.
    pub lines: Vec<(char, &'a [u8])>,
}

impl Hunk<'_> {
    pub(super) fn old_count(&self) -> usize {
        self.lines.iter().filter(|(mark, _)| *mark != '+').count()
    }

    pub(super) fn new_count(&self) -> usize {
        self.lines.iter().filter(|(mark, _)| *mark != '-').count()
    }
}

/// Past this many differences what is left counts as replaced as a whole.
const MAX_EDITS: usize = 2_000;

/// One line of the whole comparison: its mark, and its index on the side it is from.
type Edit = (char, usize);

pub(super) fn hunks<'a>(old: &'a [u8], new: &'a [u8], context: usize, key: impl Fn(&[u8]) -> Vec<u8>) -> Vec<Hunk<'a>> {
    let (old, new): (Vec<&[u8]>, Vec<&[u8]>) = (lines(old).collect(), lines(new).collect());
    let old_keys: Vec<Vec<u8>> = old.iter().map(|line| key(line)).collect();
    let new_keys: Vec<Vec<u8>> = new.iter().map(|line| key(line)).collect();
    let edits = edits(&old_keys, &new_keys);
    let changed: Vec<usize> = edits.iter().enumerate().filter(|(_, (mark, _))| *mark != ' ').map(|(i, _)| i).collect();
    let mut out: Vec<Hunk<'a>> = Vec::new();
    let mut at = 0;
    while at < changed.len() {
        let first = changed[at];
        let mut last = first;
        while at < changed.len() && changed[at] <= last + 2 * context + 1 {
            last = changed[at];
            at += 1;
        }
        let from = first.saturating_sub(context);
        let to = (last + context + 1).min(edits.len());
        let count = |marks: &str| edits[..from].iter().filter(|(mark, _)| marks.contains(*mark)).count();
        out.push(Hunk {
            old_start: count(" -"),
            new_start: count(" +"),
            lines: edits[from..to]
                .iter()
                .map(|(mark, index)| (*mark, if *mark == '+' { new[*index] } else { old[*index] }))
                .collect(),
        });
    }
    out
}

/// Deletions come before insertions where both happen.
fn edits(old: &[Vec<u8>], new: &[Vec<u8>]) -> Vec<Edit> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let mut out: Vec<Edit> = (0..head).map(|i| (' ', i)).collect();
    out.extend(
        middle(&old[head..old.len() - tail], &new[head..new.len() - tail]).into_iter().map(|(m, i)| (m, i + head)),
    );
    out.extend((old.len() - tail..old.len()).map(|i| (' ', i)));
    // Within a run of changes, what goes is shown before what comes.
    let mut start = 0;
    while start < out.len() {
        let end = start + out[start..].iter().take_while(|(mark, _)| *mark != ' ').count();
        out[start..end].sort_by_key(|(mark, index)| (*mark == '+', *index));
        start = end + 1;
    }
    out
}

fn middle(old: &[Vec<u8>], new: &[Vec<u8>]) -> Vec<Edit> {
    let (n, m) = (old.len() as isize, new.len() as isize);
    let most = (n + m).min(MAX_EDITS as isize);
    let offset = most + 1;
    let mut furthest = vec![0isize; 2 * offset as usize + 1];
    let mut trace: Vec<Vec<isize>> = Vec::new();
    for edits in 0..=most {
        trace.push(furthest[(offset - edits - 1) as usize..=(offset + edits + 1) as usize].to_vec());
        let mut diagonal = -edits;
        while diagonal <= edits {
            let at = (offset + diagonal) as usize;
            let down = diagonal == -edits || diagonal != edits && furthest[at - 1] < furthest[at + 1];
            let mut x = if down { furthest[at + 1] } else { furthest[at - 1] + 1 };
            let mut y = x - diagonal;
            while x < n && y < m && old[x as usize] == new[y as usize] {
                x += 1;
                y += 1;
            }
            furthest[at] = x;
            if x >= n && y >= m {
                return walk_back(&trace, n, m);
            }
            diagonal += 2;
        }
    }
    (0..old.len()).map(|i| ('-', i)).chain((0..new.len()).map(|i| ('+', i))).collect()
}

fn walk_back(trace: &[Vec<isize>], n: isize, m: isize) -> Vec<Edit> {
    let (mut x, mut y) = (n, m);
    let mut out = Vec::new();
    for (edits, row) in trace.iter().enumerate().rev() {
        let edits = edits as isize;
        let diagonal = x - y;
        // The row holds the diagonals from -edits-1 to edits+1.
        let at = |diagonal: isize| row[(diagonal + edits + 1) as usize];
        let down = diagonal == -edits || diagonal != edits && at(diagonal - 1) < at(diagonal + 1);
        let before = if down { diagonal + 1 } else { diagonal - 1 };
        let (from_x, from_y) = if edits == 0 { (0, 0) } else { (at(before), at(before) - before) };
        while x > from_x && y > from_y {
            x -= 1;
            y -= 1;
            out.push((' ', x as usize));
        }
        if edits > 0 {
            if down {
                y -= 1;
                out.push(('+', y as usize));
            } else {
                x -= 1;
                out.push(('-', x as usize));
            }
        }
    }
    out.reverse();
    out
}
