//! `install`: copy files into place with a mode and an owner. A file that is there is replaced by a new one.
//!
//! Programs are not stripped (`-s` says so); backups and `-C` are not simulated.

use super::chown::owner;
use super::mkdir::{Making, make};
use super::mode::{self, Target};
use super::syscalls::{concat, last_component, quoteaf};
use super::{Command, Context, Exit, Options, Parsed, Run, copy};
use crate::vfs::{Errno, OpenOptions};

pub(super) const COMMAND: Command = Command {
    name: "install",
    run: Run::Plain(run),
    options: &Options {
        short: "cdDg:m:o:pst:Tv",
        long: &[
            ("directory", 'd'),
            ("group", 'g'),
            ("mode", 'm'),
            ("owner", 'o'),
            ("preserve-timestamps", 'p'),
            ("strip", 's'),
            ("target-directory", 't'),
            ("no-target-directory", 'T'),
            ("verbose", 'v'),
        ],
        hidden: "",
        in_order: false,
    },
};

/// What the new file or directory gets.
#[derive(Debug, Clone, Copy)]
struct Attributes {
    mode: u16,
    uid: Option<u32>,
    gid: Option<u32>,
}

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let Some(attributes) = attributes(cx, &parsed) else { return 1 };
    let mut operands = parsed.operands.clone();
    if parsed.has('d') {
        if operands.is_empty() {
            return cx.missing_operand("missing file operand");
        }
        let made: Vec<bool> = operands.iter().map(|operand| directory(cx, operand, attributes, &parsed)).collect();
        return u8::from(made.contains(&false));
    }
    if parsed.has('s') {
        cx.not_simulated("option -s: the symbols stay in the file");
    }
    let dir = parsed.value('t').map(str::to_owned);
    let last = match dir {
        Some(dir) if !operands.is_empty() => {
            if parsed.has('D') && !make(cx, &dir, leading(cx)) {
                return 1;
            }
            if !cx.is_dir(&dir) && !cx.busybox() {
                let errno = cx.stat(&dir).err().unwrap_or(Errno::ENOTDIR);
                cx.complain_of(format_args!("target directory {}", quoteaf(&dir)), errno);
                return 1;
            }
            dir
        }
        _ if operands.is_empty() => return cx.missing_operand("missing file operand"),
        _ if operands.len() == 1 => {
            let message = format!("missing destination file operand after {}", quoteaf(&operands[0]));
            return cx.missing_operand(&message);
        }
        _ => operands.pop().unwrap_or_default(),
    };
    if operands.len() > 1 && !cx.busybox() && !cx.is_dir(&last) {
        let errno = cx.stat(&last).err().unwrap_or(Errno::ENOTDIR);
        cx.complain_of(format_args!("target {}", quoteaf(&last)), errno);
        return 1;
    }
    let mut exit = 0;
    for source in &operands {
        if parsed.has('D')
            && parsed.value('t').is_none()
            && let Some((dir, _)) = last.trim_end_matches('/').rsplit_once('/')
            && !dir.is_empty()
        {
            let how = leading(cx);
            make(cx, dir, how);
        }
        let dest = if !parsed.has('T') && (operands.len() > 1 || parsed.value('t').is_some() || cx.is_dir(&last)) {
            concat(&last, last_component(source))
        } else {
            last.clone()
        };
        let placed = if cx.busybox() {
            busybox(cx, source, &dest, attributes, &parsed)
        } else {
            gnu(cx, source, &dest, attributes, &parsed)
        };
        if !placed {
            exit = 1;
        }
    }
    exit
}

/// Directories on the way: GNU gives them 0755 whatever the umask.
fn leading(cx: &Context<'_>) -> Making {
    Making { parents: true, verbose: false, mode: (!cx.busybox()).then_some(0o755) }
}

fn attributes(cx: &mut Context<'_>, parsed: &Parsed) -> Option<Attributes> {
    let mode = match parsed.value('m') {
        None => 0o755,
        Some(spec) => {
            let base = if cx.busybox() { 0o755 } else { 0 };
            let target = Target { mode: base, is_dir: parsed.has('d'), umask: 0, gnu: !cx.busybox() };
            let read = mode::apply(spec, target);
            // busybox takes -1 for the mode then, all bits.
            let Some(mode) = read.or(cx.busybox().then_some(0o7777)) else {
                let quoted = cx.quote(spec);
                cx.complain(format_args!("invalid mode {quoted}"));
                return None;
            };
            mode
        }
    };
    let uid = match parsed.value('o') {
        Some(name) => owner(cx, name)?.0,
        None => None,
    };
    let gid = match parsed.value('g') {
        Some(name) => match owner(cx, &format!(":{name}")) {
            Some((_, gid)) => gid,
            None => return None,
        },
        None => None,
    };
    Some(Attributes { mode, uid, gid })
}

fn directory(cx: &mut Context<'_>, path: &str, attributes: Attributes, parsed: &Parsed) -> bool {
    let verbose = parsed.has('v') && !cx.busybox();
    if verbose && !cx.is_dir(path) {
        cx.out(format!("install: creating directory {}\n", quoteaf(path)));
    }
    let umask = cx.process.umask;
    if !cx.busybox() {
        cx.process.umask = 0o022;
    }
    let made = make(cx, path, Making { parents: true, ..Making::default() });
    cx.process.umask = umask;
    made && finish(cx, path, attributes)
}

fn busybox(cx: &mut Context<'_>, source: &str, dest: &str, attributes: Attributes, parsed: &Parsed) -> bool {
    let how =
        copy::Copying { follow: true, preserve: parsed.has('p'), verbose: parsed.has('v'), ..copy::Copying::default() };
    copy::copy(cx, source, dest, how, &mut copy::Seen::new()) && finish(cx, dest, attributes)
}

fn gnu(cx: &mut Context<'_>, source: &str, dest: &str, attributes: Attributes, parsed: &Parsed) -> bool {
    let stat = match cx.stat(source) {
        Ok(stat) => stat,
        Err(errno) => {
            cx.complain_of(format_args!("cannot stat {}", quoteaf(source)), errno);
            return false;
        }
    };
    if stat.is_dir() {
        cx.complain(format_args!("omitting directory {}", quoteaf(source)));
        return false;
    }
    if let Ok(there) = cx.lstat(dest) {
        if there.ino == stat.ino {
            cx.complain(format_args!("{} and {} are the same file", quoteaf(source), quoteaf(dest)));
            return false;
        }
        if there.is_dir() {
            cx.complain(format_args!("cannot overwrite directory {} with non-directory", quoteaf(dest)));
            return false;
        }
        if let Err(errno) = cx.unlink(dest) {
            cx.complain_of(format_args!("cannot remove {}", quoteaf(dest)), errno);
            return false;
        }
    }
    let copied = cx
        .system
        .fs
        .read(&cx.process.cred, &cx.process.path(source))
        .and_then(|content| {
            let options = OpenOptions { exclusive: true, ..OpenOptions::appending() };
            cx.open(dest, options, 0o600).map(|ino| (ino, content))
        })
        .and_then(|(ino, content)| copy::fill(cx, ino, &content, &stat));
    if let Err(errno) = copied {
        let errno = if dest.ends_with('/') && errno == Errno::EISDIR { Errno::ENOTDIR } else { errno };
        cx.complain_of(format_args!("cannot create regular file {}", quoteaf(dest)), errno);
        return false;
    }
    if parsed.has('v') {
        cx.out(format!("{} -> {}\n", quoteaf(source), quoteaf(dest)));
    }
    if parsed.has('p') && cx.set_mtime(dest, Some(stat.meta.mtime), true).is_err() {
        return false;
    }
    finish(cx, dest, attributes)
}

/// Sets the owner, which takes setuid away, and then the mode.
fn finish(cx: &mut Context<'_>, path: &str, attributes: Attributes) -> bool {
    let Attributes { mode, uid, gid } = attributes;
    let mut whole = true;
    let owned = uid.is_some() || gid.is_some();
    let busybox = cx.busybox();
    if owned {
        // busybox sets both, the missing one to its own.
        let (own_uid, own_gid) = (cx.process.cred.uid, cx.process.cred.gid);
        let (uid, gid) = if busybox { (uid.or(Some(own_uid)), gid.or(Some(own_gid))) } else { (uid, gid) };
        if let Err(errno) = cx.chown(path, uid, gid, false) {
            if busybox {
                cx.complain_of(format_args!("can't change ownership of {path}"), errno);
            } else {
                cx.complain_of(format_args!("cannot change ownership of {}", quoteaf(path)), errno);
            }
            whole = false;
        }
    }
    if let Err(errno) = cx.chmod(path, mode) {
        if busybox {
            cx.complain_of(format_args!("can't change permissions of {path}"), errno);
        } else {
            cx.complain_of(format_args!("cannot change permissions of {}", quoteaf(path)), errno);
        }
        whole = false;
    }
    whole
}
