package io.yuntai.ledger.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.ledger.bank.Claim;
import io.yuntai.ledger.bank.Draw;
import io.yuntai.ledger.bank.EngineReceipt;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.ServiceClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final JournalSettings SMALL = new JournalSettings(1 << 14, 8);

  @TempDir Path folder;

  private final long seed = Long.getLong("yuntai.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private Journal open() {
    return Journal.open(FolderDisk.open(folder), SMALL);
  }

  private static UsageRecord usage(UUID id, int output, UsageStatus status) {
    return new UsageRecord(
        id,
        1,
        2,
        3,
        4,
        Instant.ofEpochSecond(1_800_000_000, 123_456_789),
        "qwen2.5-coder:0.5b",
        5,
        ServiceClass.PRIORITY,
        new MeteredTokens(10, 2, 1, output, 4),
        output * 1000L,
        999,
        status,
        List.of(new Draw(7, 8, 9), new Draw(10, 11, 12)));
  }

  private static EngineReceipt receipt(UUID id, int attempt) {
    return new EngineReceipt(
        id,
        attempt,
        1,
        "model qwen2.5-coder:0.5b",
        new MeteredTokens(10, 3, 0, 30, 4),
        77,
        34,
        UsageStatus.CANCELLED,
        new Claim(
            6,
            2,
            3,
            4,
            Instant.ofEpochSecond(1_800_000_000, 1),
            "qwen2.5-coder:0.5b",
            5,
            ServiceClass.BATCH,
            13,
            List.of(8L, 11L)));
  }

  private static UUID id(int number) {
    return new UUID(0x7000 | number, 0x8000_0000_0000_0000L | number);
  }

  @Test
  void whatIsNotSettledIsThereAgainWithItsLastWord() {
    try (Journal journal = open()) {
      journal.append(usage(id(1), 5, UsageStatus.FAILED), false);
      journal.append(usage(id(2), 6, UsageStatus.FAILED), false);
      journal.append(receipt(id(1), 0));
      journal.append(receipt(id(1), 1));
      journal.append(usage(id(1), 9, UsageStatus.COMPLETED), true);
      journal.append(usage(id(3), 7, UsageStatus.COMPLETED), true);
      journal.settled(List.of(id(3)));
    }
    try (Journal journal = open()) {
      // What is settled may come again with its segment: the bank knows it.
      assertThat(journal.unsettled())
          .contains(usage(id(1), 9, UsageStatus.COMPLETED), usage(id(2), 6, UsageStatus.FAILED));
      assertThat(journal.unkept()).containsExactlyInAnyOrder(receipt(id(1), 0), receipt(id(1), 1));
      journal.settled(List.of(id(1), id(2), id(3)));
      assertThat(journal.unkept()).hasSize(2);
      journal.kept(List.of(receipt(id(1), 0), receipt(id(1), 1)));
    }
    try (Journal journal = open()) {
      assertThat(journal.size()).isZero();
    }
  }

  @Test
  void aReceiptWithoutAClaimIsKept() {
    EngineReceipt unclaimed =
        new EngineReceipt(id(1), 0, 1, "engine", MeteredTokens.NONE, 0, 0, UsageStatus.COMPLETED);
    try (Journal journal = open()) {
      journal.append(unclaimed);
    }
    try (Journal journal = open()) {
      assertThat(journal.unkept()).containsExactly(unclaimed);
    }
  }

  @Test
  void aPlaceIsDurableOnceItIsForced() {
    try (Journal journal = open()) {
      long place = journal.append(usage(id(1), 5, UsageStatus.COMPLETED), true);
      assertThat(journal.durable()).isLessThan(place);
      journal.force();
      assertThat(journal.durable()).isEqualTo(place);
    }
  }

  /** A disk that takes its time when it is forced. */
  private record SlowDisk(Disk disk, CountDownLatch asked, CountDownLatch goesOn) implements Disk {
    @Override
    public List<String> list() throws IOException {
      return disk.list();
    }

    @Override
    public byte[] read(String name) throws IOException {
      return disk.read(name);
    }

    @Override
    public Appender create(String name, int bytes) throws IOException {
      Appender appender = disk.create(name, bytes);
      return new Appender() {
        @Override
        public void write(byte[] from, int length) throws IOException {
          appender.write(from, length);
        }

        @Override
        public void force() throws IOException {
          asked.countDown();
          try {
            goesOn.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          appender.force();
        }

        @Override
        public void close() throws IOException {
          appender.close();
        }
      };
    }

    @Override
    public void delete(String name) throws IOException {
      disk.delete(name);
    }

    @Override
    public void close() {
      disk.close();
    }
  }

  /** What a disk was asked to do, in its order: {@code force NAME}, {@code write NAME}. */
  private record ToldDisk(Disk disk, List<String> told) implements Disk {
    @Override
    public List<String> list() throws IOException {
      return disk.list();
    }

    @Override
    public byte[] read(String name) throws IOException {
      return disk.read(name);
    }

    @Override
    public Appender create(String name, int bytes) throws IOException {
      Appender appender = disk.create(name, bytes);
      return new Appender() {
        @Override
        public void write(byte[] from, int length) throws IOException {
          told.add("write " + name);
          appender.write(from, length);
        }

        @Override
        public void force() throws IOException {
          told.add("force " + name);
          appender.force();
        }

        @Override
        public void close() throws IOException {
          appender.close();
        }
      };
    }

    @Override
    public void delete(String name) throws IOException {
      disk.delete(name);
    }

    @Override
    public void close() {
      disk.close();
    }
  }

  @Test
  void aFullSegmentIsOnTheDiskBeforeTheNextOneBegins() {
    ToldDisk disk = new ToldDisk(FolderDisk.open(folder), new ArrayList<>());
    try (Journal journal = Journal.open(disk, SMALL)) {
      String first = disk.told().getLast();
      while (journal.segments() < 2) {
        journal.append(usage(id((int) journal.appended()), 5, UsageStatus.COMPLETED), true);
      }
      List<String> told = List.copyOf(disk.told());
      int begun = told.lastIndexOf(first) + 1; // nothing is written to the full one any more
      assertThat(told.get(begun)).isEqualTo(first.replace("write", "force"));
      assertThat(told.subList(begun + 1, told.size())).isNotEmpty().doesNotContain(first);
    }
  }

  @Test
  @Timeout(60) // where it hangs it has failed
  void whoAppendsDoesNotWaitForTheDiskWhileASegmentLasts() throws Exception {
    SlowDisk disk =
        new SlowDisk(FolderDisk.open(folder), new CountDownLatch(1), new CountDownLatch(1));
    try (Journal journal = Journal.open(disk, SMALL);
        ExecutorService forcing = Executors.newSingleThreadExecutor()) {
      journal.append(usage(id(0), 5, UsageStatus.COMPLETED), true);
      Future<?> forced = forcing.submit(journal::force);
      disk.asked().await();

      journal.append(usage(id(1), 5, UsageStatus.COMPLETED), true);

      assertThat(journal.durable()).isZero();
      disk.goesOn().countDown();
      forced.get();
      assertThat(journal.durable()).isEqualTo(1);
      journal.force();
      assertThat(journal.durable()).isEqualTo(journal.appended());
    }
  }

  @Test
  void aTornOrDamagedTailCostsNothingThatCameBefore() throws IOException {
    for (int round = 0; round < 40; round++) {
      Path home = folder.resolve("torn-" + round);
      List<Integer> outputs = new ArrayList<>();
      try (Journal journal = Journal.open(FolderDisk.open(home), SMALL)) {
        for (int i = 0; i < 30; i++) {
          int output = random.nextInt(1000);
          journal.append(usage(id(i), output, UsageStatus.COMPLETED), true);
          outputs.add(output);
        }
      }
      Path segment;
      try (Stream<Path> files = Files.list(home)) {
        segment = files.filter(file -> file.toString().endsWith(".log")).findFirst().orElseThrow();
      }
      byte[] bytes = Files.readAllBytes(segment);
      int used = bytes.length;
      while (bytes[used - 1] == 0) {
        used--;
      }
      int from = 16 + random.nextInt(used - 16);
      for (int at = from; at < Math.min(used, from + 1 + random.nextInt(40)); at++) {
        bytes[at] = (byte) random.nextInt();
      }
      Files.write(segment, bytes);
      try (Journal journal = Journal.open(FolderDisk.open(home), SMALL)) {
        List<UsageRecord> left = journal.unsettled();
        // Everything before the damage, and nothing that was never written.
        assertThat(left)
            .as("seed " + seed)
            .allSatisfy(record ->
                assertThat(record)
                    .isEqualTo(
                        usage(
                            record.requestId(),
                            outputs.get(
                                (int) (record.requestId().getLeastSignificantBits() & 0xff)),
                            UsageStatus.COMPLETED)));
        int whole = (from - 16) / (used / 30 + 1);
        assertThat(left.stream().map(UsageRecord::requestId))
            .as("seed " + seed)
            .containsAll(IntStream.range(0, Math.max(0, whole - 1)).mapToObj(i -> id(i)).toList());
      }
    }
  }

  @Test
  void stopsTakingRequestsBeforeItIsFullAndGoesOnWhenThereIsRoom() {
    try (Journal journal = Journal.open(FolderDisk.open(folder), new JournalSettings(1 << 14, 3))) {
      List<UUID> ids = new ArrayList<>();
      while (journal.takesRequests()) {
        UUID id = id(ids.size());
        ids.add(id);
        journal.append(usage(id, 5, UsageStatus.COMPLETED), true);
        journal.keepRoom();
        assertThat(ids.size()).isLessThan(1000);
      }
      // Those under way can still end.
      journal.append(usage(id(1000), 5, UsageStatus.COMPLETED), true);
      ids.add(id(1000));
      journal.settled(ids);
      journal.keepRoom();
      assertThat(journal.takesRequests()).isTrue();
    }
  }

  @Test
  void aRequestThatGoesOnForLongKeepsNoOldSegments() {
    try (Journal journal = open()) {
      journal.append(usage(id(1), 5, UsageStatus.FAILED), false);
      for (int i = 2; i < 2000; i++) {
        journal.append(usage(id(i), 5, UsageStatus.COMPLETED), true);
        journal.settled(List.of(id(i)));
        journal.keepRoom();
      }
      assertThat(journal.segments()).isLessThanOrEqualTo(4);
    }
    try (Journal journal = open()) {
      assertThat(journal.unsettled()).contains(usage(id(1), 5, UsageStatus.FAILED));
    }
  }

  @Test
  void aFileThatIsNotItsOwnIsNamed() throws IOException {
    Files.writeString(folder.resolve("usage-something.log"), "?");
    assertThatThrownBy(this::open)
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("usage-something.log");
  }
}
