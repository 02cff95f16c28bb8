//! Each lesson in a build that has it, with what it costs there, and in a build that does it right.

use super::*;
use crate::build::{self, Cache, Context, ContextFile, Request};
use crate::catalog::Catalog;
use crate::vfs::Content;
use std::cell::RefCell;
use std::rc::Rc;

/// The codes, lines and sizes that a Dockerfile's build teaches, and the text with all mends made.
fn taught(dockerfile: &str) -> (Vec<(String, usize, String)>, String) {
    let file = |text: &str| ContextFile::File { content: Content::from(text), executable: false };
    let files = [("app.js", "x\n"), (".env", "TOKEN=1\n"), ("package.json", "{}\n"), ("site.tar", "no archive\n")];
    let context = Context::new(files.map(|(name, text)| (name.to_owned(), file(text))));
    let request = Request { dockerfile: dockerfile.to_owned(), context, ..Request::default() };
    let cache = Rc::new(RefCell::new(Cache::default()));
    let build = build::block_on(build::build(Rc::new(request), Rc::new(Catalog::builtin()), cache));
    assert_eq!(build.failure, None, "{dockerfile}");
    let found = lessons(&build);
    let mut text = dockerfile.to_owned();
    for edit in found.iter().rev().filter_map(|one| one.edit.as_ref()) {
        text.replace_range(edit.span.start..edit.span.end, &edit.replacement);
    }
    let size = |one: &Diagnostic| one.kind.args().into_iter().find(|(name, _)| *name == "size").map(|(_, size)| size);
    let row = |one: &Diagnostic| (one.kind.code().to_owned(), one.line.unwrap_or(0), size(one).unwrap_or_default());
    (found.iter().map(row).collect(), text)
}

fn check(dockerfile: &str, expected: &[(&str, usize, &str)], mended: &str) {
    let (found, text) = taught(dockerfile);
    let found: Vec<(&str, usize, &str)> =
        found.iter().map(|(code, line, size)| (&code[..], *line, &size[..])).collect();
    assert_eq!(found, expected, "{dockerfile}");
    assert_eq!(text, mended, "{dockerfile}");
}

const PINNED: &str = "FROM alpine:3.20\n";

#[test]
fn the_six_layer_example_teaches_what_it_is_known_for() {
    let text = format!(
        "{PINNED}RUN mkdir /data\nRUN dd if=/dev/zero of=/data/one bs=1M count=1\nRUN chmod -R 0777 /data\nRUN rm /data/one\n"
    );
    check(&text, &[("lesson-copied-up", 4, "1.05MB"), ("lesson-cleanup", 5, "1.05MB")], &text);
}

#[test]
fn what_the_base_stores_is_not_this_builds_cleanup() {
    let text = format!("{PINNED}RUN rm /etc/motd\nRUN echo a > /a && rm /a\n");
    check(&text, &[], &text);
}

#[test]
fn add_becomes_copy_where_nothing_is_unpacked_or_fetched() {
    let text = format!("{PINNED}ADD app.js /\nADD site.tar /s/\nADD https://example.com/x /\nCOPY app.js /b\n");
    check(&text, &[("lesson-add-for-copy", 2, "2B")], &text.replace("ADD app", "COPY app"));
}

#[test]
fn a_floating_base_is_pinned_to_what_it_was_taken_for() {
    let (found, text) = taught("FROM alpine\nRUN true\n");
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].0.as_str(), found[0].1), ("lesson-unpinned-base", 1));
    assert_eq!(text, "FROM alpine:3.20\nRUN true\n");
}

#[test]
fn a_secret_is_told_although_it_is_deleted() {
    let text = format!("{PINNED}COPY .env /app/\nRUN rm /app/.env\n");
    check(&text, &[("lesson-secret", 2, "8B"), ("lesson-cleanup", 3, "8B")], &text);
}

#[test]
fn only_stages_that_ship_teach_about_their_bytes() {
    let text =
        format!("FROM alpine:3.20 AS build\nCOPY app.js /a\nRUN rm /a\n{PINNED}COPY --from=build /etc/motd /m\n");
    check(&text, &[], &text);
}

#[test]
fn lists_that_stay_are_removed_in_the_same_run() {
    let text = format!("{PINNED}RUN mkdir -p /var/lib/apt/lists && echo list > /var/lib/apt/lists/a\n");
    let mended = text.replace("lists/a\n", "lists/a && rm -rf /var/lib/apt/lists/*\n");
    check(&text, &[("lesson-lists-left", 2, "5B")], &mended);
    check(&mended, &[], &mended);
}

/// Every row of the table has a kind of its code, and every kind a row.
#[test]
fn the_table_is_whole() {
    let rows: Vec<&str> = LESSONS.iter().map(|row| row.code).collect();
    assert_eq!(rows, Lesson::CODES);
}
