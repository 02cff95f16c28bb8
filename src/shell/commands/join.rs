//! `join` (GNU): join the lines of two sorted files that have the same field. It lacks `--header`, `--check-order`, `-z`.

use super::input::{Failure, Words, chomp, lines};
use super::{Command, Context, Exit, Options, Parsed, Run};

pub(super) const COMMAND: Command =
    Command { name: "join", run: Run::Plain(run), options: &Options::short("t:1:2:j:a:v:e:o:i") };

const WORDS: Words = Words { missing: ["%", "%"], directory: [None, Some("read error: Is a directory")] };

struct Side {
    /// The fields of each line.
    rows: Vec<Vec<Vec<u8>>>,
    /// The field that is compared, from 0.
    key: usize,
}

impl Side {
    fn key_of(&self, row: usize, fold: bool) -> Vec<u8> {
        let key = self.rows[row].get(self.key).cloned().unwrap_or_default();
        if fold { key.to_ascii_lowercase() } else { key }
    }
}

/// A field of the output: the join field, or one of a side.
enum Column {
    Key,
    Field(usize, usize),
}

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let [first, second] = parsed.operands.as_slice() else {
        let message = match parsed.operands.as_slice() {
            [] => "missing operand".to_owned(),
            [one] => format!("missing operand after '{one}'"),
            [_, _, extra, ..] => format!("extra operand '{extra}'"),
            [_, _] => String::new(),
        };
        return cx.misused(message);
    };
    let separator = parsed.value('t').and_then(|text| text.bytes().next());
    let mut sides = Vec::new();
    for (name, letter) in [(first, '1'), (second, '2')] {
        let field = parsed.value('j').or(parsed.value(letter)).unwrap_or("1").to_owned();
        let Some(key) = field.parse::<usize>().ok().and_then(|field| field.checked_sub(1)) else {
            cx.complain(format_args!("invalid field number: '{field}'"));
            return 1;
        };
        match cx.operand_bytes(name, &WORDS) {
            Ok(bytes) => {
                sides.push(Side { rows: lines(&bytes).map(|line| fields(chomp(line), separator)).collect(), key })
            }
            Err(Failure::Told) => return 1,
            Err(Failure::NotSimulated) => return 0,
        }
    }
    let columns = match parsed.value('o').map(columns) {
        None => None,
        Some(Some(columns)) => Some(columns),
        Some(None) => return cx.not_simulated("this value of option -o"),
    };
    let out = joined(&sides, &parsed, separator.unwrap_or(b' '), columns.as_deref());
    cx.out(out);
    0
}

fn fields(line: &[u8], separator: Option<u8>) -> Vec<Vec<u8>> {
    match separator {
        Some(separator) => line.split(|byte| *byte == separator).map(<[u8]>::to_vec).collect(),
        None => line.split(|byte| matches!(byte, b' ' | b'\t')).filter(|f| !f.is_empty()).map(<[u8]>::to_vec).collect(),
    }
}

fn columns(text: &str) -> Option<Vec<Column>> {
    text.split([',', ' '])
        .map(|part| match part.split_once('.') {
            None if part == "0" => Some(Column::Key),
            Some((side @ ("1" | "2"), field)) => {
                Some(Column::Field(usize::from(side == "2"), field.parse::<usize>().ok()?.checked_sub(1)?))
            }
            _ => None,
        })
        .collect()
}

fn joined(sides: &[Side], parsed: &Parsed, separator: u8, columns: Option<&[Column]>) -> Vec<u8> {
    let [a, b] = sides else { return Vec::new() };
    let fold = parsed.has('i');
    let alone = |side: &str| parsed.given.iter().any(|(l, value)| (*l == 'a' || *l == 'v') && value == side);
    let paired = !parsed.has('v');
    let empty = parsed.value('e').unwrap_or("").as_bytes().to_vec();
    let mut out = Vec::new();
    let mut emit = |rows: [Option<usize>; 2]| {
        let row = |side: usize| rows[side].map(|row| &sides[side].rows[row]);
        let key = || {
            let side = usize::from(rows[0].is_none());
            row(side).and_then(|row| row.get(sides[side].key)).cloned().unwrap_or_default()
        };
        let shown: Vec<Vec<u8>> = match columns {
            Some(columns) => columns
                .iter()
                .map(|column| match column {
                    Column::Key => key(),
                    Column::Field(side, field) => {
                        row(*side).and_then(|row| row.get(*field)).cloned().unwrap_or_else(|| empty.clone())
                    }
                })
                .collect(),
            None => {
                let mut shown = vec![key()];
                for (number, side) in sides.iter().enumerate() {
                    let others = row(number).into_iter().flatten().enumerate().filter(|(i, _)| *i != side.key);
                    shown.extend(others.map(|(_, field)| field.clone()));
                }
                shown
            }
        };
        out.extend_from_slice(&shown.join(&separator));
        out.push(b'\n');
    };
    let (mut i, mut j) = (0, 0);
    while i < a.rows.len() || j < b.rows.len() {
        let order = match (i < a.rows.len(), j < b.rows.len()) {
            (true, true) => a.key_of(i, fold).cmp(&b.key_of(j, fold)),
            (true, false) => std::cmp::Ordering::Less,
            _ => std::cmp::Ordering::Greater,
        };
        match order {
            std::cmp::Ordering::Less => {
                if alone("1") {
                    emit([Some(i), None]);
                }
                i += 1;
            }
            std::cmp::Ordering::Greater => {
                if alone("2") {
                    emit([None, Some(j)]);
                }
                j += 1;
            }
            std::cmp::Ordering::Equal => {
                let key = a.key_of(i, fold);
                let more = |side: &Side, from: usize| {
                    (from..side.rows.len()).take_while(|row| side.key_of(*row, fold) == key).count()
                };
                let (x, y) = (more(a, i), more(b, j));
                for left in (i..i + x).filter(|_| paired) {
                    (j..j + y).for_each(|right| emit([Some(left), Some(right)]));
                }
                (i, j) = (i + x, j + y);
            }
        }
    }
    out
}
