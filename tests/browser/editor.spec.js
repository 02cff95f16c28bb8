// The editor: colours, gutter, completion, explanations, mends, folding, search, input methods.
import { expect, test } from "./fixtures.js";

const inside = (page, selector) => page.locator("layerlab-editor").locator(selector);

/** Waits for the part that comes when the page is idle. */
const whole = (page) => expect(inside(page, ".cm-content")).toHaveAttribute("aria-autocomplete", "list");

test("the words of a Dockerfile are coloured, in here-documents and in the shell of RUN, too", async ({ lab, page }) => {
  await lab.open();
  await lab.write(
    'ARG V=1\nFROM busybox AS base\nRUN --network=none if true; then echo "$V" > /a; fi\nRUN <<EOF\nmkdir /b # made\nEOF\nCOPY --chmod=755 a /\n',
  );
  const words = async (kind) => (await inside(page, `.word-${kind}`).allTextContents()).map((word) => word.trim());
  await expect.poll(() => words("keyword")).toEqual(["ARG", "FROM", "AS", "RUN", "RUN", "COPY"]);
  expect(await words("flag")).toEqual(["V", "--network", "=none", "--chmod", "=755"]);
  expect(await words("command")).toEqual(["true", "echo", "mkdir"]);
  expect(await words("variable")).toEqual(["$V"]);
  expect(await words("label")).toEqual(["<<EOF", "EOF"]);
  expect(await words("comment")).toEqual(["# made"]);
  expect(await words("operator")).toEqual(expect.arrayContaining(["if", "then", "fi", ">"]));
});

test("the gutter has each layer's number, size and CACHED or BUILT", async ({ lab, page }) => {
  await lab.open();
  await expect(inside(page, ".facts span").first()).toHaveText("4.45MB");
  await expect(inside(page, ".facts .built")).toHaveCount(6);
  await lab.goToLine(11);
  await page.keyboard.insertText(" -f");
  await expect(inside(page, ".facts .cached")).toHaveCount(5);
  await expect(inside(page, ".steps .chip[title*='CACHED']")).toHaveCount(5);
});

test("instructions, flags, images and files are completed", async ({ lab, page }) => {
  await lab.open();
  await whole(page);
  const options = inside(page, ".cm-tooltip-autocomplete li");
  await lab.write("");
  await page.keyboard.type("FROM bus");
  await expect(options).toHaveText([/busybox/]);
  await page.waitForTimeout(200); // a list that has just opened takes no Enter yet
  await page.keyboard.press("Enter");
  await expect(lab.editor).toContainText("FROM busybox");
  await page.keyboard.press("Enter");
  await page.keyboard.type("WOR");
  await expect(options).toHaveText([/WORKDIR.*makes a layer/]);
  await page.keyboard.press("Escape");
  await expect(options).toHaveCount(0);
  await page.keyboard.type("KDIR /a");
  await expect(lab.step(1)).toContainText("WORKDIR");
  await page.keyboard.press("Enter");
  await page.keyboard.type("COPY --ch");
  await expect(options).toHaveCount(2);
});

test("an instruction explains what it does to layers", async ({ lab, page }) => {
  await lab.open();
  await whole(page);
  await inside(page, ".word-keyword").nth(2).hover();
  const about = inside(page, ".cm-explained");
  await expect(about).toContainText("becomes one layer");
  await expect(about).toContainText("step 2, 1.05MB");
});

test("a warning is mended where it stands", async ({ lab, page }) => {
  await lab.open();
  await whole(page);
  await lab.write("FROM busybox as base\nRUN true\n");
  await inside(page, ".cm-lintRange-warning").first().hover();
  await expect(inside(page, ".cm-diagnostic")).toContainText("same case");
});

test("an instruction of several lines folds", async ({ lab, page }) => {
  await lab.open();
  await lab.write("FROM busybox\nRUN true && \\\n    true && \\\n    mkdir /folded\n");
  await expect(lab.step(1)).toContainText("/folded");
  await lab.goToLine(2);
  await page.keyboard.press("Control+Shift+BracketLeft");
  await expect(lab.editor).not.toContainText("mkdir /folded");
  await inside(page, ".cm-foldPlaceholder").click();
  await expect(lab.editor).toContainText("mkdir /folded");
});

test("search finds, and its words are the page's", async ({ lab, page }) => {
  await lab.open({ lang: "ko" });
  await lab.editor.click();
  await page.keyboard.press("ControlOrMeta+f");
  const field = inside(page, ".cm-search input").first();
  await expect(field).toHaveAttribute("placeholder", "찾기");
  await field.pressSequentially("chmod");
  await expect(inside(page, ".cm-searchMatch")).toHaveCount(2);
});

test("an input method composes over the engine's answers", async ({ lab, page }) => {
  await lab.open();
  await lab.write("FROM busybox\nRUN echo ");
  await page.keyboard.press("ControlOrMeta+End");
  const devtools = await page.context().newCDPSession(page);
  for (const text of ["ㅎ", "하", "한"]) {
    await devtools.send("Input.imeSetComposition", { text, selectionStart: 1, selectionEnd: 1 });
    await page.waitForTimeout(150);
  }
  await devtools.send("Input.insertText", { text: "한" });
  for (const text of ["ㄱ", "그", "글"]) {
    await devtools.send("Input.imeSetComposition", { text, selectionStart: 1, selectionEnd: 1 });
    await page.waitForTimeout(50);
  }
  await devtools.send("Input.insertText", { text: "글" });
  await expect(lab.editor).toContainText("RUN echo 한글");
  await expect(lab.step(1)).toContainText("echo 한글");
});
