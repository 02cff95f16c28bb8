// Serves dist/ as a real host would: right types, Brotli, caching by hashed names, and the page's own
// Content-Security-Policy as a header too. Only this machine can reach it. PORT= and BASE= (a sub-path) change where.
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".ftl": "text/plain; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
};
const PACKED = new Set([".html", ".js", ".css", ".wasm", ".json", ".svg", ".ftl", ".txt", ".webmanifest"]);

const root = join(fileURLToPath(import.meta.url), "../../dist");
const port = Number(process.env.PORT || 8080);
const base = `/${(process.env.BASE ?? "").replaceAll(/^\/|\/$/g, "")}/`.replace("//", "/");
const fail = (message) => {
  console.error(`layerlab: ${message}`);
  process.exit(1);
};
if (!existsSync(join(root, "index.html"))) fail("there is no dist/index.html: run 'make build' first.");
if (!Number.isInteger(port) || port < 0 || port > 65535) fail(`PORT=${process.env.PORT} is not a port number.`);

const policy = () => /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(readFileSync(join(root, "index.html"), "utf8"))?.[1];
const packed = new Map(); // path → { time, data }: each version of a file is compressed once

function brotli(path, time) {
  if (packed.get(path)?.time !== time) {
    const data = brotliCompressSync(readFileSync(path), { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
    packed.set(path, { time, data });
  }
  return packed.get(path).data;
}

const server = createServer((request, response) => {
  const refuse = (status, text) => response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${text}\n`);
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "Only GET and HEAD.");
  let path;
  try {
    path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
  } catch {
    return refuse(400, "Not a path.");
  }
  if (!path.startsWith(base)) return refuse(404, `The page is at ${base}`);
  let file = normalize(join(root, path.slice(base.length)));
  if (file !== root && !file.startsWith(root + sep)) return refuse(404, "Not found.");
  if (existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
  if (!existsSync(file)) return refuse(404, "Not found.");

  const kind = extname(file);
  const { mtimeMs, size } = statSync(file);
  const headers = {
    "Content-Type": TYPES[kind] ?? "application/octet-stream",
    "Cache-Control": /-[0-9a-f]{16}[._]/.test(file) ? "public, max-age=31536000, immutable" : "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
  };
  const rule = policy();
  if (rule) headers["Content-Security-Policy"] = rule;
  const pack = PACKED.has(kind) && /\bbr\b/.test(request.headers["accept-encoding"] ?? "");
  if (PACKED.has(kind)) headers.Vary = "Accept-Encoding";
  const body = pack ? brotli(file, mtimeMs) : null;
  if (pack) headers["Content-Encoding"] = "br";
  headers["Content-Length"] = body ? body.length : size;
  response.writeHead(200, headers);
  if (request.method === "HEAD") return response.end();
  return body ? response.end(body) : createReadStream(file).pipe(response);
});

server.on("error", (error) => {
  if (error.code === "EADDRINUSE") fail(`port ${port} is taken: choose another, for example PORT=${port + 1} make serve`);
  fail(error.message);
});
server.listen(port, "127.0.0.1", () => {
  console.log(`layerlab: http://127.0.0.1:${server.address().port}${base} (Ctrl+C ends it)`);
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
