package io.yuntai.acceptance.browser;

import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;

/** A page whose complaints are noted: errors of scripts, refused resources, broken policy. */
final class Watched {
  private static final String NOTE_VIOLATIONS =
      """
      window.yuntaiViolations = [];
      addEventListener('securitypolicyviolation', event => window.yuntaiViolations.push(
          event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile + ':' + event.lineNumber));
      """;

  private final Page page;
  private final List<String> complaints = new ArrayList<>();

  private Watched(Page page) {
    this.page = page;
  }

  /** From the page's first script on. */
  static Watched watch(Page page) {
    Watched watched = new Watched(page);
    page.addInitScript(NOTE_VIOLATIONS);
    page.onConsoleMessage(watched::hear);
    page.onPageError(error -> watched.complaints.add("script: " + error));
    return watched;
  }

  private void hear(ConsoleMessage message) {
    if (message.type().equals("error")) {
      complaints.add("console: " + message.text() + " at " + message.location());
    }
  }

  /** All so far but what a browser says of a server or a network that is not there. */
  List<String> faults() {
    return complaints().stream()
        .filter(complaint -> !complaint.startsWith("console: Failed to load resource: net::"))
        .toList();
  }

  /** All so far. */
  List<String> complaints() {
    List<String> all = new ArrayList<>(complaints);
    Object violations = page.evaluate("window.yuntaiViolations ?? []");
    ((List<?>) violations).forEach(violation -> all.add("policy: " + violation));
    return all;
  }
}
