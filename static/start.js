// Starts the page. A file of its own because the Content-Security-Policy refuses inline scripts; scripts/finish.mjs puts
// the hashed names in. Lacks any wording: the page's own notice is in index.html, shown by `data-start-failed`.
import init from "./app.js";

init({ module_or_path: new URL("./app_bg.wasm", import.meta.url) }).catch((error) => {
  document.documentElement.dataset.startFailed = "";
  throw error;
});
