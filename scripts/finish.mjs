// The last step of `trunk build`, a hook: bundles the editor, writes the start scripts, and gives every file that trunk
// leaves without one a name with its content's hash, so that a new version never mixes with a cached old one.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { buildSync, transformSync } from "esbuild";

const dist = process.env.TRUNK_STAGING_DIR ?? "dist";
const target = "es2022";
const read = (name) => readFileSync(join(dist, name), "utf8");
const hash = (data) => createHash("sha256").update(data).digest("hex").slice(0, 16);

/** Writes `text` under a hashed name and returns that name. */
function emit(stem, text) {
  const name = `${stem}-${hash(text)}.js`;
  writeFileSync(join(dist, name), text);
  return name;
}

/** The only file whose name matches. */
function find(pattern) {
  const names = readdirSync(dist).filter((name) => pattern.test(name));
  if (names.length !== 1) throw new Error(`expected one file like ${pattern}, found: ${names.join(", ") || "none"}`);
  return names[0];
}

const minify = (text) => transformSync(text, { minify: true, format: "esm", target }).code;
const rename = (text, names) =>
  Object.entries(names).reduce((out, [from, to]) => {
    if (!out.includes(`./${from}`)) throw new Error(`nothing refers to ${from}`);
    return out.replaceAll(`./${from}`, `./${to}`);
  }, text);

// The page's two halves.
const appJs = find(/^app-[0-9a-f]+\.js$/);
const appWasm = find(/^app-[0-9a-f]+_bg\.wasm$/);
const appSmall = minify(read(appJs));
writeFileSync(join(dist, appJs), appSmall);
const start = emit("start", minify(rename(readFileSync("static/start.js", "utf8"), { "app.js": appJs, "app_bg.wasm": appWasm })));

const workerWasm = `worker-${hash(readFileSync(join(dist, "worker_bg.wasm")))}_bg.wasm`;
renameSync(join(dist, "worker_bg.wasm"), join(dist, workerWasm));
const workerJs = emit("worker", minify(read("worker.js")).replaceAll("worker_bg.wasm", workerWasm));
rmSync(join(dist, "worker.js"));
// The catalogue's data, under one name for all of it: whoever has one file of a version has no other's.
const files = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const catalogHash = createHash("sha256");
for (const path of files(join(dist, "catalog")).map((entry) => join(entry.parentPath, entry.name)).sort()) catalogHash.update(path).update(readFileSync(path));
const catalog = `catalog-${catalogHash.digest("hex").slice(0, 16)}`;
renameSync(join(dist, "catalog"), join(dist, catalog));
const workerStart = emit(
  "worker-start",
  minify(rename(readFileSync("static/worker-start.js", "utf8"), { "worker.js": workerJs, "worker_bg.wasm": workerWasm, "catalog/": `${catalog}/` })),
);

// The editor: what the first view shows of it, and what it fetches when the page is idle.
const { metafile } = buildSync({
  entryPoints: ["static/editor/editor.js"],
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target,
  outdir: dist,
  entryNames: "editor-[hash]",
  chunkNames: "editor-[name]-[hash]",
  metafile: true,
  legalComments: "none",
});
const isEntry = ([, { entryPoint }]) => entryPoint === "static/editor/editor.js";
const editor = basename(Object.entries(metafile.outputs).find(isEntry)[0]);

// index.html: the page reads the names of worker and editor from <html>.
let html = read("index.html").replaceAll(/<link data-trunk[^>]*>\n?/g, ""); // trunk leaves the worker's own link behind
html = html.replace("<html ", `<html data-worker="./${workerStart}" data-editor="./${editor}" `);
html = html.replace(
  "</head>",
  [
    `<link rel="modulepreload" href="./${appJs}">`,
    `<link rel="preload" href="./${appWasm}" as="fetch" type="application/wasm" crossorigin>`,
    `<script type="module" src="./${start}"></script>`,
    "</head>",
  ].join("\n"),
);
writeFileSync(join(dist, "index.html"), html);
