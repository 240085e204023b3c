package io.yuntai.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.adapter.AdapterFile;
import io.yuntai.engine.adapter.RandomAdapter;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.kernel.KernelChoice;
import io.yuntai.engine.kernel.Kernels;
import io.yuntai.engine.kernel.KernelsUnderTest;
import io.yuntai.engine.kernel.KvCache;
import io.yuntai.engine.kernel.ScalarKernels;
import io.yuntai.engine.kernel.WorkerTeam;
import io.yuntai.engine.packed.PackedCache;
import io.yuntai.engine.quant.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each sequence's logits are the same bits with any kernels, threads and chunks, alone and among
 * sequences of other adapters and of none. Runs once per vector width.
 */
class LoraParityTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261124);
  private static final int WIDTH = 128;
  private static final int KEYS = 64;
  private static final int INNER = 224;
  private static final int VOCABULARY = 90;
  private static final int CONTEXT = 64;
  private static final int LAYERS = 2;
  private static final int[] PROMPT = new Random(SEED).ints(45, 0, VOCABULARY).toArray();

  @TempDir Path folder;
  private Path model;
  private final List<Path> adapters = new ArrayList<>();

  @BeforeEach
  void writeFiles() {
    RandomModel writer = new RandomModel("qwen2", SEED);
    writer.put("block_count", LAYERS).put("context_length", CONTEXT);
    writer.put("embedding_length", WIDTH).put("feed_forward_length", INNER);
    writer.put("attention.head_count", 4).put("attention.head_count_kv", 2);
    writer.put("attention.layer_norm_rms_epsilon", 1e-6f);
    writer.matrix(TensorType.Q8_0, "token_embd.weight", WIDTH, VOCABULARY);
    writer.norm("output_norm.weight", WIDTH);
    for (int i = 0; i < LAYERS; i++) {
      String layer = "blk." + i + ".";
      writer.norm(layer + "attn_norm.weight", WIDTH).norm(layer + "ffn_norm.weight", WIDTH);
      writer.matrix(TensorType.Q4_0, layer + "attn_q.weight", WIDTH, WIDTH);
      writer.matrix(TensorType.F16, layer + "attn_k.weight", WIDTH, KEYS);
      writer.matrix(TensorType.Q8_0, layer + "attn_v.weight", WIDTH, KEYS);
      writer.bias(layer + "attn_q.bias", WIDTH);
      writer.bias(layer + "attn_k.bias", KEYS).bias(layer + "attn_v.bias", KEYS);
      writer.matrix(TensorType.Q5_1, layer + "attn_output.weight", WIDTH, WIDTH);
      writer.matrix(TensorType.Q4_1, layer + "ffn_gate.weight", WIDTH, INNER);
      writer.matrix(TensorType.Q5_0, layer + "ffn_up.weight", WIDTH, INNER);
      writer.matrix(TensorType.Q4_0, layer + "ffn_down.weight", INNER, WIDTH);
    }
    model = writer.write(folder.resolve("model.gguf"));
    adapters.clear();
    adapters.add(everything(8, 1).writeGguf(folder.resolve("x.gguf"), TensorType.F16));
    adapters.add(everything(32, 2).writeGguf(folder.resolve("y.gguf"), TensorType.Q8_0));
    RandomAdapter some = new RandomAdapter("qwen2", 16, SEED + 3);
    some.add("blk.1.attn_v", WIDTH, KEYS, 40).add("blk.1.ffn_down", INNER, WIDTH, 3);
    adapters.add(some.writeGguf(folder.resolve("z.gguf"), TensorType.F32));
  }

  private static RandomAdapter everything(int rank, int seed) {
    RandomAdapter adapter = new RandomAdapter("qwen2", rank, SEED + seed);
    for (int i = 0; i < LAYERS; i++) {
      String layer = "blk." + i + ".";
      adapter.add(layer + "attn_q", WIDTH, WIDTH, rank).add(layer + "attn_k", WIDTH, KEYS, rank);
      adapter.add(layer + "attn_v", WIDTH, KEYS, rank);
      adapter.add(layer + "attn_output", WIDTH, WIDTH, rank);
      adapter.add(layer + "ffn_gate", WIDTH, INNER, rank).add(layer + "ffn_up", WIDTH, INNER, rank);
      adapter.add(layer + "ffn_down", INNER, WIDTH, rank);
    }
    return adapter;
  }

  @Test
  void kernelsThreadsAndChunksGiveTheSameBits() throws IOException {
    for (Path path : adapters) {
      float[][] reference = alone(new ScalarKernels(), 1, path, PROMPT.length);
      for (Kernels kernels : KernelsUnderTest.list()) {
        for (int threads = 1; threads <= 4; threads++) {
          for (int chunk : new int[] {PROMPT.length, 1, 7}) {
            assertThat(alone(kernels, threads, path, chunk))
                .as(
                    "%s, %s, %d threads, chunks of %d, seed %d",
                    path.getFileName(), kernels.name(), threads, chunk, SEED)
                .isDeepEqualTo(reference);
          }
        }
      }
    }
  }

  private float[][] alone(Kernels kernels, int threads, Path path, int chunk) throws IOException {
    try (Decoder decoder = open(kernels, threads);
        Adapter adapter = load(decoder, path)) {
      return new Sequence(decoder, 0, adapter).appendChunked(PROMPT, chunk);
    }
  }

  @Test
  void otherAdaptersInTheBatchChangeNothing() throws IOException {
    for (int threads = 1; threads <= 4; threads++) {
      try (Decoder decoder = open(KernelChoice.named(KernelChoice.AUTO), threads)) {
        // Two sequences of each adapter, and two of none.
        List<Adapter> loaded = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          for (Path path : adapters) {
            loaded.add(i == 0 ? load(decoder, path) : loaded.get(loaded.size() - 3));
          }
        }
        loaded.add(Adapter.NONE);
        loaded.add(Adapter.NONE);
        float[][][] mixed = mixed(decoder, loaded);
        for (int i = 0; i < loaded.size(); i++) {
          assertThat(mixed[i])
              .as("sequence %d, %d threads, seed %d", i, threads, SEED)
              .isDeepEqualTo(new Sequence(decoder, 0, loaded.get(i)).append(PROMPT));
        }
        assertThat(mixed[0]).as("adapters differ").isNotEqualTo(mixed[1]);
        assertThat(Arrays.deepEquals(mixed[0], mixed[6])).as("adapters do something").isFalse();
        loaded.stream().distinct().forEach(Adapter::close);
      }
    }
  }

  /** The same prompt for each adapter, a few tokens of some sequences in each batch. */
  private static float[][][] mixed(Decoder decoder, List<Adapter> adapters) {
    Random random = new Random(SEED);
    int count = adapters.size();
    int blocks = CONTEXT / KvCache.BLOCK_TOKENS;
    float[][][] logits = new float[count][PROMPT.length][VOCABULARY];
    int[] done = new int[count];
    while (Arrays.stream(done).anyMatch(length -> length < PROMPT.length)) {
      List<int[]> rows = new ArrayList<>();
      List<int[]> tables = new ArrayList<>();
      List<Adapter> ofBatch = new ArrayList<>();
      for (int s : shuffled(count, random)) {
        int length = Math.min(random.nextInt(6), PROMPT.length - done[s]);
        if (length == 0) {
          continue;
        }
        for (int i = 0; i < length; i++) {
          rows.add(new int[] {s, done[s]++, tables.size()});
        }
        tables.add(IntStream.range(s * blocks, (s + 1) * blocks).toArray());
        ofBatch.add(adapters.get(s));
      }
      if (rows.isEmpty()) {
        continue;
      }
      decoder.forward(
          new Batch(
              rows.stream().mapToInt(row -> PROMPT[row[1]]).toArray(),
              rows.stream().mapToInt(row -> row[1]).toArray(),
              rows.stream().mapToInt(row -> row[2]).toArray(),
              tables.toArray(int[][]::new),
              IntStream.range(0, rows.size()).toArray(),
              ofBatch.toArray(Adapter[]::new)),
          rows.stream().map(row -> logits[row[0]][row[1]]).toArray(float[][]::new));
    }
    return logits;
  }

  private static int[] shuffled(int count, Random random) {
    int[] order = IntStream.range(0, count).toArray();
    for (int i = count - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
    return order;
  }

  private static Adapter load(Decoder decoder, Path path) throws IOException {
    try (AdapterFile file = AdapterFile.open(path)) {
      long bytes = decoder.adapterBytes(file);
      Adapter adapter = decoder.load(file);
      assertThat(adapter.bytes()).isEqualTo(bytes);
      return adapter;
    }
  }

  private Decoder open(Kernels kernels, int threads) throws IOException {
    GgufFile file = GgufFile.open(model);
    return new TransformerDecoder(
        file,
        Architecture.of(file).configure(file),
        kernels,
        new WorkerTeam(threads),
        CONTEXT,
        KvSize.whole(8 * CONTEXT / KvCache.BLOCK_TOKENS, KvCache.Format.F16),
        PROMPT.length,
        PackedCache.NONE,
        false);
  }
}
