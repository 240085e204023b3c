package io.yuntai.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.tokenizer.Tokenizer.SpecialTokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Published vocabularies against ids from llama.cpp. Needs the reference vectors in the folder
 * {@code yuntai.vectors} and the real models in {@code yuntai.models}.
 */
@Tag("vectors")
class TokenizerVectorsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @ParameterizedTest
  @ValueSource(strings = {"bert-bge", "deepseek-llm", "llama-bpe", "llama-spm"})
  void givesTheReferenceIdsOfAVocabularyFile(String name) throws IOException {
    check(name, vectors("tokenizers", name + ".gguf"));
  }

  @Test
  void givesTheReferenceIdsOfQwen() throws IOException {
    check("qwen2", model("qwen2.5-coder-0.5b.gguf"));
  }

  @Test
  void givesTheReferenceIdsOfSmolLm() throws IOException {
    check("smollm2-135m", model("smollm2-135m.gguf"));
  }

  @Test
  void givesTheReferenceIdsOfGemma() throws IOException {
    check("gemma3-270m", model("gemma3-270m.gguf"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2.5-coder-0.5b", "smollm2-135m"})
  void givesTheReferenceIdsOfWholeTextsAndRenderedChats(String name) throws IOException {
    Tokenizer tokenizer = load(model(name + ".gguf"));
    JsonNode root = JSON.readTree(vectors("real", name + ".json").toFile());
    for (JsonNode text : root.get("texts")) {
      assertIds(tokenizer, text.get("text"), text.get("tokens"), SpecialTokens.AS_TEXT);
    }
    for (JsonNode chat : root.get("chats")) {
      assertIds(tokenizer, chat.get("rendered"), chat.get("tokens"), SpecialTokens.PARSE);
    }
  }

  private static void assertIds(
      Tokenizer tokenizer, JsonNode text, JsonNode ids, SpecialTokens specialTokens) {
    int[] actual = tokenizer.encode(text.asString(), specialTokens);
    assertThat(actual).isEqualTo(ids(ids));
    assertThat(tokenizer.decode(actual, true)).isEqualTo(text.asString());
  }

  private static void check(String name, Path file) throws IOException {
    Tokenizer tokenizer = load(file);
    List<JsonNode> cases = new ArrayList<>();
    JSON.readTree(vectors("tokenizers", name + ".json").toFile()).get("cases").forEach(cases::add);
    assertThat(cases).hasSizeGreaterThan(300);
    SoftAssertions softly = new SoftAssertions();
    for (JsonNode expected : cases) {
      String text = expected.get("text").asString();
      softly
          .assertThat(tokenizer.encode(text, SpecialTokens.AS_TEXT))
          .as("%s as text", text)
          .isEqualTo(ids(expected.get("ids")));
      softly
          .assertThat(tokenizer.encode(text, SpecialTokens.PARSE))
          .as("%s with special tokens", text)
          .isEqualTo(ids(expected.has("special") ? expected.get("special") : expected.get("ids")));
    }
    softly.assertAll();
  }

  private static int[] ids(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  private static Tokenizer load(Path file) throws IOException {
    try (GgufFile gguf = GgufFile.open(file)) {
      return Tokenizer.of(Vocabulary.of(gguf.metadata()));
    }
  }

  private static Path vectors(String folder, String file) {
    return Path.of(property("yuntai.vectors"), folder, file);
  }

  private static Path model(String file) {
    return Path.of(property("yuntai.models"), file);
  }

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), () -> "set -D" + name + "=DIR");
  }
}
