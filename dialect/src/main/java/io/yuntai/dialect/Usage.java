package io.yuntai.dialect;

/**
 * Exact counts of one request.
 *
 * @param promptTokens tokens of the prompts, each prompt counted once however many answers it gets
 * @param cachedPromptTokens how many of these the model had stored already and did not compute
 * @param completionTokens tokens generated, over all answers
 * @param reasoningTokens how many of these were thoughts before an answer, their markers included
 * @param cacheWriteTokens prompt tokens that an upstream stored for later requests and charges for;
 *     ours stores what it computes anyway and says 0
 */
public record Usage(
    long promptTokens,
    long cachedPromptTokens,
    long completionTokens,
    long reasoningTokens,
    long cacheWriteTokens) {
  /** Where storing a prompt is not charged. */
  public Usage(
      long promptTokens, long cachedPromptTokens, long completionTokens, long reasoningTokens) {
    this(promptTokens, cachedPromptTokens, completionTokens, reasoningTokens, 0);
  }

  /** Of a request that generates nothing. */
  public static Usage ofPrompt(long promptTokens) {
    return new Usage(promptTokens, 0, 0, 0);
  }

  /** Both together. */
  public long totalTokens() {
    return Math.addExact(promptTokens, completionTokens);
  }
}
