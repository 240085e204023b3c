package io.yuntai.engine.checkpoint;

import java.util.List;

/** Qwen 2 and 2.5. */
final class Qwen2Family implements Family {
  @Override
  public List<String> modelTypes() {
    return List.of("qwen2");
  }

  @Override
  public String architecture() {
    return "qwen2";
  }

  @Override
  public boolean hasBiases() {
    return true;
  }

  @Override
  public void describe(Fields config, Description into) {
    config.require("hidden_act", "silu");
    config.require("use_sliding_window", false);
    CommonSettings.describeWithHeads(config, into);
  }
}
