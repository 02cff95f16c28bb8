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

#[derive(serde::Deserialize)]
struct WordCase {
    word: String,
    value: Option<String>,
    error: Option<String>,
    undefined: usize,
}

/// Words behind `ENV X=` become what Docker makes of them.
#[test]
fn words_expand_as_docker_expands_them() {
    let cases: Vec<WordCase> = serde_json::from_str(include_str!("../../tests/cases/dockerfile/expand.json")).unwrap();
    let mut wrong = Vec::new();
    for case in cases {
        let text =
            format!("FROM busybox\nENV A=1 B=two C=\"3 4\" E= P=/usr/local/foo.tar.gz S=*a?b*\nENV X={}\n", case.word);
        let file = parse(&text);
        let mut env = expand::EnvList::from_strings(["PATH=/bin"]);
        let mut result = file.fatal().map_or(Ok((String::new(), 0)), |error| Err(error.to_string()));
        for instruction in &file.instructions {
            let InstructionKind::Env(pairs) = &instruction.kind else { continue };
            let before = env.clone();
            for pair in &pairs.pairs {
                match expand::Lexer::new(file.escape).process(&pair.value.text, &before) {
                    Ok(expansion) => {
                        env.set(&pair.name.text, &expansion.text);
                        result = result.map(|_| (expansion.text, expansion.unmatched.len()));
                    }
                    Err(error) => result = result.and(Err(error.to_string())),
                }
            }
        }
        let expected = match (case.value, case.error) {
            (Some(value), _) => Ok((value, case.undefined)),
            (None, error) => Err(error.unwrap()),
        };
        if result != expected {
            wrong.push(format!("{}\n  ours   {result:?}\n  Docker {expected:?}", case.word));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
