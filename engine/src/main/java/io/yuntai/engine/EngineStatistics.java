package io.yuntai.engine;

/**
 * What an engine is doing and has done, taken after its last step; for status pages and metrics.
 *
 * @param state whether it takes new generations
 * @param running generations that share steps
 * @param waiting generations that wait for a place, preempted ones included
 * @param kvBlocksUsed KV blocks held by generations
 * @param kvBlocksCached KV blocks that no generation holds, kept for prompts that start alike; the
 *     first to go where blocks are wanted
 * @param kvBlocks KV blocks in the pool
 * @param promptTokens prompt tokens of all generations that ever got a place
 * @param cachedPromptTokens how many of these were found stored and not computed
 * @param completionTokens tokens ever generated, end tokens included
 * @param preempted how often a generation had to give its blocks back and was computed again
 * @param steps forward passes so far
 * @param draftedTokens guessed tokens that were computed to see whether they are right
 * @param acceptedTokens how many of these were right, so that they took no step of their own
 */
public record EngineStatistics(
    State state,
    int running,
    int waiting,
    int kvBlocksUsed,
    int kvBlocksCached,
    int kvBlocks,
    long promptTokens,
    long cachedPromptTokens,
    long completionTokens,
    long preempted,
    long steps,
    long draftedTokens,
    long acceptedTokens) {
  /** An engine's life, in order; {@link #BROKEN} instead of the last two after a grave failure. */
  public enum State {
    /** Takes new generations. */
    SERVING,
    /** Finishes what it has and takes nothing new. */
    STOPPING,
    /** Has stopped; its memory is free. */
    STOPPED,
    /** The decoder failed in a way that cannot be trusted any more: it must be started anew. */
    BROKEN
  }
}
