package io.yuntai.acceptance.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What people do with the console, each on a screen of theirs. */
@ExtendWith(Console.Shared.class)
class JourneysBrowser {
  private static final JsonMapper JSON = JsonMapper.shared();

  @Test
  void aTenantAdminMakesAKeyWithABudgetAndSeesWhatARequestCostAsTheInvoiceHasIt(Console console)
      throws Exception {
    PricedTenant shop = PricedTenant.create(console, "shop");
    console
        .yuntai()
        .result("members", "add", "li@shop.example", "--tenant", "shop", "--role", "admin");
    String link = console.link("shop", "li@shop.example");
    try (BrowserContext window = console.stranger(Look.PLAIN)) {
      Page page = window.newPage();
      Watched watched = Watched.watch(page);
      page.navigate(link);
      page.locator("input[name=password]").fill(Console.PASSWORD + " 2");
      page.keyboard().press("Enter");
      page.waitForURL(address -> address.contains("/console"));
      String key = shop.key(page, "till");
      String requestId = shop.ask(key);

      // The page that is open shows it by itself.
      long answered = System.nanoTime();
      Locator row = page.locator("#develop-requests tr:has(a[href$='" + requestId + "'])");
      assertThat(row).containsText(Pattern.compile("[0-9][.][0-9]*[1-9]"));
      System.out.printf(
          "a request's cost stood on the page %.2f s after its answer%n",
          (System.nanoTime() - answered) / 1e9);
      Chromium.picture(page, "journey-cost");
      row.locator("a").first().click();
      assertThat(page.locator("#proof strong")).isVisible();
      BigDecimal amount = number(page.locator("#proof strong"));
      assertThat(amount).isPositive();
      Chromium.picture(page, "journey-request");

      String invoice = shop.invoice();
      assertThat(exact(console, invoice)).isEqualByComparingTo(amount);
      page.navigate("/console/money/invoices/shop/" + invoice);
      assertThat(page.locator("main")).containsText(amount.stripTrailingZeros().toPlainString());
      Chromium.picture(page, "journey-invoice");
      page.navigate("/console/money?tenant=shop");
      assertThat(page.locator("main")).containsText("5");
      assertThat(watched.complaints()).isEmpty();
    }
  }

  @Test
  void theLogTellsOfNewRequestsAndShowsThemWhenThatIsPressed(Console console) throws Exception {
    PricedTenant market = PricedTenant.create(console, "market");
    console
        .yuntai()
        .result("members", "add", "wu@market.example", "--tenant", "market", "--role", "admin");
    String link = console.link("market", "wu@market.example");
    try (BrowserContext window = console.stranger(Look.PLAIN)) {
      Page page = window.newPage();
      Watched watched = Watched.watch(page);
      page.navigate(link);
      page.locator("input[name=password]").fill(Console.PASSWORD + " 3");
      page.keyboard().press("Enter");
      page.waitForURL(address -> address.contains("/console"));
      String key = market.key(page, "stall");
      String first = market.ask(key);
      // Its own page waits for its row.
      page.navigate(market.address(first));
      assertThat(page.locator("main")).containsText(first);
      page.navigate("/console/requests?tenant=market");
      assertThat(page.locator("#table-requests a[href$='" + first + "']")).isVisible();
      Locator news = page.locator("#requests-new");
      assertThat(news).isHidden();

      String second = market.ask(key);
      assertThat(news).hasText("Show new requests: 1");
      assertThat(page.locator("#table-requests a[href$='" + second + "']")).hasCount(0);
      news.focus();
      page.keyboard().press("Enter");
      assertThat(page.locator("#table-requests a[href$='" + second + "']")).isVisible();
      assertThat(page.locator("#table-requests a[href$='" + first + "']")).isVisible();
      assertThat(news).isHidden();
      assertThat(watched.complaints()).isEmpty();
    }
  }

  private static BigDecimal number(Locator place) {
    Matcher number = Pattern.compile("[0-9]+[.][0-9]+").matcher(place.innerText());
    assertThat(number.find()).isTrue();
    return new BigDecimal(number.group());
  }

  private static BigDecimal exact(Console console, String number) throws Exception {
    JsonNode invoice = JSON.readTree(console.yuntai().result("invoices", "export", number));
    return new BigDecimal(invoice.path("exact").asString());
  }
}
