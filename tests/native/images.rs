//! Images out and in again: every export validates and opens to the same image, byte for byte the same again; and the
//! command line's store, which keeps each layer once.

use crate::vfs_properties::{layers, operate};
use layerlab::archive::Limits;
use layerlab::bytes::Bytes;
use layerlab::image::{self, Certainty, Export, Format, Image, ImageConfig, Layer, Packing};
use layerlab::pace::{Pace, block_on};
use layerlab::vfs::{Changeset, Content, Cred, EntryKind, Overlay, Snapshot};
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

const FORMS: [(Format, Packing); 4] = [
    (Format::Docker, Packing::Plain),
    (Format::Docker, Packing::Gzip),
    (Format::Oci, Packing::Plain),
    (Format::Oci, Packing::Gzip),
];

fn export(image: &Image, names: &[String], (format, packing): (Format, Packing)) -> Vec<u8> {
    let pace = Pace::default();
    let export = block_on(Export::new(&[(image, names)], format, packing, &pace)).unwrap();
    let mut out = Vec::new();
    block_on(export.write_tar(&mut out, &pace)).unwrap();
    out
}

/// An image of what was done in each layer.
fn image_of(layers: &[Arc<Changeset>], snapshot: Snapshot) -> Image {
    let mut config = ImageConfig::scratch();
    config.config.cmd = vec!["sh".to_owned(), "<&>".to_owned()];
    config.created = Some(image::CREATED.to_owned());
    let layers: Vec<Arc<Layer>> =
        layers.iter().map(|layer| Arc::new(Layer::built(layer.clone(), Certainty::Exact))).collect();
    Image::new(config, layers, snapshot)
}

/// A layer's entries without times: ours are all written with one.
fn steady(changeset: &Changeset) -> Vec<String> {
    let entries = changeset.entries.iter().map(|entry| {
        let meta = entry.meta;
        let owner =
            if entry.kind.is_whiteout() { String::new() } else { format!("{:o} {}:{}", meta.mode, meta.uid, meta.gid) };
        let kind = match &entry.kind {
            EntryKind::File(content) => format!("file {:?}", content.digest()),
            other => format!("{other:?}"),
        };
        format!("{} {kind} {owner}", entry.path)
    });
    entries.collect()
}

/// All that must come back: ID, config, diff IDs; files with owners, modes, links, layer by layer.
fn same(image: &Image, other: &Image) -> Result<(), TestCaseError> {
    prop_assert_eq!(image.layers.len(), other.layers.len());
    for (a, b) in image.layers.iter().zip(&other.layers) {
        prop_assert_eq!(a.compute_diff_id(), b.compute_diff_id());
        prop_assert_eq!(steady(&a.changeset), steady(&b.changeset));
    }
    prop_assert!(image.snapshot == other.snapshot);
    prop_assert_eq!(image::config_json(image), image::config_json(other));
    Ok(())
}

fn there_and_back(image: &Image) -> Result<(), TestCaseError> {
    let names = ["app:1".to_owned(), "registry.example.org:5000/team/app:latest".to_owned()];
    for form in FORMS {
        let archive = export(image, &names, form);
        let validation = block_on(image::validate(&archive.clone().into(), Limits::default(), &Pace::default()));
        prop_assert!(validation.holds(), "{:?}: {:?}", form, validation.findings);
        let mut opened = image::load(archive.clone(), Limits::default()).unwrap();
        prop_assert_eq!(opened.len(), 1);
        let opened = opened.remove(0);
        prop_assert_eq!(&opened.names, &names);
        same(image, &opened)?;
        // What was imported keeps its own bytes, whatever packing is asked for now.
        for packing in [Packing::Plain, Packing::Gzip] {
            prop_assert!(export(&opened, &names, (form.0, packing)) == archive);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn import_of_export_is_the_identity(layers in layers()) {
        let mut snapshot = Snapshot::empty();
        let mut changesets = Vec::new();
        for operations in &layers {
            let mut fs = Overlay::new(snapshot);
            operations.iter().for_each(|operation| operate(&mut fs, operation));
            let (after, changeset) = fs.commit();
            snapshot = after;
            changesets.push(Arc::new(changeset));
        }
        there_and_back(&image_of(&changesets, snapshot))?;
    }
}

#[test]
fn long_names_utf_8_and_large_files_survive() {
    let root = Cred::root();
    let mut fs = Overlay::new(Snapshot::empty());
    let long = "n".repeat(250);
    for dir in ["/한글 디렉터리", &format!("/{long}"), &format!("/{long}/{long}")] {
        fs.mkdir(&root, dir, 0o1777).unwrap();
    }
    fs.write(&root, &format!("/{long}/{long}/é"), &Content::zeros(2 << 20), 0o644).unwrap();
    fs.symlink(&root, &"목적지/".repeat(40), "/한글 디렉터리/link").unwrap();
    fs.write(&root, "/owned", &Content::from("x"), 0o4755).unwrap();
    fs.chown(&root, "/owned", Some(3_000_000), Some(4_000_000_000), false).unwrap();
    let (snapshot, changeset) = fs.commit();
    let image = image_of(&[Arc::new(changeset)], snapshot);
    let opened = image::load(export(&image, &[], FORMS[1]), Limits::default()).unwrap().remove(0);
    assert!(opened.names.is_empty());
    same(&image, &opened).unwrap();
}

#[test]
fn an_export_without_contents_names_the_files() {
    let mut fs = Overlay::new(Snapshot::empty());
    for (i, path) in ["/a", "/b", "/c", "/d", "/e", "/f", "/g"].iter().enumerate() {
        let content = if i % 2 == 0 { Content::unknown(7) } else { Content::from("held") };
        fs.write(&Cred::root(), path, &content, 0o644).unwrap();
    }
    let (snapshot, changeset) = fs.commit();
    let image = image_of(&[Arc::new(changeset)], snapshot);
    let pace = Pace::default();
    let error = block_on(Export::new(&[(&image, &[])], Format::Oci, Packing::Plain, &pace)).err().unwrap();
    let expected = "the contents of some files are not held, only listed or modelled: /a (layer 1), /c (layer 1), /e (layer 1), /g (layer 1)";
    assert_eq!(error.to_string(), expected);
}

/// What real Docker saved, again in each form: the same image, with the layers' own bytes.
#[test]
fn a_real_archive_keeps_its_bytes_in_every_form() {
    let archive = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/texts/images/images.tar.gz");
    for image in image::load(std::fs::read(archive).unwrap(), Limits::default()).unwrap() {
        for form in FORMS {
            let opened = image::load(export(&image, &image.names, form), Limits::default()).unwrap().remove(0);
            assert_eq!(
                (&opened.names, opened.id, opened.manifest_digest),
                (&image.names, image.id, image.manifest_digest)
            );
            same(&image, &opened).unwrap();
        }
    }
}

// ---- the command line ----

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("layerlab-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(path.join("context")).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_string_lossy().into_owned()
    }

    /// Runs `layerlab` with the folder's store: status, output, errors.
    fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_layerlab"))
            .args(arguments)
            .env("LAYERLAB_STORE", self.0.join("store"))
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        (status.code(), text(stdout), text(stderr))
    }

    /// The output of what must succeed.
    fn ok(&self, arguments: &[&str]) -> String {
        let (status, out, errors) = self.run(arguments);
        assert_eq!(status, Some(0), "{arguments:?}: {out}{errors}");
        out
    }

    fn build(&self, dockerfile: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
        std::fs::write(self.0.join("context/Dockerfile"), dockerfile).unwrap();
        let context = self.path("context");
        self.run(&[&["build"], arguments, &[context.as_str()]].concat())
    }

    fn blobs(&self) -> usize {
        std::fs::read_dir(self.0.join("store/blobs/sha256")).map_or(0, Iterator::count)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_store_keeps_a_layer_once_and_frees_what_nothing_uses() {
    let folder = Folder::new("store");
    std::fs::write(folder.0.join("context/big"), vec![b'x'; 100_000]).unwrap();
    let base = "FROM scratch\nCOPY big /big\n";
    assert_eq!(folder.build(base, &["-t", "base"]).0, Some(0));
    // Config, manifest, layer.
    assert_eq!(folder.blobs(), 3);
    assert_eq!(
        folder.build(&format!("{base}COPY Dockerfile /\n"), &["-t", "team/app:2", "-t", "team/app:latest"]).0,
        Some(0)
    );
    assert_eq!(folder.blobs(), 6);
    let images = folder.ok(&["images"]);
    let rows: Vec<Vec<&str>> = images.lines().skip(1).map(|line| line.split_whitespace().take(2).collect()).collect();
    assert_eq!(rows, [["team/app", "2"], ["team/app", "latest"], ["base", "latest"]], "{images}");
    assert!(folder.ok(&["system", "df", "-v"]).contains("100kB         0B"), "{}", folder.ok(&["system", "df", "-v"]));
    assert_eq!(folder.ok(&["cat", "team/app:2", "/Dockerfile"]), format!("{base}COPY Dockerfile /\n"));
    assert_eq!(folder.ok(&["diff", "base"]), "A /big\n");
    assert!(folder.ok(&["ls", "base", "/"]).ends_with("big\n"));
    assert!(folder.ok(&["why", "team/app", "/big"]).contains("layer 1 provides it"));
    assert_eq!(folder.ok(&["rmi", "team/app:2"]), "Untagged: team/app:2\n");
    assert_eq!(folder.blobs(), 6);
    let removed = folder.ok(&["rmi", "team/app"]);
    assert!(removed.starts_with("Untagged: team/app:latest\nDeleted: sha256:"), "{removed}");
    assert_eq!(removed.lines().count(), 3, "{removed}");
    assert_eq!(folder.blobs(), 3);
    assert_eq!(
        folder.run(&["history", "team/app"]),
        (Some(2), String::new(), "layerlab: No such image: team/app\n".to_owned())
    );
}

#[test]
fn what_is_saved_is_loaded_and_the_outputs_agree() {
    let folder = Folder::new("outputs");
    std::fs::write(folder.0.join("context/a"), "a\n").unwrap();
    let dockerfile = "FROM scratch\nCOPY a /dir/a\nCOPY a /dir/b\n";
    let (docker, oci, layout, tree) =
        (folder.path("d.tar"), folder.path("o.tar"), folder.path("layout"), folder.path("tree"));
    let outputs = [
        format!("type=docker,dest={docker}"),
        format!("type=oci,dest={oci}"),
        format!("type=oci,dest={layout},tar=false"),
        format!("type=local,dest={tree}"),
        "type=docker".to_owned(),
    ];
    let mut arguments: Vec<&str> = vec!["-t", "x:1"];
    outputs.iter().for_each(|output| arguments.extend(["-o", output]));
    let (status, _, errors) = folder.build(dockerfile, &arguments);
    assert_eq!((status, errors.as_str()), (Some(0), ""));
    let ids = |arguments: &[&str]| folder.ok(&[&["history", "-q", "--no-trunc"], arguments].concat());
    let stored = ids(&["x:1"]);
    for archive in [&docker, &oci, &layout] {
        assert_eq!(ids(&[archive]), stored, "{archive}");
        let verdict = folder.ok(&["validate", archive]);
        assert!(verdict.ends_with("1 image, 2 layers, 4 blobs: every digest, size and diff ID holds\n"), "{verdict}");
    }
    assert_eq!(std::fs::read_to_string(Path::new(&tree).join("dir/b")).unwrap(), "a\n");
    let saved = folder.path("saved.tar");
    folder.ok(&["save", "-o", &saved, "x:1"]);
    folder.ok(&["rmi", "x:1"]);
    assert_eq!(folder.ok(&["load", "-i", &saved]), "Loaded image: x:1\n");
    assert_eq!(ids(&["x:1"]), stored);
    // The store is an OCI layout itself.
    assert!(folder.ok(&["validate", &folder.path("store")]).contains("every digest, size and diff ID holds"));
}

/// As docker buildx build refuses them.
#[test]
fn outputs_are_refused_in_docker_s_words() {
    let folder = Folder::new("refused");
    for (output, message) in [
        ("type=foo,dest=x", "exporter \"foo\" could not be found"),
        ("foo=1,dest=x", "--output: \"foo\" is not supported"),
        ("dest=x", "type is required for output"),
        ("type=local", "dest is required for local exporter"),
        ("a,b", "invalid value a"),
        ("type=oci,dest=x,compression=lzma", "--output: compression \"lzma\" is not supported"),
        ("type=registry", "there is no registry to push to"),
    ] {
        let (status, _, errors) = folder.build("FROM scratch\n", &["-o", output]);
        assert_eq!(status, Some(2));
        assert!(errors.contains(message), "{output}: {errors}");
    }
    let (status, _, errors) = folder.build("FROM scratch\n", &["-t", "Up:1"]);
    assert_eq!(status, Some(2));
    assert!(errors.contains("invalid tag \"Up:1\": repository name must be lowercase"), "{errors}");
    // A base of the catalogue has no contents: the archive is refused, and names files; the store takes a listing.
    let dest = folder.path("x.tar");
    let (status, _, errors) =
        folder.build("FROM busybox\nRUN echo x > /x\n", &["-o", &format!("type=docker,dest={dest}")]);
    assert_eq!(status, Some(2));
    assert!(errors.contains("are not held, only listed or modelled: /bin/[ (layer 1)"), "{errors}");
    assert!(!Path::new(&dest).exists());
    assert_eq!(folder.build("FROM busybox\nRUN echo x > /x\n", &["-t", "listed"]).0, Some(0));
    assert!(folder.ok(&["history", "listed"]).contains("RUN /bin/sh -c echo x > /x # buildkit"));
    assert_eq!(folder.ok(&["cat", "listed", "x"]), "x\n");
    let (status, _, errors) = folder.run(&["cat", "listed", "/bin/busybox"]);
    assert!(status == Some(2) && errors.contains("its content is not held"), "{errors}");
}

/// Where contents lie is read only when it is asked for, and a place that is gone is said.
#[test]
fn contents_that_can_no_longer_be_read_are_no_contents() {
    struct Gone;
    impl layerlab::bytes::Source for Gone {
        fn read_at(&self, _: u64, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::NotFound.into())
        }
    }
    let content = Content::stored(Bytes::new(Arc::new(Gone), 10));
    assert_eq!((content.len(), content.digest()), (10, None));
    assert!(!content.loaded().is_held());
    assert!(image::load(Bytes::new(Arc::new(Gone), 1 << 20), Limits::default()).is_err());
}

/// The page's worker, without a browser: an archive is opened in slices, its image is built on, and the result is taken away.
#[test]
fn the_worker_opens_builds_on_and_makes_archives() {
    use layerlab::app::protocol::{Answer, Change, Request};
    use layerlab::app::session::Session;
    use layerlab::catalog::Catalog;
    use layerlab::view::images::{Form, News};
    use layerlab::view::panel::Selection;

    let archive = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/texts/images/images.tar.gz"));
    let mut session = Session::new(Catalog::builtin());
    let mut pieces: Vec<u8> = Vec::new();
    let mut drain = |session: &mut Session| {
        let mut answers = Vec::new();
        while let Some(some) = session.work(&|| true) {
            answers.extend(some);
            pieces.extend(session.take_pieces().concat());
        }
        (answers, std::mem::take(&mut pieces))
    };
    let change = Change::Dockerfile("FROM team/web:2.0\nWORKDIR /new\n".into());
    session.receive(Request {
        revision: 1,
        change,
        asked: 1,
        selection: Selection::default(),
        window: layerlab::view::list::Window::default(),
        question: None,
        wishes: Vec::new(),
    });
    drain(&mut session);
    assert!(session.export(1, Form::Docker).is_some(), "the base is not there yet");
    session.open_archive(2, "images.tar.gz".to_owned(), archive.unwrap().into());
    session.open_archive(3, "broken.tar".to_owned(), b"#!/bin/sh\n".repeat(100).into());
    session.open_archive(4, "dropped.tar".to_owned(), b"#!/bin/sh\n".repeat(100).into());
    session.cancel(4);
    let (answers, _) = drain(&mut session);
    let news: Vec<&News> =
        answers.iter().filter_map(|answer| if let Answer::Images(news) = answer { Some(news) } else { None }).collect();
    let names: Vec<&str> = news
        .iter()
        .filter_map(|news| if let News::Opened(2, images) = news { Some(images) } else { None })
        .flatten()
        .map(|image| image.name.as_str())
        .collect();
    let known = ["base:1", "base:latest", "imported:3", "registry.example.org:5000/other:latest", "team/web:2.0"];
    assert!(known.iter().all(|name| names.contains(name)), "{names:?}");
    assert_eq!(names.len(), 5);
    assert!(
        news.iter()
            .any(|news| matches!(news, News::Failed(3, message) if message.contains("this is not a tar archive")))
    );
    assert!(!news.iter().any(|news| matches!(news, News::Failed(4, _))));
    assert!(answers.iter().any(|answer| matches!(answer, Answer::Built(_))), "the text that names it is built again");
    assert!(session.export(5, Form::Docker).is_none());
    let (answers, made) = drain(&mut session);
    assert!(
        answers
            .iter()
            .any(|answer| matches!(answer, Answer::Images(News::Made(5, _, size)) if *size == made.len() as u64))
    );
    let image = image::load(made, Limits::default()).unwrap().remove(0);
    // The base has three, its ONBUILD trigger makes one, WORKDIR one.
    assert_eq!((image.layers.len(), image.names.as_slice()), (5, &["layerlab:latest".to_owned()][..]));
}
