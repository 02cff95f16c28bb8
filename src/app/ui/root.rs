//! The root component: it holds the state, starts the engine, and carries out what the state asks of the document.

use super::editor_pane::EditorPane;
use super::header::Header;
use super::inspector::Inspector;
use super::ledger::Ledger;
use super::stack::StackPane;
use super::tabs::{TabItem, Tabs};
use super::{Dispatch, Store};
use crate::app::engine::Engine;
use crate::app::i18n::{I18n, use_i18n};
use crate::app::settings;
use crate::app::words;
use crate::view::picture::Announcement;
use crate::view::state::{Action, Pane, State};
use gloo::timers::callback::Timeout;
use std::rc::Rc;
use yew::prelude::*;

/// How long the live region waits for the typing to pause, in milliseconds: it shall not speak at every keystroke.
const PAUSE: u32 = 700;

/// The whole page.
#[component]
pub fn App() -> Html {
    let store = use_reducer(|| Store(Rc::new(State::new(settings::read()))));
    let dispatch = store.dispatcher();
    let engine = {
        let dispatch = dispatch.clone();
        use_memo((), move |()| {
            let script = gloo::utils::document_element().get_attribute("data-worker").unwrap_or_default();
            Engine::start(script, move |action| dispatch.dispatch(action))
        })
    };
    let state = store.0.clone();
    engine.sync(&state);
    use_effect_with(state.settings, |settings| settings::apply(*settings));
    use_effect_with(state.pane, |pane| settings::show_pane(pane.name()));
    let i18n = use_memo(state.settings.language, |language| I18n::new(*language));
    let stale = state.stale.is_some();
    html! {
        <ContextProvider<I18n> context={(*i18n).clone()}>
            <a class="skip" href="#stack">{ i18n.t("skip-to-stack") }</a>
            <Header example={state.example} settings={state.settings} dispatch={dispatch.clone()} />
            <Ledger ledger={state.ledger.clone()} {stale} dispatch={dispatch.clone()} />
            <main class="work">
                <PaneBar pane={state.pane} dispatch={dispatch.clone()} />
                <div class="bench">
                    <EditorPane
                        project={state.project.clone()}
                        loads={state.loads}
                        tab={state.editor_tab}
                        open_file={state.open_file.clone()}
                        gutter={state.gutter.clone()}
                        step={state.step()}
                        diagnostics={state.diagnostics.clone()}
                        lacking={state.lacking.clone()}
                        ignored={state.ignored.clone()}
                        reply={state.reply.clone()}
                        go_to={state.go_to}
                        dispatch={dispatch.clone()}
                    />
                    <StackPane
                        scene={state.scene.clone()}
                        step={state.step()}
                        stale={state.stale}
                        nothing={state.nothing}
                        worker={state.worker}
                        bases={state.bases.clone()}
                        loads={state.loads}
                        dispatch={dispatch.clone()}
                    />
                    <Inspector
                        scene={state.scene.clone()}
                        tab={state.selection.tab}
                        ghosts={state.selection.ghosts}
                        stale={state.stale}
                        dispatch={dispatch.clone()}
                    />
                </div>
            </main>
            <Live announcement={state.announcement.clone().filter(|_| !stale)} />
        </ContextProvider<I18n>>
    }
}

/// Properties of [`PaneBar`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct PaneBarProps {
    pane: Pane,
    dispatch: Dispatch,
}

/// The tabs of a narrow page, one for each pane.
#[component]
fn PaneBar(props: &PaneBarProps) -> Html {
    let i18n = use_i18n();
    let on_select = {
        let dispatch = props.dispatch.clone();
        use_callback((), move |index: usize, ()| {
            if let Some(pane) = Pane::ALL.get(index) {
                dispatch.dispatch(Action::ShowPane(*pane));
            }
        })
    };
    let name = |pane| match pane {
        Pane::Editor => i18n.t("editor"),
        Pane::Stack => i18n.t("stack"),
        Pane::Inspector => i18n.t("inspector"),
    };
    let items: Vec<TabItem> = Pane::ALL
        .iter()
        .map(|pane| TabItem { id: format!("pane-tab-{}", pane.name()).into(), label: name(*pane).into(), count: None })
        .collect();
    let panels: Vec<AttrValue> = Pane::ALL.iter().map(|pane| pane.name().into()).collect();
    let selected = Pane::ALL.iter().position(|pane| *pane == props.pane).unwrap_or(0);
    html! {
        <div class="pane-bar">
            <Tabs label={i18n.t("panes")} class="pane-tabs" {items} {selected} {panels} {on_select} />
        </div>
    }
}

/// Properties of [`Live`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct LiveProps {
    announcement: Option<Announcement>,
}

/// The live region: what the last build changed, said when the typing pauses.
#[component]
fn Live(props: &LiveProps) -> Html {
    let i18n = use_i18n();
    let said = use_state_eq(String::new);
    {
        let said = said.clone();
        use_effect_with((props.announcement.clone(), i18n.clone()), move |(announcement, i18n)| {
            let text = announcement.as_ref().map(|announcement| words::announcement(i18n, announcement));
            let timeout = Timeout::new(PAUSE, move || said.set(text.unwrap_or_default()));
            move || drop(timeout)
        });
    }
    html! { <p class="vh" role="status" aria-live="polite">{ (*said).clone() }</p> }
}
