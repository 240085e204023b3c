package io.yuntai.engine.serving;

import io.yuntai.engine.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A vocabulary of {@link #SIZE} tokens: 0 ends a generation, 1 is another control token, 2 to 27
 * are the letters, 28 to 35 single bytes of characters that take several, the rest pairs of
 * letters.
 */
class LetterTokenizer implements Tokenizer {
  static final int SIZE = 48;
  static final int END = 0;
  private static final byte[] PARTS = "\u00E9\u6C34\u00E8\u0301".getBytes(StandardCharsets.UTF_8);

  @Override
  public int vocabularySize() {
    return SIZE;
  }

  @Override
  public int[] encode(String text, SpecialTokens specialTokens) {
    return text.chars().map(letter -> letter - 'a' + 2).toArray();
  }

  @Override
  public byte[] bytes(int id, boolean special) {
    if (id < 2) {
      return new byte[0];
    }
    if (id < 28) {
      return new byte[] {(byte) ('a' + id - 2)};
    }
    if (id < 36) {
      return Arrays.copyOfRange(PARTS, id - 28, id - 27);
    }
    return new byte[] {(byte) ('a' + id - 36), (byte) ('b' + id - 36)};
  }

  @Override
  public String decode(int[] ids, boolean special) {
    var bytes = new java.io.ByteArrayOutputStream();
    for (int id : ids) {
      bytes.writeBytes(bytes(id, special));
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public boolean isEndOfGeneration(int id) {
    return id == END;
  }

  @Override
  public boolean isControl(int id) {
    return id < 2;
  }

  @Override
  public String spelling(int id) {
    return "<" + id + ">";
  }

  @Override
  public int beginOfSequence() {
    return -1;
  }

  @Override
  public int endOfSequence() {
    return END;
  }

  @Override
  public boolean addsBeginOfSequence() {
    return false;
  }

  @Override
  public boolean addsEndOfSequence() {
    return false;
  }
}
