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
 * <p>There are two ways of cleaning, see {@link Cleaning}.
 */
final class WordPiece implements Scheme {
  private static final byte[] WORD_START = "\u2581".getBytes(StandardCharsets.UTF_8);

  /** BERT's own limit: a longer word is unknown. */
  private static final int MAX_WORD_CHARACTERS = 100;

  /** What is done to text before it is looked up. */
  enum Cleaning {
    /**
     * As llama.cpp does, which made the reference vectors of files with the rule {@code bert-bge}.
     * It differs from BERT's own in ways that concern few texts: of a character's canonical
     * decomposition only the first character stays (so a Korean syllable gives its first
     * consonant), all marks are dropped, not only those that take no space, and words may have any
     * length.
     */
    FIRST_OF_DECOMPOSITION,
    /** As BERT's authors do, and with them whoever trains or runs such models in Python. */
    ORIGINAL
  }

  private final ByteStrings tokens;
  private final TokenKind[] kinds;
  private final TokenTable table;
  private final int unknown;
  private final Cleaning cleaning;

  /**
   * @param unknown token of a word that can't be spelled
   */
  WordPiece(
      ByteStrings tokens, TokenKind[] kinds, TokenTable table, int unknown, Cleaning cleaning) {
    this.tokens = tokens;
    this.kinds = kinds;
    this.table = table;
    this.unknown = unknown;
    this.cleaning = cleaning;
  }

  @Override
  public void encode(String text, int from, int to, boolean startsAnew, IdList ids) {
    ByteList word = new ByteList();
    for (int i = from; i < to; ) {
      int whole = text.codePointAt(i);
      i += Character.charCount(whole);
      if (whole < 0xC0) {
        add(whole, word, ids);
      } else if (cleaning == Cleaning.ORIGINAL) {
        addOriginal(whole, word, ids);
      } else {
        String parts = Normalizer.normalize(Character.toString(whole), Normalizer.Form.NFD);
        add(parts.codePointAt(0), word, ids);
      }
    }
    endWord(word, ids);
  }

  private void add(int codePoint, ByteList word, IdList ids) {
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

  /**
   * A character beyond Latin-1's signs: Han characters are told by what stands in the text, all
   * else by the parts of its canonical decomposition.
   */
  private void addOriginal(int whole, ByteList word, IdList ids) {
    if (isDropped(whole)) {
      return;
    }
    boolean han = isHan(whole);
    if (han) {
      endWord(word, ids);
    }
    String parts = Normalizer.normalize(Character.toString(whole), Normalizer.Form.NFD);
    for (int i = 0; i < parts.length(); ) {
      int part = parts.codePointAt(i);
      i += Character.charCount(part);
      if (Character.getType(part) != Character.NON_SPACING_MARK) {
        add(part, word, ids);
      }
    }
    if (han) {
      endWord(word, ids);
    }
  }

  private static void addToWord(int codePoint, ByteList word) {
    if (word.size() == 0) {
      word.add(WORD_START);
    }
    word.addCodePoint(codePoint);
  }

  private void endWord(ByteList word, IdList ids) {
    int before = ids.size();
    boolean tooLong = cleaning == Cleaning.ORIGINAL && isTooLong(word);
    for (int at = 0; at < word.size(); ) {
      int id = tooLong ? -1 : longestAt(word, at);
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

  private static boolean isTooLong(ByteList word) {
    if (word.size() <= MAX_WORD_CHARACTERS) {
      return false;
    }
    int characters = -1; // what marks the start of a word is none
    for (int i = 0; i < word.size(); i++) {
      boolean starts = (word.array()[i] & 0xC0) != 0x80;
      characters += starts ? 1 : 0;
    }
    return characters > MAX_WORD_CHARACTERS;
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

  /** Unicode's property White_Space. */
  private static boolean isWhitespace(int codePoint) {
    return codePoint == ' '
        || (codePoint >= '\t' && codePoint <= '\r')
        || codePoint == 0x85
        || Character.isSpaceChar(codePoint);
  }

  private boolean isDropped(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.NON_SPACING_MARK ->
          true;
      case Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          cleaning == Cleaning.FIRST_OF_DECOMPOSITION;
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
