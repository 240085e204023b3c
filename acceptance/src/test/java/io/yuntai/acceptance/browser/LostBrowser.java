package io.yuntai.acceptance.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Answers that come through whatever happens to who reads them. */
@ExtendWith(Console.Shared.class)
class LostBrowser {
  private static final Look PHONE = new Look(Look.Theme.DARK, "en", 360);

  /** What the server has of the answer, asked beside the page. */
  private static String kept(BrowserContext window, String thread, String state) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> export(window, thread).contains("\"state\" : \"" + state + "\""));
    return export(window, thread);
  }

  private static String export(BrowserContext window, String thread) {
    APIResponse answer = window.request().get("/console/chat/" + thread + "/export/json");
    return answer.text().substring(answer.text().indexOf("\"assistant\""));
  }

  @Test
  void aReloadOnAPhone(Console console) {
    try (BrowserContext window = console.operator(PHONE)) {
      Page page = window.newPage();
      Watched watched = Watched.watch(page);
      ChatPage chat = ChatPage.longAnswer(page);
      String before = chat.text();
      page.reload();
      chat.awaitLast("complete");
      assertThat(page.locator(ChatPage.ANSWER)).hasCount(1);
      assertThat(chat.text()).startsWith(before).hasSizeGreaterThan(200);
      String text = chat.text();
      page.reload();
      chat.awaitLast("complete");
      assertThat(chat.text()).isEqualTo(text);
      assertThat(watched.complaints()).isEmpty();
      Chromium.picture(page, "journey-chat-phone");
    }
  }

  @Test
  void aNetworkThatGoesAndComesBack(Console console) throws Exception {
    try (Cable cable = new Cable(console.url());
        BrowserContext window = console.operatorAt(cable.url(), PHONE)) {
      Page page = window.newPage();
      Watched watched = Watched.watch(page);
      ChatPage chat = ChatPage.longAnswer(page);
      cable.cut();
      assertThat(page.locator("[data-waiting-text]"))
          .containsText("The connection was lost. The answer goes on on the server");
      String before = chat.text();
      page.locator("#chat-text").fill("written without a network");
      cable.mend();
      chat.awaitLast("complete");
      assertThat(chat.text()).startsWith(before).hasSizeGreaterThan(before.length());
      assertThat(page.locator("#chat-text")).hasValue("written without a network");
      page.locator("#chat-text").fill("");
      String text = chat.text();
      page.reload();
      chat.awaitLast("complete");
      assertThat(chat.text()).as("what came piece by piece").isEqualTo(text);
      assertThat(watched.faults()).isEmpty();
    }
  }

  @Test
  void aQuestionThatIsAskedWithoutANetworkStaysAndIsSentThen(Console console) throws Exception {
    try (Cable cable = new Cable(console.url());
        BrowserContext window = console.operatorAt(cable.url(), PHONE)) {
      Page page = window.newPage();
      ChatPage chat = ChatPage.open(page).with(Map.of("max", "16"));
      cable.cut();
      chat.ask("What is a river?");
      assertThat(page.locator("[data-problem]"))
          .containsText("What you wrote is still here: try again.");
      assertThat(page.locator("#chat-text")).hasValue("What is a river?");
      cable.mend();
      page.locator("[data-send-button]").click();
      chat.awaitThread();
      chat.awaitLast("complete");
      assertThat(page.locator("article.asks")).hasCount(1);
    }
  }

  @Test
  void aPhoneThatSleeps(Console console) {
    try (BrowserContext window = console.operator(PHONE)) {
      Page page = window.newPage();
      Watched watched = Watched.watch(page);
      ChatPage chat = ChatPage.longAnswer(page);
      CDPSession phone = window.newCDPSession(page);
      phone.send("Page.setWebLifecycleState", state("frozen"));
      kept(window, chat.thread(), "complete");
      phone.send("Page.setWebLifecycleState", state("active"));
      chat.awaitLast("complete");
      assertThat(chat.text()).hasSizeGreaterThan(200);
      assertThat(watched.faults()).isEmpty();
    }
  }

  private static JsonObject state(String name) {
    JsonObject state = new JsonObject();
    state.addProperty("state", name);
    return state;
  }

  @Test
  void anotherTabAndAnotherThreadMeanwhile(Console console) {
    try (BrowserContext window = console.operator(Look.PLAIN)) {
      Page page = window.newPage();
      ChatPage chat = ChatPage.longAnswer(page);
      Page other = window.newPage();
      other.bringToFront();
      other.navigate("/console/chat/" + chat.thread());
      ChatPage there = ChatPage.on(other);
      // Elsewhere in this tab, and back.
      page.navigate("/console/settings");
      page.goBack();
      there.awaitLast("complete");
      chat.awaitLast("complete");
      assertThat(chat.text()).hasSizeGreaterThan(200).isEqualTo(there.text());
    }
  }

  @Test
  void aServerThatIsKilledAndStartedAgain(Console console) throws Exception {
    try (BrowserContext window = console.operator(Look.PLAIN)) {
      Page page = window.newPage();
      Watched watched = Watched.watch(page);
      ChatPage chat = ChatPage.longAnswer(page);
      ProcessHandle server = ProcessHandle.of(console.pid()).orElseThrow();
      server.destroyForcibly();
      server.onExit().get();
      assertThat(page.locator("[data-waiting-text]")).containsText("The connection was lost.");
      String before = chat.text();
      Chromium.picture(page, "journey-killed-1");
      console.again();

      // The page comes back by itself.
      Locator answer = chat.awaitLast("interrupted");
      assertThat(chat.text()).as("what had been read").startsWith(before);
      assertThat(answer.locator(".outcome"))
          .containsText("The server stopped while it answered. This is what had come");
      Chromium.picture(page, "journey-killed-2");
      String kept = chat.text();
      answer.locator("[data-continue]").click();
      chat.awaitLast("complete");
      assertThat(chat.text()).startsWith(kept).hasSizeGreaterThan(kept.length());
      Chromium.picture(page, "journey-killed-3");
      assertThat(watched.faults()).isEmpty();
    }
  }

  @Test
  void aPageThatIsAskedForWithoutANetworkComesOnceThereIsOne(Console console) {
    try (BrowserContext window = console.operator(PHONE)) {
      Page page = window.newPage();
      ChatPage.open(page);
      page.evaluate("() => navigator.serviceWorker.ready.then(() => true)");
      page.waitForFunction("() => navigator.serviceWorker.controller !== null");
      window.setOffline(true);
      page.navigate("/console/settings");
      assertThat(page.locator("[data-offline]")).isVisible();
      assertThat(Axe.violations(page)).isEmpty();
      Chromium.picture(page, "journey-offline");
      window.setOffline(false);
      assertThat(page.locator("h1")).hasText("Settings");
    }
  }
}
