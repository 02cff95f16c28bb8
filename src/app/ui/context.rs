//! The Context tab: the build context's files, added, edited and deleted.

use super::Dispatch;
use super::parts::icon;
use crate::app::i18n::use_i18n;
use crate::view::project::Project;
use crate::view::size::human;
use crate::view::state::Action;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Context`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ContextProps {
    /// What is edited.
    pub project: Project,
    /// Files that .dockerignore leaves out.
    pub ignored: Rc<Vec<String>>,
    /// The open file.
    pub open: Option<String>,
    /// Takes actions.
    pub dispatch: Dispatch,
}

/// The Context tab.
#[component]
pub fn Context(props: &ContextProps) -> Html {
    let i18n = use_i18n();
    let name = use_state_eq(String::new);
    let refused = !name.is_empty() && !props.project.accepts_path(&name);
    let on_name = {
        let name = name.clone();
        Callback::from(move |event: InputEvent| {
            name.set(event.target_unchecked_into::<web_sys::HtmlInputElement>().value());
        })
    };
    let field = use_node_ref();
    let onsubmit = {
        let (name, dispatch, field) = (name.clone(), props.dispatch.clone(), field.clone());
        let fits = props.project.accepts_path(&name);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if fits {
                dispatch.dispatch(Action::EditFile((*name).clone(), "".into()));
                dispatch.dispatch(Action::OpenFile(Some((*name).clone())));
                name.set(String::new());
            } else if let Some(field) = field.cast::<web_sys::HtmlElement>() {
                // A field that cannot take the focus leaves it where it is.
                let _ = field.focus();
            }
        })
    };
    let files = props.project.context.iter().map(|(path, file)| {
        let open = props.open.as_ref() == Some(path);
        let ignored = props.ignored.contains(path);
        let choose = {
            let (dispatch, path) = (props.dispatch.clone(), path.clone());
            Callback::from(move |_: MouseEvent| {
                dispatch.dispatch(Action::OpenFile(if open { None } else { Some(path.clone()) }));
            })
        };
        let delete = {
            let (dispatch, path) = (props.dispatch.clone(), path.clone());
            Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::DeleteFile(path.clone())))
        };
        html! {
            <li key={path.clone()} class={classes!(open.then_some("open"), ignored.then_some("ignored"))}>
                <button type="button" class="ctx-file" aria-expanded={open.to_string()} onclick={choose}>
                    { icon("file") }
                    <code>{ path }</code>
                    if file.placeholder {
                        <span class="tag">{ i18n.t("placeholder") }</span>
                    }
                    if ignored {
                        <span class="tag">{ i18n.t("ignored") }</span>
                    }
                    <span class="fsize">{ human(file.text.len() as u64) }</span>
                    <span class="mode">{ if file.executable { "0755" } else { "0644" } }</span>
                </button>
                <button
                    type="button"
                    class="iconbtn"
                    aria-label={i18n.f("delete-file", &[("path", path.as_str().into())])}
                    onclick={delete}
                >
                    { icon("x") }
                </button>
            </li>
        }
    });
    html! {
        <div class="ctx">
            <p class="ctx-note">{ i18n.rich("context-note", &[]) }</p>
            <form class="ctx-add" {onsubmit}>
                <input
                    ref={field}
                    type="text"
                    aria-label={i18n.t("new-file-path")}
                    aria-invalid={refused.then_some("true")}
                    aria-describedby={refused.then_some("ctx-refused")}
                    placeholder="src/app.txt"
                    spellcheck="false"
                    autocapitalize="off"
                    autocomplete="off"
                    value={(*name).clone()}
                    oninput={on_name}
                />
                <button type="submit" class="button small" disabled={refused}>{ i18n.t("add-file") }</button>
            </form>
            if refused {
                <p class="ctx-refused" id="ctx-refused" role="status">{ i18n.t("path-refused") }</p>
            }
            if props.project.context.is_empty() {
                <p class="aside">{ i18n.t("context-empty") }</p>
            } else {
                <ul class="ctx-files" aria-label={i18n.t("context")}>{ for files }</ul>
            }
            { open_file(props, &i18n) }
        </div>
    }
}

fn open_file(props: &ContextProps, i18n: &crate::app::i18n::I18n) -> Html {
    let Some((path, file)) = props.open.as_ref().and_then(|path| props.project.context.get_key_value(path)) else {
        return Html::default();
    };
    let oninput = {
        let (dispatch, path) = (props.dispatch.clone(), path.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<web_sys::HtmlTextAreaElement>().value();
            dispatch.dispatch(Action::EditFile(path.clone(), text.into()));
        })
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
            <textarea
                class="plain-editor"
                aria-label={i18n.f("text-of", &[("path", path.as_str().into())])}
                spellcheck="false"
                autocapitalize="off"
                value={file.text.to_string()}
                {oninput}
            />
        </div>
    }
}
