package io.yuntai.engine.decoder;

import static io.yuntai.engine.decoder.PlainMath.add;
import static io.yuntai.engine.decoder.PlainMath.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.kernel.KvCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * DeepSeek V2 and V3 beside plain arithmetic, which brings every key and value out of the
 * compressed space, as the models' authors describe attention, instead of bringing queries into it.
 */
class DeepSeek2FamilyTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261123);
  private static final int WIDTH = 48;
  private static final int LAYERS = 2;
  private static final int HEADS = 3;
  private static final int RANK = 32;
  private static final int PLAIN = 16;
  private static final int ROTATED = 8;
  private static final int VALUE = 20;
  private static final int INNER = 40;
  private static final int EXPERTS = 12;
  private static final int USED = 3;
  private static final int EXPERT_INNER = 24;
  private static final int SHARED = 2;
  private static final int VOCABULARY = 64;
  private static final int[] TOKENS = new Random(SEED).ints(45, 0, VOCABULARY).toArray();

  @TempDir Path folder;

  /** One published shape. */
  private record Variant(
      String name,
      int queryRank,
      boolean joined,
      boolean sigmoid,
      int groups,
      int groupsUsed,
      boolean normalized,
      double scale,
      double yarnFactor) {}

  @Test
  void v2LiteInAnOldFile() {
    check(new Variant("v2-lite", 0, true, false, 1, 1, false, 1, 1));
  }

  @Test
  void v2WithGroupsAsGoodAsTheirBestExpert() {
    check(new Variant("v2", 24, false, false, 4, 2, false, 16, 40));
  }

  @Test
  void v3WithABiasAndGroupsAsGoodAsTheirTwoBestExperts() {
    check(new Variant("v3", 24, false, true, 4, 2, true, 2.5, 40));
  }

  @Test
  void v3InAnOldFile() {
    check(new Variant("v3-old", 24, true, true, 3, 2, true, 2.5, 8));
  }

  @Test
  void theCacheHoldsTheCompressedVectorAndTheRotatedKeyAlone() throws IOException {
    Variant variant = new Variant("v3", 24, false, true, 4, 2, true, 2.5, 40);
    try (GgufFile file = GgufFile.open(write(variant))) {
      ModelConfig config = Architecture.of(file).configure(file);
      long bytes = KvCache.blockBytes(config.kvShape(), KvCache.Format.F16);
      assertThat(bytes / KvCache.BLOCK_TOKENS).isEqualTo((RANK + ROTATED) * LAYERS * 2L);
    }
  }

  private void check(Variant variant) {
    Path file = write(variant);
    PlainMath plain = new PlainMath(file);
    double[][] x = plain.embed(TOKENS, WIDTH, 1);
    for (int layer = 0; layer < LAYERS; layer++) {
      String b = "blk." + layer + ".";
      attend(plain, variant, b, x);
      for (int t = 0; t < x.length; t++) {
        double[] h = plain.norm(x[t], b + "ffn_norm.weight");
        x[t] = add(x[t], layer == 0 ? gated(plain, b, "", h) : mixture(plain, variant, b, h));
      }
    }
    Agreement.check(file, TOKENS, plain.logits(x), variant.name + ", seed " + SEED);
  }

  private static void attend(PlainMath plain, Variant variant, String b, double[][] x) {
    int n = x.length;
    double[][][] queries = new double[HEADS][n][];
    double[][][] keys = new double[HEADS][n][];
    double[][][] values = new double[HEADS][n][];
    for (int t = 0; t < n; t++) {
      double[] h = plain.norm(x[t], b + "attn_norm.weight");
      double[] q =
          variant.queryRank == 0
              ? plain.linear(h, b + "attn_q.weight")
              : plain.linear(
                  plain.norm(plain.linear(h, b + "attn_q_a.weight"), b + "attn_q_a_norm.weight"),
                  b + "attn_q_b.weight");
      double[] kv = plain.linear(h, b + "attn_kv_a_mqa.weight");
      double[] c = PlainMath.norm(kv, 0, RANK, plain.tensor(b + "attn_kv_a_norm.weight"));
      double[] rotatedKey = slice(kv, RANK, ROTATED);
      rotate(variant, rotatedKey, 0, t);
      for (int head = 0; head < HEADS; head++) {
        double[] query = slice(q, head * (PLAIN + ROTATED), PLAIN + ROTATED);
        rotate(variant, query, PLAIN, t);
        double[] key = Arrays.copyOf(keyOf(plain, variant, b, head, c), PLAIN + ROTATED);
        System.arraycopy(rotatedKey, 0, key, PLAIN, ROTATED);
        queries[head][t] = query;
        keys[head][t] = key;
        values[head][t] = valueOf(plain, variant, b, head, c);
      }
    }
    double size = 1 + 0.1 * Math.log(variant.yarnFactor);
    double[][] all = new double[n][HEADS * VALUE];
    for (int head = 0; head < HEADS; head++) {
      double scale = size * size / Math.sqrt(PLAIN + ROTATED);
      double[][] out =
          PlainMath.attention(queries[head], keys[head], values[head], scale, Integer.MAX_VALUE);
      for (int t = 0; t < n; t++) {
        System.arraycopy(out[t], 0, all[t], head * VALUE, VALUE);
      }
    }
    for (int t = 0; t < n; t++) {
      x[t] = add(x[t], plain.linear(all[t], b + "attn_output.weight"));
    }
  }

  private static double[] keyOf(PlainMath plain, Variant variant, String b, int head, double[] c) {
    if (variant.joined) {
      double[] joined = plain.tensor(b + "attn_kv_b.weight");
      return PlainMath.linear(c, joined, head * (PLAIN + VALUE), PLAIN);
    }
    double[] turned = plain.tensor(b + "attn_k_b.weight");
    double[] key = new double[PLAIN];
    for (int r = 0; r < RANK; r++) {
      for (int i = 0; i < PLAIN; i++) {
        key[i] += turned[(head * RANK + r) * PLAIN + i] * c[r];
      }
    }
    return key;
  }

  private static double[] valueOf(
      PlainMath plain, Variant variant, String b, int head, double[] c) {
    return variant.joined
        ? PlainMath.linear(
            c, plain.tensor(b + "attn_kv_b.weight"), head * (PLAIN + VALUE) + PLAIN, VALUE)
        : PlainMath.linear(c, plain.tensor(b + "attn_v_b.weight"), head * VALUE, VALUE);
  }

  private static void rotate(Variant variant, double[] x, int from, int position) {
    PlainMath.rotate(
        x, from, ROTATED / 2, true, i -> position * frequency(variant.yarnFactor, i), 1);
  }

  private static double frequency(double factor, int pair) {
    double frequency = Math.pow(1e4, -2.0 * pair / ROTATED);
    if (factor == 1) {
      return frequency;
    }
    double perTurn = ROTATED / (2 * Math.log(1e4));
    double low = Math.max(0, Math.floor(perTurn * Math.log(64 / (32 * 2 * Math.PI))));
    double high = Math.ceil(perTurn * Math.log(64 / (2 * Math.PI)));
    double stretched = Math.clamp((pair - low) / (high - low), 0, 1);
    return frequency / factor * stretched + frequency * (1 - stretched);
  }

  private static double[] gated(PlainMath plain, String b, String suffix, double[] h) {
    double[] gate = plain.linear(h, b + "ffn_gate" + suffix + ".weight");
    double[] up = plain.linear(h, b + "ffn_up" + suffix + ".weight");
    for (int i = 0; i < gate.length; i++) {
      gate[i] = PlainMath.silu(gate[i]) * up[i];
    }
    return plain.linear(gate, b + "ffn_down" + suffix + ".weight");
  }

  private static double[] mixture(PlainMath plain, Variant variant, String b, double[] h) {
    double[] logits = plain.linear(h, b + "ffn_gate_inp.weight");
    double[] scores =
        variant.sigmoid
            ? Arrays.stream(logits).map(PlainMath::sigmoid).toArray()
            : PlainMath.softmax(logits);
    double[] forChoice =
        variant.sigmoid ? add(scores, plain.tensor(b + "exp_probs_b.bias")) : scores.clone();
    int size = EXPERTS / variant.groups;
    double[] groups = new double[variant.groups];
    for (int g = 0; g < groups.length; g++) {
      double[] sorted = slice(forChoice, g * size, size);
      Arrays.sort(sorted);
      groups[g] = sorted[size - 1] + (variant.sigmoid ? sorted[size - 2] : 0);
    }
    double[] sortedGroups = groups.clone();
    Arrays.sort(sortedGroups);
    double worstGroup = sortedGroups[groups.length - variant.groupsUsed];
    for (int e = 0; e < EXPERTS; e++) {
      if (groups[e / size] < worstGroup) {
        forChoice[e] = Double.NEGATIVE_INFINITY;
      }
    }
    double[] sorted = forChoice.clone();
    Arrays.sort(sorted);
    double worst = sorted[EXPERTS - USED];
    double sum = 0;
    for (int e = 0; e < EXPERTS; e++) {
      sum += forChoice[e] >= worst ? scores[e] : 0;
    }
    double[] y = gated(plain, b, "_shexp", h);
    for (int e = 0; e < EXPERTS; e++) {
      if (forChoice[e] >= worst) {
        double weight = variant.scale * scores[e] / (variant.normalized ? sum : 1);
        y = add(y, PlainMath.scaled(expert(plain, b, e, h), weight));
      }
    }
    return y;
  }

  private static double[] expert(PlainMath plain, String b, int e, double[] h) {
    int first = e * EXPERT_INNER;
    double[] gate =
        PlainMath.linear(h, plain.tensor(b + "ffn_gate_exps.weight"), first, EXPERT_INNER);
    double[] up = PlainMath.linear(h, plain.tensor(b + "ffn_up_exps.weight"), first, EXPERT_INNER);
    for (int i = 0; i < EXPERT_INNER; i++) {
      gate[i] = PlainMath.silu(gate[i]) * up[i];
    }
    return PlainMath.linear(gate, plain.tensor(b + "ffn_down_exps.weight"), e * WIDTH, WIDTH);
  }

  private Path write(Variant v) {
    RandomModel model =
        new RandomModel("deepseek2", SEED)
            .put("block_count", LAYERS)
            .put("context_length", 64)
            .put("embedding_length", WIDTH)
            .put("feed_forward_length", INNER)
            .put("attention.head_count", HEADS)
            .put("attention.layer_norm_rms_epsilon", 1e-6f)
            .put("attention.kv_lora_rank", RANK)
            .put("rope.dimension_count", ROTATED)
            .put("leading_dense_block_count", 1)
            .put("expert_count", EXPERTS)
            .put("expert_used_count", USED)
            .put("expert_shared_count", SHARED)
            .put("expert_feed_forward_length", EXPERT_INNER)
            .put("expert_weights_scale", (float) v.scale)
            .put("expert_weights_norm", v.normalized)
            .put("expert_group_count", v.groups)
            .put("expert_group_used_count", v.groupsUsed)
            .matrix("token_embd.weight", WIDTH, VOCABULARY)
            .matrix("output.weight", WIDTH, VOCABULARY)
            .norm("output_norm.weight", WIDTH);
    String suffix = v.joined ? "" : "_mla";
    model.put("attention.key_length" + suffix, PLAIN + ROTATED);
    model.put("attention.value_length" + suffix, VALUE);
    if (!v.joined) {
      model.put("attention.key_length", RANK + ROTATED).put("attention.value_length", RANK);
    }
    if (v.queryRank > 0) {
      model.put("attention.q_lora_rank", v.queryRank);
    }
    if (v.sigmoid) {
      model.put("expert_gating_func", 2);
    }
    if (v.yarnFactor != 1) {
      model.put("rope.scaling.type", "yarn").put("rope.scaling.factor", (float) v.yarnFactor);
      model.put("rope.scaling.original_context_length", 64);
      model.put("rope.scaling.yarn_log_multiplier", 0.1f);
    }
    for (int i = 0; i < LAYERS; i++) {
      attention(model, v, "blk." + i + ".");
      feedForward(model, v, "blk." + i + ".", i > 0);
    }
    return model.write(folder.resolve(v.name + ".gguf"));
  }

  private static void attention(RandomModel model, Variant v, String b) {
    model.norm(b + "attn_norm.weight", WIDTH);
    int queries = HEADS * (PLAIN + ROTATED);
    if (v.queryRank == 0) {
      model.matrix(b + "attn_q.weight", WIDTH, queries);
    } else {
      model.matrix(b + "attn_q_a.weight", WIDTH, v.queryRank);
      model.norm(b + "attn_q_a_norm.weight", v.queryRank);
      model.matrix(b + "attn_q_b.weight", v.queryRank, queries);
    }
    model.matrix(b + "attn_kv_a_mqa.weight", WIDTH, RANK + ROTATED);
    model.norm(b + "attn_kv_a_norm.weight", RANK);
    if (v.joined) {
      model.matrix(b + "attn_kv_b.weight", RANK, HEADS * (PLAIN + VALUE));
    } else {
      model.matrix(b + "attn_k_b.weight", PLAIN, RANK, HEADS);
      model.matrix(b + "attn_v_b.weight", RANK, VALUE, HEADS);
    }
    model.matrix(b + "attn_output.weight", HEADS * VALUE, WIDTH);
  }

  private static void feedForward(RandomModel model, Variant v, String b, boolean mixture) {
    model.norm(b + "ffn_norm.weight", WIDTH);
    if (!mixture) {
      model.matrix(b + "ffn_gate.weight", WIDTH, INNER).matrix(b + "ffn_up.weight", WIDTH, INNER);
      model.matrix(b + "ffn_down.weight", INNER, WIDTH);
      return;
    }
    model.matrix(b + "ffn_gate_inp.weight", WIDTH, EXPERTS);
    if (v.sigmoid) {
      model.bias(b + "exp_probs_b.bias", EXPERTS);
    }
    model.matrix(b + "ffn_gate_exps.weight", WIDTH, EXPERT_INNER, EXPERTS);
    model.matrix(b + "ffn_up_exps.weight", WIDTH, EXPERT_INNER, EXPERTS);
    model.matrix(b + "ffn_down_exps.weight", EXPERT_INNER, WIDTH, EXPERTS);
    model.matrix(b + "ffn_gate_shexp.weight", WIDTH, SHARED * EXPERT_INNER);
    model.matrix(b + "ffn_up_shexp.weight", WIDTH, SHARED * EXPERT_INNER);
    model.matrix(b + "ffn_down_shexp.weight", SHARED * EXPERT_INNER, WIDTH);
  }
}
