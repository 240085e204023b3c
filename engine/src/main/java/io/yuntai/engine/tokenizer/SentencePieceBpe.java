package io.yuntai.engine.tokenizer;

import io.yuntai.engine.ModelFormatException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * SentencePiece BPE (Llama 2, Mistral, Gemma): a stretch of text is one piece, spaces are written
 * U+2581, and neighbours merge while together they are a token, the highest score first. What is
 * left without a token is spelled in bytes.
 *
 * <p>After Kudo and Richardson, "SentencePiece" (2018); details as in the reference vectors made
 * with llama.cpp: a space is put before the text and before each stretch that follows a special
 * token, where the model wants it.
 */
final class SentencePieceBpe implements Scheme {
  /** U+2581, which stands for a space, in UTF-8. */
  private static final byte[] SPACE = "\u2581".getBytes(StandardCharsets.UTF_8);

  private final ByteStrings tokens;
  private final TokenKind[] kinds;
  private final TokenTable table;
  private final boolean addsSpacePrefix;

  /**
   * Whether no token has a space after something else. Then nothing merges across the start of a
   * run of spaces, and cutting there changes no id but keeps the merger's heap small.
   */
  private final boolean spacesStartPieces;

  private final int[] byteToken = new int[256];

  /** For each byte token the byte, else -1. */
  private final short[] byteOfToken;

  /** Ranks such that the higher score has the lower rank. */
  private final int[] ranks;

  /**
   * @param unknown token for a byte that has none, or -1
   */
  SentencePieceBpe(
      ByteStrings tokens,
      TokenKind[] kinds,
      TokenTable table,
      float[] scores,
      boolean addsSpacePrefix,
      int unknown) {
    this.tokens = tokens;
    this.kinds = kinds;
    this.table = table;
    this.addsSpacePrefix = addsSpacePrefix;
    ranks = new int[scores.length];
    for (int id = 0; id < scores.length; id++) {
      ranks[id] = rank(id, scores[id]);
    }
    spacesStartPieces = spacesOnlyStartTokens();
    byteOfToken = readByteTokens();
    fillByteTokens(unknown);
  }

  /** The order of floats as the order of ints, turned round. */
  private static int rank(int id, float score) {
    if (!Float.isFinite(score)) {
      throw new ModelFormatException(
          "The vocabulary is damaged: token %d has the score %s.".formatted(id, score));
    }
    int bits = Float.floatToIntBits(score + 0.0f);
    return ~(bits ^ ((bits >> 31) & Integer.MAX_VALUE));
  }

  private boolean spacesOnlyStartTokens() {
    for (int id = 0; id < kinds.length; id++) {
      if (kinds[id].madeFromText()) {
        byte[] spelling = tokens.bytes(id);
        boolean afterSpace = true;
        for (int i = 0; i < spelling.length; i++) {
          boolean space = isSpaceAt(spelling, i);
          if (space && !afterSpace) {
            return false;
          }
          afterSpace = space;
          i += space ? SPACE.length - 1 : 0;
        }
      }
    }
    return true;
  }

  private static boolean isSpaceAt(byte[] spelling, int from) {
    return Arrays.equals(
        spelling, from, Math.min(from + SPACE.length, spelling.length), SPACE, 0, SPACE.length);
  }

  private short[] readByteTokens() {
    Arrays.fill(byteToken, -1);
    short[] values = new short[kinds.length];
    Arrays.fill(values, (short) -1);
    for (int id = 0; id < kinds.length; id++) {
      if (kinds[id] == TokenKind.BYTE) {
        int value = byteNamed(id);
        if (byteToken[value] >= 0) {
          throw new ModelFormatException(
              "The vocabulary is damaged: tokens %d and %d both stand for byte 0x%02X."
                  .formatted(byteToken[value], id, value));
        }
        values[id] = (short) value;
        byteToken[value] = id;
      }
    }
    return values;
  }

  private int byteNamed(int id) {
    String spelling = tokens.get(id);
    if (spelling.length() == 6 && spelling.startsWith("<0x") && spelling.endsWith(">")) {
      int high = Character.digit(spelling.charAt(3), 16);
      int low = Character.digit(spelling.charAt(4), 16);
      if (high >= 0 && low >= 0) {
        return (high << 4) | low;
      }
    }
    throw new ModelFormatException(
        "The vocabulary is damaged: byte token %d is spelled \"%s\" and not like <0x0A>."
            .formatted(id, spelling));
  }

  private void fillByteTokens(int unknown) {
    for (int value = 0; value < 256; value++) {
      if (byteToken[value] < 0) {
        int id = textToken(new byte[] {(byte) value}, 0, 1);
        byteToken[value] = id >= 0 ? id : unknown;
        if (byteToken[value] < 0) {
          throw new ModelFormatException(
              "The vocabulary is damaged: it has neither a token for byte 0x%02X nor an unknown token."
                  .formatted(value));
        }
      }
    }
  }

  @Override
  public void encode(String text, int from, int to, boolean startsAnew, IdList ids) {
    ByteList bytes = new ByteList();
    PairMerger merger = new PairMerger();
    boolean afterSpace = addsSpacePrefix && startsAnew;
    if (afterSpace) {
      addSymbol(' ', bytes, merger);
    }
    for (int i = from; i < to; ) {
      int codePoint = text.codePointAt(i);
      boolean space = codePoint == ' ' || codePoint == '\u2581';
      if (space && !afterSpace && spacesStartPieces) {
        endPiece(bytes, merger, ids);
      }
      afterSpace = space;
      addSymbol(codePoint, bytes, merger);
      i += Character.charCount(codePoint);
    }
    endPiece(bytes, merger, ids);
  }

  private void endPiece(ByteList bytes, PairMerger merger, IdList ids) {
    byte[] array = bytes.array();
    merger.merge(bytes.size(), (_, _, start, end) -> merge(array, start, end));
    for (int symbol = merger.first(); symbol >= 0; symbol = merger.after(symbol)) {
      if (merger.id(symbol) >= 0) {
        ids.add(merger.id(symbol));
      } else {
        for (int i = merger.start(symbol); i < merger.end(symbol); i++) {
          ids.add(byteToken[array[i] & 0xFF]);
        }
      }
    }
    merger.clear();
    bytes.clear();
  }

  private void addSymbol(int codePoint, ByteList bytes, PairMerger merger) {
    int start = bytes.size();
    if (codePoint == ' ') {
      bytes.add(SPACE);
    } else {
      bytes.addCodePoint(codePoint);
    }
    merger.add(textToken(bytes.array(), start, bytes.size()), start);
  }

  private long merge(byte[] bytes, int from, int to) {
    int id = textToken(bytes, from, to);
    return id < 0 ? PairMerger.NONE : ((long) ranks[id] << 32) | id;
  }

  private int textToken(byte[] bytes, int from, int to) {
    int id = table.find(bytes, from, to);
    return id >= 0 && kinds[id].madeFromText() ? id : -1;
  }

  @Override
  public byte[] bytes(int id) {
    return switch (kinds[id]) {
      case UNUSED -> new byte[0];
      case BYTE -> new byte[] {(byte) byteOfToken[id]};
      case NORMAL -> spacesShown(tokens, id);
      case USER_DEFINED, UNKNOWN, CONTROL -> tokens.bytes(id);
    };
  }

  /** A token's spelling with U+2581 as the space that it stands for. */
  static byte[] spacesShown(ByteStrings tokens, int id) {
    byte[] spelling = tokens.bytes(id);
    int kept = 0;
    for (int i = 0; i < spelling.length; i++) {
      if (isSpaceAt(spelling, i)) {
        spelling[kept++] = ' ';
        i += SPACE.length - 1;
      } else {
        spelling[kept++] = spelling[i];
      }
    }
    return Arrays.copyOf(spelling, kept);
  }
}
