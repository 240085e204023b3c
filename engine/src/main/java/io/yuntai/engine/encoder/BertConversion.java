package io.yuntai.engine.encoder;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.GgufWriter;
import io.yuntai.engine.gguf.MetadataValue;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.json.JsonException;
import io.yuntai.engine.json.JsonReader;
import io.yuntai.engine.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A BERT model as its authors publish it (Hugging Face's files, with those of sentence-transformers
 * where it is one for vectors) to one GGUF file. The same files always give the same bytes, and
 * weights keep their type and values.
 *
 * <p>Read are {@code config.json}, {@code model.safetensors}, {@code vocab.txt} and, where they are
 * there, {@code tokenizer_config.json}, {@code modules.json} and {@code 1_Pooling/config.json}.
 */
public final class BertConversion {
  private static final int MAX_JSON_BYTES = 1 << 20;
  private static final int MAX_VOCABULARY_BYTES = 64 << 20;
  private static final int NORMAL = 1;
  private static final int CONTROL = 3;
  private static final Set<String> SPECIAL = Set.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

  private final Path folder;
  private final Map<String, @Nullable Object> config;
  private final SafetensorsFile weights;
  private final GgufWriter writer = new GgufWriter();
  private final String prefix;

  private BertConversion(
      Path folder, Map<String, @Nullable Object> config, SafetensorsFile weights) {
    this.folder = folder;
    this.config = config;
    this.weights = weights;
    this.prefix = weights.find("bert.embeddings.word_embeddings.weight").isPresent() ? "bert." : "";
  }

  /**
   * Writes the GGUF file.
   *
   * @param folder holds the model's files
   * @param name what the model is called ({@code general.name})
   * @throws ModelFormatException when a file is missing or damaged, or the model is of another kind
   * @throws IOException when reading or writing fails
   */
  public static void convert(Path folder, String name, Path gguf) throws IOException {
    Map<String, @Nullable Object> config = json(folder, "config.json").orElseThrow(() -> missing());
    Path weights = folder.resolve("model.safetensors");
    if (!Files.isRegularFile(weights)) {
      throw new ModelFormatException("The model has no file model.safetensors.");
    }
    try (SafetensorsFile file = SafetensorsFile.open(weights)) {
      BertConversion conversion = new BertConversion(folder, config, file);
      conversion.metadata(name);
      conversion.vocabulary();
      conversion.tensors();
      conversion.writer.write(gguf);
    }
  }

  private static ModelFormatException missing() {
    return new ModelFormatException("The model has no file config.json.");
  }

  private void metadata(String name) throws IOException {
    require("bert", "model_type");
    require("gelu", "hidden_act");
    if (config.containsKey("position_embedding_type")) {
      require("absolute", "position_embedding_type");
    }
    text("general.architecture", EncoderConfig.BERT);
    text("general.name", name);
    number("block_count", whole(config, "num_hidden_layers"));
    number("context_length", whole(config, "max_position_embeddings"));
    number("embedding_length", whole(config, "hidden_size"));
    number("feed_forward_length", whole(config, "intermediate_size"));
    number("attention.head_count", whole(config, "num_attention_heads"));
    writer.put(
        EncoderConfig.BERT + ".attention.layer_norm_epsilon",
        MetadataValue.float32(
            config.get("layer_norm_eps") instanceof Number epsilon
                ? epsilon.floatValue()
                : 1e-12f));
    writer.put(EncoderConfig.BERT + ".attention.causal", MetadataValue.flag(false));
    number("pooling_type", pooling().id());
    writer.put(EncoderConfig.NORMALIZE_KEY, MetadataValue.flag(normalizes()));
  }

  private boolean ranks() {
    return weights.find("classifier.weight").isPresent();
  }

  private Pooling pooling() throws IOException {
    if (ranks()) {
      return Pooling.RANK;
    }
    Optional<Map<String, @Nullable Object>> pooling = json(folder, "1_Pooling/config.json");
    if (pooling.isEmpty()) {
      return Pooling.CLS;
    }
    List<String> modes =
        pooling.get().entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("pooling_mode_"))
            .filter(entry -> Boolean.TRUE.equals(entry.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    if (modes.equals(List.of("pooling_mode_mean_tokens"))) {
      return Pooling.MEAN;
    }
    if (modes.equals(List.of("pooling_mode_cls_token"))) {
      return Pooling.CLS;
    }
    throw new ModelFormatException(
        "The model pools by %s, which is not supported; the mean and the first token are."
            .formatted(modes));
  }

  /** Whether sentence-transformers would normalise: its list of modules says so. */
  private boolean normalizes() throws IOException {
    Path modules = folder.resolve("modules.json");
    return Files.isRegularFile(modules)
        && bounded(modules, MAX_JSON_BYTES).contains("sentence_transformers.models.Normalize");
  }

  private void vocabulary() throws IOException {
    Optional<Map<String, @Nullable Object>> settings = json(folder, "tokenizer_config.json");
    if (settings.isPresent() && Boolean.FALSE.equals(settings.get().get("do_lower_case"))) {
      throw new ModelFormatException(
          "The model tells upper from lower case, which is not supported for bert.");
    }
    Path file = folder.resolve("vocab.txt");
    if (!Files.isRegularFile(file)) {
      throw new ModelFormatException("The model has no file vocab.txt.");
    }
    List<String> words = bounded(file, MAX_VOCABULARY_BYTES).lines().toList();
    List<String> tokens = new ArrayList<>(words.size());
    int[] types = new int[words.size()];
    for (int id = 0; id < types.length; id++) {
      String word = words.get(id);
      boolean special = SPECIAL.contains(word);
      types[id] = special ? CONTROL : NORMAL;
      tokens.add(special ? word : word.startsWith("##") ? word.substring(2) : "\u2581" + word);
    }
    text("tokenizer.ggml.model", "bert");
    text("tokenizer.ggml.pre", "bert-original");
    writer.put("tokenizer.ggml.tokens", MetadataValue.strings(tokens));
    writer.put("tokenizer.ggml.token_type", MetadataValue.ints(types));
    writer.put(
        "tokenizer.ggml.token_type_count",
        MetadataValue.uint32(
            weights.tensor(prefix + "embeddings.token_type_embeddings.weight").rows()));
    special("unknown_token_id", words.indexOf("[UNK]"));
    special("padding_token_id", words.indexOf("[PAD]"));
    special("cls_token_id", words.indexOf("[CLS]"));
    // Spelled so in all files.
    special("seperator_token_id", words.indexOf("[SEP]"));
    special("mask_token_id", words.indexOf("[MASK]"));
  }

  private void special(String key, int id) {
    if (id >= 0) {
      writer.put("tokenizer.ggml." + key, MetadataValue.uint32(id));
    }
  }

  private void tensors() {
    tensor("token_embd.weight", prefix + "embeddings.word_embeddings.weight");
    tensor("position_embd.weight", prefix + "embeddings.position_embeddings.weight");
    tensor("token_types.weight", prefix + "embeddings.token_type_embeddings.weight");
    pair("token_embd_norm", prefix + "embeddings.LayerNorm");
    for (long i = 0; i < whole(config, "num_hidden_layers"); i++) {
      String to = "blk." + i + ".";
      String from = prefix + "encoder.layer." + i + ".";
      pair(to + "attn_q", from + "attention.self.query");
      pair(to + "attn_k", from + "attention.self.key");
      pair(to + "attn_v", from + "attention.self.value");
      pair(to + "attn_output", from + "attention.output.dense");
      pair(to + "attn_output_norm", from + "attention.output.LayerNorm");
      pair(to + "ffn_up", from + "intermediate.dense");
      pair(to + "ffn_down", from + "output.dense");
      pair(to + "layer_output_norm", from + "output.LayerNorm");
    }
    if (ranks()) {
      pair("cls", prefix + "pooler.dense");
      pair("cls.output", "classifier");
    }
  }

  private void pair(String to, String from) {
    tensor(to + ".weight", from + ".weight");
    tensor(to + ".bias", from + ".bias");
  }

  private void tensor(String to, String from) {
    TensorInfo tensor = weights.tensor(from);
    writer.tensor(to, tensor.type(), tensor.shape(), tensor.data());
  }

  private void text(String key, String value) {
    writer.put(key, MetadataValue.text(value));
  }

  private void number(String key, long value) {
    writer.put(EncoderConfig.BERT + "." + key, MetadataValue.uint32(value));
  }

  private void require(String expected, String key) {
    if (!expected.equals(config.get(key))) {
      throw new ModelFormatException(
          "The model's config.json has the %s \"%s\"; only \"%s\" can be converted."
              .formatted(key, config.get(key), expected));
    }
  }

  private static long whole(Map<String, @Nullable Object> config, String key) {
    if (config.get(key) instanceof Long number && number >= 1 && number <= 1 << 24) {
      return number;
    }
    throw new ModelFormatException(
        "The model's config.json has the %s %s, which is no number from 1 to %d."
            .formatted(key, config.get(key), 1 << 24));
  }

  private static Optional<Map<String, @Nullable Object>> json(Path folder, String name)
      throws IOException {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JsonReader.parseObject(bounded(file, MAX_JSON_BYTES)));
    } catch (JsonException e) {
      throw new ModelFormatException(
          "The model's %s is damaged: %s.".formatted(name, e.getMessage()), e);
    }
  }

  private static String bounded(Path file, int maxBytes) throws IOException {
    long bytes = Files.size(file);
    if (bytes > maxBytes) {
      throw new ModelFormatException(
          "The model's %s has %d bytes; at most %d are read."
              .formatted(file.getFileName(), bytes, maxBytes));
    }
    try {
      return Files.readString(file);
    } catch (MalformedInputException e) {
      throw new ModelFormatException(
          "The model's %s is not UTF-8.".formatted(file.getFileName()), e);
    }
  }
}
