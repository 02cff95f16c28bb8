//! Image archives made by hand: each layout loads to the same image, and each thing that is wrong has its message.

use super::*;
use crate::archive::Limits;
use crate::archive::tests::{Raw, gzip, tar};
use crate::path::AbsPath;
use serde_json::json;

/// A made-up image of two layers, as an archive. Closures spoil one part of it.
pub(crate) struct Save {
    pub(crate) layout: Layout,
    /// Are the layers' blobs gzip?
    pub(crate) gzip_layers: bool,
    /// The second layer.
    pub(crate) second: Vec<u8>,
    /// Changes a file's bytes before it is stored; by its name in the archive.
    pub(crate) spoil: Option<Spoil>,
}

/// A file, `first`, `second` (layer) or `config`, and what becomes of it; without bytes it is left out.
pub(crate) type Spoil = (&'static str, fn(Vec<u8>) -> Vec<u8>);

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Layout {
    /// docker save before 25: a folder for each layer.
    Folders,
    /// docker save since 25: OCI blobs and manifest.json.
    Blobs,
    /// An OCI layout without manifest.json.
    Oci,
}

impl Default for Save {
    fn default() -> Self {
        Self { layout: Layout::Blobs, gzip_layers: false, second: second(), spoil: None }
    }
}

fn first() -> Vec<u8> {
    tar(&[
        (b'5', "./", "", b""),
        (b'5', "etc/", "", b""),
        (b'0', "etc/motd", "", "tab\there, back\\slash\r\nand é\n".as_bytes()),
        (b'0', "etc/binary", "", b"\0\x01\xff"),
        (b'0', "data", "", b"not text below /etc"),
        (b'1', "other", "data", b""),
        (b'2', "link", "etc", b""),
        (b'0', "a\ttab", "", b""),
    ])
}

fn second() -> Vec<u8> {
    tar(&[
        (b'0', ".wh.other", "", b""),
        (b'5', "etc/", "", b""),
        (b'0', "etc/.wh..wh..opq", "", b""),
        (b'0', "etc/motd", "", b"tab\there, back\\slash\r\nand \xc3\xa9\n"),
    ])
}

/// The archive.
pub(crate) fn saved(save: &Save) -> Vec<u8> {
    let tars = [first(), save.second.clone()];
    let diff_ids: Vec<String> = tars.iter().map(|tar| Digest::of(tar).to_string()).collect();
    let config = json!({
        "architecture": "amd64", "os": "linux",
        "config": {"Cmd": ["sh"], "Env": null},
        "history": [{"created_by": "ADD a"}, {"created_by": "ENV x", "empty_layer": true}, {"created_by": "RUN b"}],
        "rootfs": {"type": "layers", "diff_ids": diff_ids},
    })
    .to_string()
    .into_bytes();
    let blobs: Vec<Vec<u8>> = tars.iter().map(|tar| if save.gzip_layers { gzip(tar) } else { tar.clone() }).collect();
    let blob = |bytes: &[u8]| format!("blobs/sha256/{}", Digest::of(bytes).hex());
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut layers: Vec<String> = Vec::new();
    let config_file = match save.layout {
        Layout::Folders => format!("{}.json", Digest::of(&config).hex()),
        _ => blob(&config),
    };
    for (i, bytes) in blobs.iter().enumerate() {
        let name = match save.layout {
            Layout::Folders => format!("{}/layer.tar", char::from(b'a' + i as u8)),
            _ => blob(bytes),
        };
        files.push((name.clone(), bytes.clone()));
        layers.push(name);
    }
    if save.layout != Layout::Folders {
        let descriptor =
            |bytes: &[u8]| json!({"mediaType": "x", "digest": Digest::of(bytes).to_string(), "size": bytes.len()});
        let manifest = json!({
            "schemaVersion": 2, "config": descriptor(&config),
            "layers": blobs.iter().map(|bytes| descriptor(bytes)).collect::<Vec<_>>(),
        })
        .to_string()
        .into_bytes();
        let mut entry = descriptor(&manifest);
        entry["annotations"] = json!({"io.containerd.image.name": "docker.io/library/test:1"});
        let attestation = json!({"digest": Digest::of(b"").to_string(), "size": 0, "platform": {"architecture": "unknown", "os": "unknown"}});
        let index = json!({"schemaVersion": 2, "manifests": [attestation, entry]}).to_string().into_bytes();
        files.push((blob(&manifest), manifest));
        files.push(("index.json".to_owned(), index));
        files.push(("oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec()));
    }
    if save.layout != Layout::Oci {
        let manifest = json!([{"Config": config_file, "RepoTags": ["test:1"], "Layers": layers}]);
        files.push(("manifest.json".to_owned(), manifest.to_string().into_bytes()));
    }
    files.push((config_file.clone(), config));
    if let Some((name, spoil)) = save.spoil {
        let name = if name == "config" {
            &config_file
        } else {
            layers
                .get(usize::from(name == "second"))
                .filter(|_| name == "first" || name == "second")
                .map_or(name, |layer| layer.as_str())
        };
        let file = files.iter_mut().find(|(file, _)| file == name).unwrap();
        file.1 = spoil(std::mem::take(&mut file.1));
    }
    files.retain(|(_, bytes)| !bytes.is_empty());
    let members: Vec<Raw> = files.iter().map(|(name, bytes)| (b'0', name.as_str(), "", bytes.as_slice())).collect();
    tar(&members)
}

fn open(bytes: Vec<u8>) -> Result<Vec<Image>, ImageError> {
    load(bytes, Limits::default())
}

#[test]
fn every_layout_and_compression_opens_to_the_same_image() {
    let reference = open(saved(&Save::default())).unwrap().remove(0);
    assert_eq!(reference.names, ["test:1"]);
    assert_eq!(reference.snapshot.layers(), 2);
    let has = |path: &str| reference.snapshot.lookup(&AbsPath::new(path)).is_some();
    assert!(has("/etc/motd") && has("/data") && !has("/other") && !has("/etc/binary"));
    for layout in [Layout::Folders, Layout::Blobs, Layout::Oci] {
        for gzip_layers in [false, true] {
            for whole in [false, true] {
                let plain = saved(&Save { layout, gzip_layers, ..Save::default() });
                let mut images = open(if whole { gzip(&plain) } else { plain }).unwrap();
                let image = images.remove(0);
                assert!(images.is_empty());
                assert!(image.snapshot == reference.snapshot);
                assert_eq!((image.id, &image.config), (reference.id, &reference.config));
                assert_eq!(image.manifest_digest.is_some(), layout != Layout::Folders);
                let ids = |image: &Image| image.layers.iter().map(|layer| layer.diff_id()).collect::<Vec<_>>();
                assert_eq!(ids(&image), ids(&reference));
                let Origin::Imported { blob, .. } = &image.layers[0].origin else { panic!("not imported") };
                assert_eq!(blob.bytes.to_vec().unwrap(), if gzip_layers { gzip(&first()) } else { first() });
            }
        }
    }
}

#[test]
fn history_rows_find_their_layers() {
    let image = open(saved(&Save::default())).unwrap().remove(0);
    let rows: Vec<(&str, Option<u64>)> = image
        .history_with_layers()
        .map(|(row, layer)| (row.created_by.as_str(), layer.map(|layer| layer.size)))
        .collect();
    let size = "tab\there, back\\slash\r\nand é\n".len() as u64;
    assert_eq!(rows, [("ADD a", Some(size + 3 + 19)), ("ENV x", None), ("RUN b", Some(size))]);
    assert_eq!(image.size(), 2 * size + 22);
}

#[test]
fn images_of_one_archive_share_layers_and_old_archives_link_them() {
    let layer = first();
    let config = json!({"rootfs": {"type": "layers", "diff_ids": [Digest::of(&layer).to_string()]}}).to_string();
    let name = format!("{}.json", Digest::of(config.as_bytes()).hex());
    let manifest = json!([
        {"Config": name, "RepoTags": ["a:1"], "Layers": ["one/layer.tar"]},
        {"Config": name, "RepoTags": null, "Layers": ["two/layer.tar"]},
    ])
    .to_string();
    let archive = tar(&[
        (b'0', "one/layer.tar", "", &layer),
        (b'2', "two/layer.tar", "../one/layer.tar", b""),
        (b'0', &name, "", config.as_bytes()),
        (b'0', "manifest.json", "", manifest.as_bytes()),
    ]);
    let images = open(archive).unwrap();
    assert_eq!((images.len(), images[0].names.len(), images[1].names.len()), (2, 1, 0));
    assert!(Arc::ptr_eq(&images[0].layers[0], &images[1].layers[0]));
}

#[test]
fn what_is_wrong_with_an_image_archive_is_named() {
    fn flip(mut bytes: Vec<u8>) -> Vec<u8> {
        // Inside a file's data, so that the tar stays one.
        let at = bytes.windows(8).position(|window| window == b"not text" || window == b"tab\there").unwrap_or(40);
        bytes[at] ^= 1;
        bytes
    }
    fn gone(_: Vec<u8>) -> Vec<u8> {
        Vec::new()
    }
    fn grow(mut bytes: Vec<u8>) -> Vec<u8> {
        bytes.extend([b'\n'; 7]);
        bytes
    }
    fn not_json(_: Vec<u8>) -> Vec<u8> {
        b"nonsense".to_vec()
    }
    let (one, two) = (Digest::of(&first()), Digest::of(&second()));
    let spoiled = |layout, spoil: Spoil| {
        open(saved(&Save { layout, spoil: Some(spoil), ..Save::default() })).unwrap_err().to_string()
    };
    use Layout::{Blobs, Folders, Oci};
    let flipped = Digest::of(&flip(first()));
    let blob = |digest: &Digest| format!("blobs/sha256/{}", digest.hex());
    for layout in [Blobs, Oci] {
        let expected = format!("{}: its digest should be {one} and is {flipped}", blob(&one));
        assert_eq!(spoiled(layout, ("first", flip)), expected);
        let expected = format!("{}: its size should be 3584 bytes and is 3591", blob(&two));
        assert_eq!(spoiled(layout, ("second", grow)), expected);
        assert!(spoiled(layout, ("second", gone)).ends_with("which is not in the archive"));
        assert_eq!(spoiled(layout, ("index.json", not_json)), "index.json: expected ident at line 1 column 2");
    }
    let expected = format!("layer a/layer.tar: the config says its diff ID is {one}, but it is {flipped}");
    assert_eq!(spoiled(Folders, ("first", flip)), expected);
    assert_eq!(spoiled(Folders, ("second", gone)), "manifest.json names \"b/layer.tar\", which is not in the archive");
    assert!(spoiled(Folders, ("config", flip)).contains(".json: its digest should be sha256:"));
    let expected = "manifest.json: expected ident at line 1 column 2";
    assert_eq!(spoiled(Folders, ("manifest.json", not_json)), expected);

    let whole = saved(&Save::default());
    let message = |bytes: Vec<u8>| open(bytes).unwrap_err().to_string();
    assert!(message(whole[..2000].to_vec()).contains("the archive is cut off"));
    assert!(message(gzip(&whole)[..300].to_vec()).contains("its gzip data end early"));
    assert!(message(Vec::new()).starts_with("not an image archive"));
    assert!(message(tar(&[(b'0', "readme", "", b"")])).starts_with("not an image archive"));
    assert_eq!(message(tar(&[(b'0', "manifest.json", "", b"[]")])), "the archive lists no image for linux/amd64");
    assert!(message(tar(&[(b'0', "../manifest.json", "", b"[]")])).contains("outside the archive's root"));

    let config = b"{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}";
    let archive = tar(&[(b'0', "c", "", config), (b'0', "manifest.json", "", br#"[{"Config":"c","Layers":["l"]}]"#)]);
    assert_eq!(message(archive), "c has 0 diff IDs, but the manifest has 1 layers");
}

#[test]
fn a_layer_that_does_not_fit_the_ones_below_is_refused() {
    let cases: &[(&[Raw], &str)] = &[
        (
            &[(b'0', "../../etc/passwd", "", b"x")],
            "entry \"../../etc/passwd\" at byte 0: its name contains \"..\", so it would be written outside the archive's root",
        ),
        (
            &[(b'0', "link/passwd", "", b"x")],
            "entry \"link/passwd\": its name goes through the symbolic link \"/link\"",
        ),
        (&[(b'0', "data/x", "", b"x")], "entry \"data/x\": it lies below \"/data\", which is not a directory"),
        (&[(b'1', "new", "missing", b"")], "entry \"new\": the target \"/missing\" of this hard link does not exist"),
        (&[(b'1', "new", "etc", b"")], "entry \"new\": the target \"/etc\" of this hard link is a directory"),
    ];
    for (members, message) in cases {
        let save = Save { second: tar(members), layout: Layout::Folders, ..Save::default() };
        assert_eq!(open(saved(&save)).unwrap_err().to_string(), format!("layer b/layer.tar: {message}"));
    }
    let fits = Save { second: tar(&[(b'1', "new", "data", b"")]), ..Save::default() };
    let image = open(saved(&fits)).unwrap().remove(0);
    let ino = |path: &str| image.snapshot.lookup(&AbsPath::new(path));
    assert!(ino("/new").is_some() && ino("/new") == ino("/data"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whatever byte of an archive is damaged: it is refused, or the image is the same.
    #[test]
    fn a_damaged_archive_never_gives_another_image(at in 0usize..20_000, flip in 1u8..=255, oci in proptest::prelude::any::<bool>()) {
        let layout = if oci { Layout::Oci } else { Layout::Blobs };
        let mut bytes = saved(&Save { layout, ..Save::default() });
        let whole = open(bytes.clone()).unwrap().remove(0);
        let at = at % bytes.len();
        bytes[at] ^= flip;
        if let Ok(images) = open(bytes) {
            proptest::prop_assert!(images.iter().all(|image| image.id == whole.id && image.snapshot == whole.snapshot));
        }
    }
}
