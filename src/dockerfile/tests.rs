//! Parsing against what Docker 28 says of the same texts.

use super::*;
use std::path::Path;

fn cases() -> Vec<std::path::PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/docker");
    let mut paths: Vec<_> = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// A case that fails while it is parsed fails with Docker's message at Docker's line; all others parse.
#[test]
fn recorded_cases_parse_as_docker_parses_them() {
    let parse_errors = ["dockerfile parse error", "unterminated", "file with no", "no build stage"];
    for case in cases() {
        let text = std::fs::read_to_string(case.join("Dockerfile")).unwrap();
        let expected: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(case.join("expected.json")).unwrap()).unwrap();
        let file = parse(&text);
        let error = expected["error"].as_str().unwrap_or("").trim_start_matches("failed to build: failed to solve: ");
        let found = file.fatal().map(|diagnostic| (diagnostic.to_string(), diagnostic.line));
        if parse_errors.iter().any(|start| error.starts_with(start)) {
            let line = expected["line"].as_u64().map(|line| line as usize);
            assert_eq!(found, Some((error.to_owned(), line)), "{}", case.display());
        } else {
            assert_eq!(found, None, "{}", case.display());
        }
    }
}
