package io.yuntai.engine.kernel;

import static io.yuntai.engine.kernel.AssembledAttention.LANES;

import io.yuntai.engine.jit.Downcalls;
import io.yuntai.engine.jit.ExecutableMemory;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;

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
  private static final int MAX_LENGTH = 256;
  private static final int LENGTHS = MAX_LENGTH / LANES + 1;
  private static final int FORMATS = 2;
  private static final int ROW_COUNTS = AttentionFrame.ROWS + 1;

  /** Code by lengths of key and value, format and number of rows. */
  private final AtomicReferenceArray<MemorySegment> codes =
      new AtomicReferenceArray<>(LENGTHS * LENGTHS * FORMATS * ROW_COUNTS);

  /** Whether there is code for such heads. */
  static boolean supports(AttentionRun run) {
    return run.heads() <= AttentionFrame.ROWS
        && !run.cache().valueInKey()
        && supports(run.cache().keyLength())
        && supports(run.cache().valueLength());
  }

  private static boolean supports(int length) {
    return length % LANES == 0 && length <= MAX_LENGTH;
  }

  /** As {@link Kernels#attention}. */
  void attend(AttentionRun run, AttentionFrame frame) {
    int together = AttentionFrame.ROWS / run.heads();
    for (int first = 0; first < run.tokens(); first += together) {
      int count = Math.min(together, run.tokens() - first);
      frame.begin(run, first, count);
      int whole = (run.positions() + first) / POSITIONS;
      for (int block = 0; block < whole; block += AttentionFrame.BLOCKS) {
        int blocks = Math.min(AttentionFrame.BLOCKS, whole - block);
        call(run, frame, 0, count * run.heads(), block, blocks, POSITIONS);
      }
      for (int token = 0; token < count; token++) {
        int seen = run.positions() + first + token - whole * POSITIONS;
        for (int block = whole; seen > 0; block++, seen -= POSITIONS) {
          int row = token * run.heads();
          call(run, frame, row, run.heads(), block, 1, Math.min(seen, POSITIONS));
        }
      }
      frame.finish(run, first, count);
    }
  }

  private void call(
      AttentionRun run,
      AttentionFrame frame,
      int firstRow,
      int rows,
      int firstBlock,
      int blocks,
      int seen) {
    KvCache cache = run.cache();
    long offset = cache.keyOffset(run.layer(), run.kvHead());
    for (int i = 0; i < blocks; i++) {
      frame.block(i, cache.block(run.blockTable()[firstBlock + i]).address() + offset);
    }
    frame.describe(firstRow, cache.keyLength(), cache.valueLength(), blocks, seen);
    MemorySegment code = code(rows, cache);
    try {
      ATTEND.invokeExact(code, frame.address());
    } catch (Throwable e) {
      throw Downcalls.unexpected(e);
    }
  }

  private MemorySegment code(int rows, KvCache cache) {
    int lengths = cache.keyLength() / LANES * LENGTHS + cache.valueLength() / LANES;
    int format = cache.format() == KvCache.Format.F32 ? 0 : 1;
    int index = (lengths * FORMATS + format) * ROW_COUNTS + rows;
    MemorySegment code = codes.get(index);
    if (code == null) {
      code =
          ExecutableMemory.install(
              AssembledAttention.assemble(
                  rows, cache.keyLength(), cache.valueLength(), cache.format()));
      codes.set(index, code); // two threads may make the same code: one of them is then idle
    }
    return code;
  }
}
