package io.yuntai.engine.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.GgufWriter;
import io.yuntai.engine.gguf.MetadataValue;
import io.yuntai.engine.quant.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelWriterTest {
  private static final int COLUMNS = 256;
  private static final int ROWS = 3000;

  @TempDir Path folder;

  @Test
  void anyNumberOfThreadsWritesTheSameBytes() throws Exception {
    Path source = source(0);
    byte[] alone = Files.readAllBytes(write(source, Recipe.Q4_K_M, 1));

    assertThat(write(source, Recipe.Q4_K_M, 2)).hasBinaryContent(alone);
    assertThat(write(source, Recipe.Q4_K_M, 7)).hasBinaryContent(alone);
  }

  @Test
  void metadataIsKeptAndTheTypeNamed() throws Exception {
    Path target = write(source(0), Recipe.Q4_K_M, 2);

    try (GgufFile file = GgufFile.open(target)) {
      assertThat(file.metadata().string("own.key")).isEqualTo("kept");
      assertThat(file.metadata().intValue("general.file_type")).isEqualTo(15);
      assertThat(file.metadata().intValue("general.quantization_version")).isEqualTo(2);
      assertThat(file.tensor("blk.0.attn_q.weight").type()).isEqualTo(TensorType.Q4_K);
      assertThat(file.tensor("output_norm.weight").type()).isEqualTo(TensorType.F32);
    }
  }

  @Test
  void theReportSumsUpWhatWasLost() throws Exception {
    try (SourceModel model = SourceModel.of(GgufFile.open(source(0)))) {
      AtomicLong last = new AtomicLong();
      QuantizationReport report =
          new ModelWriter(2, false, (tensor, done, all) -> last.set(all - done))
              .write(model, Recipe.Q8_0, folder.resolve("t.gguf"));

      QuantizationReport.OfType q8 = Objects.requireNonNull(report.byType().get(TensorType.Q8_0));
      assertThat(q8.tensors()).isEqualTo(2);
      assertThat(q8.elements()).isEqualTo(2L * ROWS * COLUMNS);
      assertThat(q8.relativeError()).isBetween(1e-3, 1e-2);
      assertThat(last).hasValue(0);
    }
  }

  @Test
  void whatIsNoNumberIsRefusedByTheTensorsName() throws Exception {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, 1e30f}) {
      Path source = source(bad);
      Path target = Files.writeString(folder.resolve("there.gguf"), "as it was");
      try (SourceModel model = SourceModel.of(GgufFile.open(source))) {
        assertThatThrownBy(() -> writer(2).write(model, Recipe.Q4_0, target))
            .isInstanceOf(ModelFormatException.class)
            .hasMessageContaining("tensor 'blk.0.attn_q.weight'");
      }
      assertThat(target).hasContent("as it was");
      assertThat(folder.resolve("there.gguf.partial")).doesNotExist();
    }
  }

  @Test
  void whatIsQuantisedAlreadyIsQuantisedAgainOnlyOnDemand() throws Exception {
    Path quantised = write(source(0), Recipe.Q4_K_M, 2);
    try (SourceModel model = SourceModel.of(GgufFile.open(quantised))) {
      assertThatThrownBy(() -> writer(2).write(model, Recipe.Q4_0, folder.resolve("t.gguf")))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("is quantised already, as Q4_K");
      QuantizationReport report =
          new ModelWriter(2, true, ModelWriter.Progress.NONE)
              .write(model, Recipe.Q8_0, folder.resolve("t.gguf"));
      assertThat(report.byType()).containsKey(TensorType.Q8_0);
    }
  }

  @Test
  void anInterruptLeavesNothing() throws Exception {
    Path target = folder.resolve("never.gguf");
    try (SourceModel model = SourceModel.of(GgufFile.open(source(0)))) {
      ModelWriter writer =
          new ModelWriter(2, false, (tensor, done, all) -> Thread.currentThread().interrupt());
      assertThatThrownBy(() -> writer.write(model, Recipe.Q4_0, target))
          .isInstanceOf(InterruptedException.class);
    }
    assertThat(Thread.interrupted()).isFalse();
    assertThat(target).doesNotExist();
    assertThat(folder.resolve("never.gguf.partial")).doesNotExist();
  }

  @Test
  void aFolderThatIsNotThereIsAnIoException() throws Exception {
    try (SourceModel model = SourceModel.of(GgufFile.open(source(0)))) {
      assertThatThrownBy(
              () -> writer(1).write(model, Recipe.Q4_0, folder.resolve("no").resolve("t.gguf")))
          .isInstanceOf(NoSuchFileException.class);
    }
  }

  private Path write(Path source, Recipe recipe, int threads)
      throws IOException, InterruptedException {
    Path target = folder.resolve("threads-" + threads + ".gguf");
    try (SourceModel model = SourceModel.of(GgufFile.open(source))) {
      QuantizationReport _ = writer(threads).write(model, recipe, target);
    }
    return target;
  }

  private static ModelWriter writer(int threads) {
    return new ModelWriter(threads, false, ModelWriter.Progress.NONE);
  }

  private Path source(float bad) throws IOException {
    Random random = new Random(1);
    float[] values = new float[ROWS * COLUMNS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    values[values.length - 5] = bad == 0 ? values[0] : bad;
    Path source = folder.resolve("source.gguf");
    new GgufWriter()
        .put("general.architecture", MetadataValue.text("llama"))
        .put("llama.block_count", MetadataValue.uint32(8))
        .put("own.key", MetadataValue.text("kept"))
        .tensor("token_embd.weight", List.of((long) COLUMNS, (long) ROWS), new float[values.length])
        .tensor("blk.0.attn_q.weight", List.of((long) COLUMNS, (long) ROWS), values)
        .tensor("output_norm.weight", List.of((long) COLUMNS), new float[COLUMNS])
        .write(source);
    return source;
  }
}
