// Input that would hang or end a naive engine: each gets a clear message, and the page goes on working.
import { expect, test } from "./fixtures.js";

const CASES = {
  "an endless loop": ["FROM busybox\nRUN while :; do :; done\n", /budget|limit|too many|commands/i],
  "a file of a terabyte": ["FROM busybox\nRUN dd if=/dev/zero of=/x bs=1G count=1000\n", /space|budget|limit|large/i],
  "a fork bomb": ["FROM busybox\nRUN b() { b | b & }; b\n", /budget|limit|depth|nest|simulated|fork/i],
  "a thousand nested parentheses": [`FROM busybox\nRUN ${"(".repeat(1000)}:${")".repeat(1000)}\n`, /nest|depth|limit|budget/i],
  "endless output": ["FROM busybox\nRUN yes\n", /budget|limit|output|commands|not found/i],
};

for (const [name, [text, said]] of Object.entries(CASES)) {
  test(`${name} gets a clear message`, async ({ lab, page }) => {
    await lab.open();
    await lab.write(text);
    await expect(lab.notices.or(lab.stale).or(lab.stack.locator(".slab-error")).first()).toContainText(said, { timeout: 30_000 });
    await lab.write("FROM busybox\nRUN mkdir /alive\n");
    await expect(lab.step(1)).toContainText("mkdir /alive");
    expect(page.workers()).toHaveLength(1);
  });
}

test("a Dockerfile of 5 MB gets a clear message", async ({ lab, page }) => {
  test.setTimeout(120_000);
  await lab.open();
  await lab.write(`FROM busybox\n${"# twenty bytes long\n".repeat(262_144)}RUN mkdir /late\n`);
  await expect(lab.stale).toBeVisible({ timeout: 60_000 });
  // The caret is five megabytes below the message: the line under the editor says it, and leads there.
  await expect(page.locator(".ed-said")).toContainText(/too large/);
  await page.getByRole("button", { name: /1 error/ }).click();
  await expect(lab.notices).toContainText(/too large/, { timeout: 60_000 });
  await lab.write("FROM busybox\nRUN mkdir /alive\n");
  await expect(lab.step(1)).toContainText("mkdir /alive", { timeout: 60_000 });
});

test("an edit gets through while a long build runs", async ({ lab }) => {
  await lab.open();
  await lab.write("FROM busybox\nRUN i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done\n");
  await lab.write("FROM busybox\nRUN mkdir /alive\n");
  await expect(lab.step(1)).toContainText("mkdir /alive", { timeout: 5_000 });
});
