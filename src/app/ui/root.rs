//! The root component: it holds the state, starts the engine, and carries out what the state asks of the document.

use super::dialogs::Dialogs;
use super::editor_pane::EditorPane;
use super::header::Header;
use super::images::use_drop;
use super::inspector::Inspector;
use super::keys::use_keys;
use super::ledger::Ledger;
use super::parts::icon;
use super::stack::StackPane;
use super::tabs::{TabItem, Tabs};
use super::{Dispatch, Store};
use crate::app::engine::Engine;
use crate::app::i18n::{I18n, use_i18n};
use crate::app::{permalink, settings, words};
use crate::view::link::Fragment;
use crate::view::picture::Announcement;
use crate::view::project::Project;
use crate::view::stack::RowBody;
use crate::view::state::{Action, Pane, State};
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use std::rc::Rc;
use yew::prelude::*;

/// How long the live region waits for the typing to pause, in milliseconds: it shall not speak at every keystroke.
const PAUSE: u32 = 700;

/// The whole page.
#[component]
pub fn App() -> Html {
    let store = use_reducer(|| Store(Rc::new(opened())));
    let dispatch = store.dispatcher();
    use_address(&dispatch);
    let engine = {
        let dispatch = dispatch.clone();
        use_memo((), move |()| {
            let script = gloo::utils::document_element().get_attribute("data-worker").unwrap_or_default();
            Engine::start(script, move |action| {
                settings::show_page();
                dispatch.dispatch(action);
            })
        })
    };
    let state = store.0.clone();
    engine.sync(&state);
    use_effect_with(state.settings, {
        let dispatch = dispatch.clone();
        move |settings| {
            if !settings::apply(*settings) {
                dispatch.dispatch(Action::NotKept);
            }
        }
    });
    use_effect_with(state.pane, |pane| settings::show_pane(pane.name()));
    use_drop(&dispatch);
    use_keys(!state.settings.keys_off, state.as_then, &dispatch);
    // The editor is heavy: an embedded page loads it when its tab is opened, and keeps it from then on.
    let editor_seen = use_mut_ref(|| !settings::is_embedded());
    *editor_seen.borrow_mut() |= state.pane == Pane::Editor;
    let with_editor = *editor_seen.borrow();
    let so_far = state.scene.as_ref().and_then(|scene| scene.so_far.clone());
    let i18n = use_memo(state.settings.language, |language| I18n::new(*language));
    let stale = state.stale.is_some();
    html! {
        <ContextProvider<I18n> context={(*i18n).clone()}>
            <a class="skip" href="#stack">{ i18n.t("skip-to-stack") }</a>
            <Header example={state.example} settings={state.settings} dispatch={dispatch.clone()} />
            <Ledger so_far={so_far.is_some()} ledger={so_far.or_else(|| state.ledger.clone())} {stale} dispatch={dispatch.clone()} />
            if state.unkept {
                <p class="page-note" role="status">{ i18n.t("not-kept") }</p>
            }
            <main class="work">
                <PaneBar pane={state.pane} project={state.project.clone()} dispatch={dispatch.clone()} />
                <div class="bench">
                    <EditorPane
                        wanted={with_editor}
                        project={state.project.clone()}
                        loads={state.loads}
                        tab={state.editor_tab}
                        open_file={state.open_file.clone()}
                        gutter={state.gutter.clone()}
                        step={state.step()}
                        diagnostics={state.diagnostics.clone()}
                        lacking={state.lacking.clone()}
                        ignored={state.ignored.clone()}
                        refused={state.refused.clone()}
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
                        stepping={state.selection.stepping}
                        as_then={state.as_then}
                        link_refused={state.link_refused}
                        dispatch={dispatch.clone()}
                    />
                    <Inspector
                        scene={state.scene.clone()}
                        tab={state.selection.tab}
                        ghosts={state.selection.ghosts}
                        query={state.selection.query.clone()}
                        stale={state.stale}
                        dispatch={dispatch.clone()}
                    />
                </div>
            </main>
            <Dialogs
                open={state.dialog}
                project={state.project.clone()}
                scene={state.scene.clone()}
                ledger={state.ledger.clone()}
                keys={!state.settings.keys_off}
                images={state.images.clone()}
                dispatch={dispatch.clone()}
            />
            <Live said={said(&state).filter(|_| !stale)} />
        </ContextProvider<I18n>>
    }
}

/// The page as its address asks for it: the first example, or a project, which may still have to be unpacked.
fn opened() -> State {
    let state = State::new(settings::read()).reduce(Action::ShowPane(settings::pane()));
    match permalink::here() {
        Fragment::None => state,
        Fragment::Example(index) => state.reduce(Action::Load(index)),
        Fragment::Project(project) => state.reduce(Action::Open(project)),
        Fragment::Packed(_) => state.reduce(Action::Open(Box::default())),
        Fragment::Refused => state.reduce(Action::LinkRefused),
    }
}

/// Unpacks the project of the address the page was opened with, and follows each later one.
#[hook]
fn use_address(dispatch: &Dispatch) {
    let dispatch = dispatch.clone();
    use_effect_with((), move |()| {
        if let Fragment::Packed(packed) = permalink::here() {
            unpack(packed, dispatch.clone(), true);
        }
        let listener = EventListener::new(&gloo::utils::window(), "hashchange", move |_| match permalink::here() {
            Fragment::None => {}
            Fragment::Example(index) => dispatch.dispatch(Action::Load(index)),
            Fragment::Project(project) => dispatch.dispatch(Action::Open(project)),
            Fragment::Packed(packed) => unpack(packed, dispatch.clone(), false),
            Fragment::Refused => dispatch.dispatch(Action::LinkRefused),
        });
        move || drop(listener)
    });
}

/// Opens a packed project. Where that cannot be read and `alone`, nothing else is on the page: the first example comes.
fn unpack(packed: String, dispatch: Dispatch, alone: bool) {
    wasm_bindgen_futures::spawn_local(async move {
        match permalink::unpack(&packed).await {
            Some(project) => dispatch.dispatch(Action::Open(Box::new(project))),
            None => {
                if alone {
                    dispatch.dispatch(Action::Load(0));
                }
                dispatch.dispatch(Action::LinkRefused);
            }
        }
    });
}

/// What the live region shall say: of the step that the slider is at, else of the build.
fn said(state: &State) -> Option<Announcement> {
    if !state.selection.stepping {
        return state.announcement.clone();
    }
    let step = state.step()?;
    match &state.scene.as_ref()?.stack.row(step)?.body {
        RowBody::Layer(layer) => {
            Some(Announcement::Step { step: step.step, counts: layer.counts, bytes: layer.size.bytes })
        }
        _ => None,
    }
}

/// Properties of [`PaneBar`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct PaneBarProps {
    pane: Pane,
    project: Project,
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
            if settings::is_embedded() {
                <a class="embed-open" href={permalink::plain(&props.project)} target="_blank" rel="noopener">
                    { i18n.t("open-in-layerlab") }{ icon("next") }
                </a>
            }
        </div>
    }
}

/// Properties of [`Live`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct LiveProps {
    said: Option<Announcement>,
}

/// The live region: what the last build changed, said when the typing pauses.
#[component]
fn Live(props: &LiveProps) -> Html {
    let i18n = use_i18n();
    let said = use_state_eq(String::new);
    {
        let said = said.clone();
        use_effect_with((props.said.clone(), i18n.clone()), move |(announcement, i18n)| {
            let text = announcement.as_ref().map(|announcement| words::announcement(i18n, announcement));
            let timeout = Timeout::new(PAUSE, move || said.set(text.unwrap_or_default()));
            move || drop(timeout)
        });
    }
    html! { <p class="vh" role="status" aria-live="polite">{ (*said).clone() }</p> }
}
