//! `grep`, `egrep`, `fgrep`: print the lines that match. It lacks GNU's `-Z`, `-U`, `-u`, `-D`, `--label`, and colours, which need a
//! terminal. `-P` is the `regex` crate's syntax (no look-around) with `\K`.

mod search;

use super::regex::{Invalid, Pattern, Syntax};
use super::{Command, Context, Exit, Options, Parsed, Run};
use crate::vfs::{Errno, Libc};
use search::Search;

pub(super) const COMMAND: Command = Command { name: "grep", run: Run::Plain(run), options: OPTIONS };
pub(super) const EGREP: Command = Command { name: "egrep", run: Run::Plain(run), options: OPTIONS };
pub(super) const FGREP: Command = Command { name: "fgrep", run: Run::Plain(run), options: OPTIONS };

const OPTIONS: &Options = &Options {
    short: "EFGPe:f:ivwxclLnHhoqsrRm:A:B:C:abzIyt:1:2:3:4:5",
    long: &[
        ("extended-regexp", 'E'),
        ("fixed-strings", 'F'),
        ("basic-regexp", 'G'),
        ("perl-regexp", 'P'),
        ("regexp", 'e'),
        ("file", 'f'),
        ("ignore-case", 'i'),
        ("invert-match", 'v'),
        ("word-regexp", 'w'),
        ("line-regexp", 'x'),
        ("count", 'c'),
        ("files-with-matches", 'l'),
        ("files-without-match", 'L'),
        ("line-number", 'n'),
        ("with-filename", 'H'),
        ("no-filename", 'h'),
        ("only-matching", 'o'),
        ("quiet", 'q'),
        ("silent", 'q'),
        ("no-messages", 's'),
        ("recursive", 'r'),
        ("dereference-recursive", 'R'),
        ("max-count", 'm'),
        ("after-context", 'A'),
        ("before-context", 'B'),
        ("context", 'C'),
        ("text", 'a'),
        ("byte-offset", 'b'),
        ("null-data", 'z'),
        ("include", '1'),
        ("exclude", '2'),
        ("exclude-dir", '3'),
        ("color", '4'),
        ("colour", '4'),
        ("line-buffered", '5'),
    ],
    hidden: "12345t",
    in_order: false,
};

/// What to print of a line.
struct Choice {
    patterns: Vec<Pattern>,
    /// For `-P` with `\K`: the group that holds what counts.
    kept: bool,
    invert: bool,
    word: bool,
    line: bool,
}

fn run(cx: &mut Context<'_>) -> Exit {
    if context_number(&mut cx.args) && cx.busybox() {
        cx.misused("");
        return 2;
    }
    // `--color` takes its value only after `=`.
    for arg in &mut cx.args {
        if arg == "--color" || arg == "--colour" {
            arg.push_str("=auto");
        }
    }
    let parsed = match cx.options(OPTIONS) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.value('4') == Some("always") {
        return cx.not_simulated("option --color=always");
    }
    let mut operands = parsed.operands.clone();
    let texts = match patterns(cx, &parsed, &mut operands) {
        Ok(texts) => texts,
        Err(exit) => return exit,
    };
    let choice = match compile(cx, &parsed, &texts) {
        Ok(choice) => choice,
        Err(exit) => return exit,
    };
    let numbers = "mABC".chars().filter_map(|letter| parsed.value(letter).map(|value| (letter, value.to_owned())));
    for (letter, value) in numbers.collect::<Vec<_>>() {
        if value.parse::<u64>().is_err() {
            if letter == 'm' && value.starts_with('-') {
                continue;
            }
            match (cx.busybox(), letter) {
                (true, _) => cx.complain(format_args!("invalid number '{value}'")),
                (false, 'm') => cx.complain("invalid max count"),
                (false, _) => cx.complain(format_args!("{value}: invalid context length argument")),
            }
            return 2;
        }
    }
    Search::new(cx, choice, &parsed).run(operands)
}

/// `-3` is `-C 3`.
fn context_number(args: &mut [String]) -> bool {
    let mut any = false;
    for arg in args.iter_mut().skip(1) {
        if arg == "--" {
            break;
        }
        if arg.len() > 1 && arg.starts_with('-') && arg[1..].bytes().all(|byte| byte.is_ascii_digit()) {
            *arg = format!("-C{}", &arg[1..]);
            any = true;
        }
    }
    any
}

/// The patterns given: with `-e`, from files with `-f`, else the first operand. Each line is one.
fn patterns(cx: &mut Context<'_>, parsed: &Parsed, operands: &mut Vec<String>) -> Result<Vec<Vec<u8>>, Exit> {
    let mut texts: Vec<Vec<u8>> = Vec::new();
    let mut split = |text: &[u8]| texts.extend(text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec));
    for (letter, value) in &parsed.given {
        match letter {
            'e' => split(value.as_bytes()),
            'f' => match cx.input(value) {
                Ok(content) => {
                    let bytes = cx.bytes(&content, value).ok_or(0)?;
                    if !bytes.is_empty() {
                        split(bytes.strip_suffix(b"\n").unwrap_or(&bytes));
                    }
                }
                Err(errno) => {
                    cx.complain_of(value, errno);
                    return Err(if cx.busybox() { 1 } else { 2 });
                }
            },
            _ => {}
        }
    }
    if !parsed.has('e') && !parsed.has('f') {
        if operands.is_empty() {
            if cx.busybox() {
                cx.misused("");
                return Err(2);
            }
            cx.err("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n");
            return Err(2);
        }
        split(operands.remove(0).as_bytes());
    }
    Ok(texts)
}

fn compile(cx: &mut Context<'_>, parsed: &Parsed, texts: &[Vec<u8>]) -> Result<Choice, Exit> {
    let kind = parsed.last_of("EFGP").unwrap_or(match cx.name() {
        "egrep" => 'E',
        "fgrep" => 'F',
        _ => 'G',
    });
    let syntax = Syntax {
        extended: kind == 'E',
        ignore_case: parsed.has('i') || parsed.has('y'),
        utf8: cx.utf8(),
        multi_line: false,
        tre: cx.system.libc == Libc::Musl,
        escapes: cx.system.libc == Libc::Musl,
        bracket_backslash: false,
    };
    let mut choice = Choice {
        patterns: Vec::new(),
        kept: false,
        invert: parsed.has('v'),
        word: parsed.has('w'),
        line: parsed.has('x'),
    };
    for text in texts {
        let compiled = match kind {
            'F' => {
                let quoted: Vec<u8> = text
                    .iter()
                    .flat_map(|byte| if b"\\.[]*^$".contains(byte) { vec![b'\\', *byte] } else { vec![*byte] })
                    .collect();
                Pattern::new(&quoted, Syntax { escapes: false, ..syntax })
            }
            'P' => {
                let source = String::from_utf8_lossy(text).into_owned();
                let source = match source.split_once(r"\K") {
                    Some((before, after)) if !before.ends_with('\\') => {
                        choice.kept = true;
                        format!("(?:{before})(?P<kept>{after})")
                    }
                    _ => source,
                };
                match Pattern::perl(&source, syntax) {
                    Ok(pattern) => Ok(pattern),
                    Err(_) => return Err(cx.not_simulated(format_args!("the pattern {source}"))),
                }
            }
            _ => Pattern::new(text, syntax),
        };
        match compiled {
            Ok(pattern) => choice.patterns.push(pattern),
            Err(Invalid::TooLarge) => {
                return Err(cx.not_simulated(format_args!("the pattern {}", String::from_utf8_lossy(text))));
            }
            Err(invalid) => {
                let message = invalid.message(cx.system.libc);
                if cx.busybox() {
                    let text = String::from_utf8_lossy(text).into_owned();
                    cx.complain(format_args!("bad regex '{text}': {message}"));
                } else {
                    cx.complain(message);
                }
                return Err(2);
            }
        }
    }
    Ok(choice)
}

impl Choice {
    /// The first match of a line at or after `start` that counts.
    fn find(&self, line: &[u8], start: usize) -> Option<(usize, usize)> {
        let found = self.patterns.iter().filter_map(|pattern| self.find_one(pattern, line, start));
        found.min_by_key(|(from, to)| (*from, std::cmp::Reverse(*to)))
    }

    fn find_one(&self, pattern: &Pattern, line: &[u8], start: usize) -> Option<(usize, usize)> {
        let mut at = start;
        while at <= line.len() {
            let (from, mut to) = pattern.find(line, at)?;
            if self.kept {
                let groups = pattern.groups(line, at)?;
                return groups.last().copied().flatten();
            }
            if self.line {
                return (from == 0 && to == line.len()).then_some((from, to));
            }
            if !self.word {
                return Some((from, to));
            }
            let is_word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
            // A shorter match at the same place may be a word.
            while to > from || to == from && to < line.len() {
                let starts = from == 0 || !is_word(line.get(from - 1));
                if starts && !is_word(line.get(to)) && to > from {
                    return Some((from, to));
                }
                if to <= from + 1 || !starts {
                    break;
                }
                match pattern.find(&line[..to - 1], from) {
                    Some((again, end)) if again == from => to = end,
                    _ => break,
                }
            }
            if to == from && line.is_empty() {
                return Some((from, to));
            }
            at = from + 1;
        }
        None
    }

    fn selects(&self, line: &[u8]) -> bool {
        let found = match (self.line, self.word) {
            (false, false) => self.patterns.iter().any(|pattern| pattern.is_match(line)),
            (true, _) => self.patterns.iter().any(|pattern| whole_line(pattern, line)),
            _ => self.find(line, 0).is_some(),
        };
        found != self.invert
    }
}

/// Does a pattern match the whole line? Its first match may be shorter than another.
fn whole_line(pattern: &Pattern, line: &[u8]) -> bool {
    pattern.find(line, 0).is_some_and(|(from, to)| from == 0 && to == line.len())
}

/// Tells an error of reading a file unless `-s` forbids.
fn tell(cx: &mut Context<'_>, quiet: bool, operand: &str, errno: Errno) {
    if !quiet {
        cx.complain_of(operand, errno);
    }
}
