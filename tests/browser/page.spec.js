// What holds on every view: accessible, in both themes and languages, from any path, without a server, and alive.
import { expect, test, serve } from "./fixtures.js";
import { Lab, SIX_LAYERS, STAGES } from "./lab.js";

for (const theme of ["light", "dark"]) {
  for (const lang of ["en", "ko"]) {
    for (const width of [360, 800, 1440]) {
      test(`axe finds nothing: ${theme}, ${lang}, ${width} px`, async ({ lab, page }) => {
        await page.setViewportSize({ width, height: 900 });
        await lab.open({ theme, lang }, { ready: false });
        await expect(lab.size).toHaveText("9.69MB");
        await expect(page.locator("html")).toHaveAttribute("lang", lang);
        await lab.step(6).click();
        await lab.accessible();
        await lab.pane(2);
        for (const tab of await lab.inspector.getByRole("tab").all()) {
          await tab.click();
          await lab.accessible();
        }
        const shows = async (text, found) => {
          await lab.pane(0);
          await lab.write(text);
          await lab.accessible();
          await lab.pane(1);
          await found();
          await lab.accessible();
        };
        await shows(SIX_LAYERS.replace("RUN rm", "RUM rm"), () => expect(lab.stale).toBeVisible());
        await shows("FROM busybox\nRUN rm /nope\n", () => expect(lab.step(1)).toContainText("/nope"));
        await shows(STAGES, () => expect(lab.stack.locator(".stage.skipped")).toBeVisible());
      });
    }
  }
}

test("everything one can press is at least 24 px wide and high, or stands apart", async ({ lab, page }) => {
  // WCAG 2.2, 2.5.8: smaller ones are allowed where a circle of 24 px around each meets no other.
  for (const width of [360, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await lab.open({}, { ready: false });
    await expect(lab.size).toHaveText("9.69MB");
    const small = await page.evaluate(() => {
      const all = [...document.querySelectorAll("#app button, #app a, #app input, #app [role=treeitem], #app [role=tab]")];
      const seen = all.filter((one) => one.checkVisibility() && !one.closest(".skip") && one.getBoundingClientRect().width > 1);
      const boxes = seen.map((one) => one.getBoundingClientRect());
      const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2];
      return seen.flatMap((one, at) => {
        const box = boxes[at];
        if (box.width >= 24 && box.height >= 24) return [];
        const [x, y] = middle(box);
        const meets = boxes.some((other, index) => {
          if (index === at || seen[index].contains(one) || one.contains(seen[index])) return false;
          const [dx, dy] = [Math.max(other.left - x, x - other.right, 0), Math.max(other.top - y, y - other.bottom, 0)];
          return Math.hypot(dx, dy) < 12;
        });
        return meets ? [`${one.outerHTML.slice(0, 80)} ${Math.round(box.width)} × ${Math.round(box.height)}`] : [];
      });
    });
    expect(small, `${width} px`).toEqual([]);
  }
});

test("at 200 % zoom nothing is lost, and at 400 % it is read down, not across", async ({ lab, page }) => {
  // Zoom makes a page of 1280 px one of 640 or 320 px, of twice or four times the resolution.
  for (const [width, height] of [[640, 450], [320, 256]]) {
    await page.setViewportSize({ width, height });
    await lab.open({}, { ready: false });
    await expect(lab.size).toHaveText("9.69MB");
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    for (const pane of [0, 1, 2]) {
      await lab.pane(pane);
      const section = page.locator("#app .bench > section").nth(pane);
      await expect(section).toBeVisible();
      const box = await section.boundingBox();
      expect(box.height, `pane ${pane} at ${width} px`).toBeGreaterThan(40);
    }
  }
});

test("high contrast keeps the drawing: fates, selection and rail are told apart", async ({ lab, page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await lab.open();
  await lab.step(6).click();
  const look = (selector, property) => page.locator(selector).first().evaluate((one, name) => getComputedStyle(one)[name], property);
  expect(await look("#stack .cell.deleted", "backgroundImage")).toContain("gradient");
  expect(await look("#stack .cell.lid", "borderTopStyle")).toBe("dashed");
  expect(await look('#stack .row[aria-selected="true"] > .slab', "outlineStyle")).toBe("solid");
  const fills = new Set([await look("#stack .cell.live", "backgroundColor"), await look("#stack .slab", "backgroundColor")]);
  expect(fills.size).toBe(2);
  await lab.accessible();
});

test("what is shown before the engine has loaded is what is shown after", async ({ page, site }) => {
  for (const [lang, width, height] of [["en", 1440, 900], ["ko", 1440, 900], ["en", 390, 844]]) {
    await page.setViewportSize({ width, height });
    let letThrough;
    const held = new Promise((resolve) => {
      letThrough = resolve;
    });
    await page.route(/worker.*\.wasm/, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${site}?lang=${lang}`);
    const parts = ["#stack .slab", ".ledger-size", ".insp-head", ".stack-head h2", ".bar"];
    const places = (root) =>
      page.evaluate(
        ([root, parts]) =>
          parts.flatMap((part) =>
            [...document.querySelectorAll(`${root} ${part.replace("#stack", ".stack")}`)].filter((one) => one.checkVisibility()).map((one) => {
              const { x, y, width, height } = one.getBoundingClientRect();
              const text = one.cloneNode(true);
              for (const gone of text.querySelectorAll(".vh, .digest")) gone.remove();
              return [part, text.textContent.replaceAll(/\s+/g, ""), ...[x, y, width, height].map(Math.round)].join(" ");
            }),
          ),
        [root, parts],
      );
    await expect(page.locator(`.first:lang(${lang}) .stack .slab`).first()).toBeVisible();
    const before = await places(`.first:lang(${lang})`);
    expect(before.length).toBeGreaterThan(8);
    letThrough();
    await expect(page.locator("#stack")).toBeVisible();
    // Digests come last, and move nothing.
    await expect(page.locator("#app .insp-head")).toContainText("sha256:");
    expect(await places("#app"), "make first-view writes it anew").toEqual(before);
    await page.unroute(/worker.*\.wasm/);
  }
});

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

test("the page goes on without a network", async ({ lab, page, context }) => {
  await lab.open();
  await page.waitForLoadState("networkidle");
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
