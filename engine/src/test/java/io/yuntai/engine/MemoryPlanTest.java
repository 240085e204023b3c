package io.yuntai.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.decoder.Architecture;
import io.yuntai.engine.decoder.ModelConfig;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.kernel.KvCache;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryPlanTest {
  private static final int CONTEXT = 64;

  /** One layer, one head, 16 + 16 elements, 32 positions, 4 bytes. */
  private static final long BLOCK_BYTES = 32 * 32 * 4;

  @TempDir Path folder;
  private GgufFile file;
  private ModelConfig config;

  @BeforeEach
  void openModel() throws IOException {
    file = GgufFile.open(new TinyModelFile().write(folder.resolve("tiny.gguf")));
    config = Architecture.of(file).configure(file);
  }

  @AfterEach
  void closeModel() {
    file.close();
  }

  @Test
  void takesFourContextsWhereThereIsRoom() {
    MemoryPlan plan = plan(0, Long.MAX_VALUE);
    assertThat(plan.kv().blocks()).isEqualTo(4 * CONTEXT / 32);
    assertThat(plan.kvBytes()).isEqualTo(8 * BLOCK_BYTES);
  }

  @Test
  void takesWhatFitsWhereThereIsLess() {
    MemoryPlan whole = plan(0, Long.MAX_VALUE);
    long rest = whole.weightBytes() + whole.workBytes();
    assertThat(plan(0, rest + 5 * BLOCK_BYTES).kv().blocks()).isEqualTo(5);
  }

  @Test
  void takesWhatIsAskedForButNeverLessThanOneContext() {
    assertThat(plan(100, Long.MAX_VALUE).kv().blocks()).isEqualTo(4);
    assertThat(plan(1, Long.MAX_VALUE).kv().blocks()).isEqualTo(2);
  }

  @Test
  void leavesWeightsOnDiskWhereThereIsNoRoomButForTheRest() {
    MemoryPlan whole = plan(0, Long.MAX_VALUE);
    long least = whole.workBytes() + CONTEXT / 32 * BLOCK_BYTES;
    LoadOptions keeping = new LoadOptions(0, 0, KvCache.Format.F32, 1).keepingPacked(folder);

    MemoryPlan plan = MemoryPlan.of(file, config, keeping, CONTEXT, least);
    assertThat(plan.onDisk()).isTrue();
    assertThat(plan.kv().blocks()).isEqualTo(CONTEXT / 32);
    assertThat(whole.onDisk()).isFalse();
    assertThatThrownBy(() -> MemoryPlan.of(file, config, keeping, CONTEXT, least - 1))
        .isInstanceOf(NotEnoughMemoryException.class)
        .hasMessageContaining("a shorter context");
    assertThatThrownBy(() -> plan(0, least))
        .isInstanceOf(NotEnoughMemoryException.class)
        .hasMessageContaining("by keeping packed weights there");
  }

  @Test
  void saysHowMuchIsMissing() {
    assertThatThrownBy(() -> plan(0, 10_000))
        .isInstanceOf(NotEnoughMemoryException.class)
        .hasMessageContaining("tiny.gguf needs")
        .hasMessageContaining("available");
  }

  private MemoryPlan plan(int kvTokens, long available) {
    LoadOptions options = new LoadOptions(0, kvTokens, KvCache.Format.F32, 1);
    return MemoryPlan.of(file, config, options, CONTEXT, available);
  }
}
