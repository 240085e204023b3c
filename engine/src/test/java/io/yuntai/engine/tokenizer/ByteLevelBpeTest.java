package io.yuntai.engine.tokenizer;

import static io.yuntai.engine.tokenizer.TinyVocabulary.CONTROL;
import static io.yuntai.engine.tokenizer.TinyVocabulary.UNUSED;
import static io.yuntai.engine.tokenizer.TinyVocabulary.USER_DEFINED;
import static io.yuntai.engine.tokenizer.Tokenizer.SpecialTokens.AS_TEXT;
import static io.yuntai.engine.tokenizer.Tokenizer.SpecialTokens.PARSE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteLevelBpeTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20_261_122L);

  @Test
  void writesBytesInTheAlphabetOfGpt2() {
    assertThat(ByteAlphabet.character('A')).isEqualTo('A');
    assertThat(ByteAlphabet.character(' ')).isEqualTo('Ġ');
    assertThat(ByteAlphabet.character('\n')).isEqualTo('Ċ');
    assertThat(ByteAlphabet.character(0x7F)).isEqualTo('ġ');
    assertThat(ByteAlphabet.character(0xAD)).isEqualTo('Ń');
    assertThat(ByteAlphabet.character(0xFF)).isEqualTo('ÿ');
    for (int value = 0; value < 256; value++) {
      assertThat(ByteAlphabet.byteOf(ByteAlphabet.character(value))).isEqualTo(value);
    }
    assertThat(ByteAlphabet.byteOf(' ')).isEqualTo(-1);
    assertThat(ByteAlphabet.byteOf('中')).isEqualTo(-1);
  }

  @Test
  void mergesTheEarliestListedPairFirst() {
    TinyVocabulary tiny = TinyVocabulary.bytes("qwen2").mergesWithTokens("b c", "a b", "a bc");

    assertThat(encode(tiny, "abc")).containsExactly(258);
    assertThat(encode(tiny, "abd")).containsExactly(257, 'd');
  }

  @Test
  void mergesTheLeftmostOfEqualPairsFirst() {
    TinyVocabulary tiny = TinyVocabulary.bytes("qwen2").mergesWithTokens("a a");

    assertThat(encode(tiny, "aaaaa")).containsExactly(256, 256, 'a');
  }

  @Test
  void reachesOneTokenByDifferentMerges() {
    TinyVocabulary tiny =
        TinyVocabulary.bytes("qwen2").mergesWithTokens("a b", "b c", "ab c", "a bc", "d a");

    assertThat(encode(tiny, "abc")).containsExactly(tiny.id("abc"));
    assertThat(encode(tiny, "dabc")).containsExactly('d', tiny.id("abc"));
  }

  @Test
  void neverMergesAcrossPieces() {
    TinyVocabulary tiny = TinyVocabulary.bytes("qwen2").mergesWithTokens("a Ġ", "Ġ b");

    assertThat(encode(tiny, "a b")).containsExactly('a', tiny.id("Ġb"));
  }

  @Test
  void spellsWhatItHasNoMergeForInBytes() {
    assertThat(encode(TinyVocabulary.bytes("gpt-2"), "é中"))
        .containsExactly(0xC3, 0xA9, 0xE4, 0xB8, 0xAD);
  }

  @Test
  void takesAWholePieceWithoutMergesOnlyForLlama3() {
    TinyVocabulary llama = TinyVocabulary.bytes("llama-bpe").token("Ġwhole");
    TinyVocabulary qwen = TinyVocabulary.bytes("qwen2").token("Ġwhole");

    assertThat(encode(llama, " whole")).containsExactly(256);
    assertThat(encode(qwen, " whole")).containsExactly(' ', 'w', 'h', 'o', 'l', 'e');
  }

  @Test
  void leavesOutBytesThatTheVocabularyLacks() {
    TinyVocabulary tiny = TinyVocabulary.empty("gpt2").splitRule("smollm").token("a").token("b");

    assertThat(encode(tiny.mergesWithTokens("a b"), "a\u0004b中ab")).containsExactly(0, 1, 2);
    assertThat(encode(tiny, "中")).isEmpty();
  }

  @Test
  void cutsControlTokensOutOnlyWhenToldTo() {
    TinyVocabulary tiny = TinyVocabulary.bytes("qwen2").token("<|x|>", CONTROL);

    assertThat(tiny.tokenizer().encode("a<|x|>b", PARSE)).containsExactly('a', 256, 'b');
    assertThat(tiny.tokenizer().encode("a<|x|>b", AS_TEXT))
        .containsExactly('a', '<', '|', 'x', '|', '>', 'b');
  }

  @Test
  void cutsUserDefinedTokensOutAlways() {
    TinyVocabulary tiny = TinyVocabulary.bytes("qwen2").token("<tool>", USER_DEFINED);

    assertThat(tiny.tokenizer().encode("<tool>", AS_TEXT)).containsExactly(256);
    assertThat(tiny.tokenizer().encode("<tool>", PARSE)).containsExactly(256);
  }

  @Test
  void cutsOutTheLeftmostAndThenTheLongestSpecialToken() {
    TinyVocabulary tiny =
        TinyVocabulary.bytes("qwen2")
            .token("<a", USER_DEFINED)
            .token("<ab>", USER_DEFINED)
            .token("ab>c", USER_DEFINED)
            .token("<ab>c", CONTROL);

    assertThat(encode(tiny, "<ab>c")).containsExactly(257, 'c');
    assertThat(tiny.tokenizer().encode("<ab>c", PARSE)).containsExactly(259);
    assertThat(encode(tiny, "<ax")).containsExactly(256, 'x');
    assertThat(encode(tiny, "ab>c")).containsExactly(258);
  }

  @Test
  void neverMakesAControlTokenFromText() {
    TinyVocabulary merged =
        TinyVocabulary.bytes("qwen2")
            .token("ab", CONTROL)
            .merges("a b")
            .token("abc")
            .merges("ab c");
    TinyVocabulary whole = TinyVocabulary.bytes("llama-bpe").token("ab", CONTROL);

    assertThat(encode(merged, "abc")).containsExactly('a', 'b', 'c');
    assertThat(encode(whole, "ab")).containsExactly('a', 'b');
  }

  @Test
  void givesTheBytesOfEachKindOfToken() {
    Tokenizer tokenizer =
        TinyVocabulary.bytes("qwen2")
            .token("Ġhé")
            .token("<|x|>", CONTROL)
            .token("é ", USER_DEFINED)
            .token("[PAD]", UNUSED)
            .token("中")
            .tokenizer();

    assertThat(tokenizer.decode(new int[] {256}, false)).isEqualTo(" h\uFFFD");
    assertThat(tokenizer.bytes(257, false)).isEmpty();
    assertThat(tokenizer.decode(new int[] {257}, true)).isEqualTo("<|x|>");
    assertThat(tokenizer.decode(new int[] {258}, false)).isEqualTo("é ");
    assertThat(tokenizer.bytes(259, true)).isEmpty();
    assertThat(tokenizer.decode(new int[] {260}, false)).isEqualTo("中");
    assertThat(tokenizer.spelling(256)).isEqualTo("Ġhé");
    assertThat(tokenizer.vocabularySize()).isEqualTo(261);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "smollm", "qwen2", "llama-bpe", "deepseek-llm", "deepseek-v3"})
  void decodesEveryTextToItself(String rule) {
    Tokenizer tokenizer =
        TinyVocabulary.bytes(rule)
            .mergesWithTokens("Ġ Ġ", "t h", "th e", "Ġ the", "Ã ©", "ä ¸", "ä¸ Ń", "Ċ Ċ", "Ġ Ċ")
            .token("<|x|>", CONTROL)
            .tokenizer();
    RandomTexts texts = new RandomTexts(new Random(SEED));
    for (int i = 0; i < 2_000; i++) {
      String text = texts.next();
      assertThat(tokenizer.decode(tokenizer.encode(text, AS_TEXT), false))
          .as("seed %d, case %d", SEED, i)
          .isEqualTo(text);
      assertThat(tokenizer.decode(tokenizer.encode(text, PARSE), true))
          .as("seed %d, case %d, special tokens parsed", SEED, i)
          .isEqualTo(text);
    }
  }

  @Test
  void treatsUnpairedSurrogatesAsReplacementCharacters() {
    Tokenizer tokenizer = TinyVocabulary.bytes("qwen2").tokenizer();
    RandomTexts texts = new RandomTexts(new Random(SEED));
    for (int i = 0; i < 2_000; i++) {
      String text = texts.nextUnits();
      String expected =
          text.codePoints()
              .map(c -> c >= 0xD800 && c < 0xE000 ? 0xFFFD : c)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      assertThat(tokenizer.decode(tokenizer.encode(text, PARSE), false))
          .as("seed %d, case %d", SEED, i)
          .isEqualTo(expected);
    }
  }

  @Test
  void mergesAsTheDefinitionSays() {
    Random random = new Random(SEED);
    for (int i = 0; i < 300; i++) {
      TinyVocabulary tiny = TinyVocabulary.bytes("qwen2");
      List<String> merges = randomMerges(random);
      tiny.mergesWithTokens(merges.toArray(String[]::new));
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(60); length > 0; length--) {
        text.append((char) ('a' + random.nextInt(3)));
      }
      assertThat(encode(tiny, text.toString()))
          .as("seed %d, case %d: %s by %s", SEED, i, text, merges)
          .isEqualTo(naiveMerge(text.toString(), merges).stream().mapToInt(tiny::id).toArray());
    }
  }

  private static List<String> randomMerges(Random random) {
    List<String> known = new ArrayList<>(List.of("a", "b", "c"));
    List<String> merges = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String left = known.get(random.nextInt(known.size()));
      String right = known.get(random.nextInt(known.size()));
      if (left.length() + right.length() < 7 && !merges.contains(left + " " + right)) {
        merges.add(left + " " + right);
        known.add(left + right);
      }
    }
    return merges;
  }

  /** The definition: while any pair is listed, merge the leftmost of the earliest listed. */
  private static List<String> naiveMerge(String text, List<String> merges) {
    List<String> symbols = new ArrayList<>(text.chars().mapToObj(Character::toString).toList());
    while (true) {
      int best = merges.size();
      int at = -1;
      for (int i = 0; i + 1 < symbols.size(); i++) {
        int rank = merges.indexOf(symbols.get(i) + " " + symbols.get(i + 1));
        if (rank >= 0 && rank < best) {
          best = rank;
          at = i;
        }
      }
      if (at < 0) {
        return symbols;
      }
      symbols.set(at, symbols.get(at) + symbols.remove(at + 1));
    }
  }

  private static int[] encode(TinyVocabulary tiny, String text) {
    return tiny.tokenizer().encode(text, AS_TEXT);
  }
}
