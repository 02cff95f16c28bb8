// The rest of a WebAssembly module that scripts/split.mjs has split: it comes once the first picture is painted, or, where
// something needs it before, at once, while the caller waits. It lacks any knowledge of what is in it.

/** Milliseconds until a rest that could not be fetched is tried again. */
const AGAIN = 5000;

/** Where the rest is; returns what fetches it, given the first part's exports. */
export function rest(url) {
  let here = false;
  const fill = (module, first) => {
    if (!here) new WebAssembly.Instance(module, { first });
    here = true;
  };
  // Called by the first part's stubs. Synchronous, so without `responseType`, which a document may not set then.
  globalThis.layerlabRest = (first) => {
    const request = new XMLHttpRequest();
    request.open("GET", url, false);
    request.overrideMimeType("text/plain; charset=x-user-defined");
    request.send();
    if (request.status !== 200) throw new Error(`${url}: status ${request.status}`);
    fill(new WebAssembly.Module(Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0))), first);
  };
  return async function load(first) {
    try {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${url}: status ${response.status}`);
      const bytes = await response.arrayBuffer();
      if (!here) fill(await WebAssembly.compile(bytes), first);
    } catch {
      setTimeout(load, AGAIN, first);
    }
  };
}
