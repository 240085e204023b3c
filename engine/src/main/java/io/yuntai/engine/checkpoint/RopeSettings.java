package io.yuntai.engine.checkpoint;

import java.util.Map;
import java.util.Optional;

/**
 * How positions are encoded: {@code rope_theta} with {@code rope_scaling}, or both together in
 * {@code rope_parameters} as newer checkpoints have it.
 *
 * <p>Llama 3.1's divisors of frequencies become the tensor {@code rope_freqs}. Their formula is
 * that of Meta's published code: wavelengths up to {@code original / high} stay, those from {@code
 * original / low} on are stretched by the factor, and between them the share of the factor grows
 * linearly in {@code original / wavelength}.
 */
final class RopeSettings {
  private final Fields config;
  private final Description into;
  private final Optional<Fields> scaling;
  private final double base;

  private RopeSettings(Fields config, Description into, Optional<Fields> scaling, double base) {
    this.config = config;
    this.into = into;
    this.scaling = scaling;
    this.base = base;
  }

  static RopeSettings of(Fields config, Description into) {
    return of(config, into, config.object("rope_parameters"));
  }

  /**
   * @param parameters those of a newer checkpoint, if it is one
   */
  static RopeSettings of(Fields config, Description into, Optional<Fields> parameters) {
    double outer = config.real("rope_theta", 10_000);
    double base = parameters.map(each -> each.real("rope_theta", outer)).orElse(outer);
    if (!(base > 0)) {
      throw config.refuse("rope_theta is " + base);
    }
    return new RopeSettings(config, into, parameters.or(() -> config.object("rope_scaling")), base);
  }

  double base() {
    return base;
  }

  Optional<Fields> scaling() {
    return scaling;
  }

  /** The kind of scaling: {@code default} where there is none. */
  String type() {
    return scaling
        .flatMap(each -> each.text("rope_type").or(() -> each.text("type")))
        .orElse("default");
  }

  /** Writes the keys for rotated parts of heads of this length. */
  void describe(int rotated) {
    into.real("rope.freq_base", base);
    into.number("rope.dimension_count", rotated);
    if (scaling.isEmpty()) {
      return;
    }
    Fields fields = scaling.get();
    switch (type()) {
      case "default" -> {}
      case "linear" -> {
        into.text("rope.scaling.type", "linear");
        into.real("rope.scaling.factor", factor(fields));
      }
      case "yarn" -> yarn(fields);
      case "llama3" -> into.vector("rope_freqs.weight", divisors(fields, rotated));
      default ->
          throw fields.refuse(
              "positions are scaled by '%s', which is not supported".formatted(type()));
    }
  }

  static double factor(Fields fields) {
    double factor = fields.real("factor");
    if (!(factor >= 1 && factor <= 1e6)) {
      throw fields.refuse("factor is " + factor);
    }
    return factor;
  }

  private void yarn(Fields fields) {
    into.text("rope.scaling.type", "yarn");
    into.real("rope.scaling.factor", factor(fields));
    into.number("rope.scaling.original_context_length", original(fields));
    Map<String, String> bounds =
        Map.of(
            "beta_fast", "rope.scaling.yarn_beta_fast", "beta_slow", "rope.scaling.yarn_beta_slow");
    bounds.forEach((name, key) -> {
      if (fields.has(name)) {
        into.real(key, fields.real(name));
      }
    });
    fields.require("truncate", true);
  }

  private long original(Fields fields) {
    return fields.whole(
        "original_max_position_embeddings",
        1,
        CommonSettings.MAX_CONTEXT,
        config.whole("max_position_embeddings", 1, CommonSettings.MAX_CONTEXT));
  }

  private float[] divisors(Fields fields, int rotated) {
    double factor = factor(fields);
    double low = fields.real("low_freq_factor", 1);
    double high = fields.real("high_freq_factor", 4);
    long original = original(fields);
    if (!(low > 0 && high > low)) {
      throw fields.refuse("low_freq_factor is %s and high_freq_factor %s".formatted(low, high));
    }
    float[] divisors = new float[rotated / 2];
    for (int i = 0; i < divisors.length; i++) {
      double wavelength = 2 * Math.PI * StrictMath.pow(base, 2.0 * i / rotated);
      double turns = original / wavelength;
      double kept = Math.clamp((turns - low) / (high - low), 0, 1);
      divisors[i] = (float) (1 / ((1 - kept) / factor + kept));
    }
    return divisors;
  }
}
