package io.yuntai.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.yuntai.acceptance.RealModels;
import io.yuntai.acceptance.Yuntai;
import org.junit.jupiter.api.Test;

/** A home that was empty: from the printed link to an answer, with every click counted. */
class FirstRunBrowser {
  private int clicks;

  @Test
  void fromTheFirstStartToAnAnswer() throws Exception {
    Yuntai yuntai = Yuntai.withModels(RealModels.SMOLLM2);
    try (Chromium chromium = new Chromium()) {
      long start = System.nanoTime();
      Yuntai.Server server = yuntai.up(RealModels.SMOLLM2);
      double up = seconds(start);
      try (BrowserContext window =
          chromium.window(new Look(Look.Theme.LIGHT, "en", 1280), server.url(), "")) {
        Page page = window.newPage();
        Watched watched = Watched.watch(page);
        long opened = System.nanoTime();
        page.navigate(server.signIn());
        assertThat(Axe.violations(page)).isEmpty();
        Chromium.picture(page, "first-run-1");
        click(page.locator("input[name=email]"));
        page.keyboard().type("li@example.com");
        click(page.locator("input[name=password]"));
        page.keyboard().type("a quiet river 27 stones");
        click(page.locator("main button.main"));
        page.waitForURL(address -> address.contains("/console"));
        Chromium.picture(page, "first-run-2");
        click(page.locator("nav a[href='/console/chat']"));
        Chromium.picture(page, "first-run-3");
        click(page.locator("[data-suggestion]").first());
        ChatPage chat = ChatPage.on(page);
        chat.awaitThread();
        chat.awaitWords();
        double took = seconds(opened);
        Chromium.picture(page, "first-run-4");
        assertThat(chat.text()).isNotBlank();
        assertThat(watched.complaints()).isEmpty();
        System.out.printf(
            "first run: up %.1f s, then %d clicks and %.1f s from the link to the words of an answer%n",
            up, clicks, took);
      }
    } finally {
      yuntai.down();
    }
    yuntai.delete();
  }

  private void click(Locator place) {
    place.click();
    clicks++;
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
