package io.yuntai.engine.measure;

import io.yuntai.engine.kernel.LargeMemory;
import io.yuntai.engine.kernel.WorkerTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * How fast memory is read from end to end: what bounds decoding, which reads every weight once for
 * each step. Reads a buffer in the kind of memory that weights lie in, much larger than any cache,
 * each thread a contiguous share of it, as the engine's workers do.
 */
public final class MemoryBandwidth implements AutoCloseable {
  /** A buffer much larger than the caches of today's processors for a few cores. */
  public static final long BUFFER_BYTES = 512L << 20;

  private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;
  private static final int PIECE_BYTES = 1 << 20;
  private static final long PAGE_BYTES = 4096;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;

  /** What reads; else the Vector API does. */
  private final Optional<ReadLoop> loop = ReadLoop.create();

  /**
   * With a buffer.
   *
   * @param bytes its size, rounded up to whole MiB
   */
  public MemoryBandwidth(long bytes) {
    memory = LargeMemory.allocate(Math.ceilDiv(bytes, PIECE_BYTES) * PIECE_BYTES, arena);
    for (long offset = 0; offset < memory.byteSize(); offset += PAGE_BYTES) {
      memory.set(java.lang.foreign.ValueLayout.JAVA_BYTE, offset, (byte) 1); // takes the page
    }
  }

  /** Bytes per second of each repetition, after one that does not count. */
  public List<Double> read(int threads, int repetitions) {
    int pieces = Math.toIntExact(memory.byteSize() / PIECE_BYTES);
    long[] sums = new long[threads * 16]; // each thread's in a cache line of its own
    List<Double> speeds = new ArrayList<>();
    try (WorkerTeam team = new WorkerTeam(threads)) {
      for (int i = 0; i <= repetitions; i++) {
        long start = System.nanoTime();
        team.run(
            pieces,
            (piece, worker) -> {
              if (loop.isPresent()) {
                loop.get().read(memory.address() + (long) piece * PIECE_BYTES, PIECE_BYTES);
              } else {
                sums[worker * 16] ^= sum(memory, (long) piece * PIECE_BYTES);
              }
            });
        long nanos = System.nanoTime() - start;
        if (i > 0) {
          speeds.add(memory.byteSize() * 1e9 / nanos);
        }
      }
    }
    return speeds;
  }

  /** Eight loads in flight hide the latency of each. */
  private static long sum(MemorySegment memory, long offset) {
    ByteOrder order = ByteOrder.nativeOrder();
    int width = SPECIES.vectorByteSize();
    LongVector a = LongVector.zero(SPECIES);
    LongVector b = a;
    LongVector c = a;
    LongVector d = a;
    for (long at = offset; at < offset + PIECE_BYTES; at += 8L * width) {
      a = a.add(LongVector.fromMemorySegment(SPECIES, memory, at, order));
      b = b.add(LongVector.fromMemorySegment(SPECIES, memory, at + width, order));
      c = c.add(LongVector.fromMemorySegment(SPECIES, memory, at + 2L * width, order));
      d = d.add(LongVector.fromMemorySegment(SPECIES, memory, at + 3L * width, order));
      a = a.add(LongVector.fromMemorySegment(SPECIES, memory, at + 4L * width, order));
      b = b.add(LongVector.fromMemorySegment(SPECIES, memory, at + 5L * width, order));
      c = c.add(LongVector.fromMemorySegment(SPECIES, memory, at + 6L * width, order));
      d = d.add(LongVector.fromMemorySegment(SPECIES, memory, at + 7L * width, order));
    }
    return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
  }

  @Override
  public void close() {
    arena.close();
  }
}
