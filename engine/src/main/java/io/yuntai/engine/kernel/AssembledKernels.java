package io.yuntai.engine.kernel;

import io.yuntai.engine.jit.Assembler.Encoding;
import io.yuntai.engine.jit.Downcalls;
import io.yuntai.engine.jit.ExecutableMemory;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/**
 * Kernels in machine code that is made for this processor when it is first needed; what has none
 * yet runs in the Vector API.
 */
public final class AssembledKernels implements Kernels {
  private final ScalarKernels scalar = new ScalarKernels();
  private final VectorKernels vector = new VectorKernels();
  private final AttentionCalls attention = new AttentionCalls();

  private final InstructionSet instructions;
  private final ProductCalls products;
  private final Optional<MemorySegment> storeCodes8;
  private final Optional<MemorySegment> storeCodes16;
  private final Optional<AssembledSwiglu> swiglu;
  private final Optional<AssembledRmsNorm> norm;

  /** One for each shape of keys and values: a model has one. */
  private volatile AssembledKvWrite[] writes = {};

  /** For operations that are given no scratch memory. */
  private final HeapArrays arrays = new HeapArrays();

  private final AssembledAdd add;

  /** One for each shape of heads: a model has one or two. */
  private volatile AssembledRotation[] rotations = {};

  /** Kernels for an instruction set that this processor has. */
  AssembledKernels(InstructionSet instructions) {
    this.instructions = instructions;
    this.products = new ProductCalls(instructions);
    this.storeCodes8 = store(Activations.Form.CODES_8);
    this.storeCodes16 = store(Activations.Form.CODES_16);
    boolean wide = instructions.hasWideVectors();
    this.swiglu = wide ? Optional.of(new AssembledSwiglu()) : Optional.empty();
    this.norm = wide ? Optional.of(new AssembledRmsNorm()) : Optional.empty();
    this.add = new AssembledAdd(wide ? Encoding.EVEX : Encoding.VEX);
  }

  private Optional<MemorySegment> store(Activations.Form form) {
    return instructions.hasWideVectors()
        ? Optional.of(ExecutableMemory.install(AssembledStore.assemble(form)))
        : Optional.empty();
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
      int outOffset,
      int outStride,
      KernelScratch scratch) {
    if (products.supports(matrix)) {
      products.multiply(matrix, firstTile, tiles, x, out, outOffset, outStride, scratch);
    } else {
      vector.multiply(matrix, firstTile, tiles, x, out, outOffset, outStride, scratch);
    }
  }

  @Override
  public void store(
      float[] x,
      int offset,
      Activations to,
      int token,
      int firstGroup,
      int groups,
      KernelScratch scratch) {
    if (!hasStore(to.form())) {
      vector.store(x, offset, to, token, firstGroup, groups, scratch);
      return;
    }
    int bundle = to.bundleOf(token);
    int place = token - to.firstToken(bundle);
    store(x, offset, 0, to, bundle, place, 1, firstGroup, groups, scratch);
  }

  @Override
  public void storeRows(
      float[] x,
      int offset,
      int stride,
      Activations to,
      int firstGroup,
      int groups,
      KernelScratch scratch) {
    if (!hasStore(to.form())) {
      vector.storeRows(x, offset, stride, to, firstGroup, groups, scratch);
      return;
    }
    for (int bundle = 0; bundle < to.bundles(); bundle++) {
      int from = offset + to.firstToken(bundle) * stride;
      int width = to.width(bundle);
      store(x, from, stride, to, bundle, 0, width, firstGroup, groups, scratch);
    }
  }

  private boolean hasStore(Activations.Form form) {
    return instructions.hasWideVectors() && form != Activations.Form.FLOATS;
  }

  /** Tokens of one bundle, from a place in it on. */
  private void store(
      float[] x,
      int offset,
      int stride,
      Activations to,
      int bundle,
      int place,
      int tokens,
      int firstGroup,
      int groups,
      KernelScratch scratch) {
    Optional<MemorySegment> code =
        to.form() == Activations.Form.CODES_16 ? storeCodes16 : storeCodes8;
    int width = to.width(bundle);
    long first = to.data().address() + to.offset(bundle, firstGroup);
    try {
      ProductCalls.PRODUCT.invokeExact(
          code.orElseThrow(),
          first + (long) place * Activations.GROUP,
          first + to.form().scalesOffset(width) + (long) place * Float.BYTES,
          scratch.segment(x),
          (((long) stride * Float.BYTES) << Integer.SIZE) | ((long) offset * Float.BYTES),
          (long) width * Float.BYTES,
          ((long) tokens << Integer.SIZE) | groups);
    } catch (Throwable e) {
      throw Downcalls.unexpected(e);
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
    if (norm.isPresent() && AssembledRmsNorm.supports(length)) {
      norm.get().rmsNorm(x, xOffset, weight, epsilon, y, yOffset, length, scratch);
      return;
    }
    vector.rmsNorm(x, xOffset, weight, epsilon, y, yOffset, length, scratch);
  }

  @Override
  public void add(float[] x, int xOffset, float[] y, int yOffset, int length) {
    addRows(x, xOffset, 0, y, yOffset, 0, 1, length);
  }

  @Override
  public void addRows(
      float[] x,
      int xOffset,
      int xStride,
      float[] y,
      int yOffset,
      int yStride,
      int rows,
      int length) {
    int done = add.addRows(x, xOffset, xStride, y, yOffset, yStride, rows, length, arrays);
    if (done < length) {
      scalar.addRows(x, xOffset + done, xStride, y, yOffset + done, yStride, rows, length - done);
    }
  }

  @Override
  public void addScaled(float[] x, int xOffset, float[] y, int yOffset, float factor, int length) {
    vector.addScaled(x, xOffset, y, yOffset, factor, length);
  }

  @Override
  public float dot(
      float[] x, int xOffset, float[] y, int yOffset, int length, KernelScratch scratch) {
    return vector.dot(x, xOffset, y, yOffset, length, scratch);
  }

  @Override
  public void geglu(
      float[] gate, int gateOffset, float[] up, int upOffset, int length, KernelScratch scratch) {
    vector.geglu(gate, gateOffset, up, upOffset, length, scratch);
  }

  @Override
  public void swiglu(
      float[] gate, int gateOffset, float[] up, int upOffset, int length, KernelScratch scratch) {
    if (swiglu.isEmpty()) {
      vector.swiglu(gate, gateOffset, up, upOffset, length, scratch);
      return;
    }
    int done = swiglu.get().swiglu(gate, gateOffset, up, upOffset, length, scratch);
    scalar.swiglu(gate, gateOffset + done, up, upOffset + done, length - done, scratch);
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
    for (AssembledRotation rotation : rotations) {
      if (rotation.isFor(headLength, adjacent, pairs)) {
        rotation.rotate(x, offset, heads, cosines, sines, row, arrays);
        return;
      }
    }
    var shape = new AssembledRotation.Shape(headLength, adjacent, pairs);
    if (instructions.hasWideVectors() && shape.isSupported()) {
      add(AssembledRotation.of(shape)).rotate(x, offset, heads, cosines, sines, row, arrays);
    } else {
      vector.rotate(x, offset, heads, headLength, adjacent, pairs, cosines, sines, row);
    }
  }

  /** Two threads may make the same code: one of them is then idle. */
  private synchronized AssembledRotation add(AssembledRotation made) {
    AssembledRotation[] more = Arrays.copyOf(rotations, rotations.length + 1);
    more[rotations.length] = made;
    rotations = more;
    return made;
  }

  @Override
  public void attention(AttentionRun run, KernelScratch scratch) {
    if (instructions.hasWideVectors() && AttentionCalls.supports(run.cache().layout())) {
      attention.attend(run, scratch);
    } else {
      vector.attention(run, scratch);
    }
  }

  @Override
  public void keep(
      KvCache cache,
      int block,
      int slot,
      int layer,
      int head,
      float[] key,
      int keyOffset,
      float[] value,
      int valueOffset,
      KernelScratch scratch) {
    if (!instructions.hasWideVectors() || !AssembledKvWrite.supports(cache.layout())) {
      cache.write(block, slot, layer, head, key, keyOffset, value, valueOffset);
      return;
    }
    write(cache.layout())
        .keep(cache, block, slot, layer, head, key, keyOffset, value, valueOffset, scratch);
  }

  private AssembledKvWrite write(KvLayout layout) {
    for (AssembledKvWrite write : writes) {
      if (write.isFor(layout)) {
        return write;
      }
    }
    return add(AssembledKvWrite.of(layout));
  }

  private synchronized AssembledKvWrite add(AssembledKvWrite made) {
    AssembledKvWrite[] more = Arrays.copyOf(writes, writes.length + 1);
    more[writes.length] = made;
    writes = more;
    return made;
  }
}
