package io.yuntai.server.testing;

import io.yuntai.engine.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A token is a byte; 256 ends a generation, 257 begins a text. */
public final class ByteTokenizer implements Tokenizer {
  /** Ends a generation. */
  public static final int END = 256;

  static final int BEGIN = 257;
  static final int SIZE = 258;

  @Override
  public int vocabularySize() {
    return SIZE;
  }

  @Override
  public int[] encode(String text, SpecialTokens specialTokens) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] ids = new int[bytes.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = bytes[i] & 0xFF;
    }
    return ids;
  }

  @Override
  public byte[] bytes(int id, boolean special) {
    if (id < 256) {
      return new byte[] {(byte) id};
    }
    return special ? spelling(id).getBytes(StandardCharsets.UTF_8) : new byte[0];
  }

  @Override
  public String decode(int[] ids, boolean special) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
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
    return id >= 256;
  }

  @Override
  public String spelling(int id) {
    return switch (id) {
      case END -> "<end>";
      case BEGIN -> "<begin>";
      default -> Character.toString(id);
    };
  }

  @Override
  public int beginOfSequence() {
    return BEGIN;
  }

  @Override
  public int endOfSequence() {
    return END;
  }

  @Override
  public boolean addsBeginOfSequence() {
    return true;
  }

  @Override
  public boolean addsEndOfSequence() {
    return false;
  }
}
