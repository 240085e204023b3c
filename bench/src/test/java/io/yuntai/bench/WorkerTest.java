package io.yuntai.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.yuntai.cli.rehearsal.TinyModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerTest {
  private static final Path TINY_MODEL =
      Path.of("../engine/src/test/resources/io/yuntai/engine/models/qwen2.gguf");

  @TempDir private Path folder;

  @Test
  void yuntaisWorkerTellsItsKernelAndMeasuresEachPhase() throws Exception {
    try (Worker worker = sides().startOurs(TINY_MODEL, 64, 256)) {
      assertThat(worker.facts()).containsKey("kernel");
      assertThat(worker.measure(new Phase.Prefill(24))).isPositive();
      assertThat(worker.measure(new Phase.Decode(3, 4, 8))).isPositive();
      assertThat(worker.measure(new Phase.Deep(20, 2))).isPositive();
    }
  }

  @Test
  void streamsThatShareAPrefixEachTellTheirFirstTokensTime() throws Exception {
    Path model = folder.resolve("tiny.gguf");
    TinyModel.write(model, 64);
    Phase.SharedPrefix phase = new Phase.SharedPrefix(3, 32, 4, 2);
    try (Worker worker = sides().startOurs(model, 64, 256)) {
      assertThat(worker.measure(phase)).isPositive();
    }
    assertThat(phase.value(new long[] {1_000_000_000, 2_000_000_000, 3_000_000_000L})).isEqualTo(2);
  }

  @Test
  void memoryIsThatOfAFilledContext() throws Exception {
    try (Worker worker = sides().startOurs(TINY_MODEL, 64, 64)) {
      assertThat(worker.peakMegabytes(64)).isGreaterThan(1);
    }
  }

  @Test
  void aFileThatIsNoModelIsRefusedInTheWorkersOwnWords() throws Exception {
    Path file = Files.writeString(folder.resolve("poem.gguf"), "no weights here");
    assertThatExceptionOfType(BenchException.class)
        .isThrownBy(() -> sides().startOurs(file, 64, 64))
        .withMessageContaining("Yuntai gave up")
        .withMessageContaining("poem.gguf");
  }

  @Test
  void aProcessThatEndsIsReportedWithTheEndOfItsLog() {
    assertThatExceptionOfType(BenchException.class)
        .isThrownBy(() ->
            new Worker("peer", List.of("sh", "-c", "echo broken >&2"), folder.resolve("peer.log")))
        .withMessageContaining("its process ended")
        .withMessageContaining("broken");
  }

  @Test
  void aCommandThatDoesNotExistIsReportedByName() {
    assertThatExceptionOfType(BenchException.class)
        .isThrownBy(
            () -> new Worker("peer", List.of("./no-such-command"), folder.resolve("peer.log")))
        .withMessageContaining("no-such-command");
  }

  private Sides sides() {
    return new Sides(Path.of("../yuntai"), folder.resolve("llama.cpp"), folder, 1, "auto", null);
  }
}
