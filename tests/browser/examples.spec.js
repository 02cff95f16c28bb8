// The menu's examples show what they say.
import { expect, test } from "./fixtures.js";

test("one RUN: one layer of 1.05MB, and what the first example wasted", async ({ lab }) => {
  await lab.open();
  await lab.example(/one layer|one RUN/i);
  await expect(lab.step(1).locator(".size")).toHaveText("1.05MB");
  await expect(lab.step(2)).toContainText("CMD");
  await expect(lab.size).toHaveText("5.49MB");
});

test("only the last line changed: everything before it comes from the cache", async ({ lab }) => {
  await lab.open();
  await lab.example(/cache/i);
  await expect(lab.stack.locator(".badge", { hasText: "BUILT" })).toHaveCount(1);
  const cached = await lab.stack.locator(".badge", { hasText: "CACHED" }).count();
  expect(cached).toBe(2);
});

test("two Dockerfiles that begin alike share those layers", async ({ lab, page }) => {
  await lab.open();
  await lab.example(/shar/i);
  await expect(page.getByText(/also in/i).first()).toBeVisible();
});
