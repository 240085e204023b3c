package io.yuntai.engine.checkpoint;

import java.util.List;
import java.util.Optional;

/** Gemma 3: its text model, alone or as a part of the one that sees. */
final class Gemma3Family implements Family {
  private static final long PERIOD = 6;
  private static final long LAYERS_27B = 62;
  private static final double LOCAL_BASE = 10_000;
  private static final String GLOBAL = "full_attention";
  private static final String LOCAL = "sliding_attention";

  @Override
  public List<String> modelTypes() {
    return List.of("gemma3_text", "gemma3");
  }

  @Override
  public String architecture() {
    return "gemma3";
  }

  @Override
  public boolean hasNormsAroundZero() {
    return true;
  }

  @Override
  public boolean isTiedByDefault() {
    return true;
  }

  @Override
  public void describe(Fields config, Description into) {
    config.require("hidden_activation", "gelu_pytorch_tanh");
    config.require("attention_bias", false);
    config.require("use_bidirectional_attention", false);
    refuseCapping(config, "attn_logit_softcapping");
    refuseCapping(config, "final_logit_softcapping");
    CommonSettings.describe(config, into);
    int length = (int) config.whole("head_dim", 2, 4096, 256);
    into.number("attention.key_length", length);
    into.number("attention.value_length", length);
    checkScale(config, length);
    into.number(
        "attention.sliding_window",
        config.whole("sliding_window", 1, CommonSettings.MAX_CONTEXT, 4096));
    long period = period(config);
    if (period != PERIOD) {
      into.number("attention.sliding_window_pattern", period);
    }
    rotation(config, into, length);
  }

  private static void refuseCapping(Fields config, String key) {
    if (config.has(key)) {
      throw config.refuse(key + " is set, which is not supported");
    }
  }

  /** The scores' scale follows from lengths alone, as the architecture has it. */
  private static void checkScale(Fields config, int length) {
    double scalar = config.real("query_pre_attn_scalar", 256);
    double expected =
        CommonSettings.layers(config) == LAYERS_27B
            ? (double) CommonSettings.width(config) / CommonSettings.heads(config)
            : length;
    if (scalar != expected) {
      throw config.refuse(
          "query_pre_attn_scalar is %s; only %s is supported for this shape"
              .formatted(scalar, expected));
    }
  }

  /** After how many layers one without a window comes, each time. */
  private static long period(Fields config) {
    List<?> types = config.list("layer_types");
    if (types.isEmpty()) {
      String key =
          config.has("sliding_window_pattern")
              ? "sliding_window_pattern"
              : "_sliding_window_pattern";
      return config.whole(key, 1, PERIOD * PERIOD, PERIOD);
    }
    int first = types.indexOf(GLOBAL);
    long period = first < 0 ? Math.max(PERIOD, types.size() + 1) : first + 1;
    for (int i = 0; i < types.size(); i++) {
      String expected = i % period == period - 1 ? GLOBAL : LOCAL;
      if (!expected.equals(types.get(i))) {
        throw config.refuse(
            "layer_types has %s as layer %d, which breaks its period of %d"
                .formatted(types.get(i), i, period));
      }
    }
    // Fewer layers than a period have none without a window.
    return first < 0 && types.size() < PERIOD ? PERIOD : period;
  }

  private static void rotation(Fields config, Description into, int length) {
    Optional<Fields> parameters = config.object("rope_parameters");
    boolean byLayer = parameters.isPresent() && parameters.get().has(GLOBAL);
    RopeSettings.of(config, into, byLayer ? parameters.get().object(GLOBAL) : parameters)
        .describe(length);
    double local =
        byLayer
            ? parameters
                .get()
                .object(LOCAL)
                .map(each -> each.real("rope_theta", LOCAL_BASE))
                .orElse(LOCAL_BASE)
            : config.real("rope_local_base_freq", LOCAL_BASE);
    if (local != LOCAL_BASE) {
      into.real("rope.freq_base_swa", local);
    }
  }
}
