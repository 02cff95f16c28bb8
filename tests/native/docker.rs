//! The recorded Docker builds: `tests/cases/docker/NAME` (Dockerfile, context, args, expected.json, expected.diff) and the
//! pairs of `tests/cases/cache`. Every facet must agree: outcome, layers, config, history, warnings, diff.
//!
//! `known-differences.txt` in each folder names the cases that differ, with the cause; such a case must differ, so that
//! its line goes when it is mended. Base images are the catalogue's listings; with `LAYERLAB_BASES` set to a folder with
//! busybox.tar.gz and alpine.tar.gz (`docker save`), the archives.

use crate::context;
use layerlab::archive::Limits;
use layerlab::build::outcome::Build;
use layerlab::build::{self, Cache, Context, Request};
use layerlab::catalog::Catalog;
use layerlab::image;
use layerlab::report::json::Report;
use layerlab::vfs::Content;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// Fields of an entry that are compared where Docker's has them.
const FIELDS: [&str; 7] = ["kind", "mode", "uid", "gid", "size", "link", "sha256"];

#[test]
fn builds() {
    let folder = folder("docker");
    check(&folder, "expected.json", &|case| {
        let mut expected: Value = serde_json::from_str(&read(&case.join("expected.json"))).unwrap();
        if case.join("expected.diff").exists() {
            expected["diff"] = json!(diffs(&read(&case.join("expected.diff"))));
        }
        differences(&report(case), &expected)
    });
}

#[test]
fn cache() {
    let folder = folder("cache");
    check(&folder, "expected.cache.json", &|case| {
        let cache = Rc::new(RefCell::new(Cache::default()));
        build(&case.join("before"), cache.clone());
        let after = case.join("after");
        let got = to_value(&build(&after, cache), &after);
        let expected: Value = serde_json::from_str(&read(&case.join("expected.cache.json"))).unwrap();
        let steps = |report: &Value, text: &str| -> BTreeMap<String, Value> {
            let steps = report["steps"].as_array().unwrap().iter();
            steps.map(|step| (step[text].as_str().unwrap().to_owned(), step["cached"].clone())).collect()
        };
        let got = steps(&got, "text");
        let wrong = steps(&expected, "step")
            .into_iter()
            .filter(|(text, cached)| got.get(text) != Some(cached))
            .map(|(text, cached)| format!("`{text}`: {:?}, Docker {cached}", got.get(&text)));
        wrong.collect()
    });
}

/// Runs every case of a folder against the list of known differences.
fn check(folder: &Path, expected: &str, differences: &dyn Fn(&Path) -> Vec<String>) {
    let known = known_differences(&folder.join("known-differences.txt"));
    let only = std::env::var("LAYERLAB_CASE").unwrap_or_default();
    let mut cases: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|case| case.join(expected).exists() && case.to_string_lossy().contains(&only));
    cases.sort();
    let (mut agree, mut failures, mut seen) = (0, Vec::new(), BTreeSet::new());
    for case in &cases {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let differences = differences(case);
        agree += usize::from(differences.is_empty());
        match (differences.is_empty(), known.contains(&name)) {
            (true, true) => failures.push(format!("{name}: agrees now: take it off known-differences.txt")),
            (false, false) => failures.push(format!("{name}: {}", differences.join(" | "))),
            _ => {}
        }
        seen.insert(name);
    }
    println!("{agree} of {} cases agree", cases.len());
    if only.is_empty() {
        failures
            .extend(known.difference(&seen).map(|name| format!("{name}: known to differ, but there is no such case")));
    }
    assert!(failures.is_empty(), "{agree} of {} cases agree;\n{}", cases.len(), failures.join("\n"));
}

/// The names in a list of `NAME: cause` lines.
fn known_differences(file: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, cause) = line.split_once(": ").unwrap_or((line, ""));
            assert!(!cause.is_empty(), "{name} in {} has no cause", file.display());
            name.to_owned()
        })
        .collect()
}

/// Builds a case with an empty cache.
fn report(case: &Path) -> Value {
    to_value(&build(case, Rc::default()), case)
}

fn to_value(build: &Build, case: &Path) -> Value {
    serde_json::to_value(Report::new(build, &read(&case.join("Dockerfile")))).unwrap()
}

/// Builds a folder with a Dockerfile, a context, and args: `docker build` flags, one a line.
pub fn build(case: &Path, cache: Rc<RefCell<Cache>>) -> Build {
    let files = case.join("context");
    let mut request = Request {
        dockerfile: read(&case.join("Dockerfile")),
        context: if files.is_dir() { context::read(&files).unwrap() } else { Context::default() },
        ..Request::default()
    };
    for line in std::fs::read_to_string(case.join("args")).unwrap_or_default().lines() {
        let (flag, value) = line.split_once(' ').unwrap();
        match flag {
            "--build-arg" => {
                let (name, value) = value.split_once('=').unwrap();
                request.options.build_args.set(name, value);
            }
            "--target" => request.options.target = Some(value.to_owned()),
            "--secret" => {
                let (id, file) = value.strip_prefix("id=").unwrap().split_once(",src=").unwrap();
                let bytes = std::fs::read(case.join(file)).unwrap();
                request.secrets.insert(id.to_owned(), Content::from(bytes));
            }
            other => panic!("{}: unknown flag {other}", case.display()),
        }
    }
    build::block_on(build::build(Rc::new(request), Rc::new(catalog()), cache))
}

thread_local! {
    static CATALOG: Catalog = load_catalog();
}

pub fn catalog() -> Catalog {
    CATALOG.with(Clone::clone)
}

fn load_catalog() -> Catalog {
    let mut catalog = Catalog::builtin();
    if let Ok(bases) = std::env::var("LAYERLAB_BASES") {
        for (reference, archive) in [("busybox", "busybox"), ("alpine", "alpine"), ("alpine:3.20", "alpine")] {
            let bytes = std::fs::read(Path::new(&bases).join(format!("{archive}.tar.gz"))).unwrap();
            let images = image::load(Arc::new(bytes), Limits::default()).unwrap();
            catalog = catalog.with(reference, Arc::new(images.into_iter().next().unwrap())).unwrap();
        }
    }
    catalog
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name)
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// `== RUN …` above the lines of each RUN.
fn diffs(text: &str) -> Vec<Vec<&str>> {
    let mut blocks: Vec<Vec<&str>> = Vec::new();
    for line in text.lines() {
        match blocks.last_mut() {
            Some(block) if !line.starts_with("== ") => block.push(line),
            _ => blocks.push(Vec::new()),
        }
    }
    blocks
}

/// The first difference of each facet.
fn differences(got: &Value, want: &Value) -> Vec<String> {
    let mut found: Vec<(&str, String)> = Vec::new();
    let ok = want["ok"] == json!(true);
    if got["ok"] != want["ok"] {
        found.push((
            "outcome",
            format!("ok={} {}, Docker ok={} {}", got["ok"], got["error"], want["ok"], want["error"]),
        ));
    } else if !ok {
        for field in ["line", "exit_code"] {
            if !want[field].is_null() && got[field] != want[field] {
                found.push(("outcome", format!("{field} {}, Docker {}", got[field], want[field])));
            }
        }
    }
    if ok && got["ok"] == want["ok"] {
        found.extend(layers(&got["layers"], &want["layers"]).map(|text| ("layers", text)));
        let (config, wanted) = (got["config"].as_object().unwrap(), want["config"].as_object().unwrap());
        let fields: BTreeSet<&String> = config.keys().chain(wanted.keys()).collect();
        if let Some(field) = fields.into_iter().find(|field| config.get(*field) != wanted.get(*field)) {
            found.push(("config", format!("{field} {:?}, Docker {:?}", config.get(field), wanted.get(field))));
        }
        found.extend(first_difference(&got["history"], &want["history"]).map(|text| ("history", text)));
        if !want["diff"].is_null() {
            let lists = got["layers"].as_array().unwrap().iter().map(|layer| {
                let mut lines: Vec<&str> =
                    layer["diff"].as_array().unwrap().iter().map(|l| l.as_str().unwrap()).collect();
                lines.sort_by_key(|line| &line[2..]);
                json!(lines)
            });
            found.extend(first_difference(&lists.collect(), &want["diff"]).map(|text| ("diff", text)));
        }
    }
    found.extend(first_difference(&got["warnings"], &want["warnings"]).map(|text| ("warnings", text)));
    found.into_iter().map(|(facet, text)| format!("{facet}: {text}")).collect()
}

fn layers(got: &Value, want: &Value) -> Option<String> {
    let (got, want) = (got.as_array()?, want.as_array()?);
    if got.len() != want.len() {
        return Some(format!("{}, Docker has {}", got.len(), want.len()));
    }
    let entries = |layer: &Value| -> BTreeMap<(String, Option<String>), Value> {
        let entries = layer["entries"].as_array().unwrap().iter();
        entries
            .map(|entry| {
                let kind = entry["kind"].as_str().filter(|kind| ["whiteout", "opaque"].contains(kind));
                ((entry["path"].as_str().unwrap().to_owned(), kind.map(str::to_owned)), entry.clone())
            })
            .collect()
    };
    for (index, (got, want)) in got.iter().zip(want).enumerate() {
        if got["history"] != want["history"] {
            return Some(format!("layer {index}: of row {}, Docker's of {}", got["history"], want["history"]));
        }
        let (ours, theirs) = (entries(got), entries(want));
        let keys: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
        for key in keys {
            let path = &key.0;
            let (ours, theirs) = match (ours.get(key), theirs.get(key)) {
                (Some(ours), Some(theirs)) => (ours, theirs),
                (None, Some(theirs)) => return Some(format!("layer {index}: lacks {} {path}", theirs["kind"])),
                (Some(ours), None) => {
                    return Some(format!("layer {index}: has {} {path}, Docker has not", ours["kind"]));
                }
                (None, None) => unreachable!(),
            };
            for field in FIELDS {
                // adduser writes the day of the build.
                let dated = field == "sha256" && ["/etc/shadow", "/etc/shadow-"].contains(&path.as_str());
                if !dated && !theirs[field].is_null() && ours[field] != theirs[field] {
                    let text = if field == "sha256" { theirs["text"].to_string() } else { String::new() };
                    return Some(format!(
                        "layer {index}: {path} {field} {}, Docker {} {text}",
                        ours[field], theirs[field]
                    ));
                }
            }
        }
        if got["size"] != want["size"] {
            return Some(format!("layer {index}: size {}, Docker {}", got["size"], want["size"]));
        }
    }
    None
}

fn first_difference(got: &Value, want: &Value) -> Option<String> {
    if got == want {
        return None;
    }
    let (got, want) = (got.as_array()?, want.as_array()?);
    match got.iter().zip(want).position(|(got, want)| got != want) {
        Some(at) => Some(format!("{at}: {} Docker {}", got[at], want[at])),
        None => {
            let more = got.iter().chain(want).nth(got.len().min(want.len()));
            Some(format!("{}, Docker has {}: {more:?}", got.len(), want.len()))
        }
    }
}
