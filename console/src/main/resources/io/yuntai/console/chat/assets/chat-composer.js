// The composer: what is typed, the files that go along, and a question that is edited in its place.
import { removeFile, sendFile } from './chat-server.js';

/** The form below the messages. A draft of each thread stays in this window until it is sent. */
export class Composer {
  constructor(chat) {
    this.chat = chat;
    this.files = [];
    this.uploads = Promise.resolve();
    this.input = chat.querySelector('#chat-text');
    this.picker = chat.querySelector('[data-file]');
    this.input.value = sessionStorage.getItem(this.draftKey()) ?? '';
    this.grow();
    chat.querySelector('[data-composer]').addEventListener('submit', (event) => { event.preventDefault(); this.send(); });
    this.input.addEventListener('keydown', (event) => this.key(event));
    this.input.addEventListener('input', () => this.typed());
    this.picker.addEventListener('change', () => this.attach([...this.picker.files]));
    chat.addEventListener('drop', (event) => { event.preventDefault(); this.attach([...event.dataTransfer.files]); });
    if (matchMedia('(pointer: fine)').matches) this.input.focus();
  }

  draftKey() { return `chat-draft-${this.chat.thread}`; }

  typed() {
    this.grow();
    sessionStorage.setItem(this.draftKey(), this.input.value);
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

  /** Asks this at once. */
  suggest(text) {
    this.input.value = text;
    this.grow();
    this.send();
  }

  async send() {
    const text = this.input.value.trim();
    if ((!text && this.files.length === 0) || this.chat.isBusy() || this.sending) return;
    this.sending = true;
    const attached = this.files.length;
    await this.uploads;
    // Nothing is asked without a file that was meant to go along; the page tells why it could not be read.
    const sent = this.files.length === attached && await this.chat.ask(text, this.files.map((file) => file.id));
    this.sending = false;
    if (!sent) return;
    this.input.value = '';
    this.grow();
    sessionStorage.removeItem(this.draftKey());
    this.files = [];
    this.showFiles();
    await sent.show();
  }

  /** Files go to the server one after another; a message that is sent meanwhile waits for them. */
  attach(files) {
    this.chat.problem('');
    for (const file of files) {
      const entry = { name: file.name };
      this.files.push(entry);
      this.uploads = this.uploads.then(() => this.upload(file, entry));
    }
    this.showFiles();
    this.picker.value = '';
  }

  async upload(file, entry) {
    const { json, problem } = await sendFile(file);
    if (json) {
      Object.assign(entry, json);
    } else {
      this.files.splice(this.files.indexOf(entry), 1);
      this.chat.problem(problem ?? this.chat.text('lost'));
    }
    this.showFiles();
  }

  showFiles() {
    const list = this.chat.querySelector('[data-files]');
    list.replaceChildren(...this.files.map((file, i) => {
      const line = document.createElement('li');
      const name = document.createElement('span');
      name.textContent = file.id ? file.name : this.chat.text('reading').replace('{0}', file.name);
      line.append(name);
      if (file.id) {
        line.append(this.removeButton(file.name, () => this.removeFile(i)));
      }
      return line;
    }));
  }

  removeButton(name, remove) {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'plain small', textContent: '×' });
    button.setAttribute('aria-label', this.chat.text('remove').replace('{0}', name));
    button.addEventListener('click', remove);
    return button;
  }

  async removeFile(index) {
    const [file] = this.files.splice(index, 1);
    this.showFiles();
    if (file?.id) await removeFile(file.id);
  }

  /** A question becomes a field; sending it makes another branch. */
  edit(article) {
    const place = article.querySelector('[data-text]');
    const form = document.createElement('form');
    form.className = 'edit';
    const field = document.createElement('textarea');
    field.value = place.textContent;
    field.rows = Math.min(12, field.value.split('\n').length + 1);
    field.setAttribute('aria-label', this.chat.querySelector('label[for="chat-text"]').textContent);
    const send = Object.assign(document.createElement('button'), { className: 'main small', textContent: this.chat.text('send') });
    const cancel = Object.assign(document.createElement('button'), { type: 'button', className: 'small', textContent: this.chat.text('cancel') });
    cancel.dataset.cancelEdit = '';
    const buttons = document.createElement('p');
    buttons.className = 'buttons';
    buttons.append(send, cancel);
    // Files go along but for those that are taken out.
    const files = article.querySelector('.files');
    for (const file of files?.children ?? []) file.append(this.removeButton(file.dataset.name, () => file.remove()));
    form.append(field, buttons);
    place.replaceWith(form);
    field.focus();
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') { event.stopPropagation(); this.chat.refresh(article); }
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.chat.askAgain(article, field.value.trim(), [...files?.children ?? []].map((file) => file.dataset.file));
    });
  }
}
