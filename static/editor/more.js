// What the editor can do beyond showing and taking text: search, diagnostics with their mends, completion, explanations.
// editor.js fetches it when the page is idle. It lacks any knowledge of Dockerfiles: it asks the page.
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { hoverTooltip, keymap } from "@codemirror/view";

/** The extension. `ask(view, kind, position)` asks the page and promises its reply. */
export function extension(ask) {
  return [
    search({ top: true }),
    autocompletion({ override: [(context) => complete(ask, context)], icons: false }),
    hoverTooltip((view, position) => explain(ask, view, position)),
    keymap.of([...completionKeymap, ...searchKeymap, ...lintKeymap]),
  ];
}

/** Opens the search panel. */
export const find = openSearchPanel;

/** Underlines what is wrong; `mend(number)` carries out a diagnostic's edit. */
export function diagnose(view, findings, mend) {
  const clamp = (at) => Math.max(0, Math.min(at, view.state.doc.length));
  const diagnostics = findings.map(([from, to, severity, message, action, number]) => ({
    from: clamp(from),
    to: clamp(Math.max(from, to)),
    severity,
    message,
    actions: action ? [{ name: action, apply: () => mend(number) }] : [],
  }));
  view.dispatch(setDiagnostics(view.state, diagnostics));
}

/** Completions where the page knows some: [from, [label, type, detail, apply] each]. */
async function complete(ask, { view, pos, explicit }) {
  const reply = view && (await ask(view, "complete", pos));
  if (!reply || (!explicit && reply[0] === pos && reply[1].length > 12)) return null;
  const options = reply[1].map(([label, type, detail, apply]) => ({ label, type, detail, apply: apply || label }));
  return options.length ? { from: reply[0], options } : null;
}

/** What stands at a position: [from, to, title, text], code between backticks. */
async function explain(ask, view, position) {
  const reply = await ask(view, "explain", position);
  if (!reply) return null;
  const [pos, end, title, text] = reply;
  return { pos, end, above: true, create: () => ({ dom: tooltip(title, text) }) };
}

function tooltip(title, text) {
  const dom = Object.assign(document.createElement("div"), { className: "cm-explained" });
  const head = document.createElement("p");
  head.append(Object.assign(document.createElement("b"), { textContent: title }));
  dom.append(head);
  for (const paragraph of text.split("\n").filter(Boolean)) {
    const said = document.createElement("p");
    said.append(
      ...paragraph.split("`").map((part, index) =>
        index % 2 ? Object.assign(document.createElement("code"), { textContent: part }) : part,
      ),
    );
    dom.append(said);
  }
  return dom;
}
