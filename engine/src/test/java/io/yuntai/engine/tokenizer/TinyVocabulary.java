package io.yuntai.engine.tokenizer;

import io.yuntai.engine.tokenizer.Vocabulary.SpecialIds;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds small vocabularies, token by token. */
final class TinyVocabulary {
  static final int NORMAL = 1;
  static final int UNKNOWN = 2;
  static final int CONTROL = 3;
  static final int USER_DEFINED = 4;
  static final int UNUSED = 5;
  static final int BYTE = 6;

  private final String model;
  private final List<String> tokens = new ArrayList<>();
  private final List<Integer> types = new ArrayList<>();
  private final List<Float> scores = new ArrayList<>();
  private @Nullable List<String> merges;
  private @Nullable String splitRule;
  private SpecialIds special = SpecialIds.NONE;
  private @Nullable Boolean addsBegin;
  private @Nullable Boolean addsSpacePrefix;

  private TinyVocabulary(String model) {
    this.model = model;
  }

  /** Byte-level BPE whose tokens 0 to 255 are the bytes in order. */
  static TinyVocabulary bytes(String splitRule) {
    TinyVocabulary tiny = new TinyVocabulary("gpt2").splitRule(splitRule).merges();
    for (int value = 0; value < 256; value++) {
      tiny.token(String.valueOf(ByteAlphabet.character(value)));
    }
    return tiny;
  }

  /** SentencePiece whose tokens 0 to 255 are the bytes in order. */
  static TinyVocabulary sentencePiece() {
    TinyVocabulary tiny = new TinyVocabulary("llama");
    for (int value = 0; value < 256; value++) {
      tiny.token("<0x%02X>".formatted(value), BYTE);
    }
    return tiny;
  }

  /** WordPiece whose token 0 is the unknown one. */
  static TinyVocabulary wordPiece(String... tokens) {
    TinyVocabulary tiny = new TinyVocabulary("bert").token("[UNK]", CONTROL);
    for (String token : tokens) {
      tiny.token(token);
    }
    return tiny.special(new SpecialIds(-1, -1, -1, -1, 0, -1, -1));
  }

  static TinyVocabulary empty(String model) {
    return new TinyVocabulary(model);
  }

  TinyVocabulary token(String spelling) {
    return token(spelling, NORMAL);
  }

  TinyVocabulary token(String spelling, int type) {
    return token(spelling, type, 0);
  }

  TinyVocabulary token(String spelling, int type, float score) {
    tokens.add(spelling);
    types.add(type);
    scores.add(score);
    return this;
  }

  /** Adds merges, and a token for each that gives a new spelling. */
  TinyVocabulary mergesWithTokens(String... pairs) {
    for (String pair : pairs) {
      String spelling = pair.replace(" ", "");
      if (!tokens.contains(spelling)) {
        token(spelling);
      }
    }
    return merges(pairs);
  }

  TinyVocabulary merges(String... pairs) {
    List<String> all = merges == null ? new ArrayList<>() : merges;
    all.addAll(List.of(pairs));
    merges = all;
    return this;
  }

  TinyVocabulary withoutMerges() {
    merges = null;
    return this;
  }

  TinyVocabulary splitRule(@Nullable String name) {
    splitRule = name;
    return this;
  }

  TinyVocabulary special(SpecialIds ids) {
    special = ids;
    return this;
  }

  TinyVocabulary addsBegin(@Nullable Boolean adds) {
    addsBegin = adds;
    return this;
  }

  TinyVocabulary addsSpacePrefix(@Nullable Boolean adds) {
    addsSpacePrefix = adds;
    return this;
  }

  Vocabulary vocabulary() {
    float[] scoreArray = new float[scores.size()];
    for (int i = 0; i < scoreArray.length; i++) {
      scoreArray[i] = scores.get(i);
    }
    return new Vocabulary(
        model,
        splitRule,
        ByteStrings.of(tokens),
        types.stream().mapToInt(Integer::intValue).toArray(),
        merges == null ? null : ByteStrings.of(merges),
        scoreArray,
        special,
        addsBegin,
        addsSpacePrefix);
  }

  Tokenizer tokenizer() {
    return Tokenizer.of(vocabulary());
  }

  /** The id that a spelling was given. */
  int id(String spelling) {
    return tokens.indexOf(spelling);
  }

  int size() {
    return tokens.size();
  }
}
