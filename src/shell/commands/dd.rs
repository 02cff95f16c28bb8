//! `dd`: copy in blocks. What comes from `/dev/zero` stays generated, so that a terabyte costs nothing but the budget.
//!
//! The time it takes is not simulated: the summary tells a transfer at 1 GiB a second.

use super::human::{self, scaled};
use super::syscalls::quoteaf;
use super::{Command, Context, Exit, Options, Run};
use crate::vfs::{Content, Errno, FileKind, Ino, MAX_SIZE, OpenOptions};

pub(super) const COMMAND: Command = Command { name: "dd", run: Run::Plain(run), options: &Options::short("") };

/// The operands.
#[derive(Debug, Default)]
struct Operands {
    input: Option<String>,
    output: Option<String>,
    ibs: Option<u64>,
    obs: Option<u64>,
    count: Option<u64>,
    skip: u64,
    seek: u64,
    conv: Vec<String>,
    count_bytes: bool,
    skip_bytes: bool,
    seek_bytes: bool,
    append: bool,
    status: Option<String>,
}

const SUFFIXES: &[(&str, u64)] = &[
    ("c", 1),
    ("w", 2),
    ("b", 512),
    ("kB", 1000),
    ("KB", 1000),
    ("k", 1 << 10),
    ("K", 1 << 10),
    ("KiB", 1 << 10),
    ("MB", 1_000_000),
    ("M", 1 << 20),
    ("MiB", 1 << 20),
    ("GB", 1_000_000_000),
    ("G", 1 << 30),
    ("GiB", 1 << 30),
    ("TB", 1_000_000_000_000),
    ("T", 1 << 40),
    ("TiB", 1 << 40),
    ("P", 1 << 50),
];

fn run(cx: &mut Context<'_>) -> Exit {
    let operands = match read_operands(cx) {
        Ok(operands) => operands,
        Err(exit) => return exit,
    };
    let (ibs, obs) = (operands.ibs.unwrap_or(512), operands.obs.unwrap_or(512));
    let has = |conversion: &str| operands.conv.iter().any(|given| given == conversion);
    let per = |blocks: u64, block: u64, bytes: bool| if bytes { blocks } else { blocks.saturating_mul(block) };
    let skipped = per(operands.skip, ibs, operands.skip_bytes);
    let wanted = operands.count.map(|count| per(count, ibs, operands.count_bytes));

    // The output is opened after the input; a file is cut where writing starts.
    let is_dir = operands.input.as_ref().is_some_and(|path| cx.is_dir(path));
    let opened = if is_dir {
        Some((Content::empty(), false))
    } else {
        open_input(cx, operands.input.as_deref(), skipped, wanted)
    };
    let Some((input, endless)) = opened else { return 1 };
    let seek = per(operands.seek, obs, operands.seek_bytes);
    let output = match &operands.output {
        None => None,
        Some(path) => match open_output(cx, path, seek, &operands) {
            Ok(ino) => Some(ino),
            Err(errno) => {
                if cx.busybox() {
                    cx.complain_of(format_args!("can't open '{path}'"), errno);
                } else {
                    cx.complain_of(format_args!("failed to open {}", quoteaf(path)), errno);
                }
                return 1;
            }
        },
    };
    if let Some(path) = operands.input.as_ref().filter(|_| is_dir) {
        // A directory can be opened, and then not be read.
        if cx.busybox() {
            cx.complain_of(path, Errno::EISDIR);
            return 1;
        } else {
            cx.complain_of(format_args!("error reading {}", quoteaf(path)), Errno::EISDIR);
        }
        summary(cx, 0, ibs, 0, obs, false, operands.status.as_deref());
        return 1;
    }
    let mut data = input;
    let read = data.len();
    if has("sync") && read % ibs != 0 {
        data.append(&Content::zeros(ibs - read % ibs));
    }
    for (conversion, change) in [("ucase", u8::to_ascii_uppercase as fn(&u8) -> u8), ("lcase", u8::to_ascii_lowercase)]
    {
        if has(conversion) {
            let Some(bytes) = cx.bytes(&data, "the input") else { return 0 };
            data = Content::from(bytes.iter().map(change).collect::<Vec<u8>>());
        }
    }
    if has("swab") {
        let Some(bytes) = cx.bytes(&data, "the input") else { return 0 };
        let mut bytes = bytes.to_vec();
        bytes.chunks_exact_mut(2).for_each(|pair| pair.swap(0, 1));
        data = Content::from(bytes);
    }
    let mut exit = 0;
    match output {
        Some(ino) => {
            let at = if operands.append { cx.system.fs.len_handle(ino) } else { seek };
            let written = if data.is_empty() { Ok(()) } else { cx.system.fs.write_handle(ino, at, &data) };
            let written = match (written, endless) {
                // Without count, an endless device fills the disk.
                (Ok(()), true) if wanted.is_none() && is_file(cx, ino) => {
                    cx.system.fs.write_handle(ino, at.saturating_add(data.len()), &Content::zeros(1))
                }
                (written, _) => written,
            };
            if let Err(errno) = written {
                let path = operands.output.as_deref().unwrap_or_default();
                if cx.busybox() {
                    cx.complain_of(format_args!("error writing '{path}'"), errno);
                } else {
                    cx.complain_of(format_args!("error writing {}", quoteaf(path)), errno);
                }
                exit = 1;
            }
        }
        None => cx.out_content(&data),
    }
    summary(cx, read, ibs, data.len(), obs, operands.ibs != operands.obs, operands.status.as_deref());
    exit
}

fn is_file(cx: &Context<'_>, ino: Ino) -> bool {
    cx.system.fs.merged().inode(ino).is_some_and(|inode| inode.kind() == FileKind::File)
}

fn read_operands(cx: &mut Context<'_>) -> Result<Operands, Exit> {
    let mut operands = Operands::default();
    for arg in cx.args.clone().into_iter().skip(1).filter(|arg| arg != "--") {
        let Some((name, value)) = arg.split_once('=') else {
            if cx.busybox() {
                cx.busybox_usage();
            } else {
                let quoted = cx.quote(&arg);
                cx.try_help(format_args!("unrecognized operand {quoted}"));
            }
            return Err(1);
        };
        let number = |cx: &mut Context<'_>| {
            // Only GNU multiplies.
            let parts = if cx.busybox() { vec![value] } else { value.split('x').collect() };
            let product = parts
                .into_iter()
                .try_fold(1u64, |all, part| human::size(part, SUFFIXES).and_then(|number| all.checked_mul(number)));
            product.ok_or_else(|| {
                if cx.busybox() {
                    cx.complain(format_args!("invalid number '{value}'"));
                } else {
                    let quoted = cx.quote(value);
                    cx.complain(format_args!("invalid number: {quoted}"));
                }
                1
            })
        };
        let block = |cx: &mut Context<'_>| {
            number(cx).and_then(|number| {
                if number > 0 {
                    return Ok(number);
                }
                if cx.busybox() {
                    cx.complain(format_args!("number {value} is not in 1..9223372036854775807 range"));
                } else {
                    let quoted = cx.quote(value);
                    cx.complain(format_args!("invalid number: {quoted}"));
                }
                Err(1)
            })
        };
        // GNU counts bytes where a number ends in B.
        let in_bytes = !cx.busybox()
            && value.ends_with('B')
            && !value.ends_with("iB")
            && value.len() > 1
            && value.as_bytes()[value.len() - 2].is_ascii_digit();
        let value = if in_bytes { &value[..value.len() - 1] } else { value };
        let number = |cx: &mut Context<'_>| {
            if in_bytes { value.parse().map_err(|_| 1) } else { number(cx) }
        };
        match name {
            "if" => operands.input = Some(value.to_owned()),
            "of" => operands.output = Some(value.to_owned()),
            "bs" => {
                let size = block(cx)?;
                (operands.ibs, operands.obs) = (Some(size), Some(size));
            }
            "ibs" => operands.ibs = Some(block(cx)?),
            "obs" => operands.obs = Some(block(cx)?),
            "count" => (operands.count, operands.count_bytes) = (Some(number(cx)?), operands.count_bytes || in_bytes),
            "skip" | "iseek" => (operands.skip, operands.skip_bytes) = (number(cx)?, operands.skip_bytes || in_bytes),
            "seek" | "oseek" => (operands.seek, operands.seek_bytes) = (number(cx)?, operands.seek_bytes || in_bytes),
            "conv" => operands.conv.extend(value.split(',').map(str::to_owned)),
            "status" => operands.status = Some(value.to_owned()),
            "iflag" | "oflag" => {
                for flag in value.split(',') {
                    match flag {
                        "count_bytes" => operands.count_bytes = true,
                        "skip_bytes" => operands.skip_bytes = true,
                        "seek_bytes" => operands.seek_bytes = true,
                        "append" => operands.append = true,
                        "fullblock" | "direct" | "dsync" | "sync" | "nonblock" | "noatime" | "nocache" => {}
                        other => return Err(cx.not_simulated(format_args!("{name}={other}"))),
                    }
                }
            }
            _ => {
                if cx.busybox() {
                    cx.busybox_usage();
                } else {
                    let quoted = cx.quote(&arg);
                    cx.try_help(format_args!("unrecognized operand {quoted}"));
                }
                return Err(1);
            }
        }
    }
    const KNOWN: &[&str] =
        &["notrunc", "sync", "noerror", "fsync", "fdatasync", "ucase", "lcase", "swab", "nocreat", "excl", "sparse"];
    if let Some(other) = operands.conv.iter().find(|conversion| !KNOWN.contains(&conversion.as_str())) {
        return Err(cx.not_simulated(format_args!("conv={other}")));
    }
    Ok(operands)
}

/// What is read, and whether there would be no end to it.
fn open_input(cx: &mut Context<'_>, path: Option<&str>, skipped: u64, wanted: Option<u64>) -> Option<(Content, bool)> {
    let Some(path) = path else {
        let all = cx.stdin();
        return Some((all.slice(skipped, wanted.map_or(u64::MAX, |wanted| skipped.saturating_add(wanted))), false));
    };
    let absolute = cx.process.path(path);
    let read =
        cx.stat(path).and_then(|stat| cx.system.fs.read(&cx.process.cred, &absolute).map(|content| (stat, content)));
    match read {
        Ok((stat, content)) if stat.kind == FileKind::CharDevice && content.len() == MAX_SIZE => {
            let len = wanted.unwrap_or(MAX_SIZE).min(MAX_SIZE + 1);
            let content = if content.is_held() { Content::zeros(len) } else { Content::unknown(len) };
            Some((content, true))
        }
        Ok((_, content)) => {
            if skipped > content.len() && !cx.busybox() {
                cx.complain(format_args!("{}: cannot skip to specified offset", quoteaf(path)));
            }
            Some((content.slice(skipped, wanted.map_or(u64::MAX, |wanted| skipped.saturating_add(wanted))), false))
        }
        Err(errno) => {
            if cx.busybox() {
                cx.complain_of(format_args!("can't open '{path}'"), errno);
            } else {
                cx.complain_of(format_args!("failed to open {}", quoteaf(path)), errno);
            }
            None
        }
    }
}

fn open_output(cx: &mut Context<'_>, path: &str, seek: u64, operands: &Operands) -> Result<Ino, Errno> {
    let has = |conversion: &str| operands.conv.iter().any(|given| given == conversion);
    let truncate = !has("notrunc") && !operands.append;
    let options = OpenOptions {
        create: !has("nocreat"),
        exclusive: has("excl"),
        truncate: truncate && seek == 0,
        ..OpenOptions::appending()
    };
    let ino = cx.open(path, options, 0o666)?;
    if truncate && seek > 0 && is_file(cx, ino) {
        cx.system.fs.truncate_handle(ino, seek)?;
    }
    Ok(ino)
}

fn summary(cx: &mut Context<'_>, read: u64, ibs: u64, written: u64, obs: u64, regrouped: bool, status: Option<&str>) {
    if status == Some("none") {
        return;
    }
    let records = |bytes: u64, block: u64| format!("{}+{}", bytes / block, u8::from(!bytes.is_multiple_of(block)));
    // With one block size a short block read is written as it is.
    let out_block = if regrouped { obs } else { ibs };
    let mut text = format!("{} records in\n{} records out\n", records(read, ibs), records(written, out_block));
    if status != Some("noxfer") {
        // Microseconds, at a GiB a second.
        let micros = (u128::from(written) * 1_000_000 / (1 << 30)).max(1);
        let rate = (u128::from(written) * 1_000_000 / micros) as u64;
        let (seconds, fraction) = (micros / 1_000_000, micros % 1_000_000);
        if cx.busybox() {
            let (size, rate) = (human::busybox(written), human::busybox(rate));
            text.push_str(&format!("{written} bytes ({size}B) copied, {seconds}.{fraction:06} seconds, {rate}B/s\n"));
        } else {
            let bytes = if written == 1 { "byte" } else { "bytes" };
            let with_unit = |base, suffix: &str| {
                scaled(written, base, false).map(|(number, unit)| format!("{number} {unit}{suffix}"))
            };
            let sizes = match (with_unit(1000, "B"), with_unit(1024, "iB")) {
                (Some(si), Some(iec)) => format!(" ({si}, {iec})"),
                (Some(si), None) => format!(" ({si})"),
                (None, _) => String::new(),
            };
            let rate = match scaled(rate, 1000, false) {
                Some((number, unit)) => format!("{number} {unit}B/s"),
                None => format!("{}.{} kB/s", rate / 1000, rate / 100 % 10),
            };
            let time = significant(seconds, fraction);
            text.push_str(&format!("{written} {bytes}{sizes} copied, {time} s, {rate}\n"));
        }
    }
    cx.err(text);
}

/// Seconds as C's `%g` has them: six significant digits, no zeros at the end.
fn significant(seconds: u128, fraction: u128) -> String {
    let micros = seconds * 1_000_000 + fraction;
    if micros < 100 {
        let digits = micros.to_string();
        let (first, rest) = digits.split_at(1);
        let rest = rest.trim_end_matches('0');
        let exponent = if micros < 10 { 6 } else { 5 };
        let dot = if rest.is_empty() { "" } else { "." };
        return format!("{first}{dot}{rest}e-0{exponent}");
    }
    let digits = 6usize.saturating_sub(if seconds > 0 { seconds.to_string().len() } else { 0 });
    let fraction = format!("{fraction:06}");
    let fraction = fraction[..digits.min(6)].trim_end_matches('0');
    if fraction.is_empty() { seconds.to_string() } else { format!("{seconds}.{fraction}") }
}
