//! Archives made by hand, good and hostile, each with what is said of it; and layers that are written and read again.

use super::header::Header;
use super::*;
use crate::pace::{Pace, block_on};
use crate::path::AbsPath;
use crate::vfs::{Changeset, Content, Entry, EntryKind, Meta, Snapshot, Time};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

/// A member for [`tar`]: its type flag, name, link target and data.
pub(crate) type Raw<'a> = (u8, &'a str, &'a str, &'a [u8]);

/// A tar of these members, with its closing blocks.
pub(crate) fn tar(members: &[Raw]) -> Vec<u8> {
    let mut out = Vec::new();
    for (typeflag, name, link, data) in members {
        let mode = if *typeflag == b'5' { 0o755 } else { 0o644 };
        let size = data.len() as u64;
        Header {
            name,
            link,
            typeflag: *typeflag,
            mode,
            uid: 0,
            gid: 0,
            size,
            mtime: 7,
            device: None,
            owner: ["root", "root"],
        }
        .encode(&mut out);
        out.extend_from_slice(data);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// PAX records before a file with the harmless name `x`.
fn pax(records: &[u8]) -> Vec<u8> {
    tar(&[(b'x', "PaxHeaders.0/x", "", records), (b'0', "x", "", b"")])
}

fn read(bytes: &[u8]) -> Result<LayerFile, ArchiveError> {
    block_on(read_layer(&bytes.to_vec().into(), Limits::default(), &Pace::default()))
}

/// `kind path`, with content or target.
fn listing(changeset: &Changeset) -> Vec<String> {
    let show = |entry: &Entry| {
        let path = &entry.path;
        match &entry.kind {
            EntryKind::Dir => format!("dir {path}"),
            EntryKind::File(content) => format!("file {path} {}", content.to_text().unwrap()),
            EntryKind::Hardlink(to) => format!("link {path} = {to}"),
            EntryKind::Symlink(to) => format!("symlink {path} -> {to}"),
            EntryKind::Whiteout => format!("gone {path}"),
            EntryKind::Opaque => format!("opaque {path}"),
            other => format!("{other:?} {path}"),
        }
    };
    changeset.entries.iter().map(show).collect()
}

#[test]
fn hostile_archives_are_refused_each_with_its_message() {
    let good = tar(&[(b'0', "a", "", b"content"), (b'0', "b", "", b"more")]);
    let patched = |at: usize, bytes: &[u8]| {
        let mut tar = good.clone();
        tar[at..at + bytes.len()].copy_from_slice(bytes);
        let sum: u32 = tar[..512]
            .iter()
            .enumerate()
            .map(|(i, b)| u32::from(if (148..156).contains(&i) { b' ' } else { *b }))
            .sum();
        tar[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        tar
    };
    let mut flipped = gzip(&good);
    let middle = flipped.len() - 6;
    flipped[middle] ^= 0xff;
    let long = "n".repeat(256);
    let deep = "d/".repeat(2100);
    let cases: &[(&str, Vec<u8>, &str)] = &[
        (
            "up and out",
            tar(&[(b'0', "../../etc/passwd", "", b"x")]),
            "entry \"../../etc/passwd\" at byte 0: its name contains \"..\", so it would be written outside the archive's root",
        ),
        (
            "up inside",
            tar(&[(b'0', "a/../b", "", b"")]),
            "entry \"a/../b\" at byte 0: its name contains \"..\", so it would be written outside the archive's root",
        ),
        (
            "absolute",
            tar(&[(b'5', "d/", "", b""), (b'0', "/etc/passwd", "", b"")]),
            "entry \"/etc/passwd\" at byte 512: its name is absolute, so it would be written outside the archive's root",
        ),
        (
            "through a link",
            tar(&[(b'2', "d", "/etc", b""), (b'0', "d/passwd", "", b"")]),
            "entry \"d/passwd\" at byte 512: its name goes through the symbolic link \"/d\"",
        ),
        (
            "below a file",
            tar(&[(b'0', "d", "", b""), (b'0', "d/x", "", b"")]),
            "entry \"d/x\" at byte 512: it lies below \"/d\", which is not a directory",
        ),
        (
            "root is a file",
            tar(&[(b'0', "./", "", b"")]),
            "entry \"./\" at byte 0: the root of a filesystem must be a directory",
        ),
        (
            "cut in a header",
            good[..300].to_vec(),
            "at byte 0: the archive is cut off: at least 212 more bytes should follow",
        ),
        (
            "cut in the data",
            good[..515].to_vec(),
            "entry \"a\" at byte 515: the archive is cut off: at least 4 more bytes should follow",
        ),
        ("cut gzip", gzip(&good)[..40].to_vec(), "at byte 0: the archive is cut off: its gzip data end early"),
        (
            "not gzip",
            b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xff\xff no deflate stream".to_vec(),
            "at byte 0: the gzip data are damaged (corrupt deflate stream)",
        ),
        (
            "wrong checksum in gzip",
            flipped,
            "entry \"b\" at byte 3072: the gzip data are damaged (corrupt gzip stream does not have a matching checksum)",
        ),
        ("not a tar", vec![b'x'; 2000], "at byte 0: this is not a tar archive"),
        ("cut zstd", TWO[3].1[..99].to_vec(), "at byte 0: the archive is cut off: its zstd data end early"),
        ("cut xz", TWO[2].1[..99].to_vec(), "at byte 0: the archive is cut off: its xz data end early"),
        ("cut bzip2", TWO[1].1[..99].to_vec(), "at byte 0: the archive is cut off: its bzip2 data end early"),
        (
            "size too large",
            patched(124, b"00077777777\0"),
            "entry \"a\" at byte 3072: the archive is cut off: at least 16774655 more bytes should follow",
        ),
        (
            "size that hides data",
            patched(124, b"00000000000\0"),
            "at byte 512: no tar header here: the size of the entry before it lies, or the archive is damaged",
        ),
        (
            "size that is text",
            patched(124, b"hello world\0"),
            "entry \"a\" at byte 0: its size is not a number, or out of range",
        ),
        (
            "negative size",
            patched(124, &[0xff; 12]),
            "entry \"a\" at byte 0: its size is not a number, or out of range",
        ),
        (
            "huge owner",
            patched(108, &[0x80, 0, 0, 1, 0, 0, 0, 0]),
            "entry \"a\" at byte 0: its owner is not a number, or out of range",
        ),
        (
            "size in PAX that lies",
            pax(b"16 size=1234567\n"),
            "entry \"x\" at byte 2560: the archive is cut off: at least 1233543 more bytes should follow",
        ),
        ("NUL in a name", pax(b"12 path=a\0b\n"), "entry \"a\\0b\" at byte 0: its name contains a NUL byte"),
        ("not UTF-8", pax(b"11 path=\xff\xfe\n"), "entry \"\u{fffd}\u{fffd}\" at byte 0: its name is not UTF-8"),
        ("PAX that lies", pax(b"99 path=ab\n"), "at byte 0: bad PAX record: its length lies"),
        ("no name", tar(&[(b'0', "", "", b"")]), "at byte 0: it has no name"),
        (
            "a long name",
            tar(&[(b'0', &long, "", b"")]),
            &format!("entry {long:?} at byte 0: its name is too long (255 bytes a name, 4096 a path)"),
        ),
        (
            "a long path",
            tar(&[(b'5', &deep, "", b"")]),
            &format!("entry {deep:?} at byte 0: its name is too long (255 bytes a name, 4096 a path)"),
        ),
        ("GNU sparse", tar(&[(b'S', "s", "", b"")]), "entry \"s\" at byte 0: entries of type 'S' are not supported"),
        ("multi-volume", tar(&[(b'M', "s", "", b"")]), "entry \"s\" at byte 0: entries of type 'M' are not supported"),
        (
            "link outside",
            tar(&[(b'1', "a", "../../etc/shadow", b"")]),
            "entry \"a\" at byte 0: the target \"../../etc/shadow\" of this hard link is outside the archive's root",
        ),
        (
            "link to a directory",
            tar(&[(b'5', "d", "", b""), (b'1', "a", "d", b"")]),
            "entry \"a\" at byte 512: the target \"d\" of this hard link is a directory",
        ),
        ("link to itself", tar(&[(b'1', "a", "./a", b"")]), "entry \"a\" at byte 0: this hard link is its own target"),
        (
            "link forward",
            tar(&[(b'1', "a", "b", b""), (b'0', "b", "", b"")]),
            "entry \"a\" at byte 0: the target \"/b\" of this hard link comes after it",
        ),
        (
            "link without target",
            tar(&[(b'2', "a", "", b"")]),
            "entry \"a\" at byte 0: this symbolic link has no target",
        ),
        (
            "nameless whiteout",
            tar(&[(b'0', "d/.wh.", "", b"")]),
            "entry \"d/.wh.\" at byte 0: invalid whiteout: it names nothing",
        ),
        (
            "whiteout of ..",
            tar(&[(b'0', "d/.wh...", "", b"")]),
            "entry \"d/.wh...\" at byte 0: invalid whiteout: it names a directory by \".\" or \"..\"",
        ),
        (
            "not quite opaque",
            tar(&[(b'0', "d/.wh..wh..opqX", "", b"")]),
            "entry \"d/.wh..wh..opqX\" at byte 0: invalid whiteout: of the names that begin with .wh..wh. only .wh..wh..opq has a meaning",
        ),
        (
            "whiteout with content",
            tar(&[(b'0', ".wh.a", "", b"x")]),
            "entry \".wh.a\" at byte 0: invalid whiteout: it is not an empty file",
        ),
        (
            "whiteout directory",
            tar(&[(b'5', ".wh.a", "", b"")]),
            "entry \".wh.a\" at byte 0: invalid whiteout: it is not an empty file",
        ),
    ];
    for (name, bytes, message) in cases {
        match read(bytes) {
            Err(error) => assert_eq!(error.to_string(), *message, "{name}"),
            Ok(_) => panic!("{name}: was read"),
        }
    }
}

#[test]
fn budgets_are_counted() {
    let limits = Limits { stream: 1 << 20, held: 1 << 18, entries: 100 };
    let message = |bytes: &[u8]| {
        let read = block_on(read_layer(&bytes.to_vec().into(), limits, &Pace::default()));
        read.unwrap_err().to_string()
    };
    let bomb = gzip(&tar(&[(b'0', "zeros", "", &vec![0; 2 << 20])]));
    assert!(bomb.len() < 20_000);
    assert_eq!(message(&bomb), "at byte 1049088: the archive unpacks to more than 1048576 bytes");
    let noise: Vec<u8> = (0..300_000u32).map(|i| (i % 251) as u8).collect();
    let noise = tar(&[(b'0', "noise", "", &noise)]);
    let mut reader = TarReader::new(&noise, limits);
    reader.next_member().unwrap();
    let kept = reader.read_content().unwrap_err().to_string();
    assert_eq!(kept, "entry \"noise\" at byte 300512: the archive unpacks to more than 262144 bytes");
    let many: Vec<String> = (0..200).map(|i| format!("f{i}")).collect();
    let many: Vec<Raw> = many.iter().map(|name| (b'0', name.as_str(), "", &b""[..])).collect();
    assert_eq!(message(&tar(&many)), "at byte 51200: the archive has more than 100 entries");
    let trailing = [tar(&[]), vec![0; 2 << 20]].concat();
    assert_eq!(message(&trailing), "at byte 1049088: the archive unpacks to more than 1048576 bytes");
}

#[test]
fn a_layer_is_read_as_docker_unpacks_it() {
    type Case<'a> = (&'a str, &'a [Raw<'a>], &'a [&'a str]);
    let cases: &[Case] = &[
        (
            "whiteouts",
            &[(b'5', "d/", "", b""), (b'0', "d/.wh.gone", "", b""), (b'0', "d/.wh..wh..opq", "", b"")],
            &["dir /d", "opaque /d", "gone /d/gone"],
        ),
        (
            "whiteouts of aufs are hard links",
            &[(b'0', ".wh.a", "", b""), (b'1', ".wh.b", ".wh.a", b"")],
            &["gone /a", "gone /b"],
        ),
        ("of entries with one name the last wins", &[(b'0', "a", "", b"1"), (b'0', "./a", "", b"2")], &["file /a 2"]),
        (
            "a link replaces a directory and what is below",
            &[(b'5', "d", "", b""), (b'0', "d/x", "", b"x"), (b'2', "d", "e", b"")],
            &["symlink /d -> e"],
        ),
        (
            "a link keeps the file whose name was taken later",
            &[(b'0', "a", "", b"1"), (b'1', "b", "a", b""), (b'0', "a", "", b"2")],
            &["file /a 2", "file /b 1"],
        ),
        (
            "the first name in tree order is the file",
            &[(b'0', "z", "", b"1"), (b'1', "a", "z", b""), (b'1', "m", "/a", b"")],
            &["file /a 1", "link /m = /a", "link /z = /a"],
        ),
        ("a link to a lower file stays one", &[(b'1', "a", "bin/sh", b"")], &["link /a = /bin/sh"]),
        (
            "a link may have a symbolic link as its target",
            &[(b'2', "l", "x", b""), (b'1', "m", "l", b"")],
            &["symlink /l -> x", "link /m = /l"],
        ),
        (
            "a whiteout beside a directory hides what lower layers have in it",
            &[(b'0', ".wh.d", "", b""), (b'5', "d", "", b""), (b'0', "d/x", "", b"x")],
            &["dir /d", "opaque /d", "file /d/x x"],
        ),
        (
            "old Unix tars mark directories by a slash",
            &[(0, "d/", "", b""), (0, "f", "", b"x")],
            &["dir /d", "file /f x"],
        ),
        (
            "the order becomes tree order",
            &[(b'0', "a.txt", "", b""), (b'5', "a", "", b""), (b'0', "a/b", "", b"")],
            &["dir /a", "file /a/b ", "file /a.txt "],
        ),
    ];
    for (name, members, expected) in cases {
        let layer = read(&tar(members)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(listing(&layer.changeset), *expected, "{name}");
    }
}

#[test]
fn long_names_are_read_in_each_format() {
    let long = format!("{}/{}", "d".repeat(120), "é".repeat(60));
    let gnu = tar(&[(b'L', "././@LongLink", "", format!("{long}\0").as_bytes()), (b'0', "cut", "", b"x")]);
    let ours = tar(&[(b'0', &long, "", b"x")]);
    for archive in [gnu, ours] {
        assert_eq!(listing(&read(&archive).unwrap().changeset), [format!("file /{long} x")]);
    }
    let target = "t".repeat(300);
    let gnu = tar(&[(b'K', "././@LongLink", "", format!("{target}\0").as_bytes()), (b'2', "l", "cut", b"")]);
    let ours = tar(&[(b'2', "l", &target, b"")]);
    for archive in [gnu, ours] {
        assert_eq!(listing(&read(&archive).unwrap().changeset), [format!("symlink /l -> {target}")]);
    }
}

#[test]
fn owners_times_and_devices_come_through() {
    let layer = read(&pax(b"15 uid=3000000\n30 mtime=1350244992.023960108\n")).unwrap();
    let meta = layer.changeset.entries[0].meta;
    assert_eq!((meta.uid, meta.mode), (3_000_000, 0o644));
    assert_eq!(meta.mtime, Time { seconds: 1_350_244_992, nanos: 23_960_108 });
    let global = tar(&[(b'g', "pax_global_header", "", b"12 uid=1000\n")]);
    let global = [&global[..1024], &tar(&[(b'0', "a", "", b""), (b'0', "b", "", b"")])].concat();
    let layer = read(&global).unwrap();
    assert!(layer.changeset.entries.iter().all(|entry| entry.meta.uid == 1000));
}

#[test]
fn the_diff_id_is_of_the_whole_uncompressed_stream() {
    let mut plain = tar(&[(b'0', "a", "", b"x")]);
    plain.resize(10_240, 0);
    let from_plain = read(&plain).unwrap();
    let from_gzip = read(&gzip(&plain)).unwrap();
    assert_eq!(from_plain.diff_id, crate::digest::Digest::of(&plain));
    assert_eq!((from_gzip.diff_id, from_gzip.tar_size), (from_plain.diff_id, 10_240));
    assert_eq!((from_plain.compression, from_gzip.compression), (None, Some("gzip")));
}

/// tests/cases/archive: two streams in a row, made by the real programs.
const TWO: &[(&str, &[u8])] = &[
    ("gzip", include_bytes!("../../tests/cases/archive/two.gz")),
    ("bzip2", include_bytes!("../../tests/cases/archive/two.bz2")),
    ("xz", include_bytes!("../../tests/cases/archive/two.xz")),
    ("zstd", include_bytes!("../../tests/cases/archive/two.zst")),
];

#[test]
fn what_the_real_programs_compressed_reads_back() {
    let mut expected: String = (1..=20_000).map(|n| format!("{n}\n")).collect();
    expected.push_str("second\n");
    for (name, bytes) in TWO {
        assert_eq!(sniff(bytes).map(|found| found.name), Some(*name));
        assert!(decompress(bytes, 1 << 20).unwrap() == expected.as_bytes(), "{name}");
        let over = decompress(bytes, 1000).unwrap_err();
        assert_eq!(over.kind, ArchiveErrorKind::TooManyBytes { limit: 1000 }, "{name}");
    }
}

/// Any byte of the archive changed: an error or, where nothing depends on it, the same bytes; never a panic.
#[test]
fn damage_is_found_or_does_not_matter() {
    for (name, bytes) in TWO {
        let whole = decompress(bytes, 1 << 20).unwrap();
        for at in (6..bytes.len()).step_by(bytes.len() / 40) {
            let mut damaged = bytes.to_vec();
            damaged[at] ^= 0x55;
            if let Ok(read) = decompress(&damaged, 1 << 20) {
                assert!(read == whole, "{name}: byte {at}");
            }
            let _ = decompress(&bytes[..at], 1 << 20);
        }
    }
}

#[test]
fn archives_are_told_from_other_files_as_add_does() {
    let archive = tar(&[(b'0', "a", "", b"x")]);
    assert!(is_archive(&archive) && is_archive(&gzip(&archive)));
    for other in [&b"#!/bin/sh\n"[..], b"", &gzip(b"text"), b"BZh9"] {
        assert!(!is_archive(other));
    }
}

#[test]
fn a_built_tar_reads_back() {
    let mut builder = TarBuilder::default();
    let meta = Meta { mode: 0o4755, uid: 5, gid: 6, mtime: Time { seconds: 99, nanos: 0 } };
    let (user, group) = ("www".to_owned(), "data".to_owned());
    let member =
        Member { offset: 0, data: 512, size: 3, name: "bin/x".to_owned(), kind: MemberKind::File, meta, user, group };
    builder.add(&member, &Content::from("abc"));
    let bytes = builder.finish(10_240).to_bytes().unwrap();
    assert_eq!(bytes.len(), 10_240);
    let mut reader = TarReader::new(&bytes, Limits::default());
    assert_eq!(reader.next_member().unwrap(), Some(member));
    assert_eq!(reader.read_content().unwrap(), Content::from("abc"));
    assert_eq!(reader.next_member().unwrap(), None);
}

#[test]
fn a_file_past_what_octal_can_say_has_a_pax_size() {
    let meta = Meta { mode: 0o644, uid: 0, gid: 0, mtime: Time::default() };
    let kind = EntryKind::File(Content::zeros(9 << 30));
    let mut tar =
        LayerTar::new(Arc::new(Changeset { entries: vec![Entry { path: AbsPath::new("/big"), kind, meta }] })).unwrap();
    let mut start = Vec::new();
    assert!(tar.fill(&mut start, 2048).unwrap());
    let mut reader = TarReader::new(&start, Limits::default());
    assert_eq!(reader.next_member().unwrap().unwrap().size, 9 << 30);
}

// ---- written and read again ----

#[derive(Debug, Clone)]
enum What {
    Dir { opaque: bool },
    File(Vec<u8>),
    Zeros(u64),
    Symlink(String),
    Fifo,
    Device(u32, u32),
    Whiteout,
    Link(usize),
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![8 => "[a-c.]{1,2}".prop_filter("a name", |n| n != "." && n != ".."), 1 => "[a-zé ]{1,120}", 1 => Just("n".repeat(200))]
}

fn what() -> impl Strategy<Value = What> {
    prop_oneof![
        any::<bool>().prop_map(|opaque| What::Dir { opaque }),
        proptest::collection::vec(any::<u8>(), 0..1500).prop_map(What::File),
        prop_oneof![0u64..2000, 60_000u64..70_000].prop_map(What::Zeros),
        "[a-z/.é]{1,150}".prop_map(What::Symlink),
        Just(What::Fifo),
        (0u32..300, 0u32..3_000_000).prop_map(|(major, minor)| What::Device(major, minor)),
        Just(What::Whiteout),
        (0usize..20).prop_map(What::Link),
    ]
}

/// A changeset as an overlay would leave it: one entry a path, directories above others, links to earlier files.
fn changeset() -> impl Strategy<Value = Changeset> {
    let entry = (proptest::collection::vec(name(), 1..4), what(), 0u16..0o10000, 0u32..3_000_000);
    proptest::collection::vec(entry, 0..30).prop_map(|raw| {
        let mut chosen: std::collections::BTreeMap<AbsPath, (What, u16, u32)> = Default::default();
        for (parts, what, mode, uid) in raw {
            let path = AbsPath::new(&parts.join("/"));
            let above: BTreeSet<AbsPath> =
                std::iter::successors(path.parent(), AbsPath::parent).filter(|p| !p.is_root()).collect();
            let free = above.iter().all(|p| matches!(chosen.get(p), None | Some((What::Dir { .. }, ..))));
            if free && !chosen.contains_key(&path) && !path.name().starts_with(".wh.") {
                for dir in above {
                    chosen.entry(dir).or_insert((What::Dir { opaque: false }, 0o755, 0));
                }
                chosen.insert(path, (what, mode, uid));
            }
        }
        let mut entries: Vec<Entry> = Vec::new();
        for (path, (what, mode, uid)) in chosen {
            let meta = Meta { mode, uid, gid: uid / 2, mtime: Time { seconds: crate::vfs::EPOCH, nanos: 0 } };
            let none = Meta { mode: 0, uid: 0, gid: 0, mtime: Time::default() };
            let files: Vec<usize> =
                (0..entries.len()).filter(|i| matches!(entries[*i].kind, EntryKind::File(_))).collect();
            let (kind, meta) = match what {
                What::Dir { opaque } => {
                    entries.push(Entry { path: path.clone(), kind: EntryKind::Dir, meta });
                    if opaque {
                        entries.push(Entry { path, kind: EntryKind::Opaque, meta });
                    }
                    continue;
                }
                What::File(bytes) => (EntryKind::File(bytes.into()), meta),
                What::Zeros(len) => (EntryKind::File(Content::zeros(len)), meta),
                What::Symlink(target) => (EntryKind::Symlink(target.as_str().into()), meta),
                What::Fifo => (EntryKind::Fifo, meta),
                What::Device(major, minor) => (EntryKind::CharDevice { major, minor }, meta),
                What::Whiteout => (EntryKind::Whiteout, none),
                What::Link(_) if files.is_empty() => (EntryKind::Fifo, meta),
                What::Link(n) => {
                    let file = &entries[files[n % files.len()]];
                    (EntryKind::Hardlink(file.path.clone()), file.meta)
                }
            };
            entries.push(Entry { path, kind, meta });
        }
        Changeset { entries }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_written_reads_back_the_same(changeset in changeset()) {
        let changeset = Arc::new(changeset);
        let mut bytes = Vec::new();
        write_layer(&changeset, &mut bytes).unwrap();
        let layer = read(&bytes).unwrap();
        prop_assert_eq!(&layer.changeset, &*changeset);
        prop_assert_eq!(diff_id(&changeset), DiffId::Computed(layer.diff_id));
        prop_assert!(Snapshot::empty().apply(&layer.changeset) == Snapshot::empty().apply(&changeset));
        let packed = read(&gzip(&bytes)).unwrap();
        prop_assert_eq!(packed.changeset, layer.changeset);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..3000)) {
        let _ = read(&bytes);
    }

    #[test]
    fn a_damaged_archive_is_read_or_refused(at in 0usize..3000, byte in any::<u8>()) {
        let mut bytes = tar(&[(b'0', "a", "", b"x"), (b'x', "p", "", b"9 path=q\n"), (b'5', "d", "", b""), (b'1', "b", "a", b"")]);
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = read(&bytes);
    }
}
