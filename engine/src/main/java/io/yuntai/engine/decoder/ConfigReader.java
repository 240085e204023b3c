package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.AttentionShape.GroupedQuery;
import io.yuntai.engine.decoder.AttentionShape.Latent;
import io.yuntai.engine.decoder.FeedForwardShape.Dense;
import io.yuntai.engine.decoder.FeedForwardShape.Mixture;
import io.yuntai.engine.decoder.ModelConfig.Activation;
import io.yuntai.engine.decoder.ModelConfig.Layer;
import io.yuntai.engine.decoder.Rope.Pairing;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.GgufInspection;
import io.yuntai.engine.gguf.MetadataValue;
import io.yuntai.engine.kernel.AttentionRun;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Reads the parts of a shape that architectures share, and checks that they make sense. */
final class ConfigReader {
  private static final int MAX_LAYERS = 1024;
  private static final int MAX_WIDTH = 1 << 20;
  private static final int MAX_HEADS = 4096;
  private static final int MAX_HEAD_LENGTH = 4096;
  private static final int MAX_CONTEXT = 1 << 27;
  private static final int MAX_EXPERTS = 4096;

  /**
   * Keys that change what a model computes and that no architecture here follows: better no answer
   * than a wrong one.
   */
  private static final List<String> REFUSED =
      List.of(
          "attention.clamp_kqv",
          "attention.max_alibi_bias",
          "attention.temperature_scale",
          "attn_logit_softcapping",
          "embedding_scale",
          "final_logit_softcapping",
          "logit_scale",
          "nextn_predict_layers",
          "residual_scale");

  private final ConfigKeys keys;
  private final RopeReader ropes;

  ConfigReader(GgufFile file, String architecture) {
    this.keys = new ConfigKeys(file, architecture);
    this.ropes = new RopeReader(keys);
  }

  ConfigKeys keys() {
    return keys;
  }

  RopeReader ropes() {
    return ropes;
  }

  /** A decoder whose gates are SiLU and whose layers are normalised before each half only. */
  ModelConfig config(AttentionShape attention, List<Layer> layers) {
    return config(attention, layers, Activation.SILU, 1, false);
  }

  /** A decoder of these parts. */
  ModelConfig config(
      AttentionShape attention,
      List<Layer> layers,
      Activation activation,
      float embeddingScale,
      boolean outputNorms) {
    REFUSED.forEach(this::refuse);
    checkRows(attention, layers);
    return new ModelConfig(
        keys.architecture(),
        width(),
        keys.number("context_length", MAX_CONTEXT),
        keys.vocabularySize(),
        epsilon(),
        embeddingScale,
        outputNorms,
        activation,
        attention,
        layers,
        new OutputHead.Logits());
  }

  /** A batch's rows are arrays: even those of hundreds of tokens must not exceed Java's. */
  private void checkRows(AttentionShape attention, List<Layer> layers) {
    long elements = (long) attention.heads() * attention.keyLength();
    for (Layer layer : layers) {
      if (layer.feedForward() instanceof Mixture mixture) {
        long widest = Math.max(width(), mixture.length());
        elements = Math.max(elements, mixture.routing().used() * widest);
      }
    }
    keys.check(
        elements <= MAX_WIDTH,
        "a token takes %,d numbers in one step, more than the %,d allowed"
            .formatted(elements, MAX_WIDTH));
  }

  private void refuse(String name) {
    keys.metadata()
        .find(keys.key(name))
        .filter(value -> !isZero(value))
        .ifPresent(value -> {
          throw keys.refuse(
              "%s is %s, which is not supported"
                  .formatted(keys.key(name), GgufInspection.abbreviate(value, 80)));
        });
  }

  private static boolean isZero(MetadataValue value) {
    return switch (value) {
      case MetadataValue.Whole whole -> whole.value() == 0;
      case MetadataValue.Real real -> real.value() == 0;
      case MetadataValue.Flag(boolean flag) -> !flag;
      case MetadataValue.Text _, MetadataValue.Array _ -> false;
    };
  }

  int width() {
    return keys.number("embedding_length", MAX_WIDTH);
  }

  int layers() {
    return keys.number("block_count", MAX_LAYERS);
  }

  private float epsilon() {
    String key = keys.key("attention.layer_norm_rms_epsilon");
    float epsilon = keys.metadata().floatValue(key);
    keys.check(epsilon >= 0 && epsilon < 1, key + " is " + epsilon);
    return epsilon;
  }

  /** Grouped-query attention with neither biases nor norms. */
  GroupedQuery groupedQuery() {
    int width = width();
    int heads = keys.number("attention.head_count", MAX_HEADS);
    int kvHeads = keys.number("attention.head_count_kv", MAX_HEADS, heads);
    keys.check(
        heads % kvHeads == 0, "attention.head_count is no multiple of attention.head_count_kv");
    int usual = Math.max(1, width / heads);
    int keyLength = keys.number("attention.key_length", MAX_HEAD_LENGTH, usual);
    int valueLength = keys.number("attention.value_length", MAX_HEAD_LENGTH, usual);
    float scale = (float) (1 / Math.sqrt(keyLength));
    return new GroupedQuery(heads, kvHeads, keyLength, valueLength, scale, false, false, false);
  }

  /** Latent attention: as newer files name its lengths, or as older ones do. */
  Latent latent() {
    boolean joined = keys.hasTensor("blk.0.attn_kv_b.weight");
    String suffix = keys.has("attention.key_length_mla") ? "_mla" : "";
    int keyLength = keys.number("attention.key_length" + suffix, MAX_HEAD_LENGTH);
    int rotated = keys.number("rope.dimension_count", MAX_HEAD_LENGTH);
    keys.check(
        rotated < keyLength,
        "%s is %d for heads of %d".formatted(keys.key("rope.dimension_count"), rotated, keyLength));
    double magnitude = ropes.latentMagnitude();
    return new Latent(
        keys.number("attention.head_count", MAX_HEADS),
        keys.has("attention.q_lora_rank") ? keys.range("attention.q_lora_rank", 0, MAX_WIDTH) : 0,
        keys.number("attention.kv_lora_rank", MAX_HEAD_LENGTH),
        keyLength - rotated,
        rotated,
        keys.number("attention.value_length" + suffix, MAX_HEAD_LENGTH),
        (float) (magnitude * magnitude / Math.sqrt(keyLength)),
        joined);
  }

  /** One network for all tokens. */
  Dense dense() {
    return new Dense(keys.number("feed_forward_length", MAX_WIDTH), false);
  }

  /** Whether layers are mixtures of experts. */
  boolean hasExperts() {
    return keys.has("expert_count") && keys.range("expert_count", 0, MAX_EXPERTS) > 0;
  }

  /** Experts without groups that are weighted by the softmax of their logits. */
  Routing softmaxRouting(boolean normalized) {
    int experts = keys.number("expert_count", MAX_EXPERTS);
    int used = keys.number("expert_used_count", experts);
    return new Routing(Routing.Gate.SOFTMAX, experts, used, 1, 1, 1, false, normalized, 1);
  }

  /** Experts without a shared one. */
  Mixture mixture(Routing routing) {
    return mixture(routing, 0, false);
  }

  /** Experts beside a shared one of this length, or none where it is 0. */
  Mixture mixture(Routing routing, int sharedLength, boolean sharedGate) {
    int length =
        keys.has("expert_feed_forward_length")
            ? keys.number("expert_feed_forward_length", MAX_WIDTH)
            : keys.number("feed_forward_length", MAX_WIDTH);
    return new Mixture(length, sharedLength, sharedGate, routing);
  }

  /** Inner length of all shared experts together. */
  int sharedLength(String name) {
    return keys.number(name, MAX_WIDTH);
  }

  /** Layers that are all the same, without a window. */
  List<Layer> layers(Pairing pairing, GroupedQuery attention, FeedForwardShape feedForward) {
    Rope rope = ropes.read(pairing, attention.keyLength());
    return layers(_ -> new Layer(rope, AttentionRun.NO_WINDOW, feedForward));
  }

  /** Layers by number. */
  List<Layer> layers(IntFunction<Layer> layer) {
    return IntStream.range(0, layers()).mapToObj(layer).toList();
  }

  /** Most positions that a token sees where the file asks for a window, else all. */
  int window() {
    return keys.has("attention.sliding_window")
            && keys.range("attention.sliding_window", 0, MAX_CONTEXT) > 0
        ? keys.number("attention.sliding_window", MAX_CONTEXT)
        : AttentionRun.NO_WINDOW;
  }
}
