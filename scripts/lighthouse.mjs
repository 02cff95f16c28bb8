// Lighthouse on the built page, served with Brotli: the median of five runs for the desktop, against the bars; one run as a
// phone, which is only reported. `--runs=N` changes the count. Exits 1 below a bar.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const BARS = { performance: 95, accessibility: 100, "best-practices": 100 };
const runs = Number(/--runs=(\d+)/.exec(process.argv.join(" "))?.[1] ?? 5);

const server = spawn(process.execPath, ["scripts/serve.mjs"], { env: { ...process.env, PORT: "0" }, stdio: ["ignore", "pipe", "inherit"] });
const [line] = await once(server.stdout, "data");
const url = /http:\/\/\S+/.exec(String(line))[0];

/** Scores from 0 to 100, and the first and the largest paint in milliseconds. */
async function audit(config) {
  const chrome = await launch({
    chromePath: process.env.CHROMIUM || "/usr/bin/chromium",
    chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
  });
  try {
    const { lhr } = await lighthouse(url, { port: chrome.port, onlyCategories: Object.keys(BARS), logLevel: "error" }, config);
    const scores = Object.fromEntries(Object.keys(BARS).map((name) => [name, Math.round(100 * lhr.categories[name].score)]));
    const failed = Object.values(lhr.audits).filter(({ score, scoreDisplayMode }) => score === 0 && scoreDisplayMode === "binary");
    const at = (name) => Math.round(lhr.audits[name].numericValue);
    return { scores, failed: failed.map(({ id }) => id), first: at("first-contentful-paint"), largest: at("largest-contentful-paint") };
  } finally {
    chrome.kill();
  }
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

try {
  const desktop = [];
  for (let run = 0; run < runs; run += 1) desktop.push(await audit(desktopConfig));
  for (const [name, bar] of Object.entries(BARS)) {
    const all = desktop.map(({ scores }) => scores[name]);
    const score = median(all);
    console.log(`desktop ${name.padEnd(16)}${String(score).padStart(4)}   bar ${bar}: ${score >= bar ? "held" : "MISSED"}   (${all.join(" ")})`);
    if (score < bar) process.exitCode = 1;
  }
  console.log(`desktop first paint ${median(desktop.map(({ first }) => first))} ms, largest ${median(desktop.map(({ largest }) => largest))} ms`);
  const failed = new Set(desktop.flatMap((run) => run.failed));
  if (failed.size > 0) console.log(`not passed: ${[...failed].join(", ")}`);
  const phone = await audit(undefined);
  console.log(`phone (reported): ${Object.entries(phone.scores).map(([name, score]) => `${name} ${score}`).join(", ")}; first paint ${phone.first} ms, largest ${phone.largest} ms`);
} finally {
  server.kill();
}
