package io.yuntai.engine.measure;

import io.yuntai.engine.kernel.WorkerTeam;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An instruction that kernels are made of, run as fast as the processor goes: nothing from memory,
 * nothing that waits for its predecessor. An upper bound for whatever computes with it.
 */
public interface MachinePeak {
  /** What is measured, such as {@code f32 fma}. */
  String name();

  /**
   * Runs some rounds on the calling thread.
   *
   * @return how many multiply-adds they were
   */
  long run(int rounds);

  /** All that this machine can be measured with. */
  static List<MachinePeak> all() {
    List<MachinePeak> peaks = new ArrayList<>();
    peaks.add(new VectorPeaks.F32Fma());
    peaks.add(new VectorPeaks.Int16MultiplyAdd());
    DotBytesPeak.create().ifPresent(peaks::add);
    return peaks;
  }

  /** Multiply-adds per second of all threads together, in each repetition, once it is warm. */
  default List<Double> measure(int threads, int repetitions) {
    List<Double> speeds = new ArrayList<>();
    try (WorkerTeam team = new WorkerTeam(threads)) {
      WarmUp.run(() -> repetition(team));
      for (int i = 0; i < repetitions; i++) {
        speeds.add(repetition(team));
      }
    }
    return speeds;
  }

  private double repetition(WorkerTeam team) {
    AtomicLong done = new AtomicLong();
    long start = System.nanoTime();
    team.run(team.workers() * 32, (_, _) -> done.addAndGet(run(100_000)));
    return done.get() * 1e9 / (System.nanoTime() - start);
  }
}
