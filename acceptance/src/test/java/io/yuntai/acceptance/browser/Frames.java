package io.yuntai.acceptance.browser;

import com.microsoft.playwright.Page;
import java.util.List;

/**
 * Times between frames, as a page's own scripts see them. Chromium draws without a graphics card
 * here, so a frame is the processor's work alone; sixty of them a second are all that it makes.
 */
final class Frames {
  /** What the scripts below share: a recorder of gaps, and how they are told. */
  private static final String RECORDER =
      """
      const frame = () => new Promise(requestAnimationFrame);
      const record = async (step) => {
        const times = [];
        let last = await frame();
        for (let i = 0; await step(i); i++) {
          const now = await frame();
          times.push(now - last);
          last = now;
        }
        return times;
      };
      const tell = (times) => {
        const sorted = times.toSorted((a, b) => a - b);
        const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
        return [at(0.5), at(0.95), sorted.at(-1)].map((time) => time.toFixed(1)).join(' | ');
      };
      """;

  private static final String SCROLL =
      """
      const box = document.querySelector(selector);
      box.scrollTop = box.scrollHeight;
      await frame();
      return tell(await record((i) => {
        box.scrollTop -= step;
        if (box.scrollTop <= 0) box.scrollTop = box.scrollHeight;
        return i < frames;
      }));
      """;

  /** Scrolls up as fast as what is above comes, until nothing is above. */
  private static final String HISTORY =
      """
      const box = document.querySelector('[data-stream]');
      const limit = performance.now() + 120000;
      return tell(await record(() => {
        box.scrollTop -= 3000;
        return document.querySelector('[data-before]') && performance.now() < limit;
      }));
      """;

  private static final String ANSWER =
      """
      const field = document.querySelector('#chat-text');
      field.value = question;
      document.querySelector('[data-send-button]').click();
      return tell(await record((i) => i < 240));
      """;

  private static final String TYPING =
      """
      const field = document.querySelector('#chat-text');
      return tell(await record((i) => {
        field.value += 'x';
        field.dispatchEvent(new InputEvent('input', { bubbles: true }));
        return i < 120;
      }));
      """;

  /** From a press to the rows of another page, and what frames were like meanwhile. */
  private static final String PAGES =
      """
      const waits = [];
      const frames = await record(async (i) => {
        const button = document.querySelector('section.table .table-foot [hx-get]');
        if (!button || i >= pages) return false;
        const table = document.querySelector('section.table table');
        const begin = performance.now();
        button.click();
        while (table.isConnected && performance.now() - begin < 10000) await frame();
        waits.push(performance.now() - begin);
        return true;
      });
      return tell(waits);
      """;

  private Frames() {}

  private static String run(Page page, String names, String script, List<?> values) {
    return String.valueOf(
        page.evaluate("async ([" + names + "]) => {\n" + RECORDER + script + "}", values));
  }

  /** While a box scrolls up from its end, so many pixels a frame. */
  static String scroll(Page page, String selector, int step, int frames) {
    return run(page, "selector, step, frames", SCROLL, List.of(selector, step, frames));
  }

  /** While a whole thread is loaded by scrolling up. */
  static String history(Page page) {
    return run(page, "", HISTORY, List.of());
  }

  /** While a question is sent and its answer grows. */
  static String answer(Page page, String question) {
    return run(page, "question", ANSWER, List.of(question));
  }

  /** While somebody types, a character a frame. */
  static String typing(Page page) {
    return run(page, "", TYPING, List.of());
  }

  /** How long the next page of a table takes, many times; not frames, but what is waited for. */
  static String pages(Page page, int pages) {
    return run(page, "pages", PAGES, List.of(pages));
  }
}
