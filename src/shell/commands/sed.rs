//! `sed`: edit a stream of lines, or files in place. It lacks the command `e`, which runs programs, and GNU's `--posix`, `--debug`, `--sandbox`.
//!
//! In place means what it does for the real ones: the new text goes to a temporary file beside the old one, which then takes
//! its name. So the file is a new one in the layer, hard links are broken, and a symbolic link is replaced by a file.

mod arguments;
mod parse;
mod run;
mod substitute;

use super::input::{Failure, Words};
use super::{Command, Context, Exit, Options, Parsed, Run};
use crate::vfs::{Content, FileKind, OpenOptions};
use parse::{Fault, Script};
use run::{Input, Output, Stream};

pub(super) const COMMAND: Command = Command {
    name: "sed",
    run: Run::Plain(main),
    options: &Options {
        short: "nEre:f:i::suzl:2",
        long: &[
            ("quiet", 'n'),
            ("silent", 'n'),
            ("regexp-extended", 'E'),
            ("expression", 'e'),
            ("file", 'f'),
            ("in-place", 'i'),
            ("separate", 's'),
            ("unbuffered", 'u'),
            ("null-data", 'z'),
            ("line-length", 'l'),
            ("follow-symlinks", '2'),
        ],
        hidden: "2",
        in_order: false,
    },
};

const WORDS: Words =
    Words { missing: ["%", "can't read %"], directory: [None, Some("couldn't read %: Is a directory")] };

fn main(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let mut operands = parsed.operands.clone();
    let pieces = match pieces(cx, &parsed, &mut operands) {
        Ok(pieces) => pieces,
        Err(exit) => return exit,
    };
    let dialect = parse::Dialect {
        busybox: cx.busybox(),
        libc: cx.system.libc,
        utf8: cx.utf8(),
        extended: parsed.last_of("Er").is_some(),
    };
    let (mut script, quiet) = match Script::parse(&pieces, dialect) {
        Ok(script) => script,
        Err(Fault::NotSimulated(what)) => return cx.not_simulated(what),
        Err(Fault::Script(message)) => {
            // GNU takes a missing label for a worse fault than the others.
            let exit = if message.starts_with("can't find label") && !cx.busybox() { 4 } else { 1 };
            cx.complain(message);
            return exit;
        }
    };
    script.quiet = quiet || parsed.has('n');
    script.separator = if parsed.has('z') { 0 } else { b'\n' };
    script.separate = parsed.has('s') || parsed.has('i');
    script.wrap = parsed.value('l').and_then(|value| value.parse().ok()).unwrap_or(70);
    if let Err(exit) = open_outputs(cx, &script) {
        return exit;
    }
    if parsed.has('i') {
        if operands.is_empty() {
            if cx.busybox() {
                return cx.misused("");
            }
            cx.complain("no input files");
            return 1;
        }
        let place = InPlace { suffix: parsed.value('i').unwrap_or(""), follow: parsed.has('2') };
        return in_place(cx, &script, &operands, &place);
    }
    if operands.is_empty() {
        operands.push("-".to_owned());
    }
    let (inputs, exit) = match read(cx, &operands) {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    let mut output = Output::new(cx);
    let end = run::run(cx, &script, inputs, &mut output);
    cx.out(output.take());
    output.write_files(cx);
    finish(cx, end, exit)
}

/// The script's pieces, in the order of `-e` and `-f`, or the first operand.
fn pieces(cx: &mut Context<'_>, parsed: &Parsed, operands: &mut Vec<String>) -> Result<Vec<Vec<u8>>, Exit> {
    let mut pieces = Vec::new();
    for (letter, value) in &parsed.given {
        match letter {
            'e' => pieces.push(value.clone().into_bytes()),
            'f' => match cx.input(value) {
                Ok(content) => {
                    let bytes = cx.bytes(&content, value).ok_or(0)?;
                    pieces.push(bytes.strip_suffix(b"\n").unwrap_or(&bytes).to_vec());
                }
                Err(errno) if cx.busybox() => {
                    cx.complain_of(value, errno);
                    return Err(1);
                }
                Err(errno) => {
                    cx.complain_of(format_args!("couldn't open file {value}"), errno);
                    return Err(4);
                }
            },
            _ => {}
        }
    }
    if !pieces.is_empty() {
        return Ok(pieces);
    }
    if operands.is_empty() {
        if !cx.busybox() {
            cx.err("Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n");
            return Err(1);
        }
        return Err(cx.misused(""));
    }
    Ok(vec![operands.remove(0).into_bytes()])
}

/// Files named by `w` are emptied before anything is read.
fn open_outputs(cx: &mut Context<'_>, script: &Script) -> Result<(), Exit> {
    for name in script.outputs() {
        let (path, mode) = (cx.process.path(&name), cx.process.masked(0o666));
        if matches!(name.as_str(), "/dev/stdout" | "/dev/stderr") {
            continue;
        }
        if let Err(errno) = cx.system.fs.open(&cx.process.cred, &path, OpenOptions::replacing(), mode) {
            match cx.busybox() {
                true => cx.complain_of(format_args!("can't open '{name}'"), errno),
                false => cx.complain_of(format_args!("couldn't open file {name}"), errno),
            }
            return Err(if cx.busybox() { 1 } else { 4 });
        }
    }
    Ok(())
}

fn read(cx: &mut Context<'_>, operands: &[String]) -> Result<(Vec<Input>, Exit), Exit> {
    let (mut inputs, mut exit) = (Vec::new(), 0);
    for operand in operands {
        match cx.operand_bytes(operand, &WORDS) {
            Ok(bytes) => inputs.push(Input { name: operand.clone(), bytes }),
            Err(Failure::NotSimulated) => return Err(0),
            Err(Failure::Told) => exit = if cx.busybox() { 1 } else { 2 },
        }
    }
    Ok((inputs, exit))
}

fn finish(cx: &mut Context<'_>, end: Stream, exit: Exit) -> Exit {
    match end {
        Stream::Ended => exit,
        Stream::Quit(status) => status,
        Stream::Budget => {
            cx.system.halt(crate::shell::Stop::Commands);
            1
        }
    }
}

struct InPlace<'a> {
    suffix: &'a str,
    follow: bool,
}

fn in_place(cx: &mut Context<'_>, script: &Script, operands: &[String], place: &InPlace<'_>) -> Exit {
    let mut exit = 0;
    for operand in operands {
        let mut path = cx.process.path(operand);
        if place.follow
            && let Ok(real) = cx.system.fs.realpath(&cx.process.cred, &path)
        {
            path = real.to_string();
        }
        let stat = match cx.system.fs.stat(&cx.process.cred, &path) {
            Ok(stat) => stat,
            Err(errno) => {
                match cx.busybox() {
                    true => cx.complain_of(operand, errno),
                    false => cx.complain_of(format_args!("can't read {operand}"), errno),
                }
                exit = exit.max(if cx.busybox() { 1 } else { 2 });
                continue;
            }
        };
        if stat.kind != FileKind::File {
            if cx.busybox() {
                cx.complain(format_args!("{operand}: not a regular file"));
                exit = 1;
            } else {
                cx.complain(format_args!("couldn't edit {operand}: not a regular file"));
                exit = 4;
            }
            continue;
        }
        let content = match cx.system.fs.read(&cx.process.cred, &path) {
            Ok(content) => content,
            Err(errno) => {
                match cx.busybox() {
                    true => cx.complain_of(operand, errno),
                    false => cx.complain_of(format_args!("can't read {operand}"), errno),
                }
                exit = exit.max(if cx.busybox() { 1 } else { 2 });
                continue;
            }
        };
        let Some(bytes) = cx.bytes(&content, operand) else { return 0 };
        let temporary = temporary_name(&path, cx.busybox());
        let options = OpenOptions { exclusive: true, ..OpenOptions::replacing() };
        let ino = match cx.system.fs.open(&cx.process.cred, &temporary, options, 0o600) {
            Ok(ino) => ino,
            Err(errno) => {
                match cx.busybox() {
                    true => cx.complain_of(format_args!("can't create temp file '{operand}XXXXXX'"), errno),
                    false => {
                        let shown = temporary_name(operand, false);
                        cx.complain_of(format_args!("couldn't open temporary file {shown}"), errno);
                    }
                }
                return if cx.busybox() { 1 } else { 4 };
            }
        };
        let mut output = Output::new(cx);
        let end = run::run(cx, script, vec![Input { name: operand.clone(), bytes }], &mut output);
        let text = Content::from(output.take());
        output.write_files(cx);
        let cred = cx.process.cred.clone();
        let fs = &mut cx.system.fs;
        let meta = stat.meta;
        let mut replace = || {
            if !text.is_empty() {
                fs.write_handle(ino, 0, &text)?;
            }
            // A user who is not root cannot give the file away; the real ones ignore that.
            let _ = fs.chown(&cred, &temporary, Some(meta.uid), Some(meta.gid), false);
            fs.chmod(&cred, &temporary, meta.mode)?;
            if !place.suffix.is_empty() {
                fs.rename(&cred, &path, &backup_name(&path, place.suffix))?;
            }
            fs.rename(&cred, &temporary, &path)
        };
        if let Err(errno) = replace() {
            cx.complain_of(format_args!("cannot rename {temporary}"), errno);
            return 4;
        }
        match end {
            Stream::Ended => {}
            end => return finish(cx, end, exit),
        }
    }
    exit
}

/// The suffix is added; in GNU's, each `*` in it stands for the file's name, and a slash leads elsewhere.
fn backup_name(path: &str, suffix: &str) -> String {
    let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
    let new = if suffix.contains('*') { suffix.replace('*', name) } else { format!("{name}{suffix}") };
    if new.contains('/') { new } else { format!("{dir}/{new}") }
}

/// A name beside the file; the real one ends in random letters.
fn temporary_name(path: &str, busybox: bool) -> String {
    if busybox {
        return format!("{path}XXXXXX");
    }
    match path.rsplit_once('/') {
        Some((dir, _)) => format!("{dir}/sedXXXXXX"),
        None => "./sedXXXXXX".to_owned(),
    }
}
