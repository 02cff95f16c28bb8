//! The ledger bar: the image's size, live and wasted over one bar, the key, the one best saving; or why there is no image.

use super::Dispatch;
use super::parts::{icon, pattern, swatch};
use crate::app::i18n::{I18n, use_i18n};
use crate::app::words;
use crate::view::ledger::{FailedLedger, ImageLedger, LedgerView, SavingKind, Segment, SegmentFate};
use crate::view::panel::Tab;
use crate::view::size::human;
use crate::view::stack::Fate;
use crate::view::state::{Action, Pane};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Ledger`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct LedgerProps {
    /// What it shows; none before the first build, and where there is nothing to build.
    pub ledger: Option<Rc<LedgerView>>,
    /// It shows the last good build.
    pub stale: bool,
    /// It shows the image as it was after the slider's step.
    pub so_far: bool,
    /// Takes actions.
    pub dispatch: Dispatch,
}

/// The ledger bar.
#[component]
pub fn Ledger(props: &LedgerProps) -> Html {
    let i18n = use_i18n();
    let stale = props.stale.then_some("is-stale");
    match props.ledger.as_deref() {
        None => html! {
            <section class="ledger" aria-label={i18n.t("ledger")}>
                <p class="ledger-size"><strong>{ "0B" }</strong><span>{ i18n.t("no-image-yet") }</span></p>
            </section>
        },
        Some(LedgerView::Image(ledger)) => html! {
            <section class={classes!("ledger", stale)} aria-label={i18n.t("ledger")}>
                { image(&i18n, ledger, props) }
            </section>
        },
        Some(LedgerView::Failed(ledger)) => html! {
            <section class={classes!("ledger", "failed", stale)} aria-label={i18n.t("ledger")}>
                { failed(&i18n, ledger, &props.dispatch) }
            </section>
        },
    }
}

fn image(i18n: &I18n, ledger: &ImageLedger, props: &LedgerProps) -> Html {
    let layers = i18n.f("layers-count", &[("n", ledger.layers.into())]);
    let from = match &ledger.base_name {
        _ if props.so_far => i18n.f("ledger-so-far", &[("layers", layers.into())]),
        Some(name) if ledger.base_layers > 0 => i18n.f(
            "ledger-size-from",
            &[("layers", layers.into()), ("n", ledger.base_layers.into()), ("base", name.as_str().into())],
        ),
        _ => i18n.f("ledger-size", &[("layers", layers.into())]),
    };
    html! {
        <>
            <p class="ledger-size"><strong>{ ledger.size.text() }</strong><span>{ from }</span></p>
            <div class="ledger-figure">
                { brackets(i18n, ledger) }
                { bar(ledger.segments.iter().collect(), Some(labels(i18n, ledger)), "1.25rem", said(i18n, ledger)) }
                { key(i18n, ledger) }
            </div>
            if !props.so_far {
                { saving(i18n, ledger, &props.dispatch) }
            }
        </>
    }
}

fn total(segments: &[&Segment]) -> u64 {
    segments.iter().map(|segment| segment.bytes).sum::<u64>().max(1)
}

fn share(bytes: u64, total: u64) -> f64 {
    bytes as f64 * 100.0 / total as f64
}

fn percent(share: f64) -> String {
    format!("{share:.2}%")
}

/// The bracket above the bar: what is live, and what is not.
fn brackets(i18n: &I18n, ledger: &ImageLedger) -> Html {
    let total = total(&ledger.segments.iter().collect::<Vec<_>>());
    let live = share(ledger.base + ledger.own, total);
    let wasted = share(ledger.wasted(), total);
    let behind = share(ledger.left_behind.unwrap_or(0), total);
    let size = |bytes| [("size", human(bytes).into())];
    let mut parts = vec![(0.0, live, i18n.f("bracket-live", &[("size", ledger.live.text().into())]))];
    if wasted > 0.0 {
        parts.push((live, wasted, i18n.f("bracket-wasted", &size(ledger.wasted()))));
    }
    if behind > 0.0 {
        parts.push((live + wasted, behind, i18n.f("bracket-behind", &size(ledger.left_behind.unwrap_or(0)))));
    }
    let drawn = parts.into_iter().filter(|(_, width, _)| *width > 0.2).map(|(start, width, text)| {
        let (x1, x2) = (start + 0.1, start + width - 0.1);
        // A label wider than its bracket leans on the bar's nearer end.
        let (x, class) = match width {
            w if w >= 16.0 => (start + w / 2.0, None),
            _ if start + width > 50.0 => (start + width, Some("end")),
            _ => (start, Some("start")),
        };
        html! {
            <>
                <line x1={percent(x1)} x2={percent(x2)} y1="50%" y2="50%" />
                <line x1={percent(x1)} x2={percent(x1)} y1="28%" y2="72%" />
                <line x1={percent(x2)} x2={percent(x2)} y1="28%" y2="72%" />
                <text x={percent(x)} y="0.875rem" {class}>{ text }</text>
            </>
        }
    });
    html! { <svg class="bracket" width="100%" height="1.125rem" aria-hidden="true">{ for drawn }</svg> }
}

fn fate_class(fate: SegmentFate) -> Classes {
    match fate {
        SegmentFate::Base => classes!("fate", "from"),
        SegmentFate::Own(kind) => classes!("fate", "own", format!("k-{}", kind.name())),
        SegmentFate::Shadowed => classes!("fate", "shadowed"),
        SegmentFate::Deleted => classes!("fate", "deleted"),
        SegmentFate::Behind => classes!("fate", "behind"),
    }
}

fn hatch(fate: SegmentFate) -> Option<&'static str> {
    match fate {
        SegmentFate::Shadowed => pattern(Fate::Shadowed),
        SegmentFate::Deleted => pattern(Fate::Deleted),
        _ => None,
    }
}

fn labels(i18n: &I18n, ledger: &ImageLedger) -> Vec<String> {
    ledger
        .segments
        .iter()
        .map(|segment| match (segment.fate, &segment.stage) {
            (SegmentFate::Base, _) => ledger.base_name.clone().unwrap_or_default(),
            (SegmentFate::Behind, Some(stage)) => i18n.f("stage-named", &[("name", stage.as_str().into())]),
            _ => words::layers(i18n, &segment.layers),
        })
        .collect()
}

/// A bar of segments; labels only where they fit.
pub fn bar(segments: Vec<&Segment>, labels: Option<Vec<String>>, height: &'static str, said: String) -> Html {
    let total = total(&segments);
    let mut x = 0.0;
    let mut drawn = Vec::new();
    let mut texts = Vec::new();
    for (i, segment) in segments.iter().enumerate() {
        let width = share(segment.bytes, total);
        drawn.push(html! {
            <>
                <rect x={percent(x)} width={percent(width)} height="100%" class={fate_class(segment.fate)} />
                if let Some(fill) = hatch(segment.fate) {
                    <rect x={percent(x)} width={percent(width)} height="100%" {fill} />
                }
            </>
        });
        if let Some(label) = labels.as_ref().and_then(|labels| labels.get(i)) {
            // The bar is 600 px wide on a small desktop; a letter is at most 7 px, a Korean one 12.
            let wide: f64 = label.chars().map(|c| if c.is_ascii() { 7.0 } else { 12.0 }).sum();
            if width * 6.0 > wide + 12.0 {
                let on_hatch = !matches!(segment.fate, SegmentFate::Base | SegmentFate::Own(_));
                let class = match segment.fate {
                    SegmentFate::Own(kind) => Some(format!("on-own k-{}", kind.name())),
                    _ => on_hatch.then(|| "on-hatch".to_owned()),
                };
                texts.push(html! { <text x={percent(x)} dx="0.5rem" y="0.875rem" {class}>{ label }</text> });
            }
        }
        x += width;
    }
    html! {
        <svg class="bar" {height} width="100%" role="img" aria-label={said}>{ for drawn }{ for texts }</svg>
    }
}

fn said(i18n: &I18n, ledger: &ImageLedger) -> String {
    i18n.f(
        "bar-said",
        &[
            ("size", ledger.size.text().into()),
            ("live", ledger.live.text().into()),
            ("shadowed", human(ledger.shadowed).into()),
            ("deleted", human(ledger.deleted).into()),
        ],
    )
}

fn key(i18n: &I18n, ledger: &ImageLedger) -> Html {
    let own = ledger.segments.iter().find_map(|segment| match segment.fate {
        SegmentFate::Own(kind) => Some(kind),
        _ => None,
    });
    let own_swatch = html! {
        <svg class="swatch" aria-hidden="true" width="12" height="12">
            <rect width="12" height="12" class={fate_class(SegmentFate::Own(own.unwrap_or(crate::view::layer::Kind::Run)))} />
        </svg>
    };
    html! {
        <dl class="ledger-key">
            <div class="vh"><dt>{ i18n.t("live") }</dt><dd>{ ledger.live.text() }</dd></div>
            <div class="vh"><dt>{ i18n.t("wasted") }</dt><dd>{ human(ledger.wasted()) }</dd></div>
            if ledger.base_layers > 0 {
                <div class="owned">{ swatch("from", None) }<dt>{ i18n.t("base-image") }</dt><dd>{ human(ledger.base) }</dd></div>
            }
            <div class="owned">{ own_swatch }<dt>{ i18n.t("your-layers") }</dt><dd>{ human(ledger.own) }</dd></div>
            <div class="push">
                { swatch("shadowed", Some(Fate::Shadowed)) }
                <dt>{ i18n.t("shadowed") }</dt>
                <dd>{ human(ledger.shadowed) }</dd>
            </div>
            <div>
                { swatch("deleted", Some(Fate::Deleted)) }
                <dt>{ i18n.t("deleted") }</dt>
                <dd>{ human(ledger.deleted) }</dd>
            </div>
            if let Some(bytes) = ledger.left_behind {
                <div>{ swatch("behind", None) }<dt>{ i18n.t("not-in-image") }</dt><dd>{ human(bytes) }</dd></div>
            }
        </dl>
    }
}

fn saving(i18n: &I18n, ledger: &ImageLedger, dispatch: &Dispatch) -> Html {
    let Some(saving) = &ledger.saving else {
        return html! {
            if ledger.wasted() == 0 {
                <p class="saving none">{ icon("check") }<span>{ i18n.t("nothing-to-save") }</span></p>
            }
        };
    };
    let onclick = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            dispatch.dispatch(Action::ShowTab(Tab::Waste));
            dispatch.dispatch(Action::ShowPane(Pane::Inspector));
        })
    };
    let advice = match saving.kind {
        SavingKind::MergeRuns { .. } => i18n.t("merge-runs"),
        SavingKind::MoveRemoval { .. } => i18n.t("move-removal"),
    };
    html! {
        <button type="button" class="saving" {onclick}>
            { icon("merge") }
            <span>{ advice }</span>
            <b>{ i18n.f("save-bytes", &[("size", human(saving.bytes).into())]) }</b>
        </button>
    }
}

fn failed(i18n: &I18n, ledger: &FailedLedger, dispatch: &Dispatch) -> Html {
    let step = ledger.step.map(|step| i18n.f("failed-step", &[("step", step.into()), ("steps", ledger.steps.into())]));
    let line = ledger.line.unwrap_or(0);
    let args = [
        ("line", line.into()),
        ("n", ledger.layers.into()),
        ("size", ledger.bytes.text().into()),
        ("base", ledger.base.as_ref().map_or("", |(name, _)| name.as_str()).into()),
        ("basesize", human(ledger.base.as_ref().map_or(0, |(_, bytes)| *bytes)).into()),
    ];
    let kept = if ledger.base.is_some() { "failed-kept-with-base" } else { "failed-kept" };
    let onclick = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            dispatch.dispatch(Action::GoTo(line));
            dispatch.dispatch(Action::ShowPane(Pane::Editor));
        })
    };
    html! {
        <>
            <p class="ledger-size"><strong>{ i18n.t("no-image") }</strong><span>{ step }</span></p>
            <p class="ledger-said">
                if ledger.line.is_some() {
                    { i18n.f("failed-stopped", &args) }{ " " }
                }
                { i18n.f(kept, &args) }
            </p>
            if ledger.line.is_some() {
                <button type="button" class="button" {onclick}>
                    { icon("down") }{ i18n.f("go-to-line", &args) }
                </button>
            }
        </>
    }
}
