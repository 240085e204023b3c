package io.yuntai.acceptance.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.yuntai.acceptance.RealModels;
import java.util.Map;
import java.util.regex.Pattern;

/** The chat, as a person uses it. */
final class ChatPage {
  /** Small models go on after this until their longest answer, and say the same everywhere. */
  static final Map<String, String> LONG = Map.of("max", "1500", "temperature", "0");

  static final String ANSWER = "article.answers";
  private static final String QUESTION = "Tell a long story about a river.";

  private final Page page;

  private ChatPage(Page page) {
    this.page = page;
  }

  /** The page that shows a chat already. */
  static ChatPage on(Page page) {
    return new ChatPage(page);
  }

  /** A new conversation with the small model, whichever was asked last. */
  static ChatPage open(Page page) {
    page.navigate("/console/chat");
    page.locator("#chat-model").selectOption(RealModels.SMOLLM2);
    return new ChatPage(page);
  }

  /**
   * Sets parameters.
   *
   * @param values by the end of their fields' ids
   */
  ChatPage with(Map<String, String> values) {
    page.locator("[data-dialog=chat-settings]").click();
    values.forEach((name, value) -> page.locator("#chat-" + name).fill(value));
    page.locator("#chat-settings button[value=keep]").click();
    return this;
  }

  /** Asks the first question of a conversation, and waits for the first words of its answer. */
  ChatPage begin(String question) {
    ask(question);
    awaitThread();
    awaitWords();
    return this;
  }

  /** Waits for the first words of an answer. */
  void awaitWords() {
    page.waitForFunction(
        "() => (document.querySelector('article.answers [data-text]')?.textContent ?? '').trim().length > 20");
  }

  /** Asks for a long answer in a new conversation, and waits for its first words. */
  static ChatPage longAnswer(Page page) {
    return open(page).with(LONG).begin(QUESTION);
  }

  void ask(String question) {
    page.locator("#chat-text").fill(question);
    page.locator("[data-send-button]").click();
  }

  void awaitThread() {
    page.waitForURL(Pattern.compile(".*/console/chat/[0-9a-f-]{36}.*"));
  }

  /** The thread's id. */
  String thread() {
    return page.url().replaceFirst(".*/console/chat/([0-9a-f-]{36}).*", "$1");
  }

  /** The last answer in some state, once it is. */
  Locator awaitLast(String state) {
    Locator answer = page.locator(ANSWER).last();
    assertThat(answer).hasAttribute("data-state", state);
    return answer;
  }

  /** What the last answer says. */
  String text() {
    return page.locator(ANSWER).last().locator("[data-text]").innerText();
  }
}
