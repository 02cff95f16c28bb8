//! The small parts that every pane uses: icon, chip, mark, counts, instruction, swatch.

use crate::app::i18n::I18n;
use crate::app::words;
use crate::view::changes::{Because, FileKind, Mark};
use crate::view::layer::{ChipLook, InstructionText, Kind, LayerName};
use crate::view::stack::{Counts, Fate};
use yew::prelude::*;

/// An icon of the sprite in index.html.
pub fn icon(name: &str) -> Html {
    html! { <svg class="icon" aria-hidden="true"><use href={format!("#i-{name}")} /></svg> }
}

/// An icon that is turned when what it stands for is open.
pub fn chevron(open: bool) -> Html {
    html! { <svg class={classes!("icon", open.then_some("open"))} aria-hidden="true"><use href="#i-chevron" /></svg> }
}

/// The class of a kind.
pub fn kind_class(kind: Kind) -> String {
    format!("k-{}", kind.name())
}

/// A layer's chip: icon and step number, the same everywhere.
pub fn layer_chip(i18n: &I18n, layer: &LayerName) -> Html {
    let class = classes!("chip", kind_class(layer.kind), (!layer.in_image).then_some("hollow"));
    html! {
        <span {class}>
            { icon(layer.kind.name()) }
            if !layer.is_base() {
                <span class="vh">{ i18n.t("layer-word") }{ " " }</span>
            }
            { words::chip_text(i18n, layer) }
        </span>
    }
}

/// A layer's chip in a long list, where the base's stays plain so that one's own stand out.
pub fn plain_chip(i18n: &I18n, layer: &LayerName) -> Html {
    if !layer.is_base() {
        return layer_chip(i18n, layer);
    }
    html! { <span class="chip k-from plain">{ icon("from") }{ i18n.t("base") }</span> }
}

/// A step's chip.
pub fn step_chip(i18n: &I18n, kind: Kind, look: ChipLook, step: u32, big: bool) -> Html {
    let class = match look {
        ChipLook::Filled => classes!("chip", kind_class(kind)),
        ChipLook::Hollow => classes!("chip", kind_class(kind), "hollow"),
        ChipLook::Broken => classes!("chip", "broken"),
        ChipLook::NotRun => classes!("chip", "notrun"),
    };
    let icon = match look {
        ChipLook::Broken => icon("x"),
        ChipLook::NotRun => Html::default(),
        _ => icon(kind.name()),
    };
    html! {
        <span class={classes!(class, big.then_some("big"))}>
            { icon }
            if kind == Kind::From {
                { i18n.t("base") }
            } else {
                <span class="vh">{ i18n.t("step-word") }{ " " }</span>
                { step }
            }
        </span>
    }
}

/// An instruction on one line, cut in the middle so that its last path stays.
pub fn instruction(text: &InstructionText, kind: Option<Kind>) -> Html {
    html! {
        <code class={classes!("instr", kind.map(kind_class))} title={format!("{} {}", text.keyword, text.arguments())}>
            <b>{ &text.keyword }</b>
            { " " }
            <span class="head">{ &text.head }</span>
            if let Some(tail) = &text.tail {
                <span class="tail">{ tail }</span>
            }
        </code>
    }
}

fn count(class: &'static str, letter: &'static str, number: u32, words: String) -> Html {
    if number == 0 {
        return Html::default();
    }
    html! {
        <span class={classes!("count", class)} title={words.clone()}>
            <b aria-hidden="true">{ letter }</b>
            <span aria-hidden="true">{ number }</span>
            <span class="vh">{ words }</span>
        </span>
    }
}

/// A, C and D with their numbers, and what is stored again without a change.
pub fn counts(i18n: &I18n, counts: &Counts) -> Html {
    let n = |number: u32| [("n", number.into())];
    html! {
        <>
            { count("added", "A", counts.added, i18n.f("count-added", &n(counts.added))) }
            { count("changed", "C", counts.changed, i18n.f("count-changed", &n(counts.changed))) }
            { count("deleted", "D", counts.deleted, i18n.f("count-deleted", &n(counts.deleted))) }
            if counts.stored_again > 0 {
                <span class="count again" title={i18n.f("count-again", &n(counts.stored_again))}>
                    { i18n.f("stored-again-n", &n(counts.stored_again)) }
                </span>
            }
        </>
    }
}

/// The letter of a change, with its meaning for those who do not see it.
pub fn mark(i18n: &I18n, mark: Mark) -> Html {
    let (class, letter) = match mark {
        Mark::Added => ("added", "A"),
        Mark::Changed => ("changed", "C"),
        Mark::Deleted => ("deleted", "D"),
        Mark::StoredAgain => ("again", "="),
    };
    html! {
        <>
            <b class={classes!("mark", class)} aria-hidden="true">{ letter }</b>
            <span class="vh">{ words::mark(i18n, mark) }{ ": " }</span>
        </>
    }
}

/// The icon of a kind of file.
pub fn file_icon(kind: FileKind) -> Html {
    match kind {
        FileKind::Dir => icon("dir"),
        FileKind::Symlink | FileKind::Hardlink => icon("link"),
        FileKind::File | FileKind::Other => icon("file"),
    }
}

/// The sentence that opens a panel, and its evidence.
pub fn because(i18n: &I18n, why: &Because) -> Html {
    let (head, evidence, args) = words::because(i18n, why);
    html! {
        <p class={classes!("because", words::is_bad(why).then_some("bad"))}>
            <b>{ i18n.rich(head, &args) }</b>
            { " " }
            <span>{ i18n.rich(evidence, &args) }</span>
        </p>
    }
}

/// A small square of a fate's pattern.
pub fn swatch(class: &'static str, fate: Option<Fate>) -> Html {
    html! {
        <svg class="swatch" aria-hidden="true" width="12" height="12">
            <rect width="12" height="12" class={classes!("fate", class)} />
            if let Some(pattern) = fate.and_then(pattern) {
                <rect width="12" height="12" fill={pattern} />
            }
        </svg>
    }
}

/// The SVG pattern of a fate; none for what is drawn solid.
pub fn pattern(fate: Fate) -> Option<&'static str> {
    match fate {
        Fate::Shadowed => Some("url(#p-shadowed)"),
        Fate::Deleted => Some("url(#p-deleted)"),
        _ => None,
    }
}
