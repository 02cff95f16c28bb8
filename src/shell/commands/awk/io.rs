//! Reading records, printing, and the commands that a program runs.

use super::ast::{Expr, Target};
use super::run::{Halt, Machine, Outcome, special};
use super::value::{Cell, Format, Value};
use crate::shell::Description;
use crate::shell::commands::regex::Pattern;
use crate::shell::commands::{Context, Run, find};
use crate::vfs::{Content, Errno, Ino, OpenOptions};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// A text that is read record by record.
#[derive(Default)]
struct Text {
    bytes: Arc<Vec<u8>>,
    at: usize,
}

/// Where records come from.
#[derive(Default)]
pub(super) struct Reader {
    current: Option<Text>,
    /// The next index of ARGV.
    argument: usize,
    /// Was any file read, so that standard input is not?
    any: bool,
    files: BTreeMap<Vec<u8>, Text>,
}

impl Reader {
    pub(super) fn skip_file(&mut self) {
        self.current = None;
    }
}

/// Where what is printed goes.
#[derive(Default)]
pub(super) struct Output {
    /// Standard output, not yet written.
    pub out: Vec<u8>,
    files: BTreeMap<Vec<u8>, Ino>,
    /// What commands get as input, by command, in the order in which they were first written to.
    commands: Vec<(Vec<u8>, Vec<u8>)>,
}

/// How much output is held at most before the build's own bound on it applies.
const MAX_OUTPUT: usize = 64 << 20;

impl<'p> Machine<'p, '_, '_> {
    pub(super) fn check_output(&mut self) -> Outcome<()> {
        if self.output.out.len() > MAX_OUTPUT { Err(Halt::Budget) } else { Ok(()) }
    }

    fn flush(&mut self) {
        let out = std::mem::take(&mut self.output.out);
        if !out.is_empty() {
            self.cx.out(out);
        }
    }

    /// At the end: prints what is left and runs the commands that wait for input.
    pub(super) fn finish(&mut self) {
        self.flush();
        for (command, input) in std::mem::take(&mut self.output.commands) {
            if self.run_command(&command, input).is_err() {
                let command = String::from_utf8_lossy(&command).into_owned();
                self.cx.not_simulated(format_args!("the command {command}"));
            }
        }
    }

    // ---- input ----

    /// The next record of the input; counts it.
    pub(super) fn next_record(&mut self) -> Outcome<Option<Vec<u8>>> {
        loop {
            let separator = self.record_separator()?;
            if let Some(text) = &mut self.reader.current {
                if let Some(record) = text.record(&separator) {
                    self.count(special::NR);
                    self.count(special::FNR);
                    return Ok(Some(record));
                }
                self.reader.current = None;
            }
            if !self.open_next()? {
                return Ok(None);
            }
        }
    }

    fn open_next(&mut self) -> Outcome<bool> {
        loop {
            let count = match &self.globals[special::ARGC] {
                Cell::Value(value) => value.number() as usize,
                Cell::Array(_) => 1,
            };
            self.reader.argument += 1;
            if self.reader.argument >= count {
                if self.reader.any {
                    return Ok(false);
                }
                self.reader.any = true;
                return self.open("-").map(|()| true);
            }
            let key = Rc::new(self.reader.argument.to_string().into_bytes());
            let argument = match &self.globals[special::ARGV] {
                Cell::Array(array) => {
                    array.borrow().elements.get(&key).map(|(value, _)| value.bytes(&Format::default()))
                }
                Cell::Value(_) => None,
            };
            let Some(argument) = argument.filter(|argument| !argument.is_empty()) else { continue };
            let argument = String::from_utf8_lossy(&argument).into_owned();
            if self.assign_argument(&argument) {
                continue;
            }
            self.reader.any = true;
            return self.open(&argument).map(|()| true);
        }
    }

    fn open(&mut self, name: &str) -> Outcome<()> {
        let content = match self.cx.input(name) {
            Ok(content) => content,
            Err(errno) => {
                let message = self.cx.system.message(errno);
                return Err(Halt::Fatal(match (self.cx.busybox(), errno) {
                    (true, Errno::EISDIR) => format!("cmd. line:1: {message}"),
                    (true, _) => format!("{name}: {message}"),
                    (false, Errno::EISDIR) => format!("read error ({message})"),
                    (false, _) => format!("cannot open {name} ({message})"),
                }));
            }
        };
        let bytes = content.to_bytes().map_err(|_| Halt::NotSimulated(format!("the content of {name} is not held")))?;
        self.reader.current = Some(Text { bytes, at: 0 });
        self.globals[special::FNR] = Cell::Value(Value::Number(0.0));
        let shown = if name == "-" { "" } else { name };
        self.globals[special::FILENAME] = Cell::Value(Value::input(shown.as_bytes()));
        Ok(())
    }

    fn record_separator(&mut self) -> Outcome<Separator> {
        let text = self.text_of(special::RS);
        Ok(match text.as_slice() {
            [] => Separator::Paragraph,
            [byte] => Separator::Byte(*byte),
            _ => Separator::Pattern(self.pattern(&text)?),
        })
    }

    /// `getline < file`: the next record; none at the end, `Err` if it cannot be read.
    pub(super) fn read_file(&mut self, name: &[u8]) -> Outcome<Result<Option<Vec<u8>>, ()>> {
        let separator = self.record_separator()?;
        if !self.reader.files.contains_key(name) {
            let path = String::from_utf8_lossy(name).into_owned();
            let Ok(content) = self.cx.input(&path) else { return Ok(Err(())) };
            let bytes =
                content.to_bytes().map_err(|_| Halt::NotSimulated(format!("the content of {path} is not held")))?;
            self.reader.files.insert(name.to_vec(), Text { bytes, at: 0 });
        }
        Ok(Ok(self.reader.files.get_mut(name).and_then(|text| text.record(&separator))))
    }

    /// `command | getline`.
    pub(super) fn read_command(&mut self, command: &[u8]) -> Outcome<Option<Vec<u8>>> {
        let separator = self.record_separator()?;
        if !self.reader.files.contains_key(command) {
            self.flush();
            let (bytes, _) = self.capture(command, None)?;
            self.reader.files.insert(command.to_vec(), Text { bytes: Arc::new(bytes), at: 0 });
        }
        Ok(self.reader.files.get_mut(command).and_then(|text| text.record(&separator)))
    }

    // ---- output ----

    pub(super) fn print(&mut self, list: &'p [Expr], target: Option<&'p Target>) -> Outcome<()> {
        let mut line = Vec::new();
        if list.is_empty() {
            line.extend_from_slice(&self.whole_record());
        }
        for (i, expr) in list.iter().enumerate() {
            let value = self.eval(expr)?;
            if i > 0 {
                line.extend_from_slice(&self.text_of(special::OFS));
            }
            let format = self.output_format();
            line.extend_from_slice(&value.bytes(&format));
        }
        line.extend_from_slice(&self.text_of(special::ORS));
        self.emit(line, target)
    }

    pub(super) fn printf(&mut self, list: &'p [Expr], target: Option<&'p Target>) -> Outcome<()> {
        let text = self.format_list(list)?;
        self.emit(text, target)
    }

    fn emit(&mut self, text: Vec<u8>, target: Option<&'p Target>) -> Outcome<()> {
        let (expr, append) = match target {
            None => {
                self.output.out.extend_from_slice(&text);
                return self.check_output();
            }
            Some(Target::Command(expr)) => {
                let format = self.format();
                let command = self.eval(expr)?.bytes(&format).to_vec();
                match self.output.commands.iter_mut().find(|(known, _)| *known == command) {
                    Some((_, input)) => input.extend_from_slice(&text),
                    None => self.output.commands.push((command, text)),
                }
                return Ok(());
            }
            Some(Target::File(expr)) => (expr, false),
            Some(Target::Append(expr)) => (expr, true),
        };
        let format = self.format();
        let name = self.eval(expr)?.bytes(&format).to_vec();
        match name.as_slice() {
            b"/dev/stdout" | b"-" => {
                self.output.out.extend_from_slice(&text);
                return self.check_output();
            }
            b"/dev/stderr" => {
                self.flush();
                self.cx.err(text);
                return Ok(());
            }
            _ => {}
        }
        let shown = String::from_utf8_lossy(&name).into_owned();
        let ino = match self.output.files.get(&name) {
            Some(ino) => *ino,
            None => {
                let options = if append { OpenOptions::appending() } else { OpenOptions::replacing() };
                let (path, mode) = (self.cx.process.path(&shown), self.cx.process.masked(0o666));
                match self.cx.system.fs.open(&self.cx.process.cred, &path, options, mode) {
                    Ok(ino) => {
                        self.output.files.insert(name, ino);
                        ino
                    }
                    Err(errno) => {
                        let message = self.cx.system.message(errno);
                        return Err(Halt::Fatal(match self.cx.busybox() {
                            true => format!("can't open '{shown}': {message}"),
                            false => format!("cannot open \"{shown}\" for output"),
                        }));
                    }
                }
            }
        };
        let at = self.cx.system.fs.len_handle(ino);
        self.cx
            .system
            .fs
            .write_handle(ino, at, &Content::from(text))
            .map_err(|errno| Halt::Fatal(format!("write error: {errno}")))
    }

    /// `close`: 0, or -1 if nothing of that name is open.
    pub(super) fn close(&mut self, name: &[u8]) -> Outcome<f64> {
        let found = self.reader.files.remove(name).is_some() | self.output.files.remove(name).is_some();
        if let Some(at) = self.output.commands.iter().position(|(command, _)| command == name) {
            let (command, input) = self.output.commands.remove(at);
            self.flush();
            let exit = self.run_command(&command, input)?;
            return Ok(exit.into());
        }
        Ok(if found { 0.0 } else { -1.0 })
    }

    // ---- commands ----

    /// `system`.
    pub(super) fn system(&mut self, command: &[u8]) -> Outcome<f64> {
        self.flush();
        self.run_command(command, Vec::new()).map(f64::from)
    }

    fn run_command(&mut self, command: &[u8], input: Vec<u8>) -> Outcome<u8> {
        let (out, exit) = self.capture(command, Some(input))?;
        let to_stderr = command.ends_with(b"1>&2") || command.ends_with(b">&2");
        if to_stderr {
            self.cx.err(out)
        } else {
            self.cx.out(out)
        }
        Ok(exit)
    }

    /// Runs one simple command, without a shell.
    fn capture(&mut self, command: &[u8], input: Option<Vec<u8>>) -> Outcome<(Vec<u8>, u8)> {
        let text = String::from_utf8_lossy(command).into_owned();
        let unknown = || Halt::NotSimulated(format!("the command {text}"));
        let plain = text.strip_suffix(">&2").map_or(text.as_str(), |rest| rest.strip_suffix('1').unwrap_or(rest));
        let args: Vec<String> = plain.split_whitespace().map(str::to_owned).collect();
        let simple = |c: char| c.is_ascii_alphanumeric() || " _./,:+-@%^".contains(c);
        if !plain.chars().all(simple) || args.is_empty() {
            return Err(unknown());
        }
        let name = args[0].rsplit('/').next().unwrap_or_default();
        let Some(Run::Plain(run)) = find(name).map(|command| command.run) else { return Err(unknown()) };
        let mut process = self.cx.process.clone();
        if let Some(input) = input
            && !input.is_empty()
        {
            process.fds.insert(0, Description::holding(Content::from(input)).fd());
        }
        let pipe = Description::holding(Content::empty()).fd();
        process.fds.insert(1, pipe.clone());
        let exit = run(&mut Context { args, system: self.cx.system, process: &mut process });
        let bytes = match &*pipe.borrow() {
            Description::Pipe { content, .. } => content.to_bytes().map_err(|_| unknown())?.to_vec(),
            _ => Vec::new(),
        };
        Ok((bytes, exit))
    }
}

/// What ends a record.
enum Separator {
    Byte(u8),
    Paragraph,
    Pattern(Rc<Pattern>),
}

impl Text {
    fn record(&mut self, separator: &Separator) -> Option<Vec<u8>> {
        let bytes = self.bytes.clone();
        if let Separator::Paragraph = separator {
            self.at += bytes[self.at..].iter().take_while(|byte| **byte == b'\n').count();
        }
        let rest = bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let (end, after) = match separator {
            Separator::Byte(byte) => match rest.iter().position(|b| b == byte) {
                Some(end) => (end, end + 1),
                None => (rest.len(), rest.len()),
            },
            Separator::Paragraph => match rest.windows(2).position(|pair| pair == b"\n\n") {
                Some(end) => {
                    let feeds = rest[end..].iter().take_while(|byte| **byte == b'\n').count();
                    (end, end + feeds)
                }
                None => (rest.strip_suffix(b"\n").unwrap_or(rest).len(), rest.len()),
            },
            Separator::Pattern(pattern) => match pattern.find(rest, 0) {
                Some((from, to)) if to > from => (from, to),
                _ => (rest.strip_suffix(b"\n").unwrap_or(rest).len(), rest.len()),
            },
        };
        self.at += after;
        Some(rest[..end].to_vec())
    }
}
