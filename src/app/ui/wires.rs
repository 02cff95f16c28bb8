//! The wires between the stages' stacks: from the slab that wrote a file to the COPY that takes it. They are measured
//! where the rows really are, again when the stacks change their size, and say nothing that the rows do not say in words.

use crate::view::layer::StepKey;
use gloo::events::EventListener;
use wasm_bindgen::prelude::*;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

/// One wire.
#[derive(Debug, Clone, PartialEq)]
pub struct Wire {
    /// The row that wrote what is copied.
    pub from: StepKey,
    /// The COPY.
    pub to: StepKey,
    /// One of its ends is selected.
    pub now: bool,
}

/// Properties of [`Wires`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct WiresProps {
    /// The element that holds the rows, and the drawing.
    pub tree: NodeRef,
    /// The wires.
    pub wires: Vec<Wire>,
}

/// A wire as it is drawn, in pixels of the drawing.
#[derive(Debug, Clone, PartialEq)]
struct Drawn {
    now: bool,
    line: String,
    head: String,
    start: (f64, f64),
}

/// The drawing over the stacks.
#[component]
pub fn Wires(props: &WiresProps) -> Html {
    let drawn = use_state_eq(Vec::new);
    let resized = use_state_eq(|| 0_u32);
    use_effect_with(props.tree.clone(), {
        let resized = resized.setter();
        move |tree| {
            let mut count = 0_u32;
            let notice = Closure::<dyn FnMut()>::new(move || {
                count = count.wrapping_add(1);
                resized.set(count);
            });
            let observer = ResizeObserver::new(notice.as_ref().unchecked_ref()).ok();
            // A slab that is selected slides out, a new one settles: its wire follows when it stands.
            let moved = tree.cast::<Element>().map(|tree| {
                ["transitionend", "animationend"].map(|ended| {
                    let notice: js_sys::Function = notice.as_ref().unchecked_ref::<js_sys::Function>().clone();
                    EventListener::new(&tree, ended, move |_| {
                        // What is called only counts: it cannot fail.
                        let _ = notice.call0(&JsValue::NULL);
                    })
                })
            });
            if let (Some(observer), Some(tree)) = (&observer, tree.cast::<Element>()) {
                observer.observe(&tree);
                let stages = tree.children();
                (0..stages.length()).filter_map(|i| stages.item(i)).for_each(|stage| observer.observe(&stage));
            }
            move || {
                if let Some(observer) = observer {
                    observer.disconnect();
                }
                drop((moved, notice));
            }
        }
    });
    // After every drawing of the rows: a selected row stands elsewhere, and a new text has other rows.
    use_effect({
        let (tree, wires, drawn) = (props.tree.clone(), props.wires.clone(), drawn.clone());
        move || {
            let Some(tree) = tree.cast::<Element>() else { return };
            drawn.set(wires.iter().filter_map(|wire| measure(&tree, wire)).collect());
        }
    });
    let lines = drawn.iter().map(|wire| {
        html! {
            <g class={classes!(wire.now.then_some("now"))}>
                <path d={wire.line.clone()} />
                <path class="head" d={wire.head.clone()} />
                <circle cx={wire.start.0.to_string()} cy={wire.start.1.to_string()} r="4" />
            </g>
        }
    });
    html! { <svg class="wires" aria-hidden="true">{ for lines }</svg> }
}

/// Where a wire runs: out of the provider's right edge, down the gap before the COPY's column, into its left edge.
fn measure(tree: &Element, wire: &Wire) -> Option<Drawn> {
    let slab = |key: StepKey| {
        let row = tree.query_selector(&format!("[data-key=\"{}-{}\"]", key.stage, key.step)).ok()??;
        let slab = row.query_selector(".slab").ok().flatten().unwrap_or(row);
        Some(slab.get_bounding_client_rect())
    };
    let origin = tree.get_bounding_client_rect();
    let (out, into) = (slab(wire.from)?, slab(wire.to)?);
    if out.width() == 0.0 || into.left() < out.right() {
        return None;
    }
    let (left, top) = (origin.left(), origin.top());
    let round = |value: f64| (value * 2.0).round() / 2.0;
    let (x0, y0) = (round(out.right() - left), round(out.bottom() - top - 6.0));
    let (x1, y1) = (round(into.left() - left - 2.0), round(into.top() - top + into.height() / 2.0));
    let middle = x1 - 28.0;
    let bend = 8.0_f64.min((y1 - y0).abs() / 2.0);
    let side = if y1 > y0 { bend } else { -bend };
    let line = format!(
        "M{x0} {y0}H{}Q{middle} {y0} {middle} {}V{}Q{middle} {y1} {} {y1}H{}",
        middle - bend,
        y0 + side,
        y1 - side,
        middle + bend,
        x1 - 8.0
    );
    let head = format!("M{x1} {y1}l-9 -5v10z");
    Some(Drawn { now: wire.now, line, head, start: (x0, y0) })
}
