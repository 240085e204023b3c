package io.yuntai.bench;

import io.yuntai.engine.gguf.GgufWriter;
import io.yuntai.engine.gguf.MetadataValue;
import io.yuntai.engine.quant.TensorType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A model of random weights in the shape of DeepSeek-V3, made smaller: latent attention with its
 * real ranks and head lengths, one dense layer, then mixtures with a shared expert, eight of many
 * experts chosen from half of eight groups by biased logistic scores, YaRN. Types are those of a
 * Q4_K_M file.
 *
 * <p>Blocks are random bits whose scales keep rows about as long as what they are multiplied with.
 */
final class RandomDeepSeek {
  private static final String NAME = "deepseek2";
  private static final int WIDTH = 2048;
  private static final int HEADS = 16;
  private static final int QUERY_RANK = 768;
  private static final int RANK = 512;
  private static final int PLAIN = 128;
  private static final int ROTATED = 64;
  private static final int VALUE = 128;
  private static final int DENSE_LENGTH = 5632;
  private static final int EXPERT_LENGTH = 512;
  private static final int USED = 8;
  private static final int VOCABULARY = 32_000;
  private static final int CONTEXT = 16_384;

  private final int layers;
  private final int experts;
  private final SplittableRandom random;
  private final GgufWriter writer = new GgufWriter();

  RandomDeepSeek(int layers, int experts, long seed) {
    this.layers = layers;
    this.experts = experts;
    this.random = new SplittableRandom(seed);
  }

  /** Everything but the weights, which are made while they are written. */
  GgufWriter writer() {
    metadata();
    matrix(TensorType.Q4_K, "token_embd.weight", WIDTH, VOCABULARY);
    matrix(TensorType.Q6_K, "output.weight", WIDTH, VOCABULARY);
    norm("output_norm.weight", WIDTH);
    for (int i = 0; i < layers; i++) {
      String b = "blk." + i + ".";
      attention(b);
      if (i == 0) {
        network(b, "", DENSE_LENGTH);
      } else {
        mixture(b);
      }
    }
    return writer;
  }

  private void metadata() {
    writer.put("general.architecture", MetadataValue.text(NAME));
    writer.put("general.name", MetadataValue.text("random DeepSeek-V3"));
    writer.put("tokenizer.ggml.model", MetadataValue.text("no_vocab"));
    put("vocab_size", VOCABULARY);
    put("context_length", CONTEXT);
    put("embedding_length", WIDTH);
    put("block_count", layers);
    put("feed_forward_length", DENSE_LENGTH);
    put("attention.head_count", HEADS);
    put("attention.head_count_kv", 1);
    put("attention.q_lora_rank", QUERY_RANK);
    put("attention.kv_lora_rank", RANK);
    put("attention.key_length", RANK + ROTATED);
    put("attention.value_length", RANK);
    put("attention.key_length_mla", PLAIN + ROTATED);
    put("attention.value_length_mla", VALUE);
    put("rope.dimension_count", ROTATED);
    put("leading_dense_block_count", 1);
    put("expert_count", experts);
    put("expert_used_count", USED);
    put("expert_shared_count", 1);
    put("expert_feed_forward_length", EXPERT_LENGTH);
    put("expert_group_count", 8);
    put("expert_group_used_count", 4);
    put("expert_gating_func", 2);
    put("rope.scaling.original_context_length", 4096);
    put("attention.layer_norm_rms_epsilon", 1e-6f);
    put("rope.freq_base", 10_000f);
    put("expert_weights_scale", 2.5f);
    put("rope.scaling.factor", 4f);
    put("rope.scaling.yarn_log_multiplier", 0.1f);
    writer.put(NAME + ".expert_weights_norm", MetadataValue.flag(true));
    writer.put(NAME + ".rope.scaling.type", MetadataValue.text("yarn"));
  }

  private void put(String key, int value) {
    writer.put(NAME + "." + key, MetadataValue.uint32(value));
  }

  private void put(String key, float value) {
    writer.put(NAME + "." + key, MetadataValue.float32(value));
  }

  private void attention(String b) {
    norm(b + "attn_norm.weight", WIDTH);
    matrix(TensorType.Q4_K, b + "attn_q_a.weight", WIDTH, QUERY_RANK);
    norm(b + "attn_q_a_norm.weight", QUERY_RANK);
    matrix(TensorType.Q4_K, b + "attn_q_b.weight", QUERY_RANK, HEADS * (PLAIN + ROTATED));
    matrix(TensorType.Q4_K, b + "attn_kv_a_mqa.weight", WIDTH, RANK + ROTATED);
    norm(b + "attn_kv_a_norm.weight", RANK);
    matrix(TensorType.Q8_0, b + "attn_k_b.weight", PLAIN, RANK, HEADS);
    matrix(TensorType.Q8_0, b + "attn_v_b.weight", RANK, VALUE, HEADS);
    matrix(TensorType.Q4_K, b + "attn_output.weight", HEADS * VALUE, WIDTH);
    norm(b + "ffn_norm.weight", WIDTH);
  }

  private void network(String b, String suffix, int length) {
    matrix(TensorType.Q4_K, b + "ffn_gate" + suffix + ".weight", WIDTH, length);
    matrix(TensorType.Q4_K, b + "ffn_up" + suffix + ".weight", WIDTH, length);
    matrix(TensorType.Q6_K, b + "ffn_down" + suffix + ".weight", length, WIDTH);
  }

  private void mixture(String b) {
    numbers(b + "ffn_gate_inp.weight", 0, 1 / Math.sqrt(WIDTH), WIDTH, experts);
    numbers(b + "exp_probs_b.bias", 0, 0.05, experts);
    matrix(TensorType.Q4_K, b + "ffn_gate_exps.weight", WIDTH, EXPERT_LENGTH, experts);
    matrix(TensorType.Q4_K, b + "ffn_up_exps.weight", WIDTH, EXPERT_LENGTH, experts);
    matrix(TensorType.Q6_K, b + "ffn_down_exps.weight", EXPERT_LENGTH, WIDTH, experts);
    network(b, "_shexp", EXPERT_LENGTH);
  }

  private void norm(String name, int length) {
    numbers(name, 1, 0.1, length);
  }

  private void numbers(String name, double mean, double deviation, int... shape) {
    float[] values = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian(mean, deviation);
    }
    writer.tensor(name, dimensions(shape), values);
  }

  private void matrix(TensorType type, String name, int... shape) {
    long rows = 1;
    for (int i = 1; i < shape.length; i++) {
      rows *= shape[i];
    }
    long blocks = rows * (shape[0] / type.elementsPerBlock());
    double size = 1 / Math.sqrt(shape[0]);
    SplittableRandom own = random.split();
    writer.tensor(name, type, dimensions(shape), target -> blocks(target, type, blocks, size, own));
  }

  private static List<Long> dimensions(int... shape) {
    return Arrays.stream(shape).mapToObj(Long::valueOf).toList();
  }

  private static void blocks(
      OutputStream target, TensorType type, long count, double size, SplittableRandom random)
      throws IOException {
    byte[] block = new byte[type.bytesPerBlock()];
    ByteBuffer numbers = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    for (long i = 0; i < count; i++) {
      random.nextBytes(block);
      // What uniformly random codes and group scales deviate by, from their formats' formulas.
      switch (type) {
        case Q4_K -> {
          numbers.putShort(0, Float.floatToFloat16((float) (size / 250)));
          numbers.putShort(2, Float.floatToFloat16((float) (size / 250 * 7.5)));
        }
        case Q6_K -> numbers.putShort(208, Float.floatToFloat16((float) (size / 1370)));
        case Q8_0 -> numbers.putShort(0, Float.floatToFloat16((float) (size / 74)));
        default -> throw new IllegalArgumentException(type + " is not made here");
      }
      target.write(block);
    }
  }
}
