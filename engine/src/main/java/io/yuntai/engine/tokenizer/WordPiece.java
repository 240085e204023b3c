package io.yuntai.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/**
 * WordPiece (BERT, lower case): text is cleaned, lower-cased and cut into words, and each word into
 * the longest tokens from left to right; a word that can't be cut so is one unknown token.
 *
 * <p>GGUF spells a token that starts a word with U+2581 before it, and one that continues a word
 * plainly (BERT's own files write {@code ##} before the latter).
 *
 * <p>Cleaning follows the reference vectors made with llama.cpp. It differs from BERT's own in two
 * ways that concern few texts: of a character's canonical decomposition only the first character
 * stays (so a Korean syllable gives its first consonant), and all marks are dropped, not only those
 * that take no space.
 */
final class WordPiece implements Scheme {
  private static final byte[] WORD_START = "\u2581".getBytes(StandardCharsets.UTF_8);

  private final ByteStrings tokens;
  private final TokenKind[] kinds;
  private final TokenTable table;
  private final int unknown;

  /**
   * @param unknown token of a word that can't be spelled
   */
  WordPiece(ByteStrings tokens, TokenKind[] kinds, TokenTable table, int unknown) {
    this.tokens = tokens;
    this.kinds = kinds;
    this.table = table;
    this.unknown = unknown;
  }

  @Override
  public void encode(String text, int from, int to, boolean startsAnew, IdList ids) {
    ByteList word = new ByteList();
    for (int i = from; i < to; ) {
      int whole = text.codePointAt(i);
      i += Character.charCount(whole);
      int codePoint = baseOf(whole);
      if (isWhitespace(codePoint)) {
        endWord(word, ids);
      } else if (isWordOfItsOwn(codePoint)) {
        endWord(word, ids);
        addToWord(codePoint, word);
        endWord(word, ids);
      } else if (!isDropped(codePoint)) {
        addToWord(Character.toLowerCase(codePoint), word);
      }
    }
    endWord(word, ids);
  }

  private static void addToWord(int codePoint, ByteList word) {
    if (word.size() == 0) {
      word.add(WORD_START);
    }
    word.addCodePoint(codePoint);
  }

  private void endWord(ByteList word, IdList ids) {
    int before = ids.size();
    for (int at = 0; at < word.size(); ) {
      int id = longestAt(word, at);
      if (id < 0) {
        ids.truncate(before);
        ids.add(unknown);
        break;
      }
      ids.add(id);
      at += tokens.lengths()[id];
    }
    word.clear();
  }

  private int longestAt(ByteList word, int from) {
    byte[] bytes = word.array();
    int longest = Math.min(word.size(), from + table.longest());
    long hash = TokenTable.EMPTY_HASH;
    int best = -1;
    for (int to = from + 1; to <= longest; to++) {
      hash = TokenTable.extend(hash, bytes[to - 1]);
      int id = table.find(bytes, from, to, hash);
      if (id >= 0 && kinds[id].madeFromText()) {
        best = id;
      }
    }
    return best;
  }

  /** First character of the canonical decomposition. */
  private static int baseOf(int codePoint) {
    return codePoint < 0xC0
        ? codePoint
        : Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFD).codePointAt(0);
  }

  /** Unicode's property White_Space. */
  private static boolean isWhitespace(int codePoint) {
    return codePoint == ' '
        || (codePoint >= '\t' && codePoint <= '\r')
        || codePoint == 0x85
        || Character.isSpaceChar(codePoint);
  }

  private static boolean isDropped(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.NON_SPACING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.ENCLOSING_MARK ->
          true;
      default -> codePoint == 0xFFFD;
    };
  }

  private static boolean isWordOfItsOwn(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      case Character.MATH_SYMBOL,
          Character.CURRENCY_SYMBOL,
          Character.MODIFIER_SYMBOL,
          Character.OTHER_SYMBOL ->
          codePoint < 0x7F;
      default -> isHan(codePoint);
    };
  }

  /** The blocks of Han characters that BERT lists. */
  private static boolean isHan(int codePoint) {
    return (codePoint >= 0x4E00 && codePoint <= 0x9FFF)
        || (codePoint >= 0x3400 && codePoint <= 0x4DBF)
        || (codePoint >= 0x20000 && codePoint <= 0x2A6DF)
        || (codePoint >= 0x2A700 && codePoint <= 0x2B81F)
        || (codePoint >= 0x2B920 && codePoint <= 0x2CEAF)
        || (codePoint >= 0xF900 && codePoint <= 0xFAFF)
        || (codePoint >= 0x2F800 && codePoint <= 0x2FA1F);
  }

  @Override
  public byte[] bytes(int id) {
    return kinds[id] == TokenKind.UNUSED ? new byte[0] : SentencePieceBpe.spacesShown(tokens, id);
  }
}
