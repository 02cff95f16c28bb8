//! `mkdir`: make directories. With `-p`, the directories on the way get `u+wx` whatever the umask, and what is there already
//! is left as it is.

use super::mode::{self, Target};
use super::{Command, Context, Exit, Options, Run};
use crate::vfs::Errno;

pub(super) const COMMAND: Command = Command {
    name: "mkdir",
    run: Run::Plain(run),
    options: &Options {
        short: "m:pv",
        long: &[("mode", 'm'), ("parents", 'p'), ("verbose", 'v')],
        hidden: "",
        in_order: false,
    },
};

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.operands.is_empty() {
        return cx.missing_operand("missing operand");
    }
    let mode = match parsed.value('m') {
        None => None,
        Some(spec) => {
            let target = Target { mode: 0o777, is_dir: true, umask: cx.process.umask, gnu: !cx.busybox() };
            let Some(mode) = mode::apply(spec, target) else {
                let quoted = cx.quote(spec);
                cx.complain(format_args!("invalid mode {quoted}"));
                return 1;
            };
            Some(mode)
        }
    };
    let how = Making { parents: parsed.has('p'), verbose: parsed.has('v'), mode };
    let made: Vec<bool> = parsed.operands.iter().map(|operand| make(cx, operand, how)).collect();
    u8::from(made.contains(&false))
}

/// How to make a directory.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Making {
    /// The directories on the way too, and no error if it is there.
    pub parents: bool,
    /// Say what was made.
    pub verbose: bool,
    /// The mode of the directory itself, else 0777 after the umask.
    pub mode: Option<u16>,
}

/// Makes a directory; false if it could not be, which it has told.
pub(super) fn make(cx: &mut Context<'_>, path: &str, how: Making) -> bool {
    if how.parents {
        let bytes = path.as_bytes();
        for end in (1..bytes.len()).filter(|i| bytes[*i] == b'/' && bytes[i - 1] != b'/') {
            let after = end + bytes[end..].iter().take_while(|byte| **byte == b'/').count();
            // A slash at the end is part of the last component.
            if after == bytes.len() {
                break;
            }
            // busybox names a directory on the way with its slash.
            let prefix = if cx.busybox() { &path[..after] } else { &path[..end] };
            if !one(cx, prefix, false, true, how.verbose, 0o777 & !(cx.process.umask & !0o300)) {
                return false;
            }
        }
    }
    let before = cx.lstat(path).is_ok();
    let plain = 0o777 & !cx.process.umask;
    let mode = if cx.busybox() { plain } else { how.mode.map_or(plain, |mode| mode & 0o777) };
    if !one(cx, path, true, how.parents, how.verbose, mode) {
        return false;
    }
    match how.mode {
        // GNU makes it with the mode; chmod(2) only sets the special bits.
        Some(mode) if !before && !cx.busybox() && mode & 0o7000 == 0 => true,
        Some(mode) if !before => match cx.chmod(path, mode) {
            Ok(()) => true,
            Err(errno) => {
                cx.complain_of(format_args!("can't set permissions of directory '{path}'"), errno);
                false
            }
        },
        _ => true,
    }
}

/// Makes one directory with exactly this mode.
fn one(cx: &mut Context<'_>, path: &str, last: bool, may_exist: bool, verbose: bool, mode: u16) -> bool {
    match cx.system.fs.mkdir(&cx.process.cred, &cx.process.path(path), mode) {
        Ok(()) => {
            if verbose {
                let said = if cx.busybox() {
                    format!("created directory: '{path}'\n")
                } else {
                    format!("mkdir: created directory '{path}'\n")
                };
                cx.out(said);
            }
            true
        }
        Err(Errno::EEXIST) if may_exist && cx.is_dir(path) => true,
        Err(mut errno) => {
            // Something else on the way.
            let on_the_way = path.ends_with('/') || !last;
            if errno == Errno::EEXIST && may_exist && on_the_way {
                errno = Errno::ENOTDIR;
            }
            if cx.busybox() {
                cx.complain_of(format_args!("can't create directory '{path}'"), errno);
            } else {
                let quoted = cx.quote(path);
                cx.complain_of(format_args!("cannot create directory {quoted}"), errno);
            }
            false
        }
    }
}
