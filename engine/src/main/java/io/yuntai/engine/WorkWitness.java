package io.yuntai.engine;

/**
 * Is told what was really computed for a generation or an encoding, whatever its reader saw of it:
 * the second count beside that of the events.
 */
@FunctionalInterface
public interface WorkWitness {
  /** Nobody wants to know. */
  WorkWitness NONE = _ -> {};

  /**
   * The work has ended, well or not; told once, before its reader learns of the end. Called by the
   * engine's step thread, so it must not wait.
   */
  void ended(Work work);

  /**
   * What was computed.
   *
   * @param computedTokens tokens of the prompt that steps computed, each counted once however often
   *     it was computed
   * @param foundTokens tokens of the prompt whose keys and values were found stored
   * @param sampledTokens tokens that were chosen from logits, the end token included
   */
  record Work(int computedTokens, int foundTokens, int sampledTokens) {}
}
