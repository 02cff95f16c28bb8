// Prints what the page weighs, part by part, as Brotli sends it, with the bars of the design. `--strict` exits 1 past a bar.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const dist = "dist";
const strict = process.argv.includes("--strict");
const PAGE_BAR = 600;
const EMBED_BAR = 450;

// Which part of the page a file belongs to; the first match counts.
const PARTS = [
  ["page, WebAssembly", /^app-.*\.wasm$/],
  ["page, script", /^(app|start|theme)-.*\.js$|^theme.*\.js$/],
  ["engine, WebAssembly", /^worker-.*\.wasm$/],
  ["engine, script", /^worker-.*\.js$/],
  ["editor, when idle", /^editor-more-.*\.js$/],
  ["editor", /^editor-.*\.js$/],
  ["HTML", /\.html$/],
  ["styles", /\.css$/],
  ["first base image", /busybox\.listing$/],
  ["everything else", /./],
];

function* files(folder, prefix = "") {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path, `${prefix}${name}/`);
    else yield [`${prefix}${name}`, path];
  }
}

// What is fetched only when a build needs it is no part of the first view.
const later = (name) => name.startsWith("catalog-") && !name.endsWith("/busybox.listing");

const sums = new Map(PARTS.map(([part]) => [part, { raw: 0, packed: 0 }]));
for (const [name, path] of files(dist)) {
  if (later(name)) continue;
  const data = readFileSync(path);
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: data.length } };
  const sum = sums.get(PARTS.find(([, pattern]) => pattern.test(name))[0]);
  sum.raw += data.length;
  sum.packed += brotliCompressSync(data, options).length;
}

const kb = (bytes) => `${(bytes / 1000).toFixed(1).padStart(8)} KB`;
const total = [...sums].reduce((all, [part, { packed }]) => (part.endsWith("when idle") ? all : all + packed), 0);
const embed = total - sums.get("editor").packed;
const bar = (name, size, limit) => {
  console.log(`${name.padEnd(24)}${" ".repeat(11)}${kb(size)}   bar ${limit} KB: ${size <= limit * 1000 ? "held" : "PASSED OVER"}`);
  if (strict && size > limit * 1000) process.exitCode = 1;
};
console.log(`${"page weight".padEnd(24)}${"as is".padStart(11)}${"Brotli".padStart(11)}`);
for (const [part, { raw, packed }] of sums) if (raw > 0) console.log(`${part.padEnd(24)}${kb(raw)}${kb(packed)}`);
bar("the whole first view", total, PAGE_BAR);
bar("an embed (no editor)", embed, EMBED_BAR);
