//! `realpath`: paths without links, `.` and `..`.

use super::ln::from_dir;
use super::{Command, Context, Exit, Options, Run};
use crate::path::AbsPath;
use crate::vfs::Errno;

pub(super) const COMMAND: Command = Command {
    name: "realpath",
    run: Run::Plain(run),
    options: &Options {
        short: "emqszR:B:P",
        long: &[
            ("canonicalize-existing", 'e'),
            ("canonicalize-missing", 'm'),
            ("quiet", 'q'),
            ("strip", 's'),
            ("no-symlinks", 's'),
            ("zero", 'z'),
            ("relative-to", 'R'),
            ("relative-base", 'B'),
            ("physical", 'P'),
        ],
        hidden: "RB",
        in_order: false,
    },
};

/// Which parts of a path may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// None: all must be there.
    None,
    /// The last.
    Last,
    /// Any.
    Any,
}

/// The path without links, `.` and `..`.
pub(super) fn canonical(cx: &Context<'_>, operand: &str, missing: Missing) -> Result<String, Errno> {
    let path = cx.process.path(operand);
    match cx.system.fs.resolve(&cx.process.cred, &path, true) {
        Ok(at) if at.ino().is_some() || missing != Missing::None => Ok(at.path().to_string()),
        Ok(_) => Err(Errno::ENOENT),
        Err(errno @ (Errno::ENOENT | Errno::ENOTDIR)) if missing == Missing::Any => {
            // What is there is followed, the rest taken as it stands.
            let Some((dir, name)) = path.trim_end_matches('/').rsplit_once('/') else { return Err(errno) };
            let dir = if dir.is_empty() { "/".to_owned() } else { canonical(cx, dir, missing)? };
            Ok(AbsPath::new(&dir).join(name).to_string())
        }
        Err(errno) => Err(errno),
    }
}

fn run(cx: &mut Context<'_>) -> Exit {
    if cx.busybox() && cx.args.len() > 1 {
        // It has no options: all are paths.
        cx.args.insert(1, "--".to_owned());
    }
    let parsed = match cx.options(COMMAND.options) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    if parsed.operands.is_empty() {
        return cx.missing_operand("missing operand");
    }
    let missing = match parsed.last_of("em") {
        Some('m') => Missing::Any,
        Some(_) => Missing::None,
        None if cx.busybox() => Missing::None,
        None => Missing::Last,
    };
    let mut exit = 0;
    let end = if parsed.has('z') { "\0" } else { "\n" };
    let base = |cx: &Context<'_>, letter| parsed.value(letter).map(|dir| canonical(cx, dir, Missing::Any));
    let relative_to = match (base(cx, 'R'), base(cx, 'B')) {
        (Some(Err(errno)), _) | (_, Some(Err(errno))) => {
            cx.complain_of(parsed.value('R').or(parsed.value('B')).unwrap_or_default(), errno);
            return 1;
        }
        (to, below) => (to.and_then(Result::ok), below.and_then(Result::ok)),
    };
    for operand in &parsed.operands {
        let found = if parsed.has('s') {
            Ok(AbsPath::new(&cx.process.path(operand)).to_string())
        } else {
            canonical(cx, operand, missing)
        };
        match found {
            Ok(path) => {
                let path = match &relative_to {
                    (_, Some(below)) if !AbsPath::new(&path).starts_with(&AbsPath::new(below)) => path,
                    (Some(to), _) | (None, Some(to)) => from_dir(&AbsPath::new(&path), &AbsPath::new(to)),
                    (None, None) => path,
                };
                cx.out(format!("{path}{end}"));
            }
            Err(errno) => {
                if !parsed.has('q') {
                    cx.complain_of(operand, errno);
                }
                exit = 1;
            }
        }
    }
    exit
}
