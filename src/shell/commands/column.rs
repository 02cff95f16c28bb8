//! `column` (util-linux): a table of the fields of lines. It lacks all but `-t` with `-s` and `-o`: without `-t` the width of a terminal
//! would decide.

use super::input::{Words, chomp, lines};
use super::{Command, Context, Exit, Options, Run};

pub(super) const COMMAND: Command = Command {
    name: "column",
    run: Run::Plain(run),
    options: &Options {
        short: "ts:o:",
        long: &[("table", 't'), ("separator", 's'), ("output-separator", 'o')],
        hidden: "",
        in_order: false,
    },
};

const WORDS: Words = Words { missing: ["%", "%"], directory: [None, Some("read failed: Is a directory")] };

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if !parsed.has('t') {
        return cx.not_simulated("columns without option -t");
    }
    let (bytes, fine) = match cx.all_bytes(&parsed.operands, &WORDS) {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let rows: Vec<Vec<&str>> = lines(text.as_bytes())
        .map(|line| std::str::from_utf8(chomp(line)).unwrap_or(""))
        .filter(|line| !line.trim().is_empty())
        .map(|line| match parsed.value('s') {
            Some(set) => line.split(|c| set.contains(c)).collect(),
            None => line.split([' ', '\t']).filter(|field| !field.is_empty()).collect(),
        })
        .collect();
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count)
        .map(|i| rows.iter().filter_map(|row| row.get(i)).map(|field| field.chars().count()).max().unwrap_or(0))
        .collect();
    let between = parsed.value('o').unwrap_or("  ");
    let mut out = String::new();
    for row in rows {
        for (i, width) in widths.iter().enumerate() {
            let field = row.get(i).copied().unwrap_or("");
            out.push_str(field);
            if i + 1 < count {
                out.push_str(&" ".repeat(width - field.chars().count()));
                out.push_str(between);
            }
        }
        out.push('\n');
    }
    cx.out(out);
    u8::from(!fine)
}
