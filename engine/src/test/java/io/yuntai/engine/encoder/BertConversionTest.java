package io.yuntai.engine.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.EncoderTexts;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedEncoder;
import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.ModelKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From files as authors publish them to a loaded model. */
class BertConversionTest {
  private static final long SEED = 7;
  private static final String CONFIG =
      """
      {"model_type":"bert","hidden_act":"gelu","hidden_size":64,"intermediate_size":96,
       "num_attention_heads":4,"num_hidden_layers":2,"max_position_embeddings":80,
       "layer_norm_eps":1e-12,"position_embedding_type":"absolute","vocab_size":50}\
      """;

  @TempDir Path folder;
  private final TinyBert model = new TinyBert(SEED);

  @BeforeEach
  void publish() throws IOException {
    write("config.json", CONFIG);
    write("tokenizer_config.json", "{\"do_lower_case\":true}");
    write("modules.json", "[{\"type\":\"sentence_transformers.models.Normalize\"}]");
    Files.createDirectories(folder.resolve("1_Pooling"));
    write(
        "1_Pooling/config.json",
        "{\"pooling_mode_mean_tokens\":true,\"pooling_mode_cls_token\":false}");
    List<String> words = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
    words.addAll(List.of("river", "##s", "flow"));
    while (words.size() < TinyBert.VOCABULARY) {
      words.add("word" + words.size());
    }
    write("vocab.txt", String.join("\n", words) + "\n");
    weights("");
  }

  @Test
  void theConvertedModelGivesThePlainModelsVectors() throws IOException {
    try (var encoder = convertAndLoad(ModelKind.EMBEDDING).encoder()) {
      assertThat(encoder.output())
          .isEqualTo(new EncoderOutput.Vector(TinyBert.WIDTH, TinyBert.WIDTH, true));
    }
    LoadedEncoder loaded = convertAndLoad(ModelKind.EMBEDDING);
    try (Encoder encoder = loaded.encoder()) {
      EncoderInput input = loaded.texts().single("Rivers flow", 100);
      assertThat(input.tokens()).containsExactly(2, 5, 6, 7, 3);
      float[][] row = new float[1][TinyBert.WIDTH];
      encoder.encode(List.of(input), row);
      double[] expected = new PlainBert(model).mean(input);
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) row[0][i])
            .isCloseTo(expected[i], org.assertj.core.api.Assertions.within(2e-5));
      }
    }
  }

  @Test
  void theSameFilesGiveTheSameBytes() throws IOException {
    BertConversion.convert(folder, "tiny", folder.resolve("a.gguf"));
    BertConversion.convert(folder, "tiny", folder.resolve("b.gguf"));
    assertThat(folder.resolve("a.gguf")).hasSameBinaryContentAs(folder.resolve("b.gguf"));
  }

  @Test
  void aClassifierOfPairsBecomesARerankModel() throws IOException {
    model.ranking();
    weights("bert.");
    LoadedEncoder loaded = convertAndLoad(ModelKind.RERANK);
    try (Encoder encoder = loaded.encoder()) {
      EncoderTexts texts = loaded.texts();
      EncoderInput pair = texts.pair("river", "rivers flow", "", 100);
      assertThat(pair.tokens()).containsExactly(2, 5, 3, 5, 6, 7, 3);
      assertThat(pair.secondSegment()).isEqualTo(3);
      float[][] row = new float[1][1];
      encoder.encode(List.of(pair), row);
      assertThat((double) row[0][0])
          .isCloseTo(
              new PlainBert(model).score(pair), org.assertj.core.api.Assertions.within(1e-4));
    }
  }

  @Test
  void textsAreCutToWhatIsAskedFor() throws IOException {
    LoadedEncoder loaded = convertAndLoad(ModelKind.EMBEDDING);
    try (Encoder _ = loaded.encoder()) {
      EncoderTexts texts = loaded.texts();
      assertThat(texts.single("rivers flow flow", 4).tokens()).containsExactly(2, 5, 6, 3);
      assertThat(texts.pair("river flow", "flow rivers", "", 7).tokens())
          .containsExactly(2, 5, 7, 3, 7, 5, 3);
      assertThat(texts.single("", 100).tokens()).containsExactly(2, 3);
      assertThat(texts.single("[SEP]", 100).tokens()).containsExactly(2, 1, 1, 1, 3);
    }
  }

  @Test
  void refusesWhatItDoesNotConvertByName() throws IOException {
    write("config.json", CONFIG.replace("\"bert\"", "\"roberta\""));
    refused("roberta");
    write("config.json", CONFIG.replace("\"absolute\"", "\"relative_key\""));
    refused("relative_key");
    write("config.json", CONFIG.replace("\"hidden_size\":64", "\"hidden_size\":0"));
    refused("hidden_size");
    write("config.json", "{");
    refused("config.json is damaged");
    write("config.json", CONFIG);
    write("tokenizer_config.json", "{\"do_lower_case\":false}");
    refused("upper from lower case");
    write("tokenizer_config.json", "{}");
    write("1_Pooling/config.json", "{\"pooling_mode_max_tokens\":true}");
    refused("pooling_mode_max_tokens");
    write("1_Pooling/config.json", "{\"pooling_mode_cls_token\":true}");
    Files.delete(folder.resolve("vocab.txt"));
    refused("vocab.txt");
    Files.delete(folder.resolve("model.safetensors"));
    refused("model.safetensors");
    Files.delete(folder.resolve("config.json"));
    refused("config.json");
  }

  private void refused(String why) {
    assertThatThrownBy(() -> BertConversion.convert(folder, "tiny", folder.resolve("x.gguf")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(why);
  }

  private LoadedEncoder convertAndLoad(ModelKind kind) throws IOException {
    Path gguf = folder.resolve("tiny.gguf");
    BertConversion.convert(folder, "tiny", gguf);
    assertThat(ModelKind.of(gguf)).isEqualTo(kind);
    LoadedEncoder loaded = LoadedEncoder.open(gguf, LoadOptions.DEFAULTS);
    assertThat(loaded.kind()).isEqualTo(kind);
    assertThat(loaded.name()).isEqualTo("tiny");
    return loaded;
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }

  /** The tiny model's tensors under their published names. */
  private void weights(String prefix) throws IOException {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    model.values.forEach((name, numbers) -> {
      String published = published(name, prefix);
      List<Long> shape = new ArrayList<>(model.shape(name));
      Collections.reverse(shape);
      tensors.put(published, numbers);
      shapes.put(published, shape);
    });
    StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
    long offset = 0;
    for (Map.Entry<String, float[]> tensor : tensors.entrySet()) {
      long end = offset + 4L * tensor.getValue().length;
      header.append(
          ",\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
              .formatted(tensor.getKey(), shapes.get(tensor.getKey()), offset, end));
      offset = end;
    }
    byte[] json = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + (int) offset).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    tensors
        .values()
        .forEach(numbers -> {
          for (float number : numbers) {
            bytes.putFloat(number);
          }
        });
    Files.write(folder.resolve("model.safetensors"), bytes.array());
  }

  private static String published(String name, String prefix) {
    String renamed =
        name.replace("token_embd_norm", "embeddings.LayerNorm")
            .replace("token_embd", "embeddings.word_embeddings")
            .replace("position_embd", "embeddings.position_embeddings")
            .replace("token_types", "embeddings.token_type_embeddings")
            .replace("blk.", "encoder.layer.")
            .replace("attn_q", "attention.self.query")
            .replace("attn_k", "attention.self.key")
            .replace("attn_v", "attention.self.value")
            .replace("attn_output_norm", "attention.output.LayerNorm")
            .replace("attn_output", "attention.output.dense")
            .replace("ffn_up", "intermediate.dense")
            .replace("ffn_down", "output.dense")
            .replace("layer_output_norm", "output.LayerNorm");
    if (renamed.startsWith("cls.output")) {
      return renamed.replace("cls.output", "classifier");
    }
    return prefix + renamed.replaceFirst("^cls", "pooler.dense");
  }
}
