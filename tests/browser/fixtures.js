// What every browser test has: a server of its own on a free port, and the promise that the page logs no error, breaks no
// Content-Security-Policy and asks nothing of another origin. A test that expects an error says so with `allow`.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test as base, expect } from "@playwright/test";
import { Lab } from "./lab.js";

export { expect };

/** Starts scripts/serve.mjs on a free port; `use` gets its address. */
export async function serve(env, use) {
  const script = fileURLToPath(new URL("../../scripts/serve.mjs", import.meta.url));
  const server = spawn(process.execPath, [script], { env: { ...process.env, ...env, PORT: "0" } });
  const url = await new Promise((resolve, reject) => {
    server.stdout.on("data", (data) => {
      const found = /http:\/\/\S+/.exec(String(data));
      if (found) resolve(found[0]);
    });
    server.stderr.on("data", (data) => reject(new Error(String(data))));
  });
  await use(url);
  server.kill();
}

export const test = base.extend({
  site: [async ({}, use) => serve({}, use), { scope: "worker" }],

  /** Patterns of errors that a test expects. */
  allow: async ({}, use) => use([]),

  page: async ({ page, allow }, use) => {
    const wrong = [];
    const note = (text) => allow.some((pattern) => pattern.test(text)) || wrong.push(text);
    page.on("console", (message) => message.type() === "error" && note(`console: ${message.text()}`));
    page.on("pageerror", (error) => note(`page error: ${error.message}`));
    // A page that is left breaks off what it was fetching.
    page.on("requestfailed", (request) => request.failure()?.errorText === "net::ERR_ABORTED" || note(`failed: ${request.url()}`));
    let origin;
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol === "data:") return;
      origin ??= url.origin;
      if (url.origin !== origin) note(`request outside the origin: ${url}`);
    });
    await use(page);
    expect(wrong, "console errors and requests outside the origin").toEqual([]);
  },

  lab: async ({ page, site }, use) => use(new Lab(page, site)),
});
