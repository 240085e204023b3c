package io.yuntai.engine.packed;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.decoder.Batch;
import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.kernel.KvCache;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packed weights on disk: used when they are right, and never missed when they are not. */
class PackedCacheTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261122);
  private static final FileTime EPOCH = FileTime.from(Instant.EPOCH);

  @TempDir Path home;
  private final Random random = new Random(SEED);
  private Path model;
  private Path folder;
  private float[] expected;

  @BeforeEach
  void pack() throws IOException {
    model = CachedModel.write(home.resolve("model.gguf"), SEED);
    folder = home.resolve("packed").resolve("model");
    expected = step(new LoadOptions(0, 0, KvCache.Format.F32, 2));
  }

  @Test
  void theFirstLoadWritesAndTheSecondReads() throws IOException {
    assertThat(load()).isEqualTo(expected);
    assertThat(names()).containsExactly(".lock", packedName(), "source.txt");
    assertThat(folder.resolve("source.txt")).hasContent(model.toString());

    Files.setLastModifiedTime(packed(), EPOCH);
    assertThat(load()).isEqualTo(expected);
    assertThat(Files.getLastModifiedTime(packed())).as("not written again").isEqualTo(EPOCH);
  }

  @Test
  void onlyTheOwnerMayLookInside() throws IOException {
    load();
    assertThat(Files.getPosixFilePermissions(folder)).hasSize(3);
    assertThat(Files.getPosixFilePermissions(packed())).hasSize(2);
  }

  @Test
  void whateverIsWrongWithTheFileItIsWrittenAgain() throws IOException {
    load();
    byte[] good = Files.readAllBytes(packed());
    for (int round = 0; round < 120; round++) {
      damage(good);
      assertThat(load()).as("round %d, seed %d", round, SEED).isEqualTo(expected);
      assertThat(Files.readAllBytes(packed())).as("round %d, seed %d", round, SEED).isEqualTo(good);
    }
  }

  private void damage(byte[] good) throws IOException {
    byte[] bad = good.clone();
    int dataOffset = 64 << 10;
    int header = 72 + 4 * PackedHeader.chunks(good.length - dataOffset) + 4;
    switch (random.nextInt(6)) {
      case 0 -> bad[random.nextInt(header)] ^= (byte) (1 << random.nextInt(8));
      case 1 ->
          bad[dataOffset + random.nextInt(good.length - dataOffset)] ^=
              (byte) (1 << random.nextInt(8));
      case 2 -> bad = java.util.Arrays.copyOf(bad, random.nextInt(good.length));
      case 3 -> bad = java.util.Arrays.copyOf(bad, good.length + 1 + random.nextInt(5000));
      case 4 -> {
        bad = new byte[random.nextInt(200)];
        random.nextBytes(bad);
      }
      default -> java.util.Arrays.fill(bad, random.nextInt(good.length - 1), good.length, (byte) 0);
    }
    Files.write(packed(), bad);
  }

  @Test
  void aModelFileWrittenAnewIsPackedAnew() throws IOException {
    load();
    Files.setLastModifiedTime(packed(), EPOCH);
    FileTime time = Files.getLastModifiedTime(model);
    CachedModel.write(model, SEED + 1);
    Files.setLastModifiedTime(model, time);

    float[] other = step(new LoadOptions(0, 0, KvCache.Format.F32, 2));
    assertThat(other).isNotEqualTo(expected);
    assertThat(load()).as("same size, same time, other weights").isEqualTo(other);
    assertThat(Files.getLastModifiedTime(packed())).isNotEqualTo(EPOCH);
  }

  @Test
  void aTouchedModelFileIsPackedAnew() throws IOException {
    load();
    Files.setLastModifiedTime(packed(), EPOCH);
    Files.setLastModifiedTime(model, EPOCH);
    assertThat(load()).isEqualTo(expected);
    assertThat(Files.getLastModifiedTime(packed())).isNotEqualTo(EPOCH);
  }

  @Test
  void whatOlderVersionsAndKilledWritersLeftIsRemoved() throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("packed-v0.weights"), "old");
    Files.writeString(folder.resolve("new-123.part"), "half");
    load();
    assertThat(names()).containsExactly(".lock", packedName(), "source.txt");
  }

  @Test
  void aFolderThatCantBeMadeCostsNothing() throws IOException {
    Files.writeString(home.resolve("packed"), "in the way");
    assertThat(load()).isEqualTo(expected);
  }

  @Test
  void aFolderInTheFilesPlaceCostsNothing() throws IOException {
    Files.createDirectories(packed().resolve("inside"));
    assertThat(load()).isEqualTo(expected);
  }

  @Test
  void manyAtOnceDontDisturbEachOther() throws Exception {
    List<Callable<float[]>> loads = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      loads.add(this::load);
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      for (Future<float[]> load : threads.invokeAll(loads)) {
        assertThat(load.get()).isEqualTo(expected);
      }
    }
    assertThat(names()).containsExactly(".lock", packedName(), "source.txt");
  }

  @Test
  void killedWritersLeaveNothingThatIsRead() throws Exception {
    for (int round = 0; round < 3; round++) {
      Process process =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "--add-modules=jdk.incubator.vector",
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  CachedModel.class.getName(),
                  model.toString(),
                  folder.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      // It writes over and over, so that any moment after its first word is within a write.
      assertThat(process.inputReader().readLine()).isEqualTo("writing");
      for (long spins = random.nextInt(20_000_000); spins > 0; spins--) {
        Thread.onSpinWait();
      }
      process.destroyForcibly().waitFor();

      assertThat(load()).as("round %d, seed %d", round, SEED).isEqualTo(expected);
    }
    corruptLastByte(packed());
    load();
    assertThat(names()).containsExactly(".lock", packedName(), "source.txt");
  }

  private static void corruptLastByte(Path file) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.seek(access.length() - 1);
      int last = access.read();
      access.seek(access.length() - 1);
      access.write(last ^ 1);
    }
  }

  private Path packed() {
    return PackedCache.path(folder);
  }

  private String packedName() {
    return packed().getFileName().toString();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }

  private float[] load() {
    return step(new LoadOptions(0, 0, KvCache.Format.F32, 2).keepingPacked(folder));
  }

  private float[] step(LoadOptions options) {
    try (Decoder decoder = LoadedModel.open(model, options).decoder()) {
      float[][] logits = new float[1][decoder.vocabularySize()];
      decoder.forward(
          new Batch(new int[] {1}, new int[] {0}, new int[] {0}, new int[][] {{0}}, new int[] {0}),
          logits);
      return logits[0];
    }
  }
}
