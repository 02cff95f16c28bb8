//! `shuf`: lines, operands or numbers in another order. There is no randomness here: the order is always the same one, and a
//! model.

use super::input::{Words, lines};
use super::{Command, Context, Exit, Options, Run};

pub(super) const COMMAND: Command = Command {
    name: "shuf",
    run: Run::Plain(run),
    options: &Options {
        short: "ei:n:o:z",
        long: &[("echo", 'e'), ("input-range", 'i'), ("head-count", 'n'), ("output", 'o'), ("zero-terminated", 'z')],
        hidden: "",
        in_order: false,
    },
};

/// The most numbers that a range may have.
const MAX_NUMBERS: u64 = 1_000_000;

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.has('o') {
        return cx.not_simulated("option -o");
    }
    let end: &[u8] = if parsed.has('z') { b"\0" } else { b"\n" };
    let mut pieces: Vec<Vec<u8>> = if parsed.has('e') {
        parsed.operands.iter().map(|operand| operand.clone().into_bytes()).collect()
    } else if let Some(range) = parsed.value('i').map(str::to_owned) {
        let ends = range.split_once('-').and_then(|(from, to)| Some((from.parse().ok()?, to.parse::<u64>().ok()?)));
        let Some((from, to)) = ends else {
            cx.complain(format_args!("invalid input range: '{range}'"));
            return 1;
        };
        if to.saturating_sub(from) > MAX_NUMBERS {
            return cx.not_simulated("a range of more than a million numbers");
        }
        (from..=to).map(|number| number.to_string().into_bytes()).collect()
    } else {
        let words = Words::plain(Some("read error: Is a directory"));
        match cx.all_bytes(&parsed.operands, &words) {
            Ok((_, false)) => return 1,
            Ok((bytes, true)) => lines(&bytes).map(|line| super::input::chomp(line).to_vec()).collect(),
            Err(exit) => return exit,
        }
    };
    cx.modelled("the order is not random here");
    // A fixed sequence of pseudo-random numbers (Knuth's MMIX constants), and Fisher and Yates' exchange.
    let mut state = 1_u64;
    for i in (1..pieces.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        pieces.swap(i, (state >> 33) as usize % (i + 1));
    }
    let count = parsed.value('n').and_then(|count| count.parse().ok()).unwrap_or(usize::MAX);
    let out: Vec<u8> = pieces.iter().take(count).flat_map(|piece| piece.iter().chain(end).copied()).collect();
    cx.out(out);
    0
}
