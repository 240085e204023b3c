package io.yuntai.server.metering;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.ledger.budgets.PlannedCounter;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.server.routes.LiveRoutes;
import io.yuntai.server.routes.RoutesFile;
import io.yuntai.server.testing.MemoryBank;
import io.yuntai.server.testing.MeteredServer;
import io.yuntai.server.testing.MockUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Budgets of requests whose prompts only an upstream can count: 20 tokens, and 80 of answer. */
class RoutedBudgetsTest {
  private static final long BUDGET = 7;
  private static final long COST = 20 * 1_000 + 80 * 3_000;
  private static final long TOKEN_COST = 3_000;
  private static final int PAID = 50;
  private static final PlannedCounter MONEY =
      new PlannedCounter(BUDGET, Unit.MONEY, Instant.MAX, "the key's budget");
  private static final String REQUEST =
      "{\"model\":\"far\",\"max_tokens\":80,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  @TempDir Path folder;

  private final LiveRoutes routes = new LiveRoutes(new Random(1), InstantSource.system());
  private final MemoryBank bank = new MemoryBank();

  @SuppressWarnings("NullAway.Init") // before each
  private MockUpstream upstream;

  @BeforeEach
  void start() throws Exception {
    upstream =
        new MockUpstream((_, answering) ->
            answering.json(
                200,
                "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hello\"},"
                    + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":80}}"));
    Path file = folder.resolve("yuntai.toml");
    Files.writeString(
        file,
        """
        [upstreams.far]
        kind = "openai-compatible"
        url = "%s"

        [routes.far]
        [[routes.far.targets]]
        upstream = "far"
        model = "far"
        """
            .formatted(upstream.url()));
    routes.apply(RoutesFile.read(file, Map.of()));
    bank.limit(BUDGET, PAID * COST);
  }

  @AfterEach
  void stop() throws Exception {
    routes.close();
    upstream.close();
  }

  private int ask(MeteredServer metered) throws Exception {
    return metered.server().post("/v1/chat/completions", REQUEST).statusCode();
  }

  @Test
  void asManyAreServedAtOnceAsTheBudgetPays() throws Exception {
    List<Integer> answers = new ArrayList<>();
    try (MeteredServer metered =
            new MeteredServer(bank, folder.resolve("journal"), List.of(MONEY), routes);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> asked = new ArrayList<>();
      for (int i = 0; i < 4 * PAID; i++) {
        asked.add(threads.submit(() -> ask(metered)));
      }
      for (Future<Integer> one : asked) {
        answers.add(one.get());
      }
    }
    assertAllWasServed(answers);
  }

  @Test
  void asManyAreServedOneByOneAsTheBudgetPays() throws Exception {
    List<Integer> answers = new ArrayList<>();
    try (MeteredServer metered =
        new MeteredServer(bank, folder.resolve("journal"), List.of(MONEY), routes)) {
      for (int i = 0; i < 2 * PAID; i++) {
        answers.add(ask(metered));
      }
    }
    assertAllWasServed(answers);
  }

  private void assertAllWasServed(List<Integer> answers) {
    assertThat(answers).containsOnly(200, 429);
    assertThat(answers).filteredOn(status -> status == 200).hasSize(PAID);
    assertThat(bank.usage()).hasSize(PAID).allMatch(row -> row.amountNano() == COST);
    // Of the last one, what a token of output does not divide is the operator's.
    assertThat(bank.used(BUDGET)).isBetween(PAID * COST - TOKEN_COST, PAID * COST);
  }
}
