//! A menu button by the ARIA pattern: arrows, Home, End, Escape; Tab and a press outside close it.

use super::parts::icon;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

/// One choice. Choices of the same group exclude each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The group's name, said before its first choice; none where the menu has one group.
    pub group: Option<AttrValue>,
    /// What it says.
    pub label: AttrValue,
    /// A line about it.
    pub about: Option<AttrValue>,
    /// The language that its label is in, where that is not the page's.
    pub lang: Option<&'static str>,
    /// Is it the one that holds?
    pub checked: bool,
}

/// Properties of [`Menu`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct MenuProps {
    /// What the button says.
    pub label: AttrValue,
    /// The button's icon, before its label.
    #[prop_or_default]
    pub symbol: Option<&'static str>,
    /// The menu's name.
    pub name: AttrValue,
    /// The menu stands at the right end of the page.
    #[prop_or_default]
    pub at_end: bool,
    /// The choices, of each group together.
    pub choices: Vec<Choice>,
    /// Called with the chosen one.
    pub on_choose: Callback<usize>,
}

/// The button and, when it is open, its menu.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let open = use_state_eq(|| false);
    let button = use_node_ref();
    let menu = use_node_ref();
    // The menu's first look goes to the choice that holds.
    use_effect_with(*open, {
        let (menu, at) = (menu.clone(), props.choices.iter().position(|choice| choice.checked).unwrap_or(0));
        move |open| {
            if *open {
                focus_item(&menu, at);
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
                // A button that cannot take the focus leaves it where it is.
                let _ = button.focus();
            }
        })
    };
    let onkeydown = {
        let (close, open, menu, last) = (close.clone(), open.clone(), menu.clone(), props.choices.len() - 1);
        Callback::from(move |event: KeyboardEvent| {
            let at = focused_item(&menu).unwrap_or(0);
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
    let items = props.choices.iter().enumerate().map(|(index, choice)| {
        let onclick = {
            let (on_choose, close) = (props.on_choose.clone(), close.clone());
            Callback::from(move |_: MouseEvent| {
                on_choose.emit(index);
                close.emit(());
            })
        };
        let before = index.checked_sub(1).and_then(|before| props.choices.get(before)?.group.as_ref());
        let heading = choice.group.as_ref().filter(|group| Some(*group) != before);
        html! {
            <>
                if let Some(heading) = heading {
                    <span class="menu-group" aria-hidden="true">{ heading }</span>
                }
                <button type="button" role="menuitemradio" aria-checked={choice.checked.to_string()} tabindex="-1" {onclick}>
                    if let Some(group) = &choice.group {
                        <span class="vh">{ group }{ ": " }</span>
                    }
                    <b lang={choice.lang}>{ &choice.label }</b>
                    if let Some(about) = &choice.about {
                        <span>{ about }</span>
                    }
                </button>
            </>
        }
    });
    html! {
        <div class={classes!("menu-host", props.at_end.then_some("at-end"))} {onfocusout}>
            <button
                ref={button}
                type="button"
                class="quiet"
                aria-haspopup="menu"
                aria-expanded={open.to_string()}
                onclick={toggle}
                onkeydown={open_by_key}
            >
                if let Some(symbol) = props.symbol {
                    { icon(symbol) }
                }
                <span>{ &props.label }</span>
                { icon("menu") }
            </button>
            if *open {
                <div ref={menu} class="menu" role="menu" aria-label={props.name.clone()} {onkeydown}>
                    { for items }
                </div>
            }
        </div>
    }
}

/// The items alone: headings stand between them.
fn items(menu: &NodeRef) -> Option<web_sys::NodeList> {
    menu.cast::<web_sys::Element>()?.query_selector_all("[role=menuitemradio]").ok()
}

fn focus_item(menu: &NodeRef, index: usize) {
    let item = items(menu).and_then(|items| items.item(index as u32));
    if let Some(item) = item.and_then(|item| item.dyn_into::<HtmlElement>().ok()) {
        // An item that cannot take the focus leaves it where it is.
        let _ = item.focus();
    }
}

fn focused_item(menu: &NodeRef) -> Option<usize> {
    let items = items(menu)?;
    let active: web_sys::Node = gloo::utils::document().active_element()?.into();
    (0..items.length()).find(|i| items.item(*i).as_ref() == Some(&active)).map(|i| i as usize)
}
