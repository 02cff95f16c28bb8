// States that a page meets besides a finished build: each is told, and the page goes on.
import { expect, test } from "./fixtures.js";

test("nothing typed", async ({ lab, page }) => {
  await lab.open();
  await lab.write("");
  await expect(lab.stack).toContainText("Nothing to build yet");
  await lab.accessible();
  await lab.write("# only a comment\n");
  await expect(lab.stack).toContainText("Nothing to build yet");
});

test("two hundred instructions and large files", async ({ lab }) => {
  await lab.open();
  const lines = Array.from({ length: 198 }, (_, n) => `RUN dd if=/dev/zero of=/f${n} bs=1M count=${n}`);
  await lab.write(["FROM busybox", ...lines, "RUN rm /f197"].join("\n"));
  await expect(lab.step(199)).toContainText("rm /f197", { timeout: 30_000 });
  await expect(lab.size).toHaveText("20.5GB");
  await lab.tab("Waste").click();
  await expect(lab.inspector.locator(".wgroup")).toContainText("/f197");
});

test("a command that is not simulated is named at its line", async ({ lab, page }) => {
  await lab.open();
  await lab.write("FROM busybox\nRUN wget http://example.com/x\nRUN mkdir /later\n");
  await expect(lab.step(1)).toContainText(/not simulated|modelled|exit code/i);
  await expect(lab.step(2).or(lab.step(1)).first()).toBeVisible();
});

test.describe("where storage is refused", () => {
  test("the page says so, once a choice cannot be kept", async ({ lab, page }) => {
    await page.addInitScript(() => {
      Object.defineProperty(window, "localStorage", {
        get() {
          throw new DOMException("refused", "SecurityError");
        },
      });
    });
    await lab.open();
    await expect(page.locator(".page-note")).toHaveCount(0);
    await page.getByRole("button", { name: "한국어" }).click();
    await expect(page.locator(".page-note")).toBeVisible();
    await lab.write("FROM busybox\nRUN mkdir /on\n");
    await expect(lab.step(1)).toContainText("mkdir /on");
  });
});

test("every byte of the image is in the ledger, and wasted copies name both lines", async ({ lab }) => {
  await lab.open();
  await lab.tab("Waste").click();
  const waste = lab.inspector.locator("table.waste").first();
  await expect(waste).toContainText("written by dd, line 5");
  await expect(waste).toContainText("whiteout, line 11");
  const [live, shadowed, deleted, size] = (await lab.inspector.locator(".sums td.num:last-child").allTextContents()).map(Number);
  expect(live + shadowed + deleted).toBe(size);
  await lab.write("FROM busybox\nRUN echo aaaa | head -c 4000 /dev/zero > /one\nRUN cp /one /two\n");
  await expect(lab.inspector.locator(".duplicates")).toContainText("/two");
});
