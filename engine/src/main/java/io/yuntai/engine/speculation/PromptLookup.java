package io.yuntai.engine.speculation;

/**
 * Drafts by prompt look-up: what followed the last time the sequence's own last tokens stood in it.
 * Costs next to nothing, and is right for whole lines at a time where an answer repeats its prompt
 * or itself, as edited code, quotations and tables do.
 */
public final class PromptLookup implements Drafter {
  @Override
  public Drafts begin(TokenSequence sequence, int maxLength) {
    return new LookupDrafts(sequence, maxLength);
  }

  @Override
  public void close() {}
}
