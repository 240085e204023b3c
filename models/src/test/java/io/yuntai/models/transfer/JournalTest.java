package io.yuntai.models.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.models.transfer.Journal.Interval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir Path folder;

  @Test
  void presentAndMissingAreExactComplementsAlsoAfterReopening() throws IOException {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      int size = 1 + random.nextInt(300);
      int pieceMax = 1 + random.nextInt(50);
      BitSet expected = new BitSet(size);
      Path file = folder.resolve("journal-" + round);
      for (int opening = 0; opening < 3; opening++) {
        try (Journal journal = Journal.open(file, "identity", size)) {
          for (int i = 0; i < random.nextInt(12); i++) {
            int from = random.nextInt(size);
            int to = from + random.nextInt(size - from + 1);
            journal.add(from, to);
            expected.set(from, to);
          }
          BitSet missing = new BitSet(size);
          for (Interval interval : journal.missing(size, pieceMax)) {
            assertThat(interval.length()).as("seed %d", seed).isBetween(1L, (long) pieceMax);
            missing.set((int) interval.from(), (int) interval.to());
          }
          BitSet complement = (BitSet) expected.clone();
          complement.flip(0, size);
          assertThat(missing).as("seed %d", seed).isEqualTo(complement);
          assertThat(journal.presentBytes()).as("seed %d", seed).isEqualTo(expected.cardinality());
        }
      }
    }
  }

  @Test
  void anotherVersionOfTheFileStartsEmpty() throws IOException {
    Path file = folder.resolve("journal");
    try (Journal journal = Journal.open(file, "100 \"v1\"", 100)) {
      journal.add(0, 50);
    }
    try (Journal journal = Journal.open(file, "100 \"v2\"", 100)) {
      assertThat(journal.presentBytes()).isZero();
    }
  }

  @Test
  void aJournalCutAnywhereNeverNamesBytesThatItDidNot() throws IOException {
    Path file = folder.resolve("journal");
    try (Journal journal = Journal.open(file, "identity", 4000)) {
      journal.add(1000, 1234);
      journal.add(3000, 3100);
    }
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length <= whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      try (Journal journal = Journal.open(file, "identity", 4000)) {
        List<Interval> missing = journal.missing(4000, 4000);
        assertThat(missing.getFirst()).isIn(new Interval(0, 1000), new Interval(0, 4000));
        assertThat(journal.presentBytes()).isLessThanOrEqualTo(334);
      }
    }
  }
}
