package io.yuntai.ledger.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.ledger.bank.Node;
import io.yuntai.ledger.journal.FolderDisk;
import io.yuntai.ledger.journal.Journal;
import io.yuntai.ledger.journal.JournalSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayNodeTest {
  @TempDir Path folder;

  @Test
  void aBankThatDoesNotAnswerIsNotAskedAgainAtOnce() {
    AtomicLong clock = new AtomicLong();
    try (Journal journal = Journal.open(FolderDisk.open(folder), JournalSettings.DEFAULT)) {
      GatewayNode node =
          new GatewayNode(
              new Node(1, 1),
              journal,
              NodeSettings.ALONE,
              clock::get,
              Instant.EPOCH,
              new Random(1));
      Duration retry = NodeSettings.ALONE.leases().retryAfter();
      for (int i = 0; i < 3; i++) {
        Objects.requireNonNull(node.errand(Errand.Kind.UPKEEP))
            .failed()
            .accept(new IllegalStateException("the bank is down"));

        assertThat(node.errand(Errand.Kind.UPKEEP)).isNull();
        assertThat(node.pause(Errand.Kind.UPKEEP)).isEqualTo(retry);
        clock.addAndGet(retry.toNanos());
      }
    }
  }
}
