package io.yuntai.engine.checkpoint;

import java.util.List;

/** DeepSeek V2, V2.5, V3 and R1: latent attention in its absorbed form, and groups of experts. */
final class DeepSeek2Family implements Family {
  private static final String V3 = "deepseek_v3";
  private static final int SOFTMAX = 1;
  private static final int SIGMOID = 2;
  private static final long MAX_LENGTH = 4096;

  @Override
  public List<String> modelTypes() {
    return List.of("deepseek_v2", V3);
  }

  @Override
  public String architecture() {
    return "deepseek2";
  }

  @Override
  public void describe(Fields config, Description into) {
    config.require("hidden_act", "silu");
    config.require("attention_bias", false);
    config.require("rope_interleave", true);
    CommonSettings.describe(config, into);
    attention(config, into);
    int rotated = (int) rotated(config);
    RopeSettings rope = RopeSettings.of(config, into);
    rope.describe(rotated);
    if (rope.type().equals("yarn")) {
      magnitude(rope.scaling().orElseThrow(), into);
    }
    if (config.has("n_routed_experts")) {
      mixture(config, into);
    }
  }

  private static long rotated(Fields config) {
    return config.whole("qk_rope_head_dim", 2, MAX_LENGTH);
  }

  /** Rows of a head's keys without their rotated part. */
  static int plainKeyLength(Fields config) {
    return (int) config.whole("qk_nope_head_dim", 1, MAX_LENGTH);
  }

  static int valueLength(Fields config) {
    return (int) config.whole("v_head_dim", 1, MAX_LENGTH);
  }

  private static void attention(Fields config, Description into) {
    long rank = config.whole("kv_lora_rank", 1, MAX_LENGTH);
    into.number("attention.head_count_kv", 1);
    into.number("attention.kv_lora_rank", rank);
    if (config.has("q_lora_rank")) {
      into.number(
          "attention.q_lora_rank", config.whole("q_lora_rank", 1, CommonSettings.MAX_WIDTH));
    }
    into.number("attention.key_length", rank + rotated(config));
    into.number("attention.value_length", rank);
    into.number("attention.key_length_mla", plainKeyLength(config) + rotated(config));
    into.number("attention.value_length_mla", valueLength(config));
  }

  /** YaRN's magnitude is part of the scores' scale alone as long as both settings are equal. */
  private static void magnitude(Fields scaling, Description into) {
    double all = scaling.real("mscale_all_dim", 0);
    double rotatedOnly = scaling.real("mscale", 1);
    if (all == 0 || all != rotatedOnly) {
      throw scaling.refuse(
          "mscale is %s and mscale_all_dim %s; only equal ones are supported"
              .formatted(rotatedOnly, all));
    }
    into.real("rope.scaling.yarn_log_multiplier", 0.1 * all);
  }

  private static void mixture(Fields config, Description into) {
    boolean third = V3.equals(config.text("model_type").orElse(""));
    config.require("moe_layer_freq", 1L);
    into.number(
        "leading_dense_block_count",
        config.whole("first_k_dense_replace", 0, CommonSettings.MAX_LAYERS, 0));
    CommonSettings.experts(config, into, "n_routed_experts");
    into.number(
        "expert_feed_forward_length",
        config.whole("moe_intermediate_size", 1, CommonSettings.MAX_WIDTH));
    into.number(
        "expert_shared_count", config.whole("n_shared_experts", 0, CommonSettings.MAX_EXPERTS, 0));
    boolean normalized = config.flag("norm_topk_prob", third);
    double scale = config.real("routed_scaling_factor", third ? 2.5 : 1);
    if (!third && normalized && scale != 1) {
      throw config.refuse(
          "routed_scaling_factor is %s, which V2 does not use with norm_topk_prob"
              .formatted(scale));
    }
    into.real("expert_weights_scale", scale);
    into.flag("expert_weights_norm", normalized);
    into.number(
        "expert_gating_func",
        config.text("scoring_func").orElse(third ? "sigmoid" : "softmax").equals("sigmoid")
            ? SIGMOID
            : SOFTMAX);
    config.require("scoring_func", third ? "sigmoid" : "softmax");
    config.require("topk_method", "noaux_tc", "group_limited_greedy", "greedy");
    // Greedy choice knows no groups, whatever their number is said to be.
    if (!config.text("topk_method").orElse(third ? "noaux_tc" : "greedy").equals("greedy")) {
      into.number("expert_group_count", config.whole("n_group", 1, CommonSettings.MAX_EXPERTS, 1));
      into.number(
          "expert_group_used_count", config.whole("topk_group", 1, CommonSettings.MAX_EXPERTS, 1));
    }
  }
}
