//! A row of tabs by the ARIA pattern: one tab stop, arrow keys, Home and End; and the focus that follows a selection.

use wasm_bindgen::JsCast;
use yew::prelude::*;

/// One tab.
#[derive(Debug, Clone, PartialEq)]
pub struct TabItem {
    /// The tab's id.
    pub id: AttrValue,
    /// What it says.
    pub label: AttrValue,
    /// A number after it.
    pub count: Option<u32>,
}

/// Properties of [`Tabs`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct TabsProps {
    /// The list's name.
    pub label: AttrValue,
    /// The tabs.
    pub items: Vec<TabItem>,
    /// Which is chosen.
    pub selected: usize,
    /// The id of the panel that they fill; none where each tab has its own.
    #[prop_or_default]
    pub panel: Option<AttrValue>,
    /// The ids of the panels, where each tab has its own.
    #[prop_or_default]
    pub panels: Vec<AttrValue>,
    /// The list's class.
    #[prop_or(AttrValue::Static("tabs"))]
    pub class: AttrValue,
    /// Called with the chosen tab.
    pub on_select: Callback<usize>,
}

/// The tabs.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let list = use_node_ref();
    let onkeydown = {
        let (selected, count, on_select, list) =
            (props.selected, props.items.len(), props.on_select.clone(), list.clone());
        Callback::from(move |event: KeyboardEvent| {
            let target = match event.key().as_str() {
                "ArrowRight" => (selected + 1) % count.max(1),
                "ArrowLeft" => (selected + count.max(1) - 1) % count.max(1),
                "Home" => 0,
                "End" => count.saturating_sub(1),
                _ => return,
            };
            event.prevent_default();
            on_select.emit(target);
            if let Some(tab) = list
                .cast::<web_sys::Element>()
                .and_then(|list| list.children().item(target as u32))
                .and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok())
            {
                // A tab that cannot take the focus leaves it where it is.
                let _ = tab.focus();
            }
        })
    };
    let tabs = props.items.iter().enumerate().map(|(i, item)| {
        let selected = i == props.selected;
        let onclick = {
            let on_select = props.on_select.clone();
            Callback::from(move |_: MouseEvent| on_select.emit(i))
        };
        let controls = props.panels.get(i).cloned().or_else(|| props.panel.clone().filter(|_| selected));
        html! {
            <button
                key={i}
                type="button"
                role="tab"
                id={item.id.clone()}
                aria-selected={selected.to_string()}
                aria-controls={controls}
                tabindex={if selected { "0" } else { "-1" }}
                {onclick}
            >
                { item.label.clone() }
                if let Some(count) = item.count {
                    { " " }<span class="tabcount">{ count }</span>
                }
            </button>
        }
    });
    html! {
        <div ref={list.clone()} class={props.class.clone()} role="tablist" aria-label={props.label.clone()} {onkeydown}>
            { for tabs }
        </div>
    }
}

/// Moves the focus to the selected item of a tree, if the focus is in that tree already.
pub fn focus_selected(tree: &NodeRef) {
    let Some(tree) = tree.cast::<web_sys::Element>() else { return };
    let active = gloo::utils::document().active_element();
    if !active.is_some_and(|active| tree.contains(Some(&active))) {
        return;
    }
    if let Ok(Some(item)) = tree.query_selector("[aria-selected=\"true\"]")
        && let Ok(item) = item.dyn_into::<web_sys::HtmlElement>()
    {
        // What cannot take the focus leaves it where it is.
        let _ = item.focus();
    }
}
