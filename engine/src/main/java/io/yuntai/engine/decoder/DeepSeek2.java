package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.AttentionShape.Latent;
import io.yuntai.engine.decoder.FeedForwardShape.Mixture;
import io.yuntai.engine.decoder.ModelConfig.Layer;
import io.yuntai.engine.decoder.Routing.Gate;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.kernel.AttentionRun;

/**
 * DeepSeek V2, V2.5, V3 and R1: latent attention, a few dense layers, then mixtures with shared
 * experts.
 *
 * <p>Routing as the published models do it: V2 weights by a softmax and takes a group for as good
 * as its best expert; V3 by the logistic function, with a bias for the choice alone, and takes a
 * group for as good as its two best experts together.
 */
final class DeepSeek2 implements Architecture {
  private static final int MAX_EXPERTS = 4096;
  private static final int SOFTMAX = 1;
  private static final int SIGMOID = 2;

  @Override
  public String name() {
    return "deepseek2";
  }

  @Override
  public ModelConfig configure(GgufFile file) {
    ConfigReader reader = new ConfigReader(file, name());
    Latent attention = reader.latent();
    Rope rope = reader.ropes().latent(attention.rotatedLength());
    int denseLayers = denseLayers(reader);
    Layer dense = new Layer(rope, AttentionRun.NO_WINDOW, reader.dense());
    if (denseLayers == reader.layers()) {
      return reader.config(attention, reader.layers(_ -> dense));
    }
    Layer mixture = new Layer(rope, AttentionRun.NO_WINDOW, mixture(reader, denseLayers));
    return reader.config(attention, reader.layers(i -> i < denseLayers ? dense : mixture));
  }

  private static int denseLayers(ConfigReader reader) {
    if (!reader.hasExperts()) {
      return reader.layers();
    }
    String name = "leading_dense_block_count";
    return reader.keys().has(name) ? reader.keys().range(name, 0, reader.layers()) : 0;
  }

  private static Mixture mixture(ConfigReader reader, int firstLayer) {
    ConfigKeys keys = reader.keys();
    String shared = "expert_shared_count";
    int sharedCount = keys.has(shared) ? keys.range(shared, 0, MAX_EXPERTS) : 0;
    Routing routing = routing(keys, keys.hasTensor("blk." + firstLayer + ".exp_probs_b.bias"));
    Mixture one = reader.mixture(routing);
    long sharedLength = (long) sharedCount * one.length();
    keys.check(sharedLength <= 1 << 20, "%s is %d".formatted(keys.key(shared), sharedCount));
    return new Mixture(one.length(), (int) sharedLength, false, routing);
  }

  private static Routing routing(ConfigKeys keys, boolean biased) {
    int experts = keys.number("expert_count", MAX_EXPERTS);
    int used = keys.number("expert_used_count", experts);
    int groups = keys.number("expert_group_count", experts, 1);
    int groupsUsed = keys.number("expert_group_used_count", groups, groups);
    keys.check(
        experts % groups == 0,
        "%s is no multiple of %s"
            .formatted(keys.key("expert_count"), keys.key("expert_group_count")));
    keys.check(
        used <= experts / groups * groupsUsed,
        "%s is %d, but %d groups have %d experts"
            .formatted(
                keys.key("expert_used_count"), used, groupsUsed, experts / groups * groupsUsed));
    Gate gate = gate(keys);
    return new Routing(
        gate,
        experts,
        used,
        groups,
        groupsUsed,
        gate == Gate.SIGMOID ? 2 : 1,
        biased,
        keys.flag("expert_weights_norm", false),
        weightsScale(keys));
  }

  /** Zero stands for none. */
  private static float weightsScale(ConfigKeys keys) {
    String name = "expert_weights_scale";
    boolean isNone = keys.metadata().findFloat(keys.key(name)).orElse(0f) == 0;
    return isNone ? 1 : keys.positive(name, 1);
  }

  private static Gate gate(ConfigKeys keys) {
    String name = "expert_gating_func";
    int function = keys.has(name) ? keys.metadata().intValue(keys.key(name)) : SOFTMAX;
    return switch (function) {
      case 0, SOFTMAX -> Gate.SOFTMAX;
      case SIGMOID -> Gate.SIGMOID;
      default ->
          throw keys.refuse("%s is %d, which is not supported".formatted(keys.key(name), function));
    };
  }
}
