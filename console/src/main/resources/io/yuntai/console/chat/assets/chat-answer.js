// Answers that grow. The server renders every piece of one; this puts it where it belongs. An answer is read from the
// server's event log: after a lost connection it goes on behind the last event.

const RETRY_MILLIS = [500, 1000, 2000, 5000, 10000];

/** Reads one answer's events into its article. */
export class AnswerReader {
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
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      if (await this.chat.mayRead(this.id)) this.open();
      else location.reload();
    }, pause);
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
    const atEnd = this.chat.stream.isAtEnd();
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
    if (atEnd) this.chat.stream.toEnd();
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
