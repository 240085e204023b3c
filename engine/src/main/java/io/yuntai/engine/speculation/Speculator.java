package io.yuntai.engine.speculation;

import java.util.function.LongSupplier;

/** All of an engine's speculation: who drafts, how much, and the account of it. */
public final class Speculator implements AutoCloseable {
  /** Most drafted tokens of one sequence in one step. */
  public static final int MAX_DRAFT = 15;

  private final Drafter drafter;
  private final LongSupplier nanoTime;
  private final StepCosts costs = new StepCosts();
  private final DraftLengths lengths = new DraftLengths(costs);
  private long startNanos;
  private long drafted;
  private long accepted;

  /**
   * @param drafter owned from here on
   * @param nanoTime {@link System#nanoTime()}, or a test's own
   */
  public Speculator(Drafter drafter, LongSupplier nanoTime) {
    this.drafter = drafter;
    this.nanoTime = nanoTime;
  }

  /** See {@link Drafter#begin}. */
  public Drafts begin(TokenSequence sequence, int maxLength) {
    return drafter.begin(sequence, maxLength);
  }

  /** Begins a step in which so many sequences decode one token each, and nothing else happens. */
  public void beginStep(int sequences) {
    lengths.begin(sequences);
  }

  /**
   * Proposes as many tokens for one sequence of the step as pay.
   *
   * @param into receives them, from index 0
   * @param most at most so many
   * @return how many there are
   */
  public int propose(Drafts drafts, int[] into, int most) {
    int possible = Math.min(drafts.prepare(), Math.min(most, MAX_DRAFT));
    int wanted = lengths.next(drafts, possible);
    return wanted == 0 ? 0 : drafts.propose(into, wanted);
  }

  /** Whether anything is drafted at all. */
  public boolean guesses() {
    return !(drafter instanceof NoDrafts);
  }

  /** Drafted tokens that came from no {@link Drafts} were computed, and so many were right. */
  public void verified(int proposed, int right) {
    drafted += proposed;
    accepted += right;
  }

  /** See {@link Drafts#verified}. */
  public void verified(Drafts drafts, int proposed, int right) {
    verified(proposed, right);
    drafts.verified(proposed, right);
  }

  /** Drafting is over, and the step begins: from here on its time counts. */
  public void startStep() {
    startNanos = nanoTime.getAsLong();
  }

  /**
   * A step that decoded and did nothing else has ended.
   *
   * @param tokens its size, drafted ones included
   */
  public void endStep(int tokens) {
    costs.record(tokens, nanoTime.getAsLong() - startNanos);
  }

  /** Drafted tokens computed so far. */
  public long drafted() {
    return drafted;
  }

  /** Drafted tokens that were right so far. */
  public long accepted() {
    return accepted;
  }

  @Override
  public void close() {
    drafter.close();
  }
}
