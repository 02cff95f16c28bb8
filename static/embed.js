// <layerlab-embed>: shows the layers of the code block before it, in a frame. Where JavaScript is off, or this file does
// not load, the code block stays what it is. A classic script, so that other sites can load it without CORS headers.
//
//   <pre><code>FROM busybox …</code></pre>
//   <layerlab-embed></layerlab-embed>
//   <script defer src="https://…/embed.js"></script>
//
// Attributes, all optional: for="id of the code block", theme="light|dark", lang="en|ko", pane="editor|stack|inspector",
// height="420" (px), replace (hides the code block: it is in the frame's editor).
// It lacks any request of its own: the frame loads when it comes near the window, from where this file lies.
(() => {
  const page = new URL("./", document.currentScript.src);

  class LayerlabEmbed extends HTMLElement {
    connectedCallback() {
      if (this.firstChild) return;
      const id = this.getAttribute("for");
      const block = id ? document.getElementById(id) : this.previousElementSibling;
      const text = block?.textContent.trim();
      if (!text) return;
      const query = new URLSearchParams({ embed: "" });
      for (const name of ["theme", "lang", "pane"]) if (this.hasAttribute(name)) query.set(name, this.getAttribute(name));
      const frame = document.createElement("iframe");
      frame.src = `${page}?${query}#dockerfile=${encodeURIComponent(`${text}\n`)}`;
      frame.title = this.getAttribute("title") ?? "Layerlab";
      frame.loading = "lazy";
      frame.width = "100%";
      frame.height = this.getAttribute("height") ?? "420";
      frame.setAttribute("frameborder", "0");
      frame.allow = "clipboard-write";
      this.append(frame);
      if (this.hasAttribute("replace")) block.hidden = true;
    }
  }
  if (!customElements.get("layerlab-embed")) customElements.define("layerlab-embed", LayerlabEmbed);
})();
