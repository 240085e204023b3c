package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.Rope.Pairing;
import io.yuntai.engine.decoder.Rope.Scaling;

/** Reads how positions are encoded. */
final class RopeReader {
  private static final int MAX_DIMENSIONS = 4096;
  private static final int MAX_CONTEXT = 1 << 27;

  /** YaRN's bounds where a file names none: those of its paper, which all known models keep. */
  private static final float FAST_TURNS = 32;

  private static final float SLOW_TURNS = 1;

  private final ConfigKeys keys;

  RopeReader(ConfigKeys keys) {
    this.keys = keys;
  }

  /** As the file's keys have it, for heads of this length. */
  Rope read(Pairing pairing, int headLength) {
    return new Rope(
        pairing, keys.positive("rope.freq_base", 10_000), dimensions(headLength), scaling(true));
  }

  /** Without changed frequencies: layers with a window, whose contexts are never long. */
  Rope local(Pairing pairing, int headLength) {
    return new Rope(
        pairing,
        keys.positive("rope.freq_base_swa", 10_000),
        dimensions(headLength),
        new Rope.Linear(1));
  }

  /**
   * For latent attention, where YaRN's magnitude is part of the scores' scale.
   *
   * @see #latentMagnitude
   */
  Rope latent(int rotatedLength) {
    boolean inScale = keys.has("rope.scaling.yarn_log_multiplier");
    return new Rope(
        Pairing.ADJACENT,
        keys.positive("rope.freq_base", 10_000),
        dimensions(rotatedLength),
        scaling(!inScale));
  }

  /** What queries, and likewise keys, of latent attention are multiplied with. */
  double latentMagnitude() {
    if (!(scaling(false) instanceof Rope.Yarn yarn)
        || !keys.has("rope.scaling.yarn_log_multiplier")) {
      return 1;
    }
    float multiplier = keys.metadata().floatValue(keys.key("rope.scaling.yarn_log_multiplier"));
    keys.check(
        multiplier >= 0 && multiplier <= 10,
        keys.key("rope.scaling.yarn_log_multiplier") + " is " + multiplier);
    return 1 + multiplier * StrictMath.log(yarn.factor());
  }

  private int dimensions(int headLength) {
    int dimensions = keys.number("rope.dimension_count", MAX_DIMENSIONS, headLength);
    keys.check(
        dimensions % 2 == 0 && dimensions <= headLength,
        "%s is %d for heads of %d"
            .formatted(keys.key("rope.dimension_count"), dimensions, headLength));
    return dimensions;
  }

  private Scaling scaling(boolean withMagnitude) {
    if (keys.hasTensor("rope_factors_long.weight") || keys.hasTensor("rope_factors_short.weight")) {
      return new Rope.LongShort(
          keys.number("rope.scaling.original_context_length", MAX_CONTEXT),
          keys.positive("rope.scaling.attn_factor", 1));
    }
    String key = keys.key("rope.scaling.type");
    String type = keys.metadata().findString(key).orElse("none");
    return switch (type) {
      case "none" -> new Rope.Linear(1);
      case "linear" -> new Rope.Linear(factor());
      case "yarn" -> yarn(withMagnitude);
      default -> throw keys.refuse("%s '%s' is not supported".formatted(key, type));
    };
  }

  private Scaling yarn(boolean withMagnitude) {
    double factor = factor();
    double magnitude =
        withMagnitude
            ? keys.positive("rope.scaling.attn_factor", 1) * (1 + 0.1 * StrictMath.log(factor))
            : 1;
    return new Rope.Yarn(
        factor,
        keys.number(
            "rope.scaling.original_context_length",
            MAX_CONTEXT,
            keys.number("context_length", MAX_CONTEXT)),
        keys.positive("rope.scaling.yarn_beta_fast", FAST_TURNS),
        keys.positive("rope.scaling.yarn_beta_slow", SLOW_TURNS),
        magnitude);
  }

  private double factor() {
    keys.check(keys.has("rope.scaling.factor"), keys.key("rope.scaling.factor") + " is missing");
    return keys.positive("rope.scaling.factor", 1);
  }
}
