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
    return !layout.valueInKey() && supports(layout.keyLength()) && supports(layout.valueLength());
  }

  private static boolean supports(int length) {
    return length % LANES == 0 && length <= AttentionFrame.MAX_LENGTH;
  }

  /** As {@link Kernels#attention}. */
  void attend(AttentionRun run, AttentionFrame frame) {
    for (int head = 0; head < run.heads(); head += AttentionFrame.ROWS) {
      int heads = Math.min(AttentionFrame.ROWS, run.heads() - head);
      int together = AttentionFrame.ROWS / heads;
      for (int token = 0; token < run.tokens(); token += together) {
        int tokens = Math.min(together, run.tokens() - token);
        frame.begin(run, head, heads, token, tokens);
        attend(run, frame, heads, token, tokens);
        frame.finish(run, head, heads, token, tokens);
      }
    }
  }

  /** The rows that a frame holds. */
  private void attend(AttentionRun run, AttentionFrame frame, int heads, int first, int tokens) {
    int last = first + tokens - 1;
    int wholeStart = Math.ceilDiv(run.start(last), POSITIONS);
    int wholeEnd = Math.max(wholeStart, run.end(first) / POSITIONS);
    for (int token = first; token <= last; token++) {
      int row = (token - first) * heads;
      inPart(
          run,
          frame,
          row,
          heads,
          run.start(token),
          Math.min(run.end(token), wholeStart * POSITIONS));
    }
    for (int block = wholeStart; block < wholeEnd; block += AttentionFrame.BLOCKS) {
      int blocks = Math.min(AttentionFrame.BLOCKS, wholeEnd - block);
      call(run, frame, 0, tokens * heads, block, blocks, 0, POSITIONS);
    }
    for (int token = first; token <= last; token++) {
      int row = (token - first) * heads;
      inPart(
          run, frame, row, heads, Math.max(run.start(token), wholeEnd * POSITIONS), run.end(token));
    }
  }

  /** One token's rows and some positions, block by block. */
  private void inPart(
      AttentionRun run, AttentionFrame frame, int row, int heads, int start, int end) {
    int next;
    for (int position = start; position < end; position = next) {
      int block = position / POSITIONS;
      int from = block * POSITIONS;
      next = Math.min(end, from + POSITIONS);
      call(run, frame, row, heads, block, 1, position - from, next - from);
    }
  }

  private void call(
      AttentionRun run,
      AttentionFrame frame,
      int firstRow,
      int rows,
      int firstBlock,
      int blocks,
      int first,
      int end) {
    KvCache cache = run.cache();
    long offset = cache.layout().headOffset(run.layer(), run.kvHead());
    for (int i = 0; i < blocks; i++) {
      frame.block(i, cache.block(run.blockTable()[firstBlock + i]).address() + offset);
    }
    frame.describe(firstRow, cache.layout(), blocks, first, end);
    MemorySegment code = code(rows, cache.layout());
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
