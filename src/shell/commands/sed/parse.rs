//! From a script's text to commands.

use super::substitute::Substitution;
use crate::shell::commands::regex::Pattern;
use crate::vfs::Libc;
use std::collections::BTreeMap;

/// Whose sed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect {
    pub busybox: bool,
    pub libc: Libc,
    pub utf8: bool,
    pub extended: bool,
}

/// Why there is no script.
pub(super) enum Fault {
    /// It is wrong: the message.
    Script(String),
    /// It uses what is not simulated.
    NotSimulated(String),
}

/// A line's address.
pub(super) enum Address {
    Line(u64),
    Last,
    /// None: the regular expression used last.
    Match(Option<Pattern>),
    /// `first~step`.
    Step(u64, u64),
    /// `,+n`.
    Plus(u64),
    /// `,~n`.
    Multiple(u64),
}

/// What to do.
pub(super) enum Action {
    /// `{`: the index of its `}`.
    Block(usize),
    BlockEnd,
    Label,
    Number,
    Append(Vec<u8>),
    Insert(Vec<u8>),
    Change(Vec<u8>),
    /// `b`, `t`, `T`: the condition (none: always; else the value of "a substitution was made") and where to; none is the end.
    Jump(Option<bool>, Option<usize>),
    Delete,
    DeleteFirst,
    Print,
    PrintFirst,
    List,
    Next,
    NextAppend,
    HoldCopy,
    HoldAppend,
    GetCopy,
    GetAppend,
    Exchange,
    Quit(u8),
    QuitSilently(u8),
    ReadFile(String),
    WriteFile(String),
    WriteFirst(String),
    Substitute(Substitution),
    Translate(BTreeMap<Vec<u8>, Vec<u8>>),
    FileName,
    Zap,
}

/// A command with its addresses.
pub(super) struct Step {
    pub from: Option<Address>,
    pub to: Option<Address>,
    pub negated: bool,
    pub action: Action,
}

/// A script.
pub(super) struct Script {
    pub steps: Vec<Step>,
    pub quiet: bool,
    pub separator: u8,
    pub separate: bool,
    pub wrap: usize,
    pub busybox: bool,
}

impl Script {
    /// Parses pieces, each of which ends a line; says whether `#n` asks for silence.
    pub(super) fn parse(pieces: &[Vec<u8>], dialect: Dialect) -> Result<(Self, bool), Fault> {
        let text = pieces.join(&b'\n');
        let quiet = text == b"#n" || text.starts_with(b"#n\n");
        let mut parser = Parser {
            text: &text,
            at: 0,
            pieces,
            dialect,
            steps: Vec::new(),
            open: Vec::new(),
            targets: BTreeMap::new(),
            jumps: Vec::new(),
        };
        parser.script()?;
        parser.resolve()?;
        let script = Self {
            steps: parser.steps,
            quiet: false,
            separator: b'\n',
            separate: false,
            wrap: 70,
            busybox: dialect.busybox,
        };
        Ok((script, quiet))
    }

    /// The files that it writes.
    pub(super) fn outputs(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .steps
            .iter()
            .filter_map(|step| match &step.action {
                Action::WriteFile(name) | Action::WriteFirst(name) => Some(name.clone()),
                Action::Substitute(substitution) => substitution.write.clone(),
                _ => None,
            })
            .collect();
        names.sort();
        names.dedup();
        names
    }
}

pub(super) struct Parser<'a> {
    pub(super) text: &'a [u8],
    pub(super) at: usize,
    pieces: &'a [Vec<u8>],
    pub(super) dialect: Dialect,
    steps: Vec<Step>,
    /// Blocks that are not closed yet.
    open: Vec<usize>,
    targets: BTreeMap<String, usize>,
    jumps: Vec<(usize, String)>,
}

impl Parser<'_> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    pub(super) fn skip(&mut self, wanted: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
    }

    pub(super) fn blanks(&mut self) {
        self.skip(|byte| byte == b' ' || byte == b'\t');
    }

    /// A fault in each program's words; GNU says where.
    pub(super) fn fault(&self, busybox: &str, gnu: &str) -> Fault {
        if self.dialect.busybox {
            return Fault::Script(busybox.to_owned());
        }
        let mut before = 0;
        let mut number = 1;
        for piece in self.pieces {
            if self.at <= before + piece.len() {
                break;
            }
            before += piece.len() + 1;
            number += 1;
        }
        let number = number.min(self.pieces.len());
        let start: usize = self.pieces[..number - 1].iter().map(|piece| piece.len() + 1).sum();
        Fault::Script(format!("-e expression #{number}, char {}: {gnu}", self.at.saturating_sub(start)))
    }

    fn script(&mut self) -> Result<(), Fault> {
        loop {
            self.skip(|byte| byte.is_ascii_whitespace() || byte == b';');
            let Some(byte) = self.peek() else { break };
            if byte == b'#' {
                self.skip(|byte| byte != b'\n');
                continue;
            }
            self.step()?;
        }
        if !self.open.is_empty() {
            self.at = 0;
            return Err(self.fault("unterminated {", "unmatched `{'"));
        }
        Ok(())
    }

    fn step(&mut self) -> Result<(), Fault> {
        let from = self.address(true)?;
        let mut to = None;
        self.blanks();
        if from.is_some() && self.peek() == Some(b',') {
            self.at += 1;
            self.blanks();
            to = self.address(false)?;
            if to.is_none() {
                return Err(self.fault("no address after comma", "unexpected `,'"));
            }
        }
        let zero = matches!(from, Some(Address::Line(0))) && !matches!(to, Some(Address::Match(_)));
        if zero && !self.dialect.busybox {
            self.at += 1;
            return Err(self.fault("invalid usage of line address 0", "invalid usage of line address 0"));
        }
        self.blanks();
        let mut negated = false;
        while self.peek() == Some(b'!') {
            negated = true;
            self.at += 1;
            self.blanks();
        }
        let Some(letter) = self.peek() else { return Err(self.fault("missing command", "missing command")) };
        self.at += 1;
        let has_address = from.is_some();
        let action = self.action(letter, has_address)?;
        self.steps.push(Step { from, to, negated, action });
        if !matches!(letter, b'{' | b'a' | b'i' | b'c' | b'r' | b'w' | b'W' | b':' | b'b' | b't' | b'T') {
            self.ending()?;
        }
        Ok(())
    }

    /// After a command: blanks, then `;`, a line feed, `}`, a comment or the end.
    fn ending(&mut self) -> Result<(), Fault> {
        self.blanks();
        match self.peek() {
            None | Some(b';' | b'\n' | b'}' | b'#') => Ok(()),
            Some(b'\r') => Ok(()),
            Some(_) => {
                self.at += 1;
                Err(self.fault("extra characters after command", "extra characters after command"))
            }
        }
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        let start = self.at;
        self.skip(|byte| byte.is_ascii_digit());
        std::str::from_utf8(&self.text[start..self.at]).ok()?.parse().ok()
    }

    fn address(&mut self, first: bool) -> Result<Option<Address>, Fault> {
        let Some(byte) = self.peek() else { return Ok(None) };
        Ok(match byte {
            b'0'..=b'9' => {
                let line = self.number().unwrap_or(0);
                if first && self.peek() == Some(b'~') && !self.dialect.busybox {
                    self.at += 1;
                    let step = self.number().unwrap_or(0);
                    return Ok(Some(Address::Step(line, step)));
                }
                Some(Address::Line(line))
            }
            b'$' => {
                self.at += 1;
                Some(Address::Last)
            }
            b'+' | b'~' if !(first || byte == b'~' && self.dialect.busybox) => {
                self.at += 1;
                let number = self.number().unwrap_or(0);
                Some(if byte == b'+' { Address::Plus(number) } else { Address::Multiple(number) })
            }
            b'/' | b'\\' => {
                self.at += 1;
                let mut delimiter = b'/';
                if byte == b'\\' {
                    delimiter = self.peek().ok_or_else(|| self.fault("unmatched '/'", "unexpected `,'"))?;
                    self.at += 1;
                }
                let Some(text) = self.delimited(delimiter, true) else {
                    let busybox = format!("unmatched '{}'", char::from(delimiter));
                    return Err(self.fault(&busybox, "unterminated address regex"));
                };
                let (mut ignore_case, mut multi_line) = (false, false);
                while let Some(flag @ (b'I' | b'M')) = self.peek().filter(|_| !self.dialect.busybox) {
                    ignore_case |= flag == b'I';
                    multi_line |= flag == b'M';
                    self.at += 1;
                }
                Some(Address::Match(self.pattern(&text, ignore_case, multi_line)?))
            }
            _ => None,
        })
    }

    fn action(&mut self, letter: u8, has_address: bool) -> Result<Action, Fault> {
        Ok(match letter {
            b'{' => {
                self.open.push(self.steps.len());
                Action::Block(0)
            }
            b'}' => {
                let Some(open) = self.open.pop() else {
                    if self.dialect.busybox {
                        return Ok(Action::Label);
                    }
                    return Err(self.fault("unexpected }", "unexpected `}'"));
                };
                if has_address {
                    return Err(self.fault("} doesn't want any addresses", "} doesn't want any addresses"));
                }
                let end = self.steps.len();
                self.steps[open].action = Action::Block(end);
                Action::BlockEnd
            }
            b':' => {
                if has_address {
                    return Err(self.fault(": doesn't want any addresses", ": doesn't want any addresses"));
                }
                let label = self.word();
                if label.is_empty() {
                    return Err(self.fault("unsupported command :", "\":\" lacks a label"));
                }
                self.targets.insert(label, self.steps.len());
                Action::Label
            }
            b'b' | b't' | b'T' => {
                let label = self.word();
                if !label.is_empty() {
                    self.jumps.push((self.steps.len(), label));
                }
                Action::Jump(Some(letter == b't').filter(|_| letter != b'b'), None)
            }
            b'=' => Action::Number,
            b'a' | b'i' | b'c' => {
                let text = self.text_argument()?;
                match letter {
                    b'a' => Action::Append(text),
                    b'i' => Action::Insert(text),
                    _ => Action::Change(text),
                }
            }
            b'd' => Action::Delete,
            b'D' => Action::DeleteFirst,
            b'p' => Action::Print,
            b'P' => Action::PrintFirst,
            b'l' => {
                self.blanks();
                self.number();
                Action::List
            }
            b'n' => Action::Next,
            b'N' => Action::NextAppend,
            b'h' => Action::HoldCopy,
            b'H' => Action::HoldAppend,
            b'g' => Action::GetCopy,
            b'G' => Action::GetAppend,
            b'x' => Action::Exchange,
            b'q' | b'Q' if letter == b'q' || !self.dialect.busybox => {
                self.blanks();
                if self.dialect.busybox && self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                    return Err(self.fault("missing command", ""));
                }
                let status = self.number().unwrap_or(0) as u8;
                if letter == b'q' { Action::Quit(status) } else { Action::QuitSilently(status) }
            }
            b'r' => Action::ReadFile(self.file_name()?),
            b'w' => Action::WriteFile(self.file_name()?),
            b'W' if !self.dialect.busybox => Action::WriteFirst(self.file_name()?),
            b's' => Action::Substitute(self.substitution()?),
            b'y' => Action::Translate(self.translation()?),
            b'F' if !self.dialect.busybox => Action::FileName,
            b'z' if !self.dialect.busybox => Action::Zap,
            b'e' | b'R' | b'v' if !self.dialect.busybox => {
                return Err(Fault::NotSimulated(format!("the command {}", char::from(letter))));
            }
            b'\n' | b';' => return Err(self.fault("missing command", "missing command")),
            _ => {
                let letter = char::from(letter);
                return Err(
                    self.fault(&format!("unsupported command {letter}"), &format!("unknown command: `{letter}'"))
                );
            }
        })
    }

    /// A label.
    fn word(&mut self) -> String {
        self.blanks();
        let start = self.at;
        self.skip(|byte| !byte.is_ascii_whitespace() && byte != b';');
        String::from_utf8_lossy(&self.text[start..self.at]).into_owned()
    }

    /// Leads the jumps to their labels.
    fn resolve(&mut self) -> Result<(), Fault> {
        for (index, label) in std::mem::take(&mut self.jumps) {
            let Some(target) = self.targets.get(&label) else {
                return Err(Fault::Script(match self.dialect.busybox {
                    true => format!("can't find label for jump to '{label}'"),
                    false => format!("can't find label for jump to `{label}'"),
                }));
            };
            if let Action::Jump(_, to) = &mut self.steps[index].action {
                *to = Some(*target);
            }
        }
        Ok(())
    }
}
