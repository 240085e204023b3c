package io.yuntai.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.kernel.KvCache;
import io.yuntai.engine.kernel.ScalarKernels;
import io.yuntai.engine.kernel.WorkerTeam;
import io.yuntai.engine.packed.PackedCache;
import io.yuntai.engine.quant.TensorType;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is foretold of the memory that batches are worked on in, beside what is really taken. */
class WorkMemoryTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261124);
  private static final int WIDTH = 256;
  private static final int EXPERTS = 12;
  private static final int INNER = 512;
  private static final int BATCH = 256;
  private static final int MOST_COLLECTIONS = 20;
  private static final long SETTLED_BYTES = 100_000;

  @TempDir Path folder;

  @Test
  void aMixturesBuffersAreCounted() throws IOException {
    Path path = mixture().write(folder.resolve("mixture.gguf"));
    try (GgufFile file = GgufFile.open(path)) {
      ModelConfig config = Architecture.of(file).configure(file);
      long foretold = WorkMemory.bytes(config, BATCH, BATCH);
      WorkerTeam team = new WorkerTeam(1);
      long before = taken();
      try (Decoder decoder =
          new TransformerDecoder(
              file,
              config,
              new ScalarKernels(),
              team,
              BATCH,
              KvSize.whole(BATCH / KvCache.BLOCK_TOKENS, KvCache.Format.F16),
              BATCH,
              PackedCache.NONE,
              false)) {
        new Sequence(decoder, 0).append(IntStream.range(0, BATCH).map(i -> i % 50).toArray());
        long measured = taken() - before;
        // Some collectors round large arrays up to whole regions.
        assertThat(measured)
            .as("foretold %,d", foretold)
            .isBetween(foretold * 9 / 10, foretold * 7 / 4);
      }
    }
  }

  /**
   * On the heap, without what is collected, and outside of it. What other tests left may go only
   * some collections later, by cleaners of their own threads: so until nothing goes any more.
   */
  private static long taken() {
    long before = Long.MAX_VALUE;
    long now = takenAfterCollection();
    for (int i = 0; i < MOST_COLLECTIONS && before - now > SETTLED_BYTES; i++) {
      before = now;
      now = takenAfterCollection();
    }
    return now;
  }

  private static long takenAfterCollection() {
    System.gc();
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + direct;
  }

  private static RandomModel mixture() {
    RandomModel model =
        new RandomModel("qwen2moe", SEED)
            .put("block_count", 1)
            .put("context_length", BATCH)
            .put("embedding_length", WIDTH)
            .put("feed_forward_length", INNER)
            .put("expert_count", EXPERTS)
            .put("expert_used_count", 8)
            .put("expert_feed_forward_length", INNER)
            .put("expert_shared_feed_forward_length", INNER)
            .put("attention.head_count", 4)
            .put("attention.head_count_kv", 2)
            .put("attention.layer_norm_rms_epsilon", 1e-6f)
            .matrix(TensorType.Q8_0, "token_embd.weight", WIDTH, 60)
            .norm("output_norm.weight", WIDTH);
    String b = "blk.0.";
    return model
        .norm(b + "attn_norm.weight", WIDTH)
        .norm(b + "ffn_norm.weight", WIDTH)
        .matrix(TensorType.Q8_0, b + "attn_q.weight", WIDTH, WIDTH)
        .matrix(TensorType.Q8_0, b + "attn_k.weight", WIDTH, WIDTH / 2)
        .matrix(TensorType.Q8_0, b + "attn_v.weight", WIDTH, WIDTH / 2)
        .bias(b + "attn_q.bias", WIDTH)
        .bias(b + "attn_k.bias", WIDTH / 2)
        .bias(b + "attn_v.bias", WIDTH / 2)
        .matrix(TensorType.Q8_0, b + "attn_output.weight", WIDTH, WIDTH)
        .matrix(b + "ffn_gate_inp.weight", WIDTH, EXPERTS)
        .matrix(TensorType.Q8_0, b + "ffn_gate_exps.weight", WIDTH, INNER, EXPERTS)
        .matrix(TensorType.Q8_0, b + "ffn_up_exps.weight", WIDTH, INNER, EXPERTS)
        .matrix(TensorType.Q8_0, b + "ffn_down_exps.weight", INNER, WIDTH, EXPERTS)
        .matrix(TensorType.Q8_0, b + "ffn_gate_shexp.weight", WIDTH, INNER)
        .matrix(TensorType.Q8_0, b + "ffn_up_shexp.weight", WIDTH, INNER)
        .matrix(TensorType.Q8_0, b + "ffn_down_shexp.weight", INNER, WIDTH)
        .bias(b + "ffn_gate_inp_shexp.weight", WIDTH);
  }
}
