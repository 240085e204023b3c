package io.yuntai.engine.checkpoint;

import java.util.List;

/** Llama, SmolLM, Mistral, and Mixtral with its experts. */
final class LlamaFamily implements Family {
  @Override
  public List<String> modelTypes() {
    return List.of("llama", "mistral", "mixtral");
  }

  @Override
  public String architecture() {
    return "llama";
  }

  @Override
  public void describe(Fields config, Description into) {
    config.require("hidden_act", "silu");
    config.require("attention_bias", false);
    config.require("mlp_bias", false);
    CommonSettings.describeWithHeads(config, into);
    if (config.has("num_local_experts")) {
      CommonSettings.experts(config, into, "num_local_experts");
    }
    // Up to its length, a window over the last tokens is the same as none.
    if (config.has("sliding_window")) {
      into.number(
          "context_length",
          Math.min(
              config.whole("max_position_embeddings", 1, CommonSettings.MAX_CONTEXT),
              config.whole("sliding_window", 1, CommonSettings.MAX_CONTEXT)));
    }
  }
}
