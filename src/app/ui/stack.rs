//! The stack pane: the slider, the line that says where the selected path is, the stack or the stages' stacks, the legend.

use super::Dispatch;
use super::parts::{chevron, icon, instruction, step_chip, swatch};
use super::row::{Row, rail};
use crate::app::i18n::{I18n, use_i18n};
use crate::app::words;
use crate::view::layer::{ChipLook, Kind, StepKey};
use crate::view::panel::PanelBody;
use crate::view::picture::Scene;
use crate::view::size::LABEL_THICK;
use crate::view::stack::{BaseLayer, BaseView, Fate, RowBody, SightEnd, StackView, StageRole, StageView};
use crate::view::state::{Action, Move, Pane, Stale, WorkerState};
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
    /// Takes actions.
    pub dispatch: Dispatch,
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
    let stepper = stage.zip(props.step).map(|(stage, step)| stepper(i18n, stage, step, many, &props.dispatch));
    html! { <header class="stack-head"><h2>{ title }</h2>{ stepper }</header> }
}

fn stage_name(i18n: &I18n, stage: &StageView) -> String {
    stage.name.clone().unwrap_or_else(|| i18n.f("stage-number", &[("n", stage.index.into())]))
}

fn stepper(i18n: &I18n, stage: &StageView, at: StepKey, many: bool, dispatch: &Dispatch) -> Html {
    let last = stage.rows.iter().map(|row| row.key.step).max().unwrap_or(0);
    let go = |step: Option<u32>| {
        let (dispatch, stage) = (dispatch.clone(), stage.index);
        Callback::from(move |_: MouseEvent| {
            if let Some(step) = step {
                dispatch.dispatch(Action::Select(StepKey::new(stage, step)));
            }
        })
    };
    let first = u32::from(stage.base.is_none());
    let oninput = {
        let (dispatch, stage) = (dispatch.clone(), stage.index);
        Callback::from(move |event: InputEvent| {
            let value = event.target_unchecked_into::<web_sys::HtmlInputElement>().value();
            if let Ok(step) = value.parse() {
                dispatch.dispatch(Action::Select(StepKey::new(stage, step)));
            }
        })
    };
    let row = stage.rows.iter().find(|row| row.key == at);
    let text = row.map(|row| &row.text).or(stage.base.as_ref().map(|base| &base.text));
    let said = i18n.f(
        "step-said",
        &[
            ("step", at.step.into()),
            ("steps", last.into()),
            ("text", text.map(|text| format!("{} {}", text.keyword, text.arguments())).unwrap_or_default().into()),
        ],
    );
    let place = format!("{} / {last}", at.step);
    let place = if many { format!("{} {place}", stage_name(i18n, stage)) } else { place };
    html! {
        <div class="stepper">
            <button
                type="button"
                class="iconbtn"
                aria-label={i18n.t("previous-step")}
                disabled={at.step <= first}
                onclick={go((at.step > first).then(|| at.step - 1))}
            >
                { icon("prev") }
            </button>
            <input
                type="range"
                min={first.to_string()}
                max={last.to_string()}
                step="1"
                value={at.step.to_string()}
                aria-label={i18n.t("step")}
                aria-valuetext={said}
                {oninput}
            />
            <button
                type="button"
                class="iconbtn"
                aria-label={i18n.t("next-step")}
                disabled={at.step >= last}
                onclick={go((at.step < last).then_some(at.step + 1))}
            >
                { icon("next") }
            </button>
            <output>{ place }</output>
        </div>
    }
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

fn tree_keys(props: &StackPaneProps) -> Callback<KeyboardEvent> {
    let dispatch = props.dispatch.clone();
    let step = props.step;
    Callback::from(move |event: KeyboardEvent| {
        let base = step.filter(|step| step.is_base());
        let action = match event.key().as_str() {
            "ArrowUp" => Action::MoveSelection(Move::Up),
            "ArrowDown" => Action::MoveSelection(Move::Down),
            "Home" => Action::MoveSelection(Move::Top),
            "End" => Action::MoveSelection(Move::Bottom),
            "ArrowRight" => match base {
                Some(base) => Action::OpenBase(base.stage, true),
                None => return,
            },
            "ArrowLeft" => match base {
                Some(base) => Action::OpenBase(base.stage, false),
                None => return,
            },
            _ => return,
        };
        event.prevent_default();
        dispatch.dispatch(action);
    })
}

fn stages(
    i18n: &I18n,
    props: &StackPaneProps,
    scene: &Scene,
    tree: &NodeRef,
    fresh: &BTreeSet<StepKey>,
    many: bool,
) -> Html {
    let onkeydown = tree_keys(props);
    if !many {
        let Some(stage) = scene.stack.stages.first() else { return Html::default() };
        let label = i18n.t("layers-newest-on-top");
        return html! {
            <div ref={tree.clone()} class="stack-list" role="tree" aria-label={label} {onkeydown}>
                { rows(i18n, props, scene, stage, fresh, 1) }
            </div>
        };
    }
    let columns = scene.stack.stages.iter().map(|stage| column(i18n, props, scene, stage, fresh));
    html! {
        <div ref={tree.clone()} class="stages stack-list" role="tree" aria-label={i18n.t("stages-and-layers")} {onkeydown}>
            { for columns }
        </div>
    }
}

fn column(i18n: &I18n, props: &StackPaneProps, scene: &Scene, stage: &StageView, fresh: &BTreeSet<StepKey>) -> Html {
    let name = stage_name(i18n, stage);
    let n = [("n", stage.index.into()), ("steps", (stage.rows.len() as u64).into())];
    let (class, note) = match stage.role {
        StageRole::Final => ("final", i18n.f("stage-final", &n)),
        StageRole::Behind => ("behind", i18n.f("stage-behind", &n)),
        StageRole::Skipped => ("skipped", i18n.f("stage-skipped", &n)),
    };
    if stage.role == StageRole::Skipped {
        return html! {
            <div key={stage.index} class={classes!("stage", class)} role="treeitem" aria-level="1" aria-disabled="true" aria-selected="false" tabindex="-1">
                <header class="stage-head">{ icon("skip") }<h3>{ name }</h3><span class="stage-note">{ note }</span></header>
            </div>
        };
    }
    html! {
        <div key={stage.index} class={classes!("stage", class)} role="treeitem" aria-level="1" aria-expanded="true" aria-selected="false" tabindex="-1">
            <header class="stage-head">
                <h3>{ name }</h3>
                <span class="stage-note">{ note }</span>
                <span class="size">{ stage.size.text() }</span>
            </header>
            <div class="stage-rows" role="group">{ rows(i18n, props, scene, stage, fresh, 2) }</div>
        </div>
    }
}

fn rows(
    i18n: &I18n,
    props: &StackPaneProps,
    scene: &Scene,
    stage: &StageView,
    fresh: &BTreeSet<StepKey>,
    level: u8,
) -> Html {
    let rails = level == 1 && scene.stack.sight.is_some();
    let failed = stage.rows.iter().any(|row| matches!(row.body, RowBody::Failed(_) | RowBody::NotRun));
    let steps = stage.rows.iter().map(|row| {
        html! {
            <Row
                key={format!("{}-{}", row.key.stage, row.key.step)}
                row={row.clone()}
                selected={props.step == Some(row.key)}
                {level}
                fresh={fresh.contains(&row.key)}
                {rails}
                dispatch={props.dispatch.clone()}
            />
        }
    });
    html! {
        <>
            if let Some(at) = stage.writable.filter(|_| level == 1 && !failed) {
                <div class="row writable" role="treeitem" aria-level="1" aria-disabled="true" aria-selected="false" tabindex="-1">
                    <span class="plate">
                        { icon("container") }
                        <b>{ i18n.t("writable-layer") }</b>
                        <span>{ i18n.t("writable-note") }</span>
                        <span class="size">{ "0B" }</span>
                    </span>
                    if rails {
                        { rail(at) }
                    }
                </div>
            }
            { for steps }
            if let Some(base) = &stage.base {
                { base_group(i18n, props, base, level, rails) }
            } else {
                <p class="ground">{ i18n.t("scratch-ground") }</p>
            }
        </>
    }
}

fn base_group(i18n: &I18n, props: &StackPaneProps, base: &Rc<BaseView>, level: u8, rails: bool) -> Html {
    let stage = base.key.stage;
    let open = props.bases.get(&stage).copied().unwrap_or(base.layers.len() == 1);
    let selected = props.step == Some(base.key);
    let onclick = {
        let (dispatch, key) = (props.dispatch.clone(), base.key);
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Select(key)))
    };
    let toggle = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::OpenBase(stage, !open)))
    };
    let count = base.layers.len();
    let note = i18n.f("layers-count", &[("n", (count as u64).into())]);
    let layer = |layer: &BaseLayer, name: String, item: bool| {
        html! {
            <div
                class="row base-layer"
                role={item.then_some("treeitem")}
                aria-level={item.then(|| (level + 1).to_string())}
                aria-disabled={item.then_some("true")}
                data-thick={layer.thick.max(LABEL_THICK + 3).to_string()}
            >
                <span class="slab k-from">
                    <span class="edge">
                        <span class="cell live" data-lane="1" data-span="9">
                            <span class="cell-name">{ name }</span>
                            <span class="cell-size">{ layer.size.text() }</span>
                        </span>
                    </span>
                </span>
                if rails {
                    { rail(layer.rail) }
                }
            </div>
        }
    };
    let entries = |n: u32| i18n.f("entries", &[("n", n.into())]);
    let layers = base.layers.iter().enumerate().map(|(i, one)| {
        let name = if count == 1 {
            entries(one.entries)
        } else {
            i18n.f("layer-of", &[("n", ((count - i) as u64).into()), ("of", (count as u64).into())])
        };
        layer(one, name, true)
    });
    html! {
        <div
            class="base"
            role="treeitem"
            aria-level={level.to_string()}
            aria-expanded={open.to_string()}
            aria-selected={selected.to_string()}
            tabindex={if selected { "0" } else { "-1" }}
            data-step="0"
            {onclick}
        >
            <div class="row base-head">
                <span class="rule">
                    <span class="twist" onclick={toggle}>{ chevron(open) }</span>
                    { step_chip(i18n, Kind::From, ChipLook::Filled, 0, false) }
                    { instruction(&base.text, Some(Kind::From)) }
                    if let Some(image) = base.also_in {
                        <span class="also">{ icon("shared") }<span>{ i18n.f("also-in", &[("image", image.into())]) }</span></span>
                    }
                    <i class="leader"></i>
                    <span class="rule-note">{ note }</span>
                </span>
                if rails {
                    { rail(base.rail) }
                }
            </div>
            if open {
                <div role="group" class="base-layers">{ for layers }</div>
            } else {
                { layer(&base.total, entries(base.total.entries), false) }
            }
        </div>
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
    let because = match &scene.panel.body {
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
