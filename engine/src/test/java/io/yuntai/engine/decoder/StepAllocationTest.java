package io.yuntai.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.kernel.KernelChoice;
import io.yuntai.engine.kernel.Kernels;
import io.yuntai.engine.kernel.KvCache;
import io.yuntai.engine.kernel.ScalarKernels;
import io.yuntai.engine.kernel.WorkerTeam;
import io.yuntai.engine.packed.PackedCache;
import io.yuntai.engine.quant.TensorType;
import io.yuntai.engine.sampling.Sampler;
import io.yuntai.engine.sampling.SamplingParameters;
import io.yuntai.engine.sampling.TokenCounts;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A step of decoder and greedy sampler takes nothing from the heap, neither on the thread that
 * calls nor on the workers', once all code is compiled: with the machine code of AVX-512 where it
 * runs, else with the scalar reference.
 */
class StepAllocationTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261123);
  private static final int WIDTH = 128;
  private static final int INNER = 256;
  private static final int VOCABULARY = 96;
  private static final int CONTEXT = 128;
  private static final int BATCH = 64;
  private static final int STEPS = 50;
  private static final int ROUNDS_MAX = 600;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path folder;

  @Test
  void aTokenOfOneStream() throws IOException {
    assertThat(leastAllocated(1, 1)).isZero();
  }

  @Test
  void aTokenOfEachOfEightStreams() throws IOException {
    assertThat(leastAllocated(8, 1)).isZero();
  }

  @Test
  void aChunkOfAPrompt() throws IOException {
    assertThat(leastAllocated(1, BATCH)).isZero();
  }

  /** Bytes that all threads together took in {@link #STEPS} steps: the least of some rounds. */
  private long leastAllocated(int streams, int tokens) throws IOException {
    try (Decoder decoder = open()) {
      int[] ids = new int[streams * tokens];
      Arrays.setAll(ids, i -> i * 7 % VOCABULARY);
      int[] positions = new int[ids.length];
      int[] sequences = IntStream.range(0, ids.length).map(i -> i / tokens).toArray();
      int blocks = CONTEXT / KvCache.BLOCK_TOKENS;
      int[][] tables = new int[streams][];
      Arrays.setAll(tables, i -> IntStream.range(i * blocks, (i + 1) * blocks).toArray());
      int[] rows = IntStream.range(0, streams).map(i -> (i + 1) * tokens - 1).toArray();
      float[][] logits = new float[streams][VOCABULARY];
      Batch batch = new Batch(ids, positions, sequences, tables, rows);
      Sampler sampler = new Sampler(VOCABULARY);
      TokenCounts counts = new TokenCounts();
      long[] threads = threads();
      long least = Long.MAX_VALUE;
      for (int round = 0; round < ROUNDS_MAX && least > 0; round++) {
        long before = allocated(threads);
        for (int step = 0; step < STEPS; step++) {
          for (int i = 0; i < ids.length; i++) {
            positions[i] = tokens == 1 ? step : step % (CONTEXT / tokens) * tokens + i % tokens;
          }
          decoder.forward(batch, logits);
          for (int stream = 0; stream < streams; stream++) {
            int row = rows[stream];
            ids[row] =
                sampler.sample(logits[stream], counts, SamplingParameters.GREEDY, positions[row]);
          }
        }
        least = Math.min(least, allocated(threads) - before);
      }
      return least;
    }
  }

  /** This thread and all workers that there are. */
  private static long[] threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread ->
            thread == Thread.currentThread() || thread.getName().startsWith("yuntai-worker-"))
        .mapToLong(Thread::threadId)
        .toArray();
  }

  private static long allocated(long[] threads) {
    long sum = 0;
    for (long thread : threads) {
      sum += Math.max(0, THREADS.getThreadAllocatedBytes(thread)); // -1 for one that has ended
    }
    return sum;
  }

  private Decoder open() throws IOException {
    RandomModel model =
        new RandomModel("qwen2", SEED)
            .put("block_count", 2)
            .put("context_length", CONTEXT)
            .put("embedding_length", WIDTH)
            .put("feed_forward_length", INNER)
            .put("attention.head_count", 4)
            .put("attention.head_count_kv", 2)
            .put("attention.layer_norm_rms_epsilon", 1e-6f)
            .put("rope.freq_base", 1e6f)
            .matrix(TensorType.Q8_0, "token_embd.weight", WIDTH, VOCABULARY)
            .norm("output_norm.weight", WIDTH);
    for (int i = 0; i < 2; i++) {
      String layer = "blk." + i + ".";
      model
          .norm(layer + "attn_norm.weight", WIDTH)
          .matrix(TensorType.Q5_0, layer + "attn_q.weight", WIDTH, WIDTH)
          .matrix(TensorType.Q5_0, layer + "attn_k.weight", WIDTH, WIDTH / 2)
          .matrix(TensorType.Q8_0, layer + "attn_v.weight", WIDTH, WIDTH / 2)
          .bias(layer + "attn_q.bias", WIDTH)
          .bias(layer + "attn_k.bias", WIDTH / 2)
          .bias(layer + "attn_v.bias", WIDTH / 2)
          .matrix(TensorType.Q4_0, layer + "attn_output.weight", WIDTH, WIDTH)
          .norm(layer + "ffn_norm.weight", WIDTH)
          .matrix(TensorType.Q5_0, layer + "ffn_gate.weight", WIDTH, INNER)
          .matrix(TensorType.Q5_0, layer + "ffn_up.weight", WIDTH, INNER)
          .matrix(TensorType.Q6_K, layer + "ffn_down.weight", INNER, WIDTH);
    }
    GgufFile file = GgufFile.open(model.write(folder.resolve("model.gguf")));
    return new TransformerDecoder(
        file,
        Architecture.of(file).configure(file),
        kernels(),
        new WorkerTeam(2),
        CONTEXT,
        KvSize.whole(8 * CONTEXT / KvCache.BLOCK_TOKENS, KvCache.Format.F16),
        BATCH,
        PackedCache.NONE,
        false);
  }

  private static Kernels kernels() {
    return KernelChoice.available().stream()
        .filter(
            kernels -> kernels.name().equals("amx-int8") || kernels.name().equals("avx512-vnni"))
        .findFirst()
        .orElseGet(ScalarKernels::new);
  }
}
