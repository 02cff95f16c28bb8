// The last step of `trunk build`, a hook: splits the WebAssembly modules into what the first view runs and the rest,
// makes them small, bundles the editor, writes the start scripts, and gives every file that trunk leaves without one a
// name with its content's hash, so that a new version never mixes with a cached old one.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { buildSync, transformSync } from "esbuild";
import { rehearse } from "./rehearse.mjs";
import { instrument, split } from "./split.mjs";

const dist = process.env.TRUNK_STAGING_DIR ?? "dist";
const target = "es2022";
/** What the compiler uses of WebAssembly beyond its first version. */
const FEATURES = ["bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types", "multivalue"].map(
  (feature) => `--enable-${feature}`,
);
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

/** wasm-bindgen's script and module of one half of the page, taken out of dist. */
function take(pattern) {
  const name = find(pattern);
  const half = { stem: name.replace(".js", ""), script: read(name) };
  half.module = readFileSync(join(dist, `${half.stem}_bg.wasm`));
  rmSync(join(dist, name));
  rmSync(join(dist, `${half.stem}_bg.wasm`));
  return half;
}

/** wasm-bindgen's script with one more import: what fetches the rest. The module's exports are its variable `wasm`. */
function withRest(script) {
  const imports = /("[^"]*_bg\.js": import0,\n)/g;
  const found = script.match(imports);
  if (found?.length !== 1 || !/^let wasm\b|, wasm;$/m.test(script)) throw new Error("wasm-bindgen's script is not as expected");
  return script.replace(imports, "$1rest: { load: () => globalThis.layerlabRest(wasm) },\n");
}

/** Binaryen's optimizer for size, as a child process, so that several run at once. */
async function optimize(module, name) {
  const [from, to] = [join(dist, `${name}.in`), join(dist, `${name}.out`)];
  writeFileSync(from, module);
  await promisify(execFile)("wasm-opt", ["-Oz", ...FEATURES, from, "-o", to]);
  const bytes = readFileSync(to);
  for (const file of [from, to]) rmSync(file);
  return bytes;
}

/** Writes one half of the page: the first part of its module, the rest, and the script that starts them. */
async function half(stem, starter, { script, module }, used, others = {}) {
  const { first, rest } = split(module, used);
  const parts = await Promise.all([optimize(first, `${stem}-first`), optimize(rest, `${stem}-rest`)]);
  const names = ["bg", "rest"].map((part, index) => {
    const name = `${stem}-${hash(parts[index])}_${part}.wasm`;
    writeFileSync(join(dist, name), parts[index]);
    return name;
  });
  const js = emit(stem, minify(withRest(script)));
  const { outputFiles } = buildSync({
    entryPoints: [`static/${starter}.js`],
    bundle: true,
    external: [`./${stem}.js`],
    minify: true,
    format: "esm",
    target,
    write: false,
  });
  const start = rename(outputFiles[0].text, {
    [`${stem}.js`]: js,
    [`${stem}_bg.wasm`]: names[0],
    [`${stem}_rest.wasm`]: names[1],
    ...others,
  });
  return { js, wasm: names[0], start: emit(starter, start) };
}

// The catalogue's data, under one name for all of it: whoever has one file of a version has no other's.
const files = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const catalogHash = createHash("sha256");
for (const path of files(join(dist, "catalog")).map((entry) => join(entry.parentPath, entry.name)).sort()) catalogHash.update(path).update(readFileSync(path));
const catalog = `catalog-${catalogHash.digest("hex").slice(0, 16)}`;
renameSync(join(dist, "catalog"), join(dist, catalog));

// The page's two halves.
const page = take(/^app-[0-9a-f]+\.js$/);
const engine = take(/^worker\.js$/);
const instrumented = ({ script, module }) => ({ script, module: instrument(module) });
const used = await rehearse(read("index.html"), instrumented(page), instrumented(engine));
const [app, worker] = await Promise.all([
  half("app", "start", page, used.page),
  half("worker", "worker-start", engine, used.engine, { "catalog/": `${catalog}/` }),
]);

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
html = html.replace("<html ", `<html data-worker="./${worker.start}" data-editor="./${editor}" `);
html = html.replace(
  "</head>",
  [
    `<link rel="modulepreload" href="./${app.js}">`,
    `<link rel="preload" href="./${app.wasm}" as="fetch" type="application/wasm" crossorigin>`,
    `<script type="module" src="./${app.start}"></script>`,
    "</head>",
  ].join("\n"),
);
writeFileSync(join(dist, "index.html"), html);
