package io.yuntai.engine.checkpoint;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What GGUF calls the modules of published checkpoints. A module is a tensor's name without {@code
 * .weight} or {@code .bias}, such as {@code model.layers.3.self_attn.q_proj}.
 *
 * <p>Source of the published names: the modules of Hugging Face's {@code transformers}; of GGUF's:
 * {@code docs/} and {@code gguf-py} of llama.cpp.
 */
public final class TensorNames {
  /**
   * A module's place in a GGUF file.
   *
   * @param tensor GGUF's name without {@code .weight} or {@code .bias}, such as {@code
   *     blk.3.attn_q}
   * @param expert which expert of a tensor that holds all of them; {@link #ALL} for any other
   */
  public record Place(String tensor, int expert) {
    /** The tensor as a whole. */
    public static final int ALL = -1;
  }

  private static final String GEMMA_3 = "gemma3";
  private static final String PHI_3 = "phi3";

  // Digits are bounded, so that a number fits an int.
  private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(\\d{1,6})\\.(.+)");
  private static final Pattern EXPERT =
      Pattern.compile("(?:mlp|block_sparse_moe)\\.experts\\.(\\d{1,6})\\.(\\w+)");

  private static final Map<String, String> OUTER =
      Map.of(
          "model.embed_tokens", "token_embd",
          "model.norm", "output_norm",
          "lm_head", "output");

  private static final Map<String, String> IN_LAYER =
      Map.ofEntries(
          Map.entry("input_layernorm", "attn_norm"),
          Map.entry("self_attn.q_proj", "attn_q"),
          Map.entry("self_attn.k_proj", "attn_k"),
          Map.entry("self_attn.v_proj", "attn_v"),
          Map.entry("self_attn.qkv_proj", "attn_qkv"),
          Map.entry("self_attn.o_proj", "attn_output"),
          Map.entry("self_attn.q_norm", "attn_q_norm"),
          Map.entry("self_attn.k_norm", "attn_k_norm"),
          Map.entry("self_attn.q_a_proj", "attn_q_a"),
          Map.entry("self_attn.q_a_layernorm", "attn_q_a_norm"),
          Map.entry("self_attn.q_b_proj", "attn_q_b"),
          Map.entry("self_attn.kv_a_proj_with_mqa", "attn_kv_a_mqa"),
          Map.entry("self_attn.kv_a_layernorm", "attn_kv_a_norm"),
          Map.entry("self_attn.kv_b_proj", "attn_kv_b"),
          Map.entry("post_attention_layernorm", "ffn_norm"),
          Map.entry("pre_feedforward_layernorm", "ffn_norm"),
          Map.entry("post_feedforward_layernorm", "post_ffw_norm"),
          Map.entry("mlp.gate_proj", "ffn_gate"),
          Map.entry("mlp.up_proj", "ffn_up"),
          Map.entry("mlp.down_proj", "ffn_down"),
          Map.entry("mlp.gate", "ffn_gate_inp"),
          Map.entry("block_sparse_moe.gate", "ffn_gate_inp"),
          Map.entry("mlp.gate.e_score_correction_bias", "exp_probs_b"),
          Map.entry("mlp.shared_expert.gate_proj", "ffn_gate_shexp"),
          Map.entry("mlp.shared_expert.up_proj", "ffn_up_shexp"),
          Map.entry("mlp.shared_expert.down_proj", "ffn_down_shexp"),
          Map.entry("mlp.shared_expert_gate", "ffn_gate_inp_shexp"),
          Map.entry("mlp.shared_experts.gate_proj", "ffn_gate_shexp"),
          Map.entry("mlp.shared_experts.up_proj", "ffn_up_shexp"),
          Map.entry("mlp.shared_experts.down_proj", "ffn_down_shexp"));

  private static final Map<String, String> IN_EXPERT =
      Map.of(
          "gate_proj", "ffn_gate_exps",
          "up_proj", "ffn_up_exps",
          "down_proj", "ffn_down_exps",
          "w1", "ffn_gate_exps",
          "w3", "ffn_up_exps",
          "w2", "ffn_down_exps");

  private final String architecture;

  private TensorNames(String architecture) {
    this.architecture = architecture;
  }

  /**
   * The names of a family of models.
   *
   * @param architecture as in {@code general.architecture}
   */
  public static TensorNames of(String architecture) {
    return new TensorNames(architecture);
  }

  /**
   * Where a module goes; empty for one that no model of the family has.
   *
   * <p>Of latent attention, {@code kv_b_proj} goes to {@code attn_kv_b}, the form of older files.
   */
  public Optional<Place> find(String module) {
    String outer = OUTER.get(module);
    if (outer != null) {
      return Optional.of(new Place(outer, Place.ALL));
    }
    Matcher layer = LAYER.matcher(module);
    if (!layer.matches()) {
      return Optional.empty();
    }
    return inLayer(layer.group(2))
        .map(place ->
            new Place(
                "blk." + Integer.parseInt(layer.group(1)) + "." + place.tensor, place.expert));
  }

  private Optional<Place> inLayer(String name) {
    Matcher expert = EXPERT.matcher(name);
    if (expert.matches()) {
      return Optional.ofNullable(IN_EXPERT.get(expert.group(2)))
          .map(tensor -> new Place(tensor, Integer.parseInt(expert.group(1))));
    }
    String tensor =
        switch (name) {
          case "post_attention_layernorm" ->
              architecture.equals(GEMMA_3) ? "post_attention_norm" : IN_LAYER.get(name);
          case "pre_feedforward_layernorm", "post_feedforward_layernorm" ->
              architecture.equals(GEMMA_3) ? IN_LAYER.get(name) : null;
          // Gates first, then ups, under the name of the latter.
          case "mlp.gate_up_proj" -> architecture.equals(PHI_3) ? "ffn_up" : null;
          default -> IN_LAYER.get(name);
        };
    return Optional.ofNullable(tensor).map(found -> new Place(found, Place.ALL));
  }
}
