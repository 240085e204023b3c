package io.yuntai.engine.kernel;

import static io.yuntai.engine.kernel.AssembledAttention.LANES;

import io.yuntai.engine.jit.Downcalls;
import io.yuntai.engine.jit.ExecutableMemory;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * {@link Kernels#attention} by {@link AssembledAttention}: blocks that all tokens of a run see
 * whole go in one call, and the block in which they stand in another, where it is one. Otherwise
 * each token has by itself the few that it sees in part or before others do.
 */
final class AttentionCalls {
  /**
   * Not a critical call as a product's is: it may take a millisecond, for which no collection
   * should wait.
   */
  private static final MethodHandle ATTEND =
      Linker.nativeLinker().downcallHandle(FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));

  private static final int POSITIONS = KvCache.BLOCK_TOKENS;
  private static final int LENGTHS = AttentionFrame.MAX_LENGTH / LANES + 1;
  private static final int SHAPES = (AttentionFrame.ROWS + 1) * (AttentionFrame.TOKENS + 1);

  /** Code by format, by lengths of key and value, and by numbers of rows and of tokens. */
  private final Map<
          KvCache.Format,
          AtomicReferenceArray<@Nullable AtomicReferenceArray<@Nullable MemorySegment>>>
      codes = new EnumMap<>(KvCache.Format.class);

  AttentionCalls() {
    for (KvCache.Format format : KvCache.Format.values()) {
      codes.put(format, new AtomicReferenceArray<>(LENGTHS * LENGTHS));
    }
  }

  /** Whether there is code for such heads. */
  static boolean supports(KvLayout layout) {
    return supports(layout.keyLength()) && supports(layout.valueLength());
  }

  private static boolean supports(int length) {
    return length % LANES == 0 && length <= AttentionFrame.MAX_LENGTH;
  }

  /** As {@link Kernels#attention}. */
  void attend(AttentionRun run, KernelScratch scratch) {
    AttentionFrame frame = scratch.attention;
    scratch.convertedFrom = 0;
    for (int head = 0; head < run.heads(); head += AttentionFrame.ROWS) {
      int heads = Math.min(AttentionFrame.ROWS, run.heads() - head);
      int together = Math.min(AttentionFrame.TOKENS, AttentionFrame.ROWS / heads);
      for (int token = 0; token < run.tokens(); token += together) {
        int tokens = Math.min(together, run.tokens() - token);
        frame.begin(run, head, heads, token, tokens);
        attend(run, scratch, heads, token, tokens);
        frame.finish(run, head, heads, token, tokens);
      }
    }
  }

  /** The rows that a frame holds. */
  private void attend(AttentionRun run, KernelScratch scratch, int heads, int first, int tokens) {
    int last = first + tokens - 1;
    int wholeStart = Math.ceilDiv(run.start(last), POSITIONS);
    int wholeEnd = Math.max(wholeStart, run.end(first) / POSITIONS);
    for (int token = first; token <= last; token++) {
      int row = (token - first) * heads;
      inPart(
          run,
          scratch,
          row,
          heads,
          run.start(token),
          Math.min(run.end(token), wholeStart * POSITIONS));
    }
    for (int block = wholeStart; block < wholeEnd; block += AttentionFrame.BLOCKS) {
      int blocks = Math.min(AttentionFrame.BLOCKS, wholeEnd - block);
      call(run, scratch, 0, tokens * heads, 1, block, blocks, 0, POSITIONS);
    }
    int lastPart = wholeEnd * POSITIONS;
    if (run.start(last) <= lastPart
        && run.end(first) > lastPart
        && run.end(last) <= lastPart + POSITIONS) {
      int end = run.end(first) - lastPart;
      call(run, scratch, 0, tokens * heads, tokens, wholeEnd, 1, 0, end);
      return;
    }
    for (int token = first; token <= last; token++) {
      int row = (token - first) * heads;
      inPart(run, scratch, row, heads, Math.max(run.start(token), lastPart), run.end(token));
    }
  }

  /** One token's rows and some positions, block by block. */
  private void inPart(
      AttentionRun run, KernelScratch scratch, int row, int heads, int start, int end) {
    int next;
    for (int position = start; position < end; position = next) {
      int block = position / POSITIONS;
      int from = block * POSITIONS;
      next = Math.min(end, from + POSITIONS);
      call(run, scratch, row, heads, 1, block, 1, position - from, next - from);
    }
  }

  /**
   * Some rows and blocks.
   *
   * @param tokens 1 where all rows see the same positions; else the rows' tokens, each of which
   *     sees one position more than the one before
   * @param first the first position of a block that the first token sees
   * @param end the end of those
   */
  private void call(
      AttentionRun run,
      KernelScratch scratch,
      int firstRow,
      int rows,
      int tokens,
      int firstBlock,
      int blocks,
      int first,
      int end) {
    KvCache cache = run.cache();
    KvLayout layout = cache.layout();
    AttentionFrame frame = scratch.attention;
    long offset = layout.headOffset(run.layer(), run.kvHead());
    if (layout.valueInKey()) {
      // Values stand crosswise in their keys, so blocks are taken one by one and turned.
      KvLayout turned = layout.asFloats();
      for (int i = 0; i < blocks; i++) {
        turn(cache.block(run.blockTable()[firstBlock + i]), offset, layout, scratch);
        frame.block(0, scratch.keyValues.address());
        frame.describe(firstRow, turned, 1, first, end, tokens);
        call(frame, rows, tokens, turned);
      }
      return;
    }
    for (int i = 0; i < blocks; i++) {
      frame.block(i, cache.block(run.blockTable()[firstBlock + i]).address() + offset);
    }
    frame.describe(firstRow, layout, blocks, first, end, tokens);
    call(frame, rows, tokens, layout);
  }

  /** Converts a block, unless it is the one that was converted last. */
  private static void turn(
      MemorySegment block, long offset, KvLayout layout, KernelScratch scratch) {
    long address = block.address() + offset;
    if (scratch.convertedFrom != address) {
      VectorKeyValues.convert(block, offset, layout, scratch);
      scratch.convertedFrom = address;
    }
  }

  private void call(AttentionFrame frame, int rows, int tokens, KvLayout layout) {
    MemorySegment code = code(rows, tokens, layout);
    try {
      ATTEND.invokeExact(code, frame.address());
    } catch (Throwable e) {
      throw Downcalls.unexpected(e);
    }
  }

  private MemorySegment code(int rows, int tokens, KvLayout layout) {
    var byLengths = Objects.requireNonNull(codes.get(layout.format()));
    int lengths = layout.keyLength() / LANES * LENGTHS + layout.valueLength() / LANES;
    AtomicReferenceArray<@Nullable MemorySegment> byShape = byLengths.get(lengths);
    if (byShape == null) {
      byLengths.compareAndSet(lengths, null, new AtomicReferenceArray<>(SHAPES));
      byShape = Objects.requireNonNull(byLengths.get(lengths));
    }
    int shape = rows * (AttentionFrame.TOKENS + 1) + tokens;
    MemorySegment code = byShape.get(shape);
    if (code == null) {
      code = ExecutableMemory.install(AssembledAttention.assemble(rows / tokens, tokens, layout));
      byShape.set(shape, code); // two threads may make the same code: one of them is then idle
    }
    return code;
  }
}
