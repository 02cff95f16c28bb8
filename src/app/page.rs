//! The page's root component.

use super::editor::Editor;
use super::engine::Engine;
use crate::view::state::{Action, Settings, State};
use std::rc::Rc;
use yew::prelude::*;

struct Store(State);

impl Reducible for Store {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Store(self.0.clone().reduce(action)))
    }
}

/// The whole page.
#[component]
pub fn Page() -> Html {
    let store = use_reducer(|| Store(State::new(Settings::default())));
    let engine = use_memo((), |()| {
        let script = gloo::utils::document_element().get_attribute("data-worker").unwrap_or_default();
        let dispatcher = store.dispatcher();
        Engine::start(script, move |action| dispatcher.dispatch(action))
    });
    engine.sync(&store.0);
    let on_edit = {
        let dispatcher = store.dispatcher();
        Callback::from(move |text| dispatcher.dispatch(Action::EditDockerfile(text)))
    };
    html! {
        <main>
            <h1>{ "Layerlab" }</h1>
            <Editor name={store.0.loads.to_string()} text={store.0.project.dockerfile.clone()} label="Dockerfile" gutter={store.0.gutter.clone()} {on_edit} />
            <output>{ format!("{} {:?} {}", store.0.revision, store.0.worker, store.0.nothing) }</output>
        </main>
    }
}
