// Starts the engine's worker, and tells the page when it dies: a WebAssembly trap (a panic, a full stack, no memory)
// leaves an instance that cannot speak for itself. The page hears it on the channel that it named in our address.
// The rest of the engine's module comes when the page says that it has painted.
import init from "./worker.js";
import { rest } from "./rest.js";

const channel = new BroadcastChannel(new URL(self.location.href).searchParams.get("channel") ?? "layerlab");
const died = (message) => {
  channel.postMessage(String(message));
  self.close();
};
self.addEventListener("error", (event) => died(self.layerlabPanic ?? event.message));
self.addEventListener("unhandledrejection", (event) => died(self.layerlabPanic ?? event.reason));
// The catalogue's data files. The first view's base comes while the engine does.
const catalog = new URL("./catalog/", import.meta.url);
const load = async (name) => {
  const response = await fetch(new URL(name, catalog));
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return response.text();
};
const ahead = new Map([["busybox.listing", load("busybox.listing")]]);
for (const file of ahead.values()) file.catch(() => {}); // who asks for it hears of its failure
self.layerlabData = (name) => {
  const file = ahead.get(name) ?? load(name);
  ahead.delete(name);
  return file;
};
const loadRest = rest(new URL("./worker_rest.wasm", import.meta.url).href);
const painted = new BroadcastChannel("layerlab-painted");
const heard = new Promise((resolve) => painted.addEventListener("message", resolve, { once: true }));
const first = await init({ module_or_path: new URL("./worker_bg.wasm", import.meta.url) });
await heard;
painted.close();
loadRest(first);
