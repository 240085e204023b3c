package io.yuntai.server.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.budgets.PlannedCounter;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.server.testing.MemoryBank;
import io.yuntai.server.testing.MeteredServer;
import io.yuntai.server.testing.RawClient;
import io.yuntai.server.testing.TestServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BudgetsTest {
  private static final long BUDGET = 7;
  private static final PlannedCounter MONEY =
      new PlannedCounter(BUDGET, Unit.MONEY, Instant.MAX, "the key's budget of 1.00 CNY in all");

  /** Of a prompt of two tokens and an answer of eight. */
  private static final long COST = 2_000 + 8 * 3_000;

  @TempDir Path folder;

  private final MemoryBank bank = new MemoryBank();

  private static String body(int maxTokens, boolean stream) {
    return """
    {"model": "%s", "temperature": 0, "max_tokens": %d, "stream": %b, "stream_options": {"include_usage": true},
     "prompt": "A"}
    """
        .formatted(TestServer.MODEL, maxTokens, stream);
  }

  private static String whole(int maxTokens) {
    return body(maxTokens, false).replace("\"stream_options\": {\"include_usage\": true},", "");
  }

  @Test
  void servesExactlyAsManyOfManyRequestsAtOnceAsItPaysFor() throws Exception {
    bank.limit(BUDGET, 100 * COST);
    try (MeteredServer metered = new MeteredServer(bank, folder, List.of(MONEY));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> asked = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        asked.add(threads.submit(() -> metered.server().post("/v1/completions", whole(8))));
      }
      List<HttpResponse<String>> answers = new ArrayList<>();
      for (Future<HttpResponse<String>> one : asked) {
        answers.add(one.get());
      }
      Map<Integer, Long> byStatus =
          answers.stream()
              .collect(Collectors.groupingBy(HttpResponse::statusCode, Collectors.counting()));
      assertThat(byStatus).containsExactlyInAnyOrderEntriesOf(Map.of(200, 100L, 429, 300L));
      assertThat(answers)
          .filteredOn(answer -> answer.statusCode() == 429)
          .allSatisfy(answer -> {
            assertThat(answer.body())
                .contains("\"code\":\"insufficient_quota\"", "the key's budget of 1.00 CNY");
            assertThat(answer.headers().firstValue("x-should-retry")).contains("false");
          });
    }
    assertThat(bank.used(BUDGET)).isEqualTo(100 * COST);
    assertThat(bank.usage()).hasSize(100).allMatch(row -> row.amountNano() == COST);
  }

  @Test
  void tellsHowTheKeysLimitsStandInEachApisHeaders() throws Exception {
    Instant minute = bank.now().plusSeconds(59);
    PlannedCounter requests =
        new PlannedCounter(1, Unit.REQUESTS, minute, "the key's budget of 3 requests per minute");
    PlannedCounter tokens =
        new PlannedCounter(2, Unit.TOKENS, minute, "the key's budget of 1,000 tokens per minute");
    PlannedCounter all =
        new PlannedCounter(3, Unit.REQUESTS, Instant.MAX, "the tenant's budget of 90 requests");
    bank.limit(1, 3);
    bank.limit(2, 1000);
    bank.limit(3, 90);
    try (MeteredServer metered = new MeteredServer(bank, folder, List.of(requests, tokens, all))) {
      HttpResponse<String> first = metered.server().post("/v1/completions", whole(8));
      assertThat(header(first, "x-ratelimit-limit-requests")).isEqualTo("3");
      assertThat(header(first, "x-ratelimit-remaining-requests")).isEqualTo("2");
      assertThat(header(first, "x-ratelimit-reset-requests")).matches("\\d+(s|ms)");
      assertThat(header(first, "x-ratelimit-limit-tokens")).isEqualTo("1000");
      // Two of the prompt, and what the answer may come to.
      assertThat(header(first, "x-ratelimit-remaining-tokens")).isEqualTo("990");
      HttpResponse<String> second =
          metered
              .server()
              .post(
                  "/anthropic/v1/messages",
                  """
                  {"model": "%s", "max_tokens": 8, "messages": [{"role": "user", "content": "A"}]}
                  """
                      .formatted(TestServer.MODEL));
      assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
      assertThat(header(second, "anthropic-ratelimit-requests-limit")).isEqualTo("3");
      assertThat(header(second, "anthropic-ratelimit-requests-remaining")).isEqualTo("1");
      assertThat(Instant.parse(header(second, "anthropic-ratelimit-requests-reset")))
          .isBeforeOrEqualTo(minute)
          .isAfter(minute.minusSeconds(1));
      assertThat(header(second, "anthropic-ratelimit-tokens-limit")).isEqualTo("1000");
      assertThat(metered.server().post("/v1/completions", whole(8)).statusCode()).isEqualTo(200);
      HttpResponse<String> fourth = metered.server().post("/v1/completions", whole(8));
      assertThat(fourth.statusCode()).isEqualTo(429);
      assertThat(header(fourth, "x-ratelimit-remaining-requests")).isEqualTo("0");
    }
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @Test
  void endsAStreamExactlyAtTheBudget() throws Exception {
    bank.limit(BUDGET, 2_000 + 700 * 3_000 + 2_999);
    try (MeteredServer metered = new MeteredServer(bank, folder, List.of(MONEY))) {
      HttpResponse<String> answer = metered.server().post("/v1/completions", body(2000, true));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body())
          .contains(
              "\"finish_reason\":\"length\"",
              ": x-yuntai-stop: budget",
              "\"completion_tokens\":700",
              "data: [DONE]");
    }
    assertThat(bank.used(BUDGET)).isEqualTo(2_000 + 700 * 3_000);
    assertThat(bank.usage())
        .singleElement()
        .satisfies(row -> assertThat(row.status()).isEqualTo(UsageStatus.BUDGET_STOPPED));
  }

  @Test
  void saysInAHeaderThatAWholeAnswerEndedAtTheBudget() throws Exception {
    bank.limit(BUDGET, 2_000 + 20 * 3_000);
    try (MeteredServer metered = new MeteredServer(bank, folder, List.of(MONEY))) {
      HttpResponse<String> answer = metered.server().post("/v1/completions", whole(2000));
      assertThat(answer.headers().firstValue("x-yuntai-stop")).contains("budget");
      assertThat(answer.body()).contains("\"completion_tokens\":20");
    }
  }

  @Test
  void chargesAClientThatLeavesForWhatItReceived() throws Exception {
    bank.limit(BUDGET, Long.MAX_VALUE / 4);
    try (MeteredServer metered = new MeteredServer(bank, folder, List.of(MONEY));
        RawClient client = new RawClient(metered.server().port())) {
      metered.server().decoder().hold();
      client.send(RawClient.post("/v1/completions", body(2000, true)));
      for (int piece = 0; piece < 5; piece++) {
        metered.server().decoder().letSteps(1);
        assertThat(client.readUntil("\"text\":\"A\"")).isNotEmpty();
      }
      client.reset();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> {
            metered.server().decoder().letSteps(1);
            return !bank.usage().isEmpty();
          });
    }
    UsageRecord row = bank.usage().getFirst();
    assertThat(row.status()).isEqualTo(UsageStatus.CANCELLED);
    assertThat(row.tokens().output()).isBetween(5, 500);
    assertThat(bank.used(BUDGET)).isEqualTo(2_000 + row.tokens().output() * 3_000L);
  }

  @Test
  void refusesInTheWordsOfEachApi() throws Exception {
    bank.limit(BUDGET, 10);
    try (MeteredServer metered = new MeteredServer(bank, folder, List.of(MONEY))) {
      HttpResponse<String> anthropic =
          metered
              .server()
              .post(
                  "/v1/messages",
                  """
                  {"model": "%s", "max_tokens": 8, "messages": [{"role": "user", "content": "A"}]}
                  """
                      .formatted(TestServer.MODEL));
      assertThat(anthropic.statusCode()).isEqualTo(402);
      assertThat(anthropic.body()).contains("\"type\":\"billing_error\"");
      HttpResponse<String> dashScope =
          metered
              .server()
              .post(
                  "/api/v1/services/aigc/text-generation/generation",
                  """
                  {"model": "%s", "input": {"messages": [{"role": "user", "content": "A"}]}}
                  """
                      .formatted(TestServer.MODEL));
      assertThat(dashScope.statusCode()).isEqualTo(429);
      assertThat(dashScope.body()).contains("Throttling.AllocationQuota");
    }
    assertThat(bank.usage()).isEmpty();
  }

  @Test
  void aRateThatIsReachedSaysWhenItBeginsAnew() throws Exception {
    bank.limit(BUDGET, 1);
    PlannedCounter rate =
        new PlannedCounter(
            BUDGET, Unit.REQUESTS, Instant.now().plusSeconds(30), "1 request per minute");
    try (MeteredServer metered = new MeteredServer(bank, folder, List.of(rate))) {
      assertThat(metered.server().post("/v1/completions", whole(8)).statusCode()).isEqualTo(200);
      HttpResponse<String> refused = metered.server().post("/v1/completions", whole(8));
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.body()).contains("\"code\":\"rate_limit_exceeded\"");
      assertThat(Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow()))
          .isBetween(1, 30);
    }
  }

  @Test
  void refusesWhileNobodyCanSayWhatIsLeft() throws Exception {
    bank.limit(BUDGET, 100 * COST);
    bank.down(true);
    try (MeteredServer metered = new MeteredServer(bank, folder, List.of(MONEY))) {
      HttpResponse<String> refused = metered.server().post("/v1/completions", whole(8));
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.body()).contains("budget_unavailable");
      bank.down(false);
      assertThat(metered.server().post("/v1/completions", whole(8)).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void writesTheSameRowsWithBudgetsAndWithout() throws Exception {
    bank.limit(BUDGET, 1_000 * COST);
    MemoryBank free = new MemoryBank();
    for (MemoryBank one : List.of(bank, free)) {
      List<PlannedCounter> counters = one == bank ? List.of(MONEY) : List.of();
      try (MeteredServer metered =
          new MeteredServer(one, folder.resolve(String.valueOf(counters.size())), counters)) {
        for (int tokens = 1; tokens < 40; tokens += 7) {
          metered.server().post("/v1/completions", body(tokens, true));
          metered.server().post("/v1/completions", whole(tokens));
        }
      }
    }
    assertThat(shown(bank)).hasSize(12).isEqualTo(shown(free));
  }

  private static List<String> shown(MemoryBank bank) {
    return bank.usage().stream()
        .map(row -> row.tokens() + " " + row.amountNano() + " " + row.residuePico() + row.status())
        .toList();
  }
}
