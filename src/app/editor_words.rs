//! What the editor says, worded: diagnostics, the gutter, replies to its questions, and CodeMirror's own words.

use super::editor::{EditorReply, Note};
use super::i18n::{Arg, I18n};
use super::words;
use crate::view::assist::{CompletionWhat, Explanation, Reply};
use crate::view::editor::{DiagnosticView, GutterMark};
use crate::view::size::human;
use crate::view::state::Language;
use yew::AttrValue;

/// A diagnostic, worded for the editor. Docker's own words stay beside a translation, so that they can be searched for.
pub fn note(i18n: &I18n, diagnostic: &DiagnosticView) -> Note {
    let (title, text) = match diagnostic.exit_code {
        Some(code) => {
            (i18n.f("exit-code-sentence", &[("code", code.to_string().into())]), format!("`{}`", diagnostic.message))
        }
        None => {
            let title = words::diagnostic(i18n, diagnostic);
            let translated = i18n.language() != Language::En && title != diagnostic.message;
            (title, if translated { format!("`{}`", diagnostic.message) } else { String::new() })
        }
    };
    let action = diagnostic.edit.as_ref().map(|edit| {
        let replacement = edit.replacement.trim();
        if replacement.is_empty() {
            i18n.t("mend-remove")
        } else if replacement.len() <= 24 && !replacement.contains('\n') {
            i18n.f("mend-change", &[("text", replacement.into())])
        } else {
            i18n.t("mend")
        }
    });
    Note {
        span: diagnostic.span,
        line: diagnostic.line,
        severity: diagnostic.severity,
        title: title.into(),
        text: text.into(),
        action: action.map(Into::into),
    }
}

/// CodeMirror's own words, and what they are called here.
pub fn phrases(i18n: &I18n) -> Vec<(AttrValue, AttrValue)> {
    [
        ("Find", i18n.t("cm-find")),
        ("Replace", i18n.t("cm-replace")),
        ("next", i18n.t("cm-next")),
        ("previous", i18n.t("cm-previous")),
        ("all", i18n.t("cm-all")),
        ("match case", i18n.t("cm-match-case")),
        ("regexp", i18n.t("cm-regexp")),
        ("by word", i18n.t("cm-by-word")),
        ("replace", i18n.t("cm-replace-one")),
        ("replace all", i18n.t("cm-replace-all")),
        ("close", i18n.t("cm-close")),
        ("Go to line", i18n.t("cm-go-to-line")),
        ("go", i18n.t("cm-go")),
        ("Completions", i18n.t("cm-completions")),
        ("Fold line", i18n.t("cm-fold")),
        ("Unfold line", i18n.t("cm-unfold")),
        ("unfold", i18n.t("cm-unfold")),
        ("folded code", i18n.t("cm-folded")),
        ("Diagnostics", i18n.t("cm-diagnostics")),
        ("No diagnostics", i18n.t("cm-no-diagnostics")),
    ]
    .into_iter()
    .map(|(theirs, ours)| (theirs.into(), ours.into()))
    .collect()
}

/// What an instruction's chip and figures in the gutter say.
pub fn mark(i18n: &I18n, mark: &GutterMark) -> AttrValue {
    let name = match mark.key {
        Some(key) if key.is_base() => i18n.t("base-image"),
        Some(key) => i18n.f("step-named", &[("step", key.step.into())]),
        None => return AttrValue::default(),
    };
    let cache = mark.cached.map(|cached| if cached { "CACHED" } else { "BUILT" }.to_owned());
    let parts = [Some(name), mark.size.map(|size| size.text()).or_else(|| Some(i18n.t("no-layer"))), cache];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ").into()
}

/// The reply to a question of the editor.
pub fn reply(i18n: &I18n, reply: &Reply) -> EditorReply {
    match reply {
        Reply::Nothing => EditorReply::Nothing,
        Reply::Completions(from, ways) => {
            let ways = ways.iter().map(|way| {
                let (class, about) = completion(i18n, &way.text, way.what);
                (AttrValue::from(way.text.clone()), class, AttrValue::from(about))
            });
            EditorReply::Completions(*from, ways.collect())
        }
        Reply::Explanation(from, to, about) => {
            let (title, text) = explanation(i18n, about);
            EditorReply::Explanation(*from, *to, title.into(), text.into())
        }
    }
}

fn completion(i18n: &I18n, text: &str, what: CompletionWhat) -> (&'static str, String) {
    match what {
        CompletionWhat::Instruction(true) => ("keyword", i18n.t("makes-a-layer")),
        CompletionWhat::Instruction(false) => ("keyword", i18n.t("makes-no-layer")),
        CompletionWhat::Keyword => ("keyword", String::new()),
        CompletionWhat::Flag => ("property", i18n.t(&format!("flag-{}", text.trim_start_matches('-')))),
        CompletionWhat::Stage => ("class", i18n.t("a-stage")),
        CompletionWhat::Image => ("type", i18n.t("an-image")),
        CompletionWhat::File => ("text", i18n.t("a-file")),
        CompletionWhat::Dir => ("text", i18n.t("stored-dir")),
        CompletionWhat::Variable => ("variable", i18n.t("a-variable")),
        CompletionWhat::Command => ("function", i18n.t("a-command")),
    }
}

fn explanation(i18n: &I18n, about: &Explanation) -> (String, String) {
    match about {
        Explanation::Instruction { name, layer, made } => {
            let rule = if *layer { "layer-rule-one" } else { "layer-rule-none" };
            let rule =
                if matches!(name.as_str(), "FROM" | "ONBUILD" | "WORKDIR") { String::new() } else { i18n.t(rule) };
            let here = made.as_ref().map(|(key, size, counts)| {
                if key.is_base() {
                    return i18n.f("here-base", &[("size", size.text().into())]);
                }
                let args: [(&str, Arg); 5] = [
                    ("step", key.step.into()),
                    ("size", size.text().into()),
                    ("added", counts.added.into()),
                    ("changed", counts.changed.into()),
                    ("deleted", counts.deleted.into()),
                ];
                i18n.f("here-step", &args)
            });
            let about = i18n.marked(&format!("about-{name}"), &[]);
            (name.clone(), [about, rule, here.unwrap_or_default()].join("\n"))
        }
        Explanation::Flag { instruction, name } => {
            let key = format!("flag-{name}");
            let about = if i18n.has(&key) { i18n.t(&key) } else { String::new() };
            (format!("{instruction} --{name}"), about)
        }
        Explanation::Image { name, layers, size } => {
            let args = [("layers", (*layers).into()), ("size", human(size.bytes).into())];
            (name.clone(), i18n.f("about-image", &args))
        }
        Explanation::Stage { name, size } => {
            let size = size.map_or_else(String::new, |size| size.text());
            (i18n.f("stage-named", &[("name", name.as_str().into())]), size)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dockerfile::instruction::INSTRUCTIONS;

    #[test]
    fn every_instruction_and_flag_is_explained_in_both_languages() {
        for i18n in [I18n::new(Language::En), I18n::new(Language::Ko)] {
            for spec in INSTRUCTIONS {
                assert!(i18n.has(&format!("about-{}", spec.name)), "{}", spec.name);
                for flag in spec.flags {
                    assert!(i18n.has(&format!("flag-{}", flag.name)), "{} --{}", spec.name, flag.name);
                }
            }
        }
    }
}
