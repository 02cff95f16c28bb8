// The build context: its files are made, dropped in, edited, renamed and deleted, and the layers follow.
import { expect, test } from "./fixtures.js";

const tree = (page) => page.getByRole("tree", { name: "Context" });

async function add(page, path) {
  await page.getByRole("textbox", { name: "Path of the new file" }).fill(path);
  await page.keyboard.press("Enter");
}

test("files of the context are added, edited, renamed and deleted", async ({ lab, page }) => {
  await lab.open();
  await lab.write("FROM busybox\nCOPY . /app/\n");
  await expect(lab.step(1)).toContainText("COPY");
  await page.getByRole("tab", { name: /Context/ }).click();
  await add(page, "src/hello.txt");
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
  await lab.accessible();

  await tree(page).getByRole("treeitem", { name: /src/ }).first().click();
  await page.getByRole("button", { name: "Rename src/" }).click();
  await page.getByRole("textbox", { name: "New path of src/" }).fill("lib/deep");
  await page.keyboard.press("Enter");
  await expect(lab.inspector).toContainText("/app/lib/deep/hello.txt");

  await page.getByRole("button", { name: "Delete lib/deep/" }).click();
  await expect(lab.inspector).not.toContainText("hello.txt");
});

test("files are dropped in, and the tree goes by keyboard", async ({ lab, page }) => {
  await lab.open();
  await lab.write("FROM busybox\nCOPY data.bin /\n");
  await page.getByRole("tab", { name: /Context/ }).click();
  const files = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array([0, 255, 1, 2, 3])], "data.bin"));
    data.items.add(new File(["hello"], "text.txt"));
    return data;
  });
  await page.locator(".ctx").dispatchEvent("drop", { dataTransfer: files });
  await expect(tree(page).getByRole("treeitem")).toHaveCount(2);
  await expect(lab.step(1).locator(".size")).toHaveText("5B");
  await tree(page).getByRole("treeitem").first().click();
  await expect(page.getByText("This file is no text")).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("textbox", { name: /text\.txt/ })).toBeVisible();
  await page.keyboard.press("Delete");
  await expect(tree(page).getByRole("treeitem")).toHaveCount(1);
});

test(".dockerignore shows what it leaves out as it is typed", async ({ lab, page }) => {
  await lab.open();
  await lab.write("FROM busybox\nCOPY . /app/\n");
  await page.getByRole("tab", { name: /Context/ }).click();
  await add(page, "keep.txt");
  await add(page, "logs/one.log");
  await add(page, "logs/two.log");
  await page.getByRole("tab", { name: ".dockerignore" }).click();
  await lab.write("**/*.log\n");
  await expect(page.locator(".ctx-left-out")).toContainText("leaves out 2 files");
  await expect(page.locator(".ctx-left-out li")).toHaveText(["logs/one.log", "logs/two.log"]);
  await lab.step(1).click();
  await expect(lab.inspector).toContainText("/app/keep.txt");
  await expect(lab.inspector).not.toContainText("one.log");
});
