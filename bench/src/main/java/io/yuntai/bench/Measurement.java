package io.yuntai.bench;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What both sides did in one thing measured, repetition by repetition; pairs ran one directly after
 * the other.
 *
 * @param run when and how
 * @param scenario which one
 * @param label what was measured, in words
 * @param unit of the values
 * @param ourFacts what Yuntai's side told of itself, by name
 * @param theirFacts what llama.cpp's side told of itself, by name
 * @param ours values of Yuntai
 * @param theirs values of llama.cpp, as many; none where it was not measured
 */
record Measurement(
    Run run,
    Scenario scenario,
    String label,
    Unit unit,
    Map<String, String> ourFacts,
    Map<String, String> theirFacts,
    List<Double> ours,
    List<Double> theirs) {
  /**
   * What is the same for all that was measured together.
   *
   * @param date such as 2026-11-22
   * @param model its name in the catalogue, or its file's
   * @param threads of either side
   * @param loadAverage of the machine before; -1 where it does not tell
   */
  record Run(String date, String model, int threads, double loadAverage) {}

  /** Copies the lists. */
  Measurement {
    ours = List.copyOf(ours);
    theirs = List.copyOf(theirs);
    if (ours.isEmpty() || (!theirs.isEmpty() && ours.size() != theirs.size())) {
      throw new IllegalArgumentException("each repetition has two sides, or one throughout");
    }
  }

  /** How many times better Yuntai is, pair by pair; none where there is nothing to compare. */
  List<Double> advantages() {
    return IntStream.range(0, theirs.size())
        .mapToObj(i -> unit.advantage(ours.get(i), theirs.get(i)))
        .toList();
  }

  /** Whether this says the same of the same model, so that the later one counts. */
  boolean replaces(Measurement other) {
    return run.model().equals(other.run.model())
        && run.threads() == other.run.threads()
        && scenario == other.scenario
        && label.equals(other.label);
  }
}
