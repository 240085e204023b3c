package io.yuntai.engine.grammar;

/**
 * How far a text has come under a grammar, token by token. An immutable value: going back, trying
 * out and branching need nothing but keeping the earlier one. Safe for use by many threads.
 */
public final class TokenState {
  private final TokenMasks masks;
  private final State state;

  TokenState(TokenMasks masks, State state) {
    this.masks = masks;
    this.state = state;
  }

  /** Number of token ids of the vocabulary that it was started for. */
  public int vocabularySize() {
    return masks.vocabularySize();
  }

  /** Whether the text may end here: a token that ends a generation may come next. */
  public boolean isComplete() {
    return state.complete;
  }

  /** Whether the text ends here: nothing else may follow. */
  public boolean isFinal() {
    return state.complete && !masks.goesOn(state);
  }

  /**
   * Writes which tokens may come next.
   *
   * @param into at least {@link TokenMasks#words()} long; the bit of a token that may come is set
   */
  public void mask(long[] into) {
    masks.mask(state, into);
  }

  /** Whether a token may come next. */
  public boolean allows(int token) {
    if (masks.isEnd(token)) {
      return state.complete;
    }
    byte[] bytes = masks.bytes(token);
    return bytes.length > 0 && masks.accept(state, bytes) != StateSpace.DEAD_END;
  }

  /**
   * The state after one more token; this one after a token that ends the text.
   *
   * @throws IllegalArgumentException when the token may not come next
   */
  public TokenState accept(int token) {
    if (masks.isEnd(token) && state.complete) {
      return this;
    }
    byte[] bytes = masks.bytes(token);
    State next = bytes.length == 0 ? StateSpace.DEAD_END : masks.accept(state, bytes);
    if (next == StateSpace.DEAD_END) {
      throw new IllegalArgumentException("token " + token + " can't follow here in the grammar");
    }
    return new TokenState(masks, next);
  }

  /**
   * Tokens of which the text's bytes are sure to follow here; the model may cut them otherwise.
   *
   * @param most at most so many
   */
  public int[] sureTokens(int most) {
    return masks.sureTokens(state, most);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenState that && state == that.state;
  }

  @Override
  public int hashCode() {
    return state.hashCode();
  }
}
