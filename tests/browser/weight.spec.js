// What is fetched when: the first view and typing without the rest of the modules, and the rest in time for what needs it.
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { inFirstView } from "../../scripts/weight.mjs";
import { expect, test } from "./fixtures.js";

/** A file's path in dist/. */
const nameOf = (url) => new URL(url).pathname.slice(1) || "index.html";

/** A text whose commands the first view does not run; its output ends with "+2=b". */
const OTHER_COMMANDS = `FROM busybox
RUN printf 'a 1\\nb 2\\n' | awk '{ print $2 "=" $1 }' | sed 's/^/x/' > /out && tar cf /t.tar out && grep x /out | tr x +
`;

test("the first view and typing need no rest, and weigh what the scripts say", async ({ lab, page }) => {
  const asked = [];
  page.on("request", (request) => asked.push(nameOf(request.url())));
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route(/_rest\.wasm$/, async (route) => {
    await held;
    await route.continue();
  });
  await lab.open();
  const before = new Set(asked);
  await lab.editor.press("ControlOrMeta+End");
  await lab.editor.press("ArrowUp");
  await lab.editor.press("End");
  await page.keyboard.type("1234567890");
  await expect(lab.step(7)).toContainText("/data1234567890");
  const entries = readdirSync("dist", { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const dist = entries.map((entry) => relative("dist", join(entry.parentPath, entry.name)));
  expect([...before].filter(inFirstView).sort(), "what the weight counts").toEqual(dist.filter(inFirstView).sort());
  release();
  const rests = dist.filter((name) => name.endsWith("_rest.wasm"));
  await expect.poll(() => asked.filter((name) => rests.includes(name)).sort()).toEqual(rests.sort());
});

test("a command of the rest works before the rest has come by itself", async ({ lab, page }) => {
  const waited = [];
  await page.route(/_rest\.wasm$/, async (route) => {
    if (route.request().resourceType() !== "xhr") return; // never answered
    waited.push(nameOf(route.request().url()));
    await route.continue();
  });
  await lab.open();
  expect(waited).toEqual([]);
  await lab.write(OTHER_COMMANDS);
  await expect(lab.step(1)).toContainText("awk");
  await lab.step(1).click();
  await lab.tab(/Log/).click();
  await expect(lab.inspector).toContainText("+2=b");
  expect(waited.filter((name) => name.startsWith("worker-"))).toHaveLength(1);
});

test("a command of the rest works without a network, once the page has loaded", async ({ lab, page, context }) => {
  const rests = ["app-", "worker-"].map((half) =>
    page.waitForResponse((response) => nameOf(response.url()).startsWith(half) && response.url().endsWith("_rest.wasm")),
  );
  await lab.open();
  for (const response of await Promise.all(rests)) await response.finished();
  await context.setOffline(true);
  await lab.write(OTHER_COMMANDS);
  await expect(lab.step(1)).toContainText("awk");
  await lab.step(1).click();
  await lab.tab(/Log/).click();
  await expect(lab.inspector).toContainText("+2=b");
});
