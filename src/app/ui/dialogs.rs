//! The page's dialogs: the shortcuts, sharing, embedding. Each is a `<dialog>` that the browser keeps modal: it holds the
//! focus, closes with Escape, and gives the focus back.

use super::Dispatch;
use super::images::ImagesBody;
use super::keys::KEYS;
use super::parts::icon;
use super::picture::Downloads;
use crate::app::i18n::{I18n, use_i18n};
use crate::app::{clipboard, permalink};
use crate::view::images::Images;
use crate::view::ledger::LedgerView;
use crate::view::picture::Scene;
use crate::view::project::Project;
use crate::view::state::{Action, Dialog};
use std::rc::Rc;
use web_sys::{HtmlDialogElement, HtmlElement};
use yew::prelude::*;

/// Properties of [`Dialogs`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct DialogsProps {
    /// The open one.
    pub open: Option<Dialog>,
    /// What is shared.
    pub project: Project,
    /// The picture that is downloaded.
    pub scene: Option<Rc<Scene>>,
    /// The ledger above it.
    pub ledger: Option<Rc<LedgerView>>,
    /// Do single keys work outside of controls?
    pub keys: bool,
    /// Archives of images.
    pub images: Rc<Images>,
    /// Takes actions.
    pub dispatch: Dispatch,
}

/// The open dialog.
#[component]
pub fn Dialogs(props: &DialogsProps) -> Html {
    let i18n = use_i18n();
    let Some(open) = props.open else { return Html::default() };
    let (title, body) = match open {
        Dialog::Keys => (i18n.t("shortcuts"), shortcuts(&i18n, props)),
        Dialog::Share => (
            i18n.t("share-title"),
            html! {
                <>
                    <Link project={props.project.clone()} embedded=false />
                    <h3>{ i18n.t("picture-title") }</h3>
                    <Downloads scene={props.scene.clone()} ledger={props.ledger.clone()} />
                </>
            },
        ),
        Dialog::Images => (
            i18n.t("images"),
            html! {
                <ImagesBody
                    images={props.images.clone()}
                    has_image={matches!(props.ledger.as_deref(), Some(LedgerView::Image(_)))}
                    dispatch={props.dispatch.clone()}
                />
            },
        ),
        Dialog::Embed => (i18n.t("embed-title"), html! { <Link project={props.project.clone()} embedded=true /> }),
    };
    html! { <Modal key={format!("{open:?}")} {title} dispatch={props.dispatch.clone()}>{ body }</Modal> }
}

/// Properties of [`Modal`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct ModalProps {
    title: AttrValue,
    children: Html,
    dispatch: Dispatch,
}

/// The frame of a dialog.
#[component]
fn Modal(props: &ModalProps) -> Html {
    let i18n = use_i18n();
    let dialog = use_node_ref();
    use_effect_with(dialog.clone(), |dialog| {
        if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
            // It fails only for one that is open already.
            let _ = dialog.show_modal();
        }
    });
    let onclose = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: Event| dispatch.dispatch(Action::ShowDialog(None)))
    };
    let close = {
        let dialog = dialog.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                dialog.close();
            }
        })
    };
    html! {
        <dialog ref={dialog} aria-labelledby="dialog-title" {onclose}>
            <header>
                <h2 id="dialog-title">{ &props.title }</h2>
                <button type="button" class="iconbtn" aria-label={i18n.t("close")} onclick={close}>{ icon("x") }</button>
            </header>
            { props.children.clone() }
        </dialog>
    }
}

fn shortcuts(i18n: &I18n, props: &DialogsProps) -> Html {
    let row = |keys: &str, said: String| {
        let keys = keys.split(' ').map(|key| html! { <><kbd>{ key }</kbd>{ " " }</> });
        html! { <div><dt>{ for keys }</dt><dd>{ said }</dd></div> }
    };
    let onchange = {
        let (dispatch, on) = (props.dispatch.clone(), props.keys);
        Callback::from(move |_: Event| dispatch.dispatch(Action::SetKeys(!on)))
    };
    html! {
        <>
            <h3>{ i18n.t("keys-everywhere") }</h3>
            <dl class="keys-list">{ for KEYS.iter().map(|key| row(key.shown, key.words(i18n))) }</dl>
            <label class="check"><input type="checkbox" checked={props.keys} {onchange} />{ i18n.t("keys-on") }</label>
            <h3>{ i18n.t("keys-in-controls") }</h3>
            <dl class="keys-list">
                { row("↑ ↓ Home End", i18n.t("keys-stack")) }
                { row("← →", i18n.t("keys-base")) }
                { row("← →", i18n.t("keys-slider")) }
                { row("Esc Tab", i18n.t("keys-leave")) }
                { row("Ctrl+F", i18n.t("cm-find")) }
            </dl>
        </>
    }
}

/// Properties of [`Link`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct LinkProps {
    project: Project,
    /// The snippet of an embedded page, and not the link alone.
    embedded: bool,
}

/// A link that holds the whole project, to copy; or the snippets that embed it.
#[component]
fn Link(props: &LinkProps) -> Html {
    let i18n = use_i18n();
    let link = use_state_eq(String::new);
    use_effect_with((props.project.clone(), props.embedded), {
        let link = link.setter();
        move |(project, embedded)| {
            let (project, embedded) = (project.clone(), *embedded);
            wasm_bindgen_futures::spawn_local(async move {
                link.set(if embedded {
                    permalink::embedded(&project).await
                } else {
                    permalink::packed(&project).await
                });
            });
        }
    });
    if !props.embedded {
        return html! {
            <>
                <p>{ i18n.rich("share-text", &[]) }</p>
                <Copyable label={i18n.t("share-link")} text={(*link).clone()} />
            </>
        };
    }
    let title = i18n.t("layer-stack");
    let frame =
        format!("<iframe src=\"{}\" title=\"{title}\" width=\"600\" height=\"420\" loading=\"lazy\"></iframe>", *link);
    let element = format!(
        "<pre><code>{}</code></pre>\n<layerlab-embed></layerlab-embed>\n<script defer src=\"{}\"></script>",
        escaped(&props.project.dockerfile),
        permalink::beside("embed.js")
    );
    html! {
        <>
            <p>{ i18n.rich("embed-text", &[]) }</p>
            <Copyable label={i18n.t("embed-frame")} text={frame} />
            <p>{ i18n.rich("embed-element-text", &[]) }</p>
            <Copyable label={i18n.t("embed-element")} text={element} />
        </>
    }
}

/// Text as it stands in HTML.
fn escaped(text: &str) -> String {
    text.trim_end().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Properties of [`Copyable`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct CopyableProps {
    label: AttrValue,
    text: AttrValue,
}

/// A text to copy: by its button, or by hand where the clipboard is refused.
#[component]
fn Copyable(props: &CopyableProps) -> Html {
    let i18n = use_i18n();
    // What was copied, and whether that worked: said until the text is another.
    let copied = use_state_eq(|| None::<(AttrValue, bool)>);
    let field = use_node_ref();
    let onclick = {
        let (text, copied, field) = (props.text.clone(), copied.setter(), field.clone());
        Callback::from(move |_: MouseEvent| {
            let (text, copied, field) = (text.clone(), copied.clone(), field.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let done = clipboard::copy(&text).await;
                if !done && let Some(field) = field.cast::<web_sys::HtmlTextAreaElement>() {
                    field.select();
                    focus(&field);
                }
                copied.set(Some((text, done)));
            });
        })
    };
    let said = match &*copied {
        Some((text, true)) if *text == props.text => i18n.t("copied"),
        Some((text, false)) if *text == props.text => i18n.t("copy-by-hand"),
        _ => String::new(),
    };
    html! {
        <div class="copyable">
            <textarea
                ref={field}
                readonly=true
                rows="3"
                aria-label={props.label.clone()}
                value={props.text.clone()}
                spellcheck="false"
            />
            <p>
                <button type="button" class="button small solid" disabled={props.text.is_empty()} {onclick}>
                    { i18n.t("copy") }
                </button>
                <span role="status">{ said }</span>
            </p>
        </div>
    }
}

fn focus(element: &HtmlElement) {
    // An element that cannot take the focus leaves it where it is.
    let _ = element.focus();
}
