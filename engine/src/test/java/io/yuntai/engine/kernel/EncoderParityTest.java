package io.yuntai.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What encoders need equals the scalar reference bit for bit. Runs once per vector width. */
class EncoderParityTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261123);

  private final EncoderKernels scalar = new ScalarEncoderKernels();
  private final EncoderKernels vector = new VectorEncoderKernels();
  private final Random random = new Random(SEED);

  @Test
  void layerNormOfAnyLength() {
    for (int length : new int[] {1, 7, 16, 31, 64, 100, 384}) {
      float[] x = numbers(length + 3, 10);
      float[] y = x.clone();
      float[] weight = numbers(length, 1);
      float[] bias = numbers(length, 1);
      scalar.layerNorm(x, 2, weight, bias, 1e-12f, length);
      vector.layerNorm(y, 2, weight, bias, 1e-12f, length);
      assertThat(y).as("length %d, seed %d", length, SEED).containsExactly(x);
    }
  }

  @Test
  void layerNormHasTheMeanAndVarianceAskedFor() {
    float[] x = {1, 2, 3, 6};
    scalar.layerNorm(x, 0, new float[] {1, 1, 1, 2}, new float[] {0, 0, 0, 5}, 0, 4);
    double deviation = Math.sqrt((4 + 1 + 0 + 9) / 4.0);
    assertThat(x[0]).isCloseTo((float) (-2 / deviation), within(1e-6f));
    assertThat(x[3]).isCloseTo((float) (5 + 2 * 3 / deviation), within(1e-6f));
  }

  @Test
  void geluOfNumbersOfAnySize() {
    float[] x = new float[403];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(-6, 3)));
    }
    x[0] = 0f;
    x[1] = -0f;
    x[2] = 1e30f;
    x[3] = -1e30f;
    float[] y = x.clone();
    scalar.gelu(x, 1, 402);
    vector.gelu(y, 1, 402);
    assertThat(y).as("seed %d", SEED).containsExactly(x);
  }

  @Test
  void theErrorFunctionIsWithinTwoTenMillionths() {
    for (int i = -60_000; i <= 60_000; i++) {
      float x = i / 10_000f;
      assertThat(ErrorFunction.erf(x)).as("erf(%s)", x).isCloseTo((float) erf(x), within(2e-7f));
    }
  }

  /** By its Taylor series, whose terms are small enough in double up to 4.5; beyond it is 1. */
  private static double erf(double x) {
    double z = Math.abs(x);
    if (z > 4.5) {
      return Math.signum(x);
    }
    double term = z;
    double sum = z;
    for (int n = 1; n < 200; n++) {
      term *= -z * z / n;
      sum += term / (2 * n + 1);
    }
    return Math.signum(x) * Math.min(1, sum * 2 / Math.sqrt(Math.PI));
  }

  @Test
  void attentionOfAnyShape() {
    for (int headLength : new int[] {4, 16, 20, 32, 64}) {
      for (int tokens : new int[] {1, 3, 31, 32, 33, 70}) {
        int stride = 3 * headLength;
        int rows = tokens + 5;
        float[] queries = numbers(rows * stride, 1);
        float[] keys = numbers(rows * stride, 1);
        float[] values = numbers(rows * stride, 1);
        float[] expected = attend(scalar, queries, keys, values, stride, headLength, tokens);
        float[] got = attend(vector, queries, keys, values, stride, headLength, tokens);
        assertThat(got)
            .as("%d tokens, heads of %d, seed %d", tokens, headLength, SEED)
            .containsExactly(expected);
      }
    }
  }

  /** The middle head of a sequence that starts in row 2, its queries in two runs. */
  private static float[] attend(
      EncoderKernels kernels,
      float[] queries,
      float[] keys,
      float[] values,
      int stride,
      int headLength,
      int tokens) {
    float[] results = new float[queries.length];
    EncoderScratch scratch = new EncoderScratch(tokens, headLength);
    int first = tokens / 2;
    for (int[] run : new int[][] {{0, first}, {first, tokens - first}}) {
      kernels.attention(
          new EncoderAttention(
              queries,
              keys,
              values,
              results,
              stride,
              headLength,
              headLength,
              2,
              tokens,
              run[0],
              run[1],
              0.3f),
          scratch);
    }
    return results;
  }

  private float[] numbers(int count, float size) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian() * size;
    }
    return numbers;
  }
}
