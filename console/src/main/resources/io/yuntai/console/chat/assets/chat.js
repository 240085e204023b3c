// The chat. The server renders every message and every piece of one; this puts them where they belong and sends what is
// typed. An answer is read from the server's event log: after a lost connection it goes on behind the last event.
import { ask, csrf, toast } from './console.js';

const NEAR_END = 120;
const RETRY_MILLIS = [500, 1000, 2000, 5000, 10000];

/** Reads one answer's events into its article. */
class AnswerReader {
  constructor(chat, article) {
    this.chat = chat;
    this.article = article;
    this.id = article.dataset.id;
    this.last = 0;
    this.tries = 0;
    this.open();
  }

  open() {
    this.source = new EventSource(`/console/chat/${this.chat.thread}/messages/${this.id}/events?after=${this.last}`);
    this.source.addEventListener('patch', (event) => this.patch(event));
    this.source.addEventListener('progress', (event) => this.progress(JSON.parse(event.data)));
    this.source.addEventListener('end', () => this.end());
    this.source.addEventListener('open', () => { this.tries = 0; this.wait(this.chat.text('answering')); });
    this.source.addEventListener('error', () => this.failed());
  }

  /** The browser tries again by itself after a broken line, but not after an error; both go on behind the last event. */
  failed() {
    this.source.close();
    this.wait(this.chat.text('lost'));
    const pause = RETRY_MILLIS[Math.min(this.tries++, RETRY_MILLIS.length - 1)];
    this.timer = setTimeout(() => this.open(), pause);
  }

  wait(text) {
    const place = this.article.querySelector('[data-waiting-text]');
    if (place && place.textContent !== text) place.textContent = text;
  }

  progress({ done, all }) {
    this.wait(this.chat.text('prompt').replace('{0}', done).replace('{1}', all));
  }

  patch(event) {
    const number = Number(event.lastEventId);
    if (number <= this.last) return;
    this.last = number;
    const { patches, thoughts } = JSON.parse(event.data);
    const text = this.article.querySelector('[data-text]');
    const atEnd = this.chat.isAtEnd();
    for (const change of patches) {
      if ('keep' in change) {
        while (text.children.length > change.keep) text.lastElementChild.remove();
        continue;
      }
      while (text.children.length <= change.block) {
        const block = document.createElement('div');
        block.className = 'b';
        text.append(block);
      }
      const block = text.children[change.block];
      if ('code' in change) block.querySelector('code')?.append(change.code);
      else block.innerHTML = change.html;
    }
    if (thoughts) {
      this.article.querySelector('[data-thoughts]').hidden = false;
      this.article.querySelector('[data-thoughts-text]').append(thoughts);
    }
    if (atEnd) this.chat.toEnd();
  }

  async end() {
    this.close();
    await this.chat.refresh(this.article);
    this.chat.ended(this);
  }

  close() {
    clearTimeout(this.timer);
    this.source.close();
  }
}

class YuntaiChat extends HTMLElement {
  connectedCallback() {
    this.readers = new Map();
    this.files = [];
    this.stream = this.querySelector('[data-stream]');
    this.composer = this.querySelector('[data-composer]');
    this.input = this.querySelector('#chat-text');
    this.input.value = sessionStorage.getItem(this.draftKey()) ?? '';
    this.grow();
    this.addEventListener('click', (event) => this.clicked(event));
    this.addEventListener('input', (event) => this.typed(event));
    this.composer.addEventListener('submit', (event) => { event.preventDefault(); this.send(); });
    this.input.addEventListener('keydown', (event) => this.key(event));
    document.addEventListener('keydown', (event) => this.shortcut(event));
    this.stream.addEventListener('scroll', () => this.scrolled(), { passive: true });
    this.querySelector('[data-file]').addEventListener('change', (event) => this.attach([...event.target.files]));
    this.querySelector('.find').addEventListener('submit', (event) => { event.preventDefault(); this.find(); });
    this.stream.addEventListener('dragover', (event) => event.preventDefault());
    this.addEventListener('drop', (event) => { event.preventDefault(); this.attach([...event.dataTransfer.files]); });
    this.querySelector('[data-settings]')?.addEventListener('submit', () => this.keepSettings());
    this.querySelector('[data-rename]')?.addEventListener('submit', (event) => this.rename(event));
    // A phone that slept may hold lines that are long dead.
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.reopen(); });
    window.addEventListener('online', () => this.reopen());
    this.olderSeen = new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) this.older(); }, { root: this.stream, rootMargin: '400px 0px' });
    this.follow();
    this.toEnd();
    requestAnimationFrame(() => {
      if (location.hash.startsWith('#m')) this.goTo(location.hash.slice(1));
      else { this.toEnd(); this.watchOlder(); }
    });
    if (matchMedia('(pointer: fine)').matches) this.input.focus();
  }

  get thread() { return this.dataset.thread; }

  text(name) { return this.dataset[`t${name[0].toUpperCase()}${name.slice(1)}`]; }

  draftKey() { return `chat-draft-${this.thread}`; }

  /** Sends something and reads the answer; what is refused is told below the composer. */
  async post(path, body) {
    this.problem('');
    let answer;
    try {
      answer = await fetch(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf() },
        body: JSON.stringify(body),
      });
    } catch {
      this.problem(this.text('lost'));
      return null;
    }
    const json = await answer.json().catch(() => ({}));
    if (answer.ok) return json;
    this.problem(json.detail ?? json.title ?? `HTTP ${answer.status}`);
    return null;
  }

  problem(text) {
    const place = this.querySelector('[data-problem]');
    place.textContent = text;
    place.hidden = !text;
  }

  async fragment(path) {
    const answer = await fetch(path, { headers: { Accept: 'text/html' } });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const place = document.createElement('template');
    place.innerHTML = await answer.text();
    return place.content;
  }

  settings() {
    const models = [...this.querySelectorAll('[data-model]')].map((one) => one.value).filter(Boolean);
    const parameters = {};
    for (const field of this.querySelectorAll('[data-parameter]')) parameters[field.dataset.parameter] = field.value;
    return { models: [...new Set(models)], system: this.querySelector('#chat-system').value, parameters };
  }

  leaf() {
    const last = [...this.stream.querySelectorAll('article[data-chosen="1"]')].at(-1);
    return Number(last?.dataset.id ?? 0);
  }

  async send() {
    const text = this.input.value.trim();
    if ((!text && this.files.length === 0) || this.readers.size > 0 || this.sending) return;
    this.sending = true;
    const parent = this.leaf();
    const begun = await this.post('/console/chat/ask', {
      ...this.settings(), thread: this.thread, parent, text, files: this.files.filter((file) => file.id).map((file) => file.id),
    });
    this.sending = false;
    if (!begun) return;
    this.input.value = '';
    this.grow();
    sessionStorage.removeItem(this.draftKey());
    this.files = [];
    this.showFiles();
    if (!this.thread) {
      location.assign(`/console/chat/${begun.thread}`);
      return;
    }
    this.querySelector('[data-welcome]')?.remove();
    this.stream.append(await this.fragment(`/console/chat/${this.thread}/messages?after=${parent}`));
    this.follow();
    this.toEnd();
  }

  /** Shows the branch that is looked at now, whole. */
  async reload() {
    const top = this.stream.scrollTop;
    for (const reader of this.readers.values()) reader.close();
    this.readers.clear();
    this.stream.replaceChildren(await this.fragment(`/console/chat/${this.thread}/messages`));
    this.stream.scrollTop = top;
    this.follow();
    this.watchOlder();
  }

  async refresh(article) {
    const atEnd = this.isAtEnd();
    const focused = article.contains(document.activeElement);
    try {
      const fresh = (await this.fragment(`/console/chat/${this.thread}/messages/${article.dataset.id}`)).querySelector('article');
      article.replaceWith(fresh);
      if (focused) this.input.focus();
    } catch {
      this.problem(this.text('lost'));
    }
    if (atEnd) this.toEnd();
  }

  /** Reads the events of all answers that run. */
  follow() {
    for (const article of this.stream.querySelectorAll('article[data-state="running"]')) {
      if (!this.readers.has(article.dataset.id)) this.readers.set(article.dataset.id, new AnswerReader(this, article));
    }
    this.status(this.readers.size > 0 ? this.text('answering') : '');
    this.buttons();
  }

  reopen() {
    for (const reader of this.readers.values()) {
      reader.close();
      reader.tries = 0;
      reader.open();
    }
  }

  ended(reader) {
    this.readers.delete(reader.id);
    this.status(this.text('answered'));
    this.buttons();
    this.list();
    this.follow();
  }

  buttons() {
    const busy = this.readers.size > 0;
    this.querySelector('[data-stop]').hidden = !busy;
    this.querySelector('[data-send-button]').hidden = busy;
  }

  status(text) { this.querySelector('[data-status]').textContent = text; }

  isAtEnd() { return this.stream.scrollHeight - this.stream.scrollTop - this.stream.clientHeight < NEAR_END; }

  toEnd() { this.stream.scrollTop = this.stream.scrollHeight; }

  scrolled() { this.querySelector('[data-to-end]').hidden = this.isAtEnd(); }

  watchOlder() {
    this.olderSeen.disconnect();
    const sentinel = this.stream.querySelector('[data-before]');
    if (sentinel) this.olderSeen.observe(sentinel);
  }

  async older() {
    const sentinel = this.stream.querySelector('[data-before]');
    if (!sentinel || this.loading) return;
    this.loading = true;
    try {
      const height = this.stream.scrollHeight;
      const top = this.stream.scrollTop;
      // Windows are boxes of their own, so that a browser passes over those that are far away as a whole.
      const chunk = document.createElement('div');
      chunk.className = 'chunk';
      chunk.append(await this.fragment(`/console/chat/${this.thread}/messages?before=${sentinel.dataset.before}`));
      sentinel.remove();
      this.stream.prepend(chunk);
      this.stream.scrollTop = top + this.stream.scrollHeight - height;
    } finally {
      this.loading = false;
    }
    this.watchOlder();
  }

  /** Shows a message that may be far up. */
  async goTo(id) {
    for (let i = 0; i < 250 && !document.getElementById(id) && this.stream.querySelector('[data-before]'); i++) await this.older();
    this.olderSeen.disconnect();
    const found = document.getElementById(id);
    found?.classList.add('found');
    // What comes into view takes its true height only then, and moves what is below.
    for (let i = 0; found && i < 4; i++) {
      found.scrollIntoView({ block: 'center' });
      await new Promise(requestAnimationFrame);
    }
    this.watchOlder();
  }

  /** What a search found may lie on another branch. */
  async openFound(link) {
    const thread = new URL(link.href).pathname;
    if (await this.post(`${thread}/choose`, { message: Number(link.dataset.found) })) {
      history.replaceState(null, '', location.pathname);
      location.assign(`${thread}#m${link.dataset.found}`);
      if (thread === `/console/chat/${this.thread}`) location.reload();
    }
  }

  async clicked(event) {
    const on = (selector) => event.target.closest(selector);
    const article = on('article');
    const id = Number(article?.dataset.id ?? 0);
    const path = `/console/chat/${this.thread}`;
    if (on('[data-found]')) { event.preventDefault(); this.openFound(on('[data-found]')); }
    else if (on('[data-stop]')) this.stop();
    else if (on('[data-to-end]')) this.toEnd();
    else if (on('[data-attach]')) this.querySelector('[data-file]').click();
    else if (on('[data-suggestion]')) { this.input.value = on('[data-suggestion]').dataset.suggestion; this.grow(); this.send(); }
    else if (on('.copy-code')) this.copy(on('figure').querySelector('code').textContent);
    else if (on('[data-copy-message]')) this.copy(this.raw(article));
    else if (on('[data-older]')) this.older();
    else if (on('[data-edit]')) this.edit(article);
    else if (on('[data-cancel-edit]')) this.refresh(article);
    else if (on('[data-again]')) { if (await this.post(`${path}/again`, { ...this.settings(), message: id })) { await this.reload(); this.toEnd(); } }
    else if (on('[data-continue]')) { if (await this.post(`${path}/continue`, { message: id })) { await this.refresh(article); this.follow(); } }
    else if (on('[data-choose]')) { if (await this.post(`${path}/choose`, { message: Number(on('[data-choose]').dataset.choose) })) await this.reload(); }
    else if (on('[data-archive]')) { if (await this.post(`${path}/archive`, { archived: on('[data-archive]').dataset.archive === '1' })) location.assign('/console/chat'); }
    else if (on('[data-delete]')) { if (await ask(this.text('delete')) && await this.post(`${path}/delete`, {})) location.assign('/console/chat'); }
    else if (on('[data-remove-file]')) this.removeFile(Number(on('[data-remove-file]').dataset.removeFile));
    else if (on('[data-more]')) { event.preventDefault(); this.moreThreads(on('[data-more]')); }
  }

  async stop() {
    for (const id of this.readers.keys()) await this.post(`/console/chat/${this.thread}/stop`, { message: Number(id) });
  }

  async copy(text) {
    await navigator.clipboard.writeText(text);
    toast(this.text('copied'));
  }

  raw(article) {
    return article.querySelector('template[data-raw]')?.content.textContent ?? article.querySelector('[data-text]').textContent;
  }

  /** A question becomes a field; sending it makes another branch. */
  edit(article) {
    const place = article.querySelector('[data-text]');
    const form = document.createElement('form');
    form.className = 'edit';
    const field = document.createElement('textarea');
    field.value = this.raw(article);
    field.rows = Math.min(12, field.value.split('\n').length + 1);
    field.setAttribute('aria-label', this.querySelector('label[for="chat-text"]').textContent);
    const send = Object.assign(document.createElement('button'), { className: 'main small', textContent: this.text('send') });
    const cancel = Object.assign(document.createElement('button'), { type: 'button', className: 'small', textContent: this.text('cancel') });
    cancel.dataset.cancelEdit = '';
    const buttons = document.createElement('p');
    buttons.className = 'buttons';
    buttons.append(send, cancel);
    form.append(field, buttons);
    place.replaceWith(form);
    field.focus();
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') { event.stopPropagation(); this.refresh(article); }
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
    });
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const text = field.value.trim();
      const asked = text && await this.post('/console/chat/ask', {
        ...this.settings(), thread: this.thread, parent: Number(article.dataset.parent), text, files: [],
      });
      if (asked) {
        await this.reload();
        this.toEnd();
        this.input.focus();
      }
    });
  }

  typed(event) {
    if (event.target === this.input) {
      this.grow();
      sessionStorage.setItem(this.draftKey(), this.input.value);
    }
    if (event.target.id === 'chat-find') {
      clearTimeout(this.finding);
      this.finding = setTimeout(() => this.find(), 200);
    }
  }

  grow() {
    this.input.rows = Math.min(10, Math.max(1, this.input.value.split('\n').length));
  }

  key(event) {
    if (event.isComposing || event.key !== 'Enter' || event.shiftKey) return;
    // On a phone the key makes lines; there is a button to send.
    if (matchMedia('(pointer: coarse)').matches && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.send();
  }

  shortcut(event) {
    const command = event.ctrlKey || event.metaKey;
    if (event.key === 'Escape' && this.readers.size > 0 && !document.querySelector('dialog[open], :popover-open:not(aside)')) {
      this.stop();
    } else if (command && !event.shiftKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      const list = this.querySelector('#threads');
      if (getComputedStyle(list).display === 'none') list.showPopover();
      this.querySelector('#chat-find').focus();
    } else if (command && event.shiftKey && event.key.toLowerCase() === 'o') {
      event.preventDefault();
      location.assign('/console/chat');
    } else if (event.altKey && event.key === 'ArrowUp') {
      event.preventDefault();
      const asked = [...this.stream.querySelectorAll('article.asks')].at(-1);
      if (asked) this.edit(asked);
    }
  }

  async find() {
    const question = this.querySelector('#chat-find').value.trim();
    const list = this.querySelector('[data-list]');
    list.replaceChildren(await this.fragment(`/console/chats?q=${encodeURIComponent(question)}`));
    this.mark();
  }

  async list() {
    if (this.querySelector('#chat-find').value.trim()) return;
    this.querySelector('[data-list]').replaceChildren(await this.fragment('/console/chats'));
    this.mark();
  }

  mark() {
    for (const link of this.querySelectorAll('[data-list] a[href]')) {
      if (this.thread && link.getAttribute('href') === `/console/chat/${this.thread}`) link.setAttribute('aria-current', 'page');
    }
  }

  async moreThreads(link) {
    const more = await this.fragment(link.getAttribute('href'));
    const list = this.querySelector('[data-list]');
    if (link.dataset.more === 'replace') list.replaceChildren(more);
    else { list.querySelectorAll('p').forEach((line) => line.remove()); list.append(more); }
    this.mark();
  }

  async keepSettings() {
    if (this.thread) await this.post(`/console/chat/${this.thread}/settings`, this.settings());
  }

  async rename(event) {
    if (event.submitter?.value !== 'keep') return;
    const title = this.querySelector('#chat-name').value.trim();
    if (await this.post(`/console/chat/${this.thread}/rename`, { title })) {
      this.querySelector('[data-title]').textContent = title;
      this.list();
    }
  }

  async attach(files) {
    for (const file of files) {
      const entry = { name: file.name };
      this.files.push(entry);
      this.showFiles();
      const form = new FormData();
      form.append('file', file);
      this.problem('');
      const answer = await fetch('/console/chats/files', { method: 'POST', headers: { 'X-CSRF-Token': csrf() }, body: form }).catch(() => null);
      const json = await answer?.json().catch(() => ({})) ?? {};
      if (answer?.ok) {
        Object.assign(entry, json);
      } else {
        this.files.splice(this.files.indexOf(entry), 1);
        this.problem(json.detail ?? this.text('lost'));
      }
      this.showFiles();
    }
    this.querySelector('[data-file]').value = '';
  }

  showFiles() {
    const list = this.querySelector('[data-files]');
    list.replaceChildren(...this.files.map((file, i) => {
      const line = document.createElement('li');
      const name = document.createElement('span');
      name.textContent = file.id ? file.name : this.text('reading').replace('{0}', file.name);
      line.append(name);
      if (file.id) {
        const remove = Object.assign(document.createElement('button'), { type: 'button', className: 'plain small', textContent: '×' });
        remove.dataset.removeFile = i;
        remove.setAttribute('aria-label', this.text('remove').replace('{0}', file.name));
        line.append(remove);
      }
      return line;
    }));
  }

  async removeFile(index) {
    const [file] = this.files.splice(index, 1);
    this.showFiles();
    if (file?.id) await fetch(`/console/chats/files/${file.id}`, { method: 'DELETE', headers: { 'X-CSRF-Token': csrf() } });
  }
}

customElements.define('yuntai-chat', YuntaiChat);
