//! Explanations of small builds, `tests/cases/insight/*.txt`: `## TITLE`, a Dockerfile, `--`, and what must be said of it.
//!
//! `bytes`, `lost`, `duplicate`, `saving`, `why LAYER PATH` and `look PATH` are explained at [`describe`]; all lines of a
//! word that a case uses are expected. Bytes and layers count without the base image (layer 1 is the first own one).
//! Whatever a case says: the sums add up, and the Dockerfile with the edits of its saving builds to the same filesystem and
//! saves exactly the bytes that were promised.

use crate::docker::catalog;
use layerlab::build::outcome::{Build, Stage};
use layerlab::build::{self, Cache, Context, ContextFile, Request};
use layerlab::insight::ledger::{Fate, Ledger};
use layerlab::insight::lookup::{End, Met, lookup};
use layerlab::insight::saving::{SavingKind, saving};
use layerlab::insight::why::{Attributes, Cause, Hidden, Why, why_entry};
use layerlab::path::AbsPath;
use layerlab::vfs::Content;
use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/insight");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut failures = Vec::new();
    for file in files {
        for case in std::fs::read_to_string(&file).unwrap().split("\n## ").skip(1) {
            let (title, body) = case.split_once('\n').unwrap();
            let (dockerfile, expected) = body.split_once("\n--\n").unwrap();
            if let Err(failure) = check(dockerfile, expected) {
                failures.push(format!("{title}: {failure}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} cases fail:\n{}", failures.len(), failures.join("\n"));
}

fn check(text: &str, expected: &str) -> Result<(), String> {
    let build = run(text);
    let stage = build.image().ok_or_else(|| format!("{:?}", build.failure))?;
    let ledger = Ledger::new(&build, stage);
    assert_eq!(ledger.size, stage.size());
    assert_eq!(ledger.live + ledger.shadowed + ledger.deleted, ledger.size);
    mended(&build, stage, &ledger, text, false)?;
    let expected: Vec<&str> = expected.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let subject = |line: &str| line.split(": ").next().unwrap_or(line).to_owned();
    let words: BTreeSet<String> = expected
        .iter()
        .map(|line| {
            let word = line.split(' ').next().unwrap_or_default();
            if ["why", "look"].contains(&word) { subject(line) } else { word.to_owned() }
        })
        .collect();
    let got: Vec<String> = words.iter().flat_map(|word| describe(&build, stage, &ledger, text, word)).collect();
    let (got, wanted): (BTreeSet<&str>, BTreeSet<&str>) =
        (got.iter().map(String::as_str).collect(), expected.into_iter().collect());
    let lines = |lines: Vec<&&str>| lines.into_iter().map(|line| format!("\n    {line}")).collect::<String>();
    match (lines(wanted.difference(&got).collect()), lines(got.difference(&wanted).collect())) {
        (missing, more) if missing.is_empty() && more.is_empty() => Ok(()),
        (missing, more) => Err(format!("\n  wanted{missing}\n  got{more}")),
    }
}

fn run(text: &str) -> Build {
    let file = |len| ContextFile::File { content: Content::zeros(len), executable: false };
    let context = Context::new([("a".to_owned(), file(1000)), ("b/c".to_owned(), file(2000))]);
    let request = Request { dockerfile: text.to_owned(), context, ..Request::default() };
    build::block_on(build::build(Rc::new(request), Rc::new(catalog()), Rc::<std::cell::RefCell<Cache>>::default()))
}

/// Applies a saving's edits, builds again, and compares: the same bytes saved, or at least those.
pub fn mended(build: &Build, stage: &Stage, ledger: &Ledger, text: &str, at_least: bool) -> Result<(), String> {
    let Some(saving) = saving(build, stage, ledger, text) else { return Ok(()) };
    let mut edited = text.to_owned();
    for edit in saving.edits.iter().rev() {
        edited.replace_range(edit.span.start..edit.span.end, &edit.replacement);
    }
    let again = run(&edited);
    let Some(image) = again.image() else { return Err(format!("with its edit: {:?}\n{edited}", again.failure)) };
    if image.snapshot != stage.snapshot {
        return Err(format!("the edit changes the filesystem:\n{edited}"));
    }
    let saved = stage.size().saturating_sub(image.size());
    if saved == saving.bytes || (at_least && saved > saving.bytes) {
        Ok(())
    } else {
        Err(format!("promised {}, saved {saved}:\n{edited}", saving.bytes))
    }
}

/// The lines of one word of the little language.
fn describe(build: &Build, stage: &Stage, ledger: &Ledger, text: &str, word: &str) -> Vec<String> {
    let base = stage.base.layers;
    let own = |layer: usize| if layer < base { "base".to_owned() } else { (layer - base + 1).to_string() };
    match word {
        // `bytes live L shadowed S deleted D`, of the own layers
        "bytes" => {
            let own = &ledger.layers[base..];
            let sum = |of: fn(&layerlab::insight::ledger::LayerLedger) -> u64| own.iter().map(of).sum::<u64>();
            let (live, shadowed, deleted) = (sum(|l| l.live), sum(|l| l.shadowed), sum(|l| l.deleted));
            vec![format!("bytes live {live} shadowed {shadowed} deleted {deleted}")]
        }
        // `lost none`, `lost LAYER PATH BYTES FATE since LAYER by removing|copying, CAUSE`
        "lost" if ledger.lost.is_empty() => vec!["lost none".to_owned()],
        "lost" => ledger
            .lost
            .iter()
            .map(|copy| {
                let fate = if copy.fate == Fate::Deleted { "deleted" } else { "shadowed" };
                let by = if copy.removed { "removing" } else { "copying" };
                let (layer, since, cause) = (own(copy.layer), own(copy.since), cause(copy.cause));
                format!("lost {layer} {} {} {fate} since {since} by {by}, {cause}", copy.path, copy.bytes)
            })
            .collect(),
        // `duplicate BYTES LAYER:PATH …`
        "duplicate" => ledger
            .duplicates
            .iter()
            .map(|duplicate| {
                let copies = duplicate.copies.iter().map(|(layer, path)| format!(" {}:{path}", own(*layer)));
                format!("duplicate {}{}", duplicate.bytes, copies.collect::<String>())
            })
            .collect(),
        // `saving merge lines F-L BYTES`, `saving move from line F to T BYTES`, `saving none`
        "saving" => vec![match saving(build, stage, ledger, text) {
            None => "saving none".to_owned(),
            Some(saving) => match saving.kind {
                SavingKind::MergeRuns { first, last, .. } => {
                    format!("saving merge lines {first}-{last} {}", saving.bytes)
                }
                SavingKind::MoveRemoval { to, from } => {
                    format!("saving move from line {from} to {to} {}", saving.bytes)
                }
            },
        }],
        // `why LAYER PATH: …`
        subject if subject.starts_with("why ") => {
            let mut words = subject.split(' ').skip(1);
            let index = words.next().unwrap().parse::<usize>().unwrap() + base - 1;
            let path = AbsPath::new(words.next().unwrap());
            let layer = &stage.layers[index];
            let step = layer.step.and_then(|id| build.step(id)).unwrap();
            let entries = layer.layer.changeset.entries.iter().filter(|entry| entry.path == path);
            entries
                .map(|entry| format!("{subject}: {}", why_text(&why_entry(build, stage, step, index, entry), &own)))
                .collect()
        }
        // `look PATH: top layer's find, … -> END`
        subject if subject.starts_with("look ") => {
            let path = AbsPath::new(&subject[5..]);
            let look = lookup(stage, stage.layers.len(), &path);
            let falls: Vec<String> = look
                .falls
                .iter()
                .map(|fall| {
                    let met = match &fall.met {
                        Met::Miss => "miss".to_owned(),
                        Met::Hit(found) => format!("hit {}", found.bytes),
                        Met::Merged(_) => "merged".to_owned(),
                        Met::Whiteout(dir) => format!("whiteout {dir}"),
                        Met::Opaque(dir) => format!("opaque {dir}"),
                        Met::NotADirectory(dir) => format!("no directory {dir}"),
                        Met::Past => "past".to_owned(),
                        Met::Still(found) => format!("still {}", found.bytes),
                    };
                    format!("{} {met}", own(fall.layer))
                })
                .collect();
            let end = match look.end {
                End::Found(layer) => format!("found in {}", own(layer)),
                End::Directory(layer) => format!("directory of {}", own(layer)),
                End::Hidden(layer) => format!("hidden by {}", own(layer)),
                End::Absent => "absent".to_owned(),
            };
            vec![format!("{subject}: {} -> {end}", falls.join(", "))]
        }
        other => panic!("unknown word {other}"),
    }
}

fn cause(cause: Cause) -> String {
    match cause {
        Cause::Base => "base".to_owned(),
        Cause::Copied => "copied".to_owned(),
        Cause::Written => "written".to_owned(),
        Cause::CopiedUp(changed) => format!("copied up for {}", attributes(changed)),
    }
}

fn attributes(changed: Attributes) -> String {
    let mut words = Vec::new();
    if let Some((from, to)) = changed.mode {
        words.push(format!("mode {from:04o} to {to:04o}"));
    }
    if let Some((from, to)) = changed.owner {
        words.push(format!("owner {}:{} to {}:{}", from.0, from.1, to.0, to.1));
    }
    if changed.time {
        words.push("time".to_owned());
    }
    if words.is_empty() { "nothing".to_owned() } else { words.join(" and ") }
}

fn why_text(why: &Why, own: &dyn Fn(usize) -> String) -> String {
    let hidden = |hidden: &Hidden| {
        let copies = hidden.copies.iter().map(|copy| {
            let link = copy.link.as_ref().map(|of| format!(" link of {of}")).unwrap_or_default();
            let kept = copy.reachable_as.as_ref().map(|name| format!(" kept as {name}")).unwrap_or_default();
            format!(" {}:{} {}{link}{kept}", own(copy.layer), copy.path, copy.bytes)
        });
        let copies: Vec<String> = copies.collect();
        format!("hides {} paths, {} bytes:{}", hidden.paths, hidden.bytes, copies.join(","))
    };
    match why {
        Why::New => "new".to_owned(),
        Why::Link { of } => format!("link of {of}"),
        Why::Changed { was, from, attributes: changed } => {
            format!("changed, was {was:?} of {from} bytes, and {}", attributes(*changed))
        }
        Why::CopiedUp { attributes: changed } => format!("copied up for {}", attributes(*changed)),
        Why::Directory { attributes: changed, gained, lost } => {
            format!("directory, gained {gained}, lost {lost}, changed {}", attributes(*changed))
        }
        Why::Whiteout(what) => format!("whiteout {}", hidden(what)),
        Why::Opaque(what) => format!("opaque {}", hidden(what)),
    }
}
