package io.yuntai.engine.serving;

import io.yuntai.engine.grammar.GrammarLimitException;
import io.yuntai.engine.grammar.TokenState;
import io.yuntai.engine.speculation.Drafts;
import io.yuntai.engine.speculation.Speculator;
import org.jspecify.annotations.Nullable;

/** What is guessed to follow one sequence, for one step; empty between steps. */
final class Draft {
  private static final int[] NONE = {};

  private @Nullable Drafts source;
  private int[] tokens = NONE;
  private int length;
  private boolean sure;

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
    try {
      propose(speculator, source, sequence.grammar(), most);
    } catch (GrammarLimitException _) {
      // The sequence will end with it; a draft is nothing to fail for.
      length = 0;
    }
  }

  private void propose(
      Speculator speculator, Drafts drafts, @Nullable TokenState grammar, int most) {
    sure = grammar != null && speculator.guesses() && proposeSure(grammar, most);
    if (!sure) {
      length = speculator.propose(drafts, tokens, most);
    }
    if (grammar != null && !sure) {
      length = possible(grammar);
    }
  }

  /** What a grammar leaves no choice about needs no guess but how it is cut into tokens. */
  private boolean proposeSure(TokenState grammar, int most) {
    int[] proposed = grammar.sureTokens(Math.min(most, Speculator.MAX_DRAFT));
    length = proposed.length;
    System.arraycopy(proposed, 0, tokens, 0, length);
    return length > 0;
  }

  /** How many of the first tokens the grammar allows: the others would be computed for nothing. */
  private int possible(TokenState grammar) {
    TokenState state = grammar;
    for (int i = 0; i < length; i++) {
      if (!state.allows(tokens[i])) {
        return i;
      }
      state = state.accept(tokens[i]);
    }
    return length;
  }

  /** Leaves only the first tokens. */
  void shorten(int most) {
    length = Math.min(length, most);
  }

  /** Ends the step: so many tokens were what the model chose, too. */
  void verified(Speculator speculator, int right) {
    if (sure) {
      speculator.verified(length, right);
    } else if (source != null && length > 0) {
      speculator.verified(source, length, right);
    }
    sure = false;
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
