//! Going through files and lines, and printing what was found.

use super::super::input::{chomp, lines};
use super::super::{Context, Exit, Parsed};
use super::{Choice, tell};
use crate::vfs::{Content, Errno, FileKind};

pub(super) struct Search<'a, 'b> {
    cx: &'a mut Context<'b>,
    choice: Choice,
    count: bool,
    list: bool,
    list_others: bool,
    number: bool,
    offset: bool,
    only: bool,
    quiet: bool,
    silent: bool,
    recursive: Option<bool>,
    zero: bool,
    text: bool,
    skip_binary: bool,
    names: Option<bool>,
    most: u64,
    before: usize,
    after: usize,
    context: bool,
    include: Vec<String>,
    exclude: Vec<String>,
    exclude_dir: Vec<String>,
    found: bool,
    failed: bool,
    printed: bool,
    stopped: bool,
}

impl<'a, 'b> Search<'a, 'b> {
    pub(super) fn new(cx: &'a mut Context<'b>, choice: Choice, parsed: &Parsed) -> Self {
        let number = |letter: char| parsed.value(letter).and_then(|value| value.parse::<usize>().ok());
        let around = number('C').unwrap_or(0);
        let values =
            |letter: char| parsed.given.iter().filter(|(l, _)| *l == letter).map(|(_, value)| value.clone()).collect();
        let context = around + number('A').unwrap_or(0) + number('B').unwrap_or(0) > 0
            || !cx.busybox() && parsed.last_of("ABC").is_some();
        Self {
            cx,
            choice,
            count: parsed.has('c'),
            list: parsed.has('l'),
            list_others: parsed.has('L'),
            number: parsed.has('n'),
            offset: parsed.has('b'),
            only: parsed.has('o'),
            quiet: parsed.has('q'),
            silent: parsed.has('s'),
            recursive: parsed.last_of("rR").map(|letter| letter == 'R'),
            zero: parsed.has('z'),
            text: parsed.has('a'),
            skip_binary: parsed.has('I'),
            names: parsed.last_of("Hh").map(|letter| letter == 'H'),
            most: parsed.value('m').and_then(|value| value.parse().ok()).unwrap_or(u64::MAX),
            before: number('B').unwrap_or(around),
            after: number('A').unwrap_or(around),
            context,
            include: values('1'),
            exclude: values('2'),
            exclude_dir: values('3'),
            found: false,
            failed: false,
            printed: false,
            stopped: false,
        }
    }

    pub(super) fn run(mut self, mut operands: Vec<String>) -> Exit {
        if operands.is_empty() {
            operands.push(if self.recursive.is_some() { "." } else { "-" }.to_owned());
            if self.recursive.is_some() {
                self.names.get_or_insert(true);
                return self.tree("");
            }
        }
        let several = operands.len() > 1 || self.recursive.is_some() && self.is_tree(&operands[0]);
        self.names.get_or_insert(several);
        for operand in operands {
            if self.stopped {
                break;
            }
            if self.recursive.is_some() && self.is_tree(&operand) {
                self.tree(&operand);
            } else {
                self.operand(&operand);
            }
        }
        self.status()
    }

    fn status(&self) -> Exit {
        match (self.found, self.failed) {
            (true, _) if self.quiet => 0,
            (_, true) => 2,
            (found, false) => u8::from(!found),
        }
    }

    fn is_tree(&self, operand: &str) -> bool {
        operand != "-"
            && self.cx.system.fs.stat(&self.cx.process.cred, &self.cx.process.path(operand)).is_ok_and(|s| s.is_dir())
    }

    /// The files below a directory; links below it are followed only by GNU's `-R`, or as operands.
    fn tree(&mut self, dir: &str) -> Exit {
        let path = self.cx.process.path(if dir.is_empty() { "." } else { dir });
        let entries = match self.cx.system.fs.read_dir(&self.cx.process.cred, &path) {
            Ok(entries) => entries,
            Err(errno) => {
                tell(self.cx, self.silent, dir, errno);
                self.failed = true;
                return self.status();
            }
        };
        for entry in entries {
            if self.stopped {
                break;
            }
            let name = match dir {
                "" => entry.name.to_string(),
                _ if dir.ends_with('/') => format!("{dir}{}", entry.name),
                _ => format!("{dir}/{}", entry.name),
            };
            let path = self.cx.process.path(&name);
            let follow = self.recursive == Some(true);
            let fs = &self.cx.system.fs;
            let cred = &self.cx.process.cred;
            let Ok(stat) = (if follow { fs.stat(cred, &path) } else { fs.lstat(cred, &path) }) else { continue };
            match stat.kind {
                FileKind::Dir if matches_any(&self.exclude_dir, &entry.name) => {}
                FileKind::Dir => {
                    self.tree(&name);
                }
                FileKind::File => {
                    let wanted = self.include.is_empty() || matches_any(&self.include, &entry.name);
                    if wanted && !matches_any(&self.exclude, &entry.name) {
                        self.operand(&name);
                    }
                }
                _ => {}
            }
        }
        self.status()
    }

    fn operand(&mut self, operand: &str) {
        let content = match self.cx.input(operand) {
            Ok(content) => content,
            // busybox reads a directory as an empty file.
            Err(Errno::EISDIR) if self.cx.busybox() => Content::empty(),
            Err(errno) => {
                tell(self.cx, self.silent, operand, errno);
                self.failed = true;
                return;
            }
        };
        let Some(bytes) = self.cx.bytes(&content, operand) else {
            self.stopped = true;
            // What it would have found is unknown; the note says so.
            self.found = true;
            return;
        };
        let name = if operand == "-" { "(standard input)" } else { operand };
        self.file(name, &bytes);
    }

    fn file(&mut self, name: &str, bytes: &[u8]) {
        let binary = !self.cx.busybox() && !self.text && !self.zero && bytes.contains(&0);
        if binary && self.skip_binary {
            return;
        }
        let separator = if self.zero { 0 } else { b'\n' };
        let cut = self.cx.busybox();
        let all: Vec<&[u8]> = if self.zero {
            bytes.split_inclusive(|byte| *byte == 0).map(|line| line.strip_suffix(b"\0").unwrap_or(line)).collect()
        } else {
            // busybox's lines are C strings.
            let line = |line| if cut { c_string(chomp(line)) } else { chomp(line) };
            lines(bytes).map(line).collect()
        };
        let prefix = if self.names == Some(true) { name.to_owned() } else { String::new() };
        let mut out = Vec::new();
        let (mut count, mut next_unprinted, mut last_selected) = (0u64, 0usize, None::<usize>);
        let mut offset = 0;
        let printing = !(self.count || self.list || self.list_others || self.quiet);
        for (i, line) in all.iter().enumerate() {
            let start = offset;
            offset += line.len() + 1;
            let selected = count < self.most && self.choice.selects(line);
            if selected {
                count += 1;
                if self.quiet {
                    self.found = true;
                    self.stopped = true;
                    return;
                }
                if self.list || self.list_others {
                    break;
                }
            }
            if !printing {
                continue;
            }
            if selected {
                let from = next_unprinted.max(i.saturating_sub(self.before));
                if self.context && self.printed && (from > next_unprinted || next_unprinted == 0) {
                    out.extend_from_slice(b"--\n");
                }
                if !self.only {
                    for (k, earlier) in all.iter().enumerate().take(i).skip(from) {
                        self.line(&mut out, &prefix, '-', k, 0, earlier, separator);
                    }
                }
                self.matched(&mut out, &prefix, i, start, line, separator);
                next_unprinted = i + 1;
                last_selected = Some(i);
                self.printed = true;
            } else if last_selected.is_some_and(|last| i <= last + self.after) && !self.only {
                self.line(&mut out, &prefix, '-', i, start, line, separator);
                next_unprinted = i + 1;
            } else if count >= self.most {
                break;
            }
        }
        // busybox counts a file that -L lists as found, GNU a line that is selected.
        self.found |= (count > 0) != (self.list_others && self.cx.busybox());
        if self.list || self.list_others {
            if (count > 0) == self.list {
                out = format!("{name}\n").into_bytes();
            }
        } else if self.count && !self.quiet {
            out = if prefix.is_empty() { format!("{count}\n") } else { format!("{prefix}:{count}\n") }.into_bytes();
        } else if binary && count > 0 && !self.quiet {
            self.cx.complain(format_args!("{name}: binary file matches"));
            return;
        }
        self.cx.out(out);
    }

    fn matched(&self, out: &mut Vec<u8>, prefix: &str, index: usize, start: usize, line: &[u8], separator: u8) {
        if !self.only {
            return self.line(out, prefix, ':', index, start, line, separator);
        }
        if self.choice.invert {
            return;
        }
        let mut at = 0;
        while let Some((from, to)) = self.choice.find(line, at) {
            if to > from {
                self.line(out, prefix, ':', index, start + from, &line[from..to], separator);
            }
            at = if to > from { to } else { to + 1 };
            if at > line.len() {
                break;
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a line and all that stands before it")]
    fn line(&self, out: &mut Vec<u8>, prefix: &str, mark: char, index: usize, offset: usize, line: &[u8], end: u8) {
        let mut head = String::new();
        if !prefix.is_empty() {
            head = format!("{prefix}{mark}");
        }
        if self.number {
            head.push_str(&format!("{}{mark}", index + 1));
        }
        if self.offset {
            head.push_str(&format!("{offset}{mark}"));
        }
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(line);
        out.push(end);
    }
}

fn c_string(line: &[u8]) -> &[u8] {
    line.split(|byte| *byte == 0).next().unwrap_or(line)
}

fn matches_any(patterns: &[String], name: &str) -> bool {
    patterns.iter().any(|pattern| wildcard(pattern.as_bytes(), name.as_bytes()))
}

/// A pattern of `*`, `?` and plain characters, as fnmatch(3) without brackets.
fn wildcard(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern, name) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => (0..=name.len()).any(|from| wildcard(rest, &name[from..])),
        ([b'?', rest @ ..], [_, others @ ..]) => wildcard(rest, others),
        ([c, rest @ ..], [d, others @ ..]) if c == d => wildcard(rest, others),
        _ => false,
    }
}
