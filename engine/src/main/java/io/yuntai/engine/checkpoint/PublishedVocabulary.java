package io.yuntai.engine.checkpoint;

import io.yuntai.engine.gguf.MetadataValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The vocabulary of a {@code tokenizer.json} with byte-pair encoding, of bytes (GPT-2's kind) or of
 * characters with bytes for the rest (SentencePiece's kind).
 *
 * <p>SentencePiece merges the pair that makes the token with the highest score; published merges
 * are in the order of those scores. So a token's score is the negated place of the first merge that
 * makes it.
 */
final class PublishedVocabulary {
  private static final String PREFIX = "tokenizer.ggml.";
  private static final String SPACE = "\u2581";
  private static final Pattern BYTE = Pattern.compile("<0x[0-9A-F]{2}>");
  private static final int NORMAL = 1;
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int UNUSED = 5;
  private static final int ONE_BYTE = 6;

  private final Fields tokenizer;
  private final Fields model;
  private final @Nullable String[] tokens;
  private final int[] types;
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<String> merges;

  private PublishedVocabulary(Fields tokenizer, Fields model, int rows) {
    this.tokenizer = tokenizer;
    this.model = model;
    this.tokens = new @Nullable String[rows];
    this.types = new int[rows];
    this.merges = readMerges(model);
  }

  /**
   * Reads it.
   *
   * @param rows how many tokens the model's embeddings have; ids end there
   * @throws io.yuntai.engine.ModelFormatException for another kind of tokenizer, or a damaged file
   */
  static PublishedVocabulary read(Fields tokenizer, int rows) {
    Fields model =
        tokenizer.object("model").orElseThrow(() -> tokenizer.refuse("model is missing"));
    String type = model.text("type").orElse(model.has("merges") ? "BPE" : "none");
    if (!type.equals("BPE")) {
      throw tokenizer.refuse(
          "the tokenizer is of the type %s, which is not supported; BPE is".formatted(type));
    }
    PublishedVocabulary vocabulary = new PublishedVocabulary(tokenizer, model, rows);
    vocabulary.readTokens();
    return vocabulary;
  }

  /** Number of tokens, fillers included. */
  int size() {
    return tokens.length;
  }

  /** A token's id; -1 where there is none. */
  int id(String token) {
    return ids.getOrDefault(token, -1);
  }

  private void readTokens() {
    Fields vocabulary = model.object("vocab").orElseThrow(() -> model.refuse("vocab is missing"));
    boolean fallsBack = !isByteLevel();
    for (String token : vocabulary.values().keySet()) {
      boolean isByte = fallsBack && BYTE.matcher(token).matches();
      put(vocabulary.whole(token, 0, tokens.length - 1L), token, isByte ? ONE_BYTE : NORMAL);
    }
    Set<Long> added = new java.util.HashSet<>();
    for (Fields token : tokenizer.objects("added_tokens")) {
      String text = token.text("content").orElseThrow(() -> token.refuse("content is missing"));
      long id = token.whole("id", 0, Integer.MAX_VALUE);
      if (id >= tokens.length) {
        throw token.refuse(
            "'%s' has the id %d, but the model's embeddings have %d rows"
                .formatted(text, id, tokens.length));
      }
      if (!added.add(id)) {
        throw token.refuse("the id %d stands twice".formatted(id));
      }
      String before = tokens[(int) id];
      if (before != null && !before.equals(text)) {
        throw token.refuse("the id %d is '%s' and '%s'".formatted(id, before, text));
      }
      tokens[(int) id] = null;
      put(id, text, token.flag("special", false) ? CONTROL : USER_DEFINED);
    }
    int unknown = model.text("unk_token").map(this::id).orElse(-1);
    if (unknown >= 0 && fallsBack) {
      types[unknown] = UNKNOWN;
    }
    fillGaps();
  }

  private void put(long id, String token, int type) {
    int at = (int) id;
    if (tokens[at] != null) {
      throw model.refuse("the id %d stands for '%s' and '%s'".formatted(id, tokens[at], token));
    }
    tokens[at] = token;
    types[at] = type;
    ids.put(token, at);
  }

  /** Embeddings often have more rows than there are tokens. */
  private void fillGaps() {
    for (int id = 0; id < tokens.length; id++) {
      if (tokens[id] == null) {
        tokens[id] = "[PAD" + id + "]";
        types[id] = UNUSED;
      }
    }
  }

  private static List<String> readMerges(Fields model) {
    List<String> merges = new ArrayList<>();
    for (Object merge : model.list("merges")) {
      if (merge instanceof String text) {
        merges.add(text);
      } else if (merge instanceof List<?> pair
          && pair.size() == 2
          && pair.get(0) instanceof String left
          && pair.get(1) instanceof String right) {
        merges.add(left + " " + right);
      } else {
        throw model.refuse("a merge is no pair of tokens");
      }
      if (merges.getLast().indexOf(' ') <= 0) {
        throw model.refuse("a merge is no pair of tokens");
      }
    }
    return merges;
  }

  private boolean isByteLevel() {
    return hasStep("pre_tokenizer", "pretokenizers", "ByteLevel")
        || hasStep("decoder", "decoders", "ByteLevel");
  }

  private boolean hasStep(String part, String members, String type) {
    return TokenizerSteps.of(tokenizer, part, members).stream()
        .anyMatch(step -> TokenizerSteps.type(step).equals(type));
  }

  /** Writes the vocabulary's keys. */
  void describe(Description into) {
    boolean byteLevel = isByteLevel();
    into.put(PREFIX + "model", MetadataValue.text(byteLevel ? "gpt2" : "llama"));
    into.put(
        PREFIX + "pre",
        MetadataValue.text(
            byteLevel
                ? PublishedSplitRule.name(tokenizer, model.flag("ignore_merges", false))
                : "default"));
    into.put(PREFIX + "tokens", MetadataValue.strings(Arrays.asList(filled())));
    into.put(PREFIX + "token_type", MetadataValue.ints(types));
    if (byteLevel) {
      checkNormalizer(Set.of("NFC"));
      into.put(PREFIX + "merges", MetadataValue.strings(merges));
      return;
    }
    if (!model.flag("byte_fallback", false)) {
      throw model.refuse("byte_fallback is not true, which is not supported");
    }
    checkNormalizer(Set.of("Prepend", "Replace"));
    into.put(PREFIX + "scores", MetadataValue.floats(scores()));
    into.put(PREFIX + "add_space_prefix", MetadataValue.flag(prependsSpace()));
  }

  private String[] filled() {
    String[] filled = new String[tokens.length];
    for (int i = 0; i < filled.length; i++) {
      filled[i] = String.valueOf(tokens[i]);
    }
    return filled;
  }

  /**
   * NFC is passed over, as llama.cpp does: text that is typed is in that form already. Replacing
   * spaces and putting one in front is what GGUF's {@code llama} does by itself.
   */
  private void checkNormalizer(Set<String> known) {
    for (Fields step : TokenizerSteps.of(tokenizer, "normalizer", "normalizers")) {
      String type = TokenizerSteps.type(step);
      if (!known.contains(type)) {
        throw step.refuse("the step %s is not supported".formatted(type));
      }
      boolean otherText =
          switch (type) {
            case "Replace" -> !(TokenizerSteps.pattern(step).equals(" ") && has(step, "content"));
            case "Prepend" -> !has(step, "prepend");
            default -> false;
          };
      if (otherText) {
        throw step.refuse("the step %s does something else than with spaces".formatted(type));
      }
    }
  }

  private static boolean has(Fields step, String key) {
    return step.text(key).orElse("").equals(SPACE);
  }

  private boolean prependsSpace() {
    if (hasStep("normalizer", "normalizers", "Prepend")) {
      return true;
    }
    for (Fields step : TokenizerSteps.of(tokenizer, "pre_tokenizer", "pretokenizers")) {
      switch (TokenizerSteps.type(step)) {
        case "Metaspace" -> {
          return !step.text("prepend_scheme")
              .orElse(step.flag("add_prefix_space", true) ? "always" : "never")
              .equals("never");
        }
        // Spaces have been replaced by then, so that none is left to split at.
        case "Split" -> {
          if (!TokenizerSteps.pattern(step).equals(" ")) {
            throw step.refuse("splitting by a pattern is not supported for this kind");
          }
        }
        default ->
            throw step.refuse("the step %s is not supported".formatted(TokenizerSteps.type(step)));
      }
    }
    return false;
  }

  private float[] scores() {
    float[] scores = new float[tokens.length];
    Arrays.fill(scores, -merges.size() - 1f);
    for (int rank = merges.size() - 1; rank >= 0; rank--) {
      String merge = merges.get(rank);
      int space = merge.indexOf(' ');
      int made = id(merge.substring(0, space) + merge.substring(space + 1));
      if (made >= 0) {
        scores[made] = -rank;
      }
    }
    return scores;
  }
}
