//! `ln`: hard and symbolic links. Backups (`-b`, `-S`) are not simulated.

use super::syscalls::{concat, last_component, quoteaf};
use super::{Command, Context, Exit, Options, Run};
use crate::path::AbsPath;
use crate::vfs::Errno;

pub(super) const COMMAND: Command = Command {
    name: "ln",
    run: Run::Plain(run),
    options: &Options {
        short: "sfnvTt:rLP",
        long: &[
            ("symbolic", 's'),
            ("force", 'f'),
            ("no-dereference", 'n'),
            ("verbose", 'v'),
            ("no-target-directory", 'T'),
            ("target-directory", 't'),
            ("relative", 'r'),
            ("logical", 'L'),
            ("physical", 'P'),
        ],
        hidden: "",
        in_order: false,
    },
};

fn run(cx: &mut Context<'_>) -> Exit {
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let mut sources = parsed.operands.clone();
    let last = match (parsed.value('t'), sources.len()) {
        (Some(dir), 1..) => dir.to_owned(),
        (_, 0) => return cx.missing_operand("missing file operand"),
        (None, 1) => {
            if cx.busybox() {
                last_component(&sources[0]).to_owned()
            } else {
                ".".to_owned()
            }
        }
        (None, _) => sources.pop().unwrap_or_default(),
    };
    let follows = !parsed.has('n') && !parsed.has('T');
    let into = match (parsed.has('T'), follows) {
        (true, _) if !cx.busybox() => false,
        (_, true) => cx.is_dir(&last),
        (_, false) => cx.lstat(&last).is_ok_and(|stat| stat.is_dir()),
    };
    if parsed.has('T') && into {
        cx.complain(format_args!("'{last}' is a directory"));
        return 1;
    }
    if sources.len() > 1 && !into && !cx.busybox() {
        match cx.stat(&last) {
            Err(errno) => cx.complain_of(format_args!("target {}", quoteaf(&last)), errno),
            Ok(_) => cx.complain_of(format_args!("target {}", quoteaf(&last)), Errno::ENOTDIR),
        }
        return 1;
    }
    let mut exit = 0;
    for source in &sources {
        let dest = if into { concat(&last, last_component(source)) } else { last.clone() };
        let made = if cx.busybox() {
            busybox(cx, source, &dest, parsed.has('s'), parsed.has('f'), parsed.has('v'))
        } else {
            let source = if parsed.has('r') && parsed.has('s') { relative(cx, source, &dest) } else { source.clone() };
            let verbose = parsed.has('v');
            gnu(cx, &source, &dest, parsed.has('s'), parsed.has('f'), verbose, parsed.has('L'))
        };
        if !made {
            exit = 1;
        }
    }
    exit
}

fn busybox(cx: &mut Context<'_>, source: &str, dest: &str, symbolic: bool, force: bool, verbose: bool) -> bool {
    if !symbolic && let Err(errno) = cx.lstat(source) {
        cx.complain_of(source, errno);
        return false;
    }
    if force {
        // The real one does not look whether this worked; link(2) tells.
        let _gone = cx.unlink(dest);
    }
    if verbose {
        cx.out(format!("'{dest}' -> '{source}'\n"));
    }
    let made = if symbolic { cx.symlink(source, dest) } else { cx.link(source, dest) };
    match made {
        Ok(()) => true,
        Err(errno) => {
            cx.complain_of(dest, errno);
            false
        }
    }
}

fn gnu(
    cx: &mut Context<'_>,
    source: &str,
    dest: &str,
    symbolic: bool,
    force: bool,
    verbose: bool,
    logical: bool,
) -> bool {
    let mut from = source.to_owned();
    if !symbolic {
        match if logical { cx.stat(source) } else { cx.lstat(source) } {
            Err(errno) => {
                cx.complain_of(format_args!("failed to access {}", quoteaf(source)), errno);
                return false;
            }
            Ok(stat) if stat.is_dir() => {
                cx.complain(format_args!("{source}: hard link not allowed for directory"));
                return false;
            }
            Ok(_) => {
                if force && source == dest {
                    cx.complain(format_args!("{} and {} are the same file", quoteaf(source), quoteaf(dest)));
                    return false;
                }
            }
        }
        if logical && let Ok(path) = cx.system.fs.realpath(&cx.process.cred, &cx.process.path(source)) {
            from = path.to_string();
        }
    }
    if force && let Ok(stat) = cx.lstat(dest) {
        if stat.is_dir() {
            cx.complain(format_args!("{dest}: cannot overwrite directory"));
            return false;
        }
        // A symbolic link would take the place of the very file that it is to lead to.
        let one_place = || AbsPath::new(&cx.process.path(source)) == AbsPath::new(&cx.process.path(dest));
        if symbolic && cx.stat(source).is_ok_and(|target| target.ino == stat.ino && (target.nlink == 1 || one_place()))
        {
            cx.complain(format_args!("{} and {} are the same file", quoteaf(source), quoteaf(dest)));
            return false;
        }
        if let Err(errno) = cx.unlink(dest) {
            cx.complain_of(format_args!("cannot remove {}", quoteaf(dest)), errno);
            return false;
        }
    }
    let made = if symbolic { cx.symlink(source, dest) } else { cx.link(&from, dest) };
    match made {
        Ok(()) => {
            if verbose {
                let arrow = if symbolic { "->" } else { "=>" };
                cx.out(format!("{} {arrow} {}\n", quoteaf(dest), quoteaf(source)));
            }
            true
        }
        Err(errno) if symbolic && (errno == Errno::EEXIST || source.is_empty()) => {
            cx.complain_of(format_args!("failed to create symbolic link {}", quoteaf(dest)), errno);
            false
        }
        Err(errno) if symbolic => {
            cx.complain_of(format_args!("failed to create symbolic link {}", quoteaf(dest)), errno);
            false
        }
        Err(errno @ Errno::EEXIST) => {
            cx.complain_of(format_args!("failed to create hard link {}", quoteaf(dest)), errno);
            false
        }
        Err(errno) => {
            let what = format!("failed to create hard link {} => {}", quoteaf(dest), quoteaf(source));
            cx.complain_of(what, errno);
            false
        }
    }
}

/// The target of `ln -sr`: the source as seen from the directory of the link.
fn relative(cx: &Context<'_>, source: &str, dest: &str) -> String {
    let real = |path: &str| {
        let path = cx.process.path(path);
        cx.system.fs.realpath(&cx.process.cred, &path).unwrap_or_else(|_| AbsPath::new(&path))
    };
    let dir = match dest.rsplit_once('/') {
        Some(("", _)) => AbsPath::root(),
        Some((dir, _)) => real(dir),
        None => real("."),
    };
    from_dir(&real(source), &dir)
}

/// A path relative to a directory.
pub(super) fn from_dir(path: &AbsPath, dir: &AbsPath) -> String {
    let (path, dir): (Vec<&str>, Vec<&str>) = (path.components().collect(), dir.components().collect());
    let common = path.iter().zip(&dir).take_while(|(a, b)| a == b).count();
    let mut parts = vec![".."; dir.len() - common];
    parts.extend(&path[common..]);
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}
