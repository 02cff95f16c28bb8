// Plays the page's first view and some typing without a browser, on instrumented modules (scripts/split.mjs), and returns
// the numbers of the functions that have run: those make the first part of each module. The page runs in jsdom, its
// engine in a thread. It lacks the editor: an element that only keeps the text takes its place. What a browser runs
// beyond it is not lost: it comes with the rest, and a browser test says when that is before the first picture.
import { readFile } from "node:fs/promises";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { transformSync } from "esbuild";
import { ran } from "./split.mjs";

/** What is typed, one letter at a time, at the end of the text. */
const TYPED = " typed in the last line";
/** The catalogue's data files. */
const CATALOG = new URL("../static/catalog/", import.meta.url);
/** Milliseconds: on each line that the caret goes to before, between two looks, until the digests are computed too, and before giving up. */
const GLANCE = 100;
const LOOK = 5;
const QUIET = 1500;
const PATIENCE = 60_000;

/** `page` and `engine`: `{ script, module }`, wasm-bindgen's script and the instrumented module. */
export async function rehearse(html, page, engine) {
  const { JSDOM } = await import("jsdom");
  const { window } = new JSDOM(html, { url: "http://localhost/", runScripts: "outside-only", pretendToBeVisual: true });
  const thread = new Worker(new URL(import.meta.url), { workerData: engine });
  const fell = new Promise((_, reject) => thread.on("error", reject));
  window.Worker = class {
    constructor() {
      thread.on("message", ({ data }) => data && this.onmessage?.({ data }));
    }
    postMessage(data) {
      thread.postMessage({ data });
    }
    terminate() {}
  };
  window.BroadcastChannel = class {
    close() {}
  };
  window.Element.prototype.scrollIntoView = () => {};
  Object.assign(window, { TextDecoder, TextEncoder, MessageChannel });
  const until = (name, holds) => Promise.race([fell, wait(name, holds)]);
  try {
    const { code } = transformSync(page.script, { format: "iife", globalName: "page", logLevel: "error" });
    window.module = page.module;
    const exports = await window.eval(`${code}; page.default({ module_or_path: module })`);

    const stack = () => window.document.querySelector("#stack")?.textContent ?? "";
    await until("the first stack", () => window.document.querySelectorAll("#stack [data-step]").length > 1);
    window.customElements.define("layerlab-editor", editor(window));
    const element = window.document.querySelector("layerlab-editor");
    await until("the editor's text", () => element.shown);
    let text = element.shown.trimEnd();
    const happen = (kind, name, more) =>
      (kind === "CustomEvent" ? element : element.shadowRoot.firstChild).dispatchEvent(new window[kind](name, { bubbles: true, composed: true, cancelable: true, ...more }));
    for (const name of ["pointerdown", "mousedown", "focusin", "pointerup", "mouseup", "click"]) happen("MouseEvent", name);
    for (const line of text.split("\n").keys()) {
      happen("CustomEvent", "editor-line", { detail: line + 1 });
      await new Promise((resolve) => setTimeout(resolve, GLANCE));
    }
    for (const letter of TYPED) {
      text += letter;
      happen("KeyboardEvent", "keydown", { key: letter });
      happen("Event", "input");
      happen("KeyboardEvent", "keyup", { key: letter });
      happen("CustomEvent", "editor-edit", { detail: `${text}\n` });
      const line = text.split("\n").at(-1).replace(/^\w+ /, "").replaceAll(/\s/g, "");
      await until(`a stack with ${line}`, () => stack().replaceAll(/\s/g, "").includes(line));
    }
    await new Promise((resolve) => setTimeout(resolve, QUIET));
    const answer = new Promise((resolve) => thread.on("message", ({ used }) => used && resolve(used)));
    thread.postMessage("end");
    return { page: ran(exports), engine: await Promise.race([fell, answer]) };
  } finally {
    await thread.terminate();
    window.close();
  }
}

async function wait(name, holds) {
  for (const end = Date.now() + PATIENCE; !holds(); ) {
    if (Date.now() > end) throw new Error(`the rehearsal waited in vain for ${name}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
}

/** The editor's element, without an editor: see static/editor/editor.js. */
function editor(window) {
  return class extends window.HTMLElement {
    constructor() {
      super();
      this.attachShadow({ mode: "open" }).append(window.document.createElement("div"));
    }
    open(_name, text) {
      this.shown = text;
    }
    label() {}
    mark() {}
    diagnose() {}
    reveal() {}
    words() {}
  };
}

/** The engine's thread: what a Web Worker has, as far as wasm-bindgen's script and gloo-worker ask for it. */
async function play({ script, module }) {
  const waiting = [];
  let heard;
  let exports;
  const hear = (message) => {
    if (message === "end") parentPort.postMessage({ used: ran(exports) });
    else if (heard) heard(message);
    else waiting.push(message);
  };
  Object.assign(globalThis, { self: globalThis, postMessage: (data) => parentPort.postMessage({ data }), close() {} });
  Object.defineProperty(globalThis, "onmessage", {
    set(handler) {
      heard = handler;
      for (const message of waiting.splice(0)) heard(message);
    },
  });
  globalThis.layerlabData = (name) => readFile(new URL(name, CATALOG), "utf8");
  parentPort.on("message", hear);
  const glue = await import(`data:text/javascript;base64,${Buffer.from(script).toString("base64")}`);
  exports = await glue.default({ module_or_path: module });
}

if (!isMainThread && workerData?.module) await play(workerData);
