// The editor: CodeMirror behind a custom element with few methods. src/app/editor.rs is the only one that calls it.
//
//   <layerlab-editor><pre>…</pre></layerlab-editor>   shows the <pre> until this file is there
//   open(name, text)              shows a document; a known name keeps its undo history
//   label(words)                  what the text field is called
//   text()                        the shown document's text
//   mark(instructions)            chips, bars and line looks: [first, last, kind, icon, chip, chipLook, lineLook] each
//   diagnose(findings, notices)   squiggles [from, to, severity, message]; blocks below a line [line, title, text, action]
//   reveal(line)                  scrolls a line into view; focus() puts the caret into the editor
//   words(phrases)                the search panel's and the lint panel's words, [CodeMirror's, the page's] each
//
// It tells: `editor-edit` (detail: the text), `editor-line` (detail: the line the user went to), `editor-action` (detail:
// the number of the notice whose button was pressed). What the page itself sets is never told back. Positions are
// UTF-16 here and only here. Lines count from 1. It lacks all knowledge of Dockerfiles but the colours of their words.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { dockerFile } from "@codemirror/legacy-modes/mode/dockerfile";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { search, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorState, RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, gutter, GutterMarker, highlightSpecialChars, keymap, lineNumbers, WidgetType } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { look } from "./look.js";

const fromPage = Annotation.define();
const ariaLabel = new Compartment();
const phrases = new Compartment();

/** Documents that were shown before, by name, with their undo history: it outlives the element. */
const kept = new Map();
/** Which element shows a view. */
const owners = new WeakMap();
const tell = (view, name, detail) => owners.get(view)?.dispatchEvent(new CustomEvent(name, { detail }));
const setMarks = StateEffect.define();
const setNotices = StateEffect.define();

/** An icon of the page's sprite, copied, because a shadow root cannot refer to what is outside of it. */
function icon(id) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  for (const node of document.getElementById(id)?.childNodes ?? []) svg.append(node.cloneNode(true));
  return svg;
}

/** `words` with `code` between backticks, as nodes. */
function prose(words) {
  return words.split("`").map((part, index) => {
    if (index % 2 === 0) return document.createTextNode(part);
    return Object.assign(document.createElement("code"), { textContent: part });
  });
}

class StepMarker extends GutterMarker {
  constructor(kind, iconId, chip, chipLook) {
    super();
    Object.assign(this, { kind, iconId, chip, chipLook, elementClass: kind ? `${kind} bar` : "" });
  }
  eq(other) {
    return ["kind", "iconId", "chip", "chipLook"].every((name) => this[name] === other[name]);
  }
  toDOM() {
    const chip = document.createElement("span");
    if (!this.iconId && !this.chip) return chip;
    chip.className = `chip ${this.kind} ${this.chipLook}`;
    if (this.iconId) chip.append(icon(this.iconId));
    chip.append(this.chip);
    return chip;
  }
}

class Notice extends WidgetType {
  constructor(index, title, text, action) {
    super();
    Object.assign(this, { index, title, text, action });
  }
  eq(other) {
    return ["index", "title", "text", "action"].every((name) => this[name] === other[name]);
  }
  toDOM(view) {
    const block = document.createElement("div");
    block.className = "ed-widget error";
    block.setAttribute("role", "note");
    const said = document.createElement("p");
    const title = document.createElement("b");
    title.append(...prose(this.title));
    said.append(title, " ", ...prose(this.text));
    block.append(icon("i-x"), said);
    if (this.action) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "button small" });
      button.append(this.action);
      button.addEventListener("click", () => tell(view, "editor-action", this.index));
      block.append(button);
    }
    return block;
  }
  ignoreEvent() {
    return true;
  }
}

/** Chips, bars and line looks of the last build. They move with the text until the next one comes. */
const marks = StateField.define({
  create: () => ({ gutter: RangeSet.empty, lines: Decoration.none }),
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setMarks)) return drawMarks(transaction.state, effect.value);
    if (!transaction.docChanged) return value;
    return { gutter: value.gutter.map(transaction.changes), lines: value.lines.map(transaction.changes) };
  },
  provide: (field) => EditorView.decorations.from(field, (value) => value.lines),
});

function drawMarks(state, instructions) {
  const gutters = [];
  const lines = [];
  for (const [first, last, kind, iconId, chip, chipLook, lineLook] of instructions) {
    for (let number = first; number <= Math.min(last, state.doc.lines); number += 1) {
      const at = state.doc.line(number).from;
      gutters.push((number === first ? new StepMarker(kind, iconId, chip, chipLook) : new StepMarker(kind, "", "", "")).range(at));
      lines.push(Decoration.line({ class: `${kind} ${lineLook}` }).range(at));
    }
  }
  return { gutter: RangeSet.of(gutters, true), lines: Decoration.set(lines, true) };
}

const notices = StateField.define({
  create: () => Decoration.none,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setNotices)) return effect.value;
    return value.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

const highlight = HighlightStyle.define([
  { tag: tags.keyword, class: "word-keyword" },
  { tag: tags.comment, class: "word-comment" },
  { tag: tags.string, class: "word-string" },
]);

class LayerlabEditor extends HTMLElement {
  #view;
  #name = "";

  connectedCallback() {
    if (this.#view) return;
    const root = this.attachShadow({ mode: "open" });
    this.#view = new EditorView({ state: fresh(""), root, parent: root });
    owners.set(this.#view, this);
  }

  disconnectedCallback() {
    if (this.#name) kept.set(this.#name, this.#view.state);
  }

  open(name, text) {
    if (name === this.#name) {
      const { doc } = this.#view.state;
      if (doc.toString() === text) return;
      // A change that the page made: it can be undone like any other.
      this.#view.dispatch({ changes: { from: 0, to: doc.length, insert: text }, annotations: fromPage.of(true) });
      return;
    }
    if (this.#name) kept.set(this.#name, this.#view.state);
    this.#name = name;
    const before = kept.get(name);
    this.#view.setState(before?.doc.toString() === text ? before : fresh(text));
  }

  label(words) {
    this.#tune(ariaLabel, EditorView.contentAttributes.of({ "aria-label": words }));
  }

  text() {
    return this.#view.state.doc.toString();
  }

  mark(instructions) {
    this.#view.dispatch({ effects: setMarks.of(instructions), annotations: fromPage.of(true) });
  }

  diagnose(findings, blocks) {
    const { doc } = this.#view.state;
    const clamp = (at) => Math.max(0, Math.min(at, doc.length));
    const diagnostics = findings.map(([from, to, severity, message]) => ({
      from: clamp(from),
      to: clamp(Math.max(from, to)),
      severity,
      message,
    }));
    const widgets = blocks.map(([line, title, text, action], index) =>
      Decoration.widget({ widget: new Notice(index, title, text, action), block: true, side: 1 }).range(
        doc.line(Math.max(1, Math.min(line, doc.lines))).to,
      ),
    );
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
    this.#view.dispatch({ effects: setNotices.of(Decoration.set(widgets, true)), annotations: fromPage.of(true) });
  }

  reveal(line) {
    const { doc } = this.#view.state;
    const at = doc.line(Math.max(1, Math.min(line, doc.lines))).from;
    this.#view.dispatch({ effects: EditorView.scrollIntoView(at, { y: "nearest", yMargin: 24 }), annotations: fromPage.of(true) });
  }

  focus() {
    this.#view.focus();
  }

  words(pairs) {
    this.#tune(phrases, EditorState.phrases.of(Object.fromEntries(pairs)));
  }

  #tune(compartment, extension) {
    this.#view.dispatch({ effects: compartment.reconfigure(extension), annotations: fromPage.of(true) });
  }
}

function fresh(text) {
  const click = { mousedown: goTo };
  return EditorState.create({
    doc: text,
    extensions: [
      lineNumbers({ domEventHandlers: click }),
      gutter({ class: "steps", markers: (view) => view.state.field(marks).gutter, domEventHandlers: click }),
      marks,
      notices,
      highlightSpecialChars(),
      history(),
      search({ top: true }),
      StreamLanguage.define(dockerFile),
      syntaxHighlighting(highlight),
      EditorView.lineWrapping,
      keymap.of([...defaultKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap, indentWithTab]),
      ariaLabel.of([]),
      phrases.of([]),
      EditorView.contentAttributes.of({ spellcheck: "false", autocapitalize: "off", autocorrect: "off", translate: "no" }),
      look,
      EditorView.domEventHandlers({ beforeinput: typeOver }),
      EditorView.updateListener.of(updated),
    ],
  });
}

/**
 * Text typed over a selection. Left to Chromium, it keeps the selection's look by a style attribute, which the
 * Content-Security-Policy refuses, with an error in the console.
 */
function typeOver(event, view) {
  if (event.inputType !== "insertText" || event.data === null || view.composing || view.state.selection.main.empty) return false;
  event.preventDefault();
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  return true;
}

/** A click on a number or a chip puts the caret at its line. */
function goTo(view, block) {
  view.dispatch({ selection: { anchor: block.from } });
  view.focus();
  tell(view, "editor-line", view.state.doc.lineAt(block.from).number);
  return true;
}

function updated(update) {
  if (update.transactions.some((transaction) => transaction.annotation(fromPage))) return;
  const line = (state) => state.doc.lineAt(state.selection.main.head).number;
  if (update.docChanged) tell(update.view, "editor-edit", update.state.doc.toString());
  if ((update.docChanged || update.selectionSet) && line(update.state) !== line(update.startState)) {
    tell(update.view, "editor-line", line(update.state));
  }
}

customElements.define("layerlab-editor", LayerlabEditor);
