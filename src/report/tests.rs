//! The reports of small builds from scratch; whole builds are compared with Docker's in `tests/native/docker.rs`.

use super::json::Report;
use super::plain::{excerpt, plain};
use crate::build::{self, Cache, Context, ContextFile, Request};
use crate::catalog::Catalog;
use crate::vfs::Content;
use std::cell::RefCell;
use std::rc::Rc;

fn build(text: &str) -> build::Build {
    let file = |text: &str| ContextFile::File { content: Content::from(text), executable: false };
    let context = Context::new([("a".to_owned(), file("one")), ("b/c".to_owned(), file("two"))]);
    let request = Request { dockerfile: text.to_owned(), context, ..Request::default() };
    let cache = Rc::new(RefCell::new(Cache::default()));
    build::block_on(build::build(Rc::new(request), Rc::new(Catalog::builtin()), cache))
}

/// As Docker 28 printed them.
#[test]
fn excerpts_are_padded_as_buildkit_does() {
    let text = "FROM busybox\nRUN true\nRUN false\n";
    let expected = "Dockerfile:3
--------------------
   1 |     FROM busybox
   2 |     RUN true
   3 | >>> RUN false
   4 |     
--------------------
";
    assert_eq!(excerpt(text, "Dockerfile", 3, 3), expected);
    assert_eq!(excerpt(text, "Dockerfile", 9, 9), "");
}

#[test]
fn the_log_numbers_steps_as_buildkit_does() {
    let text = "FROM scratch AS one\nCOPY a /a\nLABEL x=y\nFROM scratch\nCOPY --from=one /a /b\nWORKDIR /w\n";
    let log = plain(&build(text), text, "Dockerfile");
    for line in ["[one 1/1] COPY a /a", "[stage-1 1/2] COPY --from=one /a /b", "[stage-1 2/2] WORKDIR /w"] {
        assert!(log.contains(line), "{line} in\n{log}");
    }
    let row = log.lines().find(|line| line.starts_with("COPY /a /b")).unwrap_or_default();
    let words: Vec<&str> = row.split_whitespace().collect();
    assert_eq!(words, ["COPY", "/a", "/b", "#", "buildkit", "3B", "buildkit.dockerfile.v0"]);
}

#[test]
fn a_failed_build_is_reported_with_its_place() {
    let text = "FROM scratch\nCOPY a /a\nCOPY missing /b\n";
    let build = build(text);
    let log = plain(&build, text, "Dockerfile");
    assert!(log.contains("   3 | >>> COPY missing /b\n"), "{log}");
    let last = log.lines().last().unwrap_or_default();
    assert!(last.starts_with("ERROR: failed to build: failed to solve: "), "{last}");
    let report = Report::new(&build, text);
    assert_eq!((report.ok, report.line, report.exit_code), (false, Some(Some(3)), Some(None)));
}

#[test]
fn a_report_is_the_same_each_time() {
    let text = "FROM scratch\nCOPY . /x\nWORKDIR /x/b\n";
    let report = Report::new(&build(text), text);
    assert_eq!(report.to_json(), Report::new(&build(text), text).to_json());
    let paths: Vec<&str> = report.layers[0].entries.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(paths, ["/x", "/x/a", "/x/b", "/x/b/c"]);
    assert_eq!(report.layers[0].diff, ["A /x", "A /x/a", "A /x/b", "A /x/b/c"]);
}
