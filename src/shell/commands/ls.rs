//! `ls`: list directories. Output is never a terminal in a build, so names come one a line unless `-C`, `-x` or `-m` asks for
//! columns (not simulated); colours and quoting do not show.
//!
//! Block counts (`-s`, `total`) are those of a file system with 4 KiB blocks; holes are counted as if they were stored.

use super::calendar;
use super::human;
use super::mode::letters;
use super::syscalls::{concat, quoteaf};
use super::{Command, Context, Exit, Options, Parsed, Run};
use crate::shell::accounts::Accounts;
use crate::vfs::{EPOCH, Errno, FileKind, Node, Stat};
use std::cmp::Ordering;

pub(super) const COMMAND: Command = Command {
    name: "ls",
    run: Run::Plain(run),
    options: &Options {
        short: "1aAbBcdfFghHiklLnopNqQrRsStTuUvXI:D5:6:8",
        long: &[
            ("all", 'a'),
            ("almost-all", 'A'),
            ("classify", 'F'),
            ("color", '5'),
            ("directory", 'd'),
            ("full-time", 'D'),
            ("group-directories-first", '8'),
            ("human-readable", 'h'),
            ("ignore", 'I'),
            ("ignore-backups", 'B'),
            ("inode", 'i'),
            ("no-group", 'o'),
            ("numeric-uid-gid", 'n'),
            ("recursive", 'R'),
            ("reverse", 'r'),
            ("size", 's'),
            ("time-style", '6'),
        ],
        hidden: "58D6TINbBQqk",
        in_order: false,
    },
};

/// A name to be listed.
struct Item {
    name: String,
    stat: Stat,
    target: Option<String>,
}

fn run(cx: &mut Context<'_>) -> Exit {
    cx.args.retain(|arg| !arg.starts_with("--color") && arg != "--show-control-chars" && arg != "--literal");
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if let Some(style) = parsed.value('6')
        && !style.starts_with('+')
        && !["full-iso", "long-iso", "iso", "locale"].contains(&style)
    {
        let style = cx.quote(style);
        cx.complain(format_args!("invalid argument {style} for 'time style'"));
        return 2;
    }
    let mut exit = 0;
    let failure = if cx.busybox() { 1 } else { 2 };
    let operands = if parsed.operands.is_empty() { vec![".".to_owned()] } else { parsed.operands.clone() };
    let (mut files, mut dirs) = (Vec::new(), Vec::new());
    for operand in &operands {
        let follow = parsed.has('L') || parsed.has('H') || !(long(&parsed) || parsed.has('d') || parsed.has('F'));
        let stat = if follow { cx.stat(operand).or_else(|_| cx.lstat(operand)) } else { cx.lstat(operand) };
        match stat {
            Err(errno) => {
                if cx.busybox() {
                    cx.complain_of(operand, errno);
                } else {
                    cx.complain_of(format_args!("cannot access {}", quoteaf(operand)), errno);
                }
                exit = failure;
            }
            Ok(stat) if stat.is_dir() && !parsed.has('d') => dirs.push(operand.clone()),
            Ok(stat) => {
                let target = cx.readlink(operand).ok().filter(|_| stat.is_symlink());
                files.push(Item { name: operand.clone(), stat, target });
            }
        }
    }
    sort(&mut files, &parsed);
    let accounts = Accounts::load(cx.system.fs.merged());
    let mut out = String::new();
    print(cx, &files, &parsed, &accounts, &mut out);
    let headed = operands.len() > 1 || parsed.has('R');
    let mut first = files.is_empty();
    if !parsed.has('f') && !parsed.has('U') {
        dirs.sort();
    }
    if parsed.has('r') {
        dirs.reverse();
    }
    for dir in dirs {
        if let Err(errno) = list(cx, &dir, &parsed, &accounts, headed, &mut first, &mut out) {
            exit = errno;
        }
    }
    cx.out(out);
    exit
}

fn long(parsed: &Parsed) -> bool {
    parsed.has('l') || parsed.has('g') || parsed.has('n') || parsed.has('o') || parsed.has('D')
}

fn list(
    cx: &mut Context<'_>,
    dir: &str,
    parsed: &Parsed,
    accounts: &Accounts,
    headed: bool,
    first: &mut bool,
    out: &mut String,
) -> Result<(), Exit> {
    let entries = match cx.read_dir(dir) {
        Ok(entries) => entries,
        Err(errno) => {
            // What was listed before stands before the message.
            cx.out(std::mem::take(out));
            return Err(unreadable(cx, dir, errno));
        }
    };
    if headed {
        if !std::mem::replace(first, false) {
            out.push('\n');
        }
        out.push_str(dir);
        out.push_str(":\n");
    }
    let all = parsed.has('a') || parsed.has('f');
    let mut items = Vec::new();
    let mut names: Vec<String> = if all { vec![".".to_owned(), "..".to_owned()] } else { Vec::new() };
    names.extend(entries.iter().map(|entry| entry.name.to_string()));
    for name in names {
        let hidden = name.starts_with('.') && !all && !parsed.has('A');
        let ignored = parsed.given.iter().any(|(letter, pattern)| *letter == 'I' && *pattern == name)
            || (parsed.has('B') && name.ends_with('~'));
        if hidden || ignored {
            continue;
        }
        let path = concat(dir, &name);
        let stat = if parsed.has('L') { cx.stat(&path).or_else(|_| cx.lstat(&path)) } else { cx.lstat(&path) };
        if let Ok(stat) = stat {
            let target = cx.readlink(&path).ok().filter(|_| stat.is_symlink());
            items.push(Item { name, stat, target });
        }
    }
    sort(&mut items, parsed);
    if long(parsed) || parsed.has('s') {
        let total: u64 = items.iter().map(|item| blocks(&item.stat)).sum::<u64>() / 2;
        let total = match (parsed.has('h'), cx.busybox()) {
            (false, _) => total.to_string(),
            (true, true) => format!("{:<7}", human::busybox_whole(total * 1024)),
            (true, false) => human::gnu(total * 1024),
        };
        out.push_str(&format!("total {total}\n"));
    }
    print(cx, &items, parsed, accounts, out);
    let mut result = Ok(());
    if parsed.has('R') {
        for item in items.iter().filter(|item| item.stat.is_dir() && item.name != "." && item.name != "..") {
            if cx.stopped() {
                break;
            }
            if let Err(exit) = list(cx, &concat(dir, &item.name), parsed, accounts, true, first, out) {
                result = Err(exit);
            }
        }
    }
    result
}

fn unreadable(cx: &mut Context<'_>, dir: &str, errno: Errno) -> Exit {
    if cx.busybox() {
        cx.complain_of(format_args!("can't open '{dir}'"), errno);
        1
    } else {
        cx.complain_of(format_args!("cannot open directory {}", quoteaf(dir)), errno);
        2
    }
}

/// 512-byte blocks.
pub(super) fn blocks(stat: &Stat) -> u64 {
    match stat.kind {
        FileKind::File => stat.size.div_ceil(4096) * 8,
        FileKind::Dir => 8,
        FileKind::Symlink if stat.size >= 60 => 8,
        _ => 0,
    }
}

fn human_size(cx: &Context<'_>, size: u64) -> String {
    if cx.busybox() { human::busybox(size) } else { human::gnu(size) }
}

fn sort(items: &mut [Item], parsed: &Parsed) {
    if parsed.has('U') || parsed.has('f') {
        return;
    }
    let by = parsed.last_of("StvX");
    let extension = |name: &str| name.rfind('.').map_or(String::new(), |at| name[at..].to_owned());
    items.sort_by(|a, b| {
        let order = match by {
            Some('S') => b.stat.size.cmp(&a.stat.size),
            Some('t') => b.stat.meta.mtime.cmp(&a.stat.meta.mtime),
            Some('v') => version(&a.name, &b.name),
            Some('X') => extension(&a.name).cmp(&extension(&b.name)),
            _ => Ordering::Equal,
        };
        let order = order.then_with(|| a.name.cmp(&b.name));
        if parsed.has('r') { order.reverse() } else { order }
    });
    if parsed.has('8') {
        items.sort_by_key(|item| !item.stat.is_dir());
    }
}

/// Numbers inside names by value.
fn version(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    let digits = |s: &[u8]| s.iter().take_while(|c| c.is_ascii_digit()).count();
    while let (Some(x), Some(y)) = (a.first(), b.first()) {
        let (m, n) = (digits(a), digits(b));
        if m > 0 && n > 0 {
            let strip = |s: &[u8]| s.iter().skip_while(|c| **c == b'0').copied().collect::<Vec<u8>>();
            let (p, q) = (strip(&a[..m]), strip(&b[..n]));
            match p.len().cmp(&q.len()).then_with(|| p.cmp(&q)) {
                Ordering::Equal => (a, b) = (&a[m..], &b[n..]),
                order => return order,
            }
        } else if x == y {
            (a, b) = (&a[1..], &b[1..]);
        } else {
            return x.cmp(y);
        }
    }
    a.len().cmp(&b.len())
}

fn print(cx: &Context<'_>, items: &[Item], parsed: &Parsed, accounts: &Accounts, out: &mut String) {
    let rows: Vec<Row> = items.iter().map(|item| row(cx, item, parsed, accounts)).collect();
    let width = |part: fn(&Row) -> &str| rows.iter().map(|row| part(row).len()).max().unwrap_or(0);
    let busybox = cx.busybox();
    let widths = if busybox {
        [7, 6, 4, 8, 8, if parsed.has('h') { 7 } else { 9 }]
    } else {
        [
            width(|row| &row.inode),
            width(|row| &row.blocks),
            width(|row| &row.links),
            width(|row| &row.owner),
            width(|row| &row.group),
            width(|row| &row.size),
        ]
    };
    for row in &rows {
        if parsed.has('i') {
            out.push_str(&format!("{:>1$} ", row.inode, widths[0]));
        }
        if parsed.has('s') {
            out.push_str(&format!("{:>1$} ", row.blocks, widths[1]));
        }
        if long(parsed) {
            out.push_str(&format!("{} {:>2$}", row.mode, row.links, widths[2]));
            let cut =
                |name: &str| if busybox && name.len() > 8 { name.chars().take(8).collect() } else { name.to_owned() };
            if !parsed.has('g') {
                out.push_str(&owner(cut(&row.owner), widths[3], busybox));
            }
            if !parsed.has('o') {
                out.push_str(&owner(cut(&row.group), widths[4], busybox));
            }
            out.push_str(&format!(" {:>1$} {2} ", row.size, widths[5], row.date));
        }
        out.push_str(&row.name);
        out.push('\n');
    }
}

/// A column of owners: GNU puts numbers to the right.
fn owner(text: String, width: usize, busybox: bool) -> String {
    if !busybox && text.bytes().all(|byte| byte.is_ascii_digit()) {
        format!(" {text:>width$}")
    } else {
        format!(" {text:<width$}")
    }
}

struct Row {
    inode: String,
    blocks: String,
    mode: String,
    links: String,
    owner: String,
    group: String,
    size: String,
    date: String,
    name: String,
}

fn row(cx: &Context<'_>, item: &Item, parsed: &Parsed, accounts: &Accounts) -> Row {
    let Item { name, stat, target } = item;
    let numeric = parsed.has('n');
    let (uid, gid) = (stat.meta.uid, stat.meta.gid);
    let size = match cx.system.fs.merged().inode(stat.ino).map(|inode| &inode.node) {
        Some(Node::CharDevice { major, minor } | Node::BlockDevice { major, minor }) if cx.busybox() => {
            format!("{major:>4},{minor:>4}")
        }
        Some(Node::CharDevice { major, minor } | Node::BlockDevice { major, minor }) => format!("{major}, {minor}"),
        _ if parsed.has('h') => human_size(cx, stat.size),
        _ => stat.size.to_string(),
    };
    let mut shown = name.clone();
    if let Some(target) = target.as_ref().filter(|_| long(parsed)) {
        shown.push_str(&format!(" -> {target}"));
    } else if parsed.has('F') || (parsed.has('p') && stat.is_dir()) {
        let mark = match stat.kind {
            FileKind::Dir => "/",
            FileKind::Symlink => "@",
            FileKind::Fifo => "|",
            FileKind::File if stat.meta.mode & 0o111 != 0 => "*",
            _ => "",
        };
        shown.push_str(mark);
    }
    let blocks = blocks(stat) / 2;
    Row {
        inode: stat.ino.number().to_string(),
        blocks: if parsed.has('h') && !cx.busybox() { human_size(cx, blocks * 1024) } else { blocks.to_string() },
        mode: format!("{}{}", kind_letter(stat.kind), letters(stat.meta.mode)),
        links: stat.nlink.to_string(),
        owner: if numeric { uid.to_string() } else { accounts.user_name(uid) },
        group: if numeric { gid.to_string() } else { accounts.group_name(gid) },
        size,
        date: date(cx, stat, parsed),
        name: shown,
    }
}

/// The first letter of a mode in `ls -l`.
pub(super) fn kind_letter(kind: FileKind) -> char {
    match kind {
        FileKind::File => '-',
        FileKind::Dir => 'd',
        FileKind::Symlink => 'l',
        FileKind::Fifo => 'p',
        FileKind::CharDevice => 'c',
        FileKind::BlockDevice => 'b',
    }
}

fn date(cx: &Context<'_>, stat: &Stat, parsed: &Parsed) -> String {
    let time = stat.meta.mtime;
    let style = parsed.value('6');
    if parsed.has('D') && style.is_none() || style == Some("full-iso") {
        let format = if cx.busybox() { "%Y-%m-%d %H:%M:%S %z" } else { "%Y-%m-%d %H:%M:%S.%N %z" };
        return calendar::format(format, time);
    }
    // Half a year back, and what is not in the future, shows the time of day instead of the year.
    let age = EPOCH - time.seconds;
    let recent = (-1..15_778_476).contains(&age);
    match style {
        Some("long-iso") => calendar::format("%Y-%m-%d %H:%M", time),
        Some("iso") => calendar::format(if recent { "%m-%d %H:%M" } else { "%Y-%m-%d " }, time),
        Some(style) if style.starts_with('+') => calendar::format(&style[1..], time),
        _ => calendar::format(if recent { "%b %e %H:%M" } else { "%b %e  %Y" }, time),
    }
}
