//! The editor as a component: the custom element of static/editor/editor.js, what the page says to it, and what it says.
//!
//! Its script comes when the first editor is drawn, so that the first view does not wait for it and an embed can do
//! without. Until then the text is there to read, and where the script cannot be had, a plain text field takes its place.
//! Offsets are bytes on this side. It lacks words: the page words the notes.

use super::utf16::Utf16;
use crate::diagnostic::Severity;
use crate::span::Span;
use crate::view::assist::{Question, QuestionKind};
use crate::view::editor::GutterMark;
use crate::view::layer::{ChipLook, StepKey};
use crate::view::size::Amount;
use gloo::events::EventListener;
use js_sys::Array;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{CustomEvent, Event, HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The custom element, once its script has run.
    #[wasm_bindgen(extends = HtmlElement)]
    type EditorElement;

    #[wasm_bindgen(method)]
    fn open(this: &EditorElement, name: &str, text: &str, language: &str);
    #[wasm_bindgen(method)]
    fn label(this: &EditorElement, label: &str);
    #[wasm_bindgen(method)]
    fn mark(this: &EditorElement, instructions: &Array);
    #[wasm_bindgen(method)]
    fn diagnose(this: &EditorElement, findings: &Array, notices: &Array);
    #[wasm_bindgen(method)]
    fn reveal(this: &EditorElement, line: u32);
    #[wasm_bindgen(method)]
    fn words(this: &EditorElement, phrases: &Array);
    #[wasm_bindgen(method)]
    fn answer(this: &EditorElement, id: u32, reply: &JsValue);
}

/// A diagnostic in the editor, worded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The text it is about; its first byte's line is marked.
    pub span: Span,
    /// Its line, from 1.
    pub line: u32,
    /// How bad: an error also gets a block below its line.
    pub severity: Severity,
    /// What is wrong, in bold. Code stands between backticks.
    pub title: AttrValue,
    /// The rest of it. Code stands between backticks.
    pub text: AttrValue,
    /// The button that mends it.
    pub action: Option<AttrValue>,
}

/// The words of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EditorLanguage {
    /// A Dockerfile.
    Dockerfile,
    /// .dockerignore.
    Ignore,
    /// Anything else.
    #[default]
    Plain,
}

/// An answer to a question, worded. Offsets are bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditorReply {
    /// Nothing is known.
    Nothing,
    /// Where the completed word begins, and each completion: its text, a class, and words about it.
    Completions(usize, Vec<(AttrValue, &'static str, AttrValue)>),
    /// From where to where, a title, and paragraphs. Code stands between backticks.
    Explanation(usize, usize, AttrValue, AttrValue),
}

/// What the page says to the editor.
#[derive(Properties, PartialEq)]
pub struct EditorProps {
    /// Which document: under another name it is another one, with its own undo history.
    pub name: AttrValue,
    /// Its text, lines ended by `\n`.
    pub text: Rc<str>,
    /// Its words.
    #[prop_or_default]
    pub language: EditorLanguage,
    /// What the text field is called.
    pub label: AttrValue,
    /// The gutter, and what it says in words.
    #[prop_or_default]
    pub gutter: Rc<Vec<(GutterMark, AttrValue)>>,
    /// The selected step.
    #[prop_or_default]
    pub selected: Option<StepKey>,
    /// Diagnostics, in the text's order.
    #[prop_or_default]
    pub notes: Rc<Vec<Note>>,
    /// The line to show, and a count that tells a second wish for the same line.
    #[prop_or_default]
    pub go_to: Option<(u32, u64)>,
    /// The search panel's words, CodeMirror's own and what they are called here.
    #[prop_or_default]
    pub phrases: Rc<Vec<(AttrValue, AttrValue)>>,
    /// The answer to the editor's question of this number.
    #[prop_or_default]
    pub reply: Option<(u32, Rc<EditorReply>)>,
    /// The user changed the text.
    pub on_edit: Callback<Rc<str>>,
    /// The user went to a line.
    #[prop_or_default]
    pub on_line: Callback<u32>,
    /// The user pressed the button of a note, of this number.
    #[prop_or_default]
    pub on_action: Callback<usize>,
    /// The editor asks about a place.
    #[prop_or_default]
    pub on_ask: Callback<Question>,
}

/// What happens to the editor.
#[derive(Debug)]
pub enum Msg {
    /// The script has run.
    Ready,
    /// It cannot be had.
    Failed,
    /// The user changed the text.
    Edited(Rc<str>),
    /// The user went to a line.
    Line(u32),
    /// The user pressed a note's button.
    Action(usize),
    /// The editor asks, about a place in UTF-16.
    Ask(u32, QuestionKind, usize),
}

/// The editor.
pub struct Editor {
    node: NodeRef,
    script: Script,
    listeners: Vec<EventListener>,
    /// The texts that the editor told and that have not come back as a property yet: those are echoes.
    told: RefCell<VecDeque<Rc<str>>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Loading,
    Ready,
    Failed,
}

impl Component for Editor {
    type Message = Msg;
    type Properties = EditorProps;

    fn create(_ctx: &Context<Self>) -> Self {
        Self { node: NodeRef::default(), script: Script::Loading, listeners: Vec::new(), told: RefCell::default() }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        if self.script == Script::Failed {
            let oninput = ctx.link().callback(|event: InputEvent| {
                Msg::Edited(event.target_unchecked_into::<HtmlTextAreaElement>().value().into())
            });
            let value = props.text.to_string();
            return html! { <textarea class="ed-plain" aria-label={props.label.clone()} spellcheck="false" {value} {oninput} /> };
        }
        // The element keeps its own content: what is drawn here is only seen until its script has run.
        html! {
            <layerlab-editor class="ed" ref={self.node.clone()}>
                if self.script == Script::Loading { <pre>{ &*props.text }</pre> }
            </layerlab-editor>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if !first {
            return;
        }
        if let Some(node) = self.node.cast::<HtmlElement>() {
            let (edit, line, action, ask) =
                (ctx.link().clone(), ctx.link().clone(), ctx.link().clone(), ctx.link().clone());
            self.listeners = vec![
                EventListener::new(&node, "editor-edit", move |event| {
                    if let Some(text) = detail(event).as_string() {
                        edit.send_message(Msg::Edited(text.into()));
                    }
                }),
                EventListener::new(&node, "editor-line", move |event| {
                    if let Some(number) = number(event) {
                        line.send_message(Msg::Line(number));
                    }
                }),
                EventListener::new(&node, "editor-action", move |event| {
                    if let Some(index) = number(event) {
                        action.send_message(Msg::Action(index as usize));
                    }
                }),
                EventListener::new(&node, "editor-ask", move |event| {
                    if let Some(question) = question(event) {
                        ask.send_message(question);
                    }
                }),
            ];
        }
        let link = ctx.link().clone();
        wasm_bindgen_futures::spawn_local(async move {
            link.send_message(if load().await { Msg::Ready } else { Msg::Failed });
        });
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let props = ctx.props();
        match msg {
            Msg::Ready => {
                self.script = Script::Ready;
                self.push(props, None);
                true
            }
            Msg::Failed => {
                self.script = Script::Failed;
                true
            }
            Msg::Edited(text) => {
                self.told.borrow_mut().push_back(text.clone());
                props.on_edit.emit(text);
                false
            }
            Msg::Line(line) => {
                props.on_line.emit(line);
                false
            }
            Msg::Action(index) => {
                props.on_action.emit(index);
                false
            }
            Msg::Ask(id, kind, units) => {
                // What was typed last may not have come back as a property yet.
                let text = self.told.borrow().back().cloned().unwrap_or_else(|| props.text.clone());
                props.on_ask.emit(Question { id, kind, at: Utf16::new(&text).to_byte(units) });
                false
            }
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &EditorProps) -> bool {
        self.push(ctx.props(), Some(old));
        self.script != Script::Ready
    }
}

impl Editor {
    /// Says to the element what differs from the old properties; all of it where there are none.
    fn push(&mut self, props: &EditorProps, old: Option<&EditorProps>) {
        if self.script != Script::Ready {
            return;
        }
        let Some(node) = self.node.get() else { return };
        let element: &EditorElement = node.unchecked_ref();
        let renamed = old.is_none_or(|old| old.name != props.name);
        let retold = old.is_some_and(|old| old.text != props.text) && !self.is_echo(&props.text);
        if renamed || retold {
            self.told.borrow_mut().clear();
            let language = match props.language {
                EditorLanguage::Dockerfile => "dockerfile",
                EditorLanguage::Ignore => "ignore",
                EditorLanguage::Plain => "plain",
            };
            element.open(&props.name, &props.text, language);
        }
        if renamed || old.is_none_or(|old| old.label != props.label) {
            element.label(&props.label);
        }
        if renamed || old.is_none_or(|old| old.phrases != props.phrases) {
            let phrases: Array = props.phrases.iter().map(|(theirs, ours)| row([text(theirs), text(ours)])).collect();
            element.words(&phrases);
        }
        if renamed || old.is_none_or(|old| old.gutter != props.gutter || old.selected != props.selected) {
            let marks: Array = props.gutter.iter().map(|(mark, said)| mark_row(mark, said, props.selected)).collect();
            element.mark(&marks);
        }
        if renamed || old.is_none_or(|old| old.notes != props.notes) {
            let mut offsets = Utf16::new(&props.text);
            let notes = || (0..).zip(props.notes.iter());
            let findings: Array = notes().map(|(number, note)| finding_row(number, note, &mut offsets)).collect();
            let blocks = notes().filter(|(_, note)| note.severity == Severity::Error);
            let notices: Array = blocks.map(|(number, note)| notice_row(number, note)).collect();
            element.diagnose(&findings, &notices);
        }
        if let Some((line, _)) = props.go_to
            && (renamed || old.is_none_or(|old| old.go_to != props.go_to))
        {
            element.reveal(line);
        }
        if let Some((id, reply)) = &props.reply
            && old.is_none_or(|old| old.reply != props.reply)
        {
            element.answer(*id, &reply_row(reply, &mut Utf16::new(&props.text)));
        }
    }

    /// Is this a text that the editor told itself? Then it and all that were told before it have come back.
    fn is_echo(&self, text: &Rc<str>) -> bool {
        let mut told = self.told.borrow_mut();
        let Some(at) = told.iter().position(|one| one == text) else { return false };
        told.drain(..=at);
        true
    }
}

fn row<const N: usize>(values: [JsValue; N]) -> JsValue {
    values.into_iter().collect::<Array>().into()
}

fn text(text: &str) -> JsValue {
    JsValue::from_str(text)
}

/// [first, last, kind, icon, chip, chip's look, lines' look, size, cache, words]
fn mark_row(mark: &GutterMark, said: &str, selected: Option<StepKey>) -> JsValue {
    let (chip_look, line_look, icon) = match mark.look {
        ChipLook::Filled => ("", "", mark.kind.name()),
        ChipLook::Hollow => ("hollow", "", mark.kind.name()),
        ChipLook::Broken => ("broken", "has-error", "x"),
        ChipLook::NotRun => ("notrun", "skipped", ""),
    };
    let chip = match mark.key {
        Some(key) if !key.is_base() => key.step.to_string(),
        _ if mark.look == ChipLook::NotRun => "–".to_owned(),
        _ => String::new(),
    };
    let icon = if icon.is_empty() { String::new() } else { format!("i-{icon}") };
    let ships = if mark.ships { " ships" } else { "" };
    let selected = if mark.key.is_some() && mark.key == selected { " selected" } else { "" };
    row([
        mark.lines.0.into(),
        mark.lines.1.into(),
        text(&format!("k-{}", mark.kind.name())),
        text(&icon),
        text(&chip),
        text(chip_look),
        text(&format!("{line_look}{ships}{selected}")),
        text(&mark.size.map_or_else(String::new, Amount::text)),
        text(match mark.cached {
            Some(true) => "cached",
            Some(false) => "built",
            None => "",
        }),
        text(said),
    ])
}

/// [from, to, severity, message, action, number]
fn finding_row(number: u32, note: &Note, offsets: &mut Utf16) -> JsValue {
    let severity = match note.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "info",
    };
    let message = format!("{} {}", note.title, note.text).replace('`', "");
    let (from, to) = (offsets.of_byte(note.span.start), offsets.of_byte(note.span.end));
    row([(from as u32).into(), (to as u32).into(), text(severity), text(message.trim()), action(note), number.into()])
}

/// [line, title, text, action, number]
fn notice_row(number: u32, note: &Note) -> JsValue {
    row([note.line.into(), text(&note.title), text(&note.text), action(note), number.into()])
}

fn action(note: &Note) -> JsValue {
    text(note.action.as_deref().unwrap_or_default())
}

/// [from, [text, class, words] each], or [from, to, title, text], or null
fn reply_row(reply: &EditorReply, offsets: &mut Utf16) -> JsValue {
    match reply {
        EditorReply::Nothing => JsValue::NULL,
        EditorReply::Completions(from, ways) => {
            let ways: Array =
                ways.iter().map(|(word, class, about)| row([text(word), text(class), text(about)])).collect();
            row([(offsets.of_byte(*from) as u32).into(), ways.into()])
        }
        EditorReply::Explanation(from, to, title, about) => {
            let (from, to) = (offsets.of_byte(*from) as u32, offsets.of_byte(*to) as u32);
            row([from.into(), to.into(), text(title), text(about)])
        }
    }
}

fn detail(event: &Event) -> JsValue {
    event.dyn_ref::<CustomEvent>().map_or(JsValue::UNDEFINED, CustomEvent::detail)
}

/// [id, "complete" or "explain", position]
fn question(event: &Event) -> Option<Msg> {
    let asked = detail(event).dyn_into::<Array>().ok()?;
    let kind = match asked.get(1).as_string()?.as_str() {
        "complete" => QuestionKind::Complete,
        _ => QuestionKind::Explain,
    };
    Some(Msg::Ask(asked.get(0).as_f64()? as u32, kind, asked.get(2).as_f64()? as usize))
}

fn number(event: &Event) -> Option<u32> {
    detail(event).as_f64().map(|number| number as u32)
}

/// Adds the editor's script to the document where it is not there yet, and waits until the element is defined.
async fn load() -> bool {
    const ELEMENT: &str = "layerlab-editor";
    const SCRIPT: &str = "editor-script";
    let document = gloo::utils::document();
    let failed = js_sys::Promise::new(&mut |resolve, _| {
        if document.get_element_by_id(SCRIPT).is_some() {
            return;
        }
        let (Ok(script), Some(head)) = (document.create_element("script"), document.head()) else { return };
        let source = gloo::utils::document_element().get_attribute("data-editor").unwrap_or_default();
        let set = [("id", SCRIPT), ("type", "module"), ("src", &source)];
        let ready = set.iter().all(|(name, value)| script.set_attribute(name, value).is_ok());
        if ready && head.append_child(&script).is_ok() {
            EventListener::once(&script, "error", move |_| {
                // The promise takes any value; it cannot fail.
                let _ = resolve.call1(&JsValue::UNDEFINED, &JsValue::FALSE);
            })
            .forget();
        }
    });
    let Ok(defined) = gloo::utils::window().custom_elements().when_defined(ELEMENT) else { return false };
    let first = js_sys::Promise::race(&Array::of2(&defined, &failed));
    wasm_bindgen_futures::JsFuture::from(first).await.is_ok_and(|value| value != JsValue::FALSE)
}
