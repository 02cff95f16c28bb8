//! Placeholders: which files stand for those that a context lacks (`tests/cases/placeholders`), and what steps say of them.

use layerlab::build::{Build, Cache, Request, block_on, build};
use layerlab::catalog::Catalog;
use layerlab::shell::NoteKind;
use std::cell::RefCell;
use std::rc::Rc;

fn run(dockerfile: &str, placeholders: bool) -> Build {
    let request = Request { dockerfile: dockerfile.to_owned(), placeholders, ..Request::default() };
    let cache: Rc<RefCell<Cache>> = Rc::default();
    block_on(build(Rc::new(request), Rc::new(Catalog::builtin()), cache))
}

#[test]
fn placeholders_are_chosen_by_name() {
    let text = include_str!("../cases/placeholders/names.txt");
    let cases: Vec<&str> = text.split_once('\n').unwrap().1.split("=====\n").filter(|case| !case.is_empty()).collect();
    assert_eq!(cases.len(), 5);
    for case in cases {
        let (dockerfile, expected) = case.split_once("--\n").unwrap();
        let build = run(dockerfile, false);
        let paths: Vec<&str> = build.lacking.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, expected.lines().collect::<Vec<_>>(), "{dockerfile}");
    }
}

#[test]
fn a_step_says_that_it_used_placeholders_and_builds() {
    let text = "FROM busybox\nCOPY a.txt b.txt /x/\nRUN cat /x/a.txt\n";
    let build = run(text, true);
    assert_eq!(build.failure, None);
    let notes = build.notes();
    assert_eq!(notes.len(), 1);
    assert_eq!(
        (notes[0].line, notes[0].kind, notes[0].message.as_str()),
        (2, NoteKind::Placeholder, "COPY: a.txt, b.txt")
    );
    assert!(run(text, false).failure.unwrap().message.contains("not found"));
}

#[test]
fn the_placeholders_build_script_makes_what_later_lines_copy() {
    let text = "FROM busybox AS build\nCOPY package.json /\nRUN sed -n 's/.*\"build\": \"\\(.*\\)\",/\\1/p' package.json | sh\n\
        FROM busybox\nCOPY --from=build /dist/app /www\n";
    assert_eq!(run(text, true).failure, None);
}
