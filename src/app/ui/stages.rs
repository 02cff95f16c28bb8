//! The stacks: one for each stage, their rows, the base's layers, and the tree's keys.

use super::parts::{chevron, icon, instruction, step_chip};
use super::row::{Row, rail};
use super::stack::StackPaneProps;
use super::wires::{Wire, Wires};
use crate::app::i18n::I18n;
use crate::view::layer::{ChipLook, Kind, StepKey};
use crate::view::picture::Scene;
use crate::view::size::LABEL_THICK;
use crate::view::stack::{BaseLayer, BaseView, RowBody, StageRole, StageView};
use crate::view::state::{Action, Move};
use std::collections::BTreeSet;
use std::rc::Rc;
use yew::prelude::*;

/// A stage's name; of a nameless one that it becomes the image, or its number in words.
pub fn stage_name(i18n: &I18n, stage: &StageView) -> String {
    match (&stage.name, stage.role) {
        (Some(name), _) => name.clone(),
        (None, StageRole::Final) => i18n.t("final-stage"),
        (None, _) => i18n.f("stage-number", &[("n", stage.index.into())]),
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

/// The stacks of a picture: one where there is one stage, else a column for each.
pub fn stages(
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
    let (skipped, built): (Vec<&StageView>, Vec<&StageView>) =
        scene.stack.stages.iter().partition(|stage| stage.role == StageRole::Skipped);
    let columns = built.iter().map(|stage| column(i18n, props, scene, stage, fresh));
    let count = built.len().to_string();
    html! {
        <div
            ref={tree.clone()}
            class="stages stack-list"
            role="tree"
            aria-label={i18n.t("stages-and-layers")}
            data-columns={count}
            {onkeydown}
        >
            { not_built(i18n, &skipped) }
            { for columns }
            <Wires tree={tree.clone()} wires={wires(props, scene)} />
        </div>
    }
}

/// The stages that nothing in the image comes from, in one dotted line.
fn not_built(i18n: &I18n, skipped: &[&StageView]) -> Html {
    if skipped.is_empty() {
        return Html::default();
    }
    let names: Vec<String> = skipped.iter().map(|stage| stage_name(i18n, stage)).collect();
    let steps: usize = skipped.iter().map(|stage| stage.rows.len()).sum();
    let args = [("n", (skipped.len() as u64).into()), ("steps", (steps as u64).into())];
    html! {
        <div class="stage skipped" role="treeitem" aria-level="1" aria-disabled="true" aria-selected="false" tabindex="-1">
            <header class="stage-head">
                { icon("skip") }<h3>{ names.join(", ") }</h3><span class="stage-note">{ i18n.f("stages-skipped", &args) }</span>
            </header>
        </div>
    }
}

/// What the pictured COPY steps take from other stages.
fn wires(props: &StackPaneProps, scene: &Scene) -> Vec<Wire> {
    let rows = scene.stack.stages.iter().flat_map(|stage| &stage.rows);
    let wired = rows.filter(|row| matches!(row.body, RowBody::Layer(_)) && !props.is_ahead(row.key));
    wired
        .filter_map(|row| {
            Some(Wire { from: row.from?, to: row.key, now: [Some(row.key), row.from].contains(&props.step) })
        })
        .collect()
}

fn column(i18n: &I18n, props: &StackPaneProps, scene: &Scene, stage: &StageView, fresh: &BTreeSet<StepKey>) -> Html {
    let name = stage_name(i18n, stage);
    let n = [("n", stage.index.into()), ("steps", (stage.rows.len() as u64).into())];
    let (class, note) = match stage.role {
        StageRole::Final => ("final", i18n.f("stage-final", &n)),
        StageRole::Behind | StageRole::Skipped => ("behind", i18n.f("stage-behind", &n)),
    };
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
                ahead={props.is_ahead(row.key)}
                as_then={props.as_then && stage.then.is_some()}
                {rails}
                dispatch={props.dispatch.clone()}
            />
        }
    });
    html! {
        <>
            if let Some(at) = stage.writable.filter(|_| level == 1 && !failed && !props.as_then) {
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
            data-key={format!("{stage}-0")}
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
