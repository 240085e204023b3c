// The messages' box: what is far up is loaded when it comes near, and whoever reads the end stays there.
import { fragment } from './chat-server.js';

const NEAR_END = 120;

/** The box that scrolls, of one thread. */
export class MessageStream {
  /** @param place the box @param thread its thread's id @param endButton what leads to the end */
  constructor(place, thread, endButton) {
    this.place = place;
    this.thread = thread;
    this.endButton = endButton;
    place.addEventListener('scroll', () => this.scrolled(), { passive: true });
    this.olderSeen = new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) this.older(); }, { root: place, rootMargin: '400px 0px' });
  }

  /** Begins at the end, or at a message. */
  begin(id) {
    this.toEnd();
    requestAnimationFrame(() => {
      if (id) this.goTo(id);
      else { this.toEnd(); this.watchOlder(); }
    });
  }

  isAtEnd() { return this.place.scrollHeight - this.place.scrollTop - this.place.clientHeight < NEAR_END; }

  toEnd() { this.place.scrollTop = this.place.scrollHeight; }

  scrolled() { this.endButton.hidden = this.isAtEnd(); }

  /** The last message of the branch that is looked at; 0 for none. */
  leaf() {
    const last = [...this.place.querySelectorAll('article[data-chosen="1"]')].at(-1);
    return Number(last?.dataset.id ?? 0);
  }

  /** Adds what follows a message. */
  async append(parent) {
    this.place.querySelector('[data-welcome]')?.remove();
    this.place.append(await fragment(`/console/chat/${this.thread}/messages?after=${parent}`));
  }

  /** Shows the branch that is looked at now, whole. */
  async reload() {
    const top = this.place.scrollTop;
    this.place.replaceChildren(await fragment(`/console/chat/${this.thread}/messages`));
    this.place.scrollTop = top;
    this.watchOlder();
  }

  watchOlder() {
    this.olderSeen.disconnect();
    const sentinel = this.place.querySelector('[data-before]');
    if (sentinel) this.olderSeen.observe(sentinel);
  }

  async older() {
    const sentinel = this.place.querySelector('[data-before]');
    if (!sentinel || this.loading) return;
    this.loading = true;
    try {
      const content = await fragment(`/console/chat/${this.thread}/messages?before=${sentinel.dataset.before}`);
      const height = this.place.scrollHeight;
      const top = this.place.scrollTop;
      // Windows are boxes of their own, so that a browser passes over those that are far away as a whole. Smaller boxes
      // were tried: more of them made every frame slower.
      const chunk = document.createElement('div');
      chunk.className = 'chunk';
      chunk.append(content);
      sentinel.remove();
      this.place.prepend(chunk);
      this.place.scrollTop = top + this.place.scrollHeight - height;
    } finally {
      this.loading = false;
    }
    this.watchOlder();
  }

  /** Shows a message that may be far up. */
  async goTo(id) {
    for (let i = 0; i < 250 && !document.getElementById(id) && this.place.querySelector('[data-before]'); i++) await this.older();
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
}
