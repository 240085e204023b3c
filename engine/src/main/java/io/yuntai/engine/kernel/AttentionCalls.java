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
 * whole go in one call, then each token has the few that it sees in part or before others do.
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
  private static final int ROW_COUNTS = AttentionFrame.ROWS + 1;

  /** Code by format, by lengths of key and value, and by number of rows. */
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
      int together = AttentionFrame.ROWS / heads;
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
      call(run, scratch, 0, tokens * heads, block, blocks, 0, POSITIONS);
    }
    for (int token = first; token <= last; token++) {
      int row = (token - first) * heads;
      inPart(
          run,
          scratch,
          row,
          heads,
          Math.max(run.start(token), wholeEnd * POSITIONS),
          run.end(token));
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
      call(run, scratch, row, heads, block, 1, position - from, next - from);
    }
  }

  private void call(
      AttentionRun run,
      KernelScratch scratch,
      int firstRow,
      int rows,
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
        frame.describe(firstRow, turned, 1, first, end);
        call(frame, rows, turned);
      }
      return;
    }
    for (int i = 0; i < blocks; i++) {
      frame.block(i, cache.block(run.blockTable()[firstBlock + i]).address() + offset);
    }
    frame.describe(firstRow, layout, blocks, first, end);
    call(frame, rows, layout);
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

  private void call(AttentionFrame frame, int rows, KvLayout layout) {
    MemorySegment code = code(rows, layout);
    try {
      ATTEND.invokeExact(code, frame.address());
    } catch (Throwable e) {
      throw Downcalls.unexpected(e);
    }
  }

  private MemorySegment code(int rows, KvLayout layout) {
    var byLengths = Objects.requireNonNull(codes.get(layout.format()));
    int lengths = layout.keyLength() / LANES * LENGTHS + layout.valueLength() / LANES;
    AtomicReferenceArray<@Nullable MemorySegment> byRows = byLengths.get(lengths);
    if (byRows == null) {
      byLengths.compareAndSet(lengths, null, new AtomicReferenceArray<>(ROW_COUNTS));
      byRows = Objects.requireNonNull(byLengths.get(lengths));
    }
    MemorySegment code = byRows.get(rows);
    if (code == null) {
      code = ExecutableMemory.install(AssembledAttention.assemble(rows, layout));
      byRows.set(rows, code); // two threads may make the same code: one of them is then idle
    }
    return code;
  }
}
