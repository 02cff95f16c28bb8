//! The Images dialog: archives are opened, explored and made; and the page as a whole takes a dropped archive.

use super::Dispatch;
use super::parts::icon;
use crate::app::i18n::{I18n, use_i18n};
use crate::view::images::{Deed, Form, Images, Phase, What, Work};
use crate::view::project::Project;
use crate::view::size::human;
use crate::view::state::{Action, Dialog};
use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, FileList, HtmlInputElement, Url};
use yew::prelude::*;

/// Ends of names that are image archives; other files that are dropped are left to whoever else takes them.
const ARCHIVES: [&str; 9] = [".tar", ".tar.gz", ".tgz", ".tar.zst", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".oci"];

/// Properties of [`ImagesBody`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ImagesProps {
    /// What was opened and made.
    pub images: Rc<Images>,
    /// There is an image to take away.
    pub has_image: bool,
    /// Takes actions.
    pub dispatch: Dispatch,
}

/// What the dialog holds.
#[component]
pub fn ImagesBody(props: &ImagesProps) -> Html {
    let i18n = use_i18n();
    let onchange = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            if let Some(files) = input.files() {
                open_all(&files, &dispatch, |_| true);
            }
            // The same file may be chosen once more.
            input.set_value("");
        })
    };
    let export = |form: Form| {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Images(Deed::Export(form))))
    };
    html! {
        <>
            <p id="images-about">{ i18n.t("images-about") }</p>
            <p class="downloads">
                <input id="images-files" type="file" multiple=true aria-describedby="images-about" aria-label={i18n.t("images-choose")} {onchange} />
            </p>
            <ul class="works">{ for props.images.works.iter().map(|work| line(&i18n, work, &props.dispatch)) }</ul>
            <h3>{ i18n.t("images-export") }</h3>
            <p>{ i18n.t("images-export-about") }</p>
            <p class="downloads">
                <button type="button" class="button small" disabled={!props.has_image} onclick={export(Form::Docker)}>
                    { icon("down") }{ i18n.t("images-docker") }
                </button>
                <button type="button" class="button small" disabled={!props.has_image} onclick={export(Form::Oci)}>
                    { icon("down") }{ i18n.t("images-oci") }
                </button>
            </p>
        </>
    }
}

fn line(i18n: &I18n, work: &Work, dispatch: &Dispatch) -> Html {
    let does = |action: Action| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(action.clone()))
    };
    let name = match &work.what {
        What::Open(file) => file.clone(),
        What::Export(form) => form.file().to_owned(),
    };
    let (label, body) = match &work.phase {
        Phase::Working(done, total) => {
            let said = i18n.f("images-progress", &[("done", human(*done).into()), ("total", human(*total).into())]);
            let body = html! {
                <>
                    <progress max={total.to_string()} value={done.to_string()} aria-label={name.clone()} />
                    <span class="num">{ said }</span>
                </>
            };
            (i18n.t("cancel"), body)
        }
        Phase::Opened(images) => {
            let images = images.iter().map(|image| {
                let from = Project::of_dockerfile(&format!("FROM {}\n", image.name));
                let show = {
                    let dispatch = dispatch.clone();
                    Callback::from(move |_: MouseEvent| {
                        dispatch.dispatch(Action::Open(Box::new(from.clone())));
                        dispatch.dispatch(Action::ShowDialog(None));
                    })
                };
                let about =
                    i18n.f("images-line", &[("layers", image.layers.into()), ("size", human(image.size).into())]);
                html! {
                    <li>
                        <code>{ &image.name }</code><span class="num">{ about }</span>
                        <button type="button" class="button small" onclick={show}>{ i18n.t("images-show") }</button>
                    </li>
                }
            });
            (i18n.t("close"), html! { <ul class="opened">{ for images }</ul> })
        }
        Phase::Made(url, size) => {
            let said = i18n.f("images-save", &[("size", human(*size).into())]);
            (
                i18n.t("close"),
                html! { <a class="button small solid" href={url.clone()} download={name.clone()}>{ icon("down") }{ said }</a> },
            )
        }
        Phase::Failed(message) => {
            (i18n.t("close"), html! { <p class="refused" lang="en" role="alert">{ message }</p> })
        }
    };
    let drop = does(Action::Images(Deed::Drop(work.ticket)));
    html! {
        <li key={work.ticket}>
            <b>{ &name }</b>
            { body }
            <button type="button" class="iconbtn" aria-label={format!("{label}: {name}")} title={label} onclick={drop}>
                { icon("x") }
            </button>
        </li>
    }
}

/// Opens files: each becomes an object URL, which the worker can read.
fn open_all(files: &FileList, dispatch: &Dispatch, wanted: impl Fn(&str) -> bool) -> bool {
    let mut any = false;
    for file in (0..files.length()).filter_map(|index| files.get(index)) {
        let name = file.name();
        if wanted(&name)
            && let Ok(url) = Url::create_object_url_with_blob(&file)
        {
            any = true;
            dispatch.dispatch(Action::Images(Deed::Open(name, url, file.size() as u64)));
        }
    }
    any
}

/// The page takes archives that are dropped anywhere on it.
#[hook]
pub fn use_drop(dispatch: &Dispatch) {
    let dispatch = dispatch.clone();
    use_effect_with((), move |()| {
        // Before the editor, which would put the file's bytes into the text.
        let options = EventListenerOptions { phase: EventListenerPhase::Capture, passive: false };
        let window = gloo::utils::window();
        let over = EventListener::new_with_options(&window, "dragover", options, |event| {
            let files = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
            if files.is_some_and(|transfer| transfer.types().includes(&"Files".into(), 0)) {
                event.prevent_default();
            }
        });
        let drop = EventListener::new_with_options(&window, "drop", options, move |event| {
            let transfer = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
            let is_archive = |name: &str| ARCHIVES.iter().any(|end| name.to_lowercase().ends_with(end));
            if let Some(files) = transfer.and_then(|transfer| transfer.files())
                && open_all(&files, &dispatch, is_archive)
            {
                event.prevent_default();
                event.stop_propagation();
                dispatch.dispatch(Action::ShowDialog(Some(Dialog::Images)));
            }
        });
        move || drop_both(over, drop)
    });
}

/// Ends two listeners.
fn drop_both(over: EventListener, dropped: EventListener) {
    drop((over, dropped));
}
