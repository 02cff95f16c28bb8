// How the editor looks: the page's tokens inside the editor's shadow root, where the page's own sheets do not reach.
// Colours only through the custom properties of the page, so that a theme switch needs nothing here.
import { EditorView } from "@codemirror/view";

const KINDS = ["from", "run", "copy", "add", "workdir", "meta"];
const kinds = Object.fromEntries(
  KINDS.map((kind) => [
    `.k-${kind}`,
    { "--kind": `var(--${kind})`, "--on-kind": `var(--on-${kind})`, "--kind-ink": `var(--${kind}-ink)` },
  ]),
);

const leftBar = (background) => ({
  content: '""',
  position: "absolute",
  inset: "0 auto 0 calc(-1 * (4.875rem + 3px))",
  width: "3px",
  background,
});

export const look = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", background: "transparent", fontSize: "var(--t-small)" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--font-code)", lineHeight: "var(--lh-code)", overflow: "auto", fontVariantLigatures: "none" },
  ".cm-content": { padding: "var(--s-2) 0", caretColor: "var(--ink)", overflowWrap: "anywhere" },
  ".cm-line": { position: "relative", padding: "0 var(--s-3) 0 calc(var(--s-3) + 2ch)", textIndent: "-2ch" },
  ".cm-gutters": { background: "transparent", border: "0", color: "var(--ink-3)", fontSize: "var(--t-micro)" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "1.75rem", padding: "0", lineHeight: "1.25rem", paddingTop: "0.0625rem" },
  ".steps": { minWidth: "3.125rem" },
  ".steps .cm-gutterElement": { padding: "0.0625rem 0.5rem 0 0.375rem", borderRight: "3px solid transparent", cursor: "default" },
  ".steps .cm-gutterElement.bar": { borderRightColor: "var(--kind)" },
  ".steps .cm-gutterElement.bar.k-meta": { borderRightStyle: "dotted" },
  ...kinds,
  ".icon": { flex: "none", width: "1em", height: "1em", fontSize: "0.75rem", fill: "none", stroke: "currentColor", strokeWidth: "1.75", strokeLinecap: "round", strokeLinejoin: "round" },
  ".chip": { display: "inline-flex", boxSizing: "border-box", alignItems: "center", justifyContent: "center", gap: "0.1875rem", minWidth: "2.25rem", height: "1.25rem", padding: "0 0.3rem", border: "1px solid var(--kind-ink, currentColor)", borderRadius: "2px", background: "var(--kind)", color: "var(--on-kind)", font: "600 var(--t-micro)/1 var(--font-ui)", fontVariantNumeric: "tabular-nums" },
  ".chip.hollow": { background: "transparent", color: "var(--kind-ink)" },
  ".chip.broken": { background: "var(--deleted-wash)", borderColor: "var(--deleted)", color: "var(--deleted)" },
  ".chip.notrun": { background: "transparent", border: "1px dotted var(--line-strong)", color: "var(--ink-3)" },
  ".word-keyword": { color: "var(--kind-ink, var(--ink))", fontWeight: "700" },
  ".word-comment": { color: "var(--ink-3)" },
  ".skipped": { color: "var(--ink-3)" },
  ".cm-line.selected": { background: "var(--well)" },
  ".cm-line.has-error": { background: "var(--deleted-wash)" },
  ".cm-line.selected::before": leftBar("var(--ink)"),
  ".cm-line.ships::before": leftBar("repeating-linear-gradient(var(--deleted) 0 3px, transparent 3px 6px)"),
  ".cm-line.has-error::before": leftBar("var(--deleted)"),
  ".cm-lintRange": { backgroundImage: "none !important", paddingBottom: "0", textDecoration: "underline wavy 1px", textUnderlineOffset: "3px" },
  ".cm-lintRange-error": { textDecorationColor: "var(--deleted)", textDecorationThickness: "1.5px" },
  ".cm-lintRange-warning": { textDecorationColor: "var(--changed)" },
  ".cm-lintRange-info, .cm-lintRange-hint": { textDecorationColor: "var(--ink-3)" },
  ".ed-widget": { position: "relative", display: "flex", flexWrap: "wrap", alignItems: "center", gap: "var(--s-1) var(--s-2)", padding: "var(--s-2) var(--s-3) var(--s-2) 2rem", borderBlock: "1px solid var(--deleted)", background: "var(--deleted-wash)", font: "400 var(--t-small)/var(--lh-prose) var(--font-ui)" },
  ".ed-widget .icon": { position: "absolute", left: "0.625rem", top: "0.7rem", color: "var(--deleted)", fontSize: "0.875rem" },
  ".ed-widget p": { flex: "1 1 10rem", margin: "0" },
  ".ed-widget b": { fontWeight: "600" },
  ".ed-widget code": { fontFamily: "var(--font-code)", fontSize: "0.9375em" },
  ".button": { minHeight: "1.75rem", padding: "0 var(--s-2)", border: "1px solid var(--line-strong)", borderRadius: "var(--radius)", background: "var(--sheet)", color: "var(--ink)", font: "600 var(--t-small)/1 var(--font-ui)", whiteSpace: "nowrap", cursor: "pointer" },
  ".button:hover": { background: "var(--well)" },
  ".cm-panels": { background: "var(--sheet)", color: "var(--ink)", borderColor: "var(--line)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panel.cm-search": { font: "400 var(--t-small)/1.5 var(--font-ui)" },
  ".cm-textfield": { background: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--line-strong)", fontSize: "var(--t-small)" },
  ".cm-button": { background: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--line-strong)", fontSize: "var(--t-small)" },
  ".cm-panel.cm-search [name=close]": { color: "var(--ink-2)", fontSize: "1rem" },
  ".cm-tooltip": { background: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--line-strong)", font: "400 var(--t-small)/1.5 var(--font-ui)" },
  ".cm-diagnostic": { padding: "var(--s-1) var(--s-2)" },
  ".cm-diagnostic-error": { borderLeft: "3px solid var(--deleted)" },
  ".cm-diagnostic-warning": { borderLeft: "3px solid var(--changed)" },
  ".cm-searchMatch": { background: "var(--changed-wash)", outline: "1px solid var(--changed)" },
  ".cm-searchMatch-selected": { background: "var(--well)", outline: "2px solid var(--ink)" },
});
