//! The Files panel: the merged filesystem at the step, each path with the layer that provides it, and the lookup below.

use super::Dispatch;
use super::filter_bar::FilterBar;
use super::parts::{chevron, file_icon, icon, layer_chip, plain_chip};
use super::virtual_list::{VirtualList, use_pending};
use crate::app::i18n::{I18n, use_i18n};
use crate::app::words;
use crate::path::AbsPath;
use crate::view::files::{
    ContentView, Fall, FallMet, FileRow, FileView, FilesView, LookupEnd, LookupView, MAX_HEX, MAX_TEXT,
};
use crate::view::list::{Query, Window};
use crate::view::size::{Amount, human};
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
    /// What is listed.
    pub query: Query,
    /// Takes actions.
    pub dispatch: Dispatch,
}

/// The tree, the selected file and the lookup.
#[component]
pub fn FilesTree(props: &FilesProps) -> Html {
    let i18n = use_i18n();
    let view = &props.view;
    let on_ghosts = {
        let (dispatch, ghosts) = (props.dispatch.clone(), props.ghosts);
        Callback::from(move |_: Event| dispatch.dispatch(Action::ShowGhosts(!ghosts)))
    };
    let on_window = {
        let dispatch = props.dispatch.clone();
        use_callback((), move |window: Window, ()| dispatch.dispatch(Action::Scroll(window)))
    };
    let select = {
        let dispatch = props.dispatch.clone();
        use_callback((), move |path: AbsPath, ()| dispatch.dispatch(Action::SelectPath(path)))
    };
    let count = view.rows.len() as u32;
    let path_at = {
        let view = view.clone();
        Rc::new(move |at: u32| view.rows.get(at.checked_sub(view.start)? as usize).map(|row| row.path.clone()))
    };
    let on_move = use_pending(view.start..view.start + count, path_at, select, on_window.clone());
    let step = [("step", view.step.into())];
    let title = if view.step == 0 { i18n.t("filesystem-of-base") } else { i18n.f("filesystem-at", &step) };
    let rows = (view.start..)
        .zip(view.rows.iter())
        .map(|(at, row)| file_row(&i18n, at, row, view.at == Some(at), &props.dispatch));
    html! {
        <>
            <h3 class="sect">
                <span>{ title.clone() }</span>
                <label class="switch">
                    <input type="checkbox" checked={props.ghosts} onchange={on_ghosts} />{ " " }{ i18n.t("hidden-files") }
                </label>
            </h3>
            <FilterBar query={props.query.clone()} total={view.total} dispatch={props.dispatch.clone()} />
            <p class="frow fhead" aria-hidden="true">
                <span></span><span>{ i18n.t("mode") }</span><span>{ i18n.t("size") }</span><span>{ i18n.t("layer") }</span>
            </p>
            <VirtualList
                role="tree"
                label={title}
                class="files scrolls"
                id="file-"
                total={view.total}
                start={view.start}
                {count}
                at={view.at}
                {on_window}
                {on_move}
                on_key={keys(props)}
            >
                { for rows }
            </VirtualList>
            <div class="opened" tabindex="0" role="group" aria-label={i18n.t("selected-path")}>
                if let Some(view) = &view.lookup {
                    { lookup(&i18n, view) }
                }
                if let (Some(file), Some(path)) = (&view.file, &props.path) {
                    { content(&i18n, path, file) }
                }
            </div>
        </>
    }
}

/// Keys that open and close directories.
fn keys(props: &FilesProps) -> Callback<KeyboardEvent> {
    let (view, dispatch) = (props.view.clone(), props.dispatch.clone());
    Callback::from(move |event: KeyboardEvent| {
        let row = view.at.and_then(|at| at.checked_sub(view.start)).and_then(|at| view.rows.get(at as usize));
        let Some(row) = row else { return };
        let action = match event.key().as_str() {
            "ArrowRight" if row.open == Some(false) => Action::ToggleDir(row.path.clone()),
            "ArrowLeft" if row.open == Some(true) => Action::ToggleDir(row.path.clone()),
            "ArrowLeft" => match row.path.parent().filter(|parent| !parent.is_root()) {
                Some(parent) => Action::SelectPath(parent),
                None => return,
            },
            "Enter" | " " if row.open.is_some() => Action::ToggleDir(row.path.clone()),
            _ => return,
        };
        event.prevent_default();
        dispatch.dispatch(action);
    })
}

fn file_row(i18n: &I18n, at: u32, row: &FileRow, selected: bool, dispatch: &Dispatch) -> Html {
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
            aria-posinset={row.place.0.to_string()}
            aria-setsize={row.place.1.to_string()}
            id={format!("file-{at}")}
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
    let why = fall.cause.as_ref().map(|(cause, line)| words::cause_with_line(i18n, cause, *line));
    html! {
        <li {class}>
            <span class="fall-where">{ place }</span>
            <span class="fall-what">
                { what }
                if let Some(why) = why {
                    <small>{ why }</small>
                }
            </span>
            <b>
                if class == "hit" {
                    { icon("check") }
                }
                { result }
            </b>
        </li>
    }
}

/// The beginning of the selected file.
fn content(i18n: &I18n, path: &AbsPath, file: &FileView) -> Html {
    let shown = match &file.content {
        ContentView::Text(text) => text.len(),
        ContentView::Hex(bytes) => bytes.len(),
        ContentView::NotHeld => 0,
    };
    let limit = if matches!(file.content, ContentView::Text(_)) { MAX_TEXT } else { MAX_HEX };
    let cut = file.size.bytes > shown as u64 && shown > 0;
    let note = if cut {
        i18n.f("content-first", &[("shown", human(limit as u64).into()), ("size", file.size.text().into())])
    } else {
        file.size.text()
    };
    let label = i18n.f("content-of", &[("path", path.as_str().into())]);
    html! {
        <section class="content" aria-labelledby="content-h">
            <h3 class="sect" id="content-h">
                <span>{ i18n.t("content") }</span>
                <span class="sect-note">{ note }{ format!(" · {}:{}", file.owner.0, file.owner.1) }</span>
            </h3>
            {
                match &file.content {
                    ContentView::Text(text) if text.is_empty() => html! { <p class="aside">{ i18n.t("content-empty") }</p> },
                    ContentView::Text(text) => html! { <pre class="log" tabindex="0" aria-label={label}>{ text }</pre> },
                    ContentView::Hex(bytes) => {
                        html! { <pre class="log hex" tabindex="0" aria-label={label}>{ hex(bytes) }</pre> }
                    }
                    ContentView::NotHeld => html! { <p class="aside">{ i18n.t("content-not-held") }</p> },
                }
            }
        </section>
    }
}

/// Rows of sixteen bytes, as `hexdump -C` prints them.
fn hex(bytes: &[u8]) -> String {
    let rows = bytes.chunks(16).enumerate().map(|(row, bytes)| {
        let codes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let signs: String =
            bytes.iter().map(|byte| if (0x20..0x7f).contains(byte) { char::from(*byte) } else { '.' }).collect();
        let (left, right) = codes.split_at(codes.len().min(8));
        format!("{:08x}  {:<23}  {:<23}  |{signs}|\n", row * 16, left.join(" "), right.join(" "))
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bytes_are_printed_as_hexdump_does() {
        // `printf '\177ELF\002 0123456789abc' | hexdump -C`, without its last line.
        let expected = "00000000  7f 45 4c 46 02 20 30 31  32 33 34 35 36 37 38 39  |.ELF. 0123456789|\n\
                        00000010  61 62 63                                          |abc|\n";
        assert_eq!(super::hex(b"\x7fELF\x02 0123456789abc"), expected);
    }
}
