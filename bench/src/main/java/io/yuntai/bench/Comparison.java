package io.yuntai.bench;

import io.yuntai.engine.measure.WarmUp;
import java.util.ArrayList;
import java.util.List;

/**
 * Two loaded workers, measured in turns: ours, theirs, ours, theirs. What disturbs the machine for
 * longer than a repetition then disturbs both, and pairs stay comparable.
 */
final class Comparison {
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
      WarmUp.run(() -> ours.measure(phase));
      WarmUp.run(() -> theirs.measure(phase));
    }
    List<PhaseResult> results = new ArrayList<>();
    for (Phase phase : phases) {
      results.add(measure(phase, repeats));
    }
    return results;
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
