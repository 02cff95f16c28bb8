// The stack: stepping and playing, both ways to count layers, stages and their wires, the base's layers.
import { expect, test } from "./fixtures.js";

test("the slider steps through the build: later steps are outlines, and the ledger is of that moment", async ({ lab, page }) => {
  await lab.open();
  const slider = lab.stack.getByRole("slider");
  await slider.focus();
  await page.keyboard.press("Home");
  for (let step = 1; step <= 4; step += 1) await page.keyboard.press("ArrowRight");
  await expect(lab.step(4)).toHaveAttribute("aria-selected", "true");
  await expect(lab.stack.locator(".row.ahead")).toHaveCount(3);
  // 4.5 MB of busybox and three layers of one MiB, of which chmod shadowed one.
  await expect(lab.ledger).toContainText("1.05MB");
  await expect(lab.size).not.toHaveText("9.69MB");
  await expect(lab.step(2).locator(".cell.shadowed")).toHaveCount(1);
  await page.keyboard.press("End");
  await expect(lab.stack.locator(".row.ahead")).toHaveCount(0);
  await expect(lab.size).toHaveText("9.69MB");
  await expect(lab.step(2).locator(".cell.deleted")).toHaveCount(1);
});

test("leaving the slider shows the whole stack again", async ({ lab, page }) => {
  await lab.open();
  await lab.stack.getByRole("slider").focus();
  await page.keyboard.press("Home");
  await expect(lab.stack.locator(".row.ahead")).not.toHaveCount(0);
  await lab.tab("Files").click();
  await expect(lab.stack.locator(".row.ahead")).toHaveCount(0);
});

test("play runs the build from its base to its last step, and pauses", async ({ lab, page }) => {
  await page.clock.install();
  await lab.open();
  await lab.step(7).click();
  await lab.stack.getByRole("button", { name: "Play the build" }).click();
  await expect(lab.stack.locator(".row.ahead")).toHaveCount(7);
  await page.clock.runFor(1700);
  await expect(lab.step(1)).toHaveAttribute("aria-selected", "true");
  await lab.stack.getByRole("button", { name: "Pause" }).click();
  await page.clock.runFor(5000);
  await expect(lab.step(1)).toHaveAttribute("aria-selected", "true");
  await lab.stack.getByRole("button", { name: "Play the build" }).click();
  for (let step = 2; step <= 7; step += 1) {
    await page.clock.runFor(1700);
    await expect(lab.step(step)).toHaveAttribute("aria-selected", "true");
  }
  await page.clock.runFor(1700);
  await expect(lab.stack.getByRole("button", { name: "Play the build" })).toBeVisible();
  await expect(lab.stack.locator(".row.ahead")).toHaveCount(0);
});

test("the live region says what a layer does", async ({ lab, page }) => {
  await lab.open();
  await lab.stack.getByRole("slider").focus();
  await page.keyboard.press("Home");
  for (let step = 1; step <= 6; step += 1) await page.keyboard.press("ArrowRight");
  const said = page.getByRole("status").filter({ hasText: /^Layer 6/ });
  await expect(said).toHaveText("Layer 6 changes 1, hides 1, plus 0B.");
});

test("before Docker 1.10 every line was a layer", async ({ lab }) => {
  await lab.open();
  // docker history of busybox has one row; seven lines follow FROM.
  const then = lab.stack.getByRole("button", { name: /2015: \d+ layers/ });
  await expect(then).toHaveText("2015: 8 layers");
  await expect(lab.stack.getByRole("button", { name: /^today/ })).toHaveText("today: 7");
  await then.click();
  await expect(lab.step(7).locator(".slab")).toContainText("CMD");
  await expect(lab.stack.locator(".age-note")).toContainText("1 of the base + 7 = 8");
  await lab.stack.getByRole("button", { name: /^today/ }).click();
  await expect(lab.step(7).locator(".slab")).toHaveCount(0);
  await expect(lab.step(7)).toContainText("metadata, 0B");
});

test("stages stand side by side, joined by what COPY --from takes", async ({ lab, page }) => {
  await lab.open();
  await lab.example("stages");
  const final = lab.stack.locator(".stage.final");
  const build = lab.stack.locator(".stage.behind");
  await expect(final).toContainText("the image");
  await expect(build).toContainText("stays behind");
  await expect(lab.stack.locator(".stage.skipped")).toContainText("test");
  const [left, right] = [await build.boundingBox(), await final.boundingBox()];
  expect(left.x + left.width).toBeLessThan(right.x);
  expect(Math.abs(left.y + left.height - right.y - right.height), "they stand on one ground").toBeLessThan(2);
  // Each wire begins at the slab that wrote the file and ends at the COPY.
  await expect(lab.stack.locator(".wires g")).toHaveCount(2);
  const ends = () => page.evaluate(() => {
    const slab = (key) => document.querySelector(`[data-key="${key}"] .slab`).getBoundingClientRect();
    return [...document.querySelectorAll(".wires g")].map((wire, index) => {
      const start = wire.querySelector("circle").getBoundingClientRect();
      const head = wire.querySelector(".head").getBoundingClientRect();
      const [from, to] = [slab(["0-4", "0-3"][index]), slab(["2-3", "2-2"][index])];
      return [start.x + start.width / 2 - from.right, head.right - to.left, head.y + head.height / 2 - to.y - to.height / 2];
    });
  });
  // They follow when the rows have settled.
  await expect(async () => {
    for (const [start, end, middle] of await ends()) {
      expect(Math.abs(start)).toBeLessThan(2);
      expect(Math.abs(end)).toBeLessThan(12);
      expect(Math.abs(middle)).toBeLessThan(3);
    }
  }).toPass();
  await lab.accessible();
});

test("on a phone the stages stand one below the other, the image first", async ({ lab, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await lab.open({}, { ready: false });
  await expect(lab.size).toHaveText("9.69MB");
  await lab.example("stages");
  const [final, build] = [lab.stack.locator(".stage.final"), lab.stack.locator(".stage.behind")];
  await expect(final).toBeVisible();
  expect((await final.boundingBox()).y).toBeLessThan((await build.boundingBox()).y);
  await expect(lab.stack.locator(".wires")).toBeHidden();
});

test("the base opens and closes by keyboard", async ({ lab, page }) => {
  await lab.open();
  const base = lab.stack.locator(".base");
  await lab.step(6).click();
  await page.keyboard.press("End");
  await expect(base).toBeFocused();
  await expect(base).toHaveAttribute("aria-expanded", "true");
  await page.keyboard.press("ArrowLeft");
  await expect(base).toHaveAttribute("aria-expanded", "false");
  await page.keyboard.press("ArrowRight");
  await expect(base).toHaveAttribute("aria-expanded", "true");
});
