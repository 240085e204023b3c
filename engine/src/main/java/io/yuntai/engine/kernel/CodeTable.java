package io.yuntai.engine.kernel;

import io.yuntai.engine.jit.ExecutableMemory;
import io.yuntai.engine.quant.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

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
  private final AtomicReferenceArray<@Nullable MemorySegment> codes;

  CodeTable(int variants) {
    this.variants = variants;
    this.codes = new AtomicReferenceArray<>(TYPES * variants * COUNTS);
  }

  /** The variant, of two, for a form of codes. */
  static int variant(Activations.Form form) {
    return form == Activations.Form.CODES_16 ? 1 : 0;
  }

  /**
   * The code for a matrix's type; null where none was {@link #install}ed yet.
   *
   * @param variant 0 up to the number of variants
   * @param tokens 0 to {@link Activations#BUNDLE}
   */
  @Nullable MemorySegment find(PackedMatrix matrix, int variant, int tokens) {
    return codes.get(index(matrix, variant, tokens));
  }

  /** Makes code executable, and keeps it: where two threads do, one's is then idle. */
  MemorySegment install(PackedMatrix matrix, int variant, int tokens, byte[] assembly) {
    MemorySegment code = ExecutableMemory.install(assembly);
    codes.set(index(matrix, variant, tokens), code);
    return code;
  }

  private int index(PackedMatrix matrix, int variant, int tokens) {
    return (matrix.source().type().id() * variants + variant) * COUNTS + tokens;
  }
}
