// The main states as pictures, compared with those in pictures/: fixed fonts of the tests' own, so that the machine's do
// not matter, and a tolerance for other versions of Chromium. `npx playwright test pictures --update-snapshots` (with the
// config of this folder) takes them anew; look at them before they are kept.
import { readFileSync } from "node:fs";
import { expect, test } from "./fixtures.js";
import { SIX_LAYERS, STAGES } from "./lab.js";

const FACES = [
  ["Test Sans", "inter/files/inter-latin", [400, 500, 600, 700]],
  ["Test Code", "jetbrains-mono/files/jetbrains-mono-latin", [400, 700]],
];

/** Gives the page the tests' fonts, from its own origin as its Content-Security-Policy wants it. */
async function fonts(page, site) {
  const rules = FACES.flatMap(([family, file, weights]) =>
    weights.map((weight) => `@font-face { font-family: "${family}"; font-weight: ${weight}; src: url("test-fonts/${file}-${weight}-normal.woff2"); }`),
  );
  const sheet = `${rules.join("\n")}\n:root { --font-ui: "Test Sans"; --font-code: "Test Code"; }`;
  await page.route("**/test-fonts.css", (route) => route.fulfill({ contentType: "text/css", body: sheet }));
  await page.route("**/test-fonts/**", (route) => {
    const file = new URL(route.request().url()).pathname.split("/test-fonts/")[1];
    return route.fulfill({ contentType: "font/woff2", body: readFileSync(`node_modules/@fontsource/${file}`) });
  });
  await page.addStyleTag({ url: `${site}test-fonts.css` });
  await page.evaluate(async () => {
    for (const weight of [400, 500, 600, 700]) await document.fonts.load(`${weight} 16px "Test Sans"`);
    for (const weight of [400, 700]) await document.fonts.load(`${weight} 16px "Test Code"`);
  });
}

const STATES = {
  "workbench-light": { query: { theme: "light" } },
  "workbench-dark": { query: { theme: "dark" } },
  "broken-line": { query: { theme: "light" }, text: SIX_LAYERS.replace("RUN rm", "RUM rm"), until: (lab) => expect(lab.stale).toBeVisible() },
  "failed-step": { query: { theme: "dark" }, text: SIX_LAYERS.replace("RUN rm /data/one", "RUN rm /data/on"), until: (lab) => expect(lab.step(6)).toContainText("can't remove") },
  stages: { query: { theme: "light" }, text: STAGES, until: (lab) => expect(lab.stack.locator(".wires g")).toHaveCount(1) },
  phone: { query: { theme: "light" }, size: { width: 390, height: 844 } },
  embed: { query: { theme: "light", embed: "" }, size: { width: 600, height: 420 } },
};

for (const [name, { query, text, until, size = { width: 1440, height: 900 } }] of Object.entries(STATES)) {
  test(`looks as it was agreed on: ${name}`, async ({ lab, page, site }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.setViewportSize(size);
    await lab.open(query, { ready: false });
    await expect(lab.step(6)).toBeVisible();
    await fonts(page, site);
    if (text) {
      await lab.write(text);
      await until(lab);
      // The caret blinks, and follows the machine's fonts until they are replaced.
      await page.keyboard.press("Escape");
      await lab.stack.getByRole("treeitem", { selected: true }).first().focus();
    }
    await expect(page.locator("#stack .digest", { hasText: "·" })).toHaveCount(0);
    await page.mouse.move(0, 0);
    await expect(page).toHaveScreenshot(`${name}.png`, { maxDiffPixelRatio: 0.02, threshold: 0.3, animations: "disabled", caret: "hide" });
  });
}
