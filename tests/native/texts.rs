//! What Docker prints of images (tests/cases/texts, recorded by scripts/record-texts from Docker 28): over the archive that
//! real Docker saved, our texts are the same byte for byte, but for what Docker names at random.

use layerlab::archive::Limits;
use layerlab::image::{self, Image};
use layerlab::report::docker::{self, HistoryOptions, ImagesOptions};
use serde_json::Value;
use std::path::{Path, PathBuf};

fn case() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/texts/images")
}

fn expected(name: &str) -> String {
    std::fs::read_to_string(case().join("expected").join(name)).unwrap()
}

fn saved() -> (Vec<Image>, i64) {
    let archive = std::fs::read(case().join("images.tar.gz")).unwrap();
    (image::load(archive, Limits::default()).unwrap(), expected("now").trim().parse().unwrap())
}

/// Images of one time stand in no order of Docker's.
fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

#[test]
fn history_is_docker_s() {
    let (images, now) = saved();
    for name in ["base:1", "team/web:2.0", "registry.example.org:5000/other:latest", "imported:3"] {
        let image = images.iter().find(|image| image.names.iter().any(|other| other == name)).unwrap();
        let file = name.trim_end_matches(":latest").replace(['/', ':'], "-");
        let human = HistoryOptions::default();
        let check = |kind: &str, got: String| assert_eq!(got, expected(&format!("{kind}.{file}")), "{kind} {name}");
        check("history", docker::history(image, human, now));
        check("history-no-trunc", docker::history(image, HistoryOptions { no_trunc: true, ..human }, now));
        check("history-bytes", docker::history(image, HistoryOptions { human: false, ..human }, now));
        check("history-json", docker::history_json(image, human, now));
        check("history-quiet", docker::history_ids(image, human));
    }
}

#[test]
fn lists_of_images_are_docker_s() {
    let (images, now) = saved();
    let images: Vec<&Image> = images.iter().collect();
    let plain = ImagesOptions::default();
    let check = |name: &str, got: String| assert_eq!(sorted(&got), sorted(&expected(name)), "{name}");
    check("images", docker::images(&images, plain, now));
    check("images-digests", docker::images(&images, ImagesOptions { digests: true, no_trunc: true }, now));
    check("images-quiet", docker::image_ids(&images, plain));
    check("images-json", docker::images_json(&images, plain, now));
    check("system-df", docker::disk_usage(&images, now));
}

#[test]
fn inspect_is_docker_s() {
    let (images, _) = saved();
    for name in ["base:1", "team/web:2.0", "registry.example.org:5000/other:latest", "imported:3"] {
        let image = images.iter().find(|image| image.names.iter().any(|other| other == name)).unwrap();
        let file = format!("inspect.{}", name.trim_end_matches(":latest").replace(['/', ':'], "-"));
        let (got, expected) = (steady(&docker::inspect(&[image])), steady(&expected(&file)));
        assert_eq!(got, expected, "{name}");
    }
}

/// Without the names of folders and the time of the tag, which no archive has.
fn steady(json: &str) -> String {
    let lines = json.lines().map(|line| {
        let (key, _) = line.split_once(':').unwrap_or((line, ""));
        match key.trim() {
            "\"LowerDir\"" => format!("{key}: {} folders", line.matches("/diff").count()),
            "\"MergedDir\"" | "\"UpperDir\"" | "\"WorkDir\"" => format!("{key}: {:?}", line.rsplit('/').next()),
            "\"LastTagTime\"" => key.to_owned(),
            _ => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_tree_shows_what_images_share() {
    let (images, _) = saved();
    let tree = docker::tree(&images.iter().collect::<Vec<_>>());
    // web lies on base, so that both have one line; what has other layers at the bottom stands beside it.
    let line = |what: &str| tree.lines().find(|line| line.contains(what)).unwrap_or_else(|| panic!("{what}: {tree}"));
    assert!(line("Tags: base:1, base:latest").starts_with(['├', '└']), "{tree}");
    assert!(line("Tags: team/web:2.0").contains("Size: 0B Virtual Size: 1.24MB"), "{tree}");
    let layers: usize = tree.lines().count();
    let chains: std::collections::BTreeSet<_> =
        images.iter().flat_map(|image| image::chain_ids(&image.config.rootfs.diff_ids)).collect();
    assert_eq!(layers, chains.len());
}

#[test]
fn a_config_of_docker_s_is_written_as_docker_wrote_it() {
    let (images, _) = saved();
    for image in images {
        let (json, ours) = (image.config_json.clone().unwrap(), image.config.to_json());
        // An imported one has fields in no order; what BuildKit wrote is the same byte for byte.
        if image.names[0].starts_with("imported") {
            assert_eq!(
                serde_json::from_str::<Value>(&json).unwrap()["rootfs"],
                serde_json::from_str::<Value>(&ours).unwrap()["rootfs"]
            );
        } else {
            assert_eq!(ours, &*json);
        }
    }
}
