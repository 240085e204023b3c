package io.yuntai.engine.tokenizer;

import static io.yuntai.engine.tokenizer.TinyVocabulary.CONTROL;
import static io.yuntai.engine.tokenizer.Tokenizer.SpecialTokens.PARSE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A megabyte of one thing must neither hang nor overflow the stack. */
class LongTextsTest {
  private static final int CHARS = 1 << 20;
  private static final long SEED = Long.getLong("yuntai.seed", 20_261_122L);

  private static List<String> texts() {
    Random random = new Random(SEED);
    StringBuilder chinese = new StringBuilder();
    for (int i = 0; i < CHARS / 3; i++) {
      chinese.append((char) (0x4E00 + random.nextInt(0x51A6)));
    }
    return List.of(
        " ".repeat(CHARS) + "x",
        " ".repeat(CHARS) + "中",
        "a".repeat(CHARS),
        chinese.toString(),
        " \n".repeat(CHARS / 2) + "x",
        "<|x|".repeat(CHARS / 4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "smollm", "qwen2", "llama-bpe", "deepseek-llm", "deepseek-v3"})
  void splittingIsLinear(String rule) {
    for (String text : texts()) {
      IdList ends = SplitRule.named(rule).split(text, 0, text.length());
      assertThat(ends.get(ends.size() - 1)).isEqualTo(text.length());
    }
  }

  @Test
  void byteLevelBpeIsLinear() {
    Tokenizer tokenizer =
        TinyVocabulary.bytes("qwen2")
            .mergesWithTokens("Ġ Ġ", "ĠĠ ĠĠ", "a a", "aa aa", "aaaa aaaa", "ä ¸")
            .token("<|x|>", CONTROL)
            .tokenizer();
    for (String text : texts()) {
      assertThat(tokenizer.decode(tokenizer.encode(text, PARSE), true)).isEqualTo(text);
    }
  }

  @Test
  void sentencePieceIsLinear() {
    Tokenizer tokenizer =
        TinyVocabulary.sentencePiece()
            .token("\u2581")
            .token("\u2581\u2581")
            .token("aa")
            .token("aaaa")
            .token("a\u2581")
            .addsSpacePrefix(false)
            .tokenizer();
    for (String text : texts()) {
      assertThat(tokenizer.decode(tokenizer.encode(text, PARSE), true)).isEqualTo(text);
    }
  }

  @Test
  void wordPieceIsLinear() {
    Tokenizer tokenizer = TinyVocabulary.wordPiece("▁a", "a", "aaaa").tokenizer();
    for (String text : texts()) {
      assertThat(tokenizer.encode(text, PARSE)).hasSizeLessThanOrEqualTo(text.length());
    }
  }
}
