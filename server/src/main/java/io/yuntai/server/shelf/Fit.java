package io.yuntai.server.shelf;

/**
 * Whether a model fits into this machine, and how fast it would be.
 *
 * @param verdict in a word
 * @param needBytes memory for one full context
 * @param availableBytes memory that there is now
 * @param exact whether the need is computed from the model's file; otherwise it is an estimate from
 *     its size
 * @param tokensPerSecond expected of one stream; 0 while nobody knows
 */
public record Fit(
    Verdict verdict, long needBytes, long availableBytes, boolean exact, double tokensPerSecond) {
  /**
   * Of what memory delivers a decoder reaches so much: between 50 and 85 % over the models and
   * machines of docs/roofline.md.
   */
  static final double SHARE_OF_BANDWIDTH = 0.7;

  /** How far the expected speed may be off, either way. */
  public static final double UNCERTAINTY = 0.3;

  /** Of a size, the part that a program and one context's keys and values take beside it. */
  private static final double BESIDE_WEIGHTS = 0.15;

  private static final long PROGRAM_BYTES = 400L << 20;

  /** Whether it fits. */
  public enum Verdict {
    FITS,
    /** It would fit if less else were running. */
    TIGHT,
    TOO_LARGE,
    UNKNOWN
  }

  /** Nothing is known of it. */
  public static Fit unknown(long availableBytes) {
    return new Fit(Verdict.UNKNOWN, 0, availableBytes, false, 0);
  }

  /**
   * From its file's size alone.
   *
   * @param activeShare which part of the weights a token needs; 1 unless it is a mixture of experts
   * @param bytesPerSecond of memory; 0 while nobody knows
   */
  static Fit estimate(
      long sizeBytes,
      double activeShare,
      long availableBytes,
      long totalBytes,
      double bytesPerSecond) {
    if (sizeBytes <= 0) {
      return unknown(availableBytes);
    }
    long need = (long) (sizeBytes * (1 + BESIDE_WEIGHTS)) + PROGRAM_BYTES;
    return new Fit(
        verdict(need, availableBytes, totalBytes),
        need,
        availableBytes,
        false,
        bytesPerSecond * SHARE_OF_BANDWIDTH / (sizeBytes * activeShare));
  }

  /** From what its file says. */
  static Fit exact(
      long needBytes, long stepBytes, long availableBytes, long totalBytes, double bytesPerSecond) {
    return new Fit(
        verdict(needBytes, availableBytes, totalBytes),
        needBytes,
        availableBytes,
        true,
        stepBytes <= 0 ? 0 : bytesPerSecond * SHARE_OF_BANDWIDTH / stepBytes);
  }

  private static Verdict verdict(long need, long available, long total) {
    return need <= available ? Verdict.FITS : need <= total ? Verdict.TIGHT : Verdict.TOO_LARGE;
  }
}
