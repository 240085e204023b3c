package io.yuntai.server.admin;

import static io.yuntai.server.admin.AdminServer.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.ledger.bank.BankOptions;
import io.yuntai.ledger.bank.PostgresBank;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.prices.Charge;
import io.yuntai.ledger.prices.DatabaseRateCards;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.RateCard;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.ledger.tenancy.Tenancy;
import io.yuntai.server.admin.AdminServer.Reply;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Price books and invoices through the admin API. */
class BookRoutesTest {
  private static final String PRICES = "model,input,output,cache_hit\nalpha,2,8,0.2\n";
  private static final AtomicLong NUMBERS = new AtomicLong();

  @TempDir static Path home;
  private static AdminServer api;

  @BeforeAll
  static void start() throws Exception {
    api = AdminServer.start(home);
    api.ok(
        "POST",
        "/prices",
        Map.of("name", "list", "currency", "CNY", "time_zone", "UTC", "csv", PRICES));
    api.ok("POST", "/prices/list/publish", Map.of("from", "2026-01-01T00:00:00Z"));
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  private static int status(String method, String path, @Nullable Object body) throws Exception {
    return api.call(OPERATOR, method, path, body, Map.of()).status();
  }

  @Test
  void keepsPriceListsAndPublishesThem() throws Exception {
    Map<String, Object> list = Map.of("name", "other", "currency", "CNY", "csv", PRICES);
    JsonNode draft = api.ok("POST", "/prices", list);
    assertThat(draft.path("published").isNull()).isTrue();
    assertThat(draft.path("version").asInt()).isEqualTo(1);
    JsonNode published = api.ok("POST", "/prices/other/publish", Map.of());
    assertThat(published.path("sha256").asString()).matches("[0-9a-f]{64}");
    assertThat(status("POST", "/prices/other/publish", Map.of())).as("twice").isEqualTo(400);
    String dearer = PRICES.replace("alpha,2,", "alpha,3,");
    api.ok("POST", "/prices", Map.of("name", "other", "currency", "CNY", "csv", dearer));
    JsonNode difference = api.ok("GET", "/prices/other/diff", null).path("items");
    assertThat(difference.toString()).contains("\"before\"", "alpha");
    assertThat(api.ok("GET", "/prices/other?version=1", null).path("grid").size()).isPositive();
    assertThat(walked("/prices", "name", "version"))
        .doesNotHaveDuplicates()
        .isSorted()
        .contains("other 1", "other 2");
    assertThat(status("GET", "/prices?cursor=1", null)).isEqualTo(400);
    for (String wrong : List.of("model,input\nalpha,-1\n", "nothing", "model\n\u0000\n")) {
      assertThat(status("POST", "/prices", Map.of("name", "bad", "currency", "CNY", "csv", wrong)))
          .as(wrong)
          .isEqualTo(400);
    }
    assertThat(status("GET", "/prices/nothing", null)).isEqualTo(404);
    assertThat(status("GET", "/prices/other?version=9", null)).isEqualTo(404);
  }

  /** Fields of all items of a list that is read one by one. */
  private static List<String> walked(String path, String... fields) throws Exception {
    List<String> all = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = api.ok("GET", path + "?limit=1" + cursor, null);
      JsonNode item = page.path("items").get(0);
      all.add(
          Stream.of(fields)
              .map(field -> item.path(field).asString())
              .collect(Collectors.joining(" ")));
      cursor = "&cursor=" + page.path("next_cursor").asString("");
    } while (!cursor.equals("&cursor="));
    return all;
  }

  /** As a gateway settles what a tenant used. */
  private static void use(String tenant, int inputTokens, int outputTokens) {
    PostgresBank bank = new PostgresBank(api.pool(), BankOptions.DEFAULT);
    long org = new Tenancy(api.transactions()).organisations().find(tenant).id();
    Instant at = bank.now().truncatedTo(ChronoUnit.MICROS);
    RateCard card = new DatabaseRateCards(api.pool()).current(org, at);
    MeteredTokens tokens = new MeteredTokens(inputTokens, 0, 0, outputTokens, 0);
    Charge charge = card.rates("alpha", ServiceClass.REALTIME, at).orElseThrow().charge(tokens);
    UUID id =
        new UUID(
            (at.toEpochMilli() << 16) | 0x7000, 0x8000_0000_0000_0000L | NUMBERS.incrementAndGet());
    UsageRecord record =
        new UsageRecord(
            id,
            org,
            0,
            0,
            0,
            at,
            "alpha",
            card.id(),
            ServiceClass.REALTIME,
            tokens,
            charge.amountNano(),
            charge.residuePico(),
            UsageStatus.COMPLETED,
            List.of());
    assertThat(bank.settle(List.of(record)).quarantined()).isEmpty();
  }

  private static String payingTenant() throws Exception {
    String name = api.tenant();
    String at = "/tenants/" + name;
    assertThat(status("GET", at + "/contract", null)).isEqualTo(404);
    api.ok("PATCH", at, Map.of("billing", "postpaid"));
    api.ok("POST", at + "/contract", Map.of("book", "list", "from", "2026-01-01T00:00:00Z"));
    return name;
  }

  @Test
  void issuesInvoicesThatTheirTenantsRead() throws Exception {
    String name = payingTenant();
    String at = "/tenants/" + name + "/invoices";
    assertThat(status("POST", at, Map.of())).as("nothing was used").isEqualTo(409);
    use(name, 1_000_000, 500_000);
    Map<String, Object> untilNow = Map.of("until", Instant.now().toString());
    Map<String, String> once = Map.of("Idempotency-Key", "invoice-of-" + name);
    Reply issued = api.call(OPERATOR, "POST", at, untilNow, once);
    assertThat(issued.status()).as("%s", issued.body()).isEqualTo(201);
    assertThat(issued.body().path("net").asString()).isEqualTo("6.00");
    assertThat(api.call(OPERATOR, "POST", at, untilNow, once)).isEqualTo(issued);
    String number = issued.body().path("number").asString();

    String reader = api.adminKey(name, Map.of());
    JsonNode list = api.call(reader, "GET", at, null, Map.of()).body().path("items");
    assertThat(list.size()).isEqualTo(1);
    JsonNode invoice = api.call(reader, "GET", at + "/" + number, null, Map.of()).body();
    assertThat(invoice.path("lines").size()).isEqualTo(2);
    assertThat(invoice.at("/lines/0/book").asString()).isNotEmpty();
    JsonNode verdict =
        api.call(reader, "GET", at + "/" + number + "/verification", null, Map.of()).body();
    assertThat(verdict.path("holds").asBoolean()).isTrue();
    Map<String, String> types =
        Map.of(
            "json",
            "application/json",
            "pdf",
            "application/pdf",
            "csv",
            "text/csv",
            "focus-1.2",
            "text/csv",
            "focus-1.3",
            "text/csv");
    for (Map.Entry<String, String> type : types.entrySet()) {
      HttpResponse<String> file =
          api.send(
              reader,
              "GET",
              at + "/" + number + "/document?format=" + type.getKey(),
              null,
              Map.of());
      assertThat(file.statusCode()).as(type.getKey()).isEqualTo(200);
      assertThat(file.headers().firstValue("Content-Type")).contains(type.getValue());
      assertThat(file.headers().firstValue("Content-Disposition").orElse("")).contains(number);
      assertThat(file.body()).isNotEmpty();
    }
    assertThat(
            api.call(reader, "GET", at + "/" + number + "/document?format=doc", null, Map.of())
                .status())
        .isEqualTo(400);

    assertThat(api.call(reader, "POST", at, Map.of(), Map.of()).status()).isEqualTo(403);
    String notes = at + "/" + number + "/credit-notes";
    Map<String, Object> credit = Map.of("reason", "a gift", "amount", "1.00");
    assertThat(api.call(reader, "POST", notes, credit, Map.of()).status()).isEqualTo(403);
    Map<String, String> creditOnce = Map.of("Idempotency-Key", "credit-of-" + name);
    Reply note = api.call(OPERATOR, "POST", notes, credit, creditOnce);
    assertThat(note.body().path("net").asString()).isEqualTo("-1.00");
    assertThat(note.body().path("credits_invoice").asString()).isEqualTo(number);
    assertThat(api.call(OPERATOR, "POST", notes, credit, creditOnce)).isEqualTo(note);
    assertThat(walked(at, "number")).containsExactly(number, note.body().path("number").asString());
    assertThat(status("GET", at + "?cursor=nothing", null)).isEqualTo(400);
    assertThat(status("POST", notes, Map.of("reason", "too much", "amount", "5.01")))
        .as("what is left")
        .isEqualTo(409);
    assertThat(api.ok("GET", at, null).path("items").size()).isEqualTo(2);

    String stranger = api.tenant();
    assertThat(status("GET", "/tenants/" + stranger + "/invoices/" + number, null)).isEqualTo(404);
    assertThat(status("GET", at + "/INV-2026-999999", null)).isEqualTo(404);
  }
}
