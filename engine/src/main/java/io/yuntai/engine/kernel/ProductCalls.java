package io.yuntai.engine.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.yuntai.engine.jit.Downcalls;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

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

  private static final int ROWS = PackedMatrix.TILE_ROWS;

  /** From so many tokens on, matrix instructions are the faster ones. */
  private static final int LEAST_AMX_TOKENS = 8;

  /** The same where 16 columns have a scale of their own, for whose sums a matrix is too small. */
  private static final int LEAST_AMX_TOKENS_BY_16 = 12;

  private final InstructionSet instructions;

  /** Codes for block-quantised weights, by variant of the form of activations. */
  private final CodeTable codes = new CodeTable(2);

  /** Codes for plain weights, by remainder of columns. */
  private final CodeTable plainCodes = new CodeTable(Activations.GROUP);

  /** Codes with matrix instructions for a bundle, likewise. */
  private final CodeTable tilesCodes = new CodeTable(2);

  private final AmxCalls amx = new AmxCalls();

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
    boolean hasTiles = quantized && instructions == InstructionSet.AMX_INT8;
    if (hasTiles && AmxCalls.isFor(x)) {
      amx.multiply(matrix, firstTile, tiles, x, out, outOffset, outStride, scratch);
      return;
    }
    hasTiles = hasTiles && isForTiles(matrix, x);
    int whole = Math.min(firstTile + tiles, matrix.rows() / ROWS);
    int count;
    for (int tile = firstTile; tile < firstTile + tiles; tile += count) {
      // One bundle goes through all tiles in one call; several meet a tile while it is in the
      // cache, but for code that works ahead from tile to tile.
      count = (x.bundles() == 1 || hasTiles) && tile < whole ? whole - tile : 1;
      long weights = matrix.data().address() + tile * matrix.tileBytes();
      int blocks = quantized ? matrix.blocks() : matrix.columns() / Activations.GROUP;
      long shape = ((long) blocks << 32) | count;
      for (int bundle = 0; bundle < x.bundles(); bundle++) {
        MemorySegment code =
            hasTiles
                ? tilesCode(matrix, x.form(), x.width(bundle))
                : code(matrix, x.form(), x.width(bundle));
        product(code, weights, shape, matrix, tile, x, bundle, out, outOffset, outStride, scratch);
      }
    }
  }

  private static boolean isForTiles(PackedMatrix matrix, Activations x) {
    boolean by16 = matrix.groupSize() < Activations.GROUP;
    return x.tokens() >= (by16 ? LEAST_AMX_TOKENS_BY_16 : LEAST_AMX_TOKENS)
        && x.groups() >= AssembledAmxBundle.LEAST_GROUPS;
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

  private MemorySegment code(PackedMatrix matrix, Activations.Form form, int tokens) {
    boolean plain = form == Activations.Form.FLOATS;
    CodeTable table = plain ? plainCodes : codes;
    int variant = plain ? matrix.columns() % Activations.GROUP : CodeTable.variant(form);
    MemorySegment code = table.find(matrix, variant, tokens);
    if (code != null) {
      return code;
    }
    byte[] assembly =
        plain
            ? AssembledPlainProduct.assemble(matrix, tokens)
            : instructions.product(matrix, form, tokens);
    return table.install(matrix, variant, tokens, assembly);
  }

  private MemorySegment tilesCode(PackedMatrix matrix, Activations.Form form, int tokens) {
    int variant = CodeTable.variant(form);
    MemorySegment code = tilesCodes.find(matrix, variant, tokens);
    return code != null
        ? code
        : tilesCodes.install(
            matrix, variant, tokens, AssembledAmxBundle.assemble(matrix, form, tokens));
  }
}
