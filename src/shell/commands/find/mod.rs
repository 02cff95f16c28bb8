//! `find`: walks trees and tells, removes, or runs programs on what its expression picks.
//!
//! A directory is walked in the order of its names; the real one takes the order in which the disk keeps them. Times are
//! compared with the fixed clock of a build; access and change times are not kept and stand for the modification time.

mod eval;
mod expression;
mod parse;
mod printf;

use super::syscalls::concat;
use super::{Command, Context, Exit, Options, Run, Running};
use crate::vfs::Stat;
use eval::State;
use expression::{Expression, Settings};

pub(super) const COMMAND: Command =
    Command { name: "find", run: Run::Launcher(run), options: &Options { in_order: true, ..Options::short("HLP") } };

/// A file that the expression is asked about.
struct Found {
    /// The path as it is printed.
    path: String,
    /// The operand it was found under.
    top: String,
    /// 0 for the operand itself.
    depth: usize,
    /// What it is, links followed as the options say.
    stat: Stat,
}

fn run<'a>(cx: &'a mut Context<'_>) -> Running<'a> {
    Box::pin(walk(cx))
}

async fn walk(cx: &mut Context<'_>) -> Exit {
    let args: Vec<String> = cx.args.iter().skip(1).cloned().collect();
    let (paths, expression, settings) = match parse::parse(cx, &args) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let mut state = State::default();
    for top in paths {
        // Depth first, without recursion: a directory comes back after what is in it.
        let mut stack = vec![Step::Visit(top.clone(), 0)];
        while let Some(step) = stack.pop() {
            if state.quit || cx.stopped() {
                break;
            }
            match step {
                Step::Visit(path, depth) => {
                    let stat = match lookup(cx, &path, depth, settings) {
                        Ok(stat) => stat,
                        Err(errno) => {
                            tell(cx, &path, errno);
                            state.exit = 1;
                            continue;
                        }
                    };
                    let found = Found { path, top: top.clone(), depth, stat };
                    visit(cx, found, &expression, settings, &mut state, &mut stack).await;
                }
                Step::Leave(found) => {
                    if found.depth >= settings.min_depth {
                        eval::evaluate(cx, &expression, &found, &mut state).await;
                    }
                }
            }
        }
    }
    eval::finish(cx, &mut state).await;
    state.exit
}

enum Step {
    Visit(String, usize),
    Leave(Found),
}

async fn visit(
    cx: &mut Context<'_>,
    found: Found,
    expression: &Expression,
    settings: Settings,
    state: &mut State,
    stack: &mut Vec<Step>,
) {
    state.prune = false;
    if !settings.depth_first && found.depth >= settings.min_depth {
        eval::evaluate(cx, expression, &found, state).await;
    }
    let enters = found.stat.is_dir()
        && found.depth < settings.max_depth
        && (settings.depth_first || !state.prune)
        && !(settings.one_device && found.depth > 0 && found.stat.mounted);
    let (path, depth) = (found.path.clone(), found.depth);
    if settings.depth_first {
        stack.push(Step::Leave(found));
    }
    if !enters || cx.lstat(&path).is_err() {
        return;
    }
    match cx.read_dir(&path) {
        Ok(children) => {
            stack.extend(children.iter().rev().map(|child| Step::Visit(concat(&path, &child.name), depth + 1)));
        }
        Err(errno) => {
            tell(cx, &path, errno);
            state.exit = 1;
        }
    }
}

fn lookup(cx: &Context<'_>, path: &str, depth: usize, settings: Settings) -> Result<Stat, crate::vfs::Errno> {
    if settings.follow || (depth == 0 && settings.follow_operands) {
        return cx.stat(path).or_else(|_| cx.lstat(path));
    }
    cx.lstat(path)
}

fn tell(cx: &mut Context<'_>, path: &str, errno: crate::vfs::Errno) {
    if cx.busybox() {
        cx.complain_of(path, errno);
    } else {
        let quoted = cx.quote(path);
        cx.complain_of(quoted, errno);
    }
}
