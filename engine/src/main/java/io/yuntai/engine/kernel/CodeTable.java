package io.yuntai.engine.kernel;

import io.yuntai.engine.jit.ExecutableMemory;
import io.yuntai.engine.quant.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Machine code by tensor type, a variant and number of tokens, made when it is first needed. For
 * any number of threads.
 */
final class CodeTable {
  /** Above all numbers of tensor types. */
  private static final int TYPES =
      Arrays.stream(TensorType.values()).mapToInt(TensorType::id).max().orElseThrow() + 1;

  private static final int COUNTS = Activations.BUNDLE + 1;

  private final int variants;
  private final AtomicReferenceArray<MemorySegment> codes;

  CodeTable(int variants) {
    this.variants = variants;
    this.codes = new AtomicReferenceArray<>(TYPES * variants * COUNTS);
  }

  /** The variant, of two, for a form of codes. */
  static int variant(Activations.Form form) {
    return form == Activations.Form.CODES_16 ? 1 : 0;
  }

  /**
   * The code for a matrix's type.
   *
   * @param variant 0 up to the number of variants
   * @param tokens 0 to {@link Activations#BUNDLE}
   */
  MemorySegment code(PackedMatrix matrix, int variant, int tokens, Supplier<byte[]> assembly) {
    int index = (matrix.source().type().id() * variants + variant) * COUNTS + tokens;
    MemorySegment code = codes.get(index);
    if (code == null) {
      code = ExecutableMemory.install(assembly.get());
      codes.set(index, code); // two threads may make the same code: one of them is then idle
    }
    return code;
  }
}
