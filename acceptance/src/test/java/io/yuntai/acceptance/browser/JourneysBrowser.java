package io.yuntai.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import io.yuntai.acceptance.RealModels;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
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
    tenantWithPrices(console);
    String link = console.link("shop", "li@shop.example");
    try (BrowserContext window = console.stranger(Look.PLAIN)) {
      Page page = window.newPage();
      Watched watched = Watched.watch(page);
      page.navigate(link);
      page.locator("input[name=password]").fill(Console.PASSWORD + " 2");
      page.keyboard().press("Enter");
      page.waitForURL(address -> address.contains("/console"));
      page.navigate("/console/develop?tenant=shop");
      page.locator("[data-dialog=new-key]").click();
      page.locator("#new-key input[name=name]").fill("till");
      page.locator("#new-key input[name=budget]").fill("5/day");
      page.locator("#new-key button.main").click();
      String key = page.locator("#made-key").innerText().strip();
      assertThat(key).startsWith("yt-");

      String requestId = request(console, key);
      BigDecimal amount = seen(page, requestId);
      assertThat(amount).isPositive();
      Chromium.picture(page, "journey-request");
      assertThat(invoiced(console)).isEqualByComparingTo(amount);
      assertThat(watched.complaints()).isEmpty();
    }
  }

  private static void tenantWithPrices(Console console) throws Exception {
    Path list = Files.createTempFile("prices", ".csv");
    Files.writeString(list, "model,input,output\n%s,2.00,8.00\n".formatted(RealModels.SMOLLM2));
    var yuntai = console.yuntai();
    yuntai.result("tenants", "create", "shop", "--currency", "CNY");
    yuntai.result("prices", "import", list.toString(), "--name", "list", "--currency", "CNY");
    yuntai.result("prices", "publish", "list");
    yuntai.result("prices", "use", "list", "--tenant", "shop");
    yuntai.result("members", "add", "li@shop.example", "--tenant", "shop", "--role", "admin");
    Files.delete(list);
  }

  private static String request(Console console, String key) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(console.url() + "/v1/chat/completions"))
              .header("Authorization", "Bearer " + key)
              .header("Content-Type", "application/json")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"model\":\"%s\",\"max_tokens\":12,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"
                          .formatted(RealModels.SMOLLM2)))
              .build();
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return answer.headers().firstValue("x-request-id").orElseThrow();
    }
  }

  /** The price on the request's own page, once it is there. */
  private static BigDecimal seen(Page page, String requestId) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            page.navigate("/console/requests/shop/" + requestId).status() == 200
                && page.locator("#proof strong").count() > 0);
    Matcher number =
        Pattern.compile("[0-9]+[.][0-9]+").matcher(page.locator("#proof strong").innerText());
    assertThat(number.find()).isTrue();
    return new BigDecimal(number.group());
  }

  private static BigDecimal invoiced(Console console) throws Exception {
    String number = console.yuntai().result("invoices", "create", "shop", "--until", "now").strip();
    JsonNode invoice = JSON.readTree(console.yuntai().result("invoices", "export", number));
    return new BigDecimal(invoice.path("exact").asString());
  }
}
