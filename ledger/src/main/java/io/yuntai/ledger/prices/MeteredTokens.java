package io.yuntai.ledger.prices;

/**
 * What one request used, each token in exactly one count.
 *
 * <p>An embedding or rerank request counts its texts as {@code input}; what they cost is the price
 * of its model.
 *
 * @param input tokens of the prompt that were neither found in a cache nor stored at a price
 * @param cacheHit tokens of the prompt found in a cache
 * @param cacheWrite tokens of the prompt stored in a cache because the client asked for it
 * @param output tokens of the answer, without its thoughts
 * @param reasoning tokens of thoughts
 */
public record MeteredTokens(int input, int cacheHit, int cacheWrite, int output, int reasoning) {
  /** Of each count; with {@link PriceLimits} it keeps every charge within a long. */
  public static final int MAX_COUNT = 100_000_000;

  public static final MeteredTokens NONE = new MeteredTokens(0, 0, 0, 0, 0);

  public MeteredTokens {
    check("input", input);
    check("cacheHit", cacheHit);
    check("cacheWrite", cacheWrite);
    check("output", output);
    check("reasoning", reasoning);
  }

  /** All tokens of the prompt; prices by input length go by this. */
  public int inputLength() {
    return input + cacheHit + cacheWrite;
  }

  /** All tokens generated. */
  public int generated() {
    return output + reasoning;
  }

  /** All tokens. */
  public long total() {
    return (long) inputLength() + generated();
  }

  private static void check(String name, int count) {
    if (count < 0 || count > MAX_COUNT) {
      throw new IllegalArgumentException(name + " of " + count + " tokens");
    }
  }
}
