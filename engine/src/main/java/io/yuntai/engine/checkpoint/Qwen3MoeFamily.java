package io.yuntai.engine.checkpoint;

import java.util.List;

/** Qwen 3 with experts. */
final class Qwen3MoeFamily implements Family {
  @Override
  public List<String> modelTypes() {
    return List.of("qwen3_moe");
  }

  @Override
  public String architecture() {
    return "qwen3moe";
  }

  @Override
  public void describe(Fields config, Description into) {
    config.require("hidden_act", "silu");
    config.require("attention_bias", false);
    config.require("use_sliding_window", false);
    if (!config.flag("norm_topk_prob", false)) {
      throw config.refuse("norm_topk_prob is not true, which is not supported");
    }
    CommonSettings.describeWithHeads(config, into);
    CommonSettings.mixtureInAllLayers(config, into);
  }
}
