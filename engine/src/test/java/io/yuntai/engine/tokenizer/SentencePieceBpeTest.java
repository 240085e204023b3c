package io.yuntai.engine.tokenizer;

import static io.yuntai.engine.tokenizer.TinyVocabulary.CONTROL;
import static io.yuntai.engine.tokenizer.TinyVocabulary.NORMAL;
import static io.yuntai.engine.tokenizer.TinyVocabulary.UNKNOWN;
import static io.yuntai.engine.tokenizer.TinyVocabulary.UNUSED;
import static io.yuntai.engine.tokenizer.TinyVocabulary.USER_DEFINED;
import static io.yuntai.engine.tokenizer.Tokenizer.SpecialTokens.AS_TEXT;
import static io.yuntai.engine.tokenizer.Tokenizer.SpecialTokens.PARSE;
import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.tokenizer.Vocabulary.SpecialIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SentencePieceBpeTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20_261_122L);

  @Test
  void mergesTheHighestScoreFirst() {
    TinyVocabulary tiny = letters("abc").token("ab", NORMAL, -5).token("bc", NORMAL, -4);

    assertThat(encode(tiny, "abc")).containsExactly(tiny.id("a"), tiny.id("bc"));
  }

  @Test
  void mergesTheLeftmostOfEqualScoresFirst() {
    TinyVocabulary tiny = letters("abc").token("ab", NORMAL, -4).token("bc", NORMAL, -4);

    assertThat(encode(tiny, "abc")).containsExactly(tiny.id("ab"), tiny.id("c"));
  }

  @Test
  void ordersScoresOfBothSigns() {
    TinyVocabulary tiny =
        letters("abc")
            .token("ab", NORMAL, -0.5f)
            .token("bc", NORMAL, 0.25f)
            .token("abc", NORMAL, 9);

    assertThat(encode(tiny, "abc")).containsExactly(tiny.id("abc"));
    assertThat(encode(tiny, "bab")).containsExactly(tiny.id("b"), tiny.id("ab"));
  }

  @Test
  void reachesATokenOnlyThroughTokens() {
    TinyVocabulary tiny = letters("abc").token("abc", NORMAL, 0);

    assertThat(encode(tiny, "abc")).containsExactly(tiny.id("a"), tiny.id("b"), tiny.id("c"));
  }

  @Test
  void mergesCharactersThatAreNoTokensThemselves() {
    TinyVocabulary tiny = letters("").token("ab");

    assertThat(encode(tiny, "abb")).containsExactly(tiny.id("ab"), 'b');
  }

  @Test
  void spellsUnknownCharactersInBytes() {
    assertThat(encode(letters("a"), "aé")).containsExactly(256, 0xC3, 0xA9);
  }

  @Test
  void usesTheUnknownTokenWhereBytesAreMissing() {
    TinyVocabulary tiny =
        TinyVocabulary.empty("llama")
            .token("<unk>", UNKNOWN)
            .token("a")
            .special(new SpecialIds(-1, -1, -1, -1, 0, -1, -1))
            .addsSpacePrefix(false);

    assertThat(encode(tiny, "aé")).containsExactly(1, 0, 0);
  }

  @Test
  void putsASpaceBeforeTheTextAndAfterSpecialTokens() {
    TinyVocabulary tiny = letters("a\u2581").token("\u2581a").token("<s>", CONTROL);
    tiny.addsSpacePrefix(null);
    int spaced = tiny.id("\u2581a");

    assertThat(encode(tiny, "a")).containsExactly(spaced);
    assertThat(encode(tiny, "a a")).containsExactly(spaced, spaced);
    assertThat(encode(tiny, " a")).containsExactly(tiny.id("\u2581"), spaced);
    assertThat(tiny.tokenizer().encode("<s>a<s>", PARSE))
        .containsExactly(tiny.id("<s>"), spaced, tiny.id("<s>"));
    assertThat(encode(tiny, "")).isEmpty();
  }

  @Test
  void mergesAcrossSpacesWhereTokensDo() {
    TinyVocabulary tiny = letters("a\u2581").token("a\u2581");

    assertThat(encode(tiny, "a a")).containsExactly(tiny.id("a\u2581"), tiny.id("a"));
  }

  @Test
  void neverMakesControlUnknownOrByteTokensFromText() {
    TinyVocabulary tiny =
        letters("abc").token("ab", CONTROL).token("bc", UNKNOWN).token("<", NORMAL).token("0");

    assertThat(encode(tiny, "abc")).containsExactly(tiny.id("a"), tiny.id("b"), tiny.id("c"));
    assertThat(encode(tiny, "<0x41>"))
        .containsExactly(tiny.id("<"), tiny.id("0"), 'x', '4', '1', '>');
  }

  @Test
  void cutsUserDefinedTokensOutFirst() {
    TinyVocabulary tiny = letters("ab").token("ab", NORMAL, 9).token("ba", USER_DEFINED);

    assertThat(encode(tiny, "abab")).containsExactly(tiny.id("a"), tiny.id("ba"), tiny.id("b"));
  }

  @Test
  void givesTheBytesOfEachKindOfToken() {
    Tokenizer tokenizer =
        letters("")
            .token("\u2581a\u2581é")
            .token("<s>", CONTROL)
            .token("<unk>", UNKNOWN)
            .token("x y", USER_DEFINED)
            .token("gap", UNUSED)
            .tokenizer();

    assertThat(tokenizer.decode(new int[] {256}, false)).isEqualTo(" a é");
    assertThat(tokenizer.decode(new int[] {257, 258}, false)).isEmpty();
    assertThat(tokenizer.decode(new int[] {257, 258}, true)).isEqualTo("<s><unk>");
    assertThat(tokenizer.decode(new int[] {259, 260}, false)).isEqualTo("x y");
    assertThat(tokenizer.decode(new int[] {0xE4, 0xB8, 0xAD}, false)).isEqualTo("中");
    assertThat(tokenizer.decode(new int[] {0xE4, 0xB8}, false)).isEqualTo("\uFFFD");
  }

  @Test
  void decodesEveryTextToItselfButForItsSpaceMark() {
    Tokenizer tokenizer = letters("the \u2581é").token("th").token("\u2581th").tokenizer();
    RandomTexts texts = new RandomTexts(new Random(SEED));
    for (int i = 0; i < 2_000; i++) {
      String text = texts.next();
      assertThat(tokenizer.decode(tokenizer.encode(text, AS_TEXT), false))
          .as("seed %d, case %d", SEED, i)
          .isEqualTo(text.replace('\u2581', ' '));
    }
  }

  @Test
  void mergesAsTheDefinitionSays() {
    Random random = new Random(SEED);
    String alphabet = "abc\u2581";
    for (int i = 0; i < 300; i++) {
      TinyVocabulary tiny = letters(alphabet);
      Map<String, Float> scores = new TreeMap<>();
      for (int k = 0; k < 25; k++) {
        String spelling = randomWord(random, alphabet, 2 + random.nextInt(3));
        float score = -random.nextInt(10);
        if (scores.putIfAbsent(spelling, score) == null) {
          tiny.token(spelling, NORMAL, score);
        }
      }
      String text = randomWord(random, alphabet, random.nextInt(40));
      assertThat(encode(tiny, text))
          .as("seed %d, case %d: %s by %s", SEED, i, text, scores)
          .isEqualTo(naiveMerge(text, scores).stream().mapToInt(tiny::id).toArray());
    }
  }

  private static String randomWord(Random random, String alphabet, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return word.toString();
  }

  /** The definition: while any neighbours are a token, merge the leftmost of the best score. */
  private static List<String> naiveMerge(String text, Map<String, Float> scores) {
    List<String> symbols = new ArrayList<>(text.chars().mapToObj(Character::toString).toList());
    while (true) {
      float best = Float.NEGATIVE_INFINITY;
      int at = -1;
      for (int i = 0; i + 1 < symbols.size(); i++) {
        Float score = scores.get(symbols.get(i) + symbols.get(i + 1));
        if (score != null && score > best) {
          best = score;
          at = i;
        }
      }
      if (at < 0) {
        return symbols;
      }
      symbols.set(at, symbols.get(at) + symbols.remove(at + 1));
    }
  }

  /** Bytes, then each of the letters; no space is put before a text. */
  private static TinyVocabulary letters(String letters) {
    TinyVocabulary tiny = TinyVocabulary.sentencePiece().addsSpacePrefix(false);
    letters.chars().forEach(letter -> tiny.token(Character.toString(letter), NORMAL, -100));
    return tiny;
  }

  private static int[] encode(TinyVocabulary tiny, String text) {
    return tiny.tokenizer().encode(text, AS_TEXT);
  }
}
