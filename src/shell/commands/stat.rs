//! `stat`: what an inode says. Access, change and birth times are not kept and shown as the modification time; the device
//! number and the block counts are those of a usual Docker host.

use super::calendar;
use super::ls::{blocks, kind_letter};
use super::mode::letters;
use super::syscalls::quoteaf;
use super::{Command, Context, Exit, Options, Run};
use crate::shell::accounts::Accounts;
use crate::vfs::{FileKind, Node, Stat};

pub(super) const COMMAND: Command = Command {
    name: "stat",
    run: Run::Plain(run),
    options: &Options {
        short: "c:Lt1:",
        long: &[("format", 'c'), ("dereference", 'L'), ("terse", 't'), ("printf", '1')],
        hidden: "1",
        in_order: false,
    },
};

/// The device number that files of an image show.
const DEVICE: u64 = 50;

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.operands.is_empty() {
        return cx.missing_operand("missing operand");
    }
    let accounts = Accounts::load(cx.system.fs.merged());
    let mut exit = 0;
    for operand in &parsed.operands {
        let stat = match if parsed.has('L') { cx.stat(operand) } else { cx.lstat(operand) } {
            Ok(stat) => stat,
            Err(errno) => {
                if cx.busybox() {
                    cx.complain_of(format_args!("can't stat '{operand}'"), errno);
                } else {
                    cx.complain_of(format_args!("cannot statx {}", quoteaf(operand)), errno);
                }
                exit = 1;
                continue;
            }
        };
        let format = match (parsed.value('c'), parsed.value('1')) {
            (Some(format), _) => format!("{format}\n"),
            (None, Some(format)) => unescape(format),
            (None, None) if parsed.has('t') => "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o\n".to_owned(),
            (None, None) => full(cx, &stat),
        };
        let text = expand(cx, &format, operand, &stat, &accounts);
        cx.out(text);
    }
    exit
}

fn full(cx: &Context<'_>, stat: &Stat) -> String {
    let name = if cx.busybox() && stat.is_symlink() { "'%n' -> '%l'" } else { "%N" };
    let name = if stat.is_symlink() { name } else { "%n" };
    let device = if cx.busybox() { "%Dh/%dd" } else { "0,%d" };
    let special = matches!(stat.kind, FileKind::CharDevice | FileKind::BlockDevice);
    let kind = if special { "     Device type: %t,%T" } else { "" };
    let birth = if cx.busybox() { "" } else { " Birth: %w\n" };
    format!(
        "  File: {name}\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\nDevice: {device}\tInode: %-10i  Links: %h{kind}\n\
         Access: (%04a/%A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\nAccess: %x\nModify: %y\nChange: %z\n{birth}"
    )
}

fn expand(cx: &Context<'_>, format: &str, path: &str, stat: &Stat, accounts: &Accounts) -> String {
    let mut out = String::new();
    let mut chars = format.chars().peekable();
    let (major, minor) = match cx.system.fs.merged().inode(stat.ino).map(|inode| &inode.node) {
        Some(Node::CharDevice { major, minor } | Node::BlockDevice { major, minor }) => (*major, *minor),
        _ => (0, 0),
    };
    let type_bits: u32 = match stat.kind {
        FileKind::File => 0o100_000,
        FileKind::Dir => 0o040_000,
        FileKind::Symlink => 0o120_000,
        FileKind::Fifo => 0o010_000,
        FileKind::CharDevice => 0o020_000,
        FileKind::BlockDevice => 0o060_000,
    };
    let kind = match stat.kind {
        FileKind::File if stat.size == 0 => "regular empty file",
        FileKind::File => "regular file",
        FileKind::Dir => "directory",
        FileKind::Symlink => "symbolic link",
        FileKind::Fifo => "fifo",
        FileKind::CharDevice => "character special file",
        FileKind::BlockDevice => "block special file",
    };
    let target = cx.readlink(path).unwrap_or_default();
    let time = || calendar::format("%Y-%m-%d %H:%M:%S.%N %z", stat.meta.mtime);
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut flags = String::new();
        while let Some(flag) = chars.next_if(|c| "-#0 +'".contains(*c)) {
            flags.push(flag);
        }
        let mut width = 0;
        while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
            width = (width * 10 + digit as usize).min(999);
            chars.next();
        }
        if chars.next_if(|c| *c == '.').is_some() {
            while chars.next_if(char::is_ascii_digit).is_some() {}
        }
        let Some(letter) = chars.next() else {
            out.push('%');
            break;
        };
        let value = match letter {
            'n' => path.to_owned(),
            'N' if cx.busybox() && stat.is_symlink() => format!("'{path}' -> '{target}'"),
            'N' if cx.busybox() => path.to_owned(),
            'N' if stat.is_symlink() => format!("{} -> {}", quoteaf(path), quoteaf(&target)),
            'N' => quoteaf(path),
            'l' => target.clone(),
            's' => stat.size.to_string(),
            'a' => format!("{:o}", stat.meta.mode),
            'A' => format!("{}{}", kind_letter(stat.kind), letters(stat.meta.mode)),
            'f' => format!("{:x}", type_bits | u32::from(stat.meta.mode)),
            'F' => kind.to_owned(),
            'u' => stat.meta.uid.to_string(),
            'g' => stat.meta.gid.to_string(),
            'U' => accounts.user_of(stat.meta.uid).map_or("UNKNOWN".to_owned(), |user| user.name.clone()),
            'G' => accounts.group_of(stat.meta.gid).map_or("UNKNOWN".to_owned(), |group| group.name.clone()),
            'b' => blocks(stat).to_string(),
            'B' => "512".to_owned(),
            'o' => "4096".to_owned(),
            'h' => stat.nlink.to_string(),
            'i' => stat.ino.number().to_string(),
            'd' => DEVICE.to_string(),
            'D' => format!("{DEVICE:x}"),
            't' => format!("{major:x}"),
            'T' => format!("{minor:x}"),
            'm' if !cx.busybox() => "/".to_owned(),
            'x' | 'y' | 'z' => time(),
            'w' if !cx.busybox() => time(),
            'X' | 'Y' | 'Z' => stat.meta.mtime.seconds.to_string(),
            'W' if !cx.busybox() => stat.meta.mtime.seconds.to_string(),
            '%' => "%".to_owned(),
            other => other.to_string(),
        };
        let pad = width.saturating_sub(value.len());
        if flags.contains('-') {
            out.push_str(&value);
            out.push_str(&" ".repeat(pad));
        } else {
            let zero = flags.contains('0') && "aosugbhidX".contains(letter);
            out.push_str(&if zero { "0" } else { " " }.repeat(pad));
            out.push_str(&value);
        }
    }
    out
}

/// The escapes of `--printf`.
fn unescape(text: &str) -> String {
    text.replace("\\n", "\n").replace("\\t", "\t").replace("\\0", "\0").replace("\\\\", "\\")
}
