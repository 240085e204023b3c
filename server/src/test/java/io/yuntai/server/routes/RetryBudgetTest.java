package io.yuntai.server.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  @Test
  void retriesNeverExceedTheirShareOfRequestsAndTheBurst() {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("-Dyuntai.seed=" + seed);
    Random random = new Random(seed);
    for (int run = 0; run < 200; run++) {
      double share = random.nextInt(1001) / 1000.0;
      int burst = random.nextInt(20);
      RetryBudget budget = new RetryBudget(share, burst);
      long requests = 0;
      long retries = 0;
      for (int i = 0; i < 2_000; i++) {
        if (random.nextBoolean()) {
          requests++;
          budget.request();
        } else if (budget.tryRetry()) {
          retries++;
        }
        assertThat((double) retries).isLessThanOrEqualTo(burst + share * requests + 1e-6);
      }
    }
  }

  @Test
  void retriesThatWereNotNeededAreNotSavedBeyondTheBurst() {
    RetryBudget budget = new RetryBudget(1, 2);
    for (int i = 0; i < 100; i++) {
      budget.request();
    }
    assertThat(budget.tryRetry()).isTrue();
    assertThat(budget.tryRetry()).isTrue();
    assertThat(budget.tryRetry()).isFalse();
  }
}
