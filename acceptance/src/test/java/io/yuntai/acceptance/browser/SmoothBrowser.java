package io.yuntai.acceptance.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import io.yuntai.acceptance.Yuntai;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * How large and how soon there pages are, and how smooth long things: reported, not judged. {@code
 * bench/console} runs it, and names the page that the tables are written into.
 */
class SmoothBrowser {
  private static final int REQUESTS = 10_000;
  private static final int MESSAGES = 5_000;
  private static final int VISITS = 7;

  /** A server that has just started compiles what it does first. */
  private static final int UNCOUNTED = 5;

  private static final int TURNED_PAGES = 40;

  private static final String VISIT =
      """
      () => {
        const page = performance.getEntriesByType('navigation')[0];
        const all = [page, ...performance.getEntriesByType('resource')];
        return [all.reduce((sum, one) => sum + one.encodedBodySize, 0), all.length,
            page.domContentLoadedEventEnd, page.loadEventEnd];
      }
      """;

  /** What is done with a server whose only model is the canned one. */
  private interface Work {
    void with(Yuntai yuntai, Yuntai.Server server, Chromium chromium) throws Exception;
  }

  private static void atServer(Work work) throws Exception {
    Yuntai yuntai = Yuntai.withModels();
    try (CannedUpstream upstream = new CannedUpstream()) {
      Files.writeString(yuntai.home().resolve("yuntai.toml"), upstream.route());
      Yuntai.Server server = yuntai.up();
      try (Chromium chromium = new Chromium()) {
        work.with(yuntai, server, chromium);
      } finally {
        yuntai.down();
      }
    }
    yuntai.delete();
  }

  @Test
  void pages() throws Exception {
    atServer((_, server, chromium) -> {
      String operator = signedIn(server, chromium);
      List<String> visits = new ArrayList<>();
      visits.add("| | kB as sent | files | interactive, ms | all there, ms |");
      visits.add("|---|---|---|---|---|");
      visits.add(visited("Sign-in", "/sign-in", "", server, chromium));
      visits.add(visited("Now", "/console", operator, server, chromium));
      visits.add(visited("Chat", "/console/chat", operator, server, chromium));
      keep("console pages", visits);
    });
  }

  @Test
  void log() throws Exception {
    atServer((_, server, chromium) -> {
      String operator = signedIn(server, chromium);
      say("asking");
      Filling.requests(server, REQUESTS);
      say("scrolling");
      List<String> frames = new ArrayList<>();
      frames.add(
          "| In a log of %,d requests | median, ms | p95, ms | most, ms |".formatted(REQUESTS));
      frames.add("|---|---|---|---|");
      try (BrowserContext window = chromium.window(Look.PLAIN, server.url(), operator)) {
        Page page = window.newPage();
        page.navigate("/console/requests");
        frames.add(
            "| between frames while the table scrolls | "
                + Frames.scroll(page, "section.table .scroll", 120, 300)
                + " |");
        say("turning pages");
        frames.add(
            "| from a press to the next page's rows | " + Frames.pages(page, TURNED_PAGES) + " |");
      }
      keep("console log", frames);
    });
  }

  @Test
  void thread() throws Exception {
    atServer((yuntai, server, chromium) -> {
      String operator = signedIn(server, chromium);
      try (BrowserContext window = chromium.window(Look.PLAIN, server.url(), operator)) {
        Page page = window.newPage();
        page.navigate("/console/chat");
        ChatPage chat = ChatPage.on(page);
        chat.ask("What is a point?");
        chat.awaitThread();
        chat.awaitLast("complete");
        say("filling");
        Filling.thread(yuntai, chat.thread(), MESSAGES);
        keep("console thread", scrolled(page, chat));
      }
    });
  }

  private static List<String> scrolled(Page page, ChatPage chat) {
    page.navigate("/console/chat/" + chat.thread());
    List<String> frames = new ArrayList<>();
    frames.add(
        "| Between frames in a thread of %,d messages | median, ms | p95, ms | most, ms |"
            .formatted(MESSAGES));
    frames.add("|---|---|---|---|");
    say("reading all");
    frames.add("| reading all of it from the server, upwards | " + Frames.history(page) + " |");
    say("scrolling");
    int there = page.locator("article.message").count();
    if (there != MESSAGES) {
      throw new IllegalStateException("only " + there + " messages came within two minutes");
    }
    frames.add(
        "| scrolling up, 120 px a frame | "
            + Frames.scroll(page, "[data-stream]", 120, 480)
            + " |");
    frames.add(
        "| scrolling up, 3,000 px a frame | "
            + Frames.scroll(page, "[data-stream]", 3000, 240)
            + " |");
    say("typing");
    frames.add("| typing, a character a frame | " + Frames.typing(page) + " |");
    frames.add(
        "| sending a question, and its answer growing | "
            + Frames.answer(page, CannedUpstream.SLOWLY)
            + " |");
    return frames;
  }

  private static void say(String what) {
    System.err.println(Instant.now() + " " + what);
  }

  /** The state of a window whose person has signed in. */
  private static String signedIn(Yuntai.Server server, Chromium chromium) {
    try (BrowserContext window = chromium.window(Look.PLAIN, server.url(), "")) {
      Console.signIn(window.newPage(), server.signIn());
      return window.storageState();
    }
  }

  /** A row on a page that is opened by somebody who has nothing of it; times are medians. */
  private static String visited(
      String name, String path, String state, Yuntai.Server server, Chromium chromium) {
    List<double[]> visits = new ArrayList<>();
    for (int i = 0; i < UNCOUNTED + VISITS; i++) {
      try (BrowserContext window = chromium.window(Look.PLAIN, server.url(), state)) {
        Page page = window.newPage();
        page.navigate("about:blank");
        page.navigate(path);
        List<?> figures = (List<?>) page.evaluate(VISIT);
        if (i >= UNCOUNTED) {
          visits.add(figures.stream().mapToDouble(one -> ((Number) one).doubleValue()).toArray());
        }
      }
    }
    return String.format(
        Locale.ROOT,
        "| %s | %.1f | %.0f | %.0f | %.0f |",
        name,
        median(visits, 0) / 1000,
        median(visits, 1),
        median(visits, 2),
        median(visits, 3));
  }

  private static double median(List<double[]> visits, int figure) {
    double[] sorted = visits.stream().mapToDouble(one -> one[figure]).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** Prints a table and puts it between a page's marks of this name, if a page is wanted. */
  private static void keep(String name, List<String> rows) throws IOException {
    String table = String.join("\n", rows) + "\n";
    System.out.println(table);
    String file = System.getProperty("yuntai.page", "");
    if (file.isEmpty()) {
      return;
    }
    Path page = Path.of(file);
    String text = Files.readString(page);
    String begin = "<!-- " + name + " -->\n";
    int from = text.indexOf(begin);
    int to = text.indexOf("<!-- end of " + name + " -->");
    if (from < 0 || to < from) {
      throw new IllegalStateException(page + " has no place for " + name);
    }
    Files.writeString(page, text.substring(0, from + begin.length()) + table + text.substring(to));
  }
}
