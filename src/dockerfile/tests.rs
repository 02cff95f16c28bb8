//! Parsing against what Docker 28 says of the same texts.

use super::*;
use property::holds_for;
use std::path::Path;

#[path = "../../fuzz/properties/dockerfile.rs"]
mod property;

fn cases() -> Vec<std::path::PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/docker");
    let mut paths: Vec<_> = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.is_dir());
    paths.sort();
    paths
}

/// A case that fails while it is parsed fails with Docker's message at Docker's line; all others parse.
#[test]
fn recorded_cases_parse_as_docker_parses_them() {
    let parse_errors = ["dockerfile parse error", "unterminated", "file with no", "no build stage", "Syntax error"];
    for case in cases() {
        let text = std::fs::read_to_string(case.join("Dockerfile")).unwrap();
        let expected: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(case.join("expected.json")).unwrap()).unwrap();
        let file = parse(&text);
        let error = expected["error"].as_str().unwrap_or("").trim_start_matches("failed to build: ");
        let error = error.trim_start_matches("failed to solve: ").trim_start_matches("failed to run Build function: ");
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

#[test]
fn a_flag_that_ends_in_a_backslash_ends() {
    // With another escape character the backslash is no continuation.
    holds_for("# escape=`\nFROM busybox\nRUN --x\\");
    holds_for("FROM busybox\nRUN --x=\\ü\\ ");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(1500))]

    #[test]
    fn any_text_parses(text in "\\PC*") {
        holds_for(&text);
    }

    /// Texts made of what Dockerfiles are made of go deeper than random characters.
    #[test]
    fn any_mixture_parses(parts in proptest::collection::vec(proptest::sample::select(PARTS), 0..40)) {
        holds_for(&parts.concat());
    }
}

const PARTS: &[&str] = &[
    "FROM ",
    "RUN ",
    "COPY ",
    "ADD ",
    "ENV ",
    "ARG ",
    "LABEL ",
    "CMD ",
    "ENTRYPOINT ",
    "ONBUILD ",
    "HEALTHCHECK ",
    "EXPOSE ",
    "VOLUME ",
    "WORKDIR ",
    "USER ",
    "SHELL ",
    "STOPSIGNAL ",
    "MAINTAINER ",
    "from ",
    "Coppy ",
    "busybox",
    "scratch",
    " AS ",
    " as ",
    "build",
    "\n",
    "\n\n",
    "\r\n",
    "\\\n",
    "`\n",
    "\\",
    "#",
    "# escape=`\n",
    "# check=skip=all\n",
    "# syntax=docker/dockerfile:1-labs\n",
    "<<EOF",
    "<<-'E O'",
    "<< ",
    "\nEOF\n",
    "EOF\n",
    "\t",
    " ",
    "=",
    "\"",
    "'",
    "[",
    "]",
    "[\"a\", \"b\"]",
    ",",
    "$",
    "${",
    "}",
    "$A",
    "${A:-",
    "${A#",
    "${A/",
    "--from=",
    "--from=0 ",
    "--mount=",
    "type=",
    "target=/x,",
    "--chown=",
    "--chmod=",
    "--platform=",
    "--interval=",
    "1h",
    "\u{e9}",
    "\u{1f600}",
    "\u{a0}",
    "\u{85}",
    "\u{feff}",
    "/",
    "a",
    "80/TCP",
    "1:2:3",
    "*",
    "--",
    "\u{0}",
    "NONE",
    "\\u00e9",
];

/// A long file is parsed and checked within a frame or two, however it is made.
#[test]
fn size_costs_what_it_must() {
    let many = |line: &str| format!("FROM busybox AS a\n{}", line.repeat(10_000));
    for text in [
        many("RUN echo hello && \\\n"),
        many("RUN echo hello\n"),
        many("ENV A=$A B=${B:-x}\n"),
        many("COPY --from=a x /y\n"),
        many("FROM a AS b\n"),
        many("COPY <<E /x\nline\nE\n"),
        many("\\\n"),
        many("<<E"),
        format!("FROM busybox\nENV A={}", "${A:-".repeat(10_000)),
        format!("FROM busybox\nENV A=aaaaaaaaaaaaaaaa\n{}", "ENV A=$A$A$A$A\n".repeat(40)),
        format!("FROM {}", "a/".repeat(20_000)),
        format!("{}RUN x", "ONBUILD ".repeat(5_000)),
        "FROM busybox\n".repeat(10_000),
    ] {
        holds_for(&text);
    }
}

#[test]
fn the_tree_says_what_stands_where() {
    let text = "from busybox as base\nRUN --mount=type=cache,target=/x <<EOF\necho hi\nEOF\nCMD [\"a\"]\nFOO\n";
    let file = parse(text);
    let tree = tree::tree(&file, text, &file.diagnostics);
    let instructions = tree["instructions"].as_array().unwrap();
    assert_eq!(instructions.len(), 4);
    assert_eq!(instructions[0]["arguments"]["name"], "base");
    assert_eq!(instructions[1]["flags"][0]["name"], "mount");
    assert_eq!(instructions[1]["heredocs"][0]["content"], "echo hi\n");
    assert_eq!(instructions[1]["original"], "RUN --mount=type=cache,target=/x <<EOF\necho hi\nEOF");
    assert_eq!((&instructions[1]["first_line"], &instructions[1]["last_line"]), (&2.into(), &4.into()));
    assert_eq!(instructions[2]["form"], "exec");
    assert_eq!(instructions[3]["understood"], false);
    assert_eq!(
        tree["diagnostics"][0]["message"],
        "dockerfile parse error on line 6: unknown instruction: FOO (did you mean FROM?)"
    );
}
