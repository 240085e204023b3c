package io.yuntai.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.decoder.Architecture;
import io.yuntai.engine.decoder.Batch;
import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.decoder.ModelConfig;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.kernel.KvCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models larger than the memory that they are given. */
class WeightsOnDiskTest {
  private static final LoadOptions ROOMY = new LoadOptions(0, 0, KvCache.Format.F32, 2);

  @TempDir Path folder;
  private Path model;
  private Path packed;

  /** Work and one context: nothing is left for weights. */
  private LoadOptions tight;

  @BeforeEach
  void write() throws IOException {
    TinyModelFile tiny = new TinyModelFile();
    tiny.tensors.put("token_embd.weight", new long[] {TinyModelFile.WIDTH, 12_000});
    model = tiny.write(folder.resolve("large.gguf"));
    packed = folder.resolve("packed");
    try (GgufFile file = GgufFile.open(model)) {
      ModelConfig config = Architecture.of(file).configure(file);
      int context = LoadedModel.contextTokens(config, ROOMY);
      MemoryPlan whole = MemoryPlan.of(file, config, ROOMY, context, Long.MAX_VALUE);
      long least = whole.workBytes() + whole.kvBytes() / 4;
      tight = ROOMY.withMemory(least).keepingPacked(packed);
    }
  }

  @Test
  void giveTheSameBitsAndTellWhatToExpect() throws IOException {
    float[] expected = step(ROOMY, false);

    assertThat(step(tight, true)).isEqualTo(expected);
    assertThat(names()).as("made by the first load").anyMatch(name -> name.startsWith("packed-v"));
    assertThat(names()).noneMatch(name -> name.endsWith(".part"));
    assertThat(step(tight, true)).as("found by the second").isEqualTo(expected);

    WeightsOnDisk onDisk = WeightsOnDisk.forecast(model, tight).orElseThrow();
    assertThat(onDisk.stepBytes()).isEqualTo(onDisk.weightBytes());
    assertThat(onDisk.readBytesPerSecond()).isPositive();
    assertThat(onDisk.tokensPerSecond()).isPositive();
    assertThat(onDisk.sentence()).contains("larger than the memory", "tokens a second");
    assertThat(WeightsOnDisk.forecast(model, ROOMY)).isEmpty();
  }

  @Test
  void aDamagedFileIsMadeAgain() throws IOException {
    float[] expected = step(tight, true);
    Path file =
        folder
            .resolve("packed")
            .resolve(
                names().stream()
                    .filter(name -> name.startsWith("packed-v"))
                    .findFirst()
                    .orElseThrow());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 7] ^= 1;
    Files.write(file, bytes);

    // What reads weights from a damaged file would not be noticed by anything else.
    assertThat(step(tight, true)).isEqualTo(expected);
  }

  @Test
  void areRefusedWhereNotEvenTheRestFitsOrNothingMayBeKept() {
    assertThatThrownBy(() -> step(tight.withMemory(100_000), true))
        .isInstanceOf(NotEnoughMemoryException.class)
        .hasMessageContaining("take a smaller model or a shorter context");
    assertThatThrownBy(() -> step(ROOMY.withMemory(tight.memoryBytes()), true))
        .isInstanceOf(NotEnoughMemoryException.class)
        .hasMessageContaining("by keeping packed weights");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(packed)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private float[] step(LoadOptions options, boolean onDisk) {
    LoadedModel loaded = LoadedModel.open(model, options);
    try (Decoder decoder = loaded.decoder()) {
      assertThat(loaded.onDisk().isPresent()).isEqualTo(onDisk);
      float[][] logits = new float[1][decoder.vocabularySize()];
      decoder.forward(
          new Batch(
              new int[] {5, 11_999},
              new int[] {0, 1},
              new int[2],
              new int[][] {{0}},
              new int[] {1}),
          logits);
      return logits[0];
    }
  }
}
