//! The slider that steps through a stage's build, and the button that plays it.
//!
//! While it has the focus, or plays, the stack is drawn as it was after that step: what came later is an outline.

use super::Dispatch;
use super::parts::icon;
use super::stages::stage_name;
use crate::app::i18n::use_i18n;
use crate::view::layer::StepKey;
use crate::view::stack::StageView;
use crate::view::state::Action;
use gloo::timers::callback::Timeout;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// How long a step stays on the screen while it plays, in milliseconds: long enough to read one row.
const PACE: u32 = 1600;

/// Properties of [`Stepper`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct StepperProps {
    /// The stage that is stepped through.
    pub stage: StageView,
    /// The selected step.
    pub at: StepKey,
    /// There are other stages, so that this one is named.
    pub many: bool,
    /// Takes actions.
    pub dispatch: Dispatch,
}

/// The slider, its buttons, and the place as a number.
#[component]
pub fn Stepper(props: &StepperProps) -> Html {
    let i18n = use_i18n();
    let playing = use_state_eq(|| false);
    let host = use_node_ref();
    let (stage, at) = (&props.stage, props.at);
    let last = stage.rows.iter().map(|row| row.key.step).max().unwrap_or(0);
    let first = u32::from(stage.base.is_none());
    let step = {
        let (dispatch, stage) = (props.dispatch.clone(), stage.index);
        Callback::from(move |step: u32| dispatch.dispatch(Action::Step(StepKey::new(stage, step))))
    };
    // Every step arms the next one; whatever else is selected goes on from there.
    use_effect_with((*playing, at, last), {
        let (playing, step) = (playing.clone(), step.clone());
        move |(on, at, last): &(bool, StepKey, u32)| {
            let (at, last) = (at.step, *last);
            let next =
                on.then(|| Timeout::new(PACE, move || if at < last { step.emit(at + 1) } else { playing.set(false) }));
            move || drop(next)
        }
    });
    let go = |to: Option<u32>| {
        let (step, playing) = (step.clone(), playing.clone());
        Callback::from(move |_: MouseEvent| {
            playing.set(false);
            if let Some(to) = to {
                step.emit(to);
            }
        })
    };
    let play = {
        let (step, playing, dispatch) = (step.clone(), playing.clone(), props.dispatch.clone());
        Callback::from(move |_: MouseEvent| {
            // Asked before it is set: the handle tells the newest value.
            let on = *playing;
            playing.set(!on);
            if on {
                dispatch.dispatch(Action::EndStepping);
            } else {
                step.emit(if at.step >= last { first } else { at.step });
            }
        })
    };
    let oninput = {
        let (step, playing) = (step.clone(), playing.clone());
        Callback::from(move |event: InputEvent| {
            let value = event.target_unchecked_into::<web_sys::HtmlInputElement>().value();
            playing.set(false);
            if let Ok(to) = value.parse() {
                step.emit(to);
            }
        })
    };
    let onfocusout = {
        let (dispatch, playing, host) = (props.dispatch.clone(), *playing, host.clone());
        Callback::from(move |event: FocusEvent| {
            let to = event.related_target().and_then(|to| to.dyn_into::<web_sys::Node>().ok());
            let inside = host.get().is_some_and(|host| host.contains(to.as_ref()));
            if !inside && !playing {
                dispatch.dispatch(Action::EndStepping);
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
    let place = if props.many { format!("{} {place}", stage_name(&i18n, stage)) } else { place };
    let (symbol, label) = if *playing { ("pause", i18n.t("pause")) } else { ("play", i18n.t("play")) };
    html! {
        <div ref={host} class="stepper" {onfocusout}>
            <button type="button" class="iconbtn" id="play" aria-label={label.clone()} title={label} onclick={play}>
                { icon(symbol) }
            </button>
            <button
                type="button"
                class="iconbtn"
                id="previous-step"
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
                id="next-step"
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
