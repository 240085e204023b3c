package io.yuntai.engine.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.yuntai.engine.jit.ExecutableMemory;
import io.yuntai.engine.quant.TensorType;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Kernels in machine code that is made for this processor when it is first needed; what has none
 * yet runs in the Vector API.
 */
public final class AssembledKernels implements Kernels {
  /** Results may lie in the Java heap, so calls must not let it move. */
  private static final MethodHandle PRODUCT =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.ofVoid(
                  JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG),
              Linker.Option.critical(true));

  private static final MethodHandle STORE =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.ofVoid(
                  ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
              Linker.Option.critical(true));

  private static final MethodHandle UNPACK =
      Linker.nativeLinker()
          .downcallHandle(FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG));

  /** Above all numbers of tensor types. */
  private static final int TYPES =
      Arrays.stream(TensorType.values()).mapToInt(TensorType::id).max().orElseThrow() + 1;

  private static final int CODES = TYPES * 2 * (Activations.BUNDLE + 1);

  /** From so many tokens on, unpacking a tile for AMX pays. */
  private static final int AMX_TOKENS = 24;

  private final VectorKernels vector = new VectorKernels();
  private final AttentionCalls attention = new AttentionCalls();

  /**
   * Codes of products by tensor type, form of activations and number of tokens: those for VNNI,
   * with unpacking at 0 tokens, and then those for AMX.
   */
  private final AtomicReferenceArray<MemorySegment> codes = new AtomicReferenceArray<>(2 * CODES);

  private final InstructionSet instructions;

  private final Optional<MemorySegment> storeCodes8;
  private final Optional<MemorySegment> storeCodes16;
  private final Optional<AssembledSwiglu> swiglu;

  private AssembledKernels(InstructionSet instructions) {
    this.instructions = instructions;
    this.storeCodes8 = store(Activations.Form.CODES_8);
    this.storeCodes16 = store(Activations.Form.CODES_16);
    this.swiglu =
        instructions.hasWideVectors() ? Optional.of(new AssembledSwiglu()) : Optional.empty();
  }

  private Optional<MemorySegment> store(Activations.Form form) {
    return instructions.hasWideVectors()
        ? Optional.of(ExecutableMemory.install(AssembledStore.assemble(form)))
        : Optional.empty();
  }

  /** Kernels for this processor, the fastest first; none where it or the system can't. */
  public static List<AssembledKernels> available() {
    return InstructionSet.available().stream().map(AssembledKernels::new).toList();
  }

  @Override
  public String name() {
    return instructions.kernelName();
  }

  @Override
  public void multiply(
      PackedMatrix matrix,
      int firstTile,
      int tiles,
      Activations x,
      float[] out,
      int outStride,
      KernelScratch scratch) {
    if (!matrix.form().quantized()) {
      vector.multiply(matrix, firstTile, tiles, x, out, outStride, scratch);
      return;
    }
    if (instructions == InstructionSet.AMX_INT8 && x.tokens() >= AMX_TOKENS) {
      for (int tile = firstTile; tile < firstTile + tiles; tile++) {
        multiplyUnpacked(matrix, tile, x, out, outStride, scratch);
      }
      return;
    }
    int whole = Math.min(firstTile + tiles, matrix.rows() / PackedMatrix.TILE_ROWS);
    if (x.bundles() == 1) {
      if (whole > firstTile) {
        multiply(matrix, firstTile, whole - firstTile, x, 0, out, outStride, scratch);
      }
    } else {
      for (int tile = firstTile; tile < whole; tile++) {
        for (int bundle = 0; bundle < x.bundles(); bundle++) {
          multiply(matrix, tile, 1, x, bundle, out, outStride, scratch);
        }
      }
    }
    if (whole < firstTile + tiles) {
      multiplyTail(matrix, x, out, outStride, scratch);
    }
  }

  private void multiply(
      PackedMatrix matrix,
      int firstTile,
      int tiles,
      Activations x,
      int bundle,
      float[] out,
      int outStride,
      KernelScratch scratch) {
    long to = (long) x.firstToken(bundle) * outStride + (long) firstTile * PackedMatrix.TILE_ROWS;
    call(matrix, firstTile, tiles, x, bundle, scratch.segment(out), to, outStride);
  }

  private void multiplyUnpacked(
      PackedMatrix matrix,
      int tile,
      Activations x,
      float[] out,
      int outStride,
      KernelScratch scratch) {
    MemorySegment unpacked = scratch.unpacked(AssembledUnpack.tileBytes(matrix));
    int first = tile * PackedMatrix.TILE_ROWS;
    int rows = Math.min(PackedMatrix.TILE_ROWS, matrix.rows() - first);
    boolean isWhole = rows == PackedMatrix.TILE_ROWS;
    try {
      UNPACK.invokeExact(
          unpackCode(matrix),
          matrix.data().address() + tile * matrix.tileBytes(),
          unpacked.address(),
          (long) matrix.blocks());
      for (int bundle = 0; bundle < x.bundles(); bundle++) {
        int width = x.width(bundle);
        MemorySegment code = amxProduct(matrix, x.form(), width);
        long to = isWhole ? (long) x.firstToken(bundle) * outStride + first : 0;
        int stride = isWhole ? outStride : PackedMatrix.TILE_ROWS;
        PRODUCT.invokeExact(
            code,
            unpacked.address(),
            x.data().address() + x.offset(bundle, 0),
            scratch.segment(isWhole ? out : scratch.tail),
            to * Float.BYTES,
            (long) stride * Float.BYTES,
            (long) x.groups());
        if (!isWhole) {
          copyTail(x, bundle, first, rows, out, outStride, scratch);
        }
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void copyTail(
      Activations x,
      int bundle,
      int first,
      int rows,
      float[] out,
      int outStride,
      KernelScratch scratch) {
    for (int i = 0; i < x.width(bundle); i++) {
      int to = (x.firstToken(bundle) + i) * outStride + first;
      System.arraycopy(scratch.tail, i * PackedMatrix.TILE_ROWS, out, to, rows);
    }
  }

  /** The last tile, where it has fewer than 32 rows. */
  private void multiplyTail(
      PackedMatrix matrix, Activations x, float[] out, int outStride, KernelScratch scratch) {
    int tile = matrix.tiles() - 1;
    int first = tile * PackedMatrix.TILE_ROWS;
    int rows = matrix.rows() - first;
    for (int bundle = 0; bundle < x.bundles(); bundle++) {
      MemorySegment tail = scratch.segment(scratch.tail);
      call(matrix, tile, 1, x, bundle, tail, 0, PackedMatrix.TILE_ROWS);
      copyTail(x, bundle, first, rows, out, outStride, scratch);
    }
  }

  private void call(
      PackedMatrix matrix,
      int firstTile,
      int tiles,
      Activations x,
      int bundle,
      MemorySegment out,
      long to,
      int outStride) {
    MemorySegment code = product(matrix, x.form(), x.width(bundle));
    try {
      PRODUCT.invokeExact(
          code,
          matrix.data().address() + firstTile * matrix.tileBytes(),
          x.data().address() + x.offset(bundle, 0),
          out,
          to * Float.BYTES,
          (long) outStride * Float.BYTES,
          ((long) matrix.blocks() << 32) | tiles);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private MemorySegment product(PackedMatrix matrix, Activations.Form form, int tokens) {
    return code(index(matrix, form, tokens), () -> instructions.product(matrix, form, tokens));
  }

  private MemorySegment amxProduct(PackedMatrix matrix, Activations.Form form, int tokens) {
    return code(
        CODES + index(matrix, form, tokens),
        () -> AssembledAmxProduct.assemble(matrix, form, tokens));
  }

  private MemorySegment unpackCode(PackedMatrix matrix) {
    return code(index(matrix, Activations.Form.CODES_8, 0), () -> AssembledUnpack.assemble(matrix));
  }

  private static int index(PackedMatrix matrix, Activations.Form form, int tokens) {
    int wide = isWide(form) ? 1 : 0;
    return (matrix.source().type().id() * 2 + wide) * (Activations.BUNDLE + 1) + tokens;
  }

  private static boolean isWide(Activations.Form form) {
    return form == Activations.Form.CODES_16;
  }

  private MemorySegment code(int index, Supplier<byte[]> assembly) {
    MemorySegment code = codes.get(index);
    if (code == null) {
      code = ExecutableMemory.install(assembly.get());
      codes.set(index, code); // two threads may make the same code: one of them is then idle
    }
    return code;
  }

  @Override
  public void store(float[] x, int offset, Activations to, int token, KernelScratch scratch) {
    Optional<MemorySegment> code =
        switch (to.form()) {
          case CODES_8 -> storeCodes8;
          case CODES_16 -> storeCodes16;
          case FLOATS -> Optional.empty();
        };
    if (code.isEmpty()) {
      vector.store(x, offset, to, token, scratch);
      return;
    }
    int bundle = to.bundleOf(token);
    int width = to.width(bundle);
    long place = token - (long) to.firstToken(bundle);
    long first = to.data().address() + to.offset(bundle, 0);
    try {
      STORE.invokeExact(
          code.get(),
          scratch.segment(x),
          (long) offset * Float.BYTES,
          first + place * Activations.GROUP,
          first + to.form().scalesOffset(width) + place * Float.BYTES,
          (long) width * Float.BYTES,
          (long) to.groups());
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void rmsNorm(
      float[] x,
      int xOffset,
      float[] weight,
      float epsilon,
      float[] y,
      int yOffset,
      int length,
      KernelScratch scratch) {
    vector.rmsNorm(x, xOffset, weight, epsilon, y, yOffset, length, scratch);
  }

  @Override
  public void add(float[] x, int xOffset, float[] y, int yOffset, int length) {
    vector.add(x, xOffset, y, yOffset, length);
  }

  @Override
  public void swiglu(
      float[] gate, int gateOffset, float[] up, int upOffset, int length, KernelScratch scratch) {
    int done = 0;
    if (swiglu.isPresent()) {
      done = swiglu.get().swiglu(gate, gateOffset, up, upOffset, length, scratch);
    }
    vector.swiglu(gate, gateOffset + done, up, upOffset + done, length - done, scratch);
  }

  @Override
  public void rotate(
      float[] x,
      int offset,
      int heads,
      int headLength,
      boolean adjacent,
      int pairs,
      float[] cosines,
      float[] sines,
      int row) {
    vector.rotate(x, offset, heads, headLength, adjacent, pairs, cosines, sines, row);
  }

  @Override
  public void attention(
      float[] query,
      int queryOffset,
      int queryStride,
      int tokens,
      int heads,
      int positions,
      KvCache cache,
      int[] blockTable,
      int layer,
      int kvHead,
      float scale,
      float[] out,
      int outOffset,
      int outStride,
      KernelScratch scratch) {
    if (instructions.hasWideVectors() && AttentionCalls.supports(cache, heads)) {
      attention.attend(
          query,
          queryOffset,
          queryStride,
          tokens,
          heads,
          positions,
          cache,
          blockTable,
          layer,
          kvHead,
          scale,
          out,
          outOffset,
          outStride,
          scratch);
    } else {
      vector.attention(
          query,
          queryOffset,
          queryStride,
          tokens,
          heads,
          positions,
          cache,
          blockTable,
          layer,
          kvHead,
          scale,
          out,
          outOffset,
          outStride,
          scratch);
    }
  }
}
