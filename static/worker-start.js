// Starts the engine's worker, and tells the page when it dies: a WebAssembly trap (a panic, a full stack, no memory)
// leaves an instance that cannot speak for itself. The page hears it on the channel that it named in our address.
import init from "./worker.js";

const channel = new BroadcastChannel(new URL(self.location.href).searchParams.get("channel") ?? "layerlab");
const died = (message) => {
  channel.postMessage(String(message));
  self.close();
};
self.addEventListener("error", (event) => died(self.layerlabPanic ?? event.message));
self.addEventListener("unhandledrejection", (event) => died(self.layerlabPanic ?? event.reason));
await init({ module_or_path: new URL("./worker_bg.wasm", import.meta.url) });
