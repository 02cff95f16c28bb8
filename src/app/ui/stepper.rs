//! The slider that steps through a stage's build.

use super::Dispatch;
use super::parts::icon;
use super::stages::stage_name;
use crate::app::i18n::I18n;
use crate::view::layer::StepKey;
use crate::view::stack::StageView;
use crate::view::state::Action;
use yew::prelude::*;

/// The slider with its two buttons and the place as a number.
pub fn stepper(i18n: &I18n, stage: &StageView, at: StepKey, many: bool, dispatch: &Dispatch) -> Html {
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
