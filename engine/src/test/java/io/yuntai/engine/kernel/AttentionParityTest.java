package io.yuntai.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Attention of all kernels that run on this machine equals the scalar reference's bit for bit. The
 * build runs this class once per vector width, as {@link KernelParityTest}.
 */
class AttentionParityTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261122);

  /** Blocks of the sequence. */
  private static final int[] TABLE = {6, 2, 5, 0, 1, 3, 4};

  private static final int MAX_HEADS = 128;

  private final Kernels scalar = new ScalarKernels();
  private final List<Kernels> others = KernelsUnderTest.list();
  private final KernelScratch scratch = new KernelScratch(1, MAX_HEADS, 576 + 512);
  private final Random random = new Random(SEED);

  @ParameterizedTest
  @EnumSource(KvCache.Format.class)
  void attention(KvCache.Format format) {
    for (int length : new int[] {8, 16, 20, 48, 64, 80, 112}) {
      KvCache cache = cache(format, length, 216);
      for (int heads : new int[] {1, 3, 4, 7, 8}) {
        for (int positions : new int[] {1, 31, 32, 33, 100, 200}) {
          assertSameAttention(cache, 1, heads, positions);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(KvCache.Format.class)
  void attentionOfRunsOfTokens(KvCache.Format format) {
    for (int length : new int[] {16, 20, 64}) {
      KvCache cache = cache(format, length, 216);
      for (int heads : new int[] {1, 3, 7}) {
        for (int tokens : new int[] {2, 5, 8, 17}) {
          for (int positions : new int[] {1, 30, 64, 199}) {
            assertSameAttention(cache, tokens, heads, positions);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(KvCache.Format.class)
  void attentionInASlidingWindow(KvCache.Format format) {
    KvCache cache = cache(format, 48, 216);
    for (int window : new int[] {1, 5, 32, 33, 70, 200, 500}) {
      for (int tokens : new int[] {1, 7, 17}) {
        for (int positions : new int[] {1, 33, 64, 199}) {
          assertSameAttention(cache, tokens, 3, positions, window);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(KvCache.Format.class)
  void attentionToValuesThatArePartOfTheirKeys(KvCache.Format format) {
    for (int keyLength : new int[] {20, 80, 144}) {
      KvCache cache = cache(new KvShape(2, 2, keyLength, keyLength - 16, true), format, 72);
      for (int tokens : new int[] {1, 3}) {
        assertSameAttention(cache, tokens, 5, 70, AttentionRun.NO_WINDOW);
      }
    }
  }

  @Test
  void attentionOfTheLargestHeads() {
    for (boolean valueInKey : new boolean[] {false, true}) {
      KvShape shape = new KvShape(2, 2, 576, 512, valueInKey);
      assertSameAttention(
          cache(shape, KvCache.Format.F16, 66), 2, MAX_HEADS, 65, AttentionRun.NO_WINDOW);
    }
  }

  @Test
  void attentionOverMoreBlocksThanOneCallTakes() {
    int positions = 2 * AttentionFrame.BLOCKS * KvCache.BLOCK_TOKENS + 40;
    int[] table = IntStream.range(0, positions / KvCache.BLOCK_TOKENS + 1).toArray();
    float[] query = numbers(16, 2);
    try (KvCache cache = new KvCache(new KvShape(1, 1, 16, 16), table.length, KvCache.Format.F16)) {
      for (int position = 0; position < positions; position++) {
        int block = position / KvCache.BLOCK_TOKENS;
        cache.prepare(block);
        int slot = position % KvCache.BLOCK_TOKENS;
        cache.write(block, slot, 0, 0, numbers(16, 1), 0, numbers(16, 1), 0);
      }
      float[] expected = new float[16];
      scalar.attention(oneHead(query, expected, positions, cache, table), scratch);
      for (Kernels kernels : others) {
        float[] actual = new float[16];
        kernels.attention(oneHead(query, actual, positions, cache, table), scratch);
        assertThat(actual).as("%s, seed %d", kernels.name(), SEED).containsExactly(expected);
      }
    }
  }

  private static AttentionRun oneHead(
      float[] query, float[] out, int positions, KvCache cache, int[] table) {
    return new AttentionRun(cache, 1)
        .queries(query, 0, 16)
        .results(out, 0, 16)
        .tokens(1, 1, positions, AttentionRun.NO_WINDOW)
        .keys(table, 0, 0);
  }

  private void assertSameAttention(KvCache cache, int tokens, int heads, int positions) {
    assertSameAttention(cache, tokens, heads, positions, AttentionRun.NO_WINDOW);
  }

  private void assertSameAttention(
      KvCache cache, int tokens, int heads, int positions, int window) {
    int stride = heads * cache.layout().keyLength() + 3;
    float[] query = numbers(1 + tokens * stride, 2);
    float[] expected = attention(scalar, query, stride, tokens, heads, positions, window, cache);
    for (Kernels kernels : others) {
      assertThat(attention(kernels, query, stride, tokens, heads, positions, window, cache))
          .as(
              "%s: %s, %d tokens, %d heads, %d positions in a window of %d, seed %d",
              kernels.name(), cache.layout(), tokens, heads, positions, window, SEED)
          .containsExactly(expected);
    }
  }

  private float[] attention(
      Kernels kernels,
      float[] query,
      int stride,
      int tokens,
      int heads,
      int positions,
      int window,
      KvCache cache) {
    int outStride = heads * cache.layout().valueLength() + 1;
    float[] out = new float[2 + tokens * outStride];
    kernels.attention(
        new AttentionRun(cache, 0.125f)
            .queries(query, 1, stride)
            .results(out, 2, outStride)
            .tokens(tokens, heads, positions, window)
            .keys(TABLE, 1, 1),
        scratch);
    return out;
  }

  private KvCache cache(KvCache.Format format, int length, int positions) {
    return cache(new KvShape(2, 2, length, length), format, positions);
  }

  private KvCache cache(KvShape shape, KvCache.Format format, int positions) {
    KvCache cache = new KvCache(shape, 7, format);
    for (int position = 0; position < positions; position++) {
      int block = TABLE[position / KvCache.BLOCK_TOKENS];
      cache.prepare(block);
      cache.write(
          block,
          position % KvCache.BLOCK_TOKENS,
          1,
          1,
          numbers(shape.keyLength(), 1),
          0,
          numbers(shape.valueLength(), 1),
          0);
    }
    return cache;
  }

  private float[] numbers(int length, float size) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian() * size;
    }
    return values;
  }
}
