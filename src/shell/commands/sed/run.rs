//! The cycle: read a line, run the script on it, print it.

use super::super::Context;
use super::super::regex::Pattern;
use super::parse::{Action, Address, Script, Step};
use crate::vfs::{Content, OpenOptions};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// The most commands of a script that are run, so that no loop is endless.
const MAX_STEPS: u64 = 5_000_000;

/// A file to edit.
pub(super) struct Input {
    pub name: String,
    pub bytes: Arc<Vec<u8>>,
}

/// How a run ended.
pub(super) enum Stream {
    Ended,
    Quit(u8),
    /// More than [`MAX_STEPS`].
    Budget,
}

/// What is printed, and what goes to files.
pub(super) struct Output {
    out: Vec<u8>,
    /// The last line printed lacks its line feed: it gets one when more follows.
    unfinished: bool,
    files: BTreeMap<String, Vec<u8>>,
}

impl Output {
    pub(super) fn new(_: &Context<'_>) -> Self {
        Self { out: Vec::new(), unfinished: false, files: BTreeMap::new() }
    }

    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    /// Adds what `w` wrote to its files.
    pub(super) fn write_files(&mut self, cx: &mut Context<'_>) {
        for (name, bytes) in std::mem::take(&mut self.files) {
            if name == "/dev/stderr" {
                cx.err(bytes);
                continue;
            }
            let path = cx.process.path(&name);
            let mode = cx.process.masked(0o666);
            if let Ok(ino) = cx.system.fs.open(&cx.process.cred, &path, OpenOptions::appending(), mode) {
                let at = cx.system.fs.len_handle(ino);
                if let Err(errno) = cx.system.fs.write_handle(ino, at, &Content::from(bytes)) {
                    cx.complain_of(name, errno);
                }
            }
        }
    }

    fn line(&mut self, text: &[u8], end: &[u8], separator: u8) {
        if self.unfinished {
            self.out.push(separator);
        }
        self.out.extend_from_slice(text);
        self.out.extend_from_slice(end);
        self.unfinished = end.is_empty();
    }

    fn raw(&mut self, text: &[u8], separator: u8) {
        if self.unfinished {
            self.out.push(separator);
        }
        self.unfinished = false;
        self.out.extend_from_slice(text);
    }

    fn file(&mut self, name: &str, text: &[u8], end: &[u8], separator: u8) {
        if name == "/dev/stdout" {
            return self.line(text, end, separator);
        }
        let file = self.files.entry(name.to_owned()).or_default();
        file.extend_from_slice(text);
        file.extend_from_slice(if end.is_empty() { b"\n" } else { end });
    }
}

/// What is printed after the line, in order.
enum Queued<'s> {
    Text(&'s [u8]),
    File(&'s str),
}

struct Machine<'s, 'c, 'd> {
    cx: &'c mut Context<'d>,
    script: &'s Script,
    lines: VecDeque<(usize, Vec<u8>, bool)>,
    names: Vec<String>,
    /// The pattern space, and whether its last line ended with a line feed.
    space: Vec<u8>,
    ended: bool,
    hold: Vec<u8>,
    number: u64,
    file: usize,
    ranges: Vec<Range>,
    last_pattern: Option<&'s Pattern>,
    substituted: bool,
    queue: Vec<Queued<'s>>,
    steps: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Range {
    Closed,
    Open,
    /// Until this line.
    Until(u64),
}

enum Flow {
    /// Go on with the command of this index.
    Go(usize),
    /// End the cycle, printing the pattern space or not.
    End(bool),
    /// Start again with the pattern space as it is.
    Restart,
    Quit(u8, bool),
    Fault,
}

pub(super) fn run(cx: &mut Context<'_>, script: &Script, inputs: Vec<Input>, output: &mut Output) -> Stream {
    let mut lines = VecDeque::new();
    for (i, input) in inputs.iter().enumerate() {
        for line in input.bytes.split_inclusive(|byte| *byte == script.separator) {
            let text = line.strip_suffix(&[script.separator]).unwrap_or(line);
            lines.push_back((i, text.to_vec(), text.len() < line.len()));
        }
    }
    let mut machine = Machine {
        cx,
        script,
        lines,
        names: inputs.into_iter().map(|input| input.name).collect(),
        space: Vec::new(),
        ended: true,
        hold: Vec::new(),
        number: 0,
        file: 0,
        ranges: vec![Range::Closed; script.steps.len()],
        last_pattern: None,
        substituted: false,
        queue: Vec::new(),
        steps: 0,
    };
    machine.run(output)
}

impl<'s> Machine<'s, '_, '_> {
    fn run(&mut self, output: &mut Output) -> Stream {
        let mut fresh = true;
        loop {
            if fresh && !self.read() {
                return Stream::Ended;
            }
            fresh = true;
            self.substituted = false;
            let flow = self.cycle(output);
            match flow {
                Flow::End(print) => self.end_cycle(print, output),
                Flow::Restart => {
                    self.flush(output);
                    fresh = false;
                }
                Flow::Quit(status, print) => {
                    self.end_cycle(print, output);
                    return Stream::Quit(status);
                }
                Flow::Go(_) | Flow::Fault => return Stream::Budget,
            }
        }
    }

    fn end_cycle(&mut self, print: bool, output: &mut Output) {
        if print && !self.script.quiet {
            output.line(&self.space, self.end(), self.script.separator);
        }
        self.flush(output);
    }

    /// The line end of what is in the pattern space.
    fn end(&self) -> &'static [u8] {
        match (self.ended, self.script.separator) {
            (false, _) => b"",
            (true, 0) => b"\0",
            (true, _) => b"\n",
        }
    }

    fn flush(&mut self, output: &mut Output) {
        for queued in std::mem::take(&mut self.queue) {
            match queued {
                Queued::Text(text) => output.raw(text, self.script.separator),
                Queued::File(name) => {
                    // A file that cannot be read counts as empty.
                    if let Ok(content) = self.cx.input(name)
                        && let Some(bytes) = self.cx.bytes(&content, name)
                        && !bytes.is_empty()
                    {
                        output.raw(&bytes, self.script.separator);
                        output.unfinished = !bytes.ends_with(b"\n") && !self.script.busybox;
                    }
                }
            }
        }
    }

    fn read(&mut self) -> bool {
        let Some((file, text, ended)) = self.lines.pop_front() else { return false };
        if self.script.separate && file != self.file {
            self.number = 0;
        }
        self.file = file;
        self.space = text;
        self.ended = ended;
        self.number += 1;
        true
    }

    fn is_last(&self) -> bool {
        match self.lines.front() {
            None => true,
            Some((file, ..)) => self.script.separate && *file != self.file,
        }
    }

    fn cycle(&mut self, output: &mut Output) -> Flow {
        let mut at = 0;
        while let Some(step) = self.script.steps.get(at) {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return Flow::Fault;
            }
            let selected = self.selects(at, step) != step.negated;
            let flow = if selected {
                self.act(at, step, output)
            } else if let Action::Block(end) = step.action {
                Flow::Go(end + 1)
            } else {
                Flow::Go(at + 1)
            };
            match flow {
                Flow::Go(next) => at = next,
                other => return other,
            }
        }
        Flow::End(true)
    }

    fn selects(&mut self, index: usize, step: &'s Step) -> bool {
        let Some(from) = &step.from else { return true };
        let Some(to) = &step.to else { return self.matches(from) };
        match self.ranges[index] {
            Range::Closed => {
                let starts = match from {
                    // `0,/re/`: the range is open before the first line.
                    Address::Line(0) => {
                        if self.number > 1 || self.script.busybox {
                            return false;
                        }
                        if !self.matches(to) {
                            self.ranges[index] = Range::Open;
                        }
                        return true;
                    }
                    _ => self.matches(from),
                };
                if starts {
                    self.ranges[index] = match to {
                        Address::Line(last) if *last <= self.number => Range::Closed,
                        Address::Line(last) => Range::Until(*last),
                        Address::Plus(0) => Range::Closed,
                        Address::Plus(more) => Range::Until(self.number + more),
                        Address::Multiple(0) => Range::Closed,
                        Address::Multiple(step) => Range::Until(self.number + step - self.number % step),
                        Address::Last if self.is_last() => Range::Closed,
                        _ => Range::Open,
                    };
                }
                starts
            }
            Range::Until(last) => {
                if self.number >= last {
                    self.ranges[index] = Range::Closed;
                }
                // A line number that is past already selects nothing more, unless this very line starts anew.
                self.number <= last || self.matches(from)
            }
            Range::Open => {
                if self.matches(to) {
                    self.ranges[index] = Range::Closed;
                }
                true
            }
        }
    }

    fn matches(&mut self, address: &'s Address) -> bool {
        match address {
            Address::Line(line) => self.number == *line,
            Address::Last => self.is_last(),
            Address::Step(first, 0) => self.number == *first,
            Address::Step(first, step) => self.number >= *first && (self.number - first).is_multiple_of(*step),
            Address::Plus(_) | Address::Multiple(_) => false,
            Address::Match(pattern) => {
                if let Some(pattern) = pattern {
                    self.last_pattern = Some(pattern);
                }
                self.last_pattern.is_some_and(|pattern| pattern.is_match(&self.space))
            }
        }
    }

    fn act(&mut self, at: usize, step: &'s Step, output: &mut Output) -> Flow {
        let separator = self.script.separator;
        match &step.action {
            Action::Block(_) | Action::BlockEnd | Action::Label => {}
            Action::Number => output.raw(format!("{}\n", self.number).as_bytes(), separator),
            Action::Append(text) => self.queue.push(Queued::Text(text)),
            Action::Insert(text) => output.raw(text, separator),
            Action::Change(text) => {
                let in_range = step.to.is_some() && !step.negated;
                if !in_range || self.ranges[at] == Range::Closed {
                    output.raw(text, separator);
                }
                return Flow::End(false);
            }
            Action::Jump(condition, target) => {
                let jumps = condition.is_none_or(|wanted| self.substituted == wanted);
                if condition.is_some() {
                    self.substituted = false;
                }
                if jumps {
                    return target.map_or(Flow::End(true), |target| Flow::Go(target + 1));
                }
            }
            Action::Delete => return Flow::End(false),
            Action::DeleteFirst => {
                let Some(feed) = self.space.iter().position(|byte| *byte == b'\n') else { return Flow::End(false) };
                self.space.drain(..=feed);
                return Flow::Restart;
            }
            Action::Print => output.line(&self.space, self.end(), separator),
            Action::PrintFirst => {
                let first = self.space.split(|byte| *byte == b'\n').next().unwrap_or_default();
                output.line(first, b"\n", separator);
            }
            // busybox knows the letter and does nothing.
            Action::List if self.script.busybox => {}
            Action::List => {
                let listed = list(&self.space, self.script.wrap);
                output.raw(&listed, separator);
            }
            Action::Next => {
                if self.lines.is_empty() {
                    // Without a next line GNU and busybox print and end.
                    return Flow::Quit(0, true);
                }
                self.end_cycle(true, output);
                self.read();
            }
            Action::NextAppend => {
                self.flush(output);
                if self.lines.is_empty() {
                    return Flow::Quit(0, true);
                }
                let mut before = std::mem::take(&mut self.space);
                self.read();
                before.push(b'\n');
                before.append(&mut self.space);
                self.space = before;
            }
            Action::HoldCopy => self.hold = self.space.clone(),
            Action::HoldAppend => {
                self.hold.push(b'\n');
                self.hold.extend_from_slice(&self.space);
            }
            Action::GetCopy => self.space = self.hold.clone(),
            Action::GetAppend => {
                self.space.push(b'\n');
                self.space.extend_from_slice(&self.hold);
            }
            Action::Exchange => std::mem::swap(&mut self.space, &mut self.hold),
            Action::Quit(status) => return Flow::Quit(*status, true),
            Action::QuitSilently(status) => return Flow::Quit(*status, false),
            Action::ReadFile(name) => self.queue.push(Queued::File(name)),
            Action::WriteFile(name) => output.file(name, &self.space, self.end(), separator),
            Action::WriteFirst(name) => {
                let first = self.space.split(|byte| *byte == b'\n').next().unwrap_or_default();
                output.file(name, first, b"\n", separator);
            }
            Action::Substitute(substitution) => {
                if let Some(pattern) = &substitution.pattern {
                    self.last_pattern = Some(pattern);
                }
                if let Some(new) = self.last_pattern.and_then(|pattern| substitution.apply(pattern, &self.space)) {
                    self.space = new;
                    self.substituted = true;
                    if substitution.print {
                        output.line(&self.space, self.end(), separator);
                    }
                    if let Some(name) = &substitution.write {
                        output.file(name, &self.space, self.end(), separator);
                    }
                }
            }
            Action::Translate(map) => {
                let mut out = Vec::with_capacity(self.space.len());
                let mut rest = self.space.as_slice();
                while !rest.is_empty() {
                    let long = character_length(rest);
                    let length = if map.contains_key(&rest[..long]) { long } else { 1 };
                    let (first, more) = rest.split_at(length);
                    out.extend_from_slice(map.get(first).map_or(first, Vec::as_slice));
                    rest = more;
                }
                self.space = out;
            }
            Action::FileName => {
                let name = self.names.get(self.file).cloned().unwrap_or_default();
                output.raw(format!("{name}\n").as_bytes(), separator);
            }
            Action::Zap => self.space.clear(),
        }
        Flow::Go(at + 1)
    }
}

/// How many bytes the first character takes, 1 for what is not UTF-8.
pub(super) fn character_length(text: &[u8]) -> usize {
    let length = match text.first() {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => 1,
    };
    if length <= text.len() && std::str::from_utf8(&text[..length]).is_ok() { length } else { 1 }
}

/// `l`: unambiguous, folded.
fn list(text: &[u8], wrap: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut column = 0;
    for byte in text {
        let piece = match byte {
            b'\\' => "\\\\".to_owned(),
            7 => "\\a".to_owned(),
            8 => "\\b".to_owned(),
            12 => "\\f".to_owned(),
            b'\n' => "\\n".to_owned(),
            b'\r' => "\\r".to_owned(),
            b'\t' => "\\t".to_owned(),
            11 => "\\v".to_owned(),
            b' '..=b'~' => char::from(*byte).to_string(),
            _ => format!("\\{byte:03o}"),
        };
        if wrap > 1 && column + piece.len() > wrap - 1 {
            out.extend_from_slice(b"\\\n");
            column = 0;
        }
        column += piece.len();
        out.extend_from_slice(piece.as_bytes());
    }
    out.extend_from_slice(b"$\n");
    out
}
