package io.yuntai.engine.tokenizer;

import static io.yuntai.engine.tokenizer.TinyVocabulary.CONTROL;
import static io.yuntai.engine.tokenizer.Tokenizer.SpecialTokens.AS_TEXT;
import static io.yuntai.engine.tokenizer.Tokenizer.SpecialTokens.PARSE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.yuntai.engine.tokenizer.Vocabulary.SpecialIds;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WordPieceTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20_261_122L);

  private final TinyVocabulary tiny =
      TinyVocabulary.wordPiece(
          "▁play", "ing", "in", "g", "▁a", "▁,", "▁$", "▁中", "▁文", "▁uber", "▁x", "y", "▁γ", "▁€z");

  @Test
  void takesTheLongestTokensFromTheLeft() {
    assertThat(encode("playing")).containsExactly(id("▁play"), id("ing"));
    assertThat(encode("playing in")).containsExactly(id("▁play"), id("ing"), 0);
    assertThat(encode("playinging")).containsExactly(id("▁play"), id("ing"), id("ing"));
  }

  @Test
  void givesOneUnknownTokenForAWordThatItCannotSpell() {
    assertThat(encode("a playq a")).containsExactly(id("▁a"), 0, id("▁a"));
  }

  @Test
  void separatesWordsAtWhiteSpaceOfAnyKind() {
    assertThat(encode(" a\ta\r\na\u00A0a\u3000a\u2028a\u0085a ")).containsOnly(id("▁a")).hasSize(7);
  }

  @Test
  void makesPunctuationAndAsciiSymbolsWordsOfTheirOwn() {
    assertThat(encode("a,a$a")).containsExactly(id("▁a"), id("▁,"), id("▁a"), id("▁$"), id("▁a"));
    assertThat(encode("€z")).containsExactly(id("▁€z"));
  }

  @Test
  void makesEachHanCharacterAWord() {
    assertThat(encode("中文a")).containsExactly(id("▁中"), id("▁文"), id("▁a"));
  }

  @Test
  void lowersCaseAndDropsAccents() {
    assertThat(encode("ÜBER Über u\u0308ber")).containsOnly(id("▁uber")).hasSize(3);
    assertThat(encode("Γ")).containsExactly(id("▁γ"));
  }

  @Test
  void dropsControlAndFormatCharacters() {
    assertThat(encode("x\u0000\u200D\uFFFD\u0007y")).containsExactly(id("▁x"), id("y"));
    assertThat(encode("\u0000\u200D")).isEmpty();
  }

  @Test
  void cleansAsBertsAuthorsDoWhereTheFileSaysSo() {
    TinyVocabulary original =
        TinyVocabulary.wordPiece("▁\u1112", "\u1161", "\u11ab", "▁u", "▁中", "▁a", "\u093e")
            .splitRule(VocabularyTokenizer.ORIGINAL_BERT);
    Tokenizer tokenizer = original.tokenizer();

    // A Korean syllable is all of its letters.
    assertThat(tokenizer.encode("한", AS_TEXT)).containsExactly(1, 2, 3);
    assertThat(tokenizer.encode("ÜU\u0308 中ü", AS_TEXT)).containsExactly(0, 5, 4);
    assertThat(tokenizer.encode("Ü", AS_TEXT)).containsExactly(4);
    // A mark that takes space stays.
    assertThat(tokenizer.encode("a\u093e", AS_TEXT)).containsExactly(6, 7);
  }

  @Test
  void aWordOfMoreThanAHundredCharactersIsUnknownToBertsAuthors() {
    TinyVocabulary tiny = TinyVocabulary.wordPiece("▁γ", "γ");
    String longest = "γ".repeat(100);
    assertThat(tiny.tokenizer().encode(longest + "γ", AS_TEXT)).hasSize(101);

    Tokenizer original = tiny.splitRule(VocabularyTokenizer.ORIGINAL_BERT).tokenizer();
    assertThat(original.encode(longest, AS_TEXT)).hasSize(100);
    assertThat(original.encode(longest + "γ", AS_TEXT)).containsExactly(0);
  }

  @Test
  void putsItsFirstAndLastTokensAroundATextAndSaysSo() {
    Tokenizer tokenizer =
        TinyVocabulary.wordPiece("▁a")
            .token("[CLS]", CONTROL)
            .token("[SEP]", CONTROL)
            .special(new SpecialIds(-1, -1, -1, -1, 0, 2, 3))
            .tokenizer();

    assertThat(tokenizer.addsBeginOfSequence()).isTrue();
    assertThat(tokenizer.beginOfSequence()).isEqualTo(2);
    assertThat(tokenizer.addsEndOfSequence()).isTrue();
    assertThat(tokenizer.endOfSequence()).isEqualTo(3);
    assertThat(tokenizer.encode("[CLS]a[SEP]", PARSE)).containsExactly(2, 1, 3);
    assertThat(tokenizer.decode(new int[] {2, 1, 0, 3}, false)).isEqualTo(" a");
  }

  @Test
  void neverMakesAControlTokenFromText() {
    TinyVocabulary named = TinyVocabulary.wordPiece("▁a").token("▁b", CONTROL);

    assertThat(named.tokenizer().encode("b", AS_TEXT)).containsExactly(0);
  }

  @Test
  void takesAnyText() {
    Tokenizer tokenizer = tiny.tokenizer();
    RandomTexts texts = new RandomTexts(new Random(SEED));
    for (int i = 0; i < 2_000; i++) {
      String text = i % 2 == 0 ? texts.next() : texts.nextUnits();
      assertThatCode(() -> tokenizer.encode(text, AS_TEXT))
          .as("seed %d, case %d", SEED, i)
          .doesNotThrowAnyException();
    }
  }

  private int[] encode(String text) {
    return tiny.tokenizer().encode(text, AS_TEXT);
  }

  private int id(String spelling) {
    return tiny.id(spelling);
  }
}
