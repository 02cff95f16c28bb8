// The build context: its files are added, edited and deleted, and the layers follow.
import { expect, test } from "./fixtures.js";

test("files of the context are added, edited and deleted", async ({ lab, page }) => {
  await lab.open();
  await lab.write("FROM busybox\nCOPY . /app/\n");
  await expect(lab.step(1)).toContainText("COPY");
  await page.getByRole("tab", { name: /Context/ }).click();
  await page.getByRole("button", { name: /Add/ }).first().click();
  await page.getByRole("textbox", { name: /path|name/i }).fill("src/hello.txt");
  await page.keyboard.press("Enter");
  const text = page.getByRole("textbox", { name: /hello\.txt/ });
  await text.click();
  await page.keyboard.insertText("hello\n");
  await expect(lab.step(1).locator(".size")).toHaveText("6B");
  await lab.step(1).click();
  await expect(lab.inspector).toContainText("/app/src/hello.txt");

  await text.click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.insertText("again\n");
  await expect(lab.step(1).locator(".size")).toHaveText("12B");

  await page.getByRole("button", { name: /Delete/ }).first().click();
  await expect(lab.inspector).not.toContainText("hello.txt");
});
