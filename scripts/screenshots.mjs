// Takes the README's pictures from the running page: docs/pictures/*.png.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { chromium } from "@playwright/test";

/** Name, how the page is opened, what is done before the picture. */
const PICTURES = [
  ["workbench-light", { theme: "light" }, {}],
  ["workbench-dark", { theme: "dark" }, {}],
  ["workbench-korean", { theme: "light", lang: "ko" }, {}],
  ["phone", { theme: "light" }, { width: 390, height: 844 }],
];

mkdirSync("docs/pictures", { recursive: true });
const server = spawn(process.execPath, ["scripts/serve.mjs"], { env: { ...process.env, PORT: "0" }, stdio: ["ignore", "pipe", "inherit"] });
const [line] = await once(server.stdout, "data");
const url = /http:\/\/\S+/.exec(String(line))[0];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
try {
  for (const [name, query, { width = 1440, height = 900 }] of PICTURES) {
    const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 1 });
    await page.goto(`${url}?${new URLSearchParams(query)}`);
    await page.locator("#stack [data-step]").first().waitFor();
    if (width >= 600) {
      await page.locator('#stack [data-step="6"]').click();
      await page.locator("layerlab-editor .cm-line").first().waitFor();
    }
    await page.mouse.move(0, 0);
    await page.waitForTimeout(2000); // digests fill in
    await page.screenshot({ path: `docs/pictures/${name}.png` });
    console.log(`layerlab: docs/pictures/${name}.png`);
    await page.close();
  }
} finally {
  await browser.close();
  server.kill();
}
