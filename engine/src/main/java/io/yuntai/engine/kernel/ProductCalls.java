package io.yuntai.engine.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.yuntai.engine.jit.Downcalls;
import io.yuntai.engine.jit.ExecutableMemory;
import io.yuntai.engine.quant.TensorType;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * {@link Kernels#multiply} in machine code: which code, made when it is first needed, and what it
 * is given.
 */
final class ProductCalls {
  /** Results may lie in the Java heap, so calls must not let it move. */
  static final MethodHandle PRODUCT =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.ofVoid(
                  JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG),
              Linker.Option.critical(true));

  private static final MethodHandle UNPACK =
      Linker.nativeLinker()
          .downcallHandle(FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG));

  private static final int ROWS = PackedMatrix.TILE_ROWS;

  /** Above all numbers of tensor types. */
  private static final int TYPES =
      Arrays.stream(TensorType.values()).mapToInt(TensorType::id).max().orElseThrow() + 1;

  private static final int CODES = TYPES * 2 * (Activations.BUNDLE + 1);

  /** From so many tokens on, unpacking a tile for AMX pays. */
  private static final int AMX_TOKENS = 24;

  private final InstructionSet instructions;

  /**
   * Codes by tensor type, form of activations and number of tokens: those for packed tiles, with
   * unpacking at 0 tokens, and then those for unpacked ones.
   */
  private final AtomicReferenceArray<MemorySegment> codes = new AtomicReferenceArray<>(2 * CODES);

  /** Codes for plain weights, by tensor type, number of tokens and remainder of columns. */
  private final AtomicReferenceArray<MemorySegment> plainCodes =
      new AtomicReferenceArray<>(TYPES * (Activations.BUNDLE + 1) * Activations.GROUP);

  ProductCalls(InstructionSet instructions) {
    this.instructions = instructions;
  }

  /** Whether there is code for a matrix. */
  boolean supports(PackedMatrix matrix) {
    return matrix.form().quantized()
        || (instructions.hasWideVectors() && AssembledPlainProduct.supports(matrix));
  }

  /** As {@link Kernels#multiply}. */
  void multiply(
      PackedMatrix matrix,
      int firstTile,
      int tiles,
      Activations x,
      float[] out,
      int outOffset,
      int outStride,
      KernelScratch scratch) {
    boolean quantized = matrix.form().quantized();
    if (instructions == InstructionSet.AMX_INT8 && x.tokens() >= AMX_TOKENS && quantized) {
      for (int tile = firstTile; tile < firstTile + tiles; tile++) {
        long weights = unpack(matrix, tile, scratch);
        for (int bundle = 0; bundle < x.bundles(); bundle++) {
          MemorySegment code = unpackedProduct(matrix, x.form(), x.width(bundle));
          product(
              code,
              weights,
              x.groups(),
              matrix,
              tile,
              x,
              bundle,
              out,
              outOffset,
              outStride,
              scratch);
        }
      }
      return;
    }
    int whole = Math.min(firstTile + tiles, matrix.rows() / ROWS);
    int count;
    for (int tile = firstTile; tile < firstTile + tiles; tile += count) {
      // One bundle goes through all tiles in one call; several meet a tile while it is in the
      // cache.
      count = x.bundles() == 1 && tile < whole ? whole - tile : 1;
      long weights = matrix.data().address() + tile * matrix.tileBytes();
      int blocks = quantized ? matrix.blocks() : matrix.columns() / Activations.GROUP;
      long shape = ((long) blocks << 32) | count;
      for (int bundle = 0; bundle < x.bundles(); bundle++) {
        MemorySegment code = packedProduct(matrix, x.form(), x.width(bundle));
        product(code, weights, shape, matrix, tile, x, bundle, out, outOffset, outStride, scratch);
      }
    }
  }

  /** Where a tile stands when it is unpacked for AMX. */
  private long unpack(PackedMatrix matrix, int tile, KernelScratch scratch) {
    MemorySegment unpacked = scratch.unpacked(AssembledUnpack.tileBytes(matrix));
    long packed = matrix.data().address() + tile * matrix.tileBytes();
    try {
      UNPACK.invokeExact(unpacking(matrix), packed, unpacked.address(), (long) matrix.blocks());
    } catch (Throwable e) {
      throw Downcalls.unexpected(e);
    }
    return unpacked.address();
  }

  /**
   * Calls code for one bundle. It writes 32 rows of a tile; the last tile's go through the scratch
   * memory where there are fewer.
   */
  private static void product(
      MemorySegment code,
      long weights,
      long shape,
      PackedMatrix matrix,
      int tile,
      Activations x,
      int bundle,
      float[] out,
      int outOffset,
      int outStride,
      KernelScratch scratch) {
    int rows = Math.min(ROWS, matrix.rows() - tile * ROWS);
    boolean isWhole = rows == ROWS;
    int to = outOffset + x.firstToken(bundle) * outStride + tile * ROWS;
    try {
      PRODUCT.invokeExact(
          code,
          weights,
          x.data().address() + x.offset(bundle, 0),
          scratch.segment(isWhole ? out : scratch.tail),
          isWhole ? (long) to * Float.BYTES : 0L,
          (long) (isWhole ? outStride : ROWS) * Float.BYTES,
          shape);
    } catch (Throwable e) {
      throw Downcalls.unexpected(e);
    }
    if (!isWhole) {
      for (int token = 0; token < x.width(bundle); token++) {
        System.arraycopy(scratch.tail, token * ROWS, out, to + token * outStride, rows);
      }
    }
  }

  private MemorySegment packedProduct(PackedMatrix matrix, Activations.Form form, int tokens) {
    if (form == Activations.Form.FLOATS) {
      int index = matrix.source().type().id() * (Activations.BUNDLE + 1) + tokens;
      return code(
          plainCodes,
          index * Activations.GROUP + matrix.columns() % Activations.GROUP,
          () -> AssembledPlainProduct.assemble(matrix, tokens));
    }
    int index = index(matrix, form, tokens);
    return code(codes, index, () -> instructions.product(matrix, form, tokens));
  }

  private MemorySegment unpackedProduct(PackedMatrix matrix, Activations.Form form, int tokens) {
    return code(
        codes,
        CODES + index(matrix, form, tokens),
        () -> AssembledAmxProduct.assemble(matrix, form, tokens));
  }

  private MemorySegment unpacking(PackedMatrix matrix) {
    int index = index(matrix, Activations.Form.CODES_8, 0);
    return code(codes, index, () -> AssembledUnpack.assemble(matrix));
  }

  private static int index(PackedMatrix matrix, Activations.Form form, int tokens) {
    int wide = form == Activations.Form.CODES_16 ? 1 : 0;
    return (matrix.source().type().id() * 2 + wide) * (Activations.BUNDLE + 1) + tokens;
  }

  private static MemorySegment code(
      AtomicReferenceArray<MemorySegment> known, int index, Supplier<byte[]> assembly) {
    MemorySegment code = known.get(index);
    if (code == null) {
      code = ExecutableMemory.install(assembly.get());
      known.set(index, code); // two threads may make the same code: one of them is then idle
    }
    return code;
  }
}
