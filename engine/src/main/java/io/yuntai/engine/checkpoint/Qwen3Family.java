package io.yuntai.engine.checkpoint;

import java.util.List;

/** Qwen 3. */
final class Qwen3Family implements Family {
  @Override
  public List<String> modelTypes() {
    return List.of("qwen3");
  }

  @Override
  public String architecture() {
    return "qwen3";
  }

  @Override
  public void describe(Fields config, Description into) {
    config.require("hidden_act", "silu");
    config.require("attention_bias", false);
    config.require("use_sliding_window", false);
    CommonSettings.describeWithHeads(config, into);
  }
}
