// Prints what the page weighs, part by part, as Brotli sends it, with the bars of the design. `--strict` exits 1 past a bar.
// A browser test says that `inFirstView` is true: what it leaves out is not fetched before the first picture is painted.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const DIST = "dist";
const PAGE_BAR = 600;
const EMBED_BAR = 450;

/** Files that come after the first picture, when the page is idle, or when something asks for them. */
const LATER = [/_rest\.wasm$/, /^editor-more-.*\.js$/, /^catalog-[^/]*\/(?!busybox\.listing$)/, /^embed\.js$/, /^contexts\//];

/** Is this file of dist/ fetched for the first view? */
export const inFirstView = (name) => !LATER.some((pattern) => pattern.test(name));

// Which part of the page a file belongs to; the first match counts.
const PARTS = [
  ["page, WebAssembly", /^app-.*_bg\.wasm$/],
  ["page, script", /^(app|start|theme)-.*\.js$|^theme.*\.js$/],
  ["engine, WebAssembly", /^worker-.*_bg\.wasm$/],
  ["engine, script", /^worker-.*\.js$/],
  ["editor, when idle", /^editor-more-.*\.js$/],
  ["editor", /^editor-.*\.js$/],
  ["HTML", /\.html$/],
  ["styles", /\.css$/],
  ["first base image", /busybox\.listing$/],
  ["catalogue, on demand", /^catalog-/],
  ["page, the rest", /^app-.*_rest\.wasm$/],
  ["engine, the rest", /^worker-.*_rest\.wasm$/],
  ["everything else", /./],
];

function* files(folder, prefix = "") {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path, `${prefix}${name}/`);
    else yield [`${prefix}${name}`, path];
  }
}

function print(strict) {
  const sums = new Map(PARTS.map(([part]) => [part, { raw: 0, packed: 0, later: 0 }]));
  for (const [name, path] of files(DIST)) {
    const data = readFileSync(path);
    const quality = inFirstView(name) ? 11 : 9; // the catalogue is large, and no bar counts it
    const options = { params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: data.length } };
    const packed = brotliCompressSync(data, options).length;
    const sum = sums.get(PARTS.find(([, pattern]) => pattern.test(name))[0]);
    sum.raw += data.length;
    sum.packed += packed;
    if (!inFirstView(name)) sum.later += packed;
  }
  const kb = (bytes) => `${(bytes / 1000).toFixed(1).padStart(8)} KB`;
  const total = [...sums.values()].reduce((all, { packed, later }) => all + packed - later, 0);
  const embed = total - sums.get("editor").packed;
  const bar = (name, size, limit) => {
    console.log(`${name.padEnd(24)}${" ".repeat(11)}${kb(size)}   bar ${limit} KB: ${size <= limit * 1000 ? "held" : "PASSED OVER"}`);
    if (strict && size > limit * 1000) process.exitCode = 1;
  };
  console.log(`${"page weight".padEnd(24)}${"as is".padStart(11)}${"Brotli".padStart(11)}`);
  for (const [part, { raw, packed, later }] of sums) {
    if (raw > 0) console.log(`${part.padEnd(24)}${kb(raw)}${kb(packed)}${later > 0 ? "   after the first picture" : ""}`);
  }
  bar("the whole first view", total, PAGE_BAR);
  bar("an embed (no editor)", embed, EMBED_BAR);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) print(process.argv.includes("--strict"));
