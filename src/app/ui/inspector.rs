//! The inspector: the selected step's head, the tabs, and the open panel.

use super::Dispatch;
use super::changes::Changes;
use super::files::FilesTree;
use super::history::{history, inspect};
use super::parts::{because, icon, kind_class, step_chip};
use super::stack::stale_words;
use super::tabs::{TabItem, Tabs};
use super::tar::Tar;
use super::waste::waste;
use crate::app::i18n::{I18n, use_i18n};
use crate::view::layer::Kind;
use crate::view::list::Query;
use crate::view::log::LogView;
use crate::view::panel::{HeadView, PanelBody, Tab};
use crate::view::picture::Scene;
use crate::view::size::human;
use crate::view::stack::{CacheView, DigestView};
use crate::view::state::{Action, Stale};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Inspector`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct InspectorProps {
    /// The picture; none before the first build, and where there is nothing to build.
    pub scene: Option<Rc<Scene>>,
    /// The open tab.
    pub tab: Tab,
    /// Are the names that whiteouts hide shown?
    pub ghosts: bool,
    /// What the open tab's list shows.
    pub query: Query,
    /// The picture is the last good one.
    pub stale: Option<Stale>,
    /// Takes actions.
    pub dispatch: Dispatch,
}

fn tab_name(i18n: &I18n, tab: Tab) -> String {
    match tab {
        Tab::Changes => i18n.t("changes"),
        Tab::Files => i18n.t("files"),
        Tab::Tar => i18n.t("tar"),
        Tab::History => i18n.t("history"),
        Tab::Inspect => i18n.t("inspect"),
        Tab::Log => i18n.t("log"),
        Tab::Waste => i18n.t("waste"),
    }
}

/// The inspector.
#[component]
pub fn Inspector(props: &InspectorProps) -> Html {
    let i18n = use_i18n();
    let on_select = {
        let dispatch = props.dispatch.clone();
        use_callback((), move |index: usize, ()| {
            if let Some(tab) = Tab::ALL.get(index) {
                dispatch.dispatch(Action::ShowTab(*tab));
            }
        })
    };
    let items: Vec<TabItem> = Tab::ALL
        .iter()
        .map(|tab| TabItem {
            id: format!("tab-{}", tab.name()).into(),
            label: tab_name(&i18n, *tab).into(),
            count: None,
        })
        .collect();
    let selected = Tab::ALL.iter().position(|tab| *tab == props.tab).unwrap_or(0);
    let split = props.tab == Tab::Files;
    html! {
        <section class="inspector" id="inspector" aria-label={i18n.t("inspector")}>
            <div class={classes!("insp-host", props.stale.is_some().then_some("is-stale"))}>
                <div class="insp">
                    if let Some(stale) = props.stale.filter(|_| props.scene.is_some()) {
                        <p class="stale-note">
                            { icon("warn") }
                            <span>{ i18n.t("of-last-good") }{ " " }{ stale_words(&i18n, stale) }</span>
                        </p>
                    }
                    if let Some(scene) = &props.scene {
                        { head(&i18n, scene, props.tab) }
                    }
                    <Tabs label={i18n.t("inspector")} {items} {selected} panel="panel" {on_select} />
                    <div
                        class={classes!("panel", split.then_some("split"))}
                        role="tabpanel"
                        id="panel"
                        aria-labelledby={format!("tab-{}", props.tab.name())}
                        tabindex="0"
                    >
                        if let Some(scene) = &props.scene {
                            { body(&i18n, scene, props) }
                        } else {
                            <p class="aside">{ i18n.t("inspector-empty") }</p>
                        }
                    </div>
                </div>
            </div>
        </section>
    }
}

fn head(i18n: &I18n, scene: &Scene, tab: Tab) -> Html {
    if let (Tab::Waste, PanelBody::Waste(view)) = (tab, &*scene.panel.body)
        && let Some(ledger) = &view.ledger
    {
        let files = (view.groups.len() as u64) + u64::from(view.more.0);
        return html! {
            <header class="insp-head">
                <h2>{ i18n.t("waste-of-image") }</h2>
                <p class="facts">
                    <span>{ i18n.f("waste-of", &[("wasted", human(ledger.wasted()).into()), ("size", ledger.size.text().into())]) }</span>
                    <span>{ i18n.f("files-count", &[("n", files.into())]) }</span>
                    <span>{ i18n.f("copies-count", &[("n", view.copies.into())]) }</span>
                </p>
            </header>
        };
    }
    let head = &scene.panel.head;
    let kind = (head.kind != Kind::Meta).then_some(head.kind);
    html! {
        <header class="insp-head">
            <h2>
                { step_chip(i18n, head.kind, head.look, head.key.step, true) }
                <code class={classes!("instr", kind.map(kind_class))}>
                    <b>{ &head.text.keyword }</b>{ " " }<span class="head">{ head.text.arguments() }</span>
                </code>
            </h2>
            { facts(i18n, head) }
        </header>
    }
}

fn facts(i18n: &I18n, head: &HeadView) -> Html {
    let cache = head.cache.as_ref().map(|cache| match cache {
        CacheView::Cached => "CACHED",
        CacheView::Built(_) => "BUILT",
    });
    let digest = head.digest.as_ref().and_then(|digest| match digest {
        DigestView::Known(digest) => Some(html! { <span><code>{ format!("sha256:{digest}") }</code></span> }),
        DigestView::Pending => None,
        DigestView::NotComputed => Some(html! { <span>{ i18n.t("digest-not-computed") }</span> }),
    });
    html! {
        <p class="facts">
            <span>{ i18n.f("line", &[("line", head.line.into())]) }</span>
            if let Some(code) = head.exit_code {
                <span><b class="bad">{ i18n.f("exit-code", &[("code", code.to_string().into())]) }</b></span>
            }
            if let Some(size) = head.size {
                <span>{ size.text() }</span>
            } else {
                <span>{ i18n.t("no-layer") }</span>
            }
            if let Some(cache) = cache {
                <span>{ cache }</span>
            }
            { digest }
            if let Some(stage) = &head.stage {
                <span>{ i18n.f("stage-named", &[("name", stage.as_str().into())]) }</span>
            }
        </p>
    }
}

fn body(i18n: &I18n, scene: &Scene, props: &InspectorProps) -> Html {
    let dispatch = &props.dispatch;
    match &*scene.panel.body {
        PanelBody::Changes(view) => html! {
            <Changes
                view={view.clone()}
                step={scene.panel.head.key.step}
                path={scene.path.clone()}
                query={props.query.clone()}
                dispatch={dispatch.clone()}
            />
        },
        PanelBody::Files(view) => {
            let (path, ghosts, query) = (scene.path.clone(), props.ghosts, props.query.clone());
            html! { <FilesTree view={view.clone()} {path} {ghosts} {query} dispatch={dispatch.clone()} /> }
        }
        PanelBody::Tar(view) => {
            html! { <Tar view={view.clone()} query={props.query.clone()} dispatch={dispatch.clone()} /> }
        }
        PanelBody::History(view) => history(i18n, view, scene.panel.head.key, dispatch),
        PanelBody::Inspect(view) => inspect(i18n, view, scene.panel.head.key),
        PanelBody::Log(view) => log(i18n, view),
        PanelBody::Waste(view) => waste(i18n, view, dispatch),
    }
}

fn log(i18n: &I18n, view: &LogView) -> Html {
    let lines = view.lines.iter().map(|line| {
        html! {
            <>
                if line.bad {
                    <mark>{ &line.text }</mark>
                } else if line.selected {
                    <b>{ &line.text }</b>
                } else {
                    { &line.text }
                }
                { "\n" }
            </>
        }
    });
    html! {
        <>
            if let Some(why) = &view.because {
                { because(i18n, why) }
            }
            <h3 class="sect"><span>{ i18n.t("build-log") }</span><span class="sect-note">{ "--progress=plain" }</span></h3>
            <pre class="log" tabindex="0" aria-label={i18n.t("build-log")}><code>{ for lines }</code></pre>
        </>
    }
}
