package io.yuntai.engine.checkpoint;

import java.util.List;

/** Qwen 1.5 and 2 with experts, one of them shared. */
final class Qwen2MoeFamily implements Family {
  @Override
  public List<String> modelTypes() {
    return List.of("qwen2_moe");
  }

  @Override
  public String architecture() {
    return "qwen2moe";
  }

  @Override
  public boolean hasBiases() {
    return true;
  }

  @Override
  public void describe(Fields config, Description into) {
    config.require("hidden_act", "silu");
    config.require("use_sliding_window", false);
    config.require("norm_topk_prob", false);
    CommonSettings.describeWithHeads(config, into);
    CommonSettings.mixtureInAllLayers(config, into);
    into.number(
        "expert_shared_feed_forward_length",
        config.whole("shared_expert_intermediate_size", 1, CommonSettings.MAX_WIDTH));
  }
}
