// Runs the shown request in place: by the same API, with a key of its own that lives for an hour.
import { csrf } from "./console.js";

let key;

async function keyOf(from) {
  const shown = document.getElementById("made-key");
  if (shown) {
    return shown.textContent.trim();
  }
  if (!key) {
    const made = await fetch(from, { method: "POST", headers: { "X-CSRF-Token": csrf() } });
    const answer = await made.json();
    if (!made.ok) {
      throw new Error(answer.detail ?? made.status);
    }
    key = answer.key;
  }
  return key;
}

const headers = {
  openai: (secret) => ({ Authorization: `Bearer ${secret}` }),
  anthropic: (secret) => ({ "x-api-key": secret, "anthropic-version": "2023-06-01" }),
  dashscope: (secret) => ({ Authorization: `Bearer ${secret}`, "X-DashScope-SSE": "enable" }),
};

const textOf = {
  openai: (event) => event.choices?.[0]?.delta?.content,
  anthropic: (event) => event.delta?.text,
  dashscope: (event) => event.output?.choices?.[0]?.message?.content,
};

class Run extends HTMLElement {
  connectedCallback() {
    this.querySelector("[data-run]").addEventListener("click", () => this.#run());
    this.querySelector("[data-stop]").addEventListener("click", () => this.controller?.abort());
  }

  async #run() {
    const answer = this.querySelector("[data-answer]");
    const state = this.querySelector("[data-state]");
    const { api, path, body, keyFrom } = this.dataset;
    this.#busy(true);
    answer.textContent = "";
    state.textContent = "";
    this.controller = new AbortController();
    const begin = performance.now();
    let first;
    try {
      const secret = await keyOf(keyFrom);
      const response = await fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...headers[api](secret) },
        body,
        signal: this.controller.signal,
      });
      if (!response.ok) {
        throw new Error(await response.text());
      }
      for await (const event of events(response.body)) {
        const failure = event.error ?? (event.code && event.message ? event : undefined);
        if (failure) {
          throw new Error(failure.message ?? JSON.stringify(failure));
        }
        const text = textOf[api](event);
        if (text) {
          first ??= performance.now() - begin;
          answer.append(text);
          answer.scrollTop = answer.scrollHeight;
        }
      }
      const id = response.headers.get("x-request-id") ?? "";
      state.textContent = `${((first ?? 0) / 1000).toFixed(2)} s → ${((performance.now() - begin) / 1000).toFixed(2)} s  ${id}`;
    } catch (failure) {
      state.textContent = failure.name === "AbortError" ? "" : failure.message;
    } finally {
      this.#busy(false);
    }
  }

  #busy(busy) {
    this.querySelector("[data-run]").disabled = busy;
    this.querySelector("[data-stop]").hidden = !busy;
  }
}

async function* events(stream) {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      return;
    }
    const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith("data:") && !line.includes("[DONE]")) {
        yield JSON.parse(line.slice(5));
      }
    }
  }
}

customElements.define("y-run", Run);
