package io.yuntai.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.cli.rehearsal.TinyModel;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.kernel.KvCache;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelWorkTest {
  @TempDir private Path folder;

  /** Two layers of width 64, keys and values of 32, inner length 96; 259 tokens; all F32. */
  private ModelWork tiny() throws Exception {
    Path file = folder.resolve("tiny.gguf");
    TinyModel.write(file, 64);
    try (GgufFile gguf = GgufFile.open(file)) {
      return ModelWork.of(gguf, KvCache.Format.F16);
    }
  }

  @Test
  void weightsAndMultiplyAddsAreThoseOfTheMatricesThatAStepReads() throws Exception {
    ModelWork work = tiny();
    long layers = 2L * (64 * 64 * 2 + 64 * 32 * 2 + 64 * 96 * 3);
    assertThat(work.layerMultiplyAdds()).isEqualTo(layers);
    assertThat(work.outputMultiplyAdds()).isEqualTo(64 * 259);
    // The rehearsal's model has Q8_0 layers (34 bytes for 32 weights) and an F32 output.
    assertThat(work.fileWeightBytes()).isEqualTo(layers / 32 * 34 + 4 * 64 * 259);
    assertThat(work.kvBytes()).isEqualTo(2 * 64 * 2);
    assertThat(work.attentionMultiplyAdds()).isEqualTo(2 * 64 * 2);
  }

  @Test
  void manyStreamsShareTheReadingOfTheWeights() throws Exception {
    ModelWork work = tiny();
    assertThat(work.decode(16, 0).bytes()).isEqualTo(work.decode(1, 0).bytes());
    assertThat(work.decode(16, 0).multiplyAdds()).isEqualTo(16 * work.decode(1, 0).multiplyAdds());
    ModelWork.Step one = work.decode(1, 0);
    assertThat(one.isBoundByMemory(1, 1e18)).isTrue();
    assertThat(one.limit(one.bytes(), 1e18)).isEqualTo(1);
    assertThat(one.limit(1e18, 2 * one.multiplyAdds())).isEqualTo(2);
  }

  @Test
  void aChunkOfAPromptReadsTheKeysBeforeIt() throws Exception {
    ModelWork work = tiny();
    double once = work.prefill(64, 64).bytes();
    double twice = work.prefill(64, 32).bytes();
    assertThat(twice - once).isEqualTo(work.loadedWeightBytes() + 32.0 * work.kvBytes());
    assertThat(work.prefill(64, 32).multiplyAdds()).isEqualTo(work.prefill(64, 64).multiplyAdds());
  }
}
