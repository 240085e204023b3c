package io.yuntai.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.GgufWriter;
import io.yuntai.engine.gguf.MetadataValue;
import io.yuntai.engine.kernel.KernelChoice;
import io.yuntai.engine.kernel.Kernels;
import io.yuntai.engine.kernel.KernelsUnderTest;
import io.yuntai.engine.kernel.KvCache;
import io.yuntai.engine.kernel.RandomTensors;
import io.yuntai.engine.kernel.ScalarKernels;
import io.yuntai.engine.kernel.WorkerTeam;
import io.yuntai.engine.packed.PackedCache;
import io.yuntai.engine.quant.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
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
 * A whole decoder with tensors of many types gives the same bits with any kernels, any number of
 * threads, any chunking and any company. Runs once per vector width.
 */
class DecoderParityTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261122);
  private static final int WIDTH = 256;
  private static final int HEADS = 4;
  private static final int KV_HEADS = 2;
  private static final int INNER = 512;
  private static final int VOCABULARY = 300;
  private static final int CONTEXT = 128;
  private static final int[] PROMPT = new Random(SEED).ints(70, 0, VOCABULARY).toArray();

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void writeModel() throws IOException {
    file = folder.resolve("mixed.gguf");
    Random random = new Random(SEED);
    GgufWriter writer = new GgufWriter();
    writer.put("general.architecture", MetadataValue.text("qwen2"));
    writer.put("qwen2.block_count", MetadataValue.uint32(2));
    writer.put("qwen2.context_length", MetadataValue.uint32(CONTEXT));
    writer.put("qwen2.embedding_length", MetadataValue.uint32(WIDTH));
    writer.put("qwen2.feed_forward_length", MetadataValue.uint32(INNER));
    writer.put("qwen2.attention.head_count", MetadataValue.uint32(HEADS));
    writer.put("qwen2.attention.head_count_kv", MetadataValue.uint32(KV_HEADS));
    writer.put("qwen2.attention.layer_norm_rms_epsilon", MetadataValue.float32(1e-6f));
    writer.put("qwen2.rope.freq_base", MetadataValue.float32(1e6f));
    int kv = WIDTH / HEADS * KV_HEADS;
    matrix(writer, random, "token_embd.weight", TensorType.Q8_0, WIDTH, VOCABULARY);
    vector(writer, random, "output_norm.weight", WIDTH);
    TensorType[][] types = {
      {
        TensorType.Q4_0,
        TensorType.Q5_0,
        TensorType.Q6_K,
        TensorType.Q4_K,
        TensorType.Q5_K,
        TensorType.Q2_K,
        TensorType.Q3_K
      },
      {
        TensorType.Q4_1,
        TensorType.F16,
        TensorType.Q8_0,
        TensorType.IQ4_XS,
        TensorType.Q5_1,
        TensorType.BF16,
        TensorType.MXFP4
      }
    };
    for (int i = 0; i < 2; i++) {
      String layer = "blk." + i + ".";
      vector(writer, random, layer + "attn_norm.weight", WIDTH);
      matrix(writer, random, layer + "attn_q.weight", types[i][0], WIDTH, WIDTH);
      matrix(writer, random, layer + "attn_k.weight", types[i][1], WIDTH, kv);
      matrix(writer, random, layer + "attn_v.weight", types[i][2], WIDTH, kv);
      vector(writer, random, layer + "attn_q.bias", WIDTH);
      vector(writer, random, layer + "attn_k.bias", kv);
      vector(writer, random, layer + "attn_v.bias", kv);
      matrix(writer, random, layer + "attn_output.weight", types[i][3], WIDTH, WIDTH);
      vector(writer, random, layer + "ffn_norm.weight", WIDTH);
      matrix(writer, random, layer + "ffn_gate.weight", types[i][4], WIDTH, INNER);
      matrix(writer, random, layer + "ffn_up.weight", types[i][5], WIDTH, INNER);
      matrix(writer, random, layer + "ffn_down.weight", types[i][6], INNER, WIDTH);
    }
    writer.write(file);
  }

  @Test
  void kernelsThreadsAndChunksGiveTheSameBits() {
    for (KvCache.Format format : KvCache.Format.values()) {
      float[][] reference;
      try (Decoder decoder = open(new ScalarKernels(), 1, format)) {
        reference = new Sequence(decoder, 0).append(PROMPT);
      }
      for (Kernels kernels : KernelsUnderTest.list()) {
        for (int threads = 1; threads <= 4; threads++) {
          try (Decoder decoder = open(kernels, threads, format)) {
            for (int chunk : new int[] {PROMPT.length, 1, 8, 33}) {
              assertThat(new Sequence(decoder, 0).appendChunked(PROMPT, chunk))
                  .as(
                      "%s, %s, %d threads, chunks of %d, seed %d",
                      kernels.name(), format, threads, chunk, SEED)
                  .isDeepEqualTo(reference);
            }
          }
        }
      }
    }
  }

  @Test
  void strangersInTheBatchChangeNothing() {
    try (Decoder decoder = open(KernelChoice.named(KernelChoice.AUTO), 2, KvCache.Format.F16)) {
      float[][] alone = new Sequence(decoder, 0).append(PROMPT);
      int blocks = CONTEXT / decoder.blockTokens();
      int[][] tables = new int[3][];
      for (int s = 0; s < 3; s++) {
        tables[s] = IntStream.range(s * blocks, (s + 1) * blocks).toArray();
      }
      float[][] mixed = new float[PROMPT.length][VOCABULARY];
      List<Integer> tokens = new ArrayList<>();
      List<Integer> positions = new ArrayList<>();
      List<Integer> sequences = new ArrayList<>();
      List<Integer> rows = new ArrayList<>();
      int[] next = new int[3];
      Random random = new Random(SEED);
      int done = 0;
      while (done < PROMPT.length) {
        tokens.clear();
        positions.clear();
        sequences.clear();
        rows.clear();
        for (int s = 0; s < 3; s++) {
          int count = Math.min(1 + random.nextInt(9), CONTEXT - next[s]);
          count = s == 1 ? Math.min(count, PROMPT.length - done) : Math.min(count, 3);
          for (int i = 0; i < count; i++) {
            if (s == 1) {
              rows.add(tokens.size());
            }
            tokens.add(s == 1 ? PROMPT[next[1] + i] : random.nextInt(VOCABULARY));
            positions.add(next[s] + i);
            sequences.add(s);
          }
          next[s] += count;
        }
        float[][] logits = Arrays.copyOfRange(mixed, done, done + rows.size());
        decoder.forward(
            new Batch(ints(tokens), ints(positions), ints(sequences), tables, ints(rows)), logits);
        done += rows.size();
      }
      assertThat(mixed).as("seed %d", SEED).isDeepEqualTo(alone);
    }
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }

  private Decoder open(Kernels kernels, int threads, KvCache.Format format) {
    try {
      GgufFile gguf = GgufFile.open(file);
      ModelConfig config = Architecture.of(gguf).configure(gguf);
      return new TransformerDecoder(
          gguf,
          config,
          kernels,
          new WorkerTeam(threads),
          CONTEXT,
          KvSize.whole(3 * CONTEXT / KvCache.BLOCK_TOKENS, format),
          PROMPT.length,
          PackedCache.NONE,
          false);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void matrix(
      GgufWriter writer, Random random, String name, TensorType type, int columns, int rows) {
    MemorySegment data = RandomTensors.matrix(type, rows, columns, random).data();
    writer.tensor(name, type, List.of((long) columns, (long) rows), data);
  }

  private static void vector(GgufWriter writer, Random random, String name, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    writer.tensor(name, List.of((long) length), values);
  }
}
