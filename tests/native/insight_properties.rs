//! The ledger and the saving of random builds, against the plainest way to come to the same figures.

use crate::docker::catalog;
use crate::insight::mended;
use layerlab::build::outcome::{Build, Stage};
use layerlab::build::{self, Cache, Request};
use layerlab::insight::ledger::Ledger;
use layerlab::path::AbsPath;
use layerlab::vfs::EntryKind;
use proptest::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;

const PATHS: [&str; 8] = ["/a", "/a/b", "/a/b/c", "/d", "/d/e", "/f", "/etc/group", "/etc"];

/// One RUN line or an instruction between; few paths, so that lines meet.
fn line() -> impl Strategy<Value = String> {
    let path = || (0..PATHS.len()).prop_map(|index| PATHS[index]);
    let own = || (0..6usize).prop_map(|index| PATHS[index]);
    let command = prop_oneof![
        4 => (own(), 1..5u32).prop_map(|(path, blocks)| format!("dd if=/dev/zero of={path} bs=1000 count={blocks}")),
        3 => own().prop_map(|path| format!("mkdir -p {path}")),
        2 => own().prop_map(|path| format!("rm -rf {path}")),
        2 => path().prop_map(|path| format!("chmod 600 {path}")),
        1 => path().prop_map(|path| format!("chown -R 1:1 {path}")),
        1 => (own(), own()).prop_map(|(from, to)| format!("mv {from} {to}")),
        1 => (own(), own()).prop_map(|(from, to)| format!("ln {from} {to}")),
        1 => (path(), own()).prop_map(|(from, to)| format!("cp -r {from} {to}")),
    ];
    let run = prop::collection::vec(command, 1..4).prop_map(|commands| format!("RUN {}", commands.join(" && ")));
    prop_oneof![12 => run, 1 => Just("LABEL x=y".to_owned()), 1 => Just("ENV A=b".to_owned()), 1 => Just("WORKDIR /d".to_owned())]
}

/// A Dockerfile of those of the lines that succeed, and its build.
fn build_of(lines: &[String]) -> (String, Build) {
    let cache = Rc::new(RefCell::new(Cache::default()));
    let catalog = Rc::new(catalog());
    let run = |text: &str| {
        let request = Request { dockerfile: text.to_owned(), ..Request::default() };
        build::block_on(build::build(Rc::new(request), catalog.clone(), cache.clone()))
    };
    let mut text = "FROM busybox\n".to_owned();
    for line in lines {
        let longer = format!("{text}{line}\n");
        if run(&longer).image().is_some() {
            text = longer;
        }
    }
    let build = run(&text);
    (text, build)
}

/// Live, shadowed, deleted, by looking at every stored file.
fn plainly(stage: &Stage) -> (u64, u64, u64) {
    let (mut live, mut shadowed, mut deleted) = (0, 0, 0);
    for (index, layer) in stage.layers.iter().enumerate() {
        let entries = &layer.layer.changeset.entries;
        for entry in entries.iter().filter(|entry| matches!(entry.kind, EntryKind::File(_))) {
            let links = entries.iter().filter(|link| link.kind == EntryKind::Hardlink(entry.path.clone()));
            let names: Vec<&AbsPath> = links.map(|link| &link.path).chain([&entry.path]).collect();
            let provided =
                |name: &&AbsPath| stage.snapshot.lstat(name).is_some_and(|stat| stat.layer as usize == index);
            if names.iter().any(provided) {
                live += entry.size();
            } else if names.iter().any(|name| stage.snapshot.lookup(name).is_some()) {
                shadowed += entry.size();
            } else {
                deleted += entry.size();
            }
        }
    }
    (live, shadowed, deleted)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn figures_are_right_for_any_build(lines in prop::collection::vec(line(), 1..9)) {
        let (text, build) = build_of(&lines);
        let stage = build.image().unwrap();
        let ledger = Ledger::new(&build, stage);
        prop_assert_eq!((ledger.live, ledger.shadowed, ledger.deleted), plainly(stage), "{}", text);
        prop_assert_eq!(ledger.live + ledger.shadowed + ledger.deleted, stage.size());
        // Links that are broken between merged lines save more than promised.
        let least = text.contains("ln ");
        prop_assert_eq!(mended(&build, stage, &ledger, &text, least), Ok(()));
    }
}
