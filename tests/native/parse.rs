//! `layerlab parse`, run as a program: the outline, the tree, and its exit statuses.

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn parse(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_layerlab"))
        .arg("parse")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn the_tree_of_standard_input_keeps_the_original_text() {
    let text = "FROM busybox\r\nRUN echo a \\\r\n  b\r\nCOPY <<E /x\r\nin\r\nE\r\n";
    let output = parse(&["-", "--format", "json"], text.as_bytes());
    assert_eq!(output.status.code(), Some(0));
    let tree: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let originals: Vec<_> = tree["instructions"].as_array().unwrap().iter().map(|one| &one["original"]).collect();
    assert_eq!(originals, ["FROM busybox", "RUN echo a \\\r\n  b", "COPY <<E /x\r\nin\r\nE"]);
}

#[test]
fn the_outline_names_what_is_wrong_and_goes_on() {
    let output = parse(&["-"], b"FROM busybox\nFOO x\nRUN --network=none [\"a\"]\n");
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(lines[1].contains("FOO (invalid)"), "{text}");
    assert!(lines[2].contains("RUN (exec, 1 flag)"), "{text}");
    assert!(lines[3].starts_with("-:2:1: error: ") && lines[3].contains("unknown instruction: FOO"), "{text}");
}

#[test]
fn input_that_cannot_be_read_is_exit_status_2() {
    assert_eq!(parse(&["/nowhere/Dockerfile"], b"").status.code(), Some(2));
    assert_eq!(parse(&["-"], b"FROM \xff").status.code(), Some(2));
}
