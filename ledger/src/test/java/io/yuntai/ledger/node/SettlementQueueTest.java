package io.yuntai.ledger.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.ledger.leases.LeaseSettings;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SettlementQueueTest {
  private static final int BATCH = 3;

  private final SettlementQueue<String> queue =
      new SettlementQueue<>(
          new NodeSettings(
              LeaseSettings.ALONE,
              BATCH,
              Duration.ofSeconds(1),
              100,
              Duration.ofSeconds(5),
              Duration.ofSeconds(2)),
          new Random(1));

  @Test
  void theSenderIsWokenForTheFirstRecordAndForAFullBatchOnly() {
    assertThat(queue.news()).isFalse();
    queue.add("a", 0);
    assertThat(queue.news()).isTrue();
    queue.add("b", 0);
    assertThat(queue.news()).isFalse();
    queue.add("c", 0);
    assertThat(queue.news()).isTrue();
    queue.add("d", 0);
    assertThat(queue.news()).isFalse();
  }

  @Test
  void whatIsLeftBehindABatchIsNoNewsAndWhatComesAfterAnEmptyQueueIs() {
    for (String record : new String[] {"a", "b", "c", "d"}) {
      queue.add(record, 0);
    }
    assertThat(queue.news()).isTrue();
    assertThat(queue.batch(1)).containsExactly("a", "b", "c");
    queue.done();
    assertThat(queue.news()).as("its sender looks again by itself").isFalse();
    queue.add("e", 1);
    queue.add("f", 1);
    assertThat(queue.news()).as("full again").isTrue();
    assertThat(queue.batch(2)).containsExactly("d", "e", "f");
    queue.done();
    assertThat(queue.news()).isFalse();
    queue.add("g", 3);
    assertThat(queue.news()).isTrue();
  }
}
