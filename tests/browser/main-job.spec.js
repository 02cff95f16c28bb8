// The main job, end to end: type a Dockerfile, see its layers.
import { expect, test } from "./fixtures.js";
import { SIX_LAYERS } from "./lab.js";

test("opens on the six-layer example, with Docker's own figures", async ({ lab }) => {
  await lab.open();
  const sizes = ["0B", "1.05MB", "1.05MB", "1.05MB", "2.1MB", "0B"];
  for (const [index, size] of sizes.entries()) await expect(lab.step(index + 1).locator(".size")).toHaveText(size);
  await expect(lab.step(7)).toContainText("CMD");
  await expect(lab.ledger).toContainText("live");
  await expect(lab.ledger).toContainText("wasted");
});

test("typing repaints the stack", async ({ lab, page }) => {
  await lab.open();
  await lab.goToLine(11);
  await page.keyboard.insertText("\nRUN mkdir /later");
  await expect(lab.step(7)).toContainText("mkdir /later");
  await expect(lab.step(7)).toContainText("BUILT");
  await expect(lab.step(6)).toContainText("CACHED");
  await expect(lab.step(8)).toContainText("CMD");
});

test("the whiteout of /data/one names the layers that still ship it", async ({ lab }) => {
  await lab.open();
  await lab.step(6).click();
  const whiteout = lab.inspector.locator(".whiteout");
  await expect(whiteout).toContainText("/data/one");
  await expect(whiteout.locator(".wo-copies li")).toHaveCount(3);
  for (const [index, layer] of ["5", "3", "2"].entries()) {
    const copy = whiteout.locator(".wo-copies li").nth(index);
    await expect(copy).toContainText(`layer ${layer}`);
    await expect(copy).toContainText("1.05MB");
  }
  await expect(whiteout.locator(".wo-sum")).toContainText("3.15MB");
});

test("a copy that a whiteout names leads to its layer", async ({ lab }) => {
  await lab.open();
  await lab.step(6).click();
  await lab.inspector.locator(".wo-copies button").last().click();
  await expect(lab.step(2)).toHaveAttribute("aria-selected", "true");
});

test("the docker diff of each step is Docker's", async ({ lab }) => {
  await lab.open();
  const expected = {
    1: ["A /data"],
    2: ["C /data", "A /data/one"],
    3: ["C /data", "C /data/one"],
    4: ["C /data", "A /data/two"],
    5: ["C /data", "C /data/two"],
    6: ["C /data", "D /data/one"],
  };
  for (const [step, changes] of Object.entries(expected)) {
    await lab.step(step).click();
    await expect(lab.inspector.locator(".insp-head")).toContainText(`step ${step}`);
    const entries = lab.inspector.locator(".changes").first().locator(".entry, .wo-lid");
    await expect(entries).toHaveCount(changes.length);
    for (const [index, change] of changes.entries()) {
      const [letter, path] = change.split(" ");
      await expect(entries.nth(index).locator(".mark")).toHaveText(letter);
      await expect(entries.nth(index).locator("code")).toHaveText(path);
    }
  }
  await lab.step(5).click();
  await expect(lab.inspector).toContainText("stored again, unchanged");
});

test("a broken line keeps the last stack, dimmed, with the error at its line", async ({ lab, page }) => {
  await lab.open();
  await lab.write(SIX_LAYERS.replace("RUN rm", "RUM rm"));
  await expect(lab.stale).toBeVisible();
  await expect(lab.stale).toContainText("11");
  await expect(page.locator(".is-stale").first()).toBeVisible();
  await expect(lab.step(6)).toContainText("rm /data/one");
  await expect(lab.notices).toContainText("RUM");

  await lab.write(SIX_LAYERS);
  await expect(lab.stale).toBeHidden();
  await expect(lab.notices).toHaveCount(0);
});

test("a mistyped instruction is mended by its button", async ({ lab }) => {
  await lab.open();
  await lab.write(SIX_LAYERS.replace("RUN rm", "RUM rm"));
  await lab.notices.getByRole("button").click();
  await expect(lab.stale).toBeHidden();
  await expect(lab.step(6)).toContainText("rm /data/one");
  await expect(lab.editor).toContainText("RUN rm /data/one");
});

test("a failing RUN keeps the layers before it and shows its message and exit code", async ({ lab }) => {
  await lab.open();
  await lab.write("FROM busybox\nRUN mkdir /data\nRUN rm /nope\nRUN chmod -R 0777 /data\n");
  await expect(lab.step(2)).toContainText("rm: can't remove '/nope': No such file or directory");
  await expect(lab.step(2)).toContainText("1");
  await expect(lab.notices).toContainText("Exit code 1");
  await expect(lab.step(1)).toContainText("mkdir /data");
  await expect(lab.ledger).toContainText("No image");
  await lab.step(2).click();
  await lab.tab("Log").click();
  await expect(lab.inspector).toContainText('process "/bin/sh -c rm /nope" did not complete successfully: exit code: 1');
});

test("selection goes both ways: lines, layers, files", async ({ lab, page }) => {
  await lab.open();
  await lab.goToLine(5);
  await expect(lab.step(2)).toHaveAttribute("aria-selected", "true");

  await lab.step(4).click();
  await expect(page.locator("layerlab-editor .cm-line.selected")).toContainText("of=/data/two");

  await lab.tab("Files").click();
  await lab.inspector.getByText("/data/two").or(lab.inspector.getByText("two", { exact: true })).first().click();
  await expect(lab.stack.locator(".sight")).toContainText("/data/two");
});

test("the stack and the stepper work by keyboard", async ({ lab, page }) => {
  await lab.open();
  await lab.step(6).click();
  await page.keyboard.press("ArrowDown");
  await expect(lab.step(5)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect(lab.step(7)).toHaveAttribute("aria-selected", "true");
  await lab.stack.getByRole("slider").focus();
  await page.keyboard.press("ArrowLeft");
  await expect(lab.step(6)).toHaveAttribute("aria-selected", "true");
});

test("Tab indents in the editor, and leaves it after Esc", async ({ lab, page }) => {
  await lab.open();
  await lab.editor.click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await expect(lab.editor).not.toBeFocused();
});

test("undo takes a change back, and the stack follows", async ({ lab, page }) => {
  await lab.open();
  await lab.goToLine(11);
  await page.keyboard.insertText("\nRUN mkdir /later");
  await expect(lab.step(7)).toContainText("mkdir /later");
  await page.keyboard.press("ControlOrMeta+z");
  await expect(lab.step(7)).toContainText("CMD");
});

test("text beyond ASCII keeps lines, errors and layers together", async ({ lab, page }) => {
  await lab.open();
  await lab.write("FROM busybox\n# 한글 주석 🐳\nRUN echo '안녕 🐳' > /인사\nRUM 이건 아니다\n");
  const squiggle = page.locator("layerlab-editor .cm-lintRange-error");
  await expect(squiggle).toHaveText("RUM");
});

test("a text with CRLF line ends is one with LF in the editor", async ({ lab }) => {
  await lab.open();
  await lab.write("FROM busybox\r\nRUN mkdir /crlf\r\n");
  await expect(lab.step(1)).toContainText("mkdir /crlf");
});
