//! A long list of which only a window of rows is drawn: as high as all of them, the rows at their place, and a wish for
//! another window when the scroll comes near the drawn one's ends.
//!
//! All rows are of one height, which is measured. The focus stays on the list itself, which names its active row
//! (`aria-activedescendant`), so that a row that is scrolled away takes no focus with it. Heights are set through CSSOM:
//! the Content-Security-Policy refuses style attributes.

use crate::view::list::{MAX_ROWS, Window};
use gloo::events::EventListener;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// Properties of [`VirtualList`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct VirtualListProps {
    /// The list's role; its rows bring theirs.
    pub role: AttrValue,
    /// Its name.
    pub label: AttrValue,
    /// Its class.
    pub class: AttrValue,
    /// What its rows' ids begin with; the index follows.
    pub id: AttrValue,
    /// How many rows there are.
    pub total: u32,
    /// The index of the first drawn row.
    pub start: u32,
    /// How many are drawn.
    pub count: u32,
    /// The index of the selected row.
    pub at: Option<u32>,
    /// The drawn rows.
    pub children: Children,
    /// Other rows are wanted.
    pub on_window: Callback<Window>,
    /// A key was pressed that moves to a row, by its index. It may not be drawn yet.
    pub on_move: Callback<u32>,
    /// Another key was pressed.
    #[prop_or_default]
    pub on_key: Callback<KeyboardEvent>,
}

/// Rows that are drawn above and below what is seen.
const MARGIN: u32 = 40;

/// The list. It scrolls by itself, or in the nearest element around it that does.
#[component]
pub fn VirtualList(props: &VirtualListProps) -> Html {
    let list = use_node_ref();
    let latest = use_mut_ref(|| props.clone());
    *latest.borrow_mut() = props.clone();
    let look = use_memo((), |()| {
        let (list, latest) = (list.clone(), latest.clone());
        move || {
            let Some(seen) = Seen::of(&list) else { return };
            let props = latest.borrow().clone();
            let (first, last) = seen.rows(props.total);
            let near_top = first < props.start + MARGIN / 2 && props.start > 0;
            let end = props.start + props.count;
            if near_top || (last + MARGIN / 2 > end && end < props.total) {
                let start = first.saturating_sub(MARGIN);
                let count = (last - first + 2 * MARGIN).min(MAX_ROWS);
                if (start, count) != (props.start, props.count) {
                    props.on_window.emit(Window { start, count });
                }
            }
        }
    });
    use_effect_with((), {
        let (list, look) = (list.clone(), look.clone());
        move |()| {
            let scroller = list.cast::<Element>().and_then(|list| scroller(&list));
            let heard = scroller.map(|scroller| EventListener::new(&scroller, "scroll", move |_| look()));
            move || drop(heard)
        }
    });
    // After every drawing: the list's height, the rows' place; then whether what is seen is drawn.
    use_effect_with((props.total, props.start, props.count), {
        let (list, look) = (list.clone(), look.clone());
        move |&(total, start, _)| {
            place(&list, total, start);
            look();
        }
    });
    use_effect_with((props.at, props.total), {
        let list = list.clone();
        move |&(at, total)| {
            if let Some(at) = at {
                reveal(&list, at, total);
            }
        }
    });
    let onkeydown = {
        let latest = latest.clone();
        let list = list.clone();
        use_callback((), move |event: KeyboardEvent, ()| {
            let props = latest.borrow().clone();
            let page = Seen::of(&list).map_or(10, |seen| {
                let (first, last) = seen.rows(props.total);
                last.saturating_sub(first + 1).max(1)
            });
            let last = props.total.saturating_sub(1);
            let target = match (event.key().as_str(), props.at) {
                ("ArrowDown", Some(at)) => (at + 1).min(last),
                ("ArrowUp", Some(at)) => at.saturating_sub(1),
                ("PageDown", Some(at)) => (at + page).min(last),
                ("PageUp", Some(at)) => at.saturating_sub(page),
                ("Home", _) | ("ArrowDown" | "ArrowUp" | "PageDown" | "PageUp", None) => 0,
                ("End", _) => last,
                _ => return props.on_key.emit(event),
            };
            event.prevent_default();
            if props.total > 0 {
                props.on_move.emit(target);
            }
        })
    };
    let active = props.at.filter(|at| (props.start..props.start + props.count).contains(at));
    html! {
        <div
            ref={list}
            class={classes!("virtual", props.class.clone())}
            role={props.role.clone()}
            aria-label={props.label.clone()}
            aria-activedescendant={active.map(|at| format!("{}{at}", props.id))}
            tabindex="0"
            {onkeydown}
        >
            <div class="virtual-all" role="presentation"><div class="virtual-rows" role="presentation">{ props.children.clone() }</div></div>
        </div>
    }
}

/// What of the list is seen, in pixels.
struct Seen {
    /// From the list's top to the scroller's.
    above: f64,
    height: f64,
    row: f64,
}

impl Seen {
    fn of(list: &NodeRef) -> Option<Self> {
        let list = list.cast::<Element>()?;
        let scroller = scroller(&list)?;
        let all = list.query_selector(".virtual-all").ok()??;
        let (seen, whole) = (scroller.get_bounding_client_rect(), all.get_bounding_client_rect());
        Some(Self {
            above: seen.top() - whole.top(),
            height: f64::from(scroller.client_height()),
            row: row_height(&list)?,
        })
    }

    /// The first row that is seen, and one past the last.
    fn rows(&self, total: u32) -> (u32, u32) {
        let first = (self.above / self.row).floor().max(0.0) as u32;
        let last = ((self.above + self.height) / self.row).ceil().max(0.0) as u32;
        (first.min(total), last.min(total))
    }
}

/// The height of a row, in pixels; none while none is drawn.
fn row_height(list: &Element) -> Option<f64> {
    let row = list.query_selector(".virtual-rows > *").ok()??;
    Some(row.get_bounding_client_rect().height()).filter(|height| *height >= 1.0)
}

/// The list, if it scrolls, else the nearest element around it that does.
fn scroller(list: &Element) -> Option<Element> {
    if list.class_list().contains("scrolls") { Some(list.clone()) } else { list.closest(".panel").ok().flatten() }
}

fn place(list: &NodeRef, total: u32, start: u32) {
    let Some(list) = list.cast::<Element>() else { return };
    let Some(row) = row_height(&list) else { return };
    let set = |selector: &str, name: &str, pixels: f64| {
        let Ok(Some(element)) = list.query_selector(selector) else { return };
        if let Ok(element) = element.dyn_into::<HtmlElement>() {
            // Lengths in pixels are never refused.
            let _ = element.style().set_property(name, &format!("{pixels}px"));
        }
    };
    set(".virtual-all", "height", f64::from(total) * row);
    set(".virtual-rows", "top", f64::from(start) * row);
}

/// Scrolls so that a row is seen.
fn reveal(list: &NodeRef, at: u32, total: u32) {
    let Some(seen) = Seen::of(list) else { return };
    let Some(scroller) = list.cast::<Element>().and_then(|list| scroller(&list)) else { return };
    let (top, row) = (f64::from(at.min(total)) * seen.row, seen.row);
    let by = if top < seen.above {
        top - seen.above
    } else if top + row > seen.above + seen.height {
        top + row - seen.above - seen.height
    } else {
        return;
    };
    scroller.set_scroll_top(scroller.scroll_top() + by as i32);
}

/// A row that is to be selected, and may not be drawn yet: selects it when it is. `path` gives the path at an index.
#[hook]
pub fn use_pending<T: Clone + 'static>(
    drawn: std::ops::Range<u32>,
    path: Rc<dyn Fn(u32) -> Option<T>>,
    select: Callback<T>,
    on_window: Callback<Window>,
) -> Callback<u32> {
    let pending = use_mut_ref(|| None::<u32>);
    use_effect_with(drawn.clone(), {
        let (pending, path, select) = (pending.clone(), path.clone(), select.clone());
        move |_| {
            let found = pending.borrow().and_then(|at| path(at));
            if let Some(found) = found {
                pending.replace(None);
                select.emit(found);
            }
        }
    });
    Callback::from(move |at: u32| match path(at) {
        Some(found) if drawn.contains(&at) => select.emit(found),
        _ => {
            pending.replace(Some(at));
            on_window.emit(Window { start: at.saturating_sub(MARGIN), count: 2 * MARGIN });
        }
    })
}
