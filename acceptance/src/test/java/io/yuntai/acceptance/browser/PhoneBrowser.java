package io.yuntai.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The console on a phone: installed, held in a hand, with a notch and round corners. */
@ExtendWith(Console.Shared.class)
class PhoneBrowser {
  private static final Look PHONE = new Look(Look.Theme.LIGHT, "zh", 360);

  /** What lies, at least in part, where a phone has no glass or a bar of its own. */
  private static final String COVERED =
      """
      ([top, right, bottom, left]) => {
        document.scrollingElement.scrollTop = document.scrollingElement.scrollHeight;
        const last = [...document.querySelectorAll('main > *')].filter(element => element.offsetHeight > 0).at(-1);
        const shown = [...document.querySelectorAll('a[href], button, input, select, textarea, h1, p, figure')]
          .filter(element => element.checkVisibility({visibilityProperty: true})
              && !element.closest('.scroll, .sr, .skip, .chat .head'));
        return [...new Set([...shown, last])].filter(element => !element.matches('yuntai-chat')).filter(element => {
          const box = element.getBoundingClientRect();
          return box.left < left || box.right > innerWidth - right
              || element.closest('.bar') && box.top < top
              || (element === last || element.closest('.composer')) && box.bottom > innerHeight - bottom + 0.5;
        }).map(element => element.outerHTML.slice(0, 120));
      }
      """;

  @Test
  void installedOnAPhoneItIsUsedWithAThumb(Console console) {
    try (BrowserContext window = console.operator(PHONE)) {
      Page page = window.newPage();
      ChatPage.open(page);
      Object manifest =
          page.evaluate(
              "async () => (await fetch(document.querySelector('link[rel=manifest]').href)).json()");
      JsonNode said = JsonMapper.shared().valueToTree(manifest);
      assertThat(said.path("display").asString()).isEqualTo("standalone");
      assertThat(said.path("start_url").asString()).isEqualTo("/console");
      for (JsonNode icon : said.path("icons")) {
        Object size =
            page.evaluate(
                "async src => { const image = new Image(); image.src = src; await image.decode();"
                    + " return image.naturalWidth + 'x' + image.naturalHeight; }",
                icon.path("src").asString());
        assertThat(size).isEqualTo(icon.path("sizes").asString());
        assertThat(icon.path("purpose").asString()).contains("maskable");
      }
      // What is pressed often lies in the lower half, and is no smaller than a thumb.
      for (String often : List.of("[data-send-button]", "[data-attach]", "#chat-text")) {
        var box = page.locator(often).boundingBox();
        assertThat(box.y).as(often).isGreaterThan(400);
        assertThat(box.height).as(often).isGreaterThanOrEqualTo(44);
      }
      assertThat(
              String.valueOf(
                  page.evaluate("document.querySelector('meta[name=viewport]').content")))
          .contains("viewport-fit=cover");
    }
  }

  @Test
  void nothingLiesUnderANotchARoundCornerOrTheHomeBar(Console console) {
    try (BrowserContext window = console.operator(PHONE)) {
      Page page = window.newPage();
      ChatPage.open(page);
      for (List<Integer> insets : List.of(List.of(47, 0, 34, 0), List.of(0, 47, 21, 47))) {
        boolean upright = insets.getFirst() > 0;
        page.setViewportSize(upright ? 390 : 844, upright ? 844 : 390);
        for (String path : List.of("chat", "now", "requests", "settings")) {
          page.navigate("/console/" + path);
          cover(window, page, insets);
          assertThat((List<?>) page.evaluate(COVERED, insets))
              .as("%s, %s", path, upright ? "upright" : "on its side")
              .isEmpty();
          Chromium.picture(page, "phone-" + path + (upright ? "-upright" : "-side"));
        }
      }
    }
  }

  /** As if the screen had such edges: top, right, bottom, left. */
  private static void cover(BrowserContext window, Page page, List<Integer> edges) {
    JsonObject insets = new JsonObject();
    insets.addProperty("top", edges.get(0));
    insets.addProperty("right", edges.get(1));
    insets.addProperty("bottom", edges.get(2));
    insets.addProperty("left", edges.get(3));
    JsonObject all = new JsonObject();
    all.add("insets", insets);
    window.newCDPSession(page).send("Emulation.setSafeAreaInsetsOverride", all);
    page.waitForFunction(
        "top => getComputedStyle(document.querySelector('.bar')).paddingTop === top + 'px'",
        edges.getFirst());
  }
}
