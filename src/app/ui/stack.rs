//! The stack pane: its head, the line that says where the selected path is, the notices, the legend. The stacks themselves
//! are in `stages`, the slider in `stepper`.

use super::Dispatch;
use super::parts::{icon, step_chip, swatch};
use super::stages::stages;
use super::stepper::Stepper;
use crate::app::i18n::{I18n, use_i18n};
use crate::app::words;
use crate::view::layer::StepKey;
use crate::view::panel::PanelBody;
use crate::view::picture::Scene;
use crate::view::stack::{Fate, SightEnd, StackView};
use crate::view::state::{Action, Pane, Stale, WorkerState};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// Properties of [`StackPane`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct StackPaneProps {
    /// The picture; none before the first build, and where there is nothing to build.
    pub scene: Option<Rc<Scene>>,
    /// The selected step.
    pub step: Option<StepKey>,
    /// The picture is the last good one.
    pub stale: Option<Stale>,
    /// There is nothing to build.
    pub nothing: bool,
    /// The worker.
    pub worker: WorkerState,
    /// Stages whose base the user opened or closed.
    pub bases: BTreeMap<u32, bool>,
    /// Counts the loaded examples: with a new one, no row is new.
    pub loads: u64,
    /// The slider steps through the build: what comes after the step is drawn as an outline.
    pub stepping: bool,
    /// Layers are counted as Docker before 1.10 did.
    pub as_then: bool,
    /// The page's address held a project that could not be read.
    pub link_refused: bool,
    /// Takes actions.
    pub dispatch: Dispatch,
}

impl StackPaneProps {
    /// Is a row later than the step that the slider is at?
    pub fn is_ahead(&self, row: StepKey) -> bool {
        self.stepping && self.step.is_some_and(|at| at.stage == row.stage && at.step < row.step)
    }
}

/// The stack pane.
#[component]
pub fn StackPane(props: &StackPaneProps) -> Html {
    let i18n = use_i18n();
    let tree = use_node_ref();
    let fresh = use_fresh(props);
    use_focus_follows(&tree, props.step);
    let stale = props.stale.is_some().then_some("is-stale");
    let body = match &props.scene {
        Some(scene) => {
            let many = scene.stack.stages.len() > 1;
            let lanes = scene.stack.lanes.to_string();
            html! {
                <div class={classes!("stack-scroll", many.then_some("multi"), stale)} data-lanes={lanes}>
                    { age_note(&i18n, props, &scene.stack) }
                    if !many {
                        { sight(&i18n, &scene.stack) }
                    }
                    { stages(&i18n, props, scene, &tree, &fresh, many) }
                </div>
            }
        }
        None => empty(&i18n, props),
    };
    html! {
        <section class="stack" id="stack" aria-label={i18n.t("layer-stack")}>
            { head(&i18n, props) }
            { notices(&i18n, props) }
            { body }
            { legend(&i18n) }
            { caption(&i18n, props) }
        </section>
    }
}

/// Rows that were not in the picture before: they may settle from above. None after an example was loaded.
#[hook]
fn use_fresh(props: &StackPaneProps) -> BTreeSet<StepKey> {
    let known = use_mut_ref(|| (0_u64, BTreeSet::new()));
    let Some(scene) = &props.scene else { return BTreeSet::new() };
    let now: BTreeSet<StepKey> = scene.stack.order().into_iter().collect();
    let mut known = known.borrow_mut();
    let fresh = if known.0 == props.loads { now.difference(&known.1).copied().collect() } else { BTreeSet::new() };
    *known = (props.loads, now);
    fresh
}

/// When the selection moves while the focus is in the tree, the focus goes with it; the selected row is always in view.
#[hook]
fn use_focus_follows(tree: &NodeRef, step: Option<StepKey>) {
    let tree = tree.clone();
    use_effect_with(step, move |_| {
        let Some(tree) = tree.cast::<web_sys::Element>() else { return };
        let Ok(Some(row)) = tree.query_selector("[aria-selected=\"true\"]") else { return };
        let active = gloo::utils::document().active_element();
        let Ok(row) = row.dyn_into::<web_sys::HtmlElement>() else { return };
        if active.is_some_and(|active| tree.contains(Some(&active))) {
            let _ = row.focus();
        }
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        row.scroll_into_view_with_scroll_into_view_options(&options);
    });
}

fn head(i18n: &I18n, props: &StackPaneProps) -> Html {
    let stack = props.scene.as_ref().map(|scene| &scene.stack);
    let many = stack.is_some_and(|stack| stack.stages.len() > 1);
    let title = if many { i18n.t("layer-stacks") } else { i18n.t("layer-stack") };
    let stage = stack.zip(props.step).and_then(|(stack, step)| stack.stage_of(step));
    html! {
        <header class="stack-head">
            <h2>{ title }</h2>
            { stack.map(|stack| ages(i18n, props, stack)) }
            if let Some((stage, at)) = stage.zip(props.step) {
                <Stepper stage={stage.clone()} {at} {many} dispatch={props.dispatch.clone()} />
            }
        </header>
    }
}

/// How many layers there were for Docker before 1.10, and how many there are: a switch between both ways to count.
fn ages(i18n: &I18n, props: &StackPaneProps, stack: &StackView) -> Html {
    let Some(stage) = stack.final_stage() else { return Html::default() };
    let Some(then) = stage.then else { return Html::default() };
    let now = stage.layer_count();
    let option = |as_then: bool, label: String| {
        let dispatch = props.dispatch.clone();
        let onclick = Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::CountAsThen(as_then)));
        let pressed = (props.as_then == as_then).to_string();
        html! { <button type="button" aria-pressed={pressed} {onclick}>{ label }</button> }
    };
    html! {
        <div class="ages" role="group" aria-label={i18n.t("count-layers")}>
            { option(true, i18n.f("age-then", &[("n", (then.base + then.lines).into())])) }
            { option(false, i18n.f("age-now", &[("n", now.into())])) }
        </div>
    }
}

/// What the other age counted, in words.
fn age_note(i18n: &I18n, props: &StackPaneProps, stack: &StackView) -> Html {
    let Some(then) = stack.final_stage().and_then(|stage| stage.then).filter(|_| props.as_then) else {
        return Html::default();
    };
    let args = [("base", then.base.into()), ("lines", then.lines.into()), ("sum", (then.base + then.lines).into())];
    html! { <p class="age-note" role="note">{ i18n.rich("age-note", &args) }</p> }
}

/// The line of a stale picture, in words.
pub fn stale_words(i18n: &I18n, stale: Stale) -> String {
    match (stale.line, stale.parses) {
        (Some(line), false) => i18n.f("stale-line", &[("line", line.into())]),
        (None, false) => i18n.t("stale-text"),
        (Some(line), true) => i18n.f("stale-unbuilt-line", &[("line", line.into())]),
        (None, true) => i18n.t("stale-unbuilt"),
    }
}

fn notices(i18n: &I18n, props: &StackPaneProps) -> Html {
    let worker = match props.worker {
        WorkerState::Restarted => Some(i18n.t("worker-restarted")),
        WorkerState::Failed => Some(i18n.t("worker-failed")),
        _ => None,
    };
    html! {
        <>
            if props.worker == WorkerState::Loading {
                <p class="loading-note" role="status">{ i18n.t("loading-data") }</p>
            }
            if props.link_refused {
                <p class="stale-note" role="status">{ icon("warn") }<span>{ i18n.t("link-refused") }</span></p>
            }
            if let Some(said) = worker {
                <p class="stale-note" role="status">{ icon("warn") }<span>{ said }</span></p>
            }
            if let Some(stale) = props.stale {
                <p class="stale-note" role="status">
                    { icon("warn") }
                    <span>
                        <b>{ stale_words(i18n, stale) }</b>
                        if props.scene.is_some() {
                            { " " }{ i18n.t("stale-last-good") }
                        }
                    </span>
                </p>
            }
        </>
    }
}

fn empty(i18n: &I18n, props: &StackPaneProps) -> Html {
    let (head, text) = if props.nothing {
        (i18n.t("empty-head"), i18n.rich("empty-text", &[]))
    } else if props.stale.is_some() {
        (i18n.t("empty-broken-head"), i18n.rich("empty-broken-text", &[]))
    } else {
        (i18n.t("starting-head"), i18n.rich("starting-text", &[]))
    };
    html! {
        <div class="stack-scroll">
            <div class="stack-empty"><p><b>{ head }</b></p><p>{ text }</p></div>
        </div>
    }
}

fn sight(i18n: &I18n, stack: &StackView) -> Html {
    let Some(sight) = &stack.sight else { return Html::default() };
    let found = if matches!(sight.end, SightEnd::Found(_)) { "found" } else { "gone" };
    html! {
        <p class={classes!("row", "sight", found)}>
            <span class="sight-text"><code>{ sight.path.to_string() }</code><span>{ words::sight(i18n, &sight.end) }</span></span>
            <span class="rail" data-rail="start" aria-hidden="true">{ icon("eye") }</span>
        </p>
    }
}

fn legend(i18n: &I18n) -> Html {
    html! {
        <footer class="legend">
            <ul>
                <li>
                    <svg class="swatch" aria-hidden="true" width="12" height="12">
                        <rect width="6" height="12" class="fate from" /><rect x="6" width="6" height="12" class="fate live" />
                    </svg>
                    <span>{ i18n.t("live") }</span>
                </li>
                <li>{ swatch("shadowed", Some(Fate::Shadowed)) }<span>{ i18n.t("shadowed") }</span></li>
                <li>{ swatch("deleted", Some(Fate::Deleted)) }<span>{ i18n.t("legend-deleted") }</span></li>
                <li>{ swatch("ghostly", None) }<span>{ i18n.t("legend-whiteout") }</span></li>
                <li class="push">
                    <svg class="swatch" aria-hidden="true" width="12" height="12"><path class="dim" d="M6 1v10M3 1h6M3 11h6" /></svg>
                    <span>{ i18n.t("legend-thickness") }</span>
                </li>
            </ul>
        </footer>
    }
}

/// The strip under the stack of a narrow page: what the inspector would say first.
fn caption(i18n: &I18n, props: &StackPaneProps) -> Html {
    let Some(scene) = &props.scene else { return Html::default() };
    let because = match &*scene.panel.body {
        PanelBody::Changes(changes) => Some(&changes.because),
        PanelBody::Log(log) => log.because.as_ref(),
        _ => None,
    };
    let Some(because) = because else { return Html::default() };
    let (head, _, args) = words::because(i18n, because);
    let shown = &scene.panel.head;
    let onclick = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            dispatch.dispatch(Action::ShowPane(Pane::Inspector));
        })
    };
    html! {
        <p class="caption">
            <a href="#inspector" {onclick}>
                { step_chip(i18n, shown.kind, shown.look, shown.key.step, false) }
                <span><b>{ i18n.rich(head, &args) }</b></span>
                { icon("next") }
            </a>
        </p>
    }
}
