package io.yuntai.engine.speculation;

/** A way to guess what follows in sequences. */
public interface Drafter extends AutoCloseable {
  /**
   * Begins to draft for a sequence.
   *
   * @param sequence read as it grows
   * @param maxLength most tokens that it will ever have
   */
  Drafts begin(TokenSequence sequence, int maxLength);

  /** Gives back what it holds; all its {@link Drafts} are closed before. */
  @Override
  void close();
}
