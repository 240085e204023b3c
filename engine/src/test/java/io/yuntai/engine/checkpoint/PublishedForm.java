package io.yuntai.engine.checkpoint;

import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.Metadata;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.quantize.SourceTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a tiny GGUF model as its authors would publish it: the inverse of the conversion, written
 * apart from it.
 */
final class PublishedForm {
  private static final JsonMapper JSON = JsonMapper.shared();

  private static final Map<String, String> TYPES =
      Map.of(
          "llama", "llama",
          "qwen2", "qwen2",
          "qwen3", "qwen3",
          "qwen2moe", "qwen2_moe",
          "qwen3moe", "qwen3_moe",
          "gemma3", "gemma3_text");

  private static final Map<String, String> MODULES =
      Map.ofEntries(
          Map.entry("attn_norm", "input_layernorm"),
          Map.entry("ffn_norm", "post_attention_layernorm"),
          Map.entry("attn_q", "self_attn.q_proj"),
          Map.entry("attn_k", "self_attn.k_proj"),
          Map.entry("attn_v", "self_attn.v_proj"),
          Map.entry("attn_output", "self_attn.o_proj"),
          Map.entry("attn_q_norm", "self_attn.q_norm"),
          Map.entry("attn_k_norm", "self_attn.k_norm"),
          Map.entry("attn_q_a", "self_attn.q_a_proj"),
          Map.entry("attn_q_a_norm", "self_attn.q_a_layernorm"),
          Map.entry("attn_q_b", "self_attn.q_b_proj"),
          Map.entry("attn_kv_a_mqa", "self_attn.kv_a_proj_with_mqa"),
          Map.entry("attn_kv_a_norm", "self_attn.kv_a_layernorm"),
          Map.entry("ffn_gate", "mlp.gate_proj"),
          Map.entry("ffn_up", "mlp.up_proj"),
          Map.entry("ffn_down", "mlp.down_proj"),
          Map.entry("ffn_gate_inp", "mlp.gate"),
          Map.entry("ffn_gate_inp_shexp", "mlp.shared_expert_gate"),
          Map.entry("post_ffw_norm", "post_feedforward_layernorm"));

  private final GgufFile file;
  private final Metadata metadata;
  private final String architecture;
  private final Map<String, Published> tensors = new LinkedHashMap<>();

  /** Shape as published, slowest dimension first. */
  record Published(List<Long> shape, float[] values) {}

  private PublishedForm(GgufFile file) {
    this.file = file;
    this.metadata = file.metadata();
    this.architecture = metadata.string("general.architecture");
  }

  /** Writes the files; weights in so many of them. */
  static void write(GgufFile file, Path folder, int shards) throws IOException {
    PublishedForm form = new PublishedForm(file);
    JSON.writeValue(folder.resolve("config.json").toFile(), form.config());
    file.tensors().forEach(form::tensor);
    weights(form.tensors, folder, shards);
  }

  private Map<String, Object> config() {
    Map<String, Object> config = new LinkedHashMap<>();
    boolean third = gating() == 2;
    config.put(
        "model_type", TYPES.getOrDefault(architecture, third ? "deepseek_v3" : "deepseek_v2"));
    config.put("vocab_size", number("vocab_size"));
    config.put("max_position_embeddings", number("context_length"));
    config.put("hidden_size", number("embedding_length"));
    config.put("num_hidden_layers", number("block_count"));
    config.put("intermediate_size", number("feed_forward_length"));
    config.put("num_attention_heads", number("attention.head_count"));
    config.put("num_key_value_heads", number("attention.head_count_kv"));
    config.put("rms_norm_eps", real("attention.layer_norm_rms_epsilon"));
    config.put("rope_theta", real("rope.freq_base"));
    config.put("tie_word_embeddings", file.findTensor("output.weight").isEmpty());
    if (architecture.equals("deepseek2")) {
      latent(config, third);
    } else if (has("attention.key_length")) {
      config.put("head_dim", number("attention.key_length"));
    }
    if (has("expert_count") && !architecture.equals("deepseek2")) {
      config.put("num_experts", number("expert_count"));
      config.put("num_experts_per_tok", number("expert_used_count"));
      config.put("moe_intermediate_size", number("expert_feed_forward_length"));
      config.put("norm_topk_prob", architecture.equals("qwen3moe"));
    }
    if (architecture.equals("qwen2moe")) {
      config.put("shared_expert_intermediate_size", number("expert_shared_feed_forward_length"));
    }
    if (architecture.equals("gemma3")) {
      config.put("sliding_window", number("attention.sliding_window"));
      config.put("query_pre_attn_scalar", number("attention.key_length"));
    }
    return config;
  }

  private void latent(Map<String, Object> config, boolean third) {
    long rotated = number("rope.dimension_count");
    config.put("num_key_value_heads", number("attention.head_count"));
    config.put("kv_lora_rank", number("attention.kv_lora_rank"));
    config.put("q_lora_rank", number("attention.q_lora_rank"));
    config.put("qk_rope_head_dim", rotated);
    config.put("qk_nope_head_dim", number("attention.key_length_mla") - rotated);
    config.put("v_head_dim", number("attention.value_length_mla"));
    config.put("n_routed_experts", number("expert_count"));
    config.put("num_experts_per_tok", number("expert_used_count"));
    config.put("n_shared_experts", number("expert_shared_count"));
    config.put("moe_intermediate_size", number("expert_feed_forward_length"));
    config.put("first_k_dense_replace", number("leading_dense_block_count"));
    config.put("routed_scaling_factor", real("expert_weights_scale"));
    config.put("norm_topk_prob", third);
    config.put("scoring_func", third ? "sigmoid" : "softmax");
    config.put("topk_method", third ? "noaux_tc" : "greedy");
    if (third) {
      config.put("n_group", number("expert_group_count"));
      config.put("topk_group", number("expert_group_used_count"));
      Map<String, Object> scaling = new LinkedHashMap<>();
      scaling.put("type", "yarn");
      scaling.put("factor", real("rope.scaling.factor"));
      scaling.put(
          "original_max_position_embeddings", number("rope.scaling.original_context_length"));
      scaling.put("mscale", 1.0);
      scaling.put("mscale_all_dim", 1.0);
      config.put("rope_scaling", scaling);
    }
  }

  private int gating() {
    return has("expert_gating_func") ? (int) number("expert_gating_func") : 0;
  }

  private boolean has(String key) {
    return metadata.find(architecture + "." + key).isPresent();
  }

  private long number(String key) {
    return metadata.longValue(architecture + "." + key);
  }

  private float real(String key) {
    return metadata.floatValue(architecture + "." + key);
  }

  private void tensor(TensorInfo tensor) {
    float[] values = values(tensor);
    switch (tensor.name()) {
      case "token_embd.weight" -> put("model.embed_tokens.weight", tensor, values);
      case "output_norm.weight" -> put("model.norm.weight", tensor, norm(values));
      case "output.weight" -> put("lm_head.weight", tensor, values);
      case "rope_freqs.weight" -> {}
      default -> inLayer(tensor, values);
    }
  }

  private void inLayer(TensorInfo tensor, float[] values) {
    String[] parts = tensor.name().split("\\.");
    String layer = "model.layers." + parts[1] + ".";
    String name = parts[2];
    String suffix = "." + parts[3];
    if (name.equals("exp_probs_b")) {
      put(layer + "mlp.gate.e_score_correction_bias", tensor, values);
    } else if (name.endsWith("_exps")) {
      experts(layer, name, tensor, values);
    } else if (name.endsWith("_shexp") && !name.equals("ffn_gate_inp_shexp")) {
      String shared = architecture.equals("deepseek2") ? "shared_experts." : "shared_expert.";
      put(layer + "mlp." + shared + projection(name) + suffix, tensor, values);
    } else if (name.equals("ffn_gate_inp_shexp")) {
      tensors.put(
          layer + MODULES.get(name) + suffix, new Published(List.of(1L, tensor.columns()), values));
    } else if (name.equals("attn_k_b")) {
      joinLatent(layer, parts[1], tensor);
    } else if (!name.equals("attn_v_b")) {
      boolean isVector = tensor.shape().size() == 1;
      boolean rotated =
          architecture.equals("llama") && (name.equals("attn_q") || name.equals("attn_k"));
      put(
          layer + module(name) + suffix,
          tensor,
          rotated ? halves(tensor, values) : isVector ? norm(values) : values);
    }
  }

  private String module(String name) {
    if (architecture.equals("gemma3")) {
      if (name.equals("post_attention_norm")) {
        return "post_attention_layernorm";
      }
      if (name.equals("ffn_norm")) {
        return "pre_feedforward_layernorm";
      }
    }
    return Objects.requireNonNull(MODULES.get(name), name);
  }

  private static String projection(String name) {
    return name.split("_")[1] + "_proj";
  }

  private void experts(String layer, String name, TensorInfo tensor, float[] values) {
    long columns = tensor.columns();
    long rows = tensor.shape().get(1);
    int size = (int) (columns * rows);
    for (int e = 0; e < tensor.shape().get(2); e++) {
      tensors.put(
          layer + "mlp.experts." + e + "." + projection(name) + ".weight",
          new Published(
              List.of(rows, columns),
              java.util.Arrays.copyOfRange(values, e * size, (e + 1) * size)));
    }
  }

  /** Heads of keys, transposed, and heads of values, one after the other. */
  private void joinLatent(String layer, String number, TensorInfo keys) {
    TensorInfo valueTensor = file.tensor("blk." + number + ".attn_v_b.weight");
    float[] k = values(keys);
    float[] v = values(valueTensor);
    int plain = (int) keys.columns();
    int rank = keys.shape().get(1).intValue();
    int heads = keys.shape().get(2).intValue();
    int length = valueTensor.shape().get(1).intValue();
    float[] joined = new float[heads * (plain + length) * rank];
    for (int h = 0; h < heads; h++) {
      int first = h * (plain + length) * rank;
      for (int c = 0; c < rank; c++) {
        for (int j = 0; j < plain; j++) {
          joined[first + j * rank + c] = k[(h * rank + c) * plain + j];
        }
      }
      System.arraycopy(v, h * length * rank, joined, first + plain * rank, length * rank);
    }
    tensors.put(
        layer + "self_attn.kv_b_proj.weight",
        new Published(List.of((long) heads * (plain + length), (long) rank), joined));
  }

  /** Neighbours 2j and 2j + 1 of a head, moved to j and j + half. */
  private float[] halves(TensorInfo tensor, float[] values) {
    int columns = (int) tensor.columns();
    int length = (int) (number("embedding_length") / number("attention.head_count"));
    float[] moved = new float[values.length];
    for (int row = 0; row < tensor.rows(); row++) {
      int inHead = row % length;
      int target = row - inHead + (inHead % 2 == 0 ? 0 : length / 2) + inHead / 2;
      System.arraycopy(values, row * columns, moved, target * columns, columns);
    }
    return moved;
  }

  /** Exact for numbers from a half to two. */
  private float[] norm(float[] values) {
    if (!architecture.equals("gemma3")) {
      return values;
    }
    float[] shifted = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      shifted[i] = values[i] - 1;
    }
    return shifted;
  }

  private void put(String name, TensorInfo tensor, float[] values) {
    tensors.put(name, new Published(tensor.shape().reversed(), values));
  }

  static float[] values(TensorInfo tensor) {
    float[] values = new float[Math.toIntExact(tensor.rows() * tensor.columns())];
    SourceTensor.rowsOf(tensor).read(0, (int) tensor.rows(), values);
    return values;
  }

  /** F32 weights in one file, or in several with an index. */
  static void weights(Map<String, Published> tensors, Path folder, int shards) throws IOException {
    if (shards == 1) {
      Files.write(folder.resolve("model.safetensors"), bytes(tensors, tensors.keySet()));
      return;
    }
    Map<String, String> map = new LinkedHashMap<>();
    List<String> names = new ArrayList<>(tensors.keySet());
    for (int shard = 0; shard < shards; shard++) {
      String file = "model-%05d-of-%05d.safetensors".formatted(shard + 1, shards);
      List<String> those =
          names.subList(names.size() * shard / shards, names.size() * (shard + 1) / shards);
      those.forEach(name -> map.put(name, file));
      Files.write(folder.resolve(file), bytes(tensors, Set.copyOf(those)));
    }
    JSON.writeValue(
        folder.resolve("model.safetensors.index.json").toFile(), Map.of("weight_map", map));
  }

  private static byte[] bytes(Map<String, Published> tensors, Set<String> names) {
    Map<String, Object> header = new LinkedHashMap<>();
    int offset = 0;
    for (Map.Entry<String, Published> tensor : tensors.entrySet()) {
      if (names.contains(tensor.getKey())) {
        int bytes = 4 * tensor.getValue().values().length;
        header.put(
            tensor.getKey(),
            Map.of(
                "dtype", "F32",
                "shape", tensor.getValue().shape(),
                "data_offsets", List.of(offset, offset + bytes)));
        offset += bytes;
      }
    }
    byte[] json = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
    ByteBuffer all = ByteBuffer.allocate(8 + json.length + offset).order(ByteOrder.LITTLE_ENDIAN);
    all.putLong(json.length).put(json);
    tensors.forEach((name, tensor) -> {
      if (names.contains(name)) {
        for (float value : tensor.values()) {
          all.putFloat(value);
        }
      }
    });
    return all.array();
  }
}
