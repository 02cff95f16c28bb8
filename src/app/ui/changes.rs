//! The Changes panel: A, C and D as `docker diff` says it, what is stored beside that, and what whiteouts hide.

use super::Dispatch;
use super::filter_bar::FilterBar;
use super::parts::{because, counts, file_icon, icon, layer_chip, mark};
use super::tabs::focus_selected;
use super::virtual_list::{VirtualList, use_pending};
use crate::app::i18n::{I18n, use_i18n};
use crate::app::words;
use crate::path::AbsPath;
use crate::view::changes::{ChangesView, EntryView, Mark, StoredView, StoredWhat, WhiteoutView};
use crate::view::list::{Query, Window};
use crate::view::size::human;
use crate::view::state::Action;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Changes`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ChangesProps {
    /// What it shows.
    pub view: Rc<ChangesView>,
    /// The step it is about.
    pub step: u32,
    /// The selected path.
    pub path: Option<AbsPath>,
    /// What a long list shows.
    pub query: Query,
    /// Takes actions.
    pub dispatch: Dispatch,
}

/// The Changes panel.
#[component]
pub fn Changes(props: &ChangesProps) -> Html {
    let i18n = &use_i18n();
    let tree = use_node_ref();
    use_effect_with(props.path.clone(), {
        let tree = tree.clone();
        move |_| focus_selected(&tree)
    });
    let view = &props.view;
    let title = match &view.against {
        Some(against) => i18n.f("changes-against", &[("layer", words::layer(i18n, against).into())]),
        None => i18n.t("changes"),
    };
    html! {
        <>
            { because(i18n, &view.because) }
            if view.total > 0 || view.long {
                <h3 class="sect">
                    <span>{ title }</span>
                    <span class="counts">{ counts(i18n, &view.counts) }</span>
                </h3>
            }
            if view.long {
                <LongList ..props.clone() />
            } else {
                { short_list(i18n, props, &tree) }
            }
            if !view.stored.is_empty() {
                <h3 class="sect"><span>{ i18n.t("as-stored") }</span></h3>
                <ul class="tarlist">{ for view.stored.iter().map(|one| stored(i18n, one)) }</ul>
                if view.stored.iter().any(|one| one.what == StoredWhat::Whiteout) {
                    <p class="aside">{ i18n.t("whiteout-on-disk") }</p>
                }
            }
        </>
    }
}

fn short_list(i18n: &I18n, props: &ChangesProps, tree: &NodeRef) -> Html {
    let view = &props.view;
    let listed: Vec<&EntryView> = view.entries.iter().filter(|entry| entry.mark != Mark::StoredAgain).collect();
    let again: Vec<&EntryView> = view.entries.iter().filter(|entry| entry.mark == Mark::StoredAgain).collect();
    let label = i18n.f("changes-of-step", &[("step", props.step.into())]);
    let at = listed.iter().position(|entry| Some(&entry.path) == props.path.as_ref());
    let onkeydown = keys(listed.iter().map(|entry| entry.path.clone()).collect(), at, &props.dispatch);
    html! {
        <>
            if !listed.is_empty() {
                <div ref={tree} class="tree changes" role="tree" aria-label={label} {onkeydown}>
                    { for listed.iter().enumerate().map(|(i, one)| {
                        entry(i18n, one, at == Some(i), at.unwrap_or(0) == i, &props.dispatch)
                    }) }
                </div>
            }
            if !again.is_empty() {
                <h3 class="sect">
                    <span>{ i18n.t("stored-again-head") }</span>
                    <span class="sect-note">{ i18n.t("stored-again-note") }</span>
                </h3>
                <ul class="again-list">{ for again.iter().map(|one| html! { <li>{ line(i18n, one) }</li> }) }</ul>
            }
        </>
    }
}

/// A list of one line for each entry, of which a window is drawn; the selected entry is told below it.
#[component]
fn LongList(props: &ChangesProps) -> Html {
    let i18n = &use_i18n();
    let view = &props.view;
    let on_window = {
        let dispatch = props.dispatch.clone();
        use_callback((), move |window: Window, ()| dispatch.dispatch(Action::Scroll(window)))
    };
    let select = {
        let dispatch = props.dispatch.clone();
        use_callback((), move |path: AbsPath, ()| dispatch.dispatch(Action::SelectPath(path)))
    };
    let count = view.entries.len() as u32;
    let path_at = {
        let view = view.clone();
        Rc::new(move |at: u32| view.entries.get(at.checked_sub(view.start)? as usize).map(|entry| entry.path.clone()))
    };
    let on_move = use_pending(view.start..view.start + count, path_at, select.clone(), on_window.clone());
    let rows = (view.start..).zip(view.entries.iter()).map(|(at, one)| {
        let onclick = {
            let (select, path) = (select.clone(), one.path.clone());
            Callback::from(move |_: MouseEvent| select.emit(path.clone()))
        };
        html! {
            <div
                key={one.path.to_string()}
                id={format!("change-{at}")}
                class="change"
                role="option"
                aria-selected={(view.at == Some(at)).to_string()}
                aria-posinset={(at + 1).to_string()}
                aria-setsize={view.total.to_string()}
                {onclick}
            >
                { line(i18n, one) }
            </div>
        }
    });
    html! {
        <>
            <FilterBar query={props.query.clone()} total={view.total} dispatch={props.dispatch.clone()} />
            <VirtualList
                role="listbox"
                label={i18n.f("changes-of-step", &[("step", props.step.into())])}
                class="changes long scrolls"
                id="change-"
                total={view.total}
                start={view.start}
                {count}
                at={view.at}
                {on_window}
                {on_move}
            >
                { for rows }
            </VirtualList>
            if let Some(whiteout) = view.selected.as_ref().and_then(|one| one.whiteout.as_ref().map(|whiteout| (one, whiteout))) {
                { whiteout_block(i18n, whiteout.0, whiteout.1, &props.dispatch) }
            }
        </>
    }
}

fn keys(paths: Vec<AbsPath>, at: Option<usize>, dispatch: &Dispatch) -> Callback<KeyboardEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |event: KeyboardEvent| {
        let target = match (event.key().as_str(), at) {
            ("ArrowDown", Some(at)) => at + 1,
            ("ArrowUp", Some(at)) => at.saturating_sub(1),
            ("Home", _) | ("ArrowDown" | "ArrowUp", None) => 0,
            ("End", _) => paths.len().saturating_sub(1),
            _ => return,
        };
        event.prevent_default();
        if let Some(path) = paths.get(target) {
            dispatch.dispatch(Action::SelectPath(path.clone()));
        }
    })
}

/// What a path's row says.
fn line(i18n: &I18n, entry: &EntryView) -> Html {
    html! {
        <p class="entry">
            { mark(i18n, entry.mark) }
            { file_icon(entry.kind) }
            <code>{ entry.path.to_string() }</code>
            if let Some(why) = &entry.why {
                <span class="entry-why">{ words::entry_why(i18n, why) }</span>
            }
            if let Some(size) = entry.size {
                <span class="fsize">{ size.text() }</span>
            }
            if let Some(mode) = entry.mode {
                <span class="mode">{ format!("{mode:04o}") }</span>
            }
        </p>
    }
}

fn entry(i18n: &I18n, entry: &EntryView, selected: bool, tabbable: bool, dispatch: &Dispatch) -> Html {
    let onclick = {
        let (dispatch, path) = (dispatch.clone(), entry.path.clone());
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::SelectPath(path.clone())))
    };
    html! {
        <div
            key={entry.path.to_string()}
            class="change"
            role="treeitem"
            aria-level={entry.level.to_string()}
            aria-selected={selected.to_string()}
            tabindex={if tabbable { "0" } else { "-1" }}
            data-level={entry.level.min(8).to_string()}
            {onclick}
        >
            if let Some(whiteout) = &entry.whiteout {
                { whiteout_block(i18n, entry, whiteout, dispatch) }
            } else {
                { line(i18n, entry) }
            }
        </div>
    }
}

fn whiteout_block(i18n: &I18n, entry: &EntryView, whiteout: &WhiteoutView, dispatch: &Dispatch) -> Html {
    let copies = whiteout.copies.iter().map(|copy| {
        let onclick = {
            let (dispatch, key, path) = (dispatch.clone(), copy.layer.key, entry.path.clone());
            Callback::from(move |event: MouseEvent| {
                event.stop_propagation();
                dispatch.dispatch(Action::Select(key));
                dispatch.dispatch(Action::SelectPath(path.clone()));
            })
        };
        html! {
            <li>
                <button type="button" {onclick}>
                    { layer_chip(i18n, &copy.layer) }
                    <span>
                        if let Some(path) = &copy.path {
                            <code>{ path.to_string() }</code>{ " " }
                        }
                        { words::cause(i18n, &copy.cause) }
                    </span>
                    <i class="leader"></i>
                    <b>{ human(copy.bytes) }</b>
                </button>
            </li>
        }
    });
    let tag = if whiteout.opaque { i18n.t("hidden-by-opaque") } else { i18n.t("whiteout-0b") };
    html! {
        <div class="whiteout">
            <p class="wo-lid">
                { mark(i18n, entry.mark) }
                { icon("ghost") }
                <s><code>{ entry.path.to_string() }</code></s>
                <span class="wo-tag">{ tag }</span>
            </p>
            if !whiteout.copies.is_empty() {
                <p class="wo-below">{ icon("down") }<span>{ i18n.t("still-stored-below") }</span></p>
                <ol class="wo-copies">{ for copies }</ol>
                if whiteout.more > 0 {
                    <p class="aside">{ i18n.f("and-more", &[("n", whiteout.more.into())]) }</p>
                }
                <p class="wo-sum">
                    <span>{ i18n.t("still-in-image") }</span>
                    <i class="leader"></i>
                    <b>{ human(whiteout.bytes) }</b>
                </p>
            }
        </div>
    }
}

fn stored(i18n: &I18n, stored: &StoredView) -> Html {
    let hides = matches!(stored.what, StoredWhat::Whiteout | StoredWhat::Opaque);
    html! {
        <li>
            <code>
                { &stored.dir }
                if hides {
                    <b>{ &stored.name }</b>
                } else {
                    { &stored.name }
                }
            </code>
            <span>{ words::stored(i18n, &stored.what) }</span>
        </li>
    }
}
