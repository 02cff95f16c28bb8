// The editor: CodeMirror behind a custom element with few methods. src/app/editor.rs is the only one that calls it.
//
//   <layerlab-editor><pre>…</pre></layerlab-editor>   shows the <pre> until this file is there
//   open(name, text, language)    shows a document ("dockerfile", "ignore", "plain"); a known name keeps its undo history
//   label(words)                  what the text field is called
//   mark(instructions)            the gutter and line looks, one row for each instruction: see `Instruction` below
//   diagnose(findings, notices)   squiggles [from, to, severity, message, action, number]; blocks below a line
//                                 [line, title, text, action, number]
//   reveal(line)                  scrolls a line into view; focus() puts the caret into the editor
//   words(phrases)                the words of search, lint and folding, [CodeMirror's, the page's] each
//   answer(id, reply)             what was asked by `editor-ask`
//
// It tells: `editor-edit` (detail: the text), `editor-line` (detail: the line the user went to), `editor-action` (detail:
// the number of the diagnostic that shall be mended), `editor-ask` (detail: [id, "complete" or "explain", position]).
// What the page itself sets is never told back. Positions are UTF-16 here and only here. Lines count from 1.
//
// What typing does not need at first (search, diagnostics' tooltips, completion, explanations) is in more.js, which comes
// when the first picture stands. It lacks all knowledge of Dockerfiles but the colours of their words.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { codeFolding, foldGutter, foldKeymap, foldService, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Annotation, Compartment, EditorState, Prec, RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, gutter, gutterLineClass, GutterMarker, highlightSpecialChars, keymap, lineNumbers, WidgetType } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { dockerfile, ignore } from "./dockerfile.js";
import { look } from "./look.js";

/**
 * A row of `mark`: first and last line, kind, icon, chip, the chip's look, the lines' look, size, "cached" or "built" or
 * nothing, and all of it in words.
 */
const INSTRUCTION = ["first", "last", "kind", "iconId", "chip", "chipLook", "lineLook", "size", "cache", "title"];

const fromPage = Annotation.define();
const ariaLabel = new Compartment();
const phrases = new Compartment();
const extras = new Compartment();

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
  constructor(instruction, first) {
    super();
    const { kind, iconId, chip, chipLook, title, last } = instruction;
    Object.assign(this, { kind, iconId, chip, chipLook, title, first, lines: first ? last - instruction.first : 0 });
    this.elementClass = `${kind} bar`;
  }
  eq(other) {
    return ["kind", "iconId", "chip", "chipLook", "title", "first", "lines"].every((name) => this[name] === other[name]);
  }
  toDOM() {
    const chip = document.createElement("span");
    if (!this.first || (!this.iconId && !this.chip)) return chip;
    chip.className = `chip ${this.kind} ${this.chipLook}`;
    chip.title = this.title;
    if (this.iconId) chip.append(icon(this.iconId));
    chip.append(this.chip);
    return chip;
  }
}

/** Size, and whether the layer came from the cache. */
class FactMarker extends GutterMarker {
  constructor({ size, cache, title }) {
    super();
    Object.assign(this, { size, cache, title });
  }
  eq(other) {
    return ["size", "cache", "title"].every((name) => this[name] === other[name]);
  }
  toDOM() {
    const fact = Object.assign(document.createElement("span"), { className: this.cache, title: this.title });
    if (this.cache) fact.append(icon(`i-${this.cache}`));
    fact.append(this.size);
    return fact;
  }
}

class LineMarker extends GutterMarker {
  constructor(elementClass) {
    super();
    this.elementClass = elementClass;
  }
}

class Notice extends WidgetType {
  constructor(title, text, action, number) {
    super();
    Object.assign(this, { title, text, action, number });
  }
  eq(other) {
    return ["title", "text", "action", "number"].every((name) => this[name] === other[name]);
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
      button.addEventListener("click", () => tell(view, "editor-action", this.number));
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
  create: () => ({ gutter: RangeSet.empty, facts: RangeSet.empty, looks: RangeSet.empty, lines: Decoration.none }),
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setMarks)) return drawMarks(transaction.state, effect.value);
    if (!transaction.docChanged) return value;
    const moved = Object.entries(value).map(([name, ranges]) => [name, ranges.map(transaction.changes)]);
    return Object.fromEntries(moved);
  },
  provide: (field) => [
    EditorView.decorations.from(field, (value) => value.lines),
    gutterLineClass.from(field, (value) => value.looks),
  ],
});

function drawMarks(state, instructions) {
  const [gutters, facts, looks, lines] = [[], [], [], []];
  for (const row of instructions) {
    const one = Object.fromEntries(INSTRUCTION.map((name, index) => [name, row[index]]));
    for (let number = one.first; number <= Math.min(one.last, state.doc.lines); number += 1) {
      const at = state.doc.line(number).from;
      gutters.push(new StepMarker(one, number === one.first).range(at));
      lines.push(Decoration.line({ class: `${one.kind} ${one.lineLook}` }).range(at));
      if (one.lineLook.trim()) looks.push(new LineMarker(one.lineLook).range(at));
      if (number === one.first && one.size) facts.push(new FactMarker(one).range(at));
    }
  }
  const sorted = (ranges) => RangeSet.of(ranges, true);
  return { gutter: sorted(gutters), facts: sorted(facts), looks: sorted(looks), lines: Decoration.set(lines, true) };
}

/** An instruction of several lines folds to its first; a FROM folds its whole stage. */
const folds = foldService.of((state, from, to) => {
  let found = null;
  const { gutter } = state.field(marks);
  gutter.between(from, from, (at, _, marker) => {
    if (at !== from || !marker.first) return;
    let last = state.doc.lineAt(from).number + marker.lines;
    if (marker.kind === "k-from") {
      let next = state.doc.lines + 1;
      gutter.between(to, state.doc.length, (other, _end, { first, kind }) => {
        if (other <= to || !first || kind !== "k-from") return undefined;
        next = state.doc.lineAt(other).number;
        return false;
      });
      last = next - 1;
      while (last > 1 && !state.doc.line(last).text.trim()) last -= 1;
    }
    const end = state.doc.line(Math.min(last, state.doc.lines)).to;
    if (end > to) found = { from: to, to: end };
  });
  return found;
});

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
  { tag: [tags.comment, tags.escape], class: "word-comment" },
  { tag: tags.meta, class: "word-meta" },
  { tag: tags.string, class: "word-string" },
  { tag: tags.variableName, class: "word-variable" },
  { tag: tags.function(tags.variableName), class: "word-command" },
  { tag: [tags.attributeName, tags.attributeValue, tags.propertyName], class: "word-flag" },
  { tag: [tags.controlKeyword, tags.operator], class: "word-operator" },
  { tag: tags.labelName, class: "word-label" },
]);

const LANGUAGES = { dockerfile: [dockerfile, folds], ignore, plain: [] };

/** more.js, once it is there, and as an extension of every document from then on. */
let more;
let coming;
const questions = new Map();
let asked = 0;

/** Asks the page about a position of a view's text. An older question of the same kind gets no answer. */
function ask(view, kind, position) {
  for (const [id, question] of questions) {
    if (question.kind !== kind) continue;
    question.resolve(null);
    questions.delete(id);
  }
  asked += 1;
  const answered = new Promise((resolve) => questions.set(asked, { kind, resolve }));
  tell(view, "editor-ask", [asked, kind, position]);
  return answered;
}

function load() {
  coming ??= import("./more.js").then((module) => {
    more = module;
    for (const element of document.querySelectorAll("layerlab-editor")) element.equip?.();
    return module;
  });
  // Without a network it does not come: whoever needs it next asks again.
  coming.catch(() => {
    coming = undefined;
  });
  return coming;
}

class LayerlabEditor extends HTMLElement {
  #view;
  #name = "";
  #findings = [];
  /** What came while an input method composes: decorations that change under it would end the composition. */
  #held = new Map();

  connectedCallback() {
    if (this.#view) return;
    const root = this.attachShadow({ mode: "open" });
    this.#view = new EditorView({ state: fresh("", "plain"), root, parent: root });
    owners.set(this.#view, this);
    this.#view.contentDOM.addEventListener("compositionend", () => setTimeout(() => this.#release()));
  }

  disconnectedCallback() {
    if (this.#name) kept.set(this.#name, this.#view.state);
  }

  open(name, text, language) {
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
    this.#view.setState(before?.doc.toString() === text ? before : fresh(text, language));
    this.equip();
  }

  label(words) {
    this.#tune(ariaLabel, EditorView.contentAttributes.of({ "aria-label": words }));
  }

  mark(instructions) {
    this.#later("mark", () => this.#view.dispatch({ effects: setMarks.of(instructions), annotations: fromPage.of(true) }));
    if (!coming && instructions.length) (window.requestIdleCallback ?? setTimeout)(load);
  }

  diagnose(findings, blocks) {
    this.#later("diagnose", () => {
      this.#findings = findings;
      const { doc } = this.#view.state;
      const widgets = blocks.map(([line, ...words]) =>
        Decoration.widget({ widget: new Notice(...words), block: true, side: 1 }).range(doc.line(Math.max(1, Math.min(line, doc.lines))).to),
      );
      more?.diagnose(this.#view, findings, (number) => tell(this.#view, "editor-action", number));
      this.#view.dispatch({ effects: setNotices.of(Decoration.set(widgets, true)), annotations: fromPage.of(true) });
    });
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

  answer(id, reply) {
    questions.get(id)?.resolve(reply);
    questions.delete(id);
  }

  /** Gives the shown document what more.js has. */
  equip() {
    if (!more) return;
    this.#tune(extras, more.extension(ask));
    more.diagnose(this.#view, this.#findings, (number) => tell(this.#view, "editor-action", number));
  }

  #tune(compartment, extension) {
    this.#view.dispatch({ effects: compartment.reconfigure(extension), annotations: fromPage.of(true) });
  }

  #later(name, work) {
    if (this.#view.composing) this.#held.set(name, work);
    else work();
  }

  #release() {
    if (this.#view.composing) return;
    const held = [...this.#held.values()];
    this.#held.clear();
    for (const work of held) work();
  }
}

function fresh(text, language) {
  const click = { mousedown: goTo };
  return EditorState.create({
    doc: text,
    extensions: [
      lineNumbers({ domEventHandlers: click }),
      gutter({ class: "steps", markers: (view) => view.state.field(marks).gutter, domEventHandlers: click }),
      gutter({ class: "facts", markers: (view) => view.state.field(marks).facts, domEventHandlers: click }),
      foldGutter({ markerDOM: foldMarker }),
      codeFolding({ placeholderText: "…" }),
      marks,
      notices,
      extras.of([]),
      highlightSpecialChars(),
      history(),
      LANGUAGES[language],
      syntaxHighlighting(highlight),
      EditorView.lineWrapping,
      keymap.of([...defaultKeymap, ...historyKeymap, ...foldKeymap, indentWithTab]),
      Prec.low(keymap.of([{ key: "Mod-f", run: find }])),
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

function foldMarker(open) {
  const marker = Object.assign(document.createElement("span"), { className: open ? "open" : "" });
  marker.append(icon("i-chevron"));
  return marker;
}

/** Search, asked for before it is there. */
function find(view) {
  load().then((module) => module.find(view), () => {});
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
