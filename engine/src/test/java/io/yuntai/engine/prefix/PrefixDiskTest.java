package io.yuntai.engine.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PrefixDiskTest {
  private static final int BLOCK_BYTES = 1000;
  private static final long ROOM = 1 << 20;

  @TempDir private Path folder = Path.of("");

  private PrefixDisk open(long bytesMax) throws IOException {
    PrefixDisk disk = new PrefixDisk(folder.resolve("prefixes"), bytesMax);
    assertThat(disk.awaitIndex()).isTrue();
    return disk;
  }

  private static List<PrefixKey> keys(PrefixDisk disk, String namespace, int blocks) {
    int[] tokens = new Random(7).ints(4L * blocks, 0, 1000).toArray();
    return PrefixKey.chain(disk.secret(), "model", namespace, tokens, 4, blocks);
  }

  private static void offer(PrefixDisk disk, PrefixKey key) {
    assertThat(disk.offer(key, BLOCK_BYTES, to -> to.copyFrom(content(key)))).isTrue();
  }

  private static MemorySegment content(PrefixKey key) {
    byte[] bytes = new byte[BLOCK_BYTES];
    new Random(key.digest().hashCode()).nextBytes(bytes);
    return MemorySegment.ofArray(bytes);
  }

  private static boolean finds(PrefixDisk disk, PrefixKey key) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(BLOCK_BYTES);
      boolean found = disk.read(key, into);
      if (found) {
        assertThat(into.mismatch(content(key))).isEqualTo(-1);
      }
      return found;
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.toString().endsWith(".kv")).sorted().toList();
    }
  }

  @Test
  void whatWasWrittenIsFoundByTheNextProcess() throws IOException {
    List<PrefixKey> keys;
    try (PrefixDisk disk = open(ROOM)) {
      keys = keys(disk, "tenant", 5);
      keys.forEach(key -> offer(disk, key));
    }
    try (PrefixDisk disk = open(ROOM)) {
      assertThat(keys(disk, "tenant", 5)).isEqualTo(keys);
      assertThat(keys).allMatch(key -> finds(disk, key));
      assertThat(keys(disk, "another", 5)).noneMatch(key -> disk.has(key) || finds(disk, key));
      assertThat(disk.statistics().blocks()).isEqualTo(5);
      assertThat(disk.statistics().bytes()).isEqualTo(5 * (BLOCK_BYTES + BlockFile.HEADER_BYTES));
    }
  }

  @Test
  void filesAreTheirOwnersAlone() throws IOException {
    try (PrefixDisk disk = open(ROOM)) {
      offer(disk, keys(disk, "tenant", 1).getFirst());
    }
    Path root = folder.resolve("prefixes");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
        .isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("secret"))))
        .isEqualTo("rw-------");
  }

  @Test
  void anyDamageIsNoticedAndForgotten() throws IOException {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("PrefixDiskTest seed " + seed);
    Random random = new Random(seed);
    List<PrefixKey> keys;
    try (PrefixDisk disk = open(ROOM)) {
      keys = keys(disk, "tenant", 40);
      keys.forEach(key -> offer(disk, key));
    }
    for (Path file : files()) {
      byte[] bytes = Files.readAllBytes(file);
      switch (random.nextInt(3)) {
        case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        default -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(9));
      }
      Files.write(file, bytes);
    }
    try (PrefixDisk disk = open(ROOM)) {
      assertThat(keys).noneMatch(key -> finds(disk, key));
      assertThat(disk.statistics().damaged()).isEqualTo(40);
      assertThat(disk.statistics().bytes()).isZero();
      assertThat(files()).isEmpty();
      keys.forEach(key -> offer(disk, key));
    }
    try (PrefixDisk disk = open(ROOM)) {
      assertThat(keys).allMatch(key -> finds(disk, key));
    }
  }

  @Test
  void aBlockOfAnotherKeyIsNotTakenForIt() throws IOException {
    List<PrefixKey> keys;
    try (PrefixDisk disk = open(ROOM)) {
      keys = keys(disk, "tenant", 2);
      offer(disk, keys.get(0));
    }
    Path file = files().getFirst();
    String name = keys.get(1).digest() + "-1.kv";
    Files.move(file, file.resolveSibling(name));
    try (PrefixDisk disk = open(ROOM)) {
      assertThat(disk.has(keys.get(1))).isTrue();
      assertThat(finds(disk, keys.get(1))).isFalse();
    }
  }

  @Test
  void theBoundHoldsAndTheEndsOfOldPromptsGoFirst() throws IOException {
    List<PrefixKey> old;
    List<PrefixKey> recent;
    try (PrefixDisk disk = open(ROOM)) {
      old = keys(disk, "old", 10);
      recent = keys(disk, "recent", 10);
      old.forEach(key -> offer(disk, key));
      recent.forEach(key -> offer(disk, key));
    }
    Instant now = Instant.now(); // the blocks of a prompt were used at one time
    for (Path file : files()) {
      boolean isOld = file.toString().contains(old.getFirst().owner());
      Files.setLastModifiedTime(file, FileTime.from(now.minusSeconds(isOld ? 1000 : 10)));
    }
    try (PrefixDisk disk = open(15 * (BLOCK_BYTES + BlockFile.HEADER_BYTES))) {
      assertThat(disk.statistics().bytes()).isLessThanOrEqualTo(disk.statistics().bytesMax());
      assertThat(recent).allMatch(disk::has);
      assertThat(old.subList(0, 4)).allMatch(disk::has);
      assertThat(old.subList(4, 10)).noneMatch(disk::has);
      assertThat(files()).hasSize(14);
    }
  }

  @Test
  void whatAKilledProcessLeftIsCleared() throws IOException {
    try (PrefixDisk disk = open(ROOM)) {
      offer(disk, keys(disk, "tenant", 1).getFirst());
    }
    Path draft = files().getFirst().resolveSibling("half.kv.new");
    Files.write(draft, new byte[100]);
    try (PrefixDisk disk = open(ROOM)) {
      assertThat(draft).doesNotExist();
      assertThat(disk.statistics().blocks()).isEqualTo(1);
    }
  }

  @Test
  @Timeout(60)
  void aDiskThatFailsCostsNothingButTheBlock() throws IOException {
    try (PrefixDisk disk = open(ROOM)) {
      PrefixKey key = keys(disk, "tenant", 1).getFirst();
      // A file where the folder should be: nothing can be written below it.
      Files.createFile(folder.resolve("prefixes").resolve(key.owner()));
      offer(disk, key);
      while (disk.has(key)) {
        Thread.onSpinWait();
      }
      assertThat(finds(disk, key)).isFalse();
      assertThat(disk.offer(key, BLOCK_BYTES, _ -> {})).as("while it pauses").isFalse();
      assertThat(disk.statistics().written()).isZero();
    }
  }
}
