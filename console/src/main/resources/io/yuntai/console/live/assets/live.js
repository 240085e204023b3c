// Keeps a page as it is on the server: <y-live src="..." data-state="{id: mark}"> follows a stream of events.
// Each is {"set": {id: text}, "parts": {id: mark}}: texts to put into elements, and marks of what parts are made from.
// A part whose mark is another than that of the page is loaded again, also when it changed while nobody looked.
const QUIET_MS = 150;
const AGAIN_MS = 3000;

class Live extends HTMLElement {
  #stream;
  #stale = new Set();
  #timer;
  #marks;

  connectedCallback() {
    this.#marks = JSON.parse(this.dataset.state ?? "{}");
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
      this.#stream.onerror = () => this.#lost();
    }
  };

  // A browser gives up after an answer that is no stream: the server is on its way up, or its reader may look no more.
  #lost() {
    if (this.#stream?.readyState !== EventSource.CLOSED) {
      return;
    }
    this.#stop();
    setTimeout(async () => {
      const answer = await fetch(location.href, { redirect: "manual" }).catch(() => undefined);
      if (answer && !answer.ok && answer.status < 500) {
        location.reload();
      } else {
        this.#look();
      }
    }, AGAIN_MS);
  }

  #stop() {
    this.#stream?.close();
    this.#stream = undefined;
  }

  #hear({ set, parts }) {
    for (const [id, text] of Object.entries(set)) {
      const element = document.getElementById(id);
      if (element && element instanceof HTMLProgressElement) {
        element.value = Number(text);
      } else if (element && element.textContent !== text) {
        element.textContent = text;
      }
    }
    for (const [id, mark] of Object.entries(parts)) {
      if (this.#marks[id] !== mark && document.getElementById(id)) {
        this.#stale.add(id);
      }
      this.#marks[id] = mark;
    }
    this.#loadWithin(QUIET_MS);
  }

  #loadWithin(millis) {
    if (this.#stale.size > 0 && !this.#timer) {
      this.#timer = setTimeout(() => this.#load(), millis);
    }
  }

  async #load() {
    const ids = [...this.#stale];
    this.#stale.clear();
    const left = await reloadParts(ids).catch(() => ids);
    left.forEach((id) => this.#stale.add(id));
    this.#timer = undefined;
    this.#loadWithin(left.length > 0 ? AGAIN_MS : QUIET_MS);
  }
}

// Loads this page again and takes these parts of it. Says which were left alone because somebody is using them.
export async function reloadParts(ids) {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) {
    return answer.status < 500 ? [] : ids;
  }
  const left = [];
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ids) {
    const old = document.getElementById(id);
    const now = fresh.getElementById(id);
    if (!old || !now) {
      continue;
    }
    if (old.querySelector("dialog[open], details.edit[open], details.columns[open]")) {
      left.push(id);
      continue;
    }
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    old.replaceWith(document.adoptNode(now));
    if (focused) {
      document.getElementById(focused)?.focus();
    }
  }
  document.dispatchEvent(new CustomEvent("y:parts", { detail: ids }));
  return left;
}

customElements.define("y-live", Live);
