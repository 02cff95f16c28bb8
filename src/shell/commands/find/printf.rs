//! `find -printf` and `-ls`: the directives people use; others come out as they are.

use super::super::Context;
use super::super::calendar;
use super::super::ls::{blocks, kind_letter};
use super::super::mode::letters;
use super::super::syscalls::last_component;
use super::Found;
use crate::shell::accounts::Accounts;
use crate::vfs::FileKind;

/// The text of a format for a file.
pub(super) fn expand(cx: &Context<'_>, format: &str, found: &Found) -> String {
    let accounts = Accounts::load(cx.system.fs.merged());
    let mut out = String::new();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('0') => out.push('\0'),
                Some('\\') => out.push('\\'),
                Some(other) => out.extend(['\\', other]),
                None => out.push('\\'),
            },
            '%' => {
                let left = chars.next_if(|c| *c == '-').is_some();
                let mut width = 0;
                while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
                    width = (width * 10 + digit as usize).min(999);
                    chars.next();
                }
                let Some(letter) = chars.next() else {
                    out.push('%');
                    break;
                };
                let value = match letter {
                    'T' | 'A' | 'C' => time(chars.next(), found),
                    letter => field(cx, letter, found, &accounts),
                };
                let pad = " ".repeat(width.saturating_sub(value.chars().count()));
                out.push_str(&if left { format!("{value}{pad}") } else { format!("{pad}{value}") });
            }
            c => out.push(c),
        }
    }
    out
}

fn time(letter: Option<char>, found: &Found) -> String {
    let time = found.stat.meta.mtime;
    match letter {
        Some('@') => format!("{}.{:09}0", time.seconds, time.nanos),
        Some('S') => format!("{}.{:09}0", calendar::format("%S", time), time.nanos),
        Some('+') => format!("{}.{:09}0", calendar::format("%Y-%m-%d+%H:%M:%S", time), time.nanos),
        Some(letter) => calendar::format(&format!("%{letter}"), time),
        None => String::new(),
    }
}

fn field(cx: &Context<'_>, letter: char, found: &Found, accounts: &Accounts) -> String {
    let Found { path, top, depth, stat } = found;
    match letter {
        '%' => "%".to_owned(),
        'p' => path.clone(),
        'f' => last_component(path).to_owned(),
        'P' => path.strip_prefix(top.as_str()).unwrap_or(path).trim_start_matches('/').to_owned(),
        'h' => match path.trim_end_matches('/').rsplit_once('/') {
            Some((dir, _)) => dir.to_owned(),
            None => ".".to_owned(),
        },
        'H' => top.clone(),
        'd' => depth.to_string(),
        'm' => format!("{:o}", stat.meta.mode),
        'M' => format!("{}{}", kind_letter(stat.kind), letters(stat.meta.mode)),
        's' => stat.size.to_string(),
        'b' => blocks(stat).to_string(),
        'k' => (blocks(stat) / 2).to_string(),
        'n' => stat.nlink.to_string(),
        'i' => stat.ino.number().to_string(),
        'u' => accounts.user_name(stat.meta.uid),
        'g' => accounts.group_name(stat.meta.gid),
        'U' => stat.meta.uid.to_string(),
        'G' => stat.meta.gid.to_string(),
        'l' => cx.readlink(path).unwrap_or_default(),
        't' => calendar::format("%a %b %e %H:%M:%S.%N0 %Y", stat.meta.mtime),
        'y' | 'Y' => match stat.kind {
            FileKind::File => "f",
            FileKind::Dir => "d",
            FileKind::Symlink => "l",
            FileKind::Fifo => "p",
            FileKind::CharDevice => "c",
            FileKind::BlockDevice => "b",
        }
        .to_owned(),
        other => format!("%{other}"),
    }
}
