package io.yuntai.engine.tokenizer;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.tokenizer.Vocabulary.SpecialIds;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A tokenizer over a checked vocabulary: cuts special tokens out, and leaves the rest to a scheme.
 */
final class VocabularyTokenizer implements Tokenizer {
  /**
   * Spellings that end a turn in the models that we run. Files name one end ({@code eos_token_id}),
   * but chat models end turns with another than base models end texts, and files disagree on which
   * to name: Llama 3 has {@code <|end_of_text|>}, {@code <|eot_id|>} and, for tools, {@code
   * <|eom_id|>}; Qwen and SmolLM {@code <|endoftext|>} and {@code <|im_end|>}; Gemma {@code <eos>}
   * and {@code <end_of_turn>}; DeepSeek one; Llama 2 and Mistral {@code </s>}. Only control tokens
   * count, for to other models these are text (Gemma's {@code </s>} is a user-defined HTML tag).
   */
  private static final Set<String> ENDS =
      Set.of(
          "<|end_of_text|>",
          "<|eot_id|>",
          "<|eom_id|>",
          "<|endoftext|>",
          "<|im_end|>",
          "<eos>",
          "<end_of_turn>",
          "<｜end▁of▁sentence｜>",
          "</s>");

  /** The rule that our own conversions name: text is cleaned as BERT's authors do. */
  static final String ORIGINAL_BERT = "bert-original";

  /** Keeps every array that an encoding needs below 2 GiB. */
  private static final int MAX_TEXT_CHARS = 1 << 27;

  private final ByteStrings tokens;
  private final TokenKind[] kinds;
  private final Scheme scheme;
  private final SpecialTokenMatcher specials;
  private final BitSet ends = new BitSet();
  private final int beginOfSequence;
  private final int endOfSequence;
  private final boolean addsBeginOfSequence;
  private final boolean addsEndOfSequence;

  VocabularyTokenizer(Vocabulary vocabulary) {
    tokens = vocabulary.tokens();
    kinds = kinds(vocabulary);
    SpecialIds special = vocabulary.special();
    checkIds(special);
    scheme = scheme(vocabulary);
    specials = new SpecialTokenMatcher(tokens, kinds);
    boolean bert = scheme instanceof WordPiece;
    beginOfSequence =
        bert && special.classification() >= 0 ? special.classification() : special.begin();
    endOfSequence = bert && special.separator() >= 0 ? special.separator() : special.end();
    addsBeginOfSequence = addsBeginOfSequence(vocabulary);
    addsEndOfSequence = bert && endOfSequence >= 0;
    findEnds(special);
  }

  private static TokenKind[] kinds(Vocabulary vocabulary) {
    int size = vocabulary.tokens().size();
    int[] types = vocabulary.types();
    if (size == 0) {
      throw new ModelFormatException(
          "The model file has no vocabulary (tokenizer.ggml.tokens is empty or missing).");
    }
    if (types.length != 0 && types.length != size) {
      throw new ModelFormatException(
          "The vocabulary is damaged: %d tokens but %d token types.".formatted(size, types.length));
    }
    TokenKind[] kinds = new TokenKind[size];
    for (int id = 0; id < size; id++) {
      kinds[id] = types.length == 0 ? TokenKind.NORMAL : TokenKind.ofCode(id, types[id]);
    }
    return kinds;
  }

  private void checkIds(SpecialIds special) {
    checkId("bos_token_id", special.begin());
    checkId("eos_token_id", special.end());
    checkId("eot_token_id", special.endOfTurn());
    checkId("eom_token_id", special.endOfMessage());
    checkId("unknown_token_id", special.unknown());
    checkId("cls_token_id", special.classification());
    checkId("seperator_token_id", special.separator());
  }

  private void checkId(String key, int id) {
    if (id < -1 || id >= kinds.length) {
      throw new ModelFormatException(
          "The vocabulary is damaged: tokenizer.ggml.%s is %d, but ids run from 0 to %d."
              .formatted(key, id, kinds.length - 1));
    }
  }

  private Scheme scheme(Vocabulary vocabulary) {
    TokenTable table = new TokenTable(tokens);
    return switch (vocabulary.model()) {
      case "gpt2" ->
          new ByteLevelBpe(
              tokens,
              kinds,
              table,
              required(vocabulary.merges(), "merges"),
              SplitRule.named(vocabulary.splitRule()));
      case "llama" -> {
        refuseOtherRules(vocabulary, Set.of("default"));
        yield new SentencePieceBpe(
            tokens,
            kinds,
            table,
            scores(vocabulary),
            !Boolean.FALSE.equals(vocabulary.addsSpacePrefix()),
            vocabulary.special().unknown());
      }
      case "bert" -> {
        refuseOtherRules(vocabulary, Set.of("default", "bert-bge", ORIGINAL_BERT));
        WordPiece.Cleaning cleaning =
            ORIGINAL_BERT.equals(vocabulary.splitRule())
                ? WordPiece.Cleaning.ORIGINAL
                : WordPiece.Cleaning.FIRST_OF_DECOMPOSITION;
        yield new WordPiece(tokens, kinds, table, unknownWord(vocabulary), cleaning);
      }
      default ->
          throw new ModelFormatException(
              "The model's tokenizer (tokenizer.ggml.model) is \"%s\", which this version does not know; known: gpt2, llama, bert."
                  .formatted(vocabulary.model()));
    };
  }

  private static <T> T required(@Nullable T value, String key) {
    if (value == null) {
      throw new ModelFormatException(
          "The model file's vocabulary is incomplete: tokenizer.ggml.%s is missing."
              .formatted(key));
    }
    return value;
  }

  /**
   * These kinds split text in one way only, so another rule's name means a vocabulary we don't
   * know.
   */
  private static void refuseOtherRules(Vocabulary vocabulary, Set<String> known) {
    String rule = vocabulary.splitRule();
    if (rule != null && !known.contains(rule)) {
      throw new ModelFormatException(
          "The model's text splitting rule (tokenizer.ggml.pre) is \"%s\", which this version does not know for a \"%s\" tokenizer."
              .formatted(rule, vocabulary.model()));
    }
  }

  private static float[] scores(Vocabulary vocabulary) {
    float[] scores = vocabulary.scores();
    if (scores.length != vocabulary.tokens().size()) {
      throw new ModelFormatException(
          "The vocabulary is damaged: %d tokens but %d scores."
              .formatted(vocabulary.tokens().size(), scores.length));
    }
    return scores;
  }

  private static int unknownWord(Vocabulary vocabulary) {
    int unknown = vocabulary.special().unknown();
    if (unknown < 0) {
      required(null, "unknown_token_id");
    }
    return unknown;
  }

  /** Where a file is silent, the default of its kind: GGUF files of Llama 3 often are. */
  private boolean addsBeginOfSequence(Vocabulary vocabulary) {
    Boolean said = vocabulary.addsBeginOfSequence();
    if (said == null) {
      boolean byDefault =
          !(scheme instanceof ByteLevelBpe) || SplitRule.named(vocabulary.splitRule()).llama3();
      return byDefault && beginOfSequence >= 0;
    }
    if (said && beginOfSequence < 0) {
      required(null, "bos_token_id");
    }
    return said;
  }

  private void findEnds(SpecialIds special) {
    for (int id : new int[] {endOfSequence, special.endOfTurn(), special.endOfMessage()}) {
      if (id >= 0) {
        ends.set(id);
      }
    }
    for (int id = 0; id < kinds.length; id++) {
      if (kinds[id] == TokenKind.CONTROL && ENDS.contains(tokens.get(id))) {
        ends.set(id);
      }
    }
  }

  @Override
  public int vocabularySize() {
    return kinds.length;
  }

  @Override
  public int[] encode(String text, SpecialTokens specialTokens) {
    if (text.length() > MAX_TEXT_CHARS) {
      throw new IllegalArgumentException(
          "A text of %d characters is more than the %d that can be tokenized at once."
              .formatted(text.length(), MAX_TEXT_CHARS));
    }
    String wellFormed = wellFormed(text);
    IdList ids = new IdList();
    boolean startsAnew = true;
    for (int at = 0; at < wellFormed.length(); ) {
      long match = specials.next(wellFormed, at, specialTokens);
      int end = match < 0 ? wellFormed.length() : (int) (match >> 32);
      if (end > at) {
        scheme.encode(wellFormed, at, end, startsAnew, ids);
      }
      at = end;
      if (match >= 0) {
        int id = (int) match;
        ids.add(id);
        startsAnew = true;
        at += tokens.get(id).length();
      }
    }
    return ids.toArray();
  }

  /** The text with U+FFFD for each unpaired surrogate. */
  private static String wellFormed(String text) {
    StringBuilder repaired = null;
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (Character.isSurrogate(unit)) {
        if (Character.isHighSurrogate(unit)
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1))) {
          i++;
        } else {
          repaired = repaired == null ? new StringBuilder(text) : repaired;
          repaired.setCharAt(i, '\uFFFD');
        }
      }
    }
    return repaired == null ? text : repaired.toString();
  }

  @Override
  public byte[] bytes(int id, boolean special) {
    Objects.checkIndex(id, kinds.length);
    if (kinds[id].isMarker()) {
      return special ? tokens.bytes(id) : new byte[0];
    }
    return scheme.bytes(id);
  }

  @Override
  public String decode(int[] ids, boolean special) {
    ByteList bytes = new ByteList();
    for (int id : ids) {
      bytes.add(bytes(id, special));
    }
    return new String(bytes.array(), 0, bytes.size(), StandardCharsets.UTF_8);
  }

  @Override
  public boolean isEndOfGeneration(int id) {
    return ends.get(Objects.checkIndex(id, kinds.length));
  }

  @Override
  public boolean isControl(int id) {
    return kinds[Objects.checkIndex(id, kinds.length)] == TokenKind.CONTROL;
  }

  @Override
  public String spelling(int id) {
    return tokens.get(Objects.checkIndex(id, kinds.length));
  }

  @Override
  public int beginOfSequence() {
    return beginOfSequence;
  }

  @Override
  public int endOfSequence() {
    return endOfSequence;
  }

  @Override
  public boolean addsBeginOfSequence() {
    return addsBeginOfSequence;
  }

  @Override
  public boolean addsEndOfSequence() {
    return addsEndOfSequence;
  }
}
