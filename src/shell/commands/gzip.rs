//! `gzip`, `gunzip`, `zcat`: compress files one by one, or unpack them. It lacks GNU's `-l`, `-r` and `-S`.
//!
//! The bytes that it makes differ from those of the real ones, so a file that it leaves is *modelled*.

use super::{Command, Context, Exit, Options, Run};
use crate::archive::decompress;
use crate::shell::Description;
use crate::vfs::{Content, FileKind, OpenOptions, Stat};
use std::io::Write;

const OPTIONS: &Options = &Options {
    short: "cdfkqtvn123456789",
    long: &[
        ("stdout", 'c'),
        ("to-stdout", 'c'),
        ("decompress", 'd'),
        ("uncompress", 'd'),
        ("force", 'f'),
        ("keep", 'k'),
        ("quiet", 'q'),
        ("test", 't'),
        ("verbose", 'v'),
        ("no-name", 'n'),
        ("fast", '1'),
        ("best", '9'),
    ],
    hidden: "",
    in_order: false,
};

pub(super) const GZIP: Command = Command { name: "gzip", run: Run::Plain(run), options: OPTIONS };
pub(super) const GUNZIP: Command = Command { name: "gunzip", run: Run::Plain(run), options: OPTIONS };
pub(super) const ZCAT: Command = Command { name: "zcat", run: Run::Plain(run), options: OPTIONS };

/// The longest that a file may be unpacked to, in bytes.
const MAX_UNPACKED: u64 = 1 << 30;

/// gzip's form of some bytes, at a level from 1 to 9; with the name of the file, if it is to be stored.
pub(super) fn compress(bytes: &[u8], level: u32, name: Option<&str>) -> Vec<u8> {
    let mut builder = flate2::GzBuilder::new().operating_system(3);
    if let Some(name) = name {
        builder = builder.filename(name);
    }
    let mut encoder = builder.write(Vec::new(), flate2::Compression::new(level));
    // Writing to memory cannot fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

struct Job {
    decompress: bool,
    to_stdout: bool,
    force: bool,
    keep: bool,
    test: bool,
    level: u32,
    /// GNU stores the file's name.
    named: bool,
}

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(OPTIONS) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.has('v') {
        return cx.not_simulated("option -v");
    }
    let program = cx.name().to_owned();
    let job = Job {
        decompress: program != "gzip" || parsed.last_of("dt").is_some(),
        to_stdout: program == "zcat" || parsed.has('c'),
        force: parsed.has('f'),
        keep: parsed.has('k'),
        test: parsed.has('t'),
        level: parsed.last_of("123456789").and_then(|level| level.to_digit(10)).unwrap_or(6),
        named: !cx.busybox() && !parsed.has('n'),
    };
    if !cx.busybox() && program != "gzip" {
        // They are scripts around gzip, which speaks in its own name.
        cx.args[0] = "gzip".to_owned();
    }
    let mut operands = parsed.operands;
    if operands.is_empty() {
        operands.push("-".to_owned());
    }
    let mut exit = 0;
    for operand in &operands {
        let status = if operand == "-" { stream(cx, &job) } else { file(cx, &job, operand) };
        exit = exit.max(status);
        if status == NOT_SIMULATED {
            return 0;
        }
    }
    exit
}

/// A status that only means that the command was noted as not simulated.
const NOT_SIMULATED: Exit = 255;

fn stream(cx: &mut Context<'_>, job: &Job) -> Exit {
    let content = cx.stdin();
    let Some(bytes) = cx.bytes(&content, "standard input") else { return NOT_SIMULATED };
    match convert(cx, job, &bytes, "stdin") {
        Ok(out) => {
            emit(cx, job, out);
            0
        }
        Err(exit) => exit,
    }
}

/// To standard output.
fn emit(cx: &mut Context<'_>, job: &Job, out: Vec<u8>) {
    if job.test {
        return;
    }
    let to_file = cx.process.fds.get(&1).is_some_and(|fd| matches!(*fd.borrow(), Description::File { .. }));
    if !job.decompress && to_file {
        cx.modelled("the bytes of its output, which differ between versions of gzip");
    }
    cx.out(out);
}

/// The other form of some bytes.
fn convert(cx: &mut Context<'_>, job: &Job, bytes: &[u8], name: &str) -> Result<Vec<u8>, Exit> {
    if !job.decompress {
        let base = name.rsplit('/').next().unwrap_or(name);
        let stored = (job.named && name != "stdin").then_some(base);
        return Ok(compress(bytes, job.level, stored));
    }
    let is_gzip = bytes.starts_with(&[0x1f, 0x8b, 8]);
    if !is_gzip {
        if let Some(other) = crate::archive::sniff(bytes)
            && cx.busybox()
        {
            cx.not_simulated(format_args!("{} compression", other.name));
            return Err(NOT_SIMULATED);
        }
        if job.force && job.to_stdout && !cx.busybox() {
            return Ok(bytes.to_vec());
        }
        match cx.busybox() {
            true if cx.name() == "zcat" => cx.complain("no gzip/bzip2/xz magic"),
            true => cx.complain("invalid magic"),
            false if bytes.len() < 2 => cx.err(format!("\ngzip: {name}: unexpected end of file\n")),
            false => cx.err(format!("\ngzip: {name}: not in gzip format\n")),
        }
        return Err(1);
    }
    match decompress(bytes, MAX_UNPACKED) {
        Ok(out) => Ok(out),
        Err(error) => {
            use crate::archive::ArchiveErrorKind as Kind;
            match (&error.kind, cx.busybox()) {
                (Kind::TooManyBytes { limit }, _) => {
                    cx.not_simulated(format_args!("{name} unpacks to more than {limit} bytes"));
                    return Err(NOT_SIMULATED);
                }
                (Kind::CutOffCompressed { .. }, true) => cx.complain("unexpected end of file"),
                (_, true) => cx.complain("corrupted data"),
                (Kind::CutOffCompressed { .. }, false) => {
                    cx.err(format!("\ngzip: {name}: unexpected end of file\n"));
                }
                (_, false) => cx.err(format!("\ngzip: {name}: invalid compressed data--format violated\n")),
            }
            Err(1)
        }
    }
}

fn file(cx: &mut Context<'_>, job: &Job, operand: &str) -> Exit {
    let mut name = operand.to_owned();
    let mut found = stat(cx, &name);
    if found.is_err() && job.decompress && !cx.busybox() && !name.ends_with(".gz") {
        // GNU adds the suffix itself.
        name.push_str(".gz");
        found = stat(cx, &name);
    }
    let stat = match found {
        Ok(stat) => stat,
        Err(errno) => {
            cx.complain_of(&name, errno);
            return 1;
        }
    };
    if stat.is_dir() {
        return directory(cx, job, &name);
    }
    if !cx.busybox() && !job.to_stdout && !job.test && !job.force && stat.nlink > 1 {
        let others = stat.nlink - 1;
        let plural = if others == 1 { "" } else { "s" };
        cx.complain(format_args!("{name} has {others} other link{plural} -- file ignored"));
        return 2;
    }
    let target = if job.to_stdout || job.test {
        None
    } else if job.decompress {
        match unpacked_name(&name) {
            Some(target) => Some(target),
            None => {
                cx.complain(format_args!("{name}: unknown suffix {} ignored", if cx.busybox() { "-" } else { "--" }));
                return if cx.busybox() { 1 } else { 2 };
            }
        }
    } else {
        let known = [".gz", ".tgz", ".taz", ".z", ".Z"].iter().find(|suffix| name.ends_with(*suffix));
        if let Some(suffix) = known
            && !cx.busybox()
            && !job.force
        {
            cx.complain(format_args!("{name} already has {suffix} suffix -- unchanged"));
            return 0;
        }
        Some(format!("{name}.gz"))
    };
    let content = match cx.input(&name) {
        Ok(content) => content,
        Err(errno) => {
            cx.complain_of(&name, errno);
            return 1;
        }
    };
    if let Some(target) = &target
        && cx.lstat(target).is_ok()
        && !job.force
    {
        if cx.busybox() {
            cx.complain(format_args!("can't open '{target}': File exists"));
            return 1;
        }
        // Without a terminal the question whether to overwrite has the answer no.
        cx.complain(format_args!("{target} already exists;\tnot overwritten"));
        return 2;
    }
    let Some(bytes) = cx.bytes(&content, &name) else { return NOT_SIMULATED };
    let out = match convert(cx, job, &bytes, &name) {
        Ok(out) => out,
        Err(exit) => return exit,
    };
    match target {
        Some(target) => replace(cx, job, &name, &target, &stat, out),
        None => {
            emit(cx, job, out);
            0
        }
    }
}

fn stat(cx: &Context<'_>, name: &str) -> Result<Stat, crate::vfs::Errno> {
    cx.system.fs.stat(&cx.process.cred, &cx.process.path(name))
}

fn directory(cx: &mut Context<'_>, job: &Job, name: &str) -> Exit {
    if !cx.busybox() {
        cx.complain(format_args!("{name} is a directory -- ignored"));
        return 2;
    }
    match (job.decompress, job.to_stdout) {
        (true, false) => cx.complain(format_args!("{name}: unknown suffix - ignored")),
        (true, true) => cx.complain("short read"),
        _ => {
            // It has read the directory as an empty file by then.
            let target = format!("{name}.gz");
            let options = OpenOptions { exclusive: true, ..OpenOptions::replacing() };
            let mode = stat(cx, name).map_or(0o777, |stat| stat.meta.mode & 0o777);
            if !job.to_stdout
                && let Ok(ino) = cx.open(&target, options, cx.process.masked(mode))
            {
                let _ = cx.system.fs.write_handle(ino, 0, &Content::from(compress(&[], job.level, None)));
            }
            cx.complain(format_args!("can't remove file '{name}': Is a directory"));
        }
    }
    1
}

/// Writes the new file with the mode, owner and time of the old one, and removes that.
fn replace(cx: &mut Context<'_>, job: &Job, name: &str, target: &str, stat: &Stat, out: Vec<u8>) -> Exit {
    if job.force {
        let _ = cx.unlink(target);
    }
    let options = OpenOptions { exclusive: true, ..OpenOptions::replacing() };
    let ino = match cx.open(target, options, cx.process.masked(stat.meta.mode & 0o777)) {
        Ok(ino) => ino,
        Err(errno) => {
            match cx.busybox() {
                true => cx.complain_of(format_args!("can't open '{target}'"), errno),
                false => cx.complain_of(target, errno),
            }
            return 1;
        }
    };
    if !job.decompress {
        cx.modelled(format_args!("the bytes of {target}, which differ between versions of gzip"));
    }
    if let Err(errno) = cx.system.fs.write_handle(ino, 0, &Content::from(out)) {
        cx.complain_of(target, errno);
        return 1;
    }
    let time = Some(stat.meta.mtime);
    if cx.busybox() {
        // It keeps the mode only as far as the umask lets it, and the time.
        let _ = cx.set_mtime(target, time, true);
    } else {
        let _ = cx.chown(target, Some(stat.meta.uid), Some(stat.meta.gid), true);
        let _ = cx.chmod(target, stat.meta.mode);
        let _ = cx.set_mtime(target, time, true);
    }
    if !job.keep
        && stat.kind == FileKind::File
        && let Err(errno) = cx.unlink(name)
    {
        cx.complain_of(name, errno);
        return 1;
    }
    0
}

/// The name without its suffix; `.tgz` becomes `.tar`.
fn unpacked_name(name: &str) -> Option<String> {
    if let Some(base) = name.strip_suffix(".tgz").or_else(|| name.strip_suffix(".taz")) {
        return Some(format!("{base}.tar"));
    }
    let base = [".gz", ".z", ".Z"].iter().find_map(|suffix| name.strip_suffix(suffix))?;
    (!base.is_empty() && !base.ends_with('/')).then(|| base.to_owned())
}
