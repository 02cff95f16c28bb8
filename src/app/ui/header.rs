//! The top bar: the name, the examples, the language, the theme.

use super::Dispatch;
use super::parts::icon;
use crate::app::i18n::{I18n, use_i18n};
use crate::view::project::EXAMPLES;
use crate::view::state::{Action, Language, Settings, Theme};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Properties of [`Header`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct HeaderProps {
    /// The example that was loaded last.
    pub example: usize,
    /// Theme and language.
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
        _ => i18n.t("example-six-layers"),
    }
}

/// What an example shows, in a line.
fn example_about(i18n: &I18n, index: usize) -> String {
    match EXAMPLES.get(index).map(|example| example.name) {
        Some("one-layer") => i18n.t("example-one-layer-about"),
        Some("cached") => i18n.t("example-cached-about"),
        Some("shared") => i18n.t("example-shared-about"),
        _ => i18n.t("example-six-layers-about"),
    }
}

/// The top bar.
#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let i18n = use_i18n();
    let (label, next) = match props.settings.theme {
        Theme::System => (i18n.t("theme-system"), Theme::Light),
        Theme::Light => (i18n.t("theme-light"), Theme::Dark),
        Theme::Dark => (i18n.t("theme-dark"), Theme::System),
    };
    let set_theme = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::SetTheme(next)))
    };
    let (other, name) = match props.settings.language {
        Language::En => (Language::Ko, "한국어"),
        Language::Ko => (Language::En, "English"),
    };
    let set_language = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::SetLanguage(other)))
    };
    html! {
        <header class="topbar">
            <h1 class="wordmark">{ icon("logo") }{ "Layerlab" }</h1>
            <ExampleMenu example={props.example} dispatch={props.dispatch.clone()} />
            <div class="topbar-tools">
                <button type="button" class="quiet" lang={other.tag()} data-language="" onclick={set_language}>
                    { name }
                </button>
                <button
                    type="button"
                    class="quiet"
                    data-theme-button=""
                    title={i18n.t("theme-switch")}
                    onclick={set_theme}
                >
                    { icon("theme") }
                    <span><span class="vh">{ i18n.t("theme") }{ ": " }</span>{ label }</span>
                </button>
            </div>
        </header>
    }
}

/// Properties of [`ExampleMenu`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ExampleMenuProps {
    /// The example that was loaded last.
    pub example: usize,
    /// Takes actions.
    pub dispatch: Dispatch,
}

/// The examples, as a menu button (ARIA pattern): arrows, Home, End, Escape, Tab closes.
#[component]
pub fn ExampleMenu(props: &ExampleMenuProps) -> Html {
    let i18n = use_i18n();
    let open = use_state_eq(|| false);
    let button = use_node_ref();
    let menu = use_node_ref();
    // The menu's first look goes to the example that is loaded.
    use_effect_with(*open, {
        let (menu, example) = (menu.clone(), props.example);
        move |open| {
            if *open {
                focus_item(&menu, example);
            }
        }
    });
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let close = {
        let (open, button) = (open.clone(), button.clone());
        Callback::from(move |()| {
            open.set(false);
            if let Some(button) = button.cast::<HtmlElement>() {
                let _ = button.focus();
            }
        })
    };
    let onkeydown = {
        let (close, open, menu) = (close.clone(), open.clone(), menu.clone());
        Callback::from(move |event: KeyboardEvent| {
            let at = focused_item(&menu).unwrap_or(0);
            let last = EXAMPLES.len() - 1;
            match event.key().as_str() {
                "Escape" => close.emit(()),
                "Tab" => {
                    open.set(false);
                    return;
                }
                "ArrowDown" => focus_item(&menu, if at == last { 0 } else { at + 1 }),
                "ArrowUp" => focus_item(&menu, if at == 0 { last } else { at - 1 }),
                "Home" => focus_item(&menu, 0),
                "End" => focus_item(&menu, last),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let open_by_key = {
        let open = open.clone();
        Callback::from(move |event: KeyboardEvent| {
            if matches!(event.key().as_str(), "ArrowDown" | "ArrowUp") {
                event.prevent_default();
                open.set(true);
            }
        })
    };
    // A press outside closes it; the item's own click comes after.
    let onfocusout = {
        let (open, menu, button) = (open.clone(), menu.clone(), button.clone());
        Callback::from(move |event: FocusEvent| {
            let to = event.related_target().and_then(|to| to.dyn_into::<web_sys::Node>().ok());
            let inside = |node: &NodeRef| node.get().is_some_and(|node| node.contains(to.as_ref()));
            if !inside(&menu) && !inside(&button) {
                open.set(false);
            }
        })
    };
    let items = (0..EXAMPLES.len()).map(|index| {
        let onclick = {
            let (dispatch, close) = (props.dispatch.clone(), close.clone());
            Callback::from(move |_: MouseEvent| {
                dispatch.dispatch(Action::Load(index));
                close.emit(());
            })
        };
        let checked = index == props.example;
        html! {
            <button
                key={index}
                type="button"
                role="menuitemradio"
                aria-checked={checked.to_string()}
                tabindex="-1"
                {onclick}
            >
                <b>{ example_name(&i18n, index) }</b>
                <span>{ example_about(&i18n, index) }</span>
            </button>
        }
    });
    html! {
        <div class="menu-host" {onfocusout}>
            <button
                ref={button}
                type="button"
                class="quiet"
                aria-haspopup="menu"
                aria-expanded={open.to_string()}
                onclick={toggle}
                onkeydown={open_by_key}
            >
                <span>{ i18n.f("example", &[("name", example_name(&i18n, props.example).into())]) }</span>
                { icon("menu") }
            </button>
            if *open {
                <div ref={menu} class="menu" role="menu" aria-label={i18n.t("examples")} {onkeydown}>
                    { for items }
                </div>
            }
        </div>
    }
}

fn focus_item(menu: &NodeRef, index: usize) {
    if let Some(item) = menu
        .cast::<web_sys::Element>()
        .and_then(|menu| menu.children().item(index as u32))
        .and_then(|item| item.dyn_into::<HtmlElement>().ok())
    {
        let _ = item.focus();
    }
}

fn focused_item(menu: &NodeRef) -> Option<usize> {
    let items = menu.cast::<web_sys::Element>()?.children();
    let active = gloo::utils::document().active_element()?;
    (0..items.length()).find(|i| items.item(*i).as_ref() == Some(&active)).map(|i| i as usize)
}
