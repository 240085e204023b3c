package io.yuntai.acceptance.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import io.yuntai.acceptance.RealModels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What people do in the chat, each thing as it is done with a mouse, a thumb or keys. */
@ExtendWith(Console.Shared.class)
class ChatBrowser {
  private static final Look PHONE = new Look(Look.Theme.LIGHT, "zh", 360);
  private static final Map<String, String> SHORT = Map.of("max", "24", "temperature", "0");

  private static void byKeys(Page page, String keys) {
    page.keyboard().press(keys);
  }

  /** From signing in to an edited question, no hand on the mouse. */
  private static void byKeysAlone(Console console, Look look) {
    try (BrowserContext window = console.stranger(look)) {
      console.operator(look).close(); // there is one from now on
      Page page = window.newPage();
      Watched watched = Watched.watch(page);
      page.navigate("/sign-in?to=/console/chat");
      page.locator("input[name=email]").focus();
      page.keyboard().type(Console.EMAIL);
      byKeys(page, "Tab");
      page.keyboard().type(Console.PASSWORD);
      byKeys(page, "Enter");
      page.waitForURL(address -> address.endsWith("/console/chat"));
      ChatPage chat = ChatPage.on(page);
      page.locator("[data-dialog=chat-settings]").focus();
      byKeys(page, "Enter");
      page.locator("#chat-max").focus();
      page.keyboard().type("40");
      byKeys(page, "Enter");
      page.locator("#chat-text").focus();
      page.keyboard().type("What is a river?");
      byKeys(page, "Enter");
      chat.awaitThread();
      chat.awaitLast("complete");
      assertThat(page.locator("#chat-text")).isFocused();

      byKeys(page, "Alt+ArrowUp");
      assertThat(page.locator(".edit textarea")).isFocused();
      byKeys(page, "ControlOrMeta+a");
      page.keyboard().type("What is a lake?");
      byKeys(page, "Enter");
      assertThat(page.locator("article.asks .said")).hasText("What is a lake?");
      chat.awaitLast("complete");

      page.keyboard().type("Tell a long story about it.");
      byKeys(page, "Enter");
      assertThat(page.locator(ChatPage.ANSWER)).hasCount(2);
      byKeys(page, "Escape");
      assertThat(page.locator("[data-stop]")).isHidden();

      byKeys(page, "ControlOrMeta+k");
      assertThat(page.locator("#chat-find")).isFocused();
      page.keyboard().type("river");
      assertThat(page.locator("[data-found]").first()).isVisible();
      page.locator("[data-found]").first().focus();
      byKeys(page, "Enter");
      assertThat(page.locator("article.message.found")).isVisible();
      byKeys(page, "ControlOrMeta+Shift+O");
      page.waitForURL(address -> address.endsWith("/console/chat"));
      assertThat(watched.complaints()).isEmpty();
    }
  }

  @Test
  void withKeysAloneOnADesk(Console console) {
    byKeysAlone(console, Look.PLAIN);
  }

  @Test
  void withKeysAloneOnANarrowScreen(Console console) {
    byKeysAlone(console, new Look(Look.Theme.DARK, "en", 360));
  }

  @Test
  void codeAndAnswersAreCopiedAsTheyWereWritten(Console console) {
    try (BrowserContext window = console.operator(Look.PLAIN)) {
      window.grantPermissions(List.of("clipboard-read", "clipboard-write"));
      Page page = window.newPage();
      Watched watched = Watched.watch(page);
      ChatPage chat = ChatPage.open(page).with(Map.of("max", "160", "temperature", "0"));
      page.locator("#chat-model").selectOption(RealModels.QWEN);
      chat.ask("Write a Java method that adds two ints, in a code block, without explanation.");
      chat.awaitThread();
      Locator answer = chat.awaitLast("complete");
      answer.locator(".copy-code").first().click();
      String code = answer.locator("figure code").first().innerText();
      assertThat(code).contains("int").contains("return");
      awaitClipboard(page, held -> held.strip().equals(code.strip()));
      answer.locator("[data-copy-message]").click();
      awaitClipboard(page, held -> held.contains("```java") && held.contains(code.strip()));
      assertThat(page.locator(".toast").last()).hasText("Copied");
      assertThat(answer.locator(".facts-line"))
          .hasText(Pattern.compile(RealModels.QWEN + " · .*in, .*out.* · .*tok/s.*"));
      assertThat(watched.complaints()).isEmpty();
    }
  }

  /** What is copied is there a moment later. */
  private static void awaitClipboard(Page page, Predicate<String> expected) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> String.valueOf(page.evaluate("navigator.clipboard.readText()")), expected);
  }

  @Test
  void anotherAnswerAnotherQuestionWithItsFilesAndBack(Console console) {
    try (BrowserContext window = console.operator(PHONE)) {
      Page page = window.newPage();
      Watched watched = Watched.watch(page);
      ChatPage chat = ChatPage.open(page).with(SHORT);
      page.locator("[data-file]").setInputFiles(file("notes.txt"));
      page.locator("[data-file]").setInputFiles(file("other.txt"));
      assertThat(page.locator("[data-files] li button")).hasCount(2);
      chat.ask("What do the files say?");
      chat.awaitThread();
      chat.awaitLast("complete");
      assertThat(page.locator("article.asks .files li")).hasCount(2);

      page.locator("[data-again]").click();
      assertThat(page.locator(ChatPage.ANSWER + " .branches")).containsText("2/2");
      chat.awaitLast("complete");
      page.locator(ChatPage.ANSWER + " .branches button").first().click();
      assertThat(page.locator(ChatPage.ANSWER + " .branches")).containsText("1/2");

      page.locator("[data-edit]").click();
      page.locator(".asks .files li button").last().click();
      page.locator(".edit textarea").fill("And what does this one say?");
      page.locator(".edit button.main").click();
      assertThat(page.locator("article.asks .branches")).containsText("2/2");
      assertThat(page.locator("article.asks .files li")).hasCount(1);
      assertThat(page.locator("article.asks .files li")).containsText("notes.txt");
      chat.awaitLast("complete");
      page.locator("article.asks .branches button").first().click();
      assertThat(page.locator("article.asks .files li")).hasCount(2);
      assertThat(page.locator(ChatPage.ANSWER + " .branches")).containsText("2/2");
      assertThat(watched.complaints()).isEmpty();
      Chromium.picture(page, "journey-branches");
    }
  }

  private static FilePayload file(String name) {
    return new FilePayload(
        name, "text/plain", (name + " says blue").getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void stoppedContinuedAndHeldToItsParameters(Console console) {
    try (BrowserContext window = console.operator(Look.PLAIN)) {
      Page page = window.newPage();
      Watched watched = Watched.watch(page);
      ChatPage chat = ChatPage.longAnswer(page);
      page.locator("[data-stop]").click();
      Locator answer = chat.awaitLast("stopped");
      String before = chat.text();
      assertThat(answer.locator(".outcome")).hasText("You stopped it here.");
      answer.locator("[data-continue]").click();
      chat.awaitLast("complete");
      assertThat(chat.text()).startsWith(before).hasSizeGreaterThan(before.length());

      chat = ChatPage.open(page).with(Map.of("max", "8", "seed", "5", "system", "Be brief."));
      chat.ask("Tell a long story about a river.");
      chat.awaitThread();
      chat.awaitLast("complete");
      String one = chat.text();
      assertThat(page.locator(".outcome")).hasText("The answer reached its longest length.");
      assertThat(page.locator(".facts-line")).containsText("8 out");
      page.locator("[data-again]").click();
      assertThat(page.locator(ChatPage.ANSWER + " .branches")).containsText("2/2");
      chat.awaitLast("complete");
      assertThat(chat.text()).as("the same seed").isEqualTo(one);
      page.reload();
      assertThat(page.locator("#chat-seed")).hasValue("5");
      assertThat(page.locator("#chat-system")).hasValue("Be brief.");
      assertThat(watched.complaints()).isEmpty();
    }
  }

  @Test
  void twoModelsSideBySide(Console console) {
    try (BrowserContext window = console.operator(Look.PLAIN)) {
      Page page = window.newPage();
      Watched watched = Watched.watch(page);
      ChatPage chat = ChatPage.open(page).with(SHORT);
      page.locator("#chat-model").selectOption(RealModels.SMOLLM2);
      page.locator("#chat-second").selectOption(RealModels.QWEN);
      chat.ask("What is a river?");
      chat.awaitThread();
      assertThat(page.locator(".beside article[data-state=complete]")).hasCount(2);
      assertThat(page.locator(".beside .who-answers"))
          .hasText(new String[] {RealModels.SMOLLM2, RealModels.QWEN});
      Chromium.picture(page, "journey-beside");
      page.locator(".beside [data-choose]").click();
      assertThat(page.locator(".beside article[data-chosen='1'] .who-answers"))
          .hasText(RealModels.QWEN);
      page.locator("#chat-second").selectOption("");
      page.locator("#chat-model").selectOption(RealModels.QWEN);
      chat.ask("And a lake?");
      assertThat(page.locator(ChatPage.ANSWER)).hasCount(3);
      chat.awaitLast("complete");
      assertThat(Axe.violations(page)).isEmpty();
      assertThat(watched.complaints()).isEmpty();
    }
  }

  @Test
  void foundRenamedTakenAlongPutAwayAndDeleted(Console console) throws IOException {
    try (BrowserContext window = console.operator(PHONE)) {
      Page page = window.newPage();
      Watched watched = Watched.watch(page);
      ChatPage chat = ChatPage.open(page).with(SHORT);
      chat.ask("长江有多长？ Qq" + System.nanoTime());
      chat.awaitThread();
      chat.awaitLast("complete");
      String thread = chat.thread();
      Chromium.picture(page, "journey-chat-zh");

      page.locator("[popovertarget=thread-menu]").click();
      Download markdown =
          page.waitForDownload(() -> page.locator("a[href$='export/markdown']").click());
      String text = Files.readString(markdown.path());
      assertThat(text).startsWith("# 长江有多长？").contains("## " + RealModels.SMOLLM2);
      Download json = page.waitForDownload(() -> page.locator("a[href$='export/json']").click());
      JsonNode tree = JsonMapper.shared().readTree(Files.readString(json.path()));
      assertThat(tree.path("messages").size()).isEqualTo(2);
      assertThat(text).contains(tree.path("messages").path(1).path("text").asString().strip());

      page.locator("[data-dialog=chat-rename]").click();
      page.locator("#chat-name").fill("河流与湖泊");
      page.locator("#chat-rename button[value=keep]").click();
      assertThat(page.locator("[data-title]")).hasText("河流与湖泊");

      page.locator(".threads-button").click();
      page.locator("#chat-find").fill("长江");
      Locator found = page.locator("[data-found][href*='" + thread + "']");
      assertThat(found.first()).isVisible();
      Chromium.picture(page, "journey-search");
      page.locator("#chat-find").press("Escape");

      page.navigate("/console/chat/" + thread);
      page.locator("[popovertarget=thread-menu]").click();
      page.locator("[data-archive]").click();
      page.waitForURL(address -> address.endsWith("/console/chat"));
      page.locator(".threads-button").click();
      assertThat(page.locator(".thread-list a[href*='" + thread + "']")).hasCount(0);
      page.navigate("/console/chat/" + thread);
      page.locator("[popovertarget=thread-menu]").click();
      page.locator("[data-delete]").click();
      page.locator("#confirm button[value=yes]").click();
      page.waitForURL(address -> address.endsWith("/console/chat"));
      assertThat(window.request().get("/console/chat/" + thread).status()).isEqualTo(404);
      assertThat(watched.faults()).isEmpty();
    }
  }
}
