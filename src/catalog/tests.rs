//! The built-in catalogue, references, and listings that read back as the image they were made of.

use super::*;
use crate::archive::Limits;
use crate::image::tests::{Save, saved};
use crate::image::{self, Origin};
use crate::path::AbsPath;
use crate::vfs::{Content, Node};

fn text(image: &Image, path: &str) -> String {
    let ino = image.snapshot.lookup(&AbsPath::new(path)).unwrap();
    match &image.snapshot.inode(ino).unwrap().node {
        Node::File(content) => content.to_text().unwrap(),
        other => panic!("{path} is {other:?}"),
    }
}

/// Facts of the archives that the listings were made from (`docker history`, `docker image inspect`, `tar tv`).
#[test]
fn the_built_in_listings_are_the_images() {
    let catalog = Catalog::builtin();
    assert!(catalog.names().is_sorted() && catalog.names().contains(&"python:3.12-slim".to_owned()));

    let busybox = catalog.resolve("busybox").unwrap();
    assert_eq!((busybox.reference.to_string().as_str(), busybox.note), ("docker.io/library/busybox:latest", None));
    let image = busybox.image;
    assert!(image.is_listing);
    assert_eq!(
        image.id.unwrap().to_string(),
        "sha256:2e8624acac22d54c004d8555e6aaac4b216ac0475e387c46e96b851620eaa87d"
    );
    assert_eq!(image.config.config.cmd, ["sh"]);
    assert_eq!((image.layers.len(), image.config.history.len(), image.snapshot.layers()), (1, 1, 1));
    assert_eq!(
        image.layers[0].diff_id().unwrap().digest().unwrap().to_string(),
        "sha256:0958e0fef2d6a31e1325b8bfecd99dead933363682d69850a7606599023751bc"
    );
    assert!(text(&image, "/etc/passwd").starts_with("root:x:0:0:root:/root:/bin/sh\n"));
    let applet = |name: &str| image.snapshot.lookup(&AbsPath::new(name)).unwrap();
    assert_eq!(applet("/bin/sh"), applet("/bin/["));
    assert_eq!(image.snapshot.inode(applet("/bin/sh")).unwrap().size(), 1_041_984);

    let alpine = catalog.resolve("alpine:3.20").unwrap();
    assert_eq!(alpine.note, None);
    let sh = alpine.image.snapshot.lookup(&AbsPath::new("/bin/sh")).unwrap();
    assert_eq!(alpine.image.snapshot.inode(sh).unwrap().node, Node::Symlink("/bin/busybox".into()));
    assert_eq!(text(&alpine.image, "/etc/alpine-release"), "3.20.3\n");
}

#[test]
fn references_resolve_as_docker_resolves_them() {
    let catalog = Catalog::builtin();
    let id = |name: &str| catalog.resolve(name).unwrap().image.id;
    let busybox = id("busybox");
    let digest = catalog.resolve("busybox").unwrap().image.manifest_digest.unwrap();
    for name in ["busybox:latest", "docker.io/busybox", "docker.io/library/busybox:latest"] {
        assert_eq!(id(name), busybox);
    }
    assert_eq!(id(&format!("busybox@{digest}")), busybox);
    assert_eq!(id(&format!("busybox:whatever@{digest}")), busybox);
    for name in ["alpine", "alpine:latest", "docker.io/library/alpine"] {
        let resolved = catalog.resolve(name).unwrap();
        assert_eq!(resolved.reference.to_string(), "docker.io/library/alpine:latest");
        let note = resolved.note.unwrap().to_string();
        assert_eq!(note, "alpine:latest is taken as alpine:3.20, the version that the catalogue has");
    }
    let scratch = catalog.resolve("scratch").unwrap().image;
    assert!(scratch.layers.is_empty());
    assert_eq!(scratch.config.config.working_dir, "/");
}

/// Messages of BuildKit for names that a registry refuses, with its own suggestions.
#[test]
fn what_is_not_there_is_an_error_in_dockers_words() {
    let missing = |name: &str, full: &str| format!("{name}: failed to resolve source metadata for docker.io/{full}: ");
    let denied = "pull access denied, repository does not exist or may require authorization: server message: \
                  insufficient_scope: authorization failed";
    let cases = [
        ("busybx", "library/busybx:latest", format!("{denied} (did you mean busybox?)"), Some("busybox:latest")),
        ("me/app:v1", "me/app:v1", denied.to_owned(), None),
        ("scrath", "library/scrath:latest", denied.to_owned(), Some("scratch")),
        ("buildr", "library/buildr:latest", format!("{denied} (did you mean builder?)"), None),
        (
            "alpine:nope",
            "library/alpine:nope",
            "docker.io/library/alpine:nope: not found".to_owned(),
            Some("alpine:3.20"),
        ),
    ];
    for (name, full, message, expected) in cases {
        let error = Catalog::builtin().resolve(name).unwrap_err();
        assert_eq!(error.kind(&["builder".to_owned()]).to_string(), missing(name, full) + &message);
        let suggestion = expected.map(|name| format!(" (did you mean {name}?)")).unwrap_or_default();
        let note = format!(
            "{name} is not in the catalogue, though Docker may find it{suggestion}: open its archive (docker save) to build on it"
        );
        assert_eq!(error.note().unwrap().to_string(), note);
    }
    let error = Catalog::builtin().resolve("BUILDER").unwrap_err();
    assert_eq!(
        error.kind(&[]).to_string(),
        "failed to parse stage name \"BUILDER\": invalid reference format: repository name (library/BUILDER) must be lowercase"
    );
}

#[test]
fn an_image_of_the_user_is_found_by_its_name() {
    let image = Arc::new(image::load(Arc::new(saved(&Save::default())), Limits::default()).unwrap().remove(0));
    let catalog = Catalog::builtin().with("registry.example:5000/team/app", image.clone()).unwrap();
    let found = catalog.resolve("registry.example:5000/team/app:latest").unwrap();
    assert!(Arc::ptr_eq(&found.image, &image));
    let catalog = catalog.with("busybox", image.clone()).unwrap();
    assert!(Arc::ptr_eq(&catalog.resolve("busybox").unwrap().image, &image));
    assert!(Catalog::builtin().with("No Name", image).is_err());
}

/// A listing of `image` must read back as the same filesystem and identity.
fn check_listing(image: &Image) {
    let listing = listing::write(image, "test:1");
    assert_eq!(listing::name(&listing), Some("test:1"));
    let again = listing::read(&listing).unwrap();
    assert!(again.snapshot == image.snapshot);
    assert_eq!((again.id, again.manifest_digest, &again.config), (image.id, image.manifest_digest, &image.config));
    assert_eq!(again.names, ["test:1"]);
    assert_eq!(again.layers.len(), image.layers.len());
    for (a, b) in again.layers.iter().zip(&image.layers) {
        assert_eq!((a.size, a.diff_id()), (b.size, b.diff_id()));
        let meta =
            |layer: &image::Layer| layer.changeset.entries.iter().map(|e| (e.path.clone(), e.meta)).collect::<Vec<_>>();
        assert_eq!(meta(a), meta(b));
    }
    assert_eq!(listing::write(&again, "test:1"), listing);
}

#[test]
fn a_listing_reads_back_as_its_image() {
    let images = image::load(Arc::new(saved(&Save::default())), Limits::default()).unwrap();
    check_listing(&images[0]);
    let again = listing::read(&listing::write(&images[0], "x")).unwrap();
    assert_eq!(text(&again, "/etc/motd"), "tab\there, back\\slash\r\nand é\n");
    let listed = again.snapshot.lookup(&AbsPath::new("/data")).and_then(|ino| again.snapshot.inode(ino)).unwrap();
    let Node::File(content) = &listed.node else { panic!("{listed:?}") };
    assert!(!content.is_held());
    assert_eq!(*content, Content::from("not text below /etc"));
    assert!(matches!(again.layers[0].origin, Origin::Listed { blob_digest: Some(_), blob_size: Some(_), .. }));
}

/// The archives that the built-in listings were made from, where they are at hand: `LAYERLAB_BASES` names their folder.
#[test]
fn the_real_archives_give_the_built_in_listings() {
    let Some(folder) = std::env::var_os("LAYERLAB_BASES") else { return };
    let cases = [
        ("alpine.tar.gz", "alpine:3.20", "alpine-3.20.listing"),
        ("busybox.tar.gz", "busybox:latest", "busybox.listing"),
    ];
    for (file, name, listing) in cases {
        let builtin = Data::embedded().look(listing).unwrap().unwrap();
        let bytes = std::fs::read(std::path::Path::new(&folder).join(file)).unwrap();
        let images = image::load(Arc::new(bytes), Limits::default()).unwrap();
        assert_eq!(images[0].names, [name]);
        assert!(*listing::write(&images[0], name) == *builtin, "{file}");
        check_listing(&images[0]);
    }
}

#[test]
fn a_broken_listing_names_its_line() {
    let head = "layerlab-listing 1\nname\tx\nconfig\t{\"rootfs\":{\"type\":\"layers\"}}\n";
    let cases = [
        ("", "listing, line 0: no config"),
        ("layerlab-listing 2\n", "listing, line 1: it should be \"layerlab-listing 1\""),
        (&format!("{head}d\t755\t0:0\t0\t/a\n"), "listing, line 4: an entry before the first layer"),
        (
            &format!("{head}layer\t\t\t\nd\t\t0:0\t0\t/a\n"),
            "listing, line 5: the first entry of a layer repeats nothing",
        ),
        (&format!("{head}layer\t\t\t\nf\t644\t0:0\t0\t/a\t5\tabc\n"), "listing, line 5: \"abc\" is no digest"),
        (&format!("{head}layer\t\t\t\nx\t644\t0:0\t0\t/a\n"), "listing, line 5: unknown kind \"x\""),
        (&format!("{head}layer\t\t\t\nd\t99\t0:0\t0\t/a\n"), "listing, line 5: \"99\" is no number, or out of range"),
        (&format!("{head}layer\tnone\t\t\n"), "listing, line 4: \"none\" is no digest"),
    ];
    for (listing, message) in cases {
        assert_eq!(listing::read(listing).unwrap_err().to_string(), message);
    }
}

/// Facts of the public record of official images: layers, commands, ONBUILD.
#[test]
fn every_image_of_the_index_can_be_read() {
    let catalog = Catalog::builtin();
    for name in catalog.names() {
        let image = catalog.resolve(&name).unwrap_or_else(|error| panic!("{name}: {error:?}")).image;
        let claimed = image.config.history.iter().filter(|row| !row.empty_layer).count();
        assert_eq!(image.layers.len(), claimed, "{name}");
        assert!(image.size() > 0, "{name}");
    }
    let image = |name: &str| catalog.resolve(name).unwrap().image;
    let node = image("node:22-slim");
    assert_eq!(node.layers.len(), 5);
    assert_eq!(node.config.config.entrypoint, ["docker-entrypoint.sh"]);
    assert_eq!(node.certainty(), crate::image::Certainty::Modelled);
    assert!(text(&node, "/etc/passwd").contains("\nnode:x:1000:1000:"));
    assert!(node.layers[2].unlisted > 0, "the remainder of a layer is no file");
    assert!(text(&image("python:3.12"), "/var/lib/dpkg/status").contains("\nPackage: git\n"));
    assert!(!image("rails:onbuild").config.config.on_build.is_empty());
    let asked = catalog.resolve("node:18.20-alpine3.19").unwrap();
    assert_eq!(
        asked.note.unwrap().to_string(),
        "node:18.20-alpine3.19 is taken as node:22-alpine, the version that the catalogue has"
    );
}
