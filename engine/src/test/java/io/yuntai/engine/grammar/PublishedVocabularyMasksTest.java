package io.yuntai.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.tokenizer.Tokenizer;
import io.yuntai.engine.tokenizer.Tokenizer.SpecialTokens;
import io.yuntai.engine.tokenizer.Vocabulary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Masks of published vocabularies, to the byte. Needs the folders {@code yuntai.vectors} and {@code
 * yuntai.models}.
 */
@Tag("vectors")
class PublishedVocabularyMasksTest {
  private static final String TEXT = "é漢字🙂e\u0301 Ωмир 🏳️‍🌈\"";
  private static final int STEPS = 15;

  private final long seed = Long.getLong("yuntai.seed", new Random().nextLong());
  private final Random random = new Random(seed);

  private static List<Grammar> grammars() throws GrammarException {
    Expr quote = Expr.literal("\"");
    return List.of(
        Grammar.regex("[é漢字🙂\\p{L}\\p{M} \"🏳️‍🌈\u200D\uFE0F]*"),
        Grammar.of(Expr.sequence(quote, Expr.text(Dfa.ANYTHING, Expr.Encoding.JSON))),
        Grammar.of(
            Expr.sequence(quote, Expr.text(Dfa.lengthBetween(2, 9), Expr.Encoding.JSON), quote)),
        Grammar.of(
            Expr.sequence(quote, Expr.text(Dfa.containing("^[^a-z]+🙂?$"), Expr.Encoding.JSON))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models/qwen2.5-coder-0.5b.gguf",
        "vectors/tokenizers/llama-bpe.gguf",
        "vectors/tokenizers/llama-spm.gguf"
      })
  void aMaskIsWhatTryingEachTokenGives(String file) throws Exception {
    Tokenizer tokenizer = tokenizer(file);
    TokenMasks masks = TokenMasks.of(tokenizer);
    long[] mask = new long[masks.words()];
    for (Grammar grammar : grammars()) {
      TokenState state = masks.start(grammar);
      for (int step = 0; step < STEPS && !state.isFinal(); step++) {
        state.mask(mask);
        List<Integer> allowed = new ArrayList<>();
        for (int id = 0; id < tokenizer.vocabularySize(); id++) {
          boolean inMask = (mask[id >> 6] >> id & 1) != 0;
          if (inMask != state.allows(id)) {
            throw new AssertionError(
                "-Dyuntai.seed=%d: token %d after step %d".formatted(seed, id, step));
          }
          if (inMask && !tokenizer.isEndOfGeneration(id)) {
            allowed.add(id);
          }
        }
        assertThat(allowed).as("-Dyuntai.seed=%d", seed).isNotEmpty();
        state = state.accept(allowed.get(random.nextInt(allowed.size())));
      }
    }
  }

  /** In the tokenizer's own tokens, and byte by byte in the middle of characters. */
  @ParameterizedTest
  @ValueSource(strings = {"models/qwen2.5-coder-0.5b.gguf", "vectors/tokenizers/llama-bpe.gguf"})
  void charactersMayBeCutAnywhere(String file) throws Exception {
    Tokenizer tokenizer = tokenizer(file);
    int[] single = new int[256];
    Arrays.fill(single, -1);
    for (int id = 0; id < tokenizer.vocabularySize(); id++) {
      byte[] bytes = tokenizer.bytes(id, false);
      if (bytes.length == 1) {
        single[bytes[0] & 0xFF] = id;
      }
    }
    TokenMasks masks = TokenMasks.of(tokenizer);
    TokenState start = masks.start(grammars().getFirst());
    TokenState own = start;
    for (int id : tokenizer.encode(TEXT, SpecialTokens.AS_TEXT)) {
      assertThat(own.allows(id)).isTrue();
      own = own.accept(id);
    }
    assertThat(own.isComplete()).isTrue();
    TokenState bytewise = start;
    byte[] utf8 = TEXT.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < utf8.length; i++) {
      bytewise = bytewise.accept(single[utf8[i] & 0xFF]);
      boolean between = i + 1 == utf8.length || (utf8[i + 1] & 0xC0) != 0x80;
      assertThat(bytewise.isComplete()).as("after byte %d", i).isEqualTo(between);
    }
  }

  private static Tokenizer tokenizer(String file) throws IOException {
    String kind = file.substring(0, file.indexOf('/'));
    String folder = System.getProperty("yuntai." + kind, "");
    try (GgufFile gguf =
        GgufFile.open(Path.of(folder, file.substring(kind.length() + 1).split("/")))) {
      return Tokenizer.of(Vocabulary.of(gguf.metadata()));
    }
  }
}
