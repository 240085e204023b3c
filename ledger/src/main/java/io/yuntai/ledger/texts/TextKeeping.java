package io.yuntai.ledger.texts;

/**
 * Whether a tenant wants texts kept.
 *
 * @param days for how long, 0 to {@link #MAX_DAYS}; 0 for not at all
 * @param version grows with each change; 0 where nothing was ever set
 */
public record TextKeeping(int days, long version) {
  /** The longest. */
  public static final int MAX_DAYS = 90;

  /** As it is where nobody set anything. */
  public static final TextKeeping NONE = new TextKeeping(0, 0);
}
