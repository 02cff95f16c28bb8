//! The words for what view models say: layers, reasons, causes, fates. Lacks drawing; that is the components' work.

use super::i18n::{Arg, I18n};
use crate::view::changes::{Because, Cause, EntryWhy, Mark, StoredWhat};
use crate::view::editor::DiagnosticView;
use crate::view::layer::LayerName;
use crate::view::picture::Announcement;
use crate::view::size::human;
use crate::view::stack::{BuiltBecause, Counts, SightEnd};

/// What stands on a layer's chip: its step, or "base".
pub fn chip_text(i18n: &I18n, layer: &LayerName) -> String {
    let number = || layer.key.step.to_string();
    match (&layer.stage, layer.is_base()) {
        (_, true) => i18n.t("base"),
        (Some(stage), false) => format!("{stage} {}", number()),
        (None, false) => number(),
    }
}

/// A layer in a sentence: "layer 5", "layer build 4", "the base image".
pub fn layer(i18n: &I18n, layer: &LayerName) -> String {
    if layer.is_base() {
        i18n.t("the-base-image")
    } else {
        i18n.f("layer-named", &[("name", chip_text(i18n, layer).into())])
    }
}

/// Layers in a sentence: "layers 2, 3 and 5", "the base image and layer 3".
pub fn layers(i18n: &I18n, names: &[LayerName]) -> String {
    match names {
        [one] => layer(i18n, one),
        _ if names.iter().all(|name| !name.is_base()) => {
            let numbers: Vec<String> = names.iter().map(|name| chip_text(i18n, name)).collect();
            i18n.f("layers-named", &[("list", list(i18n, &numbers).into())])
        }
        _ => {
            let items: Vec<String> = names.iter().map(|name| layer(i18n, name)).collect();
            list(i18n, &items)
        }
    }
}

/// "a", "a and b", "a, b and c".
pub fn list(i18n: &I18n, items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => i18n.f("list-and", &[("first", first.join(", ").into()), ("last", last.as_str().into())]),
    }
}

/// Why a step was built.
pub fn built_because(i18n: &I18n, why: &BuiltBecause) -> String {
    match why {
        BuiltBecause::First => i18n.t("built-first"),
        BuiltBecause::New => i18n.t("built-new"),
        BuiltBecause::TextChanged => i18n.t("built-text"),
        BuiltBecause::VariableChanged(name) => i18n.f("built-variable", &[("name", name.as_str().into())]),
        BuiltBecause::ParentRebuilt(Some(step)) if *step > 0 => i18n.f("built-after", &[("step", (*step).into())]),
        BuiltBecause::ParentRebuilt(_) => i18n.t("built-after-base"),
        BuiltBecause::FilesChanged(path, 0) => i18n.f("built-file", &[("path", path.as_str().into())]),
        BuiltBecause::FilesChanged(path, more) => {
            i18n.f("built-files", &[("path", path.as_str().into()), ("more", (*more).into())])
        }
        BuiltBecause::BaseChanged => i18n.t("built-base"),
        BuiltBecause::Evicted => i18n.t("built-evicted"),
    }
}

/// Where a look for a path ended.
pub fn sight(i18n: &I18n, end: &SightEnd) -> String {
    match end {
        SightEnd::Found(at) => i18n.f("sight-found", &[("layer", layer(i18n, at).into())]),
        SightEnd::Hidden(by) => i18n.f("sight-hidden", &[("layer", layer(i18n, by).into())]),
        SightEnd::HiddenByOpaque(by) => i18n.f("sight-opaque", &[("layer", layer(i18n, by).into())]),
        SightEnd::Absent => i18n.t("sight-absent"),
    }
}

/// Why a layer stores a copy.
pub fn cause(i18n: &I18n, cause: &Cause) -> String {
    match cause {
        Cause::Written(command) => i18n.f("cause-written", &[("command", command.as_str().into())]),
        Cause::CopiedUp(command) => i18n.f("cause-copied-up", &[("command", command.as_str().into())]),
        Cause::Copied(keyword) => i18n.f("cause-copied", &[("keyword", keyword.as_str().into())]),
        Cause::Base => i18n.t("cause-base"),
    }
}

/// The same with the line that did it.
pub fn cause_with_line(i18n: &I18n, why: &Cause, line: Option<u32>) -> String {
    let cause = cause(i18n, why);
    match line {
        Some(line) => i18n.f("cause-line", &[("cause", cause.into()), ("line", line.into())]),
        None => cause,
    }
}

/// What a mark's letter means.
pub fn mark(i18n: &I18n, mark: Mark) -> String {
    match mark {
        Mark::Added => i18n.t("mark-added"),
        Mark::Changed => i18n.t("mark-changed"),
        Mark::Deleted => i18n.t("mark-deleted"),
        Mark::StoredAgain => i18n.t("mark-stored-again"),
    }
}

/// Why a path is listed.
pub fn entry_why(i18n: &I18n, why: &EntryWhy) -> String {
    match why {
        EntryWhy::GainedName => i18n.t("why-gained"),
        EntryWhy::LostName => i18n.t("why-lost"),
        EntryWhy::ChangedBelow => i18n.t("why-below"),
        EntryWhy::Mode { from, to } => {
            i18n.f("why-mode", &[("from", format!("{from:04o}").into()), ("to", format!("{to:04o}").into())])
        }
        EntryWhy::Owner { from, to } => i18n.f(
            "why-owner",
            &[("from", format!("{}:{}", from.0, from.1).into()), ("to", format!("{}:{}", to.0, to.1).into())],
        ),
        EntryWhy::Content => i18n.t("why-content"),
        EntryWhy::Time => i18n.t("why-time"),
        EntryWhy::CopiedUpUnchanged => i18n.t("why-again"),
        EntryWhy::Opaque => i18n.t("why-opaque"),
        EntryWhy::LinkTo(target) => i18n.f("why-link", &[("target", target.as_str().into())]),
    }
}

/// What a tar entry is.
pub fn stored(i18n: &I18n, what: &StoredWhat) -> String {
    match what {
        StoredWhat::Dir => i18n.t("stored-dir"),
        StoredWhat::File(bytes) => i18n.f("stored-file", &[("size", human(*bytes).into())]),
        StoredWhat::Symlink(target) => i18n.f("stored-symlink", &[("target", target.as_str().into())]),
        StoredWhat::Hardlink(target) => i18n.f("stored-hardlink", &[("target", target.as_str().into())]),
        StoredWhat::Whiteout => i18n.t("stored-whiteout"),
        StoredWhat::Opaque => i18n.t("stored-opaque"),
        StoredWhat::Other => i18n.t("kind-other"),
    }
}

/// The key and arguments of a panel's bold sentence; its evidence has the same key with `-evidence`.
pub fn because(i18n: &I18n, because: &Because) -> (&'static str, &'static str, Vec<(&'static str, Arg)>) {
    match because {
        Because::FreedNothing { command, path, more, layer: own, ship, bytes } => (
            "because-freed-nothing",
            "because-freed-nothing-evidence",
            vec![
                ("command", command.as_str().into()),
                ("path", path.as_str().into()),
                ("more", (*more).into()),
                ("layer", capital(&layer(i18n, own)).into()),
                ("ship", layers(i18n, ship).into()),
                ("count", (ship.len() as u64).into()),
                ("size", human(*bytes).into()),
            ],
        ),
        Because::CopiedUp { command, files, bytes, unchanged } => (
            "because-copied-up",
            "because-copied-up-evidence",
            vec![
                ("command", command.as_str().into()),
                ("files", (*files).into()),
                ("size", human(*bytes).into()),
                ("unchanged", (*unchanged).into()),
            ],
        ),
        Because::Wrote { added, size } => {
            ("because-wrote", "because-wrote-evidence", vec![("added", (*added).into()), ("size", size.text().into())])
        }
        Because::OnlyNames { added } => {
            ("because-only-names", "because-only-names-evidence", vec![("added", (*added).into())])
        }
        Because::EmptyLayer { kind } => (
            "because-empty-layer",
            "because-empty-layer-evidence",
            vec![("keyword", kind.name().to_ascii_uppercase().into())],
        ),
        Because::Metadata { keyword } => {
            ("because-metadata", "because-metadata-evidence", vec![("keyword", keyword.as_str().into())])
        }
        Because::Base { name, layers, entries, size } => (
            "because-base",
            "because-base-evidence",
            vec![
                ("name", name.as_str().into()),
                ("layers", (*layers).into()),
                ("entries", (*entries).into()),
                ("size", size.text().into()),
            ],
        ),
        Because::Scratch => ("because-scratch", "because-scratch-evidence", vec![]),
        Because::CopiedAcross { stage, of, taken } => (
            "because-copied-across",
            "because-copied-across-evidence",
            vec![("stage", stage.as_str().into()), ("of", human(*of).into()), ("taken", human(*taken).into())],
        ),
        Because::Failed { exit_code: Some(_), not_run } => {
            ("because-failed-run", "because-failed-run-evidence", vec![("n", (*not_run).into())])
        }
        Because::Failed { exit_code: None, not_run } => {
            ("because-failed", "because-failed-evidence", vec![("n", (*not_run).into())])
        }
        Because::NotRun { failed: Some(step) } => {
            ("because-not-run", "because-not-run-evidence", vec![("step", (*step).into())])
        }
        Because::NotRun { failed: None } => ("because-not-needed", "because-not-needed-evidence", vec![]),
        Because::NotSimulated { command } => {
            ("because-not-simulated", "because-not-simulated-evidence", vec![("command", command.as_str().into())])
        }
    }
}

/// Does a panel's sentence tell of something that went wrong?
pub fn is_bad(because: &Because) -> bool {
    matches!(because, Because::Failed { .. } | Because::NotRun { failed: Some(_) })
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A layer in a sentence: "Layer 3 adds 2 files, hides 1, plus 4.1MB."
fn layer_said(i18n: &I18n, step: u32, counts: &Counts, bytes: u64) -> String {
    let n = |n: u32| [("n", n.into())];
    let all = [
        (counts.added, i18n.f("said-adds", &n(counts.added))),
        (counts.changed, i18n.f("said-changes", &n(counts.changed))),
        (counts.deleted, i18n.f("said-hides", &n(counts.deleted))),
    ];
    let mut parts: Vec<String> = all.into_iter().filter(|(n, _)| *n > 0).map(|(_, said)| said).collect();
    if parts.is_empty() {
        parts.push(i18n.t("said-nothing"));
    }
    let said = parts.join(", ");
    i18n.f("said-layer", &[("step", step.into()), ("said", said.into()), ("size", human(bytes).into())])
}

/// What the live region says of a build.
pub fn announcement(i18n: &I18n, said: &Announcement) -> String {
    match said {
        Announcement::Built { bytes, layers, wasted, rebuilt } => {
            let built = i18n.f(
                "said-built",
                &[("size", human(*bytes).into()), ("layers", (*layers).into()), ("wasted", human(*wasted).into())],
            );
            let Some((step, counts, bytes)) = rebuilt else { return built };
            format!("{built} {}", layer_said(i18n, *step, counts, *bytes))
        }
        Announcement::Step { step, counts, bytes } => layer_said(i18n, *step, counts, *bytes),
        Announcement::Failed { step, line } => {
            i18n.f("said-failed", &[("step", (*step).into()), ("line", (*line).into())])
        }
    }
}

/// A diagnostic in the reader's language, by its code, code between backticks; Docker's own words where there is no
/// such message.
pub fn diagnostic(i18n: &I18n, diagnostic: &DiagnosticView) -> String {
    let key = format!("diagnostic-{}", diagnostic.code);
    if !i18n.has(&key) {
        return diagnostic.message.clone();
    }
    let mut args: Vec<(&str, Arg)> =
        diagnostic.arguments.iter().map(|(name, value)| (name.as_str(), value.as_str().into())).collect();
    args.push(("message", diagnostic.message.as_str().into()));
    let said = i18n.marked(&key, &args);
    match diagnostic.arguments.get("suggestion").filter(|suggestion| !suggestion.is_empty()) {
        Some(suggestion) => {
            let asked = i18n.marked("did-you-mean", &[("suggestion", suggestion.as_str().into())]);
            format!("{said} {asked}")
        }
        None => said,
    }
}
