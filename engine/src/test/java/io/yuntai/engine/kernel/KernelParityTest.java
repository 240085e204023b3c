package io.yuntai.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.kernel.Activations.Form;
import io.yuntai.engine.quant.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All kernels that run on this machine equal the scalar reference bit for bit. The build runs this
 * class once per vector width (128, 256 and 512 bits; see the module's pom).
 */
class KernelParityTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261122);

  private static final int[] TOKENS = {1, 2, 3, 8, 9, 16, 17, 32, 33};

  private final Kernels scalar = new ScalarKernels();
  private final List<Kernels> others = KernelsUnderTest.list();
  private final KernelScratch scratch = new KernelScratch(40, 8, 256);
  private final Random random = new Random(SEED);

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void productsOfEveryTypeShapeAndBatch(TensorType type) {
    int block = type.elementsPerBlock();
    // 19 blocks of 32 columns, or 3 of 256, are more than AMX takes at once.
    int[] columnCounts =
        switch (block) {
          case 1 -> new int[] {1, 31, 32, 40, 96};
          case 32 -> new int[] {32, 96, 608};
          default -> new int[] {block, 3 * block};
        };
    for (int rows : new int[] {1, 32, 70}) {
      for (int columns : columnCounts) {
        TensorInfo tensor = RandomTensors.matrix(type, rows, columns, random);
        PackedMatrix matrix = pack(tensor);
        for (int tokens : TOKENS) {
          for (Form form : forms(matrix)) {
            float[] expected = product(scalar, matrix, inputs(scalar, matrix, tokens, form));
            for (Kernels kernels : others) {
              assertThat(product(kernels, matrix, inputs(kernels, matrix, tokens, form)))
                  .as(
                      "%s: %s %d x %d, %d tokens, %s, seed %d",
                      kernels.name(), type, rows, columns, tokens, form, SEED)
                  .containsExactly(expected);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void aTokensResultDoesNotDependOnItsBatch(TensorType type) {
    int columns = Math.max(64, type.elementsPerBlock());
    PackedMatrix matrix = pack(RandomTensors.matrix(type, 40, columns, random));
    for (Kernels kernels : others) {
      float[] together = product(kernels, matrix, inputs(kernels, matrix, 17, forms(matrix)[0]));
      for (int token = 0; token < 17; token++) {
        Activations alone = activations(matrix, 1, forms(matrix)[0]);
        kernels.store(row(matrix, token), 0, alone, 0, scratch);
        assertThat(product(kernels, matrix, alone))
            .as("%s: token %d, seed %d", kernels.name(), token, SEED)
            .containsExactly(Arrays.copyOfRange(together, token * 40, (token + 1) * 40));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void columnsAreStoredInAnyParts(Form form) {
    float[] values = numbers(5 * 32, 3);
    for (Kernels kernels : Stream.concat(Stream.of(scalar), others.stream()).toList()) {
      Activations whole = new Activations(3, 5 * 32, form);
      Activations parts = new Activations(3, 5 * 32, form);
      whole.resize(3);
      parts.resize(3);
      for (int token = 0; token < 3; token++) {
        kernels.store(values, 0, whole, token, scratch);
        kernels.store(values, 2 * 32, parts, token, 2, 3, scratch);
        kernels.store(values, 0, parts, token, 0, 2, scratch);
      }
      assertThat(parts.data().toArray(ValueLayout.JAVA_BYTE))
          .as("%s by %s, seed %d", form, kernels.name(), SEED)
          .containsExactly(whole.data().toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 64, 100, 896})
  void elementWiseOperations(int length) {
    float[] x = numbers(3 + length, 3);
    float[] y = numbers(5 + length, 1);
    float[] gate = numbers(3 + length, 40);
    float[] norm = new float[5 + length];
    float[] gated = gate.clone();
    float[] geluGated = gate.clone();
    float[] scaledSum = x.clone();
    float[] sum = x.clone();
    scalar.geglu(geluGated, 3, y, 5, length, scratch);
    scalar.addScaled(scaledSum, 3, y, 5, 0.3f, length);
    float dot = scalar.dot(x, 3, y, 5, length, scratch);
    scalar.rmsNorm(x, 3, y, 1e-5f, norm, 5, length, scratch);
    scalar.swiglu(gated, 3, y, 5, length, scratch);
    scalar.add(sum, 3, y, 5, length);
    for (Kernels kernels : others) {
      float[] b = new float[5 + length];
      kernels.rmsNorm(x, 3, y, 1e-5f, b, 5, length, scratch);
      assertThat(b).as("norm by %s, seed %d", kernels.name(), SEED).containsExactly(norm);
      b = gate.clone();
      kernels.swiglu(b, 3, y, 5, length, scratch);
      assertThat(b).as("swiglu by %s, seed %d", kernels.name(), SEED).containsExactly(gated);
      b = x.clone();
      kernels.add(b, 3, y, 5, length);
      assertThat(b).as("add by %s, seed %d", kernels.name(), SEED).containsExactly(sum);
      b = x.clone();
      kernels.addScaled(b, 3, y, 5, 0.3f, length);
      assertThat(b).as("addScaled by %s, seed %d", kernels.name(), SEED).containsExactly(scaledSum);
      b = gate.clone();
      kernels.geglu(b, 3, y, 5, length, scratch);
      assertThat(b).as("geglu by %s, seed %d", kernels.name(), SEED).containsExactly(geluGated);
      assertThat(kernels.dot(x, 3, y, 5, length, scratch)).isEqualTo(dot);
    }
  }

  @Test
  void quantisationOfExtremes() {
    float[][] rows = {
      new float[32],
      numbers(32, 32 * Float.MIN_VALUE),
      numbers(32, 1e30f),
      filled(32, 0.5f),
      filled(32, -Float.MIN_VALUE),
      numbers(32, 1)
    };
    for (Form form : Form.values()) {
      for (float[] row : rows) {
        Activations a = new Activations(1, 32, form);
        a.resize(1);
        scalar.store(row, 0, a, 0, scratch);
        for (Kernels kernels : others) {
          Activations b = new Activations(1, 32, form);
          b.resize(1);
          kernels.store(row, 0, b, 0, scratch);
          assertThat(b.data().toArray(ValueLayout.JAVA_BYTE))
              .as("%s by %s", form, kernels.name())
              .containsExactly(a.data().toArray(ValueLayout.JAVA_BYTE));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void rotation(boolean adjacent) {
    for (int pairs : new int[] {1, 4, 8, 20, 32, 40, 64, 96, 128}) {
      int length = 2 * pairs + 4;
      float[] cosines = numbers(2 * pairs, 1);
      float[] sines = numbers(2 * pairs, 1);
      float[] x = numbers(5 + 3 * length, 3);
      float[] expected = x.clone();
      scalar.rotate(expected, 5, 3, length, adjacent, pairs, cosines, sines, pairs);
      for (Kernels kernels : others) {
        float[] actual = x.clone();
        kernels.rotate(actual, 5, 3, length, adjacent, pairs, cosines, sines, pairs);
        assertThat(actual)
            .as("%s: %d pairs, seed %d", kernels.name(), pairs, SEED)
            .containsExactly(expected);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(KvCache.Format.class)
  void keysAndValues(KvCache.Format format) {
    for (int[] lengths : new int[][] {{16, 48}, {64, 64}, {20, 32}, {576, 512}}) {
      for (boolean valueInKey : new boolean[] {false, true}) {
        KvShape shape = new KvShape(2, 2, lengths[0], lengths[1], valueInKey);
        float[] key = numbers(3 + lengths[0], 300);
        float[] value = numbers(7 + lengths[1], 300);
        key[4] = 1e6f;
        value[9] = Float.NEGATIVE_INFINITY;
        value[8] = -1e-7f;
        byte[] expected = kept(scalar, shape, format, key, value);
        for (Kernels kernels : others) {
          assertThat(kept(kernels, shape, format, key, value))
              .as("%s: %s, seed %d", kernels.name(), shape, SEED)
              .containsExactly(expected);
        }
      }
    }
  }

  private byte[] kept(
      Kernels kernels, KvShape shape, KvCache.Format format, float[] key, float[] value) {
    try (KvCache cache = new KvCache(shape, 2, format)) {
      cache.prepare(1);
      kernels.keep(cache, 1, 30, 1, 1, key, 3, value, 7, scratch);
      return cache.block(1).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static PackedMatrix pack(TensorInfo tensor) {
    PackedMatrix matrix = Packer.allocate(tensor, Arena.ofAuto());
    for (int tile = 0; tile < matrix.tiles(); tile++) {
      Packer.packTile(matrix, tile);
    }
    return matrix;
  }

  private float[] product(Kernels kernels, PackedMatrix matrix, Activations x) {
    float[] out = new float[x.tokens() * matrix.rows()];
    kernels.multiply(matrix, 0, matrix.tiles(), x, out, 0, matrix.rows(), scratch);
    return out;
  }

  private Activations inputs(Kernels kernels, PackedMatrix matrix, int tokens, Form form) {
    Activations x = activations(matrix, tokens, form);
    for (int token = 0; token < tokens; token++) {
      kernels.store(row(matrix, token), 0, x, token, scratch);
    }
    return x;
  }

  private static Activations activations(PackedMatrix matrix, int tokens, Form form) {
    Activations x = new Activations(40, matrix.columns(), form);
    x.resize(tokens);
    return x;
  }

  private static Form[] forms(PackedMatrix matrix) {
    return matrix.form().quantized()
        ? new Form[] {Form.CODES_8, Form.CODES_16}
        : new Form[] {Form.FLOATS};
  }

  private static float[] row(PackedMatrix matrix, int token) {
    return numbers(new Random(SEED + token), matrix.columns(), 1);
  }

  private float[] numbers(int length, float size) {
    return numbers(random, length, size);
  }

  private static float[] numbers(Random random, int length, float size) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian() * size;
    }
    return values;
  }

  private static float[] filled(int length, float value) {
    float[] values = new float[length];
    Arrays.fill(values, value);
    return values;
  }
}
