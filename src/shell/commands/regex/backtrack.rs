//! A backtracking matcher, for patterns with back-references only: it tries every way, within a budget of steps.

use super::parse::Ast;
use super::{Groups, Syntax};
use std::cell::Cell;

/// Steps after which a search gives up without a match.
const MAX_STEPS: u64 = 2_000_000;

pub(super) struct Backtracker {
    ast: Ast,
    groups: usize,
    syntax: Syntax,
}

type Next<'n> = &'n mut dyn FnMut(usize, &mut Groups) -> bool;

impl Backtracker {
    pub(super) fn new(ast: Ast, groups: usize, syntax: Syntax) -> Self {
        Self { ast, groups, syntax }
    }

    /// The leftmost match at or after `start`.
    pub(super) fn find(&self, text: &[u8], start: usize) -> Option<Groups> {
        let search = Search { text, syntax: self.syntax, steps: Cell::new(0) };
        (start..=text.len()).find_map(|from| {
            let mut groups: Groups = vec![None; self.groups + 1];
            let mut end = None;
            let found = search.matches(&self.ast, from, &mut groups, 0, &mut |at, _| {
                end = Some(at);
                true
            });
            if !found {
                return None;
            }
            groups[0] = Some((from, end?));
            Some(groups)
        })
    }
}

struct Search<'t> {
    text: &'t [u8],
    syntax: Syntax,
    steps: Cell<u64>,
}

impl Search<'_> {
    fn character(&self, at: usize) -> Option<(u32, usize)> {
        let first = *self.text.get(at)?;
        if !self.syntax.utf8 || first < 0x80 {
            return Some((first.into(), 1));
        }
        let rest = &self.text[at..self.text.len().min(at + 4)];
        let valid = match std::str::from_utf8(rest) {
            Ok(text) => text,
            Err(fault) => std::str::from_utf8(&rest[..fault.valid_up_to()]).unwrap_or(""),
        };
        Some(valid.chars().next().map_or((first.into(), 1), |c| (c.into(), c.len_utf8())))
    }

    fn is_word(&self, at: Option<usize>) -> bool {
        at.and_then(|at| self.text.get(at)).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    }

    fn same(&self, a: u32, b: u32) -> bool {
        let lower = |c: u32| char::from_u32(c).map_or(c, |c| c.to_ascii_lowercase().into());
        a == b || self.syntax.ignore_case && lower(a) == lower(b)
    }

    fn in_set(&self, c: u32, ranges: &[(u32, u32)]) -> bool {
        let inside = |c: u32| ranges.iter().any(|(from, to)| (*from..=*to).contains(&c));
        let ascii = char::from_u32(c).filter(|_| self.syntax.ignore_case);
        inside(c)
            || ascii.is_some_and(|c| inside(c.to_ascii_lowercase().into()) || inside(c.to_ascii_uppercase().into()))
    }

    /// Matches `ast` at `at` and goes on with `next`; puts the groups back if that fails.
    fn matches(&self, ast: &Ast, at: usize, groups: &mut Groups, depth: usize, next: Next<'_>) -> bool {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MAX_STEPS || depth > 2000 {
            return false;
        }
        let (before, after) = (at.checked_sub(1), Some(at));
        let holds = match ast {
            Ast::Empty => true,
            Ast::Char(c) => {
                return match self.character(at) {
                    Some((found, len)) if self.same(found, *c) => next(at + len, groups),
                    _ => false,
                };
            }
            Ast::Any => return self.character(at).is_some_and(|(_, len)| next(at + len, groups)),
            Ast::Set { negated, ranges } => {
                return match self.character(at) {
                    Some((found, len)) if self.in_set(found, ranges) != *negated => next(at + len, groups),
                    _ => false,
                };
            }
            Ast::Start => at == 0 || self.syntax.multi_line && self.text[at - 1] == b'\n',
            Ast::End => at == self.text.len() || self.syntax.multi_line && self.text[at] == b'\n',
            Ast::BufferStart => at == 0,
            Ast::BufferEnd => at == self.text.len(),
            Ast::Border => self.is_word(before) != self.is_word(after),
            Ast::NoBorder => self.is_word(before) == self.is_word(after),
            Ast::WordStart => !self.is_word(before) && self.is_word(after),
            Ast::WordEnd => self.is_word(before) && !self.is_word(after),
            Ast::Reference(number) => {
                let Some((from, to)) = groups.get(*number).copied().flatten() else { return false };
                let wanted = &self.text[from..to];
                let Some(found) = self.text.get(at..at + wanted.len()) else { return false };
                let same = found == wanted || self.syntax.ignore_case && found.eq_ignore_ascii_case(wanted);
                return same && next(at + wanted.len(), groups);
            }
            Ast::Group(inner, number) => {
                let old = groups[*number];
                let number = *number;
                let found = self.matches(inner, at, groups, depth + 1, &mut |end, groups| {
                    let inner = groups[number];
                    groups[number] = Some((at, end));
                    next(end, groups) || {
                        groups[number] = inner;
                        false
                    }
                });
                if !found {
                    groups[number] = old;
                }
                return found;
            }
            Ast::Sequence(parts) => return self.sequence(parts, at, groups, depth + 1, next),
            Ast::Either(branches) => {
                return branches.iter().any(|branch| self.matches(branch, at, groups, depth + 1, next));
            }
            Ast::Repeat(inner, least, most) => {
                return self.repeat(inner, (*least, *most), at, groups, depth + 1, next);
            }
        };
        holds && next(at, groups)
    }

    fn sequence(&self, parts: &[Ast], at: usize, groups: &mut Groups, depth: usize, next: Next<'_>) -> bool {
        match parts {
            [] => next(at, groups),
            [first, rest @ ..] => {
                self.matches(first, at, groups, depth, &mut |at, groups| self.sequence(rest, at, groups, depth, next))
            }
        }
    }

    /// As often as it goes, then less.
    fn repeat(
        &self,
        inner: &Ast,
        (least, most): (u32, Option<u32>),
        at: usize,
        groups: &mut Groups,
        depth: usize,
        next: Next<'_>,
    ) -> bool {
        // One character at a time needs no recursion.
        if matches!(inner, Ast::Char(_) | Ast::Any | Ast::Set { .. }) {
            let mut ends = vec![at];
            while most.is_none_or(|most| ends.len() <= most as usize) {
                let mut end = None;
                let from = ends[ends.len() - 1];
                self.matches(inner, from, groups, depth, &mut |at, _| {
                    end = Some(at);
                    true
                });
                let Some(end) = end else { break };
                ends.push(end);
            }
            return ends.iter().skip(least as usize).rev().any(|end| next(*end, groups));
        }
        if most != Some(0) {
            let fewer = (least.saturating_sub(1), most.map(|most| most - 1));
            let found = self.matches(inner, at, groups, depth, &mut |end, groups| {
                end > at && self.repeat(inner, fewer, end, groups, depth + 1, next)
            });
            if found {
                return true;
            }
        }
        least == 0 && next(at, groups) || least > 0 && self.empty_repeat(inner, at, groups, depth, next)
    }

    /// An inner part that matches without taking anything may count as often as is asked.
    fn empty_repeat(&self, inner: &Ast, at: usize, groups: &mut Groups, depth: usize, next: Next<'_>) -> bool {
        self.matches(inner, at, groups, depth, &mut |end, groups| end == at && next(at, groups))
    }
}
