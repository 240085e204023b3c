// The chat: messages, a composer below them, a list of threads beside them. The server renders every message; this puts
// them where they belong and sends what is typed.
import { ask, copyText, toast } from './console.js';
import { AnswerReader } from './chat-answer.js';
import { Composer } from './chat-composer.js';
import { ThreadList } from './chat-list.js';
import { fragment, send } from './chat-server.js';
import { MessageStream } from './chat-stream.js';

class YuntaiChat extends HTMLElement {
  connectedCallback() {
    this.readers = new Map();
    const place = this.querySelector('[data-stream]');
    this.stream = new MessageStream(place, this.thread, this.querySelector('[data-to-end]'));
    this.threads = new ThreadList(this);
    this.addEventListener('click', (event) => this.clicked(event));
    document.addEventListener('keydown', (event) => this.shortcut(event));
    place.addEventListener('dragover', (event) => event.preventDefault());
    this.querySelector('[data-settings]')?.addEventListener('submit', () => this.keepSettings());
    this.querySelector('[data-rename]')?.addEventListener('submit', (event) => this.rename(event));
    // A phone that slept may hold lines that are long dead.
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.reopen(); });
    document.addEventListener('resume', () => this.reopen());
    window.addEventListener('pageshow', (event) => { if (event.persisted) this.reopen(); });
    window.addEventListener('online', () => this.reopen());
    this.follow();
    this.stream.begin(location.hash.startsWith('#m') ? location.hash.slice(1) : '');
    this.composer = new Composer(this);
  }

  get thread() { return this.dataset.thread; }

  get path() { return `/console/chat/${this.thread}`; }

  text(name) { return this.dataset[`t${name[0].toUpperCase()}${name.slice(1)}`]; }

  /** Sends something and gives the answer, or null; what is refused is told below the composer. */
  async post(path, body) {
    this.problem('');
    const { json, problem } = await send(path, body);
    if (!json) this.problem(problem ?? this.text('unsent'));
    return json ?? null;
  }

  /** Whether the person is still signed in and may read the thread; true where the server doesn't answer. */
  async mayRead(message) {
    const answer = await fetch(`${this.path}/messages/${message}`, { redirect: 'manual' }).catch(() => null);
    return !answer || answer.ok || answer.status >= 500;
  }

  problem(text) {
    const place = this.querySelector('[data-problem]');
    place.textContent = text;
    place.hidden = !text;
  }

  settings() {
    const models = [...this.querySelectorAll('[data-model]')].map((one) => one.value).filter(Boolean);
    const parameters = {};
    for (const field of this.querySelectorAll('[data-parameter]')) parameters[field.dataset.parameter] = field.value;
    return { models: [...new Set(models)], system: this.querySelector('#chat-system').value, parameters };
  }

  /** Asks; gives what shows the answer, or null when it was refused. */
  async ask(text, files) {
    const parent = this.stream.leaf();
    const begun = await this.post('/console/chat/ask', { ...this.settings(), thread: this.thread, parent, text, files });
    if (!begun) return null;
    return { show: () => this.thread ? this.showAfter(parent) : location.assign(`/console/chat/${begun.thread}`) };
  }

  async showAfter(parent) {
    await this.stream.append(parent);
    this.follow();
    this.stream.toEnd();
  }

  /** Asks an edited question beside the one that it was. */
  async askAgain(article, text, files) {
    if (!text && files.length === 0) return;
    const parent = Number(article.dataset.parent);
    if (!await this.post('/console/chat/ask', { ...this.settings(), thread: this.thread, parent, text, files })) return;
    await this.reload();
    this.stream.toEnd();
    this.composer.input.focus();
  }

  /** Shows the branch that is looked at now, whole. */
  async reload() {
    for (const reader of this.readers.values()) reader.close();
    this.readers.clear();
    await this.stream.reload();
    this.follow();
  }

  async refresh(article) {
    const atEnd = this.stream.isAtEnd();
    const focused = article.contains(document.activeElement);
    try {
      const fresh = (await fragment(`${this.path}/messages/${article.dataset.id}`)).querySelector('article');
      article.replaceWith(fresh);
      if (focused) this.composer.input.focus();
    } catch {
      this.problem(this.text('lost'));
    }
    if (atEnd) this.stream.toEnd();
  }

  /** Whether an answer runs. */
  isBusy() { return this.readers.size > 0; }

  /** Reads the events of all answers that run. */
  follow() {
    for (const article of this.querySelectorAll('article[data-state="running"]')) {
      if (!this.readers.has(article.dataset.id)) this.readers.set(article.dataset.id, new AnswerReader(this, article));
    }
    this.status(this.isBusy() ? this.text('answering') : '');
    this.buttons();
  }

  reopen() {
    for (const reader of this.readers.values()) {
      reader.close(); // also what it waits for
      reader.tries = 0;
      reader.open();
    }
  }

  ended(reader) {
    this.readers.delete(reader.id);
    this.status(this.text('answered'));
    this.buttons();
    this.threads.refresh();
    this.follow();
  }

  buttons() {
    this.querySelector('[data-stop]').hidden = !this.isBusy();
    this.querySelector('[data-send-button]').hidden = this.isBusy();
  }

  status(text) { this.querySelector('[data-status]').textContent = text; }

  async clicked(event) {
    const on = (selector) => event.target.closest(selector);
    const article = on('article');
    const id = Number(article?.dataset.id ?? 0);
    if (on('[data-found]')) { event.preventDefault(); this.threads.openFound(on('[data-found]')); }
    else if (on('[data-stop]')) this.stop();
    else if (on('[data-to-end]')) this.stream.toEnd();
    else if (on('[data-attach]')) this.composer.picker.click();
    else if (on('[data-suggestion]')) this.composer.suggest(on('[data-suggestion]').dataset.suggestion);
    else if (on('.copy-code')) this.copy(on('figure').querySelector('code').textContent);
    else if (on('[data-copy-message]')) this.copy(this.raw(article));
    else if (on('[data-older]')) this.stream.older();
    else if (on('[data-edit]')) this.composer.edit(article);
    else if (on('[data-cancel-edit]')) this.refresh(article);
    else if (on('[data-again]')) { if (await this.post(`${this.path}/again`, { ...this.settings(), message: id })) { await this.reload(); this.stream.toEnd(); } }
    else if (on('[data-continue]')) { if (await this.post(`${this.path}/continue`, { message: id })) { await this.refresh(article); this.follow(); } }
    else if (on('[data-choose]')) { if (await this.post(`${this.path}/choose`, { message: Number(on('[data-choose]').dataset.choose) })) await this.reload(); }
    else if (on('[data-archive]')) { if (await this.post(`${this.path}/archive`, { archived: on('[data-archive]').dataset.archive === '1' })) location.assign('/console/chat'); }
    else if (on('[data-delete]')) { if (await ask(this.text('delete')) && await this.post(`${this.path}/delete`, {})) location.assign('/console/chat'); }
    else if (on('[data-more]')) { event.preventDefault(); this.threads.more(on('[data-more]')); }
  }

  async stop() {
    for (const id of this.readers.keys()) await this.post(`${this.path}/stop`, { message: Number(id) });
  }

  async copy(text) {
    await copyText(text);
    toast(this.text('copied'));
  }

  raw(article) {
    return article.querySelector('template[data-raw]')?.content.textContent ?? article.querySelector('[data-text]').textContent;
  }

  shortcut(event) {
    const command = event.ctrlKey || event.metaKey;
    if (event.key === 'Escape' && this.isBusy() && !document.querySelector('dialog[open], :popover-open:not(aside)')) {
      this.stop();
    } else if (command && !event.shiftKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      this.threads.open();
    } else if (command && event.shiftKey && event.key.toLowerCase() === 'o') {
      event.preventDefault();
      location.assign('/console/chat');
    } else if (event.altKey && event.key === 'ArrowUp') {
      event.preventDefault();
      const asked = [...this.querySelectorAll('article.asks')].at(-1);
      if (asked) this.composer.edit(asked);
    }
  }

  async keepSettings() {
    if (this.thread) await this.post(`${this.path}/settings`, this.settings());
  }

  async rename(event) {
    if (event.submitter?.value !== 'keep') return;
    const title = this.querySelector('#chat-name').value.trim();
    if (await this.post(`${this.path}/rename`, { title })) {
      this.querySelector('[data-title]').textContent = title;
      this.threads.refresh();
    }
  }
}

customElements.define('yuntai-chat', YuntaiChat);
