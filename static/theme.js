// Runs before the first paint, so that the page never flashes in the wrong theme, text size or language. Only applies
// what was chosen before: choosing is the page's work. Lacks a default theme: without a choice the system's holds.
(() => {
  const root = document.documentElement;
  const asked = new URLSearchParams(location.search);
  const chosen = (name) => {
    try {
      return asked.get(name) ?? localStorage.getItem(`layerlab.${name}`);
    } catch {
      return null; // storage can be forbidden, in a frame for instance
    }
  };
  const theme = chosen("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  if (chosen("size") === "large") root.dataset.size = "large";
  if (chosen("keys") === "off") root.dataset.keysOff = "";
  const lang = chosen("lang") ?? (navigator.language.startsWith("ko") ? "ko" : "en");
  if (lang === "ko" || lang === "en") root.lang = lang;
  // The first view is that of the first example.
  if (location.hash.includes("=")) root.dataset.ready = "";
  if (asked.has("embed")) root.dataset.embed = "";
  const pane = asked.get("pane");
  root.dataset.pane = ["editor", "stack", "inspector"].includes(pane) ? pane : "stack";
})();
