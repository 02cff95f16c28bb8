//! The editor pane: its tabs, the editor with what is worded for it, and the line below that counts what is wrong.

use super::Dispatch;
use super::context::Context;
use super::lacking::Lacking;
use super::parts::icon;
use super::tabs::{TabItem, Tabs};
use crate::app::editor::{Editor, EditorLanguage};
use crate::app::editor_words;
use crate::app::i18n::{I18n, use_i18n};
use crate::build::placeholder::Placeholder;
use crate::diagnostic::Severity;
use crate::view::assist::{Question, Reply};
use crate::view::context_tree::sums;
use crate::view::editor::{DiagnosticView, GutterMark};
use crate::view::layer::StepKey;
use crate::view::project::Project;
use crate::view::size::human;
use crate::view::state::{Action, EditorTab};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`EditorPane`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct EditorPaneProps {
    /// The pane was looked at: its editor is loaded from then on.
    pub wanted: bool,
    /// What is edited.
    pub project: Project,
    /// Counts the loaded examples: each is a document of its own, with its own undo history.
    pub loads: u64,
    /// The open tab.
    pub tab: EditorTab,
    /// The open file of the context.
    pub open_file: Option<String>,
    /// The gutter.
    pub gutter: Rc<Vec<GutterMark>>,
    /// The selected step.
    pub step: Option<StepKey>,
    /// Diagnostics.
    pub diagnostics: Rc<Vec<DiagnosticView>>,
    /// Context files that .dockerignore leaves out.
    pub ignored: Rc<Vec<String>>,
    /// Files that the text wants of the context and it lacks.
    pub lacking: Rc<Vec<Placeholder>>,
    /// Files that the context did not take.
    pub refused: Rc<Vec<String>>,
    /// The answer to the editor's question of this number.
    pub reply: Option<(u32, Rc<Reply>)>,
    /// The line to show.
    pub go_to: Option<(u32, u64)>,
    /// Takes actions.
    pub dispatch: Dispatch,
}

const TABS: [EditorTab; 3] = [EditorTab::Dockerfile, EditorTab::Ignore, EditorTab::Context];

/// The editor pane.
#[component]
pub fn EditorPane(props: &EditorPaneProps) -> Html {
    let i18n = use_i18n();
    let on_select = {
        let dispatch = props.dispatch.clone();
        use_callback((), move |index: usize, ()| {
            if let Some(tab) = TABS.get(index) {
                dispatch.dispatch(Action::ShowEditorTab(*tab));
            }
        })
    };
    let items = vec![
        TabItem { id: "ed-tab-dockerfile".into(), label: "Dockerfile".into(), count: None },
        TabItem { id: "ed-tab-ignore".into(), label: ".dockerignore".into(), count: None },
        TabItem {
            id: "ed-tab-context".into(),
            label: i18n.t("context").into(),
            count: Some(props.project.context.len() as u32),
        },
    ];
    let selected = TABS.iter().position(|tab| *tab == props.tab).unwrap_or(0);
    let labelled = items.get(selected).map(|item| item.id.clone());
    let body = match props.tab {
        EditorTab::Context => html! {
            <Context
                project={props.project.clone()}
                loads={props.loads}
                refused={props.refused.clone()}
                ignored={props.ignored.clone()}
                open={props.open_file.clone()}
                dispatch={props.dispatch.clone()}
            />
        },
        _ if !props.wanted => Html::default(),
        tab => html! {
            <>
                <TextEditor ..props.clone() />
                if tab == EditorTab::Ignore {
                    { left_out(&i18n, props) }
                }
            </>
        },
    };
    html! {
        <section class="editor" id="editor" aria-label={i18n.t("editor")}>
            <Tabs label={i18n.t("files-of-project")} {items} {selected} panel="ed-panel" {on_select} />
            <div class="ed-panel" role="tabpanel" id="ed-panel" aria-labelledby={labelled}>{ body }</div>
            <Lacking files={props.lacking.clone()} dispatch={props.dispatch.clone()} />
            { foot(&i18n, props) }
        </section>
    }
}

/// The Dockerfile or .dockerignore in the editor.
#[component]
fn TextEditor(props: &EditorPaneProps) -> Html {
    let i18n = use_i18n();
    let dockerfile = props.tab == EditorTab::Dockerfile;
    let notes = use_memo((props.diagnostics.clone(), i18n.clone()), |(diagnostics, i18n)| {
        diagnostics.iter().map(|one| editor_words::note(i18n, one)).collect::<Vec<_>>()
    });
    let phrases = use_memo(i18n.language(), |_| editor_words::phrases(&i18n));
    let gutter = use_memo((props.gutter.clone(), i18n.clone()), |(gutter, i18n)| {
        gutter.iter().map(|mark| (mark.clone(), editor_words::mark(i18n, mark))).collect::<Vec<_>>()
    });
    let reply = use_memo((props.reply.clone(), i18n.clone()), |(reply, i18n)| {
        reply.as_ref().map(|(id, reply)| (*id, Rc::new(editor_words::reply(i18n, reply))))
    });
    let on_ask = {
        let dispatch = props.dispatch.clone();
        use_callback((), move |question: Question, ()| dispatch.dispatch(Action::Ask(question)))
    };
    let on_edit = {
        let dispatch = props.dispatch.clone();
        use_callback(dockerfile, move |text: Rc<str>, dockerfile| {
            let action = if *dockerfile { Action::EditDockerfile(text) } else { Action::EditIgnore(text) };
            dispatch.dispatch(action);
        })
    };
    let on_line = {
        let dispatch = props.dispatch.clone();
        use_callback(dockerfile, move |line: u32, dockerfile| {
            if *dockerfile {
                dispatch.dispatch(Action::CursorAt(line));
            }
        })
    };
    let on_action = {
        let dispatch = props.dispatch.clone();
        use_callback(props.diagnostics.clone(), move |index: usize, diagnostics| {
            if let Some(edit) = diagnostics.get(index).and_then(|one| one.edit.clone()) {
                dispatch.dispatch(Action::ApplyEdits(vec![edit]));
            }
        })
    };
    let name = if dockerfile { "Dockerfile" } else { ".dockerignore" };
    let label = i18n.f("text-of", &[("path", name.into())]);
    let text = if dockerfile { props.project.dockerfile.clone() } else { props.project.dockerignore.clone() };
    html! {
        <Editor
            name={format!("{name}-{}", props.loads)}
            {text}
            {label}
            language={if dockerfile { EditorLanguage::Dockerfile } else { EditorLanguage::Ignore }}
            gutter={if dockerfile { gutter } else { Rc::default() }}
            selected={props.step.filter(|_| dockerfile)}
            notes={if dockerfile { notes } else { Rc::default() }}
            go_to={props.go_to.filter(|_| dockerfile)}
            reply={(*reply).clone().filter(|_| dockerfile)}
            {phrases}
            {on_ask}
            {on_edit}
            {on_line}
            {on_action}
        />
    }
}

/// What .dockerignore leaves out, as it is typed.
fn left_out(i18n: &I18n, props: &EditorPaneProps) -> Html {
    let ((files, bytes), (left_files, left_bytes)) = sums(&props.project, &props.ignored);
    html! {
        <div class="ctx-left-out" role="status">
            <p>
                { i18n.f("context-sum", &[("n", files.into()), ("size", human(bytes).into())]) }
                { " " }
                { i18n.f("context-left-out", &[
                    ("n", left_files.into()),
                    ("size", human(left_bytes).into()),
                    ("rest", human(bytes - left_bytes).into()),
                ]) }
            </p>
            <ul>{ for props.ignored.iter().map(|path| html! { <li><s><code>{ path }</code></s></li> }) }</ul>
        </div>
    }
}

fn foot(i18n: &I18n, props: &EditorPaneProps) -> Html {
    let of = |severity| props.diagnostics.iter().filter(move |one| one.severity == severity);
    let found = |first: Option<&DiagnosticView>, class: &'static str, name: &'static str, said: String| {
        let Some(first) = first else { return Html::default() };
        let onclick = {
            let (dispatch, line) = (props.dispatch.clone(), first.line);
            Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::GoTo(line)))
        };
        html! {
            <button type="button" class={classes!("quiet", "small", class)} {onclick}>
                { icon(name) }{ said }{ " " }
                <span class="dim">{ i18n.f("line", &[("line", first.line.into())]) }</span>
            </button>
        }
    };
    let count = |severity| of(severity).count() as u64;
    let errors = i18n.f("errors", &[("n", count(Severity::Error).into())]);
    let warnings = i18n.f("check-warnings", &[("n", count(Severity::Warning).into())]);
    let failed = props.diagnostics.iter().find(|one| one.exit_code.is_some());
    html! {
        <footer class="ed-foot">
            <span class="ed-found">
                if failed.is_some() {
                    { found(failed, "errors", "x", i18n.t("one-failed-step")) }
                } else {
                    { found(of(Severity::Error).next(), "errors", "x", errors) }
                }
                if let Some(error) = of(Severity::Error).next().filter(|_| failed.is_none()) {
                    <span class="ed-said" title={error.message.clone()}>{ editor_words::note(i18n, error).title.replace('`', "") }</span>
                }
                { found(of(Severity::Warning).next(), "warnings", "warn", warnings) }
                if props.diagnostics.iter().all(|one| one.severity == Severity::Note) {
                    <span class="dim">{ i18n.t("no-warnings") }</span>
                }
            </span>
            <span class="keys dim"><kbd>{ "Esc" }</kbd>{ " " }<kbd>{ "Tab" }</kbd>{ " " }<span>{ i18n.t("leaves-editor") }</span></span>
        </footer>
    }
}
