package io.yuntai.engine.serving;

import io.yuntai.engine.speculation.Drafts;
import io.yuntai.engine.speculation.Speculator;
import org.jspecify.annotations.Nullable;

/** What is guessed to follow one sequence, for one step; empty between steps. */
final class Draft {
  private static final int[] NONE = {};

  private @Nullable Drafts source;
  private int[] tokens = NONE;
  private int length;

  int length() {
    return length;
  }

  int token(int index) {
    return tokens[index];
  }

  /**
   * Makes a draft.
   *
   * @param most most tokens
   * @param maxLength most tokens that the sequence will ever have
   */
  void make(Speculator speculator, ActiveSequence sequence, int most, int maxLength) {
    if (source == null) {
      source = speculator.begin(sequence, maxLength);
      tokens = new int[Speculator.MAX_DRAFT];
    }
    length = speculator.propose(source, tokens, most);
  }

  /** Leaves only the first tokens. */
  void shorten(int most) {
    length = Math.min(length, most);
  }

  /** Ends the step: so many tokens were what the model chose, too. */
  void verified(Speculator speculator, int right) {
    if (source != null && length > 0) {
      speculator.verified(source, length, right);
    }
    length = 0;
  }

  void close() {
    length = 0;
    if (source != null) {
      source.close();
      source = null;
    }
  }
}
