package io.yuntai.engine;

/**
 * Bounds of the adapters that an engine has loaded. One that was unloaded counts until the last
 * generation that it answers has ended.
 *
 * @param maxAdapters most adapters
 * @param maxBytes most memory of all together
 */
public record AdapterLimits(int maxAdapters, long maxBytes) {
  /** What suits a laptop: a rank of 16 in all matrices of a model of 7 billion weights is 80 MB. */
  public static final AdapterLimits DEFAULTS = new AdapterLimits(32, 1_000_000_000);

  /** Checks ranges. */
  public AdapterLimits {
    if (maxAdapters < 0 || maxBytes < 0) {
      throw new IllegalArgumentException(
          "limits of adapters are 0 or more, not %d and %d".formatted(maxAdapters, maxBytes));
    }
  }
}
