//! `gzip`, `gunzip`, `zcat`, and the same for bzip2 and xz: compress files one by one, or unpack them. It lacks GNU's `-l`,
//! `-r` and `-S`.
//!
//! The bytes that gzip makes differ from those of the real one; of what bzip2 and xz make there is only a size, near what
//! gzip would make of it. So a file that they leave is *modelled*.

use super::{Command, Context, Exit, Options, Run};
use crate::archive::decompress;
use crate::shell::Description;
use crate::vfs::{Content, Errno, FileKind, OpenOptions, Stat};
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

/// bzip2's and xz's: as gzip's, with `-z`.
const OTHER: &Options = &Options {
    short: "cdfkqtvzs0123456789eT:",
    long: &[
        ("stdout", 'c'),
        ("to-stdout", 'c'),
        ("compress", 'z'),
        ("decompress", 'd'),
        ("uncompress", 'd'),
        ("force", 'f'),
        ("keep", 'k'),
        ("quiet", 'q'),
        ("test", 't'),
        ("verbose", 'v'),
        ("small", 's'),
        ("extreme", 'e'),
        ("threads", 'T'),
        ("fast", '1'),
        ("best", '9'),
    ],
    hidden: "",
    in_order: false,
};

/// A form of compressed files.
#[derive(Debug, PartialEq, Eq)]
struct Format {
    /// The program that makes it, which is its name for [`crate::archive::sniff`].
    name: &'static str,
    /// What is added to a name.
    suffix: &'static str,
    /// What is taken off a name, and what stands for it then; busybox knows the first ones only.
    suffixes: &'static [(&'static str, &'static str)],
    busybox_suffixes: usize,
}

const GZIP_FORMAT: &Format = &Format {
    name: "gzip",
    suffix: ".gz",
    suffixes: &[(".tgz", ".tar"), (".gz", ""), (".taz", ".tar"), (".z", ""), (".Z", "")],
    busybox_suffixes: 5,
};
const BZIP2_FORMAT: &Format = &Format {
    name: "bzip2",
    suffix: ".bz2",
    suffixes: &[(".bz2", ""), (".bz", ""), (".tbz2", ".tar"), (".tbz", ".tar")],
    busybox_suffixes: 1,
};
const XZ_FORMAT: &Format =
    &Format { name: "xz", suffix: ".xz", suffixes: &[(".xz", ""), (".txz", ".tar")], busybox_suffixes: 1 };

pub(super) const BUNZIP2: Command = Command { name: "bunzip2", run: Run::Plain(run), options: OTHER };
pub(super) const BZCAT: Command = Command { name: "bzcat", run: Run::Plain(run), options: OTHER };
pub(super) const BZIP2: Command = Command { name: "bzip2", run: Run::Plain(run), options: OTHER };
pub(super) const UNXZ: Command = Command { name: "unxz", run: Run::Plain(run), options: OTHER };
pub(super) const XZ: Command = Command { name: "xz", run: Run::Plain(run), options: OTHER };
pub(super) const XZCAT: Command = Command { name: "xzcat", run: Run::Plain(run), options: OTHER };
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
    format: &'static Format,
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
    let format = match cx.name() {
        "bzip2" | "bunzip2" | "bzcat" => BZIP2_FORMAT,
        "xz" | "unxz" | "xzcat" => XZ_FORMAT,
        _ => GZIP_FORMAT,
    };
    let parsed = match cx.options(if format == GZIP_FORMAT { OPTIONS } else { OTHER }) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.has('v') {
        return cx.not_simulated("option -v");
    }
    let program = cx.name().to_owned();
    let job = Job {
        format,
        decompress: (program != format.name && !parsed.has('z')) || parsed.last_of("dtz").is_some_and(|l| l != 'z'),
        to_stdout: program.ends_with("cat") || parsed.has('c'),
        force: parsed.has('f'),
        keep: parsed.has('k'),
        test: parsed.has('t'),
        level: parsed.last_of("123456789").and_then(|level| level.to_digit(10)).unwrap_or(6),
        named: format == GZIP_FORMAT && !cx.busybox() && !parsed.has('n'),
    };
    if format == XZ_FORMAT && cx.busybox() && !job.decompress {
        // Its xz only unpacks.
        return cx.misused("");
    }
    if !cx.busybox() && format == GZIP_FORMAT && program != "gzip" {
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
fn emit(cx: &mut Context<'_>, job: &Job, out: Content) {
    if job.test {
        return;
    }
    let to_file = cx.process.fds.get(&1).is_some_and(|fd| matches!(*fd.borrow(), Description::File { .. }));
    if !job.decompress && to_file {
        cx.modelled(format_args!("the bytes of its output, which differ between versions of {}", job.format.name));
    }
    cx.out_content(&out);
}

/// The other form of some bytes.
fn convert(cx: &mut Context<'_>, job: &Job, bytes: &[u8], name: &str) -> Result<Content, Exit> {
    if !job.decompress {
        let base = name.rsplit('/').next().unwrap_or(name);
        let stored = (job.named && name != "stdin").then_some(base);
        let packed = compress(bytes, job.level.max(1), stored);
        return Ok(if job.format == GZIP_FORMAT { packed.into() } else { Content::unknown(packed.len() as u64) });
    }
    let sniffed = crate::archive::sniff(bytes).map(|compression| compression.name);
    // busybox's zcat and its like read any of these.
    let any = cx.busybox() && cx.name() == "zcat" && matches!(sniffed, Some("gzip" | "bzip2" | "xz"));
    if sniffed != Some(job.format.name) && !any {
        if job.force && job.to_stdout && !cx.busybox() {
            return Ok(bytes.into());
        }
        if cx.busybox() && job.format == XZ_FORMAT {
            // It takes what is not xz for an empty file.
            return Ok(Content::empty());
        }
        foreign(cx, job, bytes, name);
        return Err(if cx.busybox() || job.format != BZIP2_FORMAT { 1 } else { 2 });
    }
    match decompress(bytes, MAX_UNPACKED) {
        Ok(out) => Ok(out.into()),
        Err(error) => {
            use crate::archive::ArchiveErrorKind as Kind;
            let cut = matches!(error.kind, Kind::CutOffCompressed { .. });
            if let Kind::TooManyBytes { limit } = &error.kind {
                cx.not_simulated(format_args!("{name} unpacks to more than {limit} bytes"));
                return Err(NOT_SIMULATED);
            }
            match (cx.busybox(), job.format.name) {
                (true, "gzip") if cut => cx.complain("unexpected end of file"),
                (true, _) => cx.complain("corrupted data"),
                (false, "gzip") if cut => cx.err(format!("\ngzip: {name}: unexpected end of file\n")),
                (false, "gzip") => cx.err(format!("\ngzip: {name}: invalid compressed data--format violated\n")),
                (false, "xz") if cut => cx.complain(format_args!("{}: Unexpected end of input", shown(job, name))),
                (false, "xz") => cx.complain(format_args!("{}: Compressed data is corrupt", shown(job, name))),
                (false, _) => cx.complain("Data integrity error when decompressing."),
            }
            Err(if cx.busybox() || job.format != BZIP2_FORMAT { 1 } else { 2 })
        }
    }
}

/// How bzip2 and xz name standard input.
fn shown<'a>(job: &Job, name: &'a str) -> &'a str {
    if name == "stdin" && job.format != GZIP_FORMAT { "(stdin)" } else { name }
}

/// Says that this is not compressed, or otherwise.
fn foreign(cx: &mut Context<'_>, job: &Job, bytes: &[u8], name: &str) {
    let shown = shown(job, name);
    match (cx.busybox(), job.format.name) {
        (true, _) if cx.name() == "zcat" => cx.complain("no gzip/bzip2/xz magic"),
        (true, _) => cx.complain("invalid magic"),
        (false, "gzip") if bytes.len() < 2 => cx.err(format!("\ngzip: {name}: unexpected end of file\n")),
        (false, "gzip") => cx.err(format!("\ngzip: {name}: not in gzip format\n")),
        (false, "xz") => cx.complain(format_args!("{shown}: File format not recognized")),
        (false, _) if job.test => {
            cx.complain(format_args!("{shown}: bad magic number (file not created by bzip2)"));
            cx.err(
                "\nYou can use the `bzip2recover' program to attempt to recover\ndata from undamaged sections of corrupted \
                 files.\n\n",
            );
        }
        (false, _) => cx.complain(format_args!("{shown} is not a bzip2 file.")),
    }
}

fn file(cx: &mut Context<'_>, job: &Job, operand: &str) -> Exit {
    let mut name = operand.to_owned();
    let mut found = stat(cx, &name);
    if found.is_err() && job.decompress && !cx.busybox() && job.format == GZIP_FORMAT && !name.ends_with(".gz") {
        // gzip adds the suffix itself.
        name.push_str(".gz");
        found = stat(cx, &name);
    }
    let stat = match found {
        Ok(stat) => stat,
        Err(errno) => return missing(cx, job, &name, errno),
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
        match unpacked_name(&name, job.format, cx.busybox()) {
            Some(target) => Some(target),
            None if !cx.busybox() && job.format == BZIP2_FORMAT => {
                cx.complain(format_args!("Can't guess original name for {name} -- using {name}.out"));
                Some(format!("{name}.out"))
            }
            None => {
                match (cx.busybox(), job.format.name) {
                    (true, _) => cx.complain(format_args!("{name}: unknown suffix - ignored")),
                    (false, "gzip") => cx.complain(format_args!("{name}: unknown suffix -- ignored")),
                    (false, _) if !looks_packed(cx, job, &name) => {
                        cx.complain(format_args!("{name}: File format not recognized"));
                        return 1;
                    }
                    (false, _) => cx.complain(format_args!("{name}: Filename has an unknown suffix, skipping")),
                }
                return if cx.busybox() { 1 } else { 2 };
            }
        }
    } else {
        let known = job.format.suffixes.iter().find(|(suffix, _)| name.ends_with(suffix));
        if let Some((suffix, _)) = known
            && !cx.busybox()
            && !job.force
        {
            return match job.format.name {
                "gzip" => {
                    cx.complain(format_args!("{name} already has {suffix} suffix -- unchanged"));
                    0
                }
                "xz" => {
                    cx.complain(format_args!("{name}: File already has `{suffix}' suffix, skipping"));
                    2
                }
                _ => {
                    cx.complain(format_args!("Input file {name} already has {suffix} suffix."));
                    1
                }
            };
        }
        Some(format!("{name}{}", job.format.suffix))
    };
    let content = match cx.input(&name) {
        Ok(content) => content,
        Err(errno) => return missing(cx, job, &name, errno),
    };
    if let Some(target) = &target
        && cx.lstat(target).is_ok()
        && !job.force
    {
        if cx.busybox() {
            cx.complain(format_args!("can't open '{target}': File exists"));
            return 1;
        }
        return match job.format.name {
            // Without a terminal the question whether to overwrite has the answer no.
            "gzip" => {
                cx.complain(format_args!("{target} already exists;\tnot overwritten"));
                2
            }
            "xz" => {
                cx.complain_of(target, Errno::EEXIST);
                1
            }
            _ => {
                cx.complain(format_args!("Output file {target} already exists."));
                1
            }
        };
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

/// Does a file begin as this format does?
fn looks_packed(cx: &mut Context<'_>, job: &Job, name: &str) -> bool {
    let start = cx.input(name).ok().and_then(|content| content.slice(0, 16).to_bytes().ok());
    start.and_then(|bytes| crate::archive::sniff(&bytes)).is_some_and(|found| found.name == job.format.name)
}

fn stat(cx: &Context<'_>, name: &str) -> Result<Stat, crate::vfs::Errno> {
    cx.system.fs.stat(&cx.process.cred, &cx.process.path(name))
}

fn missing(cx: &mut Context<'_>, job: &Job, name: &str, errno: Errno) -> Exit {
    if !cx.busybox() && job.format == BZIP2_FORMAT {
        let text = cx.system.message(errno);
        cx.complain(format_args!("Can't open input file {name}: {text}."));
    } else {
        cx.complain_of(name, errno);
    }
    1
}

fn directory(cx: &mut Context<'_>, job: &Job, name: &str) -> Exit {
    if !cx.busybox() && job.format == BZIP2_FORMAT {
        cx.complain(format_args!("Input file {name} is a directory."));
        return 1;
    }
    if !cx.busybox() && job.format == XZ_FORMAT {
        cx.complain(format_args!("{name}: Is a directory, skipping"));
        return 2;
    }
    if !cx.busybox() {
        cx.complain(format_args!("{name} is a directory -- ignored"));
        return 2;
    }
    match (job.decompress, job.to_stdout) {
        (true, false) => cx.complain(format_args!("{name}: unknown suffix - ignored")),
        (true, true) => cx.complain("short read"),
        _ => {
            // It has read the directory as an empty file by then.
            let target = format!("{name}{}", job.format.suffix);
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
fn replace(cx: &mut Context<'_>, job: &Job, name: &str, target: &str, stat: &Stat, out: Content) -> Exit {
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
        cx.modelled(format_args!("the bytes of {target}, which differ between versions of {}", job.format.name));
    }
    if let Err(errno) = cx.system.fs.write_handle(ino, 0, &out) {
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
fn unpacked_name(name: &str, format: &Format, busybox: bool) -> Option<String> {
    let known = if busybox { &format.suffixes[..format.busybox_suffixes] } else { format.suffixes };
    known.iter().find_map(|(suffix, instead)| {
        let base = name.strip_suffix(suffix)?;
        let named = !base.is_empty() && !base.ends_with('/');
        named.then(|| format!("{base}{instead}"))
    })
}
