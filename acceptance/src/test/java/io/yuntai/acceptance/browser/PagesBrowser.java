package io.yuntai.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.WaitUntilState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each page in each look: accessible, within its policy, without errors, usable by keys alone. */
@ExtendWith(Console.Shared.class)
class PagesBrowser {
  /** The tenant whose requests are looked at. */
  private static final String ASKED = "asked";

  private static final String TOO_WIDE =
      "document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth";

  @TestFactory
  Stream<DynamicTest> eachPageInEachLook(Console console) {
    List<DynamicTest> tests = new ArrayList<>();
    for (Pages.Visited page : Pages.wanted()) {
      for (Look look : Look.all()) {
        tests.add(
            dynamicTest(
                page.name() + " " + look,
                () ->
                    check(
                        page.signedIn() ? console.operator(look) : console.stranger(look),
                        page,
                        look)));
      }
    }
    return tests.stream();
  }

  /** The pages of one request, of two, and of an invoice, with all that can stand there. */
  @TestFactory
  Stream<DynamicTest> eachPageOfWhatWasAskedInEachLook(Console console) throws Exception {
    if (!System.getProperty("yuntai.pages", "").isEmpty()) {
      return Stream.empty();
    }
    List<Pages.Visited> pages = asked(console);
    return pages.stream()
        .flatMap(page ->
            Look.all().stream()
                .map(look ->
                    dynamicTest(
                        page.name() + " " + look,
                        () -> check(console.member(ASKED, "admin", look), page, look))));
  }

  private static List<Pages.Visited> asked(Console console) throws Exception {
    console.operator(Look.PLAIN).close();
    PricedTenant tenant = PricedTenant.create(console, ASKED);
    try (BrowserContext window = console.member(ASKED, "admin", Look.PLAIN)) {
      Page page = window.newPage();
      String key = tenant.key(page, "till");
      tenant.keepTexts(page);
      String request = tenant.askWithWords(page, key);
      tenant.askAgain(page, request);
      String compared = page.url().substring(console.url().length());
      String other = compared.replaceFirst(".*other=(req_[0-9a-f]+).*", "$1");
      return List.of(
          new Pages.Visited("request", tenant.address(request), true),
          new Pages.Visited("compare", compared, true),
          new Pages.Visited(
              "compare-same", compared.replace("one=" + request, "one=" + other), true),
          new Pages.Visited("money-filled", "/console/money?tenant=" + tenant.name(), true),
          new Pages.Visited(
              "invoice",
              "/console/money/invoices/%s/%s".formatted(tenant.name(), tenant.invoice()),
              true));
    }
  }

  private static void check(BrowserContext opened, Pages.Visited visited, Look look) {
    try (BrowserContext window = opened) {
      Page page = window.newPage();
      Watched watched = Watched.watch(page);
      Response answer =
          page.navigate(
              visited.path(), new Page.NavigateOptions().setWaitUntil(WaitUntilState.LOAD));
      page.evaluate("document.fonts.ready");
      Chromium.picture(page, visited.name() + "-" + look);
      assertThat(answer.status()).as(visited.path()).isEqualTo(200);
      List<String> problems = new ArrayList<>(Axe.violations(page));
      if (Boolean.TRUE.equals(page.evaluate(TOO_WIDE))) {
        problems.add("layout: wider than " + look.width() + " px");
      }
      if (!page.locator("html").getAttribute("lang").startsWith(look.language())) {
        problems.add("language: the page does not say that it is " + look.language());
      }
      if (look.checksKeyboard()) {
        problems.addAll(Keyboard.problems(page));
      }
      problems.addAll(watched.complaints());
      assertThat(problems).as("%s, %s", visited.path(), look).isEmpty();
    }
  }
}
