package io.yuntai.acceptance.browser;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Deque's axe-core: what of WCAG 2.2, levels A and AA, a program can find. */
final class Axe {
  private static final String SOURCE = source();

  /** Sheets are not fetched a second time: the policy allows scripts no such thing. */
  private static final String RUN =
      """
      async () => {
        const result = await axe.run(document, {
          preload: false,
          runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']},
          rules: {'target-size': {enabled: true}},
        });
        return result.violations.flatMap(violation => violation.nodes.map(node =>
            violation.id + ': ' + node.target.join(' ') + ' - ' + node.failureSummary.replaceAll('\\n', ' ')));
      }
      """;

  private Axe() {}

  private static String source() {
    try {
      return Files.readString(Path.of(Chromium.property("yuntai.axe")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each violation with its element. */
  static List<String> violations(Page page) {
    page.evaluate(SOURCE);
    return ((List<?>) page.evaluate(RUN)).stream().map(String::valueOf).toList();
  }
}
