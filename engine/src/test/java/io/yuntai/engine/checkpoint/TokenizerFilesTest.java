package io.yuntai.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.Metadata;
import io.yuntai.engine.tokenizer.Tokenizer;
import io.yuntai.engine.tokenizer.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerFilesTest {
  private static final int ROWS = 120;

  @TempDir Path folder;

  @Test
  void aByteLevelVocabularyKeepsItsMergesAndItsRule() throws IOException {
    PublishedTokenizers.byteLevel(folder, PublishedTokenizers.QWEN_2, false);
    Metadata metadata = describe(ROWS);

    assertThat(metadata.string("tokenizer.ggml.model")).isEqualTo("gpt2");
    assertThat(metadata.string("tokenizer.ggml.pre")).isEqualTo("qwen2");
    assertThat(metadata.strings("tokenizer.ggml.tokens")).hasSize(ROWS).contains("[PAD119]");
    assertThat(metadata.strings("tokenizer.ggml.merges")).containsExactly("a b", "\u0120 ab");
    int[] types = metadata.ints("tokenizer.ggml.token_type");
    assertThat(types[100]).isEqualTo(3);
    assertThat(types[101]).isEqualTo(4);
    assertThat(types[119]).isEqualTo(5);
    assertThat(metadata.intValue("tokenizer.ggml.eos_token_id")).isEqualTo(100);
    assertThat(metadata.bool("tokenizer.ggml.add_bos_token")).isFalse();
    assertThat(metadata.string("tokenizer.chat_template")).contains("messages[0]");
    assertThat(encode(metadata, "xab ab<think>")).containsExactly(87, 95, 96, 101);
  }

  @Test
  void aRuleIsKnownByItsPatternAlone() throws IOException {
    String llama3 = PublishedTokenizers.QWEN_2.replace("|\\p{N}|", "|\\p{N}{1,3}|");
    PublishedTokenizers.byteLevel(folder, llama3, true);
    assertThat(describe(ROWS).string("tokenizer.ggml.pre")).isEqualTo("llama-bpe");

    PublishedTokenizers.byteLevel(folder, "\\w+|\\W", false);
    assertThatThrownBy(() -> describe(ROWS))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("\\w+|\\W")
        .hasMessageContaining("does not know");
  }

  @Test
  void scoresFollowTheOrderOfMerges() throws IOException {
    PublishedTokenizers.sentencePiece(folder);
    Metadata metadata = describe(ROWS);

    assertThat(metadata.string("tokenizer.ggml.model")).isEqualTo("llama");
    assertThat(metadata.bool("tokenizer.ggml.add_bos_token")).isTrue();
    assertThat(metadata.bool("tokenizer.ggml.add_space_prefix")).isTrue();
    int[] types = metadata.ints("tokenizer.ggml.token_type");
    assertThat(new int[] {types[0], types[1], types[3]}).containsExactly(2, 3, 6);
    // "bc" comes before "ab", and "abc" is a word of its own.
    assertThat(encode(metadata, "abc")).containsExactly(110);
    assertThat(encode(metadata, "cbcb")).containsExactly(103, 106, 108, 105);
  }

  @Test
  void severalEndsAreKept() throws IOException {
    PublishedTokenizers.byteLevel(folder, PublishedTokenizers.QWEN_2, false);
    Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\":[100,101,7,9]}");
    Metadata metadata = describe(ROWS);

    assertThat(metadata.intValue("tokenizer.ggml.eos_token_id")).isEqualTo(100);
    assertThat(metadata.intValue("tokenizer.ggml.eot_token_id")).isEqualTo(101);
    assertThat(metadata.intValue("tokenizer.ggml.eom_token_id")).isEqualTo(7);
  }

  @Test
  void aTemplateInAFileOfItsOwnComesFirst() throws IOException {
    PublishedTokenizers.byteLevel(folder, PublishedTokenizers.QWEN_2, false);
    Files.writeString(folder.resolve("chat_template.jinja"), "own");
    assertThat(describe(ROWS).string("tokenizer.chat_template")).isEqualTo("own");

    Files.delete(folder.resolve("chat_template.jinja"));
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"chat_template\":[{\"name\":\"tool_use\",\"template\":\"t\"},{\"name\":\"default\",\"template\":\"d\"}]}");
    assertThat(describe(ROWS).string("tokenizer.chat_template")).isEqualTo("d");
  }

  @Test
  void whatDoesNotFitIsRefusedByName() throws IOException {
    PublishedTokenizers.byteLevel(folder, PublishedTokenizers.QWEN_2, false);
    refused(101, "'<think>' has the id 101");
    replace("\"BPE\"", "\"Unigram\"");
    refused(ROWS, "Unigram");
    PublishedTokenizers.byteLevel(folder, PublishedTokenizers.QWEN_2, false);
    replace("\"a b\"", "\"ab\"");
    refused(ROWS, "merge");
    PublishedTokenizers.sentencePiece(folder);
    replace("\"Prepend\"", "\"Strip\"");
    refused(ROWS, "Strip");
    Files.delete(folder.resolve("tokenizer.json"));
    Files.writeString(folder.resolve("tokenizer.model"), "");
    refused(ROWS, "tokenizer.model but no tokenizer.json");
  }

  private void refused(int rows, String message) {
    assertThatThrownBy(() -> describe(rows))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }

  private void replace(String text, String by) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    String intact = Files.readString(file);
    assertThat(intact).contains(text);
    Files.writeString(file, intact.replace(text, by));
  }

  private Metadata describe(int rows) throws IOException {
    Description description = new Description("llama");
    TokenizerFiles.describe(folder, rows, description);
    return new Metadata("test", description.metadata());
  }

  private static int[] encode(Metadata metadata, String text) {
    return Tokenizer.of(Vocabulary.of(metadata)).encode(text, Tokenizer.SpecialTokens.AS_TEXT);
  }
}
