package io.yuntai.acceptance.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.yuntai.acceptance.RealModels;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A tenant that pays for what it asks, and what somebody who may does there in a browser. */
record PricedTenant(Console console, String name) {
  /** Makes it, with a list of prices of its own. */
  static PricedTenant create(Console console, String name) throws Exception {
    Path list = Files.createTempFile("prices", ".csv");
    Files.writeString(list, "model,input,output\n%s,2.00,8.00\n".formatted(RealModels.SMOLLM2));
    var yuntai = console.yuntai();
    String book = name + "-list";
    yuntai.result("tenants", "create", name, "--currency", "CNY");
    yuntai.result("prices", "import", list.toString(), "--name", book, "--currency", "CNY");
    yuntai.result("prices", "publish", book);
    yuntai.result("prices", "use", book, "--tenant", name);
    Files.delete(list);
    return new PricedTenant(console, name);
  }

  /** Makes a key with a budget, on the page Develop, which stays open. */
  String key(Page page, String keyName) {
    page.navigate("/console/develop?tenant=" + name);
    page.locator("[data-dialog=new-key]").click();
    page.locator("#new-key input[name=name]").fill(keyName);
    page.locator("#new-key input[name=budget]").fill("5/day");
    page.locator("#new-key button.main").click();
    String key = page.locator("#made-key").innerText().strip();
    assertThat(key).startsWith("yt-");
    return key;
  }

  /** Asks with a key, as a program does; the request's id. */
  String ask(String key) throws Exception {
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

  /** A request's own page. */
  String address(String requestId) {
    return "/console/requests/" + name + "/" + requestId;
  }

  /** Has the tenant's texts kept from now on, on the page of its terms. */
  void keepTexts(Page page) {
    page.navigate("/console/tenants/" + name + "/terms");
    Locator form = page.locator("#texts form");
    form.locator("input[name=days]").fill("7");
    form.locator("button.main").click();
    assertThat(page.locator("#texts")).containsText("7");
  }

  /** Asks until a request's words are on its page: a gateway hears within seconds that they may. */
  String askWithWords(Page page, String key) {
    return Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> {
              String id = ask(key);
              page.navigate(address(id));
              return page.locator("#texts .turn").count() > 0 ? id : "";
            },
            id -> !id.isEmpty());
  }

  /** Asks again what a request asked, on its page; ends on the page that compares both. */
  void askAgain(Page page, String requestId) {
    page.navigate(address(requestId));
    page.locator("section[aria-labelledby=again-title] button.main").click();
    page.waitForURL(address -> address.contains("/console/requests-compare"));
    assertThat(page.locator("#compared table")).isVisible();
  }

  /** An invoice of all until now; its number. */
  String invoice() throws Exception {
    return console.yuntai().result("invoices", "create", name, "--until", "now").strip();
  }
}
