//! The top bar: the name, the examples, sharing and embedding, the shortcuts, the language, theme and size.

use super::Dispatch;
use super::menu::{Choice, Menu};
use super::parts::icon;
use crate::app::i18n::{I18n, use_i18n};
use crate::catalog::samples;
use crate::view::project::EXAMPLES;
use crate::view::state::{Action, Dialog, Language, Settings, Theme};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// Properties of [`Header`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct HeaderProps {
    /// The example that was loaded last.
    pub example: Option<usize>,
    /// Theme, language, size.
    pub settings: Settings,
    /// Takes actions.
    pub dispatch: Dispatch,
}

/// An example's name in the reader's language.
fn example_name(i18n: &I18n, index: usize) -> String {
    match EXAMPLES.get(index).map(|example| example.name) {
        Some("one-layer") => i18n.t("example-one-layer"),
        Some("cached") => i18n.t("example-cached"),
        Some("shared") => i18n.t("example-shared"),
        Some("stages") => i18n.t("example-stages"),
        _ => i18n.t("example-six-layers"),
    }
}

/// What an example shows, in a line.
fn example_about(i18n: &I18n, index: usize) -> String {
    match EXAMPLES.get(index).map(|example| example.name) {
        Some("one-layer") => i18n.t("example-one-layer-about"),
        Some("cached") => i18n.t("example-cached-about"),
        Some("shared") => i18n.t("example-shared-about"),
        Some("stages") => i18n.t("example-stages-about"),
        _ => i18n.t("example-six-layers-about"),
    }
}

/// A sample application's name in the reader's language.
fn sample_name(i18n: &I18n, name: &str) -> String {
    match name {
        "node" => i18n.t("sample-node"),
        "python" => i18n.t("sample-python"),
        "go" => i18n.t("sample-go"),
        "java" => i18n.t("sample-java"),
        "rust" => i18n.t("sample-rust"),
        _ => i18n.t("sample-static"),
    }
}

/// The top bar.
#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let i18n = use_i18n();
    let (other, name) = match props.settings.language {
        Language::En => (Language::Ko, "한국어"),
        Language::Ko => (Language::En, "English"),
    };
    let does = |action: Action| {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(action.clone()))
    };
    let opens = |dialog| does(Action::ShowDialog(Some(dialog)));
    html! {
        <header class="topbar">
            <h1 class="wordmark">{ icon("logo") }{ "Layerlab" }</h1>
            { examples(&i18n, props) }
            <div class="topbar-tools">
                <button type="button" class="quiet" aria-haspopup="dialog" onclick={opens(Dialog::Images)}>
                    { icon("box") }<span>{ i18n.t("images") }</span>
                </button>
                <button type="button" class="quiet" aria-haspopup="dialog" onclick={opens(Dialog::Share)}>
                    { icon("share") }<span>{ i18n.t("share") }</span>
                </button>
                <button type="button" class="quiet" aria-haspopup="dialog" onclick={opens(Dialog::Embed)}>
                    { icon("embed") }<span>{ i18n.t("embed") }</span>
                </button>
                <button
                    type="button"
                    class="quiet key-help"
                    aria-haspopup="dialog"
                    aria-label={i18n.t("shortcuts")}
                    title={i18n.t("shortcuts")}
                    onclick={opens(Dialog::Keys)}
                >
                    <b class="key-mark" aria-hidden="true">{ "?" }</b>
                </button>
                <button
                    type="button"
                    class="quiet"
                    lang={other.tag()}
                    data-language=""
                    onclick={does(Action::SetLanguage(other))}
                >
                    { name }
                </button>
                { looks(&i18n, props) }
            </div>
        </header>
    }
}

fn examples(i18n: &I18n, props: &HeaderProps) -> Html {
    let choices: Vec<Choice> = (0..EXAMPLES.len())
        .map(|index| Choice {
            group: Some(i18n.t("examples").into()),
            label: example_name(i18n, index).into(),
            about: Some(example_about(i18n, index).into()),
            lang: None,
            checked: props.example == Some(index),
        })
        .chain(samples::NAMES.iter().map(|name| Choice {
            group: Some(i18n.t("samples").into()),
            label: sample_name(i18n, name).into(),
            about: None,
            lang: None,
            checked: false,
        }))
        .collect();
    let on_choose = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |index: usize| {
            let Some(name) = index.checked_sub(EXAMPLES.len()).and_then(|at| samples::NAMES.get(at)) else {
                dispatch.dispatch(Action::Load(index));
                return;
            };
            let dispatch = dispatch.clone();
            spawn_local(async move {
                if let Some(project) = crate::app::samples::fetch(name).await {
                    dispatch.dispatch(Action::Open(Box::new(project)));
                }
            });
        })
    };
    let label = match props.example {
        Some(index) => i18n.f("example", &[("name", example_name(i18n, index).into())]),
        None => i18n.t("examples"),
    };
    html! { <Menu {label} name={i18n.t("examples")} {choices} {on_choose} /> }
}

/// The theme and the size.
fn looks(i18n: &I18n, props: &HeaderProps) -> Html {
    let theme = |theme| match theme {
        Theme::System => i18n.t("theme-system"),
        Theme::Light => i18n.t("theme-light"),
        Theme::Dark => i18n.t("theme-dark"),
    };
    let choice = |group: String, label: String, checked| Choice {
        group: Some(group.into()),
        label: label.into(),
        about: None,
        lang: None,
        checked,
    };
    let large = props.settings.large;
    let choices: Vec<Choice> = Theme::ALL
        .iter()
        .map(|one| choice(i18n.t("theme"), theme(*one), *one == props.settings.theme))
        .chain([
            choice(i18n.t("type-size"), i18n.t("size-normal"), !large),
            choice(i18n.t("type-size"), i18n.t("size-large"), large),
        ])
        .collect();
    let on_choose = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |index: usize| {
            dispatch.dispatch(match Theme::ALL.get(index) {
                Some(theme) => Action::SetTheme(*theme),
                None => Action::SetLarge(index > Theme::ALL.len()),
            });
        })
    };
    html! { <Menu label={i18n.t("look")} symbol="theme" name={i18n.t("look")} at_end=true {choices} {on_choose} /> }
}
