//! A listing: an image as a compact text, without the contents of its files. It is what the catalogue's data files hold.
//!
//! ```text
//! layerlab-listing 1
//! name<TAB>busybox:latest
//! manifest<TAB>sha256:…                            where it is known
//! config<TAB>{"architecture":"amd64",…}            the config document, byte for byte
//! layer<TAB>DIFF ID<TAB>BLOB DIGEST<TAB>BLOB SIZE  for each layer, its entries below it; an unknown value is empty
//! modelled                                         the layer's entries are near, not exact
//! include<TAB>FILE                                 the entries of another listing's first layer
//! rest<TAB>BYTES                                   what the layer has besides its entries
//! KIND<TAB>MODE<TAB>OWNER:GROUP<TAB>TIME<TAB>PATH<TAB>…
//! ```
//!
//! MODE is octal; TIME is in seconds since 1970, with a fraction where there is one. Each of MODE, OWNER:GROUP and TIME is
//! empty where it equals that of the entry before. What follows PATH depends on KIND: `d` directory, nothing; `f` file, size
//! and digest (hexadecimal); `u` file of which only the size is known; `t` text file, its content; `h` hard link and `l` symbolic link, the target; `c` and `b`
//! devices, `MAJOR:MINOR`; `p` pipe, nothing. `w` is a whiteout and `o` an opaque one: only KIND and PATH. In paths, targets
//! and texts a backslash, a tab, a line end and a carriage return are `\\`, `\t`, `\n` and `\r`.

use crate::digest::Digest;
use crate::image::{Certainty, Image, ImageConfig, Layer, Origin};
use crate::path::AbsPath;
use crate::vfs::{Changeset, Content, Entry, EntryKind, Meta, Snapshot, Time};
use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::rc::Rc;
use std::sync::Arc;

const HEAD: &str = "layerlab-listing 1";

/// The longest file whose text a listing holds, in bytes.
pub const MAX_TEXT: u64 = 8 << 10;

/// A listing that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListingError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for ListingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "listing, line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for ListingError {}

/// The listing of an image, under a name. The text of small text files below /etc is in it, and of all in layers of ours.
pub fn write(image: &Image, name: &str) -> String {
    let mut out = format!("{HEAD}\nname\t{name}\n");
    if let Some(digest) = image.manifest_digest {
        let _ = writeln!(out, "manifest\t{digest}");
    }
    let config = image.config_json.as_deref().map_or_else(|| image.config.to_json(), str::to_owned);
    let _ = writeln!(out, "config\t{config}");
    for layer in &image.layers {
        let (diff_id, blob, size) = match &layer.origin {
            Origin::Imported { diff_id, blob } => (Some(*diff_id), Some(blob.digest), Some(blob.bytes.len())),
            Origin::Listed { diff_id, blob_digest, blob_size } => (*diff_id, *blob_digest, *blob_size),
            Origin::Built => (layer.compute_diff_id().digest(), None, None),
        };
        let _ = writeln!(out, "layer\t{}\t{}\t{}", text(diff_id), text(blob), text(size));
        if layer.certainty != Certainty::Exact {
            out.push_str("modelled\n");
        }
        if layer.unlisted > 0 {
            let _ = writeln!(out, "rest\t{}", layer.unlisted);
        }
        // A layer of ours has no other place: the listing holds all its small texts.
        let below = if matches!(layer.origin, Origin::Built) { AbsPath::root() } else { AbsPath::new("/etc") };
        let mut last = None;
        for entry in &layer.changeset.entries {
            write_entry(entry, &below, &mut last, &mut out);
        }
    }
    out
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// An entry; the text of a small text file below a folder is in it.
fn write_entry(entry: &Entry, texts: &AbsPath, last: &mut Option<[String; 3]>, out: &mut String) {
    let path = escape(entry.path.as_str());
    let (kind, rest) = match &entry.kind {
        EntryKind::Whiteout => {
            let _ = writeln!(out, "w\t{path}");
            return;
        }
        EntryKind::Opaque => {
            let _ = writeln!(out, "o\t{path}");
            return;
        }
        EntryKind::Dir => ('d', String::new()),
        EntryKind::Fifo => ('p', String::new()),
        EntryKind::File(content) => match (small_text(&entry.path, texts, content), content.digest()) {
            (Some(text), _) => ('t', format!("\t{}", escape(&text))),
            (None, Some(digest)) => ('f', format!("\t{}\t{}", content.len(), digest.hex())),
            (None, None) => ('u', format!("\t{}", content.len())),
        },
        EntryKind::Hardlink(target) => ('h', format!("\t{}", escape(target.as_str()))),
        EntryKind::Symlink(target) => ('l', format!("\t{}", escape(target))),
        EntryKind::CharDevice { major, minor } => ('c', format!("\t{major}:{minor}")),
        EntryKind::BlockDevice { major, minor } => ('b', format!("\t{major}:{minor}")),
    };
    let Meta { mode, uid, gid, mtime } = entry.meta;
    let time = match mtime.nanos {
        0 => mtime.seconds.to_string(),
        nanos => format!("{}.{nanos:09}", mtime.seconds),
    };
    let fields = [format!("{mode:o}"), format!("{uid}:{gid}"), time];
    out.push(kind);
    for (i, field) in fields.iter().enumerate() {
        out.push('\t');
        if last.as_ref().is_none_or(|last| last[i] != *field) {
            out.push_str(field);
        }
    }
    *last = Some(fields);
    let _ = writeln!(out, "\t{path}{rest}");
}

/// The text that a listing holds of a file: of a small one below a folder that is text.
fn small_text(path: &AbsPath, below: &AbsPath, content: &Content) -> Option<String> {
    if !path.starts_with(below) || content.len() > MAX_TEXT {
        return None;
    }
    let bytes = content.to_bytes().ok()?;
    let text = std::str::from_utf8(&bytes).ok()?;
    let plain = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    text.chars().all(plain).then(|| text.to_owned())
}

/// The name in a listing; none if it is not one.
pub fn name(listing: &str) -> Option<&str> {
    let mut lines = listing.lines();
    (lines.next()? == HEAD).then_some(())?;
    lines.next()?.strip_prefix("name\t")
}

/// The image of a listing.
///
/// # Errors
/// The first line that cannot be read.
pub fn read(listing: &str) -> Result<Image, ListingError> {
    read_with(listing, &|_| None)
}

/// The other listings that a listing includes.
pub fn includes(listing: &str) -> impl Iterator<Item = &str> {
    listing.lines().filter_map(|line| line.strip_prefix("include\t"))
}

/// The image of a listing that may include others, which `other` hands out.
///
/// # Errors
/// The first line that cannot be read.
pub fn read_with(listing: &str, other: &dyn Fn(&str) -> Option<Rc<str>>) -> Result<Image, ListingError> {
    let mut reader = Reader::default();
    for (i, line) in listing.lines().enumerate() {
        if let Some(name) = line.strip_prefix("include\t") {
            let at = |message: String| ListingError { line: i + 1, message };
            let text = other(name).ok_or_else(|| at(format!("{name} is not there")))?;
            let mut entries = first_layer(&text).map_err(|error| at(format!("{name}: {error}")))?;
            let layer = reader.layers.last_mut().ok_or_else(|| at("it is before the first layer".to_owned()))?;
            layer.entries.append(&mut entries);
            continue;
        }
        reader.line(i, line).map_err(|message| ListingError { line: i + 1, message })?;
    }
    let last = listing.lines().count();
    reader.finish().map_err(|message| ListingError { line: last, message })
}

/// The entries of a listing's first layer.
fn first_layer(listing: &str) -> Result<Vec<Entry>, ListingError> {
    let mut reader = Reader::default();
    for (i, line) in listing.lines().enumerate() {
        reader.line(i, line).map_err(|message| ListingError { line: i + 1, message })?;
    }
    Ok(reader.layers.into_iter().next().map(|layer| layer.entries).unwrap_or_default())
}

/// A layer while it is read.
struct ListedLayer {
    origin: Origin,
    entries: Vec<Entry>,
    certainty: Certainty,
    unlisted: u64,
}

#[derive(Default)]
struct Reader {
    names: Vec<String>,
    manifest: Option<Digest>,
    config: Option<(ImageConfig, Arc<str>)>,
    layers: Vec<ListedLayer>,
    last: Option<Meta>,
}

impl Reader {
    fn line(&mut self, index: usize, line: &str) -> Result<(), String> {
        if index == 0 {
            return if line == HEAD { Ok(()) } else { Err(format!("it should be {HEAD:?}")) };
        }
        if line == "modelled" {
            self.layers.last_mut().ok_or("it is before the first layer")?.certainty = Certainty::Modelled;
            return Ok(());
        }
        let (kind, rest) = line.split_once('\t').ok_or("no tab")?;
        match kind {
            "rest" => {
                let layer = self.layers.last_mut().ok_or("it is before the first layer")?;
                layer.certainty = Certainty::Modelled;
                layer.unlisted = number(rest, 10)?;
            }
            "name" => self.names.push(rest.to_owned()),
            "manifest" => self.manifest = Some(digest(rest)?),
            "config" => {
                let config = serde_json::from_str(rest).map_err(|error| error.to_string())?;
                self.config = Some((config, rest.into()));
            }
            "layer" => {
                let fields: Vec<&str> = rest.split('\t').collect();
                let [diff_id, blob, size] = fields[..] else { return Err("a layer has three fields".to_owned()) };
                let origin = Origin::Listed {
                    diff_id: optional(diff_id, digest)?,
                    blob_digest: optional(blob, digest)?,
                    blob_size: optional(size, |size| number(size, 10))?,
                };
                self.layers.push(ListedLayer { origin, entries: Vec::new(), certainty: Certainty::Exact, unlisted: 0 });
                self.last = None;
            }
            _ => {
                let entry = self.entry(kind, rest)?;
                self.layers.last_mut().ok_or("an entry before the first layer")?.entries.push(entry);
            }
        }
        Ok(())
    }

    fn entry(&mut self, kind: &str, rest: &str) -> Result<Entry, String> {
        let none = Meta { mode: 0, uid: 0, gid: 0, mtime: Time::default() };
        if matches!(kind, "w" | "o") {
            let path = AbsPath::new(&unescape(rest)?);
            let above = self.layers.last().and_then(|layer| layer.entries.last()).filter(|above| above.path == path);
            return Ok(match (kind, above) {
                ("w", _) => Entry { path, kind: EntryKind::Whiteout, meta: none },
                (_, Some(above)) => Entry { meta: above.meta, path, kind: EntryKind::Opaque },
                (_, None) => Entry { path, kind: EntryKind::Opaque, meta: none },
            });
        }
        let mut fields = rest.split('\t');
        let mut field = |what: &str| fields.next().ok_or_else(|| format!("no {what}"));
        let [mode, owner, time] = [field("mode")?, field("owner")?, field("time")?];
        let path = AbsPath::new(&unescape(field("path")?)?);
        let meta = self.meta(mode, owner, time)?;
        let kind = match kind {
            "d" => EntryKind::Dir,
            "p" => EntryKind::Fifo,
            "f" => {
                let size = number(field("size")?, 10)?;
                EntryKind::File(Content::listed(size, digest(field("digest")?)?))
            }
            "u" => EntryKind::File(Content::unknown(number(field("size")?, 10)?)),
            "t" => EntryKind::File(unescape(field("text")?)?.into()),
            "h" => EntryKind::Hardlink(AbsPath::new(&unescape(field("target")?)?)),
            "l" => EntryKind::Symlink(unescape(field("target")?)?.into()),
            "c" | "b" => {
                let (major, minor) = field("device")?.split_once(':').ok_or("no minor device number")?;
                let (major, minor) = (number(major, 10)?, number(minor, 10)?);
                if kind == "c" {
                    EntryKind::CharDevice { major, minor }
                } else {
                    EntryKind::BlockDevice { major, minor }
                }
            }
            other => return Err(format!("unknown kind {other:?}")),
        };
        Ok(Entry { path, kind, meta })
    }

    fn meta(&mut self, mode: &str, owner: &str, time: &str) -> Result<Meta, String> {
        let above = || self.last.ok_or_else(|| "the first entry of a layer repeats nothing".to_owned());
        let mode = if mode.is_empty() { above()?.mode } else { number(mode, 8)? };
        let (uid, gid) = match owner.split_once(':') {
            None if owner.is_empty() => above().map(|above| (above.uid, above.gid))?,
            None => return Err("no group".to_owned()),
            Some((uid, gid)) => (number(uid, 10)?, number(gid, 10)?),
        };
        let mtime = match time.split_once('.') {
            None if time.is_empty() => above()?.mtime,
            None => Time { seconds: number(time, 10)?, nanos: 0 },
            Some((seconds, nanos)) => Time { seconds: number(seconds, 10)?, nanos: number(nanos, 10)? },
        };
        let meta = Meta { mode, uid, gid, mtime };
        self.last = Some(meta);
        Ok(meta)
    }

    fn finish(self) -> Result<Image, String> {
        let (config, config_json) = self.config.ok_or("no config")?;
        let mut snapshot = Snapshot::empty();
        let mut layers = Vec::with_capacity(self.layers.len());
        for layer in self.layers {
            let mut entries = layer.entries;
            if !entries.is_sorted_by(|a, b| a.path <= b.path) {
                // What stands after an include takes the place of what was included.
                let mut by_path: BTreeMap<AbsPath, Entry> = BTreeMap::new();
                by_path.extend(entries.into_iter().map(|entry| (entry.path.clone(), entry)));
                entries = by_path.into_values().collect();
            }
            let changeset = Changeset { entries };
            snapshot = snapshot.apply(&changeset);
            let new = Layer::new(Arc::new(changeset), layer.certainty, layer.origin);
            layers.push(Arc::new(new.with_unlisted(layer.unlisted)));
        }
        Ok(Image {
            names: self.names,
            id: Some(Digest::of(config_json.as_bytes())),
            manifest_digest: self.manifest,
            manifest_json: None,
            config,
            config_json: Some(config_json),
            layers,
            snapshot,
            is_listing: true,
        })
    }
}

fn optional<T>(text: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Result<Option<T>, String> {
    if text.is_empty() { Ok(None) } else { read(text).map(Some) }
}

fn digest(text: &str) -> Result<Digest, String> {
    Digest::parse(text).ok_or_else(|| format!("{text:?} is no digest"))
}

fn number<T: TryFrom<i64>>(text: &str, radix: u32) -> Result<T, String> {
    i64::from_str_radix(text, radix)
        .ok()
        .and_then(|number| T::try_from(number).ok())
        .ok_or_else(|| format!("{text:?} is no number, or out of range"))
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}

fn unescape(text: &str) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        out.push(match chars.next() {
            Some('\\') => '\\',
            Some('t') => '\t',
            Some('n') => '\n',
            Some('r') => '\r',
            _ => return Err("a backslash before something else".to_owned()),
        });
    }
    Ok(out)
}
