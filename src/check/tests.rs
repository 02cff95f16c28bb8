//! Checks and early errors against what Docker 28 reports.

use super::*;
use crate::dockerfile::expand::EnvList;
use crate::dockerfile::{BuildOptions, Ignore, StageGraph, parse};
use std::path::Path;

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    dockerfile: String,
    #[serde(default)]
    args: Vec<String>,
    ignore: Option<String>,
    error: Option<String>,
    line: Option<usize>,
    warnings: Vec<String>,
}

/// The bases of the recorded builds have PATH and a CMD, and are for linux/amd64.
fn base(_: &str) -> Option<BaseConfig> {
    let env = vec!["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_owned()];
    Some(BaseConfig { env, ..BaseConfig::default() })
}

fn outcome(text: &str, args: &[String], ignore: Option<&str>) -> Outcome {
    let mut options = BuildOptions::default();
    let mut build_args = EnvList::new();
    let words: Vec<&str> = args.iter().flat_map(|line| line.split(' ')).collect();
    for pair in words.windows(2) {
        match pair[0] {
            "--target" => options.target = Some(pair[1].to_owned()),
            "--build-arg" => {
                let (name, value) = pair[1].split_once('=').unwrap();
                build_args.set(name, value);
            }
            _ => {}
        }
    }
    options.build_args = build_args;
    let file = parse(text);
    let graph = StageGraph::plan(&file, &options);
    let ignore = ignore.map(|text| Ignore::parse(text).unwrap());
    check(&file, &graph, &Inputs { options: &options, base: &base, ignore: ignore.as_ref() })
}

fn warnings(outcome: &Outcome) -> Vec<String> {
    let mut list: Vec<(usize, &str)> =
        outcome.findings.iter().map(|finding| (finding.line.unwrap(), finding.kind.code())).collect();
    list.sort_unstable();
    list.into_iter().map(|(line, rule)| format!("{line} {rule}")).collect()
}

#[test]
fn small_texts_get_dockers_errors_and_warnings() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../tests/cases/dockerfile/messages.json")).unwrap();
    let mut wrong = Vec::new();
    for case in cases {
        let outcome = outcome(&case.dockerfile, &case.args, case.ignore.as_deref());
        let error = outcome.error.as_ref().map(|error| (error.to_string(), error.line));
        let ours = (error, warnings(&outcome));
        let docker = (case.error.map(|error| (error, case.line)), case.warnings);
        if ours != docker {
            wrong.push(format!("{}\n  ours   {ours:?}\n  Docker {docker:?}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

/// The recorded builds' warnings; their errors, where they come before anything runs.
#[test]
fn recorded_builds_get_dockers_warnings() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/docker");
    let mut paths: Vec<_> = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for case in paths.into_iter().filter(|path| path.is_dir()) {
        let read = |name: &str| std::fs::read_to_string(case.join(name));
        let expected: serde_json::Value = serde_json::from_str(&read("expected.json").unwrap()).unwrap();
        let args: Vec<String> = read("args").map(|text| text.lines().map(str::to_owned).collect()).unwrap_or_default();
        let ignore = read("context/.dockerignore").ok();
        let outcome = outcome(&read("Dockerfile").unwrap(), &args, ignore.as_deref());
        let list = expected["warnings"].as_array().unwrap();
        let docker: Vec<String> =
            list.iter().map(|entry| format!("{} {}", entry["line"], entry["rule"].as_str().unwrap())).collect();
        assert_eq!(warnings(&outcome), docker, "{}", case.display());
        let later = [
            "failed to compute cache key",
            "process \"",
            "cannot copy to non-directory",
            "secret ",
            "unexpected EOF",
            "failed to load cache key",
            "failed to marshal LLB",
            "mkdir ",
            "cannot replace to directory",
        ];
        let message = expected["error"].as_str().unwrap_or("").trim_start_matches("failed to build: failed to solve: ");
        let message = if later.iter().any(|start| message.starts_with(start)) { "" } else { message };
        assert_eq!(outcome.error.map(|error| error.to_string()).unwrap_or_default(), message, "{}", case.display());
    }
}

/// Every suggested edit, applied, makes its finding go away.
#[test]
fn edits_mend_their_findings() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../tests/cases/dockerfile/messages.json")).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for case in cases.iter().filter(|case| case.error.is_none()) {
        let before = outcome(&case.dockerfile, &case.args, case.ignore.as_deref());
        for finding in &before.findings {
            let Some(edit) = &finding.edit else { continue };
            let mut text = case.dockerfile.clone();
            text.replace_range(edit.span.start..edit.span.end, &edit.replacement);
            let after = outcome(&text, &case.args, case.ignore.as_deref());
            assert!(after.error.is_none(), "{}: {:?} in\n{text}", case.name, after.error);
            let count =
                |list: &[Diagnostic]| list.iter().filter(|known| known.kind.code() == finding.kind.code()).count();
            assert!(count(&after.findings) < count(&before.findings), "{}: {finding:?} stays in\n{text}", case.name);
            seen.insert(finding.kind.code());
        }
    }
    assert!(seen.len() >= 9, "{seen:?}");
}

#[test]
fn every_rule_has_a_kind_and_every_kind_a_rule() {
    let names: std::collections::BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
    let codes: std::collections::BTreeSet<&str> = crate::diagnostic::Finding::CODES.iter().copied().collect();
    assert_eq!(names, codes);
}
