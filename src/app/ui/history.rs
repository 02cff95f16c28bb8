//! The History and Inspect panels.

use super::Dispatch;
use super::parts::layer_chip;
use crate::app::i18n::I18n;
use crate::view::history::{HistoryRow, HistoryView, InspectView};
use crate::view::layer::StepKey;
use crate::view::state::Action;
use yew::prelude::*;

/// The History panel's content.
pub fn history(i18n: &I18n, view: &HistoryView, step: StepKey, dispatch: &Dispatch) -> Html {
    let n = [("layers", view.layers.into()), ("empty", view.empty.into())];
    let missing = view.rows.iter().any(|row| row.image.is_none());
    html! {
        <>
            <p class="because">
                <b>{ i18n.f("history-head", &n) }</b>{ " " }<span>{ i18n.rich("history-evidence", &n) }</span>
            </p>
            <table class="history">
                <caption class="vh">{ "docker history" }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ "IMAGE" }</th>
                        <th scope="col">{ "CREATED BY" }</th>
                        <th scope="col">{ i18n.t("layer") }</th>
                        <th scope="col" class="num">{ "SIZE" }</th>
                    </tr>
                </thead>
                <tbody>{ for view.rows.iter().enumerate().map(|(i, row)| history_row(i18n, i, row, step, dispatch)) }</tbody>
            </table>
            if missing {
                <p class="aside">{ i18n.rich("history-missing", &[]) }</p>
            }
        </>
    }
}

fn history_row(i18n: &I18n, index: usize, row: &HistoryRow, step: StepKey, dispatch: &Dispatch) -> Html {
    let onclick = {
        let (dispatch, key) = (dispatch.clone(), row.key);
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Select(key)))
    };
    html! {
        <tr key={index} class={classes!((row.key == step).then_some("selected"), row.empty.then_some("empty-row"))}>
            <td><code>{ row.image.as_deref().unwrap_or("<missing>") }</code></td>
            <td>
                if !row.created_by.is_empty() {
                    <button type="button" class="plainbtn" {onclick}><code class="wrap">{ &row.created_by }</code></button>
                }
            </td>
            <td>
                if let Some(layer) = &row.layer {
                    { layer_chip(i18n, layer) }
                } else {
                    <span class="dim">{ i18n.t("none") }</span>
                }
            </td>
            <td class="num">{ row.size.text() }</td>
        </tr>
    }
}

/// The Inspect panel's content.
pub fn inspect(i18n: &I18n, view: &InspectView, step: StepKey) -> Html {
    let lines = view.lines.iter().map(|line| {
        html! {
            <>
                if line.key == Some(step) {
                    <b class="set-here">{ &line.text }</b>
                } else {
                    { &line.text }
                }
                { "\n" }
            </>
        }
    });
    html! {
        <>
            <p class="because"><b>{ i18n.t("inspect-head") }</b>{ " " }<span>{ i18n.t("inspect-evidence") }</span></p>
            <pre class="log" tabindex="0" aria-label={i18n.t("inspect")}><code>{ for lines }</code></pre>
        </>
    }
}
