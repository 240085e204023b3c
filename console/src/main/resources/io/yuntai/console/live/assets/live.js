// Keeps a page as it is on the server: <y-live src="..."> follows a stream of events. Each event is
// {"set": {id: text}, "reload": [id]}: texts to put into elements, and parts to load again.
const QUIET_MS = 150;

class Live extends HTMLElement {
  #stream;
  #stale = new Set();
  #timer;

  connectedCallback() {
    document.addEventListener("visibilitychange", this.#look);
    this.#look();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#look);
    this.#stop();
  }

  // A page that nobody looks at asks for nothing.
  #look = () => {
    if (document.hidden) {
      this.#stop();
    } else if (!this.#stream) {
      this.#stream = new EventSource(this.getAttribute("src"));
      this.#stream.onmessage = (message) => this.#hear(JSON.parse(message.data));
    }
  };

  #stop() {
    this.#stream?.close();
    this.#stream = undefined;
  }

  #hear({ set, reload }) {
    for (const [id, text] of Object.entries(set)) {
      const element = document.getElementById(id);
      if (element && element instanceof HTMLProgressElement) {
        element.value = Number(text);
      } else if (element && element.textContent !== text) {
        element.textContent = text;
      }
    }
    reload.forEach((id) => this.#stale.add(id));
    if (this.#stale.size > 0 && !this.#timer) {
      this.#timer = setTimeout(() => this.#load(), QUIET_MS);
    }
  }

  async #load() {
    const ids = [...this.#stale];
    this.#stale.clear();
    this.#timer = undefined;
    await reloadParts(ids);
  }
}

// Loads this page again and takes these parts of it; what somebody is using is left alone.
export async function reloadParts(ids) {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) {
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ids) {
    const old = document.getElementById(id);
    const now = fresh.getElementById(id);
    if (!old || !now || old.querySelector("dialog[open], details.edit[open]")) {
      continue;
    }
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    old.replaceWith(document.adoptNode(now));
    if (focused) {
      document.getElementById(focused)?.focus();
    }
  }
  document.dispatchEvent(new CustomEvent("y:parts", { detail: ids }));
}

customElements.define("y-live", Live);
