package io.yuntai.engine.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.quant.Dequantizer;
import io.yuntai.engine.quant.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockEncoderTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261123);
  private static final int ELEMENTS = 256;

  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"Q8_0", "Q6_K", "Q5_K", "Q5_1", "Q5_0", "Q4_K", "Q4_1", "Q4_0"})
  void theErrorStaysBelowThatOfPlainRounding(TensorType type) {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    double ours = 0;
    double plain = 0;
    for (int i = 0; i < 200; i++) {
      float[] values = values(random, i % 5);
      double error = error(values, decoded(type, values));
      double rounded = plainError(type, values);
      assertThat(error).as("block %d", i).isLessThan(1.3 * rounded + 1e-12);
      ours += error;
      plain += rounded;
    }
    assertThat(ours).isLessThanOrEqualTo(plain);
  }

  /** Bell-shaped, even, with outliers, one-sided, and of sizes that differ from group to group. */
  private static float[] values(Random random, int kind) {
    float[] values = new float[ELEMENTS];
    float size = (float) Math.pow(10, random.nextInt(5) - 1);
    for (int i = 0; i < ELEMENTS; i++) {
      values[i] =
          size
              * (float)
                  switch (kind) {
                    case 0 -> random.nextGaussian();
                    case 1 -> random.nextDouble() * 2 - 1;
                    case 2 -> random.nextGaussian() * (random.nextInt(40) == 0 ? 20 : 1);
                    case 3 -> random.nextDouble() + 0.5;
                    default -> random.nextGaussian() * (1 + i / 32);
                  };
    }
    return values;
  }

  /**
   * Evenly spaced levels from the least to the greatest value of each group of 32 or 16; their
   * distance is an F16 where the type stores one for each group.
   */
  private static double plainError(TensorType type, float[] values) {
    int levels =
        switch (type) {
          case Q8_0 -> 254;
          case Q6_K -> 62;
          case Q5_0, Q5_1, Q5_K -> 31;
          default -> 15;
        };
    boolean offsets =
        switch (type) {
          case Q4_1, Q5_1, Q4_K, Q5_K -> true;
          default -> false;
        };
    boolean belowZero = type == TensorType.Q4_K || type == TensorType.Q5_K;
    int group = type == TensorType.Q6_K ? 16 : 32;
    double error = 0;
    for (int from = 0; from < values.length; from += group) {
      float[] those = Arrays.copyOfRange(values, from, from + group);
      Arrays.sort(those);
      double low = those[0];
      double high = those[group - 1];
      if (!offsets) {
        high = Math.max(Math.abs(low), Math.abs(high));
        low = -high;
      } else if (belowZero) {
        low = Math.min(0, low);
      }
      double step = (high - low) / levels;
      if (isPlain(type)) {
        step = Float.float16ToFloat(Float.floatToFloat16((float) step));
        low = offsets ? low : -step * levels / 2;
      }
      for (float value : those) {
        double rounded = low + step * Math.clamp(Math.rint((value - low) / step), 0, levels);
        error += (rounded - value) * (rounded - value);
      }
    }
    return error;
  }

  private static boolean isPlain(TensorType type) {
    return switch (type) {
      case Q8_0, Q5_0, Q5_1, Q4_0, Q4_1 -> true;
      default -> false;
    };
  }

  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"Q8_0", "Q6_K", "Q5_K", "Q5_1", "Q5_0", "Q4_K", "Q4_1", "Q4_0", "F16", "BF16"})
  void zerosStayZeroAndConstantsStayNear(TensorType type) {
    assertThat(decoded(type, new float[ELEMENTS])).containsOnly(0f);
    for (float constant : new float[] {1, -1, 0.03f, -700, 1e-6f}) {
      float[] values = new float[ELEMENTS];
      Arrays.fill(values, constant);
      for (float value : decoded(type, values)) {
        // Scales are F16, whose numbers are 6e-8 apart near zero.
        assertThat(Math.abs(value - constant)).isLessThan(0.02f * Math.abs(constant) + 1e-6f);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"Q8_0", "Q6_K", "Q5_K", "Q5_1", "Q5_0", "Q4_K", "Q4_1", "Q4_0", "F16", "BF16"})
  void whatWasDecodedIsEncodedAlmostWithoutError(TensorType type) {
    Random random = new Random(SEED);
    float[] once = decoded(type, values(random, 0));
    float[] twice = decoded(type, once);

    double sum = 0;
    for (float value : once) {
      sum += (double) value * value;
    }
    assertThat(error(once, twice)).isLessThan(2e-4 * sum);
  }

  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"Q8_0", "Q6_K", "Q5_K", "Q5_1", "Q5_0", "Q4_K", "Q4_1", "Q4_0", "F16"})
  void whatExceedsTheScalesIsRefused(TensorType type) {
    for (float large : new float[] {1e9f, -1e30f, Float.MAX_VALUE}) {
      float[] values = new float[ELEMENTS];
      values[3] = large;
      assertThatThrownBy(() -> decoded(type, values)).isInstanceOf(ArithmeticException.class);
    }
  }

  private static double error(float[] a, float[] b) {
    double error = 0;
    for (int i = 0; i < a.length; i++) {
      error += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return error;
  }

  private static float[] decoded(TensorType type, float[] values) {
    BlockEncoder encoder = BlockEncoder.of(type);
    byte[] bytes = new byte[(int) type.bytes(values.length)];
    for (int from = 0, to = 0; from < values.length; from += type.elementsPerBlock()) {
      encoder.encode(values, from, bytes, to);
      to += type.bytesPerBlock();
    }
    float[] decoded = new float[values.length];
    Dequantizer.dequantize(type, MemorySegment.ofArray(bytes), 0, values.length, decoded, 0);
    return decoded;
  }
}
