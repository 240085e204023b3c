package io.yuntai.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.quant.TensorType;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Vector kernels equal the scalar reference bit for bit. The build runs this class once per vector
 * width (128, 256 and 512 bits; see the module's pom).
 */
class KernelParityTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261122);
  private static final int[] TOKENS = {1, 2, 7, 8, 9, 17};

  private final Kernels scalar = new ScalarKernels();
  private final Kernels vector = new VectorKernels();
  private final KernelScratch scratch = new KernelScratch(32, 8, 256);
  private final Random random = new Random(SEED);

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void productsOfEveryTypeShapeAndBatch(TensorType type) {
    int block = type.elementsPerBlock();
    int[] columnCounts =
        block == 1 ? new int[] {1, 31, 32, 40, 96} : new int[] {block, 2 * block, 3 * block};
    for (int rows : new int[] {1, 31, 32, 33, 70}) {
      for (int columns : columnCounts) {
        TensorInfo tensor = RandomTensors.matrix(type, rows, columns, random);
        PackedMatrix matrix = pack(tensor);
        for (int tokens : TOKENS) {
          for (boolean quantized : new boolean[] {matrix.form().quantized(), false}) {
            assertThat(product(vector, matrix, inputs(vector, matrix, tokens, quantized)))
                .as("%s %d x %d, %d tokens, seed %d", type, rows, columns, tokens, SEED)
                .containsExactly(
                    product(scalar, matrix, inputs(scalar, matrix, tokens, quantized)));
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
    float[] together =
        product(vector, matrix, inputs(vector, matrix, 17, matrix.form().quantized()));
    for (int token = 0; token < 17; token++) {
      Activations alone = activations(matrix, 1, matrix.form().quantized());
      store(vector, alone, row(matrix, token), 0);
      assertThat(product(vector, matrix, alone))
          .as("token %d, seed %d", token, SEED)
          .containsExactly(Arrays.copyOfRange(together, token * 40, (token + 1) * 40));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 64, 100, 896})
  void elementWiseOperations(int length) {
    float[] x = numbers(length, 3);
    float[] y = numbers(length, 1);
    float[] a = new float[length];
    float[] b = new float[length];
    scalar.rmsNorm(x, 0, y, 1e-5f, a, 0, length, scratch);
    vector.rmsNorm(x, 0, y, 1e-5f, b, 0, length, scratch);
    assertThat(b).as("norm, seed %d", SEED).containsExactly(a);

    float[] gateA = numbers(length, 40);
    float[] gateB = gateA.clone();
    scalar.swiglu(gateA, 0, y, 0, length);
    vector.swiglu(gateB, 0, y, 0, length);
    assertThat(gateB).as("swiglu, seed %d", SEED).containsExactly(gateA);

    scalar.add(a, 0, y, 0, length);
    vector.add(b, 0, y, 0, length);
    assertThat(b).as("add, seed %d", SEED).containsExactly(a);
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
    for (float[] row : rows) {
      Activations a = new Activations(1, 32, true);
      Activations b = new Activations(1, 32, true);
      a.resize(1);
      b.resize(1);
      scalar.quantize(row, 0, a, 0, scratch);
      vector.quantize(row, 0, b, 0, scratch);
      assertThat(b.codes).containsExactly(a.codes);
      assertThat(b.scales).containsExactly(a.scales);
      assertThat(b.sums).usingComparatorWithPrecision(0f).containsExactly(a.sums);
    }
  }

  @ParameterizedTest
  @EnumSource(KvCache.Format.class)
  void attention(KvCache.Format format) {
    for (int heads : new int[] {1, 3, 4, 7}) {
      for (int length : new int[] {8, 16, 20, 64, 80}) {
        KvCache cache = cache(format, length, 200);
        int[] table = {6, 2, 5, 0, 1, 3, 4};
        float[] query = numbers(heads * length, 2);
        for (int positions : new int[] {1, 31, 32, 33, 100, 200}) {
          float[] a = new float[heads * length];
          float[] b = new float[heads * length];
          scalar.attention(query, 0, heads, positions, cache, table, 1, 1, 0.125f, a, 0, scratch);
          vector.attention(query, 0, heads, positions, cache, table, 1, 1, 0.125f, b, 0, scratch);
          assertThat(b)
              .as(
                  "%s %d heads of %d, %d positions, seed %d",
                  format, heads, length, positions, SEED)
              .containsExactly(a);
        }
      }
    }
  }

  private KvCache cache(KvCache.Format format, int length, int positions) {
    KvCache cache = new KvCache(2, 2, length, length, 7, format);
    int[] table = {6, 2, 5, 0, 1, 3, 4};
    for (int position = 0; position < positions; position++) {
      int block = table[position / KvCache.BLOCK_TOKENS];
      cache.prepare(block);
      cache.write(
          block,
          position % KvCache.BLOCK_TOKENS,
          1,
          1,
          numbers(length, 1),
          0,
          numbers(length, 1),
          0);
    }
    return cache;
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
    for (int tile = 0; tile < matrix.tiles(); tile++) {
      kernels.multiply(matrix, tile, x, out, 0, matrix.rows(), scratch);
    }
    return out;
  }

  private Activations inputs(Kernels kernels, PackedMatrix matrix, int tokens, boolean quantized) {
    Activations x = activations(matrix, tokens, quantized);
    for (int token = 0; token < tokens; token++) {
      store(kernels, x, row(matrix, token), token);
    }
    return x;
  }

  private static Activations activations(PackedMatrix matrix, int tokens, boolean quantized) {
    Activations x = new Activations(32, matrix.columns(), quantized);
    x.resize(tokens);
    return x;
  }

  private void store(Kernels kernels, Activations x, float[] row, int token) {
    if (x.quantized()) {
      kernels.quantize(row, 0, x, token, scratch);
    } else {
      kernels.copy(row, 0, x, token);
    }
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
