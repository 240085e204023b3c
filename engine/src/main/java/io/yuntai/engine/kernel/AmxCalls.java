package io.yuntai.engine.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.yuntai.engine.jit.Downcalls;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@link Kernels#multiply} of block-quantised weights and many tokens with AMX.
 *
 * <p>Tiles are taken in stretches of at most {@link #STRETCH_GROUPS} groups of columns. Each is
 * unpacked, and meets all bundles while it is in the first-level cache. A stretch of all tiles
 * comes before the next one, so that the inputs that belong to it are in the second-level cache
 * then. Sums wait between two stretches in scratch memory, laid out as the results of 32 rows.
 */
final class AmxCalls {
  /** From so many tokens on, unpacking for all of them beats unpacking on the way. */
  private static final int LEAST_TOKENS = 33;

  /**
   * Unpacked, 16 groups of 32 columns are 18 to 24 kB; with a bundle's inputs (15 kB) and the sums
   * in flight they still fit 48 kB.
   */
  private static final int STRETCH_GROUPS = 16;

  private static final int ROWS = PackedMatrix.TILE_ROWS;
  private static final long ROW_BYTES = ROWS * Float.BYTES;

  /** Results may lie in the Java heap, so calls must not let it move. */
  private static final MethodHandle PRODUCT =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.ofVoid(
                  JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
              Linker.Option.critical(true));

  private static final MethodHandle UNPACK =
      Linker.nativeLinker()
          .downcallHandle(FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG));

  /** Sums before the first stretch, for any token. */
  private static final MemorySegment ZEROS = Arena.global().allocate(ROW_BYTES, 64);

  private final CodeTable unpackings = new CodeTable(1);
  private final CodeTable products = new CodeTable(2);

  /** Whether it pays, and the code can do it. */
  static boolean isFor(Activations x) {
    return x.tokens() >= LEAST_TOKENS && x.groups() >= AssembledAmxProduct.LEAST_GROUPS;
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
    long sumBytes = x.tokens() * ROW_BYTES;
    MemorySegment sums = scratch.sums(tiles * sumBytes);
    int stretches = Math.ceilDiv(x.groups(), STRETCH_GROUPS);
    for (int stretch = 0; stretch < stretches; stretch++) {
      int block = (int) ((long) stretch * matrix.blocks() / stretches);
      int endBlock = (int) ((stretch + 1L) * matrix.blocks() / stretches);
      for (int tile = firstTile; tile < firstTile + tiles; tile++) {
        boolean isResult = stretch == stretches - 1 && (tile + 1) * ROWS <= matrix.rows();
        multiplyStretch(
            matrix,
            tile,
            block,
            endBlock - block,
            x,
            sums.address() + (tile - firstTile) * sumBytes,
            isResult ? scratch.segment(out) : sums,
            isResult ? outOffset + tile * ROWS : (tile - firstTile) * x.tokens() * ROWS,
            isResult ? outStride : ROWS,
            scratch);
      }
    }
    int rows = Math.min(ROWS, matrix.rows() - (firstTile + tiles - 1) * ROWS);
    for (int token = 0; rows < ROWS && token < x.tokens(); token++) {
      long from = (tiles - 1) * sumBytes + token * ROW_BYTES;
      int to = outOffset + token * outStride + matrix.rows() - rows;
      MemorySegment.copy(sums, JAVA_FLOAT, from, out, to, rows);
    }
  }

  private void multiplyStretch(
      PackedMatrix matrix,
      int tile,
      int block,
      int blocks,
      Activations x,
      long sums,
      MemorySegment to,
      int toOffset,
      int toStride,
      KernelScratch scratch) {
    int groupsInBlock = matrix.blockColumns() / Activations.GROUP;
    int groups = blocks * groupsInBlock;
    MemorySegment unpacked = scratch.unpacked(AssembledUnpack.bytes(matrix, groups));
    long packed =
        matrix.data().address() + tile * matrix.tileBytes() + (long) block * matrix.blockBytes();
    int bundles;
    try {
      UNPACK.invokeExact(unpacking(matrix), packed, unpacked.address(), (long) blocks);
      for (int bundle = 0; bundle < x.bundles(); bundle += bundles) {
        bundles = x.sameWidth(bundle);
        int token = x.firstToken(bundle);
        PRODUCT.invokeExact(
            product(matrix, x.form(), x.width(bundle)),
            unpacked.address(),
            x.data().address() + x.offset(bundle, block * groupsInBlock),
            to,
            (toOffset + (long) token * toStride) * Float.BYTES,
            (long) toStride * Float.BYTES,
            block == 0 ? ZEROS.address() : sums + token * ROW_BYTES,
            block == 0 ? 0L : ROW_BYTES,
            (long) groups,
            (long) bundles,
            x.offset(bundle + 1, 0) - x.offset(bundle, 0),
            packed + (long) blocks * matrix.blockBytes());
      }
    } catch (Throwable e) {
      throw Downcalls.unexpected(e);
    }
  }

  private MemorySegment product(PackedMatrix matrix, Activations.Form form, int tokens) {
    int variant = CodeTable.variant(form);
    MemorySegment code = products.find(matrix, variant, tokens);
    return code != null
        ? code
        : products.install(
            matrix, variant, tokens, AssembledAmxProduct.assemble(matrix, form, tokens));
  }

  private MemorySegment unpacking(PackedMatrix matrix) {
    MemorySegment code = unpackings.find(matrix, 0, 0);
    return code != null ? code : unpackings.install(matrix, 0, 0, AssembledUnpack.assemble(matrix));
  }
}
