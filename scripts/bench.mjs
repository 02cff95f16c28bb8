// The browser half of `make bench`: 100 keystrokes inside the last line of the first example, each awaited until the frame
// that shows it has ended. Prints the 95th percentiles and the design's bars; exits 1 past one.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chromium } from "@playwright/test";

const KEYSTROKES = 100;
const SCRIPT = new Set(["FunctionCall", "EvaluateScript", "RunMicrotasks", "v8.callFunction", "V8.InvokeApiInterruptCallbacks"]);

const server = spawn(process.execPath, ["scripts/serve.mjs"], { env: { ...process.env, PORT: "0" }, stdio: ["ignore", "pipe", "inherit"] });
const [line] = await once(server.stdout, "data");
const url = /http:\/\/\S+/.exec(String(line))[0];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(url);
  const editor = page.locator("layerlab-editor").getByRole("textbox");
  const row = page.locator('#stack [data-step="7"] .instr');
  await row.waitFor();
  await editor.click();
  await page.keyboard.press("ControlOrMeta+End");
  if ((await editor.locator(".cm-line").last().textContent()) === "") await page.keyboard.press("ArrowUp");
  await page.keyboard.press("End");
  await page.waitForTimeout(2000); // digests are still being computed

  await page.evaluate(() => {
    // Resolves when the frame that shows `expected` in the last row has ended, with the time since the key went down.
    globalThis.painted = (expected) =>
      new Promise((resolve) => {
        const row = () => document.querySelector('#stack [data-step="7"] .instr')?.textContent.replaceAll(/\s/g, "") ?? "";
        let start;
        addEventListener("keydown", (event) => (start = event.timeStamp), { once: true, capture: true });
        performance.mark("keystroke-start");
        const observer = new MutationObserver(() => {
          if (!row().endsWith(expected)) return;
          observer.disconnect();
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => {
              performance.mark("keystroke-end");
              resolve(performance.now() - start);
            };
            port2.postMessage(null);
          });
        });
        observer.observe(document.querySelector("#stack"), { subtree: true, childList: true, characterData: true });
      });
  });

  const type = async (count) => {
    const times = [];
    for (let n = 0; n < count; n += 1) {
      const key = "abcdefghij"[n % 10];
      const text = (await row.textContent()).replaceAll(/\s/g, "");
      // Armed before the key goes down, awaited after.
      await page.evaluate((expected) => void (globalThis.armed = globalThis.painted(expected)), (text + key).slice(-12));
      await page.keyboard.press(key);
      times.push(await page.evaluate(() => globalThis.armed));
      await page.waitForTimeout(30);
    }
    return times;
  };
  await type(10); // the first ones compile

  await browser.startTracing(page, {
    categories: ["-*", "toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline", "blink.user_timing", "v8"],
  });
  const times = await type(KEYSTROKES);
  const { traceEvents: events } = JSON.parse(String(await browser.stopTracing()));

  const marks = (name) => events.filter((event) => event.name === name && event.cat?.includes("user_timing")).map((event) => event);
  const starts = marks("keystroke-start");
  const ends = marks("keystroke-end");
  const { pid } = starts[0];
  const named = (pattern) =>
    events.filter((event) => event.name === "thread_name" && event.pid === pid && pattern.test(event.args.name)).map((event) => event.tid);
  const main = named(/^CrRendererMain$/);
  const workers = named(/DedicatedWorker/);

  /** Milliseconds of script on these threads, for each keystroke. Nested events count once. */
  const script = (threads) => {
    const spans = events
      .filter((event) => event.ph === "X" && event.pid === pid && threads.includes(event.tid) && SCRIPT.has(event.name))
      .sort((a, b) => a.ts - b.ts);
    return starts.map((start, index) => {
      let sum = 0;
      let reached = start.ts;
      for (const { ts, dur = 0 } of spans) {
        if (ts < start.ts || ts > ends[index].ts) continue;
        sum += Math.max(0, ts + dur - Math.max(reached, ts));
        reached = Math.max(reached, ts + dur);
      }
      return sum / 1000;
    });
  };
  const tasks = events.filter((event) => event.ph === "X" && event.pid === pid && main.includes(event.tid) && /RunTask$/.test(event.name));
  const longest = Math.max(...tasks.map((event) => event.dur ?? 0)) / 1000;

  const p95 = (values) => [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1];
  const report = (name, value, bar) => {
    console.log(`${name.padEnd(44)}${value.toFixed(1).padStart(8)} ms   bar ${bar} ms: ${value <= bar ? "held" : "PASSED OVER"}`);
    if (value > bar) process.exitCode = 1;
  };
  console.log(`browser, ${KEYSTROKES} keystrokes in the last line of the first example`);
  report("input → painted, p95", p95(times), 33);
  report("script on the main thread, p95", p95(script(main)), 8);
  report("script in the worker, p95", p95(script(workers)), 8);
  report("longest main-thread task", longest, 50);
} finally {
  await browser.close();
  server.kill();
}
