//! `layerlab catalog add`, run as a program: from an archive to a listing, and what it says of bad input.

use layerlab::archive::{LayerTar, Member, MemberKind, TarBuilder};
use layerlab::catalog::listing;
use layerlab::digest::Digest;
use layerlab::path::AbsPath;
use layerlab::vfs::{Changeset, Content, Entry, EntryKind, Meta, Time};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

const META: Meta = Meta { mode: 0o644, uid: 0, gid: 0, mtime: Time { seconds: 7, nanos: 0 } };

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("layerlab-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn archive() -> Vec<u8> {
    let entry =
        |path: &str, content: Content| Entry { path: AbsPath::new(path), kind: EntryKind::File(content), meta: META };
    let entries = vec![entry("/bin/tool", Content::zeros(100_000)), entry("/etc/name", Content::from("app\n"))];
    let mut layer = Vec::new();
    let mut tar = LayerTar::new(Arc::new(Changeset { entries })).unwrap();
    while tar.fill(&mut layer, 1 << 20).unwrap() {}
    let config = format!(r#"{{"rootfs":{{"type":"layers","diff_ids":["{}"]}}}}"#, Digest::of(&layer));
    let manifest = r#"[{"Config":"c.json","RepoTags":["team/app:1"],"Layers":["l/layer.tar"]}]"#;
    let mut tar = TarBuilder::default();
    for (name, bytes) in
        [("l/layer.tar", &layer[..]), ("c.json", config.as_bytes()), ("manifest.json", manifest.as_bytes())]
    {
        let (user, group) = Default::default();
        let kind = MemberKind::File;
        let member = Member { offset: 0, data: 0, size: 0, name: name.to_owned(), kind, meta: META, user, group };
        tar.add(&member, &Content::from(bytes));
    }
    tar.finish(10_240).to_bytes().unwrap().to_vec()
}

fn add(arguments: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_layerlab")).args(["catalog", "add"]).args(arguments).output().unwrap()
}

#[test]
fn an_archive_becomes_a_listing() {
    let folder = Folder::new("catalog-add");
    let (archive, out) = (folder.write("app.tar", &archive()), folder.0.join("app.listing"));
    let output = add(&[&archive, &out]);
    assert!(output.status.success(), "{output:?}");
    let image = listing::read(&std::fs::read_to_string(&out).unwrap()).unwrap();
    assert_eq!(image.names, ["team/app:1"]);
    assert_eq!(image.size(), 100_004);
    let output = add(&[Path::new("--name"), Path::new("other"), &archive, &out]);
    assert!(output.status.success());
    assert_eq!(listing::name(&std::fs::read_to_string(&out).unwrap()), Some("other:latest"));
}

#[test]
fn bad_input_is_named_and_the_status_is_2() {
    let folder = Folder::new("catalog-bad");
    let out = folder.0.join("out");
    let good = archive();
    let cases = [
        (good[..50_000].to_vec(), "the archive is cut off: at least "),
        (b"#!/bin/sh\n".repeat(100), "at byte 0: this is not a tar archive"),
        (vec![0; 1024], "not an image archive"),
    ];
    for (bytes, message) in cases {
        let archive = folder.write("bad.tar", &bytes);
        let output = add(&[&archive, &out]);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(error.starts_with(&format!("layerlab: {}: ", archive.display())) && error.contains(message), "{error}");
        assert!(!out.exists());
    }
    assert_eq!(add(&[Path::new("/missing/archive.tar"), &out]).status.code(), Some(2));
    assert_eq!(add(&[]).status.code(), Some(2));
}
