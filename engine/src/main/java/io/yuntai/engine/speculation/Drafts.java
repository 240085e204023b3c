package io.yuntai.engine.speculation;

/**
 * Proposals for one sequence. Looks at the sequence it was made for whenever it is asked something,
 * so the caller need not tell of each new token.
 */
public interface Drafts extends AutoCloseable {
  /**
   * Makes itself ready for {@link #chance} and {@link #propose} at the sequence's present end.
   *
   * @return most tokens it could propose now; 0 where it has no idea, or is not ready yet
   */
  int prepare();

  /**
   * The estimated probability, 0 to 1, that a proposal is right, given that those before it are.
   *
   * @param index 0 for the token that follows the sequence
   */
  double chance(int index);

  /** Nanoseconds that proposing this many tokens is expected to take; 0 where that is nothing. */
  double costNanos(int tokens);

  /**
   * Proposes what follows.
   *
   * @param into receives the tokens, from index 0
   * @param most how many, at most what {@link #prepare} said
   * @return how many there are, 0 to {@code most}
   */
  int propose(int[] into, int most);

  /**
   * Tells what became of the last proposal.
   *
   * @param proposed how many of its tokens were computed
   * @param accepted how many of these were right, from the first on
   */
  void verified(int proposed, int accepted);

  /** Gives back what it holds. */
  @Override
  void close();
}
