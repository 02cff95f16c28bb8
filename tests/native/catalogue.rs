//! Packages: what our builds make of Dockerfiles that install some, beside what real Docker made of them with a network
//! (`tests/cases/catalogue/measured`). Versions move, so agreement is a matter of per cent: bytes 3, entries 5, paths 95.

use layerlab::build::{self, Cache, Request};
use layerlab::catalog::Catalog;
use layerlab::report::json::Report;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

fn folders(name: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/catalogue").join(name);
    let mut cases: Vec<PathBuf> = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

fn build(dockerfile: &str) -> Value {
    let request = Request { dockerfile: dockerfile.to_owned(), ..Request::default() };
    let cache = Rc::new(RefCell::new(Cache::default()));
    let build = build::block_on(build::build(Rc::new(request), Rc::new(Catalog::builtin()), cache));
    serde_json::from_str(&Report::new(&build, dockerfile).to_json()).unwrap()
}

fn recorded(folder: &Path) -> Value {
    let mut text = String::new();
    let file = std::fs::File::open(folder.join("expected.json.gz")).unwrap();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The paths of a layer with their kinds.
fn paths(layer: &Value) -> BTreeSet<(String, String)> {
    let text = |value: &Value| {
        let text = value.as_str().unwrap();
        // npm names its logs by the clock.
        text.split_once("/_logs/").map_or(text.to_owned(), |(dir, _)| format!("{dir}/_logs/log"))
    };
    let entries = layer["entries"].as_array().unwrap();
    entries.iter().map(|entry| (text(&entry["path"]), text(&entry["kind"]))).collect()
}

/// What is past the bars in a layer.
fn check(ours: &Value, real: &Value) -> Vec<String> {
    let size = |layer: &Value| layer["size"].as_f64().unwrap();
    let (mine, theirs) = (paths(ours), paths(real));
    let mut past = Vec::new();
    if (size(ours) - size(real)).abs() > 0.03 * size(real) {
        past.push(format!("{} bytes, really {}", size(ours), size(real)));
    }
    let (have, want) = (mine.len() as f64, theirs.len() as f64);
    if (have - want).abs() > 0.05 * want {
        past.push(format!("{have} entries, really {want}"));
    }
    let common = mine.intersection(&theirs).count() as f64;
    if common < 0.95 * want {
        let missing: Vec<_> = theirs.difference(&mine).take(5).collect();
        past.push(format!("{common} of {want} paths: without {missing:?}"));
    }
    past
}

/// What is past the bars in a folder of cases, from this layer on.
fn past_the_bars(cases: &str, first: usize) -> Vec<String> {
    let mut wrong = Vec::new();
    for folder in folders(cases) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let ours = build(&std::fs::read_to_string(folder.join("Dockerfile")).unwrap());
        let real = recorded(&folder);
        let (mine, theirs) = (ours["layers"].as_array().unwrap(), real["layers"].as_array().unwrap());
        if mine.len() != theirs.len() {
            wrong.push(format!("{name}: {} layers, really {}: {}", mine.len(), theirs.len(), ours["error"]));
        }
        for (at, (mine, theirs)) in mine.iter().zip(theirs).enumerate().skip(first) {
            wrong.extend(check(mine, theirs).into_iter().map(|past| format!("{name}, layer {at}: {past}")));
        }
    }
    wrong
}

#[test]
fn packages_agree_with_what_docker_made() {
    let wrong = past_the_bars("measured", 0);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Packages of PyPI and npm. The first layer installs Debian's interpreters: that is `measured`'s concern.
#[test]
fn packages_of_languages_agree_with_what_docker_made() {
    let wrong = past_the_bars("languages", 1);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
