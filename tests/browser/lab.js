// The page as its users see it: what the tests do and look at, by roles and names, so that no test knows the markup.
import AxeBuilder from "@axe-core/playwright";
import { expect } from "@playwright/test";

/** The words by which the tests find things, in each language. */
const WORDS = {
  en: { dockerfile: /Dockerfile/, stack: /^Layers/, inspector: "Inspector" },
  ko: { dockerfile: /Dockerfile/, stack: /레이어/, inspector: "살펴보기" },
};

export const SIX_LAYERS = `FROM busybox

RUN mkdir /data
# imagine this is downloading source code
RUN dd if=/dev/zero bs=1024 count=1024 of=/data/one
RUN chmod -R 0777 /data
# imagine this is compiling the app
RUN dd if=/dev/zero bs=1024 count=1024 of=/data/two
RUN chmod -R 0777 /data
# and now this cleans up that downloaded source code
RUN rm /data/one

CMD ls -alh /data
`;

export const STAGES = `FROM busybox AS build
RUN echo a > /a
FROM build AS test
RUN true
FROM busybox
COPY --from=build /a /b
CMD ["cat", "/b"]
`;

export class Lab {
  constructor(page, site) {
    this.page = page;
    this.site = site;
    this.words = WORDS.en;
    this.editor = page.locator("layerlab-editor").getByRole("textbox");
    this.stack = page.locator("#stack");
    this.inspector = page.locator("#inspector");
    this.ledger = page.locator("#app .ledger");
    this.size = page.locator("#app .ledger-size strong");
    this.rows = this.stack.getByRole("treeitem");
    this.stale = this.stack.locator(".stale-note");
    this.because = this.inspector.locator(".because");
    this.notices = page.locator("layerlab-editor").getByRole("note");
  }

  /** Opens the page and waits until the first example is built. `query`: theme, lang. */
  async open(query = {}, { ready = true } = {}) {
    this.words = WORDS[query.lang ?? "en"];
    await this.page.goto(`${this.site}?${new URLSearchParams(query)}`);
    if (!ready) return;
    await expect(this.size).toHaveText("9.69MB");
    await expect(this.editor).toBeVisible();
  }

  /** The row of a step, as the stack names it. */
  step(number) {
    return this.stack.locator(`[role=treeitem][data-step="${number}"]`);
  }

  /** Shows a pane, where the page is narrow and has tabs for them: 0 editor, 1 stack, 2 inspector. */
  async pane(index) {
    const tab = this.page.locator(".pane-tabs [role=tab]").nth(index);
    if (await tab.isVisible()) await tab.click();
  }

  tab(name) {
    return this.inspector.getByRole("tab", { name });
  }

  /** Replaces the whole text of the shown document. */
  async write(text) {
    await this.editor.click();
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.insertText(text);
  }

  /** Puts the caret at the end of a line that is not wrapped, by its number in the gutter. */
  async goToLine(line) {
    await this.page.locator("layerlab-editor .cm-lineNumbers .cm-gutterElement", { hasText: new RegExp(`^${line}$`) }).click();
    await this.page.keyboard.press("End");
  }

  /** Chooses an example of the menu. */
  async example(name) {
    await this.page.getByRole("button", { name: /^Example/ }).click();
    await this.page.getByRole("menuitem", { name }).or(this.page.getByRole("menuitemradio", { name })).click();
  }

  /** Fails with axe's findings, if there are any. */
  async accessible() {
    // Colours are judged when nothing moves any more.
    await this.page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {}))));
    const { violations } = await new AxeBuilder({ page: this.page }).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(" | ")}`);
    expect(found, "axe").toEqual([]);
  }
}
