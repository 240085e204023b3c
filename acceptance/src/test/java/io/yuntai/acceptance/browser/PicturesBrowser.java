package io.yuntai.acceptance.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import io.yuntai.acceptance.RealModels;
import io.yuntai.acceptance.Yuntai;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The documentation's pictures, of a server whose larger model says something sensible. {@code
 * acceptance/browser/pictures} makes them; CI does not, since the model is another 1.1 GB.
 */
class PicturesBrowser {
  private static final List<String> EARLIER =
      List.of(
          "Turn these notes into an agenda: budget, hiring, office move",
          "A SQL query for revenue by month",
          "Why is the sky blue?");
  private static final List<String> TALK =
      List.of(
          "Write a Java record Point with x and y and a method that returns the distance to another Point. Only the code.",
          "Give three useful git commands as a Markdown table with the columns Command and What it does.");
  private static final List<String> TALK_ZH = List.of("用一句话解释递归。", "写一个计算阶乘的 Python 递归函数，只给代码。");

  @Test
  void theDocumentationsPictures() throws Exception {
    Yuntai yuntai = Yuntai.withModels(RealModels.QWEN_LARGER);
    try (Chromium chromium = new Chromium()) {
      Yuntai.Server server = yuntai.up(RealModels.QWEN_LARGER);
      prices(yuntai);
      String state;
      try (BrowserContext window = chromium.window(Look.PLAIN, server.url(), "")) {
        Page page = window.newPage();
        page.navigate(server.signIn());
        page.locator("input[name=email]").fill("li@example.com");
        page.locator("input[name=name]").fill("Li Wei");
        page.locator("input[name=password]").fill("a quiet river 27 stones");
        page.keyboard().press("Enter");
        page.waitForURL(address -> address.contains("/console"));
        state = window.storageState();
        for (String question : EARLIER) {
          talk(page, List.of(question), "24");
        }
        page.setViewportSize(1280, 880);
        talk(page, TALK, "160");
        shown(page, "chat");
      }
      try (BrowserContext window =
          chromium.window(new Look(Look.Theme.DARK, "zh", 360), server.url(), state)) {
        Page page = window.newPage();
        talk(page, TALK_ZH, "120");
        shown(page, "chat-phone");
      }
      try (BrowserContext window = chromium.window(Look.PLAIN, server.url(), state)) {
        Page page = window.newPage();
        page.navigate("/console/now");
        assertThat(page.locator(".figures-row .figure")).hasCount(4);
        page.evaluate("document.fonts.ready");
        Chromium.picture(page, "doc-now");
      }
    } finally {
      yuntai.down();
    }
    yuntai.delete();
  }

  private static void prices(Yuntai yuntai) throws Exception {
    Path list = Files.createTempFile("prices", ".csv");
    Files.writeString(list, "model,input,output\n%s,2.00,8.00\n".formatted(RealModels.QWEN_LARGER));
    yuntai.result("prices", "import", list.toString(), "--name", "list", "--currency", "CNY");
    yuntai.result("prices", "publish", "list");
    yuntai.result("prices", "use", "list", "--tenant", "default");
    Files.delete(list);
  }

  private static void talk(Page page, List<String> questions, String most) {
    page.navigate("/console/chat");
    ChatPage chat = ChatPage.on(page).with(Map.of("max", most, "temperature", "0"));
    for (int i = 0; i < questions.size(); i++) {
      chat.ask(questions.get(i));
      chat.awaitThread();
      assertThat(page.locator(ChatPage.ANSWER + "[data-state=complete]")).hasCount(i + 1);
    }
  }

  /** From the question on, without a cursor in the composer. */
  private static void shown(Page page, String name) {
    page.reload();
    page.evaluate("document.fonts.ready");
    page.evaluate("document.activeElement.blur()");
    page.evaluate("document.querySelector('[data-stream]').scrollTop = 0");
    page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
    Chromium.picture(page, "doc-" + name);
  }
}
