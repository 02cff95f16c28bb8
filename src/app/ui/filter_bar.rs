//! The line above a long list: filter by text, by what happened, by size; sort by name or size; and how many are left.

use super::Dispatch;
use super::parts::icon;
use crate::app::i18n::use_i18n;
use crate::view::changes::Mark;
use crate::view::list::{Order, Query};
use crate::view::size::human;
use crate::view::state::Action;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Properties of [`FilterBar`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct FilterBarProps {
    /// What is listed now.
    pub query: Query,
    /// Can it be filtered by what happened at the step?
    #[prop_or(true)]
    pub marks: bool,
    /// How many rows are left.
    pub total: u32,
    /// Takes actions.
    pub dispatch: Dispatch,
}

const MARKS: [(&str, Option<Mark>); 5] = [
    ("", None),
    ("added", Some(Mark::Added)),
    ("changed", Some(Mark::Changed)),
    ("deleted", Some(Mark::Deleted)),
    ("again", Some(Mark::StoredAgain)),
];

/// The line.
#[component]
pub fn FilterBar(props: &FilterBarProps) -> Html {
    let i18n = use_i18n();
    let query = &props.query;
    let change = |edit: fn(&mut Query, String)| {
        let (dispatch, query) = (props.dispatch.clone(), query.clone());
        move |value: String| {
            let mut query = query.clone();
            edit(&mut query, value);
            dispatch.dispatch(Action::Search(query));
        }
    };
    let on_text = {
        let set = change(|query, value| query.text = value);
        Callback::from(move |event: InputEvent| set(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let on_mark = {
        let set = change(|query, value| {
            query.mark = MARKS.iter().find(|(name, _)| *name == value).and_then(|(_, mark)| *mark)
        });
        Callback::from(move |event: Event| set(event.target_unchecked_into::<HtmlSelectElement>().value()))
    };
    let on_least = {
        let set = change(|query, value| query.least = value.parse().unwrap_or(0));
        Callback::from(move |event: Event| set(event.target_unchecked_into::<HtmlSelectElement>().value()))
    };
    let by_size = query.order == Order::Size;
    let on_order = {
        let (dispatch, query) = (props.dispatch.clone(), query.clone());
        Callback::from(move |_: MouseEvent| {
            let order = if query.order == Order::Size { Order::Name } else { Order::Size };
            dispatch.dispatch(Action::Search(Query { order, ..query.clone() }));
        })
    };
    let mark_name = |mark: Option<Mark>| match mark {
        None => i18n.t("all-changes"),
        Some(Mark::Added) => format!("A {}", i18n.t("mark-added")),
        Some(Mark::Changed) => format!("C {}", i18n.t("mark-changed")),
        Some(Mark::Deleted) => format!("D {}", i18n.t("mark-deleted")),
        Some(Mark::StoredAgain) => format!("= {}", i18n.t("mark-stored-again")),
    };
    html! {
        <div class="filterbar" role="search" aria-label={i18n.t("filter")}>
            <input
                type="search"
                aria-label={i18n.t("filter-by-path")}
                placeholder={i18n.t("filter-by-path")}
                spellcheck="false"
                autocapitalize="off"
                value={query.text.clone()}
                oninput={on_text}
            />
            if props.marks {
                <select aria-label={i18n.t("filter-by-change")} onchange={on_mark}>
                    { for MARKS.iter().map(|(name, mark)| html! {
                        <option value={*name} selected={query.mark == *mark}>{ mark_name(*mark) }</option>
                    }) }
                </select>
            }
            <select aria-label={i18n.t("filter-by-size")} onchange={on_least}>
                { for Query::SIZES.iter().map(|least| html! {
                    <option value={least.to_string()} selected={query.least == *least}>
                        { if *least == 0 { i18n.t("all-sizes") } else { format!("≥ {}", human(*least)) } }
                    </option>
                }) }
            </select>
            <button type="button" class="button small" aria-pressed={by_size.to_string()} onclick={on_order}>
                { icon("down") }{ i18n.t("largest-first") }
            </button>
            <span class="filter-count" role="status">{ i18n.f("rows-count", &[("n", props.total.into())]) }</span>
        </div>
    }
}
