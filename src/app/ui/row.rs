//! One row of the stack: a slab, an empty layer's rule, a failed step, a step that did not run.

use super::Dispatch;
use super::parts::{counts, icon, instruction, kind_class, step_chip};
use crate::app::i18n::{I18n, use_i18n};
use crate::app::words;
use crate::view::layer::{ChipLook, Kind};
use crate::view::size::MAX_THICK;
use crate::view::stack::{
    Badge, CacheView, Cell, CellWhat, DigestView, FailedBody, Fate, LayerBody, Rail, RowBody, RowView,
};
use crate::view::state::Action;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Row`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct RowProps {
    /// What it shows.
    pub row: Rc<RowView>,
    /// Is it the selected step?
    pub selected: bool,
    /// Its level in the tree.
    pub level: u8,
    /// It is new in a stack that was there before, so it may settle from above.
    pub fresh: bool,
    /// Is there a rail beside the stack?
    pub rails: bool,
    /// It comes after the step that the slider is at: an outline.
    pub ahead: bool,
    /// A row without a layer is drawn as the layer that it was before Docker 1.10.
    pub as_then: bool,
    /// Takes actions.
    pub dispatch: Dispatch,
}

/// A row of the stack.
#[component]
pub fn Row(props: &RowProps) -> Html {
    let i18n = use_i18n();
    // As it was when the row came: the class must not go before its motion ends.
    let fresh = *use_memo((), |()| props.fresh);
    let row = &*props.row;
    let key = row.key;
    let onclick = {
        let dispatch = props.dispatch.clone();
        use_callback(key, move |_: MouseEvent, key| dispatch.dispatch(Action::Select(*key)))
    };
    let (class, thick, inner) = match &row.body {
        RowBody::Layer(layer) => {
            let unknown = matches!(layer.badge, Some(Badge::NotSimulated(_)));
            (unknown.then_some("unknown"), Some(layer.thick.min(MAX_THICK)), slab(&i18n, row, layer, props))
        }
        RowBody::Empty if props.as_then => (Some("then"), Some(0), then_slab(&i18n, row)),
        RowBody::Empty => (Some("empty"), None, rule(&i18n, row, ChipLook::Hollow, i18n.t("metadata-0b"))),
        RowBody::Failed(failed) => (Some("failed"), None, failed_slab(&i18n, row, failed)),
        RowBody::NotRun => (Some("later"), None, rule(&i18n, row, ChipLook::NotRun, i18n.t("not-run"))),
    };
    html! {
        <div
            class={classes!("row", class, fresh.then_some("is-new"), props.ahead.then_some("ahead"))}
            role="treeitem"
            aria-level={props.level.to_string()}
            aria-selected={props.selected.to_string()}
            tabindex={if props.selected { "0" } else { "-1" }}
            data-step={key.step.to_string()}
            data-key={format!("{}-{}", key.stage, key.step)}
            data-thick={thick.map(|thick| thick.to_string())}
            {onclick}
        >
            { inner }
            if props.rails {
                { rail(row.rail) }
            }
        </div>
    }
}

/// The rail beside a row; its words stand in the line above the stack.
pub fn rail(rail: Rail) -> Html {
    html! { <span class="rail" data-rail={rail.name()} aria-hidden="true"></span> }
}

fn rule(i18n: &I18n, row: &RowView, look: ChipLook, note: String) -> Html {
    let kind = (look != ChipLook::NotRun).then_some(row.kind);
    html! {
        <span class="rule">
            { step_chip(i18n, row.kind, look, row.key.step, false) }
            { instruction(&row.text, kind) }
            <i class="leader"></i>
            <span class="rule-note">{ note }</span>
        </span>
    }
}

fn spine(i18n: &I18n, step: u32, icon_name: &str) -> Html {
    html! {
        <span class="spine"><span class="vh">{ i18n.t("step-word") }{ " " }</span><b>{ step }</b>{ icon(icon_name) }</span>
    }
}

fn slab(i18n: &I18n, row: &RowView, layer: &LayerBody, props: &RowProps) -> Html {
    let size = match layer.badge {
        Some(Badge::NotSimulated(_)) if layer.size.bytes == 0 => "?".to_owned(),
        _ => layer.size.text(),
    };
    html! {
        <span class={classes!("slab", kind_class(row.kind))}>
            { spine(i18n, row.key.step, row.kind.name()) }
            { instruction(&row.text, Some(row.kind)) }
            <span class="size">{ size }</span>
            { meta(i18n, layer) }
            { edge(i18n, layer, &props.dispatch) }
        </span>
    }
}

fn then_slab(i18n: &I18n, row: &RowView) -> Html {
    html! {
        <span class={classes!("slab", kind_class(row.kind))}>
            { spine(i18n, row.key.step, row.kind.name()) }
            { instruction(&row.text, Some(row.kind)) }
            <span class="size">{ "0B" }</span>
            <span class="meta"><span class="why">{ i18n.t("then-layer") }</span></span>
        </span>
    }
}

fn meta(i18n: &I18n, layer: &LayerBody) -> Html {
    let badge = match &layer.badge {
        None => Html::default(),
        Some(Badge::Modelled(commands)) => html! {
            <span class="badge modelled" title={commands.join(", ")}>{ icon("approx") }{ i18n.t("modelled") }</span>
        },
        Some(Badge::NotSimulated(commands)) => html! {
            <>
                <span class="badge unknown">{ icon("unknown") }{ i18n.t("not-simulated") }</span>
                <span class="why">{ commands.first() }</span>
            </>
        },
    };
    let cache = match &layer.cache {
        CacheView::Cached => html! { <span class="badge">{ icon("cached") }{ "CACHED" }</span> },
        CacheView::Built(why) => html! {
            <>
                <span class="badge built">{ icon("built") }{ "BUILT" }</span>
                <span class="why">{ words::built_because(i18n, why) }</span>
            </>
        },
    };
    let digest = match &layer.digest {
        DigestView::Known(digest) => html! { <code class="digest">{ digest }</code> },
        DigestView::Pending => html! { <code class="digest" aria-hidden="true">{ "········" }</code> },
        DigestView::NotComputed => Html::default(),
    };
    html! {
        <span class="meta">
            { badge }
            { cache }
            { counts(i18n, &layer.counts) }
            if layer.copied_up > 0 {
                <span class="note">
                    { icon("copyup") }
                    <span>{ i18n.f("copied-up", &[("n", layer.copied_up.into())]) }</span>
                </span>
            }
            if let Some(image) = layer.also_in {
                <span class="also">
                    { icon("shared") }<span>{ i18n.f("also-in", &[("image", image.into())]) }</span>
                </span>
            }
            { digest }
        </span>
    }
}

fn edge(i18n: &I18n, layer: &LayerBody, dispatch: &Dispatch) -> Html {
    if layer.cells.is_empty() {
        return Html::default();
    }
    html! { <span class="edge">{ for layer.cells.iter().map(|cell| cell_html(i18n, cell, dispatch)) }</span> }
}

fn cell_html(i18n: &I18n, cell: &Cell, dispatch: &Dispatch) -> Html {
    let (class, said) = match cell.fate {
        Fate::Live => ("live", None),
        Fate::Shadowed => ("shadowed", Some(i18n.t("cell-shadowed"))),
        Fate::Deleted => ("deleted", Some(i18n.t("cell-deleted"))),
        Fate::Lid => ("lid", Some(i18n.t("cell-lid"))),
        Fate::Opaque => ("lid", Some(i18n.t("cell-opaque"))),
    };
    let marked = match (cell.selected, cell.fate) {
        (false, _) => None,
        (true, Fate::Live) => Some("is-found"),
        (true, Fate::Deleted | Fate::Shadowed) => Some("is-marked"),
        (true, _) => None,
    };
    let size = match cell.fate {
        Fate::Lid => i18n.t("whiteout"),
        Fate::Opaque => i18n.t("opaque"),
        _ => cell.size.text(),
    };
    let (name, onclick) = match &cell.what {
        CellWhat::Path(path) => {
            let (dispatch, target) = (dispatch.clone(), path.clone());
            let onclick = Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::SelectPath(target.clone())));
            (path.to_string(), Some(onclick))
        }
        CellWhat::Entries(n) => (i18n.f("entries", &[("n", (*n).into())]), None),
    };
    let lid = matches!(cell.fate, Fate::Lid | Fate::Opaque);
    html! {
        <span
            class={classes!("cell", class, (cell.fate == Fate::Opaque).then_some("opaque"), marked)}
            data-lane={cell.lane.unwrap_or(1).to_string()}
            data-span={cell.lane.is_none().then_some("9")}
            title={format!("{name} · {size}")}
            {onclick}
        >
            if cell.labelled {
                <span class="cell-name">
                    if lid {
                        { icon("ghost") }
                    }
                    if let Some(said) = said {
                        <span class="vh">{ said }{ " " }</span>
                    }
                    <span class="cell-path">{ name }</span>
                </span>
                <span class="cell-size">{ size }</span>
            }
        </span>
    }
}

fn failed_slab(i18n: &I18n, row: &RowView, failed: &FailedBody) -> Html {
    let kind = if row.kind == Kind::Meta { None } else { Some(row.kind) };
    html! {
        <span class="slab k-failed">
            { spine(i18n, row.key.step, "x") }
            { instruction(&row.text, kind) }
            <span class="size">{ i18n.t("no-layer") }</span>
            <span class="meta">
                if let Some(code) = failed.exit_code {
                    <span class="badge failed">{ i18n.f("exit-code", &[("code", code.to_string().into())]) }</span>
                } else {
                    <span class="badge failed">{ i18n.t("failed") }</span>
                }
                <span class="why">{ i18n.t("build-stops-here") }</span>
            </span>
            <code class="slab-error">{ &failed.message }</code>
        </span>
    }
}
