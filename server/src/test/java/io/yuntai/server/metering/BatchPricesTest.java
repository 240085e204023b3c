package io.yuntai.server.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.budgets.PlannedCounter;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.prices.PriceListCsv;
import io.yuntai.ledger.prices.PriceStore;
import io.yuntai.ledger.prices.RateCard;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.server.gateway.Routing;
import io.yuntai.server.testing.MemoryBank;
import io.yuntai.server.testing.MeteredServer;
import io.yuntai.server.testing.TestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests of the batches API cost what the price list says of the class {@code batch}. */
final class BatchPricesTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long BUDGET = 7;
  private static final String PRICES =
      """
      model,meter,class,price,tier_from,tier_to,band,factor,group,rank
      *,input,,1000,,,,,,
      *,output,,3000,,,,,,
      *,,batch,,,,,50%,channel,1
      """;

  @TempDir Path folder;

  /** The card of the price list above, whoever asks. */
  private static RateCards cards() {
    RateCards supposed =
        PriceStore.supposed(
            PriceListCsv.read("list", IsoCurrency.of("CNY"), ZoneOffset.UTC, Instant.EPOCH, PRICES),
            List.of());
    RateCard card = supposed.current(1, Instant.now());
    return new RateCards() {
      @Override
      public RateCard current(long orgId, Instant at) {
        return card;
      }

      @Override
      public RateCard cited(long cardId) {
        return card;
      }
    };
  }

  @Test
  void aBatchedRequestCostsHalf() throws Exception {
    MemoryBank bank = new MemoryBank();
    bank.limit(BUDGET, Long.MAX_VALUE / 4);
    PlannedCounter money = new PlannedCounter(BUDGET, Unit.MONEY, Instant.MAX, "the key's budget");
    try (MeteredServer metered =
        new MeteredServer(bank, folder, List.of(money), Routing.NONE, cards())) {
      TestServer server = metered.server();
      String body =
          "{\"model\":\"%s\",\"prompt\":\"A\",\"max_tokens\":8,\"temperature\":0}"
              .formatted(TestServer.MODEL);
      assertThat(server.post("/v1/completions", body).statusCode()).isEqualTo(200);
      String lines =
          "{\"custom_id\":\"one\",\"method\":\"POST\",\"url\":\"/v1/completions\",\"body\":%s}\n"
              .formatted(body);
      String batch = batch(server, file(server, lines));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() ->
              JSON.readTree(server.get("/v1/batches/" + batch).body())
                  .path("status")
                  .asString()
                  .equals("completed"));
    }
    UsageRecord atOnce = row(bank, ServiceClass.REALTIME);
    UsageRecord batched = row(bank, ServiceClass.BATCH);
    assertThat(batched.tokens()).isEqualTo(atOnce.tokens());
    assertThat(atOnce.amountNano()).isEqualTo(2 * 1_000_000L + 8 * 3_000_000L);
    assertThat(2 * batched.amountNano()).isEqualTo(atOnce.amountNano());
    assertThat(bank.used(BUDGET)).isEqualTo(atOnce.amountNano() + batched.amountNano());
  }

  private static UsageRecord row(MemoryBank bank, ServiceClass serviceClass) {
    List<UsageRecord> rows =
        bank.usage().stream().filter(row -> row.serviceClass() == serviceClass).toList();
    assertThat(rows).hasSize(1);
    return rows.getFirst();
  }

  private static String file(TestServer server, String content) throws Exception {
    String form =
        "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--b\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\"in.jsonl\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n"
            + content
            + "\r\n--b--\r\n";
    return id(
        server
            .send(
                server
                    .request("/v1/files")
                    .header("Content-Type", "multipart/form-data; boundary=b")
                    .POST(BodyPublishers.ofString(form))
                    .build())
            .body());
  }

  private static String batch(TestServer server, String file) throws Exception {
    return id(
        server
            .post(
                "/v1/batches",
                "{\"input_file_id\":\"%s\",\"endpoint\":\"/v1/completions\",\"completion_window\":\"24h\"}"
                    .formatted(file))
            .body());
  }

  private static String id(String body) {
    JsonNode id = JSON.readTree(body).path("id");
    assertThat(id.isString()).as(body).isTrue();
    return id.asString();
  }
}
