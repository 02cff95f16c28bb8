//! The engine's native benchmarks, with the bars of the design: a whole rebuild of the first example without digests
//! (1 ms), an edit of its last line, and an edit of the last of a thousand instructions (5 ms, and only that step runs).
//!
//! They drive the build as the page's worker does, by polling; digests are not part of it.

#![allow(missing_docs, clippy::panic)]

use criterion::{Criterion, criterion_group, criterion_main};
use layerlab::build::{self, Build, Cache, Request};
use layerlab::catalog::Catalog;
use std::cell::RefCell;
use std::fmt::Write;
use std::hint::black_box;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

const SIX_LAYERS: &str = include_str!("../static/examples/six-layers.Dockerfile");

fn run(dockerfile: &str, catalog: &Rc<Catalog>, cache: &Rc<RefCell<Cache>>) -> Build {
    let request = Request { dockerfile: dockerfile.to_owned(), ..Request::default() };
    let mut future = Box::pin(build::build(Rc::new(request), catalog.clone(), cache.clone()));
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(build) = future.as_mut().poll(&mut context) {
            return build;
        }
    }
}

fn whole_rebuild(criterion: &mut Criterion) {
    let catalog = Rc::new(Catalog::builtin());
    let build = run(SIX_LAYERS, &catalog, &Rc::default());
    assert_eq!(build.failure, None);
    assert_eq!(build.executed, 6);
    criterion.bench_function("whole rebuild of example 1 (bar 1 ms)", |bencher| {
        bencher.iter(|| run(black_box(SIX_LAYERS), &catalog, &Rc::default()));
    });
}

/// Edits the last line to and fro between texts that were never seen before, so that the step always runs.
fn edit_last_line(criterion: &mut Criterion, name: &str, start: &str) {
    let catalog = Rc::new(Catalog::builtin());
    let cache = Rc::default();
    run(start, &catalog, &cache);
    let mut count = 0_u64;
    criterion.bench_function(name, |bencher| {
        bencher.iter(|| {
            count += 1;
            let build = run(&format!("{start}RUN echo {count} > /last\n"), &catalog, &cache);
            assert_eq!(build.executed, 1);
            build
        });
    });
}

fn edits(criterion: &mut Criterion) {
    edit_last_line(criterion, "edit of the last line of example 1", SIX_LAYERS);
    let mut long = String::from("FROM busybox\n");
    for line in 1..1000 {
        // Writing to a String cannot fail.
        let _ = writeln!(long, "RUN echo {line} > /file{line}");
    }
    edit_last_line(criterion, "edit of the last of 1,000 instructions (bar 5 ms)", &long);
}

criterion_group!(benches, whole_rebuild, edits);
criterion_main!(benches);
