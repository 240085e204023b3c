package io.yuntai.engine.tokenizer;

import static io.yuntai.engine.tokenizer.TinyVocabulary.CONTROL;
import static io.yuntai.engine.tokenizer.TinyVocabulary.NORMAL;
import static io.yuntai.engine.tokenizer.TinyVocabulary.USER_DEFINED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.tokenizer.Tokenizer.SpecialTokens;
import io.yuntai.engine.tokenizer.Vocabulary.SpecialIds;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DamagedVocabularyTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20_261_122L);

  @Test
  void refusesAnUnknownModel() {
    refuses(TinyVocabulary.empty("t5").token("a"), "\"t5\"", "gpt2, llama, bert");
  }

  @Test
  void refusesAnEmptyVocabulary() {
    refuses(TinyVocabulary.empty("gpt2").splitRule("qwen2"), "no vocabulary");
  }

  @Test
  void refusesSplittingRulesOnKindsThatHaveNone() {
    refuses(TinyVocabulary.sentencePiece().splitRule("qwen2"), "\"qwen2\"", "\"llama\"");
    refuses(TinyVocabulary.wordPiece("a").splitRule("cased"), "\"cased\"", "\"bert\"");
  }

  @Test
  void refusesTokensSpelledAlike() {
    refuses(TinyVocabulary.bytes("qwen2").token("ab").token("ab"), "256", "257", "\"ab\"");
  }

  @Test
  void acceptsEmptySpellings() {
    TinyVocabulary tiny = TinyVocabulary.bytes("qwen2").token("").token("", USER_DEFINED);

    assertThat(tiny.tokenizer().encode("a", SpecialTokens.PARSE)).containsExactly('a');
  }

  @Test
  void refusesMissingMerges() {
    refuses(TinyVocabulary.bytes("qwen2").withoutMerges(), "tokenizer.ggml.merges is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a", "a ", " a", "a b c", "a zz", "zz a", "a  b", "ab"})
  void refusesMergesThatAreNotTwoTokens(String merge) {
    refuses(TinyVocabulary.bytes("qwen2").token("ab").merges(merge), "merge 0");
  }

  @Test
  void refusesMergesThatGiveNoToken() {
    refuses(TinyVocabulary.bytes("qwen2").merges("a b"), "merge 0, \"a b\"", "no token");
  }

  @Test
  void refusesMergesListedTwice() {
    refuses(
        TinyVocabulary.bytes("qwen2").token("ab").merges("a b", "a b"), "merge 1", "listed twice");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, -1})
  void refusesUnknownTokenTypes(int type) {
    refuses(TinyVocabulary.bytes("qwen2").token("ab", type), "token 256 has type " + type);
  }

  @Test
  void refusesListsOfDifferentLengths() {
    Vocabulary good = TinyVocabulary.sentencePiece().vocabulary();

    assertThatThrownBy(() -> Tokenizer.of(with(good, new int[255], good.scores())))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("256 tokens but 255 token types");
    assertThatThrownBy(() -> Tokenizer.of(with(good, good.types(), new float[0])))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("256 tokens but 0 scores");
  }

  @Test
  void refusesScoresThatAreNoNumbers() {
    refuses(TinyVocabulary.sentencePiece().token("a", NORMAL, Float.NaN), "token 256", "NaN");
  }

  @ParameterizedTest
  @ValueSource(ints = {256, Integer.MAX_VALUE, -2})
  void refusesSpecialIdsOutOfRange(int id) {
    refuses(
        TinyVocabulary.bytes("qwen2").special(new SpecialIds(-1, id, -1, -1, -1, -1, -1)),
        "eos_token_id is " + id);
  }

  @Test
  void refusesToAddABeginningThatItHasNot() {
    refuses(TinyVocabulary.bytes("qwen2").addsBegin(true), "bos_token_id");
  }

  @Test
  void refusesByteTokensSpelledWrongly() {
    refuses(TinyVocabulary.sentencePiece().token("<0xZZ>", TinyVocabulary.BYTE), "byte token 256");
    refuses(
        TinyVocabulary.sentencePiece().token("<0x0a>", TinyVocabulary.BYTE), "10", "256", "0x0A");
  }

  @Test
  void refusesASentencePieceVocabularyThatCannotSpellEveryByte() {
    refuses(TinyVocabulary.empty("llama").token("a"), "byte 0x00");
  }

  @Test
  void refusesWordPieceWithoutAnUnknownToken() {
    refuses(TinyVocabulary.wordPiece("a").special(SpecialIds.NONE), "unknown_token_id");
  }

  @Test
  void refusesEndlessSpecialTokens() {
    refuses(TinyVocabulary.bytes("qwen2").token("x".repeat(600), CONTROL), "token 256", "600");
  }

  @Test
  void eitherRefusesOrWorksWhateverTheDamage() {
    Random random = new Random(SEED);
    for (int i = 0; i < 2_000; i++) {
      Vocabulary damaged = damage(random);
      String as = "seed %d, case %d".formatted(SEED, i);
      try {
        Tokenizer tokenizer = Tokenizer.of(damaged);
        int[] ids = tokenizer.encode("a b<s> abc 中\n", SpecialTokens.PARSE);
        assertThat(Arrays.stream(ids).allMatch(id -> id >= 0 && id < tokenizer.vocabularySize()))
            .as(as)
            .isTrue();
        assertThat(tokenizer.decode(ids, true)).as(as).isNotNull();
      } catch (ModelFormatException e) {
        assertThat(e.getMessage()).as(as).endsWith(".");
      }
    }
  }

  private static Vocabulary damage(Random random) {
    TinyVocabulary tiny =
        switch (random.nextInt(3)) {
          case 0 -> TinyVocabulary.bytes("qwen2").mergesWithTokens("a b", "ab c", "Ġ b");
          case 1 -> TinyVocabulary.sentencePiece().token("ab").token("\u2581b");
          default -> TinyVocabulary.wordPiece("▁a", "▁b", "bc");
        };
    Vocabulary good = tiny.token("<s>", CONTROL).vocabulary();
    int[] types = good.types().clone();
    float[] scores = good.scores().clone();
    byte[] data = good.tokens().data().clone();
    int[] lengths = good.tokens().lengths().clone();
    for (int k = random.nextInt(3); k >= 0; k--) {
      int id = random.nextInt(types.length);
      switch (random.nextInt(5)) {
        case 0 -> types[id] = random.nextInt(9) - 1;
        case 1 -> scores[id] = Float.intBitsToFloat(random.nextInt());
        case 2 -> data[random.nextInt(data.length)] = (byte) random.nextInt(256);
        case 3 -> lengths[id] = random.nextInt(lengths[id] + 1);
        default -> types = Arrays.copyOf(types, types.length - random.nextInt(2));
      }
      id = Math.min(id, types.length - 1);
    }
    return new Vocabulary(
        good.model(),
        good.splitRule(),
        new ByteStrings(data, good.tokens().starts(), lengths),
        types,
        good.merges(),
        scores,
        good.special(),
        null,
        null);
  }

  private static Vocabulary with(Vocabulary good, int[] types, float[] scores) {
    return new Vocabulary(
        good.model(),
        good.splitRule(),
        good.tokens(),
        types,
        good.merges(),
        scores,
        good.special(),
        null,
        null);
  }

  private static void refuses(TinyVocabulary tiny, String... words) {
    assertThatThrownBy(tiny::tokenizer)
        .isInstanceOf(ModelFormatException.class)
        .message()
        .contains(List.of(words));
  }
}
