//! What the expression of `find` says of a file, and what it does with it.

use super::super::syscalls::last_component;
use super::super::{Context, Exit};
use super::expression::{Expression, Permission, age};
use super::{Found, printf, tell};
use crate::glob;
use crate::shell::accounts::Accounts;
use crate::vfs::FileKind;
use std::pin::Pin;

/// What is carried from file to file.
#[derive(Default)]
pub(super) struct State {
    pub exit: Exit,
    /// Do not go into this directory.
    pub prune: bool,
    /// Stop.
    pub quit: bool,
    /// What `-exec … +` has gathered: the action's number, its words, the paths.
    pub gathered: Vec<(usize, Vec<String>, Vec<String>)>,
}

/// How many bytes of paths `-exec … +` hands over at once.
const BATCH: usize = 128 << 10;

/// The value of the expression for a file, with its effects.
pub(super) fn evaluate<'f>(
    cx: &'f mut Context<'_>,
    expression: &'f Expression,
    found: &'f Found,
    state: &'f mut State,
) -> Pin<Box<dyn Future<Output = bool> + 'f>> {
    Box::pin(async move {
        if state.quit || cx.stopped() {
            return false;
        }
        match expression {
            Expression::And(left, right) => {
                evaluate(cx, left, found, state).await && evaluate(cx, right, found, state).await
            }
            Expression::Or(left, right) => {
                evaluate(cx, left, found, state).await || evaluate(cx, right, found, state).await
            }
            Expression::Comma(left, right) => {
                evaluate(cx, left, found, state).await;
                evaluate(cx, right, found, state).await
            }
            Expression::Not(inner) => !evaluate(cx, inner, found, state).await,
            Expression::Execute { words, in_dir } => execute(cx, words, *in_dir, found).await == 0,
            Expression::Gather { words, id } => {
                gather(cx, words, *id, found, state).await;
                true
            }
            Expression::Delete => delete(cx, found, state),
            Expression::Prune => {
                state.prune = true;
                true
            }
            Expression::Quit => {
                state.quit = true;
                true
            }
            Expression::Print => {
                cx.out(format!("{}\n", found.path));
                true
            }
            Expression::Print0 => {
                cx.out(format!("{}\0", found.path));
                true
            }
            Expression::Printf(format) => {
                let text = printf::expand(cx, format, found);
                cx.out(text);
                true
            }
            Expression::List => {
                let format = "%9i %6k %M %3n %-8u %-8g %8s %Tb %Te %TH:%TM %p\n";
                let text = printf::expand(cx, format, found);
                cx.out(text);
                true
            }
            test => holds(cx, test, found),
        }
    })
}

fn matches(pattern: &str, text: &str, fold: bool) -> bool {
    let fold = |text: &str| if fold { text.to_lowercase() } else { text.to_owned() };
    fnmatch(&fold(pattern), &fold(text))
}

/// fnmatch(3) without flags: wildcards match slashes and leading dots too.
fn fnmatch(pattern: &str, text: &str) -> bool {
    // The path matcher keeps slashes apart, so they go by another name.
    let hide = |text: &str| text.replace('/', "\u{1}");
    glob::matches(&hide(pattern).replace("[!", "[^"), &hide(text)).unwrap_or(false)
}

fn holds(cx: &Context<'_>, test: &Expression, found: &Found) -> bool {
    let stat = &found.stat;
    match test {
        Expression::Constant(value) => *value,
        Expression::Name { pattern, fold } => matches(pattern, last_component(&found.path), *fold),
        Expression::Path { pattern, fold } => matches(pattern, &found.path, *fold),
        Expression::LinkName { pattern, fold } => {
            stat.is_symlink() && cx.readlink(&found.path).is_ok_and(|target| matches(pattern, &target, *fold))
        }
        Expression::Regex(pattern) => pattern.is_match(found.path.as_bytes()),
        Expression::Kind(kinds) => kinds.contains(&stat.kind),
        // busybox compares bytes, GNU whole units.
        Expression::Size { amount, unit } if cx.busybox() => amount.times(*unit).fits(stat.size),
        Expression::Size { amount, unit } => amount.fits(stat.size.div_ceil(*unit)),
        Expression::Empty => match stat.kind {
            FileKind::File => stat.size == 0,
            FileKind::Dir => cx.read_dir(&found.path).is_ok_and(|children| children.is_empty()),
            _ => false,
        },
        Expression::Newer(time) => stat.meta.mtime > *time,
        Expression::Age { amount, unit } => amount.fits(age(stat.meta.mtime, *unit)),
        Expression::Permission(Permission::Exactly(mode)) => stat.meta.mode == *mode,
        Expression::Permission(Permission::All(mode)) => stat.meta.mode & mode == *mode,
        Expression::Permission(Permission::Any(mode)) => *mode == 0 || stat.meta.mode & mode != 0,
        Expression::User(uid) => stat.meta.uid == *uid,
        Expression::Group(gid) => stat.meta.gid == *gid,
        Expression::Uid(amount) => amount.fits(u64::from(stat.meta.uid)),
        Expression::Gid(amount) => amount.fits(u64::from(stat.meta.gid)),
        Expression::NoUser => Accounts::load(cx.system.fs.merged()).user_of(stat.meta.uid).is_none(),
        Expression::NoGroup => Accounts::load(cx.system.fs.merged()).group_of(stat.meta.gid).is_none(),
        Expression::Links(amount) => amount.fits(u64::from(stat.nlink)),
        Expression::Inode(amount) => amount.fits(stat.ino.number()),
        Expression::SameFile(ino) => stat.ino == *ino,
        Expression::Access(access) => {
            cx.system.fs.access(&cx.process.cred, &cx.process.path(&found.path), *access).is_ok()
        }
        _ => true,
    }
}

fn delete(cx: &mut Context<'_>, found: &Found, state: &mut State) -> bool {
    if last_component(&found.path) == "." {
        return true;
    }
    let removed = if found.stat.is_dir() { cx.rmdir(&found.path) } else { cx.unlink(&found.path) };
    match removed {
        Ok(()) => true,
        Err(errno) => {
            if cx.busybox() {
                tell(cx, &found.path, errno);
            } else {
                let quoted = cx.quote(&found.path);
                cx.complain_of(format_args!("cannot delete {quoted}"), errno);
                state.exit = 1;
            }
            false
        }
    }
}

async fn execute(cx: &mut Context<'_>, words: &[String], in_dir: bool, found: &Found) -> Exit {
    let mut process = cx.process.clone();
    let mut path = found.path.clone();
    if in_dir {
        let (dir, name) = found.path.rsplit_once('/').unwrap_or((".", &found.path));
        let dir = if dir.is_empty() { "/" } else { dir };
        if let Ok(real) = cx.system.fs.realpath(&cx.process.cred, &cx.process.path(dir)) {
            process.cwd = real.to_string();
        }
        path = format!("./{name}");
    }
    let argv = words.iter().map(|word| word.replace("{}", &path)).collect();
    launch(cx, process, argv).await
}

async fn launch(cx: &mut Context<'_>, process: crate::shell::Process, argv: Vec<String>) -> Exit {
    if !cx.system.spend() {
        return 1;
    }
    let program = argv.first().cloned().unwrap_or_default();
    match crate::shell::exec(cx.system, process, argv).await {
        crate::shell::Launch::Exited(exit) => exit,
        crate::shell::Launch::NotFound(_) => {
            tell(cx, &program, crate::vfs::Errno::ENOENT);
            1
        }
    }
}

async fn gather(cx: &mut Context<'_>, words: &[String], id: usize, found: &Found, state: &mut State) {
    let at = match state.gathered.iter().position(|(known, ..)| *known == id) {
        Some(at) => at,
        None => {
            state.gathered.push((id, words.to_vec(), Vec::new()));
            state.gathered.len() - 1
        }
    };
    let paths = &mut state.gathered[at].2;
    paths.push(found.path.clone());
    if paths.iter().map(|path| path.len() + 1).sum::<usize>() > BATCH {
        flush(cx, at, state).await;
    }
}

async fn flush(cx: &mut Context<'_>, at: usize, state: &mut State) {
    let (_, words, paths) = &mut state.gathered[at];
    if paths.is_empty() {
        return;
    }
    let argv = words.iter().cloned().chain(std::mem::take(paths)).collect();
    let process = cx.process.clone();
    if launch(cx, process, argv).await != 0 {
        state.exit = 1;
    }
}

/// Runs what `-exec … +` still holds.
pub(super) async fn finish(cx: &mut Context<'_>, state: &mut State) {
    for at in 0..state.gathered.len() {
        flush(cx, at, state).await;
    }
}
