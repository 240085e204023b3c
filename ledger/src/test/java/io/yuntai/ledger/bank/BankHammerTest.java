package io.yuntai.ledger.bank;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short run; {@code bench/money --only hammer} makes long ones. */
class BankHammerTest {
  @TempDir Path folder;

  @Test
  void nothingIsOverspentLostOrCountedTwice() throws Exception {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    BankHammer.Seen seen =
        new BankHammer(Integer.getInteger("yuntai.hammer.requests", 6_000), seed).run(folder);
    assertThat(seen.faults()).as("seed %d: %s", seed, seen).isEmpty();
    assertThat(seen.backendsKilled() + seen.checkpointersKilled()).as("kills").isPositive();
  }
}
