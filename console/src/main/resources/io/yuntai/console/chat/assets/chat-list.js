// A person's threads, and the search over what was said.
import { fragment } from './chat-server.js';

const TYPED_MILLIS = 200;

/** The list beside the messages; a sheet over them where the window is narrow. */
export class ThreadList {
  constructor(chat) {
    this.chat = chat;
    this.place = chat.querySelector('[data-list]');
    this.field = chat.querySelector('#chat-find');
    chat.querySelector('.find').addEventListener('submit', (event) => { event.preventDefault(); this.find(); });
    this.field.addEventListener('input', () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.find(), TYPED_MILLIS);
    });
  }

  /** Shows the search. */
  open() {
    const list = this.chat.querySelector('#threads');
    if (getComputedStyle(list).display === 'none') list.showPopover();
    this.field.focus();
  }

  async find() {
    this.place.replaceChildren(await fragment(`/console/chats?q=${encodeURIComponent(this.field.value.trim())}`));
    this.mark();
  }

  /** Reads the list again, unless a search is shown. */
  async refresh() {
    if (this.field.value.trim()) return;
    this.place.replaceChildren(await fragment('/console/chats'));
    this.mark();
  }

  /** Tells which thread is looked at. */
  mark() {
    for (const link of this.place.querySelectorAll('a[href]')) {
      if (this.chat.thread && link.getAttribute('href') === `/console/chat/${this.chat.thread}`) link.setAttribute('aria-current', 'page');
    }
  }

  /** Follows a link to more threads, or to the archived ones. */
  async more(link) {
    const more = await fragment(link.getAttribute('href'));
    if (link.dataset.more === 'replace') this.place.replaceChildren(more);
    else { this.place.querySelectorAll('p').forEach((line) => line.remove()); this.place.append(more); }
    this.mark();
  }

  /** What a search found may lie on another branch. */
  async openFound(link) {
    const thread = new URL(link.href).pathname;
    if (await this.chat.post(`${thread}/choose`, { message: Number(link.dataset.found) })) {
      history.replaceState(null, '', location.pathname);
      location.assign(`${thread}#m${link.dataset.found}`);
      if (thread === `/console/chat/${this.chat.thread}`) location.reload();
    }
  }
}
