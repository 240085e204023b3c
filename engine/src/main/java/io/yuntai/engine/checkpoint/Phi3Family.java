package io.yuntai.engine.checkpoint;

import java.util.List;

/** Phi 3, 3.5 and 4: queries, keys and values in one matrix, gates and ups in another. */
final class Phi3Family implements Family {
  private static final List<String> LONG = List.of("longrope", "su");

  @Override
  public List<String> modelTypes() {
    return List.of("phi3");
  }

  @Override
  public String architecture() {
    return "phi3";
  }

  @Override
  public void describe(Fields config, Description into) {
    config.require("hidden_act", "silu");
    config.require("attention_bias", false);
    CommonSettings.describe(config, into);
    int length = CommonSettings.headLength(config);
    RopeSettings rope = RopeSettings.of(config, into);
    double share =
        rope.scaling()
            .map(each -> each.real("partial_rotary_factor", 1))
            .filter(factor -> factor != 1)
            .orElseGet(() -> config.real("partial_rotary_factor", 1));
    int rotated = (int) (share * length);
    if (rotated < 2 || rotated > length || rotated % 2 != 0) {
      throw config.refuse("partial_rotary_factor is %s".formatted(share));
    }
    if (config.has("sliding_window")) {
      into.number(
          "attention.sliding_window",
          config.whole("sliding_window", 1, CommonSettings.MAX_CONTEXT));
    }
    if (LONG.contains(rope.type())) {
      into.real("rope.freq_base", rope.base());
      into.number("rope.dimension_count", rotated);
      longContext(config, rope.scaling().orElseThrow(), into, rotated);
    } else {
      rope.describe(rotated);
    }
  }

  /**
   * Other divisors beyond the original context, and a magnitude of {@code sqrt(1 + ln(longer) /
   * ln(original))}, as LongRoPE's paper has it.
   */
  private static void longContext(Fields config, Fields scaling, Description into, int rotated) {
    long all = config.whole("max_position_embeddings", 2, CommonSettings.MAX_CONTEXT);
    String key = "original_max_position_embeddings";
    long original = (scaling.has(key) ? scaling : config).whole(key, 2, CommonSettings.MAX_CONTEXT);
    double longer = (double) all / original;
    double usual =
        longer <= 1 ? 1 : Math.sqrt(1 + StrictMath.log(longer) / StrictMath.log((double) original));
    into.number("rope.scaling.original_context_length", original);
    into.real("rope.scaling.attn_factor", scaling.real("attention_factor", usual));
    into.vector("rope_factors_long.weight", divisors(scaling, "long_factor", rotated));
    into.vector("rope_factors_short.weight", divisors(scaling, "short_factor", rotated));
  }

  private static float[] divisors(Fields scaling, String key, int rotated) {
    List<?> values = scaling.list(key);
    if (values.size() != rotated / 2) {
      throw scaling.refuse("%s has %d numbers, not %d".formatted(key, values.size(), rotated / 2));
    }
    float[] divisors = new float[values.size()];
    for (int i = 0; i < divisors.length; i++) {
      if (!(values.get(i) instanceof Number number) || !(number.doubleValue() > 0)) {
        throw scaling.refuse("%s has %s at %d".formatted(key, values.get(i), i));
      }
      divisors[i] = number.floatValue();
    }
    return divisors;
  }
}
