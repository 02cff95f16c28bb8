//! Single keys that work anywhere on the page but where one types, and the list that says so.

use super::Dispatch;
use crate::app::i18n::I18n;
use crate::view::panel::Tab;
use crate::view::state::{Action, Dialog, Pane};
use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};
use yew::prelude::*;

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// Opens the list of them.
    Help,
    /// Goes to a pane.
    Go(Pane),
    /// Presses a button of the stepper, by its id.
    Press(&'static str),
    /// Counts layers as Docker before 1.10 did, or as today.
    Count,
    /// Opens the dialog with the link.
    Share,
}

/// One key.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// As the browser names it.
    pub key: &'static str,
    /// As the list shows it.
    pub shown: &'static str,
    /// What it does.
    pub does: Does,
}

/// All of them, in the list's order; the inspector's tabs have 1 to 7 beside.
pub const KEYS: [Key; 9] = [
    Key { key: "?", shown: "?", does: Does::Help },
    Key { key: "[", shown: "[", does: Does::Press("previous-step") },
    Key { key: "]", shown: "]", does: Does::Press("next-step") },
    Key { key: "p", shown: "p", does: Does::Press("play") },
    Key { key: "c", shown: "c", does: Does::Count },
    Key { key: "e", shown: "e", does: Does::Go(Pane::Editor) },
    Key { key: "s", shown: "s", does: Does::Go(Pane::Stack) },
    Key { key: "i", shown: "i", does: Does::Go(Pane::Inspector) },
    Key { key: "l", shown: "l", does: Does::Share },
];

impl Key {
    /// What it does, in words.
    pub fn words(&self, i18n: &I18n) -> String {
        match self.does {
            Does::Help => i18n.t("key-help"),
            Does::Press("previous-step") => i18n.t("previous-step"),
            Does::Press("next-step") => i18n.t("next-step"),
            Does::Press(_) => i18n.t("key-play"),
            Does::Count => i18n.t("key-count"),
            Does::Go(Pane::Editor) => i18n.t("key-editor"),
            Does::Go(Pane::Stack) => i18n.t("key-stack"),
            Does::Go(Pane::Inspector) => i18n.t("key-inspector"),
            Does::Share => i18n.t("key-share"),
        }
    }
}

/// Listens for them while `on`.
#[hook]
pub fn use_keys(on: bool, as_then: bool, dispatch: &Dispatch) {
    let dispatch = dispatch.clone();
    use_effect_with((on, as_then), move |(on, as_then)| {
        let as_then = *as_then;
        let listener = on.then(|| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&gloo::utils::document(), "keydown", options, move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
                if is_free(event) && press(&event.key(), as_then, &dispatch) {
                    event.prevent_default();
                }
            })
        });
        move || drop(listener)
    });
}

/// Nobody types, no dialog is open, and the key is pressed alone.
fn is_free(event: &KeyboardEvent) -> bool {
    if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() {
        return false;
    }
    // The editor's own elements stand in its shadow: the event then seems to come from the editor.
    const TYPED_IN: &str =
        "input:not([type=range]), textarea, select, [contenteditable], layerlab-editor, dialog, [role=menu]";
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_none_or(|target| target.closest(TYPED_IN).ok().flatten().is_none())
}

fn press(key: &str, as_then: bool, dispatch: &Dispatch) -> bool {
    if let Some(tab) = key.parse::<usize>().ok().and_then(|n| Tab::ALL.get(n.checked_sub(1)?)) {
        dispatch.dispatch(Action::ShowTab(*tab));
        return true;
    }
    let Some(known) = KEYS.iter().find(|known| known.key == key) else { return false };
    match known.does {
        Does::Help => dispatch.dispatch(Action::ShowDialog(Some(Dialog::Keys))),
        Does::Share => dispatch.dispatch(Action::ShowDialog(Some(Dialog::Share))),
        Does::Count => dispatch.dispatch(Action::CountAsThen(!as_then)),
        Does::Press(id) => {
            if let Some(button) = find(&format!("#{id}")) {
                button.click();
            }
        }
        Does::Go(pane) => {
            dispatch.dispatch(Action::ShowPane(pane));
            let first = match pane {
                Pane::Editor => "layerlab-editor",
                Pane::Stack => "#stack [role=treeitem][tabindex=\"0\"]",
                Pane::Inspector => "#inspector [role=tab][tabindex=\"0\"]",
            };
            // On a narrow page the pane is shown first.
            gloo::timers::callback::Timeout::new(0, move || {
                if let Some(element) = find(first) {
                    // An element that cannot take the focus leaves it where it is.
                    let _ = element.focus();
                }
            })
            .forget();
        }
    }
    true
}

fn find(selector: &str) -> Option<HtmlElement> {
    gloo::utils::document().query_selector(selector).ok()??.dyn_into().ok()
}
