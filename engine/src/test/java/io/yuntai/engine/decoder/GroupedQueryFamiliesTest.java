package io.yuntai.engine.decoder;

import static io.yuntai.engine.decoder.PlainMath.add;
import static io.yuntai.engine.decoder.PlainMath.slice;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Families of dense layers with grouped-query attention, beside plain arithmetic. */
class GroupedQueryFamiliesTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261123);
  static final int WIDTH = 48;
  private static final int LAYERS = 2;
  private static final int HEADS = 6;
  private static final int KV_HEADS = 2;
  private static final int LENGTH = 16;
  private static final int INNER = 80;
  static final int VOCABULARY = 70;
  private static final int[] TOKENS = new Random(SEED).ints(75, 0, VOCABULARY).toArray();

  @TempDir Path folder;

  /** How positions become angles: that of each pair per position, and the size of the rotation. */
  record Rotation(boolean adjacent, int pairs, IntToDoubleFunction frequency, double size) {}

  @Test
  void qwen3NormalisesHeadsOfAnyLength() {
    Path file = model("qwen3", true, false, 256).write(folder.resolve("qwen3.gguf"));
    check(file, new Rotation(false, LENGTH / 2, i -> Math.pow(1e4, -2.0 * i / LENGTH), 1), 1000);
  }

  /** Mistral's files call themselves llama; a window in them is not followed, as nobody does. */
  @Test
  void mistralIsALlama() {
    Path file = model("llama", false, false, 256).write(folder.resolve("mistral.gguf"));
    check(file, new Rotation(true, LENGTH / 2, i -> Math.pow(1e4, -2.0 * i / LENGTH), 1), 1000);
  }

  @Test
  void yarnStretchesSlowFrequencies() {
    RandomModel model = model("llama", false, false, 256);
    model.put("rope.scaling.type", "yarn").put("rope.scaling.factor", 4f);
    model.put("rope.scaling.original_context_length", 64);
    Path file = model.write(folder.resolve("yarn.gguf"));
    double size = 1 + 0.1 * Math.log(4);
    check(file, new Rotation(true, LENGTH / 2, GroupedQueryFamiliesTest::yarn, size), 1000);
  }

  /**
   * Written after the paper's text: the share of a frequency is a ramp over its turns' logarithm.
   */
  private static double yarn(int pair) {
    double frequency = Math.pow(1e4, -2.0 * pair / LENGTH);
    double low = Math.floor(LENGTH * Math.log(64 / (32 * 2 * Math.PI)) / (2 * Math.log(1e4)));
    double high = Math.ceil(LENGTH * Math.log(64 / (1 * 2 * Math.PI)) / (2 * Math.log(1e4)));
    double stretched = Math.clamp((pair - Math.max(0, low)) / (high - Math.max(0, low)), 0, 1);
    return frequency / 4 * stretched + frequency * (1 - stretched);
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 256})
  void phi3HasFusedProjectionsTwoSetsOfDivisorsAndAWindow(int context) {
    RandomModel model = model("phi3", false, true, context);
    model.put("rope.scaling.original_context_length", 128).put("attention.sliding_window", 20);
    model.put("rope.scaling.attn_factor", 1.2f).put("rope.dimension_count", 12);
    model.factors("rope_factors_long.weight", 6).factors("rope_factors_short.weight", 6);
    Path file = model.write(folder.resolve("phi3.gguf"));
    double[] divisors =
        new PlainMath(file)
            .tensor(context > 128 ? "rope_factors_long.weight" : "rope_factors_short.weight");
    check(file, new Rotation(false, 6, i -> Math.pow(1e4, -2.0 * i / 12) / divisors[i], 1.2f), 20);
  }

  static RandomModel model(String name, boolean norms, boolean fused, int context) {
    return model(name, norms, fused, context, VOCABULARY);
  }

  static RandomModel model(String name, boolean norms, boolean fused, int context, int vocabulary) {
    RandomModel model =
        new RandomModel(name, SEED)
            .put("block_count", LAYERS)
            .put("context_length", context)
            .put("embedding_length", WIDTH)
            .put("feed_forward_length", INNER)
            .put("attention.head_count", HEADS)
            .put("attention.head_count_kv", KV_HEADS)
            .put("attention.key_length", LENGTH)
            .put("attention.value_length", LENGTH)
            .put("attention.layer_norm_rms_epsilon", 1e-6f)
            .matrix("token_embd.weight", WIDTH, vocabulary)
            .norm("output_norm.weight", WIDTH);
    for (int i = 0; i < LAYERS; i++) {
      String b = "blk." + i + ".";
      model.norm(b + "attn_norm.weight", WIDTH).norm(b + "ffn_norm.weight", WIDTH);
      if (fused) {
        model.matrix(b + "attn_qkv.weight", WIDTH, (HEADS + 2 * KV_HEADS) * LENGTH);
        model.matrix(b + "ffn_up.weight", WIDTH, 2 * INNER);
      } else {
        model.matrix(b + "attn_q.weight", WIDTH, HEADS * LENGTH);
        model.matrix(b + "attn_k.weight", WIDTH, KV_HEADS * LENGTH);
        model.matrix(b + "attn_v.weight", WIDTH, KV_HEADS * LENGTH);
        model.matrix(b + "ffn_gate.weight", WIDTH, INNER).matrix(b + "ffn_up.weight", WIDTH, INNER);
      }
      if (norms) {
        model.norm(b + "attn_q_norm.weight", LENGTH).norm(b + "attn_k_norm.weight", LENGTH);
      }
      model.matrix(b + "attn_output.weight", HEADS * LENGTH, WIDTH);
      model.matrix(b + "ffn_down.weight", INNER, WIDTH);
    }
    return model;
  }

  private static void check(Path file, Rotation rotation, int window) {
    int[] tokens = Arrays.copyOf(TOKENS, 64);
    PlainMath plain = new PlainMath(file);
    double[][] x = states(plain, tokens, rotation, window);
    Agreement.check(file, tokens, plain.logits(x), file.getFileName() + ", seed " + SEED);
  }

  /** What stands behind the last layer. */
  static double[][] states(PlainMath plain, int[] tokens, Rotation rotation, int window) {
    double[][] x = plain.embed(tokens, WIDTH, 1);
    for (int layer = 0; layer < LAYERS; layer++) {
      x = layer(plain, "blk." + layer + ".", x, rotation, window);
    }
    return x;
  }

  static double[][] qwen3States(PlainMath plain, int[] tokens) {
    Rotation rotation = new Rotation(false, LENGTH / 2, i -> Math.pow(1e4, -2.0 * i / LENGTH), 1);
    return states(plain, tokens, rotation, 1000);
  }

  private static double[][] layer(
      PlainMath plain, String b, double[][] x, Rotation rotation, int window) {
    int n = x.length;
    boolean norms = plain.has(b + "attn_q_norm.weight");
    boolean fused = plain.has(b + "attn_qkv.weight");
    double[][][] queries = new double[HEADS][n][];
    double[][][] keys = new double[KV_HEADS][n][];
    double[][][] values = new double[KV_HEADS][n][];
    for (int t = 0; t < n; t++) {
      double[] h = plain.norm(x[t], b + "attn_norm.weight");
      double[] qkv =
          fused
              ? plain.linear(h, b + "attn_qkv.weight")
              : join(
                  plain.linear(h, b + "attn_q.weight"),
                  plain.linear(h, b + "attn_k.weight"),
                  plain.linear(h, b + "attn_v.weight"));
      for (int head = 0; head < HEADS + 2 * KV_HEADS; head++) {
        double[] one = slice(qkv, head * LENGTH, LENGTH);
        boolean isQuery = head < HEADS;
        if (head < HEADS + KV_HEADS) {
          if (norms) {
            one = plain.norm(one, b + (isQuery ? "attn_q_norm.weight" : "attn_k_norm.weight"));
          }
          int position = t;
          PlainMath.rotate(
              one,
              0,
              rotation.pairs,
              rotation.adjacent,
              i -> position * rotation.frequency.applyAsDouble(i),
              rotation.size);
        }
        if (isQuery) {
          queries[head][t] = one;
        } else if (head < HEADS + KV_HEADS) {
          keys[head - HEADS][t] = one;
        } else {
          values[head - HEADS - KV_HEADS][t] = one;
        }
      }
    }
    double[][] attended = new double[n][HEADS * LENGTH];
    for (int head = 0; head < HEADS; head++) {
      int kv = head / (HEADS / KV_HEADS);
      double[][] out =
          PlainMath.attention(queries[head], keys[kv], values[kv], 1 / Math.sqrt(LENGTH), window);
      for (int t = 0; t < n; t++) {
        System.arraycopy(out[t], 0, attended[t], head * LENGTH, LENGTH);
      }
    }
    double[][] y = new double[n][];
    for (int t = 0; t < n; t++) {
      double[] mid = add(x[t], plain.linear(attended[t], b + "attn_output.weight"));
      double[] h = plain.norm(mid, b + "ffn_norm.weight");
      double[] both =
          fused
              ? plain.linear(h, b + "ffn_up.weight")
              : join(plain.linear(h, b + "ffn_gate.weight"), plain.linear(h, b + "ffn_up.weight"));
      double[] inner = new double[INNER];
      for (int i = 0; i < INNER; i++) {
        inner[i] = PlainMath.silu(both[i]) * both[INNER + i];
      }
      y[t] = add(mid, plain.linear(inner, b + "ffn_down.weight"));
    }
    return y;
  }

  private static double[] join(double[]... parts) {
    return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
  }
}
