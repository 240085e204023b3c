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
  private static final String TOO_WIDE =
      "document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth";

  @TestFactory
  Stream<DynamicTest> eachPageInEachLook(Console console) {
    List<DynamicTest> tests = new ArrayList<>();
    for (Pages.Visited page : Pages.wanted()) {
      for (Look look : Look.all()) {
        tests.add(dynamicTest(page.name() + " " + look, () -> check(console, page, look)));
      }
    }
    return tests.stream();
  }

  private static void check(Console console, Pages.Visited visited, Look look) {
    try (BrowserContext window =
        visited.signedIn() ? console.operator(look) : console.stranger(look)) {
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
