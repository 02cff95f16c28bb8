//! Offers placeholders for the files that the text wants of the build context and it lacks.

use super::Dispatch;
use crate::app::i18n::use_i18n;
use crate::build::placeholder::Placeholder;
use crate::view::state::Action;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Lacking`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct LackingProps {
    /// What is lacking.
    pub files: Rc<Vec<Placeholder>>,
    /// Takes actions.
    pub dispatch: Dispatch,
}

/// One line above the editor's foot; nothing where nothing is lacking.
#[component]
pub fn Lacking(props: &LackingProps) -> Html {
    let i18n = use_i18n();
    let Some(first) = props.files.first() else { return Html::default() };
    let onclick = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::AddPlaceholders))
    };
    let names = props.files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>().join(", ");
    html! {
        <p class="ed-lacking" role="status">
            <span title={names}>
                { i18n.f("context-lacks", &[("path", first.path.as_str().into()), ("more", (props.files.len() as u64 - 1).into())]) }
            </span>
            <button type="button" class="button small" {onclick}>{ i18n.t("add-placeholders") }</button>
        </p>
    }
}
