//! `seq`: print a sequence of numbers. It lacks GNU's `-f` with anything but one floating conversion.

use super::number::{leading_float, parse_spec};
use super::{Command, Context, Exit, Options, Run};
use crate::vfs::Libc;

pub(super) const COMMAND: Command = Command {
    name: "seq",
    run: Run::Plain(run),
    options: &Options {
        short: "ws:f:",
        long: &[("equal-width", 'w'), ("separator", 's'), ("format", 'f')],
        hidden: "",
        in_order: true,
    },
};

/// The most numbers that are printed: a file of them is at its budget long before.
const MAX: f64 = 5e6;

fn run(cx: &mut Context<'_>) -> Exit {
    // A negative number is no option, but musl's getopt takes it for one where it comes first.
    if cx.system.libc == Libc::Musl
        && cx.args.get(1).is_some_and(|arg| arg.starts_with('-') && leading_float(arg.as_bytes()).1 > 0)
    {
        return cx.misused("");
    }
    let at = cx.args.iter().skip(1).position(|arg| {
        arg.len() > 1 && arg.starts_with('-') && arg[1..].starts_with(|c: char| c.is_ascii_digit() || c == '.')
    });
    if let Some(at) = at
        && !cx.args.iter().any(|arg| arg == "--")
        && !matches!(cx.args[at].as_str(), "-s" | "-f")
    {
        cx.args.insert(at + 1, "--".to_owned());
    }
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.has('f') && cx.busybox() {
        return cx.misused("");
    }
    let operands: Vec<String> = parsed.operands.iter().filter(|arg| *arg != "--").cloned().collect();
    let mut numbers = Vec::new();
    for operand in &operands {
        let (number, taken) = leading_float(operand.as_bytes());
        if taken == 0 || taken < operand.len() {
            return cx.misused(format_args!("invalid floating point argument: '{operand}'"));
        }
        numbers.push(number);
    }
    let (first, step, last) = match numbers[..] {
        [last] => (1.0, 1.0, last),
        [first, last] => (first, 1.0, last),
        [first, step, last] => (first, step, last),
        [] => return cx.misused("missing operand"),
        _ => return cx.misused(format_args!("extra operand '{}'", operands[3])),
    };
    if step == 0.0 && !cx.busybox() {
        return cx.misused(format_args!("invalid Zero increment value: '{}'", operands[1]));
    }
    let count = (((last - first) / step) * (1.0 + 1e-12) + 1e-10).floor() + 1.0;
    if step == 0.0 && first <= last || count > MAX {
        return cx.not_simulated("more than 5,000,000 numbers");
    }
    let count = if count.is_finite() && count > 0.0 { count as u64 } else { 0 };
    let places = |text: &String| text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let precision = operands[..operands.len().min(2).max(operands.len() - 1)].iter().map(places).max().unwrap_or(0);
    let precision = if operands.len() == 1 { if cx.busybox() { places(&operands[0]) } else { 0 } } else { precision };
    let value = |i: u64| first + i as f64 * step;
    let plain = |i: u64| format!("{:.*}", precision, value(i));
    let format = parsed.value('f').map(str::to_owned);
    let width = match parsed.has('w') && count > 0 {
        true => [plain(0), format!("{last:.precision$}")].iter().map(String::len).max().unwrap_or(0),
        false => 0,
    };
    let separator = parsed.value('s').unwrap_or("\n");
    let mut out = Vec::new();
    for i in 0..count {
        if i > 0 {
            out.extend_from_slice(separator.as_bytes());
        }
        match &format {
            Some(format) => match formatted(format, value(i)) {
                Some(text) => out.extend_from_slice(&text),
                None => return cx.not_simulated(format_args!("format {format}")),
            },
            None => {
                let text = plain(i);
                let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
                let zeros = width.saturating_sub(text.len());
                out.extend_from_slice(format!("{sign}{}{digits}", "0".repeat(zeros)).as_bytes());
            }
        }
    }
    if count > 0 {
        out.push(b'\n');
    }
    cx.out(out);
    0
}

/// A number by a format with one floating conversion.
fn formatted(format: &str, value: f64) -> Option<Vec<u8>> {
    let bytes = format.as_bytes();
    let start = bytes.iter().position(|byte| *byte == b'%')?;
    let (spec, taken) = parse_spec(&bytes[start + 1..], || 0);
    let letter = *bytes.get(start + 1 + taken).filter(|letter| b"eEfFgG".contains(letter))?;
    let rest = &bytes[start + 2 + taken..];
    if rest.contains(&b'%') {
        return None;
    }
    Some([&bytes[..start], &spec.float(value, letter), rest].concat())
}
