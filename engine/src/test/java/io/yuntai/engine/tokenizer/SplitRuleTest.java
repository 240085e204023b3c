package io.yuntai.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.ModelFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitRuleTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20_261_122L);

  @ParameterizedTest(name = "{0} cuts {1}")
  @CsvSource(
      delimiter = ';',
      ignoreLeadingAndTrailingWhitespace = false,
      textBlock =
          """
          gpt-2;We've 12 cats  and   DON'T;We|'ve| 12| cats| | and|  | DON|'|T
          gpt-2;a!? b...;a|!?| b|...
          smollm;at 1234!;at| |1|2|3|4|!
          smollm; 7up; |7|up
          qwen2;We'VE 123!;We|'VE| |1|2|3|!
          qwen2;$dollar (x) a.b;$dollar| (|x|)| a|.b
          qwen2;a   b;a|  | b
          llama-bpe;12345 x;123|45| x
          llama3;1234;123|4
          llama-v3;1234;123|4
          deepseek-r1-qwen;12;1|2
          deepseek-llm;漢字かな한글 x;漢字かな한글| x
          deepseek-v3;12345 x+y 漢字!;123|45| x|+y| |漢字|!
          deepseek-v3;.abc ,,  z;.abc| ,,| | z
          """)
  void cutsAsItsPatternsSay(String rule, String text, String pieces) {
    assertThat(String.join("|", pieces(rule, text))).isEqualTo(pieces);
  }

  @Test
  void keepsLineBreaksWithTheSpacesBeforeThem() {
    assertThat(pieces("qwen2", "a \n\n  b!\r\nc"))
        .containsExactly("a", " \n\n", " ", " b", "!\r\n", "c");
    assertThat(pieces("gpt-2", "a \n\n  b")).containsExactly("a", " \n\n ", " b");
    assertThat(pieces("deepseek-llm", "a \n\n b")).containsExactly("a", " ", "\n", "\n", " b");
  }

  @Test
  void keepsSpacesAtTheEndTogether() {
    assertThat(pieces("gpt-2", "x  ")).containsExactly("x", "  ");
    assertThat(pieces("deepseek-llm", "ab 12, cd  "))
        .containsExactly("ab", " ", "12", ",", " cd", "  ");
  }

  @Test
  void knowsUnicodeLettersNumbersAndSpaces() {
    assertThat(pieces("qwen2", "café Ω٣½")).containsExactly("café", " Ω", "٣", "½");
    assertThat(pieces("qwen2", "a\u00A0\u3000b")).containsExactly("a", "\u00A0", "\u3000b");
    assertThat(pieces("gpt-2", "𝔘𝔫 😀x")).containsExactly("𝔘𝔫", " 😀", "x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "smollm", "qwen2", "llama-bpe", "deepseek-llm", "deepseek-v3"})
  void losesNothingAndCutsNoCharacterInTwo(String rule) {
    RandomTexts texts = new RandomTexts(new Random(SEED));
    for (int i = 0; i < 2_000; i++) {
      String text = texts.next();
      List<String> pieces = pieces(rule, text);
      assertThat(String.join("", pieces)).as("seed %d, case %d", SEED, i).isEqualTo(text);
      assertThat(pieces)
          .as("seed %d, case %d", SEED, i)
          .noneMatch(String::isEmpty)
          .noneMatch(piece -> Character.isLowSurrogate(piece.charAt(0)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "gpt2", "tekken", "qwen2 ", ""})
  void refusesARuleThatItDoesNotKnow(String rule) {
    assertThatThrownBy(() -> SplitRule.named(rule))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("\"" + rule + "\"")
        .hasMessageContaining("qwen2");
  }

  @Test
  void refusesAFileThatNamesNoRule() {
    assertThatThrownBy(() -> SplitRule.named(null))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("tokenizer.ggml.pre");
  }

  private static List<String> pieces(String rule, String text) {
    List<String> pieces = new ArrayList<>();
    IdList ends = SplitRule.named(rule).split(text, 0, text.length());
    int at = 0;
    for (int i = 0; i < ends.size() && at < text.length(); i++) {
      pieces.add(text.substring(at, ends.get(i)));
      at = ends.get(i);
    }
    return pieces;
  }
}
