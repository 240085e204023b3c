package io.yuntai.server.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.ledger.bank.Claim;
import io.yuntai.ledger.bank.EngineReceipt;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.budgets.PlannedCounter;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.server.testing.MemoryBank;
import io.yuntai.server.testing.MeteredServer;
import io.yuntai.server.testing.RawClient;
import io.yuntai.server.testing.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines say what they did for each request, beside what the gateway counts. */
final class ReceiptsTest {
  private static final PlannedCounter MONEY =
      new PlannedCounter(7, Unit.MONEY, Instant.MAX, "the key's budget");

  @TempDir Path folder;

  private final MemoryBank bank = new MemoryBank();

  private static String body(String prompt, int maxTokens, int choices, boolean stream) {
    return """
    {"model": "%s", "temperature": 0, "max_tokens": %d, "n": %d, "stream": %b, "prompt": "%s"}
    """
        .formatted(TestServer.MODEL, maxTokens, choices, stream, prompt);
  }

  @Test
  void bothWitnessesAgreeOnAnswersThatComeToTheirEnd() throws Exception {
    bank.limit(7, Long.MAX_VALUE / 4);
    try (MeteredServer metered = new MeteredServer(bank, folder, List.of(MONEY))) {
      String prompt = "A prompt of some length. ".repeat(20);
      for (String one :
          List.of(
              body("A", 8, 1, false),
              body("A", 8, 1, true),
              body(prompt, 5, 1, true),
              body(prompt, 5, 1, false),
              body(prompt, 3, 3, true))) {
        assertThat(metered.server().post("/v1/completions", one).statusCode()).isEqualTo(200);
      }
    }
    Map<UUID, EngineReceipt> receipts = receipts();
    assertThat(bank.usage()).hasSize(5);
    assertThat(receipts).hasSize(5);
    for (UsageRecord row : bank.usage()) {
      EngineReceipt receipt = Objects.requireNonNull(receipts.get(row.requestId()));
      assertThat(receipt.endReason()).isEqualTo(UsageStatus.COMPLETED);
      assertThat(receipt.engine()).isEqualTo("model " + TestServer.MODEL);
      assertThat(receipt.tokens().generated()).isEqualTo(row.tokens().generated());
      assertThat(receipt.acknowledgedTokens()).isEqualTo(row.tokens().generated());
      assertThat(receipt.tokens().input()).isGreaterThanOrEqualTo(row.tokens().input());
      Claim claim = Objects.requireNonNull(receipt.claim());
      assertThat(claim.counters()).containsExactly(7L);
      assertThat(claim.keyId()).isEqualTo(row.keyId());
    }
  }

  @Test
  void anAnswerThatEndsAtItsBudgetIsChargedForWhatItsEngineComputed() throws Exception {
    String prompt = "A".repeat(500);
    // Two prompts at their full price, and 54 tokens; the second finds the prompt of the first.
    bank.limit(7, 2 * 500_000 + 54 * 3_000);
    try (MeteredServer metered = new MeteredServer(bank, folder, List.of(MONEY))) {
      metered.server().post("/v1/completions", body(prompt, 1, 1, false));
      assertThat(
              metered.server().post("/v1/completions", body(prompt, 1000, 1, false)).statusCode())
          .isEqualTo(200);
    }
    UsageRecord stopped =
        bank.usage().stream()
            .filter(row -> row.status() == UsageStatus.BUDGET_STOPPED)
            .findFirst()
            .orElseThrow();
    EngineReceipt receipt = Objects.requireNonNull(receipts().get(stopped.requestId()));
    assertThat(stopped.tokens().cacheHit()).isPositive();
    assertThat(receipt.tokens().input()).isEqualTo(stopped.tokens().input());
    assertThat(receipt.tokens().cacheHit()).isEqualTo(stopped.tokens().cacheHit());
    assertThat(receipt.tokens().generated()).isGreaterThanOrEqualTo(stopped.tokens().generated());
  }

  @Test
  void whatAnEngineDidForAClientThatLeftIsTold() throws Exception {
    bank.limit(7, Long.MAX_VALUE / 4);
    try (MeteredServer metered = new MeteredServer(bank, folder, List.of(MONEY));
        RawClient client = new RawClient(metered.server().port())) {
      metered.server().decoder().hold();
      client.send(RawClient.post("/v1/completions", body("A", 2000, 1, true)));
      for (int piece = 0; piece < 5; piece++) {
        metered.server().decoder().letSteps(1);
        assertThat(client.readUntil("\"text\":\"A\"")).isNotEmpty();
      }
      client.reset();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> {
            metered.server().decoder().letSteps(1);
            return !bank.usage().isEmpty() && !bank.receipts().isEmpty();
          });
    }
    UsageRecord row = bank.usage().getFirst();
    EngineReceipt receipt = Objects.requireNonNull(receipts().get(row.requestId()));
    assertThat(receipt.endReason()).isEqualTo(UsageStatus.CANCELLED);
    assertThat(receipt.acknowledgedTokens()).isEqualTo(row.tokens().generated());
    assertThat(receipt.tokens().generated()).isGreaterThanOrEqualTo(row.tokens().generated());
  }

  @Test
  void receiptsOutliveABankThatIsAway() throws Exception {
    bank.limit(7, Long.MAX_VALUE / 4);
    try (MeteredServer metered = new MeteredServer(bank, folder, List.of(MONEY))) {
      metered.server().post("/v1/completions", body("A", 4, 1, false));
      await().atMost(Duration.ofSeconds(30)).until(() -> bank.usage().size() == 1);
      bank.down(true);
      assertThat(metered.server().post("/v1/completions", body("A", 4, 1, false)).statusCode())
          .isEqualTo(200);
      bank.down(false);
      await().atMost(Duration.ofSeconds(30)).until(() -> bank.usage().size() == 2);
    }
    assertThat(receipts().keySet())
        .containsExactlyInAnyOrderElementsOf(
            bank.usage().stream().map(UsageRecord::requestId).toList());
  }

  private Map<UUID, EngineReceipt> receipts() {
    return bank.receipts().stream()
        .collect(Collectors.toMap(EngineReceipt::requestId, Function.identity()));
  }
}
