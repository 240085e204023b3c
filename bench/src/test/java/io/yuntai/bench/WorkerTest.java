package io.yuntai.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
    try (Worker worker = sides().startOurs(TINY_MODEL)) {
      assertThat(worker.facts()).containsKey("kernel");
      assertThat(worker.measure(new Phase.Prefill(24))).isPositive();
      assertThat(worker.measure(new Phase.Decode(4, 8))).isPositive();
    }
  }

  @Test
  void aFileThatIsNoModelIsRefusedInTheWorkersOwnWords() throws Exception {
    Path file = Files.writeString(folder.resolve("poem.gguf"), "no weights here");
    assertThatExceptionOfType(BenchException.class)
        .isThrownBy(() -> sides().startOurs(file))
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
    return new Sides(folder.resolve("llama.cpp"), folder, 1, 24, 4, 8, null);
  }
}
