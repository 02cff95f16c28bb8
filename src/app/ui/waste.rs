//! The Waste panel: every copy that is stored and cannot be read, and the edit that saves most of them.

use super::Dispatch;
use super::ledger::bar;
use super::parts::{because, icon, layer_chip, swatch};
use crate::app::i18n::I18n;
use crate::app::words;
use crate::view::ledger::{ImageLedger, Saving, SavingKind, Segment, SegmentFate};
use crate::view::size::{Amount, human};
use crate::view::stack::Fate;
use crate::view::state::{Action, Pane};
use crate::view::waste::{DuplicateView, WasteGroup, WasteView};
use yew::prelude::*;

/// The panel's content.
pub fn waste(i18n: &I18n, view: &WasteView, dispatch: &Dispatch) -> Html {
    let Some(ledger) = &view.ledger else {
        return because(i18n, &crate::view::changes::Because::Failed { exit_code: None, not_run: 0 });
    };
    let size = [("size", human(ledger.wasted()).into())];
    if ledger.wasted() == 0 {
        return html! {
            <>
                <p class="because"><b>{ i18n.t("waste-none") }</b>{ " " }<span>{ i18n.t("waste-none-evidence") }</span></p>
                { sums(i18n, ledger) }
                { duplicates(i18n, view, dispatch) }
            </>
        };
    }
    html! {
        <>
            <p class="because">
                <b>{ i18n.f("waste-head", &size) }</b>{ " " }<span>{ i18n.t("waste-evidence") }</span>
            </p>
            <table class="waste">
                <caption class="vh">{ i18n.t("waste-caption") }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ i18n.t("stored-in") }</th>
                        <th scope="col">{ i18n.t("why-there") }</th>
                        <th scope="col">{ i18n.t("out-of-reach") }</th>
                        <th scope="col" class="num">{ i18n.t("size") }</th>
                    </tr>
                </thead>
                { for view.groups.iter().map(|one| group(i18n, one, dispatch)) }
                <tfoot>
                    if view.more.0 > 0 {
                        <tr>
                            <td colspan="3">{ i18n.f("and-more", &[("n", view.more.0.into())]) }</td>
                            <td class="num">{ human(view.more.1) }</td>
                        </tr>
                    }
                    <tr><th scope="row" colspan="3">{ i18n.t("wasted") }</th><td class="num">{ human(ledger.wasted()) }</td></tr>
                </tfoot>
            </table>
            if let Some(saving) = &view.saving {
                { mend(i18n, ledger, saving, dispatch) }
            }
            { sums(i18n, ledger) }
            { duplicates(i18n, view, dispatch) }
        </>
    }
}

/// Every byte of the image, once: live, shadowed or deleted.
fn sums(i18n: &I18n, ledger: &ImageLedger) -> Html {
    let row = |class, fate, name: &str, bytes: u64| {
        html! {
            <tr>
                <th scope="row">{ swatch(class, fate) }{ i18n.t(name) }</th>
                <td class="num">{ human(bytes) }</td>
                <td class="num">{ bytes }</td>
            </tr>
        }
    };
    html! {
        <>
            <h3 class="sect"><span>{ i18n.t("every-byte") }</span></h3>
            <table class="waste sums">
                <caption class="vh">{ i18n.t("every-byte") }</caption>
                <tbody>
                    { row("live", None, "live", ledger.live.bytes) }
                    { row("shadowed", Some(Fate::Shadowed), "shadowed", ledger.shadowed) }
                    { row("deleted", Some(Fate::Deleted), "deleted", ledger.deleted) }
                </tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{ i18n.t("ledger") }</th>
                        <td class="num">{ ledger.size.text() }</td>
                        <td class="num">{ ledger.size.bytes }</td>
                    </tr>
                </tfoot>
            </table>
        </>
    }
}

/// The same bytes in several places.
fn duplicates(i18n: &I18n, view: &WasteView, dispatch: &Dispatch) -> Html {
    if view.duplicates.is_empty() {
        return Html::default();
    }
    let one = |one: &DuplicateView| {
        let copies = one.copies.iter().map(|(layer, line, path)| {
            let onclick = {
                let (dispatch, key, path) = (dispatch.clone(), layer.key, path.clone());
                Callback::from(move |_: MouseEvent| {
                    dispatch.dispatch(Action::Select(key));
                    dispatch.dispatch(Action::SelectPath(path.clone()));
                })
            };
            html! {
                <li>
                    <button type="button" class="plainbtn" {onclick}>
                        { layer_chip(i18n, layer) }{ " " }<code>{ path.to_string() }</code>
                    </button>
                    if let Some(line) = line {
                        { " " }<span class="dim">{ i18n.f("line", &[("line", (*line).into())]) }</span>
                    }
                </li>
            }
        });
        html! {
            <li>
                <p><b>{ i18n.f("stored-times", &[("n", (one.copies.len() as u64).into()), ("size", human(one.bytes).into())]) }</b></p>
                <ul>{ for copies }</ul>
            </li>
        }
    };
    html! {
        <>
            <h3 class="sect">
                <span>{ i18n.t("duplicates") }</span><span class="sect-note">{ i18n.t("duplicates-note") }</span>
            </h3>
            <ul class="duplicates">{ for view.duplicates.iter().map(one) }</ul>
        </>
    }
}

fn group(i18n: &I18n, group: &WasteGroup, dispatch: &Dispatch) -> Html {
    let (fate, class, word) = match group.fate {
        Fate::Deleted => (Fate::Deleted, "deleted", i18n.t("deleted")),
        _ => (Fate::Shadowed, "shadowed", i18n.t("shadowed")),
    };
    let select = {
        let (dispatch, path) = (dispatch.clone(), group.path.clone());
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::SelectPath(path.clone())))
    };
    let copies = group.copies.iter().map(|copy| {
        let go = |key| {
            let dispatch = dispatch.clone();
            Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Select(key)))
        };
        html! {
            <tr>
                <td><button type="button" class="plainbtn" onclick={go(copy.layer.key)}>{ layer_chip(i18n, &copy.layer) }</button></td>
                <td>{ words::cause_with_line(i18n, &copy.cause, copy.line) }</td>
                <td>
                    <button type="button" class="plainbtn" onclick={go(copy.since.key)}>{ layer_chip(i18n, &copy.since) }</button>
                    { " " }
                    { if copy.whiteout { i18n.t("whiteout") } else { i18n.t("new-copy") } }
                    if let Some(line) = copy.since_line {
                        { ", " }{ i18n.f("line", &[("line", line.into())]) }
                    }
                </td>
                <td class="num">{ human(copy.bytes) }</td>
            </tr>
        }
    });
    html! {
        <tbody key={group.path.to_string()}>
            <tr class="wgroup">
                <th scope="rowgroup" colspan="3">
                    <button type="button" class="plainbtn" onclick={select}>
                        { swatch(class, Some(fate)) }<code>{ group.path.to_string() }</code><span class="tag">{ word }</span>
                    </button>
                </th>
                <td class="num">{ human(group.bytes) }</td>
            </tr>
            { for copies }
        </tbody>
    }
}

/// The ledger's segments after a saving: what is wasted shrinks by it, deleted bytes first.
fn after(ledger: &ImageLedger, saving: &Saving) -> Vec<Segment> {
    let mut left = saving.bytes;
    let mut segments = ledger.segments.clone();
    for fate in [SegmentFate::Deleted, SegmentFate::Shadowed] {
        for segment in segments.iter_mut().filter(|segment| segment.fate == fate) {
            let cut = segment.bytes.min(left);
            segment.bytes -= cut;
            left -= cut;
        }
    }
    segments.retain(|segment| segment.fate != SegmentFate::Behind);
    // Keeps the scale of the bar above it.
    segments.push(Segment { fate: SegmentFate::Behind, bytes: saving.bytes - left, layers: Vec::new(), stage: None });
    segments
}

fn mend(i18n: &I18n, ledger: &ImageLedger, saving: &Saving, dispatch: &Dispatch) -> Html {
    let size = [("size", human(saving.bytes).into())];
    let (what, why, do_it) = match saving.kind {
        SavingKind::MergeRuns { first, last } => (
            i18n.f("mend-merge", &[("first", first.into()), ("last", last.into())]),
            i18n.t("mend-merge-why"),
            i18n.t("merge-in-editor"),
        ),
        SavingKind::MoveRemoval { to, from } => (
            i18n.f("mend-move", &[("to", to.into()), ("from", from.into())]),
            i18n.t("mend-move-why"),
            i18n.t("move-in-editor"),
        ),
    };
    let merged = Amount { bytes: ledger.size.bytes.saturating_sub(saving.bytes), ..ledger.size };
    let now: Vec<&Segment> = ledger.segments.iter().filter(|segment| segment.fate != SegmentFate::Behind).collect();
    let then = after(ledger, saving);
    let (now_said, then_said) = (
        i18n.f("now-size", &[("size", ledger.size.text().into())]),
        i18n.f("merged-size", &[("size", merged.text().into())]),
    );
    let onclick = {
        let (dispatch, edits) = (dispatch.clone(), saving.edits.clone());
        Callback::from(move |_: MouseEvent| {
            dispatch.dispatch(Action::ApplyEdits(edits.clone()));
            dispatch.dispatch(Action::ShowPane(Pane::Editor));
        })
    };
    html! {
        <section class="mend" aria-labelledby="mend-h">
            <h3 class="sect" id="mend-h"><span>{ i18n.t("where-to-save") }</span></h3>
            <p class="mend-what"><b>{ what }</b>{ " " }<span>{ why }</span></p>
            <dl class="beforeafter">
                <dt>{ i18n.t("now") }</dt>
                <dd>{ bar(now, None, "0.625rem", now_said) }<b>{ ledger.size.text() }</b></dd>
                <dt>{ i18n.t("merged-runs") }</dt>
                <dd>{ bar(then.iter().collect(), None, "0.625rem", then_said) }<b>{ merged.text() }</b></dd>
            </dl>
            if !saving.edits.is_empty() {
                <p class="mend-do">
                    <button type="button" class="button solid" {onclick}>{ icon("merge") }{ do_it }</button>
                    <span>{ i18n.f("mend-saves", &size) }</span>
                </p>
            }
        </section>
    }
}
