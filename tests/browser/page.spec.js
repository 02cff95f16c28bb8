// What holds on every view: accessible, in both themes and languages, from any path, without a server, and alive.
import { expect, test, serve } from "./fixtures.js";
import { Lab, SIX_LAYERS } from "./lab.js";

for (const theme of ["light", "dark"]) {
  for (const lang of ["en", "ko"]) {
    test(`axe finds nothing: ${theme}, ${lang}`, async ({ lab, page }) => {
      await lab.open({ theme, lang });
      await expect(page.locator("html")).toHaveAttribute("lang", lang);
      await lab.step(6).click();
      await lab.accessible();
      for (const tab of await lab.inspector.getByRole("tab").all()) {
        await tab.click();
        await lab.accessible();
      }
      await lab.write(SIX_LAYERS.replace("RUN rm", "RUM rm"));
      await expect(lab.stale).toBeVisible();
      await lab.accessible();
      await lab.write("FROM busybox\nRUN rm /nope\n");
      await expect(lab.step(1)).toContainText("/nope");
      await lab.accessible();
    });
  }
}

for (const [width, height] of [[320, 640], [700, 900], [1000, 700], [1920, 1080]]) {
  test(`nothing overflows at ${width} × ${height}`, async ({ lab, page }) => {
    await page.setViewportSize({ width, height });
    await lab.open({}, { ready: false });
    await expect(lab.size).toBeVisible();
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(over).toBeLessThanOrEqual(0);
  });
}

test("the language switch rewords the page, and is remembered", async ({ lab, page }) => {
  await lab.open();
  await page.getByRole("button", { name: "한국어" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
});

test("the page works under a sub-path", async ({ page }) => {
  await serve({ BASE: "docs/layers/play" }, async (url) => {
    expect(url).toContain("/docs/layers/play/");
    await new Lab(page, url).open();
  });
});

test("the page goes on without a network", async ({ lab, context }) => {
  await lab.open();
  await context.setOffline(true);
  await lab.write("FROM busybox\nRUN mkdir /offline\n");
  await expect(lab.step(1)).toContainText("mkdir /offline");
});

test("answers carry a strict Content-Security-Policy and their types", async ({ request, site }) => {
  const page = await request.get(site);
  const policy = page.headers()["content-security-policy"];
  expect(policy).toContain("'wasm-unsafe-eval'");
  expect(policy).not.toMatch(/'unsafe-inline'|'unsafe-eval'/);
  const html = await page.text();
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
  expect(html).not.toMatch(/\sstyle="/);
  expect(html).not.toMatch(/(?:src|href)="(?:\/|https?:)/);
  const wasm = /href="\.\/(app-[^"]*\.wasm)"/.exec(html)[1];
  expect((await request.get(`${site}${wasm}`)).headers()["content-type"]).toBe("application/wasm");
  expect((await request.get(`${site}../package.json`)).status()).toBe(404);
});

test.describe("when the engine dies", () => {
  test.use({ allow: [/the test ends the worker/] });

  test("the page starts it again and says so", async ({ lab, page }) => {
    await lab.open();
    await page.workers()[0].evaluate(() => {
      setTimeout(() => {
        throw new Error("the test ends the worker");
      });
    });
    await expect(page.getByRole("status").filter({ hasText: /restart|again/i }).first()).toBeVisible();
    await lab.write("FROM busybox\nRUN mkdir /after\n");
    await expect(lab.step(1)).toContainText("mkdir /after");
    await expect(page.getByRole("status").filter({ hasText: /restart/i })).toHaveCount(0);
  });
});
