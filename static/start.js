// Starts the page. A file of its own because the Content-Security-Policy refuses inline scripts; scripts/finish.mjs puts
// the hashed names in. When the first stack is painted it fetches the rest of the page's module, and tells the engine's
// worker to do the same. Lacks any wording: the page's own notice is in index.html, shown by `data-start-failed`.
import init from "./app.js";
import { rest } from "./rest.js";

/** Milliseconds after which the rest comes although no stack is there, for the text may have an error. */
const PATIENCE = 5000;

const load = rest(new URL("./app_rest.wasm", import.meta.url).href);
try {
  const first = await init({ module_or_path: new URL("./app_bg.wasm", import.meta.url) });
  await painted();
  for (const first of document.querySelectorAll(".first")) first.remove(); // the page itself is there
  load(first);
  new BroadcastChannel("layerlab-painted").postMessage(null);
} catch (error) {
  document.documentElement.dataset.startFailed = "";
  throw error;
}

/** Resolves when a frame with the stack's first row has ended. */
function painted() {
  const ended = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return new Promise((resolve) => {
    const look = () => document.querySelector("#stack [data-step]") && done();
    const observer = new MutationObserver(look);
    const timer = setTimeout(() => done(), PATIENCE);
    const done = () => {
      observer.disconnect();
      clearTimeout(timer);
      resolve(ended());
    };
    observer.observe(document.documentElement, { subtree: true, childList: true });
    look();
  });
}
