//! The Context tab: the build context as a tree, its files made, dropped in, renamed, edited and deleted.
//!
//! Folders are what paths have in common: an empty one cannot be made.

use super::Dispatch;
use super::parts::{chevron, icon};
use super::tabs::focus_selected;
use crate::app::dropped;
use crate::app::editor::Editor;
use crate::app::editor_words;
use crate::app::i18n::{I18n, use_i18n};
use crate::view::context_tree::{TreeRow, rows, sums};
use crate::view::project::{CONTEXT_LIMIT, Project};
use crate::view::size::human;
use crate::view::state::Action;
use std::collections::BTreeSet;
use std::rc::Rc;
use web_sys::{FileList, HtmlElement, HtmlInputElement};
use yew::prelude::*;

/// Properties of [`Context`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ContextProps {
    /// What is edited.
    pub project: Project,
    /// Counts the loaded examples: a file of another one is another document.
    pub loads: u64,
    /// Files that .dockerignore leaves out.
    pub ignored: Rc<Vec<String>>,
    /// The open file, or the selected folder, whose path ends with `/`.
    pub open: Option<String>,
    /// Files that could not be taken.
    pub refused: Rc<Vec<String>>,
    /// Takes actions.
    pub dispatch: Dispatch,
}

/// The Context tab.
#[component]
pub fn Context(props: &ContextProps) -> Html {
    let i18n = use_i18n();
    let closed = use_state_eq(BTreeSet::<String>::new);
    let renamed = use_state_eq(|| None::<String>);
    let over = use_state_eq(|| false);
    let tree = use_node_ref();
    use_effect_with(props.open.clone(), {
        let tree = tree.clone();
        move |_| focus_selected(&tree)
    });
    let rows = rows(&props.project, &props.ignored, &closed);
    let take = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |list: FileList| {
            let dispatch = dispatch.clone();
            wasm_bindgen_futures::spawn_local(async move {
                let (files, refused) = dropped::read(list, CONTEXT_LIMIT).await;
                dispatch.dispatch(Action::AddFiles(files, refused));
            });
        })
    };
    let drag = |inside: bool| {
        let over = over.clone();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(inside);
        })
    };
    let ondrop = {
        let (over, take) = (over.clone(), take.clone());
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(false);
            if let Some(files) = event.data_transfer().and_then(|data| data.files()) {
                take.emit(files);
            }
        })
    };
    let toggle = {
        let closed = closed.clone();
        Callback::from(move |folder: String| {
            let mut next = (*closed).clone();
            if !next.remove(&folder) {
                next.insert(folder);
            }
            closed.set(next);
        })
    };
    let choose = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |path: String| dispatch.dispatch(Action::OpenFile(Some(path))))
    };
    let delete = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |path: String| dispatch.dispatch(Action::DeleteFile(path)))
    };
    let at = rows.iter().position(|row| Some(&row.path) == props.open.as_ref());
    let selected = at.and_then(|at| rows.get(at)).map(|row| row.path.clone());
    let onkeydown = {
        let (rows, choose, toggle, delete, renamed) =
            (rows.clone(), choose.clone(), toggle.clone(), delete.clone(), renamed.clone());
        Callback::from(move |event: KeyboardEvent| {
            let row = at.and_then(|at| rows.get(at));
            let go = |index: usize| {
                if let Some(row) = rows.get(index) {
                    choose.emit(row.path.clone());
                }
            };
            match (event.key().as_str(), at, row) {
                ("ArrowDown", Some(at), _) => go(at + 1),
                ("ArrowUp", Some(at), _) => go(at.saturating_sub(1)),
                ("ArrowDown" | "ArrowUp" | "Home", ..) => go(0),
                ("End", ..) => go(rows.len().saturating_sub(1)),
                ("ArrowRight", _, Some(row)) if row.open == Some(false) => toggle.emit(row.path.clone()),
                ("ArrowLeft", _, Some(row)) if row.open == Some(true) => toggle.emit(row.path.clone()),
                ("Enter" | " ", _, Some(row)) if row.open.is_some() => toggle.emit(row.path.clone()),
                ("F2", _, Some(row)) => renamed.set(Some(row.path.clone())),
                ("Delete", _, Some(row)) => delete.emit(row.path.clone()),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let items = rows.iter().enumerate().map(|(index, row)| {
        let tabbable = at.unwrap_or(0) == index;
        item(&i18n, props, row, at == Some(index), tabbable, &choose, &toggle)
    });
    let ((files, bytes), (left_files, left_bytes)) = sums(&props.project, &props.ignored);
    html! {
        <div class={classes!("ctx", (*over).then_some("drop"))} ondragover={drag(true)} ondragleave={drag(false)} {ondrop}>
            <p class="ctx-note">{ i18n.rich("context-note", &[]) }</p>
            <PathForm
                project={props.project.clone()}
                renamed={(*renamed).clone()}
                on_end={{
                    let renamed = renamed.clone();
                    Callback::from(move |()| renamed.set(None))
                }}
                dispatch={props.dispatch.clone()}
            />
            <div class="ctx-tools" role="toolbar" aria-label={i18n.t("context-tools")}>
                { picker(&i18n, "add-files", false, &take) }
                { picker(&i18n, "add-folder", true, &take) }
                if let Some(path) = selected {
                    { tools(&i18n, &path, &renamed, &delete) }
                }
            </div>
            if !props.refused.is_empty() {
                <p class="ctx-refused" role="alert">
                    { i18n.f("files-refused", &[
                        ("files", props.refused.join(", ").into()),
                        ("limit", human(CONTEXT_LIMIT).into()),
                    ]) }
                </p>
            }
            if rows.is_empty() {
                <p class="aside ctx-empty">{ i18n.t("context-empty") }{ " " }{ i18n.t("drop-here") }</p>
            } else {
                <p class="ctx-sum" role="status">
                    { i18n.f("context-sum", &[("n", files.into()), ("size", human(bytes).into())]) }
                    if left_files > 0 {
                        { " " }
                        { i18n.f("context-left-out", &[
                            ("n", left_files.into()),
                            ("size", human(left_bytes).into()),
                            ("rest", human(bytes - left_bytes).into()),
                        ]) }
                    }
                </p>
                <div ref={tree} class="ctx-files" role="tree" aria-label={i18n.t("context")} {onkeydown}>{ for items }</div>
            }
            { open_file(props, &i18n) }
        </div>
    }
}

fn item(
    i18n: &I18n,
    props: &ContextProps,
    row: &TreeRow,
    selected: bool,
    tabbable: bool,
    choose: &Callback<String>,
    toggle: &Callback<String>,
) -> Html {
    let onclick = {
        let (choose, toggle, path, folder) = (choose.clone(), toggle.clone(), row.path.clone(), row.open.is_some());
        Callback::from(move |_: MouseEvent| {
            choose.emit(path.clone());
            if folder {
                toggle.emit(path.clone());
            }
        })
    };
    let file = props.project.context.get(&row.path);
    html! {
        <div
            key={row.path.clone()}
            class={classes!("ctx-file", selected.then_some("open"), row.ignored.then_some("ignored"))}
            role="treeitem"
            aria-level={row.level.to_string()}
            aria-selected={selected.to_string()}
            aria-expanded={row.open.map(|open| open.to_string())}
            tabindex={if tabbable { "0" } else { "-1" }}
            data-level={row.level.min(8).to_string()}
            {onclick}
        >
            if let Some(open) = row.open {
                { chevron(open) }{ icon("dir") }
            } else {
                <i class="icon"></i>{ icon("file") }
            }
            <code>{ &row.name }</code>
            if row.ignored {
                <span class="tag">{ i18n.t("ignored") }</span>
            }
            if file.is_some_and(|file| file.placeholder) {
                <span class="tag">{ i18n.t("placeholder") }</span>
            }
            <span class="fsize">{ human(row.bytes) }</span>
            <span class="mode">{ file.map(|file| if file.executable { "0755" } else { "0644" }) }</span>
        </div>
    }
}

fn tools(i18n: &I18n, path: &str, renamed: &UseStateHandle<Option<String>>, delete: &Callback<String>) -> Html {
    let rename = {
        let (renamed, path) = (renamed.clone(), path.to_owned());
        Callback::from(move |_: MouseEvent| renamed.set(Some(path.clone())))
    };
    let delete = {
        let (delete, path) = (delete.clone(), path.to_owned());
        Callback::from(move |_: MouseEvent| delete.emit(path.clone()))
    };
    let of = [("path", path.into())];
    html! {
        <>
            <button type="button" class="button small" aria-label={i18n.f("rename-file", &of)} onclick={rename}>
                { i18n.t("rename") }
            </button>
            <button type="button" class="button small" aria-label={i18n.f("delete-file", &of)} onclick={delete}>
                { i18n.t("delete") }
            </button>
        </>
    }
}

/// A button that asks the browser for files, or for a folder.
fn picker(i18n: &I18n, key: &str, folder: bool, take: &Callback<FileList>) -> Html {
    let onchange = {
        let take = take.clone();
        Callback::from(move |event: Event| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            if let Some(files) = input.files() {
                take.emit(files);
            }
        })
    };
    html! {
        <label class="button small file-picker">
            { i18n.t(key) }
            <input type="file" class="vh" multiple=true webkitdirectory={folder} {onchange} />
        </label>
    }
}

/// Properties of [`PathForm`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct PathFormProps {
    project: Project,
    /// What gets a new path; none where the path is a new file's.
    renamed: Option<String>,
    on_end: Callback<()>,
    dispatch: Dispatch,
}

/// The field for a path: of a new file, or the new one of a file or folder.
#[component]
fn PathForm(props: &PathFormProps) -> Html {
    let i18n = use_i18n();
    let name = use_state_eq(String::new);
    let field = use_node_ref();
    use_effect_with(props.renamed.clone(), {
        let (name, field) = (name.clone(), field.clone());
        move |renamed: &Option<String>| {
            if let Some(path) = renamed {
                name.set(path.trim_end_matches('/').to_owned());
                if let Some(field) = field.cast::<HtmlElement>() {
                    // A field that cannot take the focus leaves it where it is.
                    let _ = field.focus();
                }
            }
        }
    });
    let fits = match &props.renamed {
        Some(from) => props.project.can_rename(from, &name),
        None => props.project.accepts_path(&name),
    };
    let refused =
        !name.is_empty() && !fits && props.renamed.as_deref().map(|path| path.trim_end_matches('/')) != Some(&**name);
    let on_name = {
        let name = name.clone();
        Callback::from(move |event: InputEvent| name.set(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let onsubmit = {
        let (name, props) = (name.clone(), props.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let path = (*name).clone();
            match &props.renamed {
                Some(from) if fits => props.dispatch.dispatch(Action::RenameFile(from.clone(), path)),
                None if fits => {
                    props.dispatch.dispatch(Action::EditFile(path.clone(), "".into()));
                    props.dispatch.dispatch(Action::OpenFile(Some(path)));
                }
                _ => return,
            }
            name.set(String::new());
            props.on_end.emit(());
        })
    };
    let onkeydown = {
        let (name, on_end) = (name.clone(), props.on_end.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                name.set(String::new());
                on_end.emit(());
            }
        })
    };
    let label = match &props.renamed {
        Some(path) => i18n.f("new-path-of", &[("path", path.as_str().into())]),
        None => i18n.t("new-file-path"),
    };
    html! {
        <>
            <form class="ctx-add" {onsubmit}>
                <input
                    ref={field}
                    type="text"
                    aria-label={label}
                    aria-invalid={refused.then_some("true")}
                    aria-describedby={refused.then_some("ctx-refused")}
                    placeholder="src/app.txt"
                    spellcheck="false"
                    autocapitalize="off"
                    autocomplete="off"
                    value={(*name).clone()}
                    oninput={on_name}
                    {onkeydown}
                />
                <button type="submit" class="button small" disabled={refused}>
                    { i18n.t(if props.renamed.is_some() { "rename" } else { "add-file" }) }
                </button>
            </form>
            if refused {
                <p class="ctx-refused" id="ctx-refused" role="status">{ i18n.t("path-refused") }</p>
            }
        </>
    }
}

/// The open file, in an editor of its own.
fn open_file(props: &ContextProps, i18n: &I18n) -> Html {
    let Some((path, file)) = props.open.as_ref().and_then(|path| props.project.context.get_key_value(path)) else {
        return Html::default();
    };
    let on_edit = {
        let (dispatch, path) = (props.dispatch.clone(), path.clone());
        Callback::from(move |text: Rc<str>| dispatch.dispatch(Action::EditFile(path.clone(), text)))
    };
    let on_executable = {
        let (dispatch, path, executable) = (props.dispatch.clone(), path.clone(), file.executable);
        Callback::from(move |_: Event| dispatch.dispatch(Action::SetExecutable(path.clone(), !executable)))
    };
    html! {
        <div class="ctx-open" key={path.clone()}>
            <p class="ctx-open-head">
                <code>{ path }</code>
                <label class="switch">
                    <input type="checkbox" checked={file.executable} onchange={on_executable} />{ " " }{ i18n.t("executable") }
                </label>
            </p>
            if file.is_text() {
                <div class="ctx-editor">
                    <Editor
                        name={format!("{path}-{}", props.loads)}
                        text={file.text.clone()}
                        label={i18n.f("text-of", &[("path", path.as_str().into())])}
                        phrases={Rc::new(editor_words::phrases(i18n))}
                        {on_edit}
                    />
                </div>
            } else {
                <p class="aside">{ i18n.f("not-text", &[("size", human(file.len()).into())]) }</p>
            }
        </div>
    }
}
