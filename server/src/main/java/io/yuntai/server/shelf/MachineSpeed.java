package io.yuntai.server.shelf;

import io.yuntai.engine.MachineMemory;
import io.yuntai.engine.PhysicalCores;
import io.yuntai.engine.measure.MemoryBandwidth;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How fast this machine reads memory, which bounds how fast it decodes. Measured in the background
 * when somebody asks and no engine is at work, again after some minutes; the best counts, since a
 * busy machine says too little. Safe for use by many threads.
 */
public final class MachineSpeed {
  private static final Logger LOG = LoggerFactory.getLogger(MachineSpeed.class);
  private static final int REPETITIONS = 5;
  private static final Duration TRUSTED = Duration.ofMinutes(10);
  private static final long LEAST_BYTES = 32L << 20;

  /**
   * What was measured.
   *
   * @param bytesPerSecond the best of a few repetitions
   * @param at when
   */
  public record Measured(double bytesPerSecond, Instant at) {}

  private final BooleanSupplier idle;
  private final AtomicBoolean measuring = new AtomicBoolean();
  private volatile Optional<Measured> measured = Optional.empty();

  /**
   * @param idle whether no engine is at work now
   */
  public MachineSpeed(BooleanSupplier idle) {
    this.idle = idle;
  }

  /** What was measured; where nothing was yet, it begins to unless the machine is at work. */
  public Optional<Measured> measured() {
    boolean old = measured.isEmpty() || measured.get().at().plus(TRUSTED).isBefore(Instant.now());
    if (old && idle.getAsBoolean() && measuring.compareAndSet(false, true)) {
      Thread _ = Thread.ofPlatform().daemon().name("memory-bandwidth").start(this::measure);
    }
    return measured;
  }

  private void measure() {
    long begin = System.nanoTime();
    long bytes = Math.min(MemoryBandwidth.BUFFER_BYTES, MachineMemory.availableBytes() / 8);
    if (bytes < LEAST_BYTES) {
      measuring.set(false);
      return;
    }
    try (MemoryBandwidth memory = new MemoryBandwidth(bytes)) {
      double best =
          memory.read(PhysicalCores.count(), REPETITIONS).stream()
              .mapToDouble(Double::doubleValue)
              .max()
              .orElse(0);
      // Other programs make it slower at times, and nothing makes it faster.
      double known = measured.map(Measured::bytesPerSecond).orElse(0.0);
      measured = Optional.of(new Measured(Math.max(best, known), Instant.now()));
      LOG.info(
          "memory is read at {} GB/s, measured in {}",
          Math.round(best / 1e8) / 10.0,
          Duration.ofNanos(System.nanoTime() - begin));
    } finally {
      measuring.set(false);
    }
  }
}
