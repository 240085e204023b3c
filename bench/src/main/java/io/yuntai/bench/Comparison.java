package io.yuntai.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Two loaded workers, measured in turns: ours, theirs, ours, theirs. What disturbs the machine for
 * longer than a repetition then disturbs both, and pairs stay comparable.
 */
final class Comparison {
  /** Warm enough: a repetition that gains less than this on the best before it. */
  private static final double WARM_GAIN = 1.05;

  private static final int WARM_UPS_MIN = 4;
  private static final int WARM_UP_TOKENS_MIN = 256;
  private static final int WARM_UPS_MORE = 6;

  private final Worker ours;
  private final Worker theirs;
  private final Progress progress;

  /** Is told what is being done, for a person who waits. */
  @FunctionalInterface
  interface Progress {
    void now(String what);
  }

  Comparison(Worker ours, Worker theirs, Progress progress) {
    this.ours = ours;
    this.theirs = theirs;
    this.progress = progress;
  }

  /** Warms both sides up in all phases, then measures. */
  List<PhaseResult> run(List<Phase> phases, int repeats) throws InterruptedException {
    for (Phase phase : phases) {
      progress.now("warming up, " + phase.name());
      warmUp(ours, phase);
      warmUp(theirs, phase);
    }
    List<PhaseResult> results = new ArrayList<>();
    for (Phase phase : phases) {
      results.add(measure(phase, repeats));
    }
    return results;
  }

  /** A just-in-time compiler needs several repetitions; both sides get them by the same rule. */
  private static void warmUp(Worker worker, Phase phase) throws InterruptedException {
    int least = Math.max(WARM_UPS_MIN, Math.ceilDiv(WARM_UP_TOKENS_MIN, phase.tokens()));
    double best = 0;
    for (int i = 1; i <= least + WARM_UPS_MORE; i++) {
      double speed = worker.measure(phase);
      if (i >= least && speed < best * WARM_GAIN) {
        return;
      }
      best = Math.max(best, speed);
    }
  }

  private PhaseResult measure(Phase phase, int repeats) throws InterruptedException {
    List<Double> ourSpeeds = new ArrayList<>();
    List<Double> theirSpeeds = new ArrayList<>();
    for (int i = 1; i <= repeats; i++) {
      progress.now(phase.name() + ", " + i + " of " + repeats);
      ourSpeeds.add(ours.measure(phase));
      theirSpeeds.add(theirs.measure(phase));
    }
    return new PhaseResult(phase, ourSpeeds, theirSpeeds);
  }
}
