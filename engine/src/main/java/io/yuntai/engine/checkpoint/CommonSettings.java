package io.yuntai.engine.checkpoint;

/** Settings that families share, from the names of Hugging Face's to GGUF's. */
final class CommonSettings {
  static final long MAX_WIDTH = 1 << 20;
  static final long MAX_HEADS = 4096;
  static final long MAX_LAYERS = 1024;
  static final long MAX_CONTEXT = 1 << 27;
  static final long MAX_EXPERTS = 4096;

  private CommonSettings() {}

  /** Sizes, heads and the norms' epsilon; neither lengths of heads nor rotation. */
  static void describe(Fields config, Description into) {
    into.number("context_length", config.whole("max_position_embeddings", 1, MAX_CONTEXT));
    into.number("embedding_length", width(config));
    into.number("block_count", layers(config));
    into.number("feed_forward_length", config.whole("intermediate_size", 1, MAX_WIDTH));
    into.number("attention.head_count", heads(config));
    into.number(
        "attention.head_count_kv",
        config.whole("num_key_value_heads", 1, MAX_HEADS, heads(config)));
    into.real("attention.layer_norm_rms_epsilon", config.real("rms_norm_eps", 1e-6));
    long _ = config.whole("vocab_size", 1, 1 << 24);
  }

  /** The same, with lengths of heads where they are set, and rotation of whole heads. */
  static void describeWithHeads(Fields config, Description into) {
    describe(config, into);
    if (config.has("head_dim")) {
      into.number("attention.key_length", headLength(config));
      into.number("attention.value_length", headLength(config));
    }
    RopeSettings.of(config, into).describe(headLength(config));
  }

  static long width(Fields config) {
    return config.whole("hidden_size", 1, MAX_WIDTH);
  }

  static long layers(Fields config) {
    return config.whole("num_hidden_layers", 1, MAX_LAYERS);
  }

  static long heads(Fields config) {
    return config.whole("num_attention_heads", 1, MAX_HEADS);
  }

  /** Rows of one head of queries. */
  static int headLength(Fields config) {
    long usual = Math.max(1, width(config) / heads(config));
    long length = config.whole("head_dim", 1, 4096, usual);
    if (length % 2 != 0) {
      throw config.refuse("heads are %d long; only even lengths can be rotated".formatted(length));
    }
    return (int) length;
  }

  /** Experts, of which each token uses some. */
  static void experts(Fields config, Description into, String count) {
    into.number("expert_count", config.whole(count, 1, MAX_EXPERTS));
    into.number("expert_used_count", config.whole("num_experts_per_tok", 1, MAX_EXPERTS));
  }

  /** The lengths of experts where all layers have them. */
  static void mixtureInAllLayers(Fields config, Description into) {
    config.require("decoder_sparse_step", 1L);
    if (!config.list("mlp_only_layers").isEmpty()) {
      throw config.refuse("mlp_only_layers is not empty, which is not supported");
    }
    experts(config, into, config.has("num_experts") ? "num_experts" : "num_local_experts");
    into.number("expert_feed_forward_length", config.whole("moe_intermediate_size", 1, MAX_WIDTH));
  }
}
