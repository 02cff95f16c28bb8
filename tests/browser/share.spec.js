// Links, embedding, pictures, shortcuts, the projector's size.
import { readFileSync } from "node:fs";
import { expect, test } from "./fixtures.js";
import { Lab, SIX_LAYERS } from "./lab.js";

const dialog = (page) => page.getByRole("dialog");

test("a link brings back the text and the build context, and nothing of it is sent", async ({ lab, page, context, site }) => {
  await lab.open();
  await lab.write(`${SIX_LAYERS}COPY 한글.txt /\nRUN echo '#&=%' > /signs\n`);
  await page.getByRole("tab", { name: /Context/ }).click();
  await page.getByLabel("Path of the new file").fill("한글.txt");
  await page.keyboard.press("Enter");
  await expect(lab.step(8).locator(".size")).toHaveText("0B");
  await page.getByRole("button", { name: "Share" }).click();
  await expect(dialog(page).getByLabel("Link")).toHaveValue(/#z=[\w-]+$/);
  const link = await dialog(page).getByLabel("Link").inputValue();
  await lab.accessible();

  const asked = [];
  const other = await context.newPage();
  other.on("request", (request) => asked.push(request.url()));
  await other.goto(link);
  const theirs = new Lab(other, site);
  await expect(theirs.step(9)).toContainText("echo '#&=%' > /signs");
  await expect(theirs.step(8)).toContainText("한글.txt");
  await expect(other.getByRole("tab", { name: "Context 1" })).toBeVisible();
  expect(asked.filter((url) => url.includes("z="))).toEqual([]);
});

test("a link can be written by hand", async ({ lab, page, site }) => {
  await page.goto(`${site}#dockerfile=FROM%20busybox%0ARUN%20mkdir%20/by-hand`);
  await expect(lab.step(1)).toContainText("mkdir /by-hand");
  await page.evaluate(() => {
    location.hash = "#example=cached";
  });
  await expect(lab.step(3)).toContainText("version 2");
});

for (const broken of ["#z=AAAA", "#dockerfile=%", "#z=!"]) {
  test(`a broken link says so, and the page works: ${broken}`, async ({ lab, page, site }) => {
    await page.goto(site + broken);
    await expect(lab.stack.getByText(/link is cut or broken/)).toBeVisible();
    await expect(lab.size).toHaveText("9.69MB");
    await lab.write("FROM busybox\nRUN mkdir /after\n");
    await expect(lab.stack.getByText(/link is cut or broken/)).toBeHidden();
  });
}

test("a link that unpacks to more than its limit is refused", async ({ lab, page, site }) => {
  await lab.open();
  const bomb = await page.evaluate(async () => {
    const stream = new Blob([`dockerfile=${"a".repeat(64 << 20)}`]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  });
  await page.goto("about:blank");
  await page.goto(`${site}#z=${bomb}`);
  await expect(lab.stack.getByText(/link is cut or broken/)).toBeVisible();
});

test("the copy button copies", async ({ lab, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await lab.open();
  await page.getByRole("button", { name: "Share" }).click();
  await dialog(page).getByRole("button", { name: "Copy" }).click();
  await expect(dialog(page).getByText("Copied.")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await dialog(page).getByLabel("Link").inputValue());
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
});

test("the stack is saved as SVG and as PNG", async ({ lab, page }) => {
  await lab.open();
  await page.getByRole("button", { name: "Share" }).click();
  const save = async (name) => {
    const [download] = await Promise.all([page.waitForEvent("download"), dialog(page).getByRole("button", { name }).click()]);
    return [download.suggestedFilename(), readFileSync(await download.path())];
  };
  const [svgName, svg] = await save("SVG");
  expect(svgName).toBe("layers.svg");
  for (const text of ["9.69MB", "chmod -R 0777 /data", "of=/data/two", "4.19MB"]) expect(svg.toString()).toContain(text);
  const parsed = await page.evaluate((text) => {
    const tree = new DOMParser().parseFromString(text, "image/svg+xml");
    return [tree.documentElement.nodeName, tree.querySelectorAll("parsererror").length];
  }, svg.toString());
  expect(parsed).toEqual(["svg", 0]);
  const [pngName, png] = await save("PNG");
  expect(pngName).toBe("layers.png");
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  const width = Number(/<svg[^>]* width="(\d+)"/.exec(svg.toString())[1]);
  expect(png.readUInt32BE(16)).toBe(2 * width);
});

test("single keys work anywhere but while one types, and can be turned off", async ({ lab, page }) => {
  await lab.open();
  await lab.step(6).click();
  await page.keyboard.press("?");
  await expect(dialog(page)).toContainText("Keyboard shortcuts");
  await lab.accessible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("[");
  await expect(lab.step(5)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("]");
  await expect(lab.step(6)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("2");
  await expect(lab.tab("Files")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("c");
  await expect(lab.stack.locator(".age-note")).toBeVisible();
  await page.keyboard.press("c");
  await page.keyboard.press("e");
  await expect(lab.editor).toBeFocused();

  // In the editor they are letters.
  await page.keyboard.type("?c2[");
  await expect(dialog(page)).toHaveCount(0);
  await expect(lab.editor).toContainText("?c2[");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");

  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await dialog(page).getByLabel("Single keys work").uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(dialog(page)).toHaveCount(0);
  await page.reload();
  await lab.step(6).click();
  await page.keyboard.press("?");
  await expect(dialog(page)).toHaveCount(0);
});

test("the look menu has themes and a size for projectors, and they are remembered", async ({ lab, page }) => {
  await lab.open();
  const size = () => page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
  expect(await size()).toBe("16px");
  await page.getByRole("button", { name: "Look" }).click();
  await page.getByRole("menuitemradio", { name: /Large/ }).click();
  expect(await size()).toBe("20px");
  await page.getByRole("button", { name: "Look" }).click();
  await page.getByRole("menuitemradio", { name: /Dark/ }).click();
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  expect(await size()).toBe("20px");
});

test.describe("embedded", () => {
  test.use({ viewport: { width: 600, height: 420 } });

  test("six layers fit without scrolling, and the editor comes with its tab", async ({ lab, page }) => {
    const asked = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await lab.open({ embed: "" }, { ready: false });
    await expect(lab.step(6)).toBeVisible();
    const fits = await page.evaluate(() => {
      const scroll = document.querySelector(".stack-scroll");
      return [scroll.scrollHeight - scroll.clientHeight, document.documentElement.scrollHeight - innerHeight, document.documentElement.scrollWidth - innerWidth];
    });
    expect(fits).toEqual([0, 0, 0]);
    for (let step = 0; step <= 6; step += 1) await expect(lab.step(step)).toBeInViewport({ ratio: 0.9 });
    expect(asked.filter((path) => /editor-.*\.js$/.test(path))).toEqual([]);
    await lab.accessible();
    await page.getByRole("tab", { name: "Editor" }).click();
    await expect(lab.editor).toBeVisible();
    expect(asked.filter((path) => /editor-.*\.js$/.test(path))).not.toEqual([]);
  });

  test("the whole page opens with the embedded text", async ({ lab, page, context }) => {
    await lab.open({ embed: "" }, { ready: false });
    await page.getByRole("tab", { name: "Editor" }).click();
    await lab.write("FROM busybox\nRUN mkdir /from-the-frame\n");
    const link = page.getByRole("link", { name: "Open in Layerlab" });
    await expect(link).toHaveAttribute("href", /from-the-frame/);
    const [whole] = await Promise.all([context.waitForEvent("page"), link.click()]);
    await expect(whole.locator("#stack")).toContainText("mkdir /from-the-frame");
    await expect(whole.locator("html")).not.toHaveAttribute("data-embed", "");
  });
});

test("both snippets of the embed dialog show these layers in another page", async ({ lab, page, context, site }) => {
  await lab.open();
  await lab.write(SIX_LAYERS.replace("/data/two", "/data/<three>"));
  await expect(lab.step(4)).toContainText("/data/<three>");
  await page.getByRole("button", { name: "Embed" }).click();
  await expect(dialog(page).getByLabel("Frame")).toHaveValue(/\?embed#z=/);
  await lab.accessible();
  const snippets = [await dialog(page).getByLabel("Frame").inputValue(), await dialog(page).getByLabel("Code block").inputValue()];
  for (const snippet of snippets) {
    const host = await context.newPage();
    await host.route("**/host.html", (route) => route.fulfill({ contentType: "text/html", body: `<!doctype html><title>host</title>${snippet}` }));
    await host.goto(`${site}host.html`);
    const frame = host.frameLocator("iframe");
    await expect(frame.locator('#stack [data-step="4"]')).toContainText("/data/<three>");
  }
});

test("without JavaScript the code block stays readable", async ({ browser, lab, page, site }) => {
  await lab.open();
  await page.getByRole("button", { name: "Embed" }).click();
  const snippet = await dialog(page).getByLabel("Code block").inputValue();
  const context = await browser.newContext({ javaScriptEnabled: false });
  const host = await context.newPage();
  await host.route("**/host.html", (route) => route.fulfill({ contentType: "text/html", body: `<!doctype html><title>host</title>${snippet}` }));
  await host.goto(`${site}host.html`);
  await expect(host.getByText("RUN chmod -R 0777 /data").first()).toBeVisible();
  await context.close();
});
