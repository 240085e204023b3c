package io.yuntai.engine.decoder;

/**
 * Rotary position embedding (Su et al., RoFormer): which elements of a head are rotated, and by
 * which frequencies.
 *
 * @param pairing which elements are rotated together
 * @param base frequency base
 * @param dimensions elements that are rotated, even; the rest stays as it is
 * @param scaling how the frequencies are changed for contexts longer than the first training's
 */
public record Rope(Pairing pairing, double base, int dimensions, Scaling scaling) {
  /** Which elements form a pair. */
  public enum Pairing {
    /** 2i and 2i + 1. */
    ADJACENT,
    /** i and i + dimensions / 2. */
    HALVES
  }

  /** A change of the frequencies. */
  public sealed interface Scaling {
    /** What cosines and sines are multiplied with. */
    default double magnitude() {
      return 1;
    }
  }

  /**
   * The same for all frequencies. Beside it, a file may have divisors in {@code rope_freqs} (Llama
   * 3.1).
   *
   * @param factor divides every frequency; 1 for none
   */
  public record Linear(double factor) implements Scaling {}

  /**
   * YaRN (Peng et al.): slow frequencies are divided, fast ones stay, with a ramp between.
   *
   * @param factor divides slow frequencies
   * @param originalTokens the first training's context
   * @param fastTurns from so many turns in that context on, a frequency stays
   * @param slowTurns up to so many turns in that context, a frequency is divided
   * @param magnitude what cosines and sines are multiplied with
   */
  public record Yarn(
      double factor, int originalTokens, double fastTurns, double slowTurns, double magnitude)
      implements Scaling {}

  /**
   * LongRoPE (Ding et al.; Phi 3): divisors in {@code rope_factors_short} for contexts of at most
   * {@code originalTokens}, in {@code rope_factors_long} for longer ones.
   *
   * @param originalTokens the first training's context
   * @param magnitude what cosines and sines are multiplied with
   */
  public record LongShort(int originalTokens, double magnitude) implements Scaling {}

  /** The angle of each pair per position, before any divisors of the file. */
  double[] frequencies() {
    double[] frequencies = new double[dimensions / 2];
    for (int i = 0; i < frequencies.length; i++) {
      double frequency = StrictMath.pow(base, -2.0 * i / dimensions);
      frequencies[i] =
          switch (scaling) {
            case Linear(double factor) -> frequency / factor;
            case LongShort _ -> frequency;
            case Yarn yarn -> {
              double kept = kept(yarn, i);
              yield frequency * kept + frequency / yarn.factor() * (1 - kept);
            }
          };
    }
    return frequencies;
  }

  /** How much of a pair's own frequency YaRN keeps: 1 for fast ones, 0 for slow ones. */
  private double kept(Yarn yarn, int pair) {
    double low = Math.max(0, StrictMath.floor(pairOf(yarn.fastTurns(), yarn.originalTokens())));
    double high =
        Math.min(
            dimensions - 1.0, StrictMath.ceil(pairOf(yarn.slowTurns(), yarn.originalTokens())));
    double ramp = (pair - low) / Math.max(0.001, high - low);
    return 1 - Math.clamp(ramp, 0.0, 1.0);
  }

  /** The pair, as a fraction, that makes so many turns in a context. */
  private double pairOf(double turns, int tokens) {
    return dimensions * StrictMath.log(tokens / (turns * 2 * Math.PI)) / (2 * StrictMath.log(base));
  }
}
