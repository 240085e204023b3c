package io.yuntai.dialect;

/**
 * Exact counts of one request.
 *
 * @param promptTokens tokens of the prompts, each prompt counted once however many answers it gets
 * @param completionTokens tokens generated, over all answers
 */
public record Usage(long promptTokens, long completionTokens) {
  /** Both together. */
  public long totalTokens() {
    return Math.addExact(promptTokens, completionTokens);
  }
}
