//! Comparing two directories.

use super::{Job, pair, side};
use crate::shell::commands::{Context, Exit};
use std::collections::BTreeSet;

pub(super) fn trees(cx: &mut Context<'_>, job: &Job, a: &str, b: &str) -> Exit {
    let (Ok(left), Ok(right)) = (cx.read_dir(a), cx.read_dir(b)) else {
        cx.complain(format_args!("can't read {a} or {b}"));
        return 2;
    };
    let join = |dir: &str, name: &str| format!("{}/{name}", dir.trim_end_matches('/'));
    let names: BTreeSet<String> = left.iter().chain(&right).map(|entry| entry.name.to_string()).collect();
    let mut exit = 0;
    for name in names {
        let (x, y) = (join(a, &name), join(b, &name));
        let (in_a, in_b) = (cx.lstat(&x).is_ok(), cx.lstat(&y).is_ok());
        if in_a != in_b && !job.new_files {
            let place = if in_a { a } else { b };
            cx.out(format!("Only in {}: {name}\n", if cx.busybox() { place } else { place.trim_end_matches('/') }));
            exit = exit.max(1);
            continue;
        }
        exit = exit.max(match (cx.is_dir(&x), cx.is_dir(&y)) {
            (true, true) if job.recursive => trees(cx, job, &x, &y),
            (true, true) => {
                cx.out(format!("Common subdirectories: {x} and {y}\n"));
                0
            }
            (true, false) | (false, true) => {
                let kind = |dir: bool| if dir { "directory" } else { "regular file" };
                let (p, q) = (kind(cx.is_dir(&x)), kind(cx.is_dir(&y)));
                cx.out(format!("File {x} is a {p} while file {y} is a {q}\n"));
                1
            }
            (false, false) => both(cx, job, &x, &y),
        });
    }
    exit
}

fn both(cx: &mut Context<'_>, job: &Job, x: &str, y: &str) -> Exit {
    let sides = side(cx, job, x, true).and_then(|a| side(cx, job, y, true).map(|b| (a, b)));
    let (a, b) = match sides {
        Ok(sides) => sides,
        Err(exit) => return exit,
    };
    // GNU repeats its options before each pair that differs.
    if !cx.busybox() && !job.brief && a.bytes != b.bytes {
        let words = job.words.clone();
        cx.out(format!("diff{words} {x} {y}\n"));
    }
    pair(cx, job, &a, &b)
}
