package io.yuntai.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.kernel.Activations.Form;
import io.yuntai.engine.quant.TensorType;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Products of the largest codes: where an instruction saturates or a sum overflows in one kernel,
 * its result differs from the scalar reference's.
 */
class LargestProductsTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261122);
  private static final int ROWS = 64;
  private static final int COLUMNS = 512;

  /** What 16-bit codes are as large as, with the largest and the smallest lower byte. */
  private static final float[] MAGNITUDES = {32512, 32384, 32383};

  private final Kernels scalar = new ScalarKernels();
  private final KernelScratch scratch = new KernelScratch(16, 8, 256);
  private final Random random = new Random(SEED);

  static Stream<TensorType> quantisedTypes() {
    return Arrays.stream(TensorType.values()).filter(type -> type.blockFormat().isPresent());
  }

  @ParameterizedTest
  @MethodSource("quantisedTypes")
  void areExact(TensorType type) {
    PackedMatrix matrix =
        Packer.allocate(RandomTensors.largest(type, ROWS, COLUMNS, random), Arena.ofAuto());
    for (int tile = 0; tile < matrix.tiles(); tile++) {
      Packer.packTile(matrix, tile);
    }
    List<Kernels> others = KernelsUnderTest.list();
    for (Form form : new Form[] {Form.CODES_8, Form.CODES_16}) {
      Activations x = inputs(form);
      float[] expected = product(scalar, matrix, x);
      for (Kernels kernels : others) {
        assertThat(product(kernels, matrix, x))
            .as("%s: %s, %s, seed %d", kernels.name(), type, form, SEED)
            .containsExactly(expected);
      }
    }
  }

  /** Tokens of one sign and of both, in every magnitude. */
  private Activations inputs(Form form) {
    Activations x = new Activations(3 * MAGNITUDES.length, COLUMNS, form);
    x.resize(3 * MAGNITUDES.length);
    float[] row = new float[COLUMNS];
    for (int token = 0; token < x.tokens(); token++) {
      for (int i = 0; i < COLUMNS; i++) {
        float magnitude = i % 32 == 0 ? MAGNITUDES[0] : MAGNITUDES[token / 3];
        boolean negative = token % 3 == 2 ? random.nextBoolean() : token % 3 == 1;
        row[i] = negative ? -magnitude : magnitude;
      }
      scalar.store(row, 0, x, token, scratch);
    }
    return x;
  }

  private float[] product(Kernels kernels, PackedMatrix matrix, Activations x) {
    float[] out = new float[x.tokens() * ROWS];
    kernels.multiply(matrix, 0, matrix.tiles(), x, out, 0, ROWS, scratch);
    return out;
  }
}
