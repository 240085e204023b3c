package io.yuntai.bench;

import io.yuntai.engine.grammar.Grammar;
import io.yuntai.engine.grammar.TokenMasks;
import io.yuntai.engine.grammar.TokenState;
import java.util.ArrayList;
import java.util.List;

/**
 * What the masks of some documents' tokens cost, and the steps from each token to the next.
 *
 * @param maskMicros of each token
 * @param stepMicros of each token
 */
record MaskTimes(List<Double> maskMicros, List<Double> stepMicros) {
  /** Copies the lists. */
  MaskTimes {
    maskMicros = List.copyOf(maskMicros);
    stepMicros = List.copyOf(stepMicros);
  }

  /**
   * A document's tokens.
   *
   * @param grammar what it was held to
   */
  record Held(Grammar grammar, List<Integer> ids) {
    /** Copies the ids. */
    Held {
      ids = List.copyOf(ids);
    }
  }

  /** Goes through the documents once more, by the clock. */
  static MaskTimes of(List<Held> documents, TokenMasks masks) {
    long[] mask = new long[masks.words()];
    List<Double> maskMicros = new ArrayList<>();
    List<Double> stepMicros = new ArrayList<>();
    for (Held document : documents) {
      TokenState state = masks.start(document.grammar);
      for (int id : document.ids) {
        long before = System.nanoTime();
        state.mask(mask);
        long between = System.nanoTime();
        state = state.accept(id);
        long after = System.nanoTime();
        maskMicros.add((between - before) / 1e3);
        stepMicros.add((after - between) / 1e3);
      }
    }
    return new MaskTimes(maskMicros, stepMicros);
  }

  /**
   * A line for a person.
   *
   * @param name which of several passes it is
   */
  String line(String name, int vocabularySize) {
    return "masks over %,d tokens of a vocabulary of %,d (%s): median %.1f us, p90 %.1f, p99 %.1f, most %.0f; step: median %.1f us, p99 %.1f; mean of both %.1f us a token"
        .formatted(
            maskMicros.size(),
            vocabularySize,
            name,
            at(maskMicros, 0.5),
            at(maskMicros, 0.9),
            at(maskMicros, 0.99),
            at(maskMicros, 1),
            at(stepMicros, 0.5),
            at(stepMicros, 0.99),
            mean(maskMicros) + mean(stepMicros));
  }

  /** The value below which a share of some values lies; 0 of none. */
  static double at(List<Double> values, double share) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.isEmpty()
        ? 0
        : sorted.get((int) Math.min(sorted.size() - 1, share * sorted.size()));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }
}
