//! The Tar panel: the layer's archive, entry by entry.

use super::Dispatch;
use super::filter_bar::FilterBar;
use super::virtual_list::VirtualList;
use crate::app::i18n::{I18n, use_i18n};
use crate::app::words;
use crate::view::changes::StoredWhat;
use crate::view::list::{Query, Window};
use crate::view::stack::DigestView;
use crate::view::state::Action;
use crate::view::tar::{TarEntry, TarView};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Tar`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct TarProps {
    /// What it shows.
    pub view: Rc<TarView>,
    /// What is listed.
    pub query: Query,
    /// Takes actions.
    pub dispatch: Dispatch,
}

/// Below so many entries there is nothing to filter.
const SHORT: u32 = 20;

/// The Tar panel.
#[component]
pub fn Tar(props: &TarProps) -> Html {
    let i18n = use_i18n();
    let view = &props.view;
    let at = use_state_eq(|| None::<u32>);
    let on_window = {
        let dispatch = props.dispatch.clone();
        use_callback((), move |window: Window, ()| dispatch.dispatch(Action::Scroll(window)))
    };
    let on_move = {
        let at = at.clone();
        Callback::from(move |to: u32| at.set(Some(to)))
    };
    if !view.layer {
        return html! {
            <p class="because"><b>{ i18n.t("tar-none") }</b>{ " " }<span>{ i18n.t("tar-none-evidence") }</span></p>
        };
    }
    let diff_id = match &view.diff_id {
        DigestView::Known(digest) => html! { <code class="wrap">{ format!("sha256:{digest}") }</code> },
        DigestView::Pending => html! { { i18n.t("digest-pending") } },
        DigestView::NotComputed => html! { { i18n.t("digest-not-computed") } },
    };
    let rows = (view.start..)
        .zip(view.entries.iter())
        .map(|(index, one)| entry(&i18n, index, one, *at == Some(index), view.total));
    html! {
        <>
            <p class="because"><b>{ i18n.t("tar-head") }</b>{ " " }<span>{ i18n.t("tar-evidence") }</span></p>
            if view.total > SHORT || props.query != Query::default() {
                <FilterBar marks={false} query={props.query.clone()} total={view.total} dispatch={props.dispatch.clone()} />
            }
            if view.total == 0 {
                <p class="aside">{ i18n.t("tar-empty") }</p>
            } else {
                <VirtualList
                    role="listbox"
                    label={i18n.t("tar-caption")}
                    class="tar"
                    id="tar-"
                    total={view.total}
                    start={view.start}
                    count={view.entries.len() as u32}
                    at={(*at).filter(|at| *at < view.total)}
                    {on_window}
                    {on_move}
                >
                    { for rows }
                </VirtualList>
            }
            <h3 class="sect"><span>{ i18n.t("diff-id") }</span></h3>
            <p class="diff-id">{ diff_id }</p>
            <p class="aside">{ i18n.t("diff-id-note") }</p>
        </>
    }
}

/// An entry, as a line of `tar tv`: mode, owner, name, and what it is.
fn entry(i18n: &I18n, index: u32, entry: &TarEntry, selected: bool, total: u32) -> Html {
    let hides = matches!(entry.what, StoredWhat::Whiteout | StoredWhat::Opaque);
    html! {
        <div
            key={index}
            id={format!("tar-{index}")}
            class="tar-entry"
            role="option"
            aria-selected={selected.to_string()}
            aria-posinset={(index + 1).to_string()}
            aria-setsize={total.to_string()}
        >
            <code class="mode">{ entry.mode.map(|mode| format!("{mode:04o}")) }</code>
            <code class="owner">{ format!("{}:{}", entry.owner.0, entry.owner.1) }</code>
            <code class="tar-name" title={format!("{}{}", entry.dir, entry.name)}>
                { &entry.dir }
                if hides {
                    <b class="bad">{ &entry.name }</b>
                } else {
                    { &entry.name }
                }
            </code>
            <span class="tar-what">{ words::stored(i18n, &entry.what) }</span>
        </div>
    }
}
