package io.yuntai.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.ModelFormatException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files are either refused by one {@link ModelFormatException} or read in full; nothing
 * else comes out. {@code -Dyuntai.seed=N} repeats one random damage.
 */
class GgufFuzzTest {
  private static final int RANDOM_DAMAGES = 20_000;

  private static final byte[] INTACT = SampleGguf.full().bytes();

  private final Arena arena = Arena.ofAuto();

  /** Whether the bytes are a file; everything in it is read. */
  private boolean accepts(byte[] bytes) {
    try {
      readEverything(GgufFile.parse("f.gguf", MemorySegment.ofArray(bytes), arena));
      return true;
    } catch (ModelFormatException e) {
      assertThat(e).hasMessageStartingWith("f.gguf: ");
      assertThat(e.getMessage()).doesNotContainPattern("\\p{Cntrl}");
      return false;
    }
  }

  private static void readEverything(GgufFile file) {
    GgufInspection.metadata(file, 100);
    GgufInspection.tensors(file);
    for (MetadataValue value : file.metadata().values().values()) {
      GgufInspection.abbreviate(value, 40);
    }
    for (TensorInfo tensor : file.tensors()) {
      GgufInspection.values(tensor, 0, Math.toIntExact(tensor.rows() * tensor.columns()));
    }
    Metadata metadata = file.metadata();
    for (String key : metadata.values().keySet()) {
      switch (metadata.values().get(key)) {
        case MetadataValue.Array array when array.elementType() == MetadataType.STRING ->
            metadata.strings(key);
        case MetadataValue.Array array when array.elementType().isInteger() -> metadata.ints(key);
        case MetadataValue.Array array when array.elementType().isFloat() -> metadata.floats(key);
        case MetadataValue.Array array when array.elementType() == MetadataType.BOOL ->
            metadata.bools(key);
        case MetadataValue.Array _ -> {}
        case MetadataValue.Whole _ -> metadata.findLong(key);
        case MetadataValue.Real _ -> metadata.floatValue(key);
        case MetadataValue.Flag _ -> metadata.bool(key);
        case MetadataValue.Text _ -> metadata.string(key);
      }
    }
  }

  @Test
  void theIntactFileIsRead() {
    assertThat(accepts(INTACT)).isTrue();
  }

  @Test
  void noTruncatedFileIsRead() {
    int dataEnd = lastDataByte();
    for (int length = 0; length < INTACT.length; length++) {
      // Only the padding after the last tensor may be missing.
      assertThat(accepts(Arrays.copyOf(INTACT, length)))
          .as("first %d bytes", length)
          .isEqualTo(length >= dataEnd);
    }
  }

  private int lastDataByte() {
    GgufFile file = GgufFile.parse("f.gguf", MemorySegment.ofArray(INTACT), arena);
    TensorInfo last = file.tensors().getLast();
    return (int) (last.offset() + last.data().byteSize());
  }

  @Test
  void everyFlippedBitOfTheHeaderIsRefusedOrRead() {
    GgufFile file = GgufFile.parse("f.gguf", MemorySegment.ofArray(INTACT), arena);
    int headerBytes = (int) file.tensors().getFirst().offset();
    int refused = 0;
    for (int bit = 0; bit < 8 * headerBytes; bit++) {
      byte[] damaged = INTACT.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      refused += accepts(damaged) ? 0 : 1;
    }
    assertThat(refused).isPositive();
  }

  @Test
  void randomDamageIsRefusedOrRead() {
    Long only = Long.getLong("yuntai.seed");
    long first = only != null ? only : System.nanoTime();
    for (long seed = first; seed < first + (only != null ? 1 : RANDOM_DAMAGES); seed++) {
      try {
        accepts(damage(new SplittableRandom(seed)));
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + " fails; repeat it by -Dyuntai.seed=" + seed, e);
      }
    }
  }

  private static byte[] damage(SplittableRandom random) {
    byte[] damaged = INTACT.clone();
    int times = random.nextInt(1, 6);
    for (int i = 0; i < times; i++) {
      int position = random.nextInt(damaged.length);
      int length = Math.min(random.nextInt(1, 9), damaged.length - position);
      switch (random.nextInt(5)) {
        case 0 -> Arrays.fill(damaged, position, position + length, (byte) 0xff);
        case 1 -> Arrays.fill(damaged, position, position + length, (byte) 0);
        case 2 -> damaged[position] = (byte) random.nextInt();
        case 3 -> {
          int from = random.nextInt(damaged.length - length + 1);
          System.arraycopy(damaged, from, damaged, position, length);
        }
        default -> {
          byte[] noise = new byte[length];
          random.nextBytes(noise);
          System.arraycopy(noise, 0, damaged, position, length);
        }
      }
    }
    return random.nextInt(4) == 0
        ? Arrays.copyOf(damaged, random.nextInt(damaged.length + 1))
        : damaged;
  }

  @Test
  void damageOnDiskIsRefusedToo(@TempDir Path folder) throws IOException {
    Path path = folder.resolve("broken.gguf");
    for (int length = 0; length < INTACT.length - 64; length += 97) {
      Files.write(path, Arrays.copyOf(INTACT, length));
      assertThatThrownBy(() -> GgufFile.open(path))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageStartingWith("broken.gguf: ");
    }
  }
}
