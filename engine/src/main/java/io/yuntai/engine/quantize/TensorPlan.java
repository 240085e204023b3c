package io.yuntai.engine.quantize;

import io.yuntai.engine.quant.TensorType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which type each tensor of a model gets under a recipe. The rules are those of llama.cpp's {@code
 * llama-quantize} (without an importance matrix), so that files of one name hold the same types
 * here and there:
 *
 * <ul>
 *   <li>Vectors, norms, routers, and tables of positions and of kinds of text stay as they are.
 *   <li>The output's matrix, and the embeddings where they take its place, get Q6_K under every
 *       recipe that quantises, but Q8_0 under q8_0.
 *   <li>q4_k_m and q5_k_m give Q6_K to the values of attention and to {@code ffn_down} in the first
 *       and the last eighth of the layers and in every third between; {@code attn_qkv} gets Q5_K
 *       and Q6_K; q4_k_s gives {@code attn_v} Q5_K in the first four layers and {@code ffn_down} in
 *       the first eighth; with eight experts, keys and values get Q8_0 and the attention's output
 *       Q5_K.
 *   <li>Rows that are no multiple of 256 get Q5_0 for Q4_K, Q5_1 for Q5_K and Q8_0 for Q6_K; rows
 *       that are no multiple of 32 get F16.
 * </ul>
 */
final class TensorPlan {
  private static final Pattern LAYER = Pattern.compile("blk\\.(\\d{1,6})\\..*");
  private static final int SUPER_BLOCK = 256;
  private static final int BLOCK = 32;
  private static final List<String> KEPT =
      List.of("_norm.weight", "ffn_gate_inp.weight", "position_embd.weight", "token_types.weight");

  private static final Map<TensorType, TensorType> NARROW =
      Map.of(
          TensorType.Q4_K, TensorType.Q5_0,
          TensorType.Q5_K, TensorType.Q5_1,
          TensorType.Q6_K, TensorType.Q8_0);

  private final Recipe recipe;
  private final int layers;
  private final boolean eightExperts;
  private final boolean tied;

  /**
   * @param layers {@code block_count}
   * @param experts {@code expert_count}, 0 for none
   * @param tied whether the embeddings take the output's place
   */
  TensorPlan(Recipe recipe, int layers, int experts, boolean tied) {
    this.recipe = recipe;
    this.layers = layers;
    this.eightExperts = experts == 8;
    this.tied = tied;
  }

  static TensorPlan of(SourceModel model, Recipe recipe) {
    String prefix = model.typedMetadata().string("general.architecture") + ".";
    int layers = model.typedMetadata().findInt(prefix + "block_count").orElse(0);
    int experts = model.typedMetadata().findInt(prefix + "expert_count").orElse(0);
    return new TensorPlan(recipe, layers, experts, !model.has("output.weight"));
  }

  /** The type that a tensor gets. */
  TensorType typeOf(SourceTensor tensor) {
    String name = tensor.name();
    if (tensor.shape().size() < 2
        || !name.endsWith(".weight")
        || KEPT.stream().anyMatch(name::endsWith)) {
      return tensor.type();
    }
    return recipe.quantizes() ? fitting(wanted(name), tensor.columns()) : recipe.type();
  }

  private TensorType wanted(String name) {
    if (name.equals("output.weight") || (tied && name.equals("token_embd.weight"))) {
      return recipe == Recipe.Q8_0 ? TensorType.Q8_0 : TensorType.Q6_K;
    }
    return special(name).orElse(recipe.type());
  }

  private Optional<TensorType> special(String name) {
    int layer = layer(name);
    if (name.endsWith(".attn_v.weight") || name.endsWith(".attn_kv_b.weight")) {
      return eightExperts ? Optional.of(TensorType.Q8_0) : value(layer);
    }
    if (name.endsWith(".attn_k.weight")) {
      return eightExperts ? Optional.of(TensorType.Q8_0) : Optional.empty();
    }
    if (name.endsWith(".attn_output.weight")) {
      boolean raised = eightExperts && recipe.type() == TensorType.Q4_K;
      return raised ? Optional.of(TensorType.Q5_K) : Optional.empty();
    }
    if (name.endsWith(".attn_qkv.weight") && recipe.mixed()) {
      return Optional.of(recipe == Recipe.Q4_K_M ? TensorType.Q5_K : TensorType.Q6_K);
    }
    if (name.contains(".ffn_down")) {
      return down(layer);
    }
    return Optional.empty();
  }

  private Optional<TensorType> value(int layer) {
    if (recipe == Recipe.Q4_K_S && layer < 4) {
      return Optional.of(TensorType.Q5_K);
    }
    return recipe.mixed() && getsMore(layer) ? Optional.of(TensorType.Q6_K) : Optional.empty();
  }

  private Optional<TensorType> down(int layer) {
    if (recipe == Recipe.Q4_K_S && layer < layers / 8) {
      return Optional.of(TensorType.Q5_K);
    }
    return recipe.mixed() && getsMore(layer) ? Optional.of(TensorType.Q6_K) : Optional.empty();
  }

  private boolean getsMore(int layer) {
    int eighth = layers / 8;
    return layer < eighth || layer >= 7 * layers / 8 || (layer - eighth) % 3 == 2;
  }

  private static int layer(String name) {
    Matcher matcher = LAYER.matcher(name);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : Integer.MAX_VALUE;
  }

  private static TensorType fitting(TensorType wanted, long columns) {
    TensorType type = columns % SUPER_BLOCK == 0 ? wanted : NARROW.getOrDefault(wanted, wanted);
    return columns % BLOCK == 0 ? type : TensorType.F16;
  }
}
