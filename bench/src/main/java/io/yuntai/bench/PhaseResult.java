package io.yuntai.bench;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What both sides did in one phase, repetition by repetition; pairs ran one directly after the
 * other.
 *
 * @param phase what was measured
 * @param ours tokens per second of Yuntai
 * @param theirs tokens per second of llama.cpp, as many
 */
public record PhaseResult(Phase phase, List<Double> ours, List<Double> theirs) {
  /** Copies the lists. */
  public PhaseResult {
    ours = List.copyOf(ours);
    theirs = List.copyOf(theirs);
    if (ours.size() != theirs.size()) {
      throw new IllegalArgumentException("each repetition has two sides");
    }
  }

  /** Ours over theirs, pair by pair. */
  public List<Double> ratios() {
    return IntStream.range(0, ours.size()).mapToObj(i -> ours.get(i) / theirs.get(i)).toList();
  }
}
