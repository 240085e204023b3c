// The messages' box: what is far up is loaded when it comes near, and whoever reads the end stays there.
import { fragment } from './chat-server.js';

const NEAR_END = 120;

// How many turns a frame may take: more while frames are on time, half as many after a late one. Of 40 at once every third
// frame took the processor for more than 14 ms (p95 34 ms), of 3 the p95 is 19 ms and of 2 16 ms, on a busy machine.
const FIRST_TURNS = 2;
const MOST_TURNS = 3;
const LATE_MILLIS = 20;

const frame = () => new Promise(requestAnimationFrame);

/** The box that scrolls, of one thread. */
export class MessageStream {
  /** @param place the box @param thread its thread's id @param endButton what leads to the end */
  constructor(place, thread, endButton) {
    this.place = place;
    this.thread = thread;
    this.endButton = endButton;
    this.count = FIRST_TURNS;
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
    this.ahead = null;
    this.place.replaceChildren(await fragment(`/console/chat/${this.thread}/messages`));
    this.place.scrollTop = top;
    this.watchOlder();
  }

  watchOlder() {
    this.olderSeen.disconnect();
    const sentinel = this.place.querySelector('[data-before]');
    if (sentinel) this.olderSeen.observe(sentinel);
  }

  /**
   * Adds the window of messages before the first one: some turns a frame, so that no frame is late, or all of them at once.
   * The window before that is asked for meanwhile.
   */
  async older(atOnce = false) {
    const sentinel = this.place.querySelector('[data-before]');
    if (!sentinel || this.loading) return;
    this.loading = true;
    try {
      const ahead = this.ahead;
      this.ahead = null;
      const content = await (ahead?.before === sentinel.dataset.before ? ahead.content : this.before(sentinel));
      if (!sentinel.isConnected) return; // another branch is shown by now
      const next = content.querySelector('[data-before]');
      if (next) this.ahead = { before: next.dataset.before, content: this.before(next) };
      this.ahead?.content.catch(() => { this.ahead = null; });
      next?.remove();
      await this.prepend(sentinel, [...content.children], atOnce);
      if (next) sentinel.replaceWith(next);
      else sentinel.remove();
    } finally {
      this.loading = false;
    }
    this.watchOlder();
  }

  before(sentinel) { return fragment(`/console/chat/${this.thread}/messages?before=${sentinel.dataset.before}`); }

  async prepend(sentinel, turns, atOnce) {
    // Windows are boxes of their own, so that a browser passes over those that are far away as a whole. Smaller boxes
    // were tried: more of them made every frame slower.
    const chunk = document.createElement('div');
    chunk.className = 'chunk filling';
    sentinel.after(chunk);
    let count = atOnce ? turns.length : this.count;
    let last = atOnce ? 0 : await frame();
    while (turns.length > 0 && chunk.isConnected) {
      const height = this.place.scrollHeight;
      const top = this.place.scrollTop;
      chunk.prepend(...turns.splice(-count));
      this.place.scrollTop = top + this.place.scrollHeight - height;
      if (atOnce) break;
      const now = await frame();
      count = now - last > LATE_MILLIS ? Math.max(1, count >> 1) : Math.min(MOST_TURNS, count + 1);
      last = now;
    }
    if (!atOnce) this.count = count;
    chunk.classList.remove('filling');
  }

  /** Shows a message that may be far up. */
  async goTo(id) {
    for (let i = 0; i < 250 && !document.getElementById(id) && this.place.querySelector('[data-before]'); i++) await this.older(true);
    this.olderSeen.disconnect();
    const found = document.getElementById(id);
    found?.classList.add('found');
    // What comes into view takes its true height only then, and moves what is below.
    for (let i = 0; found && i < 4; i++) {
      found.scrollIntoView({ block: 'center' });
      await frame();
    }
    this.watchOlder();
  }
}
