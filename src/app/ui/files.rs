//! The Files panel: the merged filesystem at the step, each path with the layer that provides it, and the lookup below.

use super::Dispatch;
use super::parts::{chevron, file_icon, icon, layer_chip, plain_chip};
use super::tabs::focus_selected;
use crate::app::i18n::{I18n, use_i18n};
use crate::app::words;
use crate::path::AbsPath;
use crate::view::files::{Fall, FallMet, FileRow, FilesView, LookupEnd, LookupView};
use crate::view::size::Amount;
use crate::view::state::Action;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`FilesTree`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct FilesProps {
    /// What it shows.
    pub view: Rc<FilesView>,
    /// The selected path.
    pub path: Option<AbsPath>,
    /// Are the names that whiteouts hide shown?
    pub ghosts: bool,
    /// Takes actions.
    pub dispatch: Dispatch,
}

/// The tree and the lookup.
#[component]
pub fn FilesTree(props: &FilesProps) -> Html {
    let i18n = use_i18n();
    let view = &props.view;
    let tree = use_node_ref();
    use_effect_with(props.path.clone(), {
        let tree = tree.clone();
        move |_| focus_selected(&tree)
    });
    let on_ghosts = {
        let (dispatch, ghosts) = (props.dispatch.clone(), props.ghosts);
        Callback::from(move |_: Event| dispatch.dispatch(Action::ShowGhosts(!ghosts)))
    };
    let selected = view.rows.iter().position(|row| Some(&row.path) == props.path.as_ref());
    let step = [("step", view.step.into())];
    let title = if view.step == 0 { i18n.t("filesystem-of-base") } else { i18n.f("filesystem-at", &step) };
    let rows = view.rows.iter().enumerate().map(|(i, row)| {
        let tabbable = selected.unwrap_or(0) == i;
        file_row(&i18n, row, selected == Some(i), tabbable, &props.dispatch)
    });
    html! {
        <>
            <h3 class="sect">
                <span>{ title.clone() }</span>
                <label class="switch">
                    <input type="checkbox" checked={props.ghosts} onchange={on_ghosts} />{ " " }{ i18n.t("hidden-files") }
                </label>
            </h3>
            <p class="frow fhead" aria-hidden="true">
                <span></span><span>{ i18n.t("mode") }</span><span>{ i18n.t("size") }</span><span>{ i18n.t("layer") }</span>
            </p>
            <div ref={tree} class="files" role="tree" aria-label={title} onkeydown={keys(props, selected)}>
                { for rows }
            </div>
            if view.more > 0 {
                <p class="aside">{ i18n.f("and-more", &[("n", view.more.into())]) }</p>
            }
            if let Some(view) = &view.lookup {
                { lookup(&i18n, view) }
            }
        </>
    }
}

fn keys(props: &FilesProps, selected: Option<usize>) -> Callback<KeyboardEvent> {
    let (view, dispatch) = (props.view.clone(), props.dispatch.clone());
    Callback::from(move |event: KeyboardEvent| {
        let at = selected.unwrap_or(0);
        let Some(row) = view.rows.get(at) else { return };
        let to = |index: usize| view.rows.get(index).map(|row| Action::SelectPath(row.path.clone()));
        let action = match event.key().as_str() {
            "ArrowDown" => to(at + 1),
            "ArrowUp" => to(at.saturating_sub(1)),
            "Home" => to(0),
            "End" => to(view.rows.len().saturating_sub(1)),
            "ArrowRight" if row.open == Some(false) => Some(Action::ToggleDir(row.path.clone())),
            "ArrowRight" if row.open == Some(true) => to(at + 1),
            "ArrowLeft" if row.open == Some(true) => Some(Action::ToggleDir(row.path.clone())),
            "ArrowLeft" => row
                .path
                .parent()
                .and_then(|parent| view.rows.iter().find(|row| row.path == parent))
                .map(|row| Action::SelectPath(row.path.clone())),
            "Enter" | " " if row.open.is_some() => Some(Action::ToggleDir(row.path.clone())),
            _ => return,
        };
        event.prevent_default();
        if let Some(action) = action {
            dispatch.dispatch(action);
        }
    })
}

fn file_row(i18n: &I18n, row: &FileRow, selected: bool, tabbable: bool, dispatch: &Dispatch) -> Html {
    let onclick = {
        let (dispatch, path, open, ghost) = (dispatch.clone(), row.path.clone(), row.open, row.ghost);
        Callback::from(move |_: MouseEvent| {
            if open.is_some() && !ghost {
                dispatch.dispatch(Action::ToggleDir(path.clone()));
            }
            dispatch.dispatch(Action::SelectPath(path.clone()));
        })
    };
    let tag = match (&row.link, row.ghost) {
        (_, true) => Some(i18n.t("whiteout")),
        (Some(target), false) => Some(format!("→ {target}")),
        _ => None,
    };
    html! {
        <div
            key={row.path.to_string()}
            class={classes!("frow", row.ghost.then_some("hidden-file"))}
            role="treeitem"
            aria-level={row.level.to_string()}
            aria-selected={selected.to_string()}
            aria-expanded={row.open.map(|open| open.to_string())}
            tabindex={if tabbable { "0" } else { "-1" }}
            data-level={row.level.min(8).to_string()}
            {onclick}
        >
            <span class="fname">
                if let Some(open) = row.open {
                    { chevron(open) }
                } else {
                    <i class="icon"></i>
                }
                if row.ghost {
                    { icon("ghost") }
                } else {
                    { file_icon(row.kind) }
                }
                <code>
                    if row.ghost {
                        <s>{ row.path.name() }</s>
                    } else {
                        { row.path.name() }
                    }
                </code>
                if let Some(tag) = tag {
                    <span class="tag">{ tag }</span>
                }
            </span>
            <span class="mode">{ row.mode.map(|mode| format!("{mode:04o}")) }</span>
            <span class="fsize">{ row.size.map(Amount::text) }</span>
            <span class="prov">{ plain_chip(i18n, &row.layer) }</span>
        </div>
    }
}

fn lookup(i18n: &I18n, view: &LookupView) -> Html {
    let unread: Vec<String> = view.unread.iter().map(|layer| words::chip_text(i18n, layer)).collect();
    let end = match view.end {
        LookupEnd::Found => i18n.t("lookup-found"),
        LookupEnd::FoundOverCopies => i18n.t("lookup-over-copies"),
        LookupEnd::Merged => i18n.t("lookup-merged"),
        LookupEnd::Hidden => i18n.t("lookup-hidden"),
        LookupEnd::Absent => i18n.t("lookup-absent"),
    };
    html! {
        <section class="lookup" aria-labelledby="lookup-h">
            <h3 class="sect" id="lookup-h">
                <span>{ icon("eye") }{ i18n.rich("lookup-of", &[("path", view.path.as_str().into())]) }</span>
                <span class="sect-note">{ i18n.t("from-the-top") }</span>
            </h3>
            <ol class="fall">
                { for view.falls.iter().map(|one| fall(i18n, one)) }
                if !unread.is_empty() {
                    <li class="unread">
                        <span class="fall-where">{ unread.join(", ") }</span>
                        <span class="fall-what">{ i18n.t("not-looked-at") }</span>
                    </li>
                }
            </ol>
            <p class="aside">{ end }</p>
        </section>
    }
}

fn fall(i18n: &I18n, fall: &Fall) -> Html {
    let place = match &fall.layer {
        Some(layer) => layer_chip(i18n, layer),
        None => html! { { i18n.t("writable-layer") } },
    };
    let about = |mode: &Option<u16>, size: &Option<Amount>| {
        let mode = mode.map(|mode| format!("{mode:04o}"));
        let parts: Vec<String> = mode.into_iter().chain(size.map(Amount::text)).collect();
        parts.join(", ")
    };
    let (class, what, result) = match &fall.met {
        FallMet::Miss if fall.layer.is_none() => ("miss", i18n.t("nothing-written"), i18n.t("miss")),
        FallMet::Miss => ("miss", i18n.t("no-such-name"), i18n.t("miss")),
        FallMet::Hit { mode, size } => ("hit", about(mode, size), i18n.t("hit")),
        FallMet::Merged { mode } => ("miss merged", about(mode, &None), i18n.t("merged")),
        FallMet::Whiteout => ("stop", i18n.t("whiteout"), i18n.t("stop")),
        FallMet::Opaque => ("stop", i18n.t("opaque-directory"), i18n.t("stop")),
        FallMet::Under { mode, size, deleted: true } => ("under gone", about(mode, size), i18n.t("deleted")),
        FallMet::Under { mode, size, deleted: false } => ("under", about(mode, size), i18n.t("shadowed")),
    };
    html! {
        <li {class}>
            <span class="fall-where">{ place }</span>
            <span class="fall-what">{ what }</span>
            <b>
                if class == "hit" {
                    { icon("check") }
                }
                { result }
            </b>
        </li>
    }
}
