// Writes static/first-view.html: what the page shows of its first example before its own code is there. It is the running
// page's markup, in each language, without what only works with code: ids, roles, the editor. Run by `make first-view`
// when the look of that picture has changed; a browser test says when.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { chromium } from "@playwright/test";

const server = spawn(process.execPath, ["scripts/serve.mjs"], { env: { ...process.env, PORT: "0" }, stdio: ["ignore", "pipe", "inherit"] });
const [line] = await once(server.stdout, "data");
const url = /http:\/\/\S+/.exec(String(line))[0];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
try {
  const views = [];
  for (const lang of ["en", "ko"]) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${url}?lang=${lang}`);
    await page.locator('#stack [data-step="6"][aria-selected="true"]').waitFor();
    await page.locator("layerlab-editor .cm-line").first().waitFor();
    views.push(`<div class="app first" lang="${lang}" inert aria-hidden="true">${await page.evaluate(strip)}</div>\n`);
    await page.close();
  }
  writeFileSync("static/first-view.html", views.join(""));
  console.log("layerlab: static/first-view.html");
} finally {
  await browser.close();
  server.kill();
}

/** Runs in the page: its markup as a picture. */
function strip() {
  const app = document.getElementById("app").cloneNode(true);
  for (const gone of app.querySelectorAll(".skip, [role=status], dialog, .vh:not(.ledger-key .vh), script, .embed-open")) gone.remove();
  const pane = document.createElement("pre");
  pane.className = "first-code";
  const lines = document.querySelector("layerlab-editor").shadowRoot?.querySelectorAll(".cm-line") ?? [];
  pane.textContent = [...lines].map((one) => one.textContent).join("\n");
  app.querySelector("layerlab-editor").replaceWith(pane);
  for (const digest of app.querySelectorAll(".digest")) digest.textContent = "········";
  for (const input of app.querySelectorAll("input")) input.setAttribute("value", input.value);
  const KEPT = /^(class|data-(?!step|key)|href|x|y|x1|x2|y1|y2|dx|d|width|height|fill|type|min|max|step|value|lang|viewBox)/;
  const SHOWS = ["aria-selected", "aria-pressed", "disabled"]; // what the style sheets look at
  for (const element of app.querySelectorAll("*")) {
    const tab = element.getAttribute("role") === "tab";
    for (const { name } of [...element.attributes]) if (!KEPT.test(name) && !SHOWS.includes(name)) element.removeAttribute(name);
    if (element.matches("a")) element.removeAttribute("href");
    if (!tab && element.getAttribute("aria-selected") === "false" && !element.matches(".row")) element.removeAttribute("aria-selected");
  }
  for (const bench of app.querySelectorAll(".bench > section")) bench.removeAttribute("id");
  const walker = document.createTreeWalker(app, NodeFilter.SHOW_COMMENT);
  const comments = [];
  while (walker.nextNode()) comments.push(walker.currentNode);
  for (const comment of comments) comment.remove();
  return app.innerHTML.replaceAll("></rect>", "/>").replaceAll("></line>", "/>").replaceAll("></use>", "/>").replaceAll("></path>", "/>");
}
