package io.yuntai.engine.tokenizer;

import java.nio.charset.StandardCharsets;

/**
 * Text out of bytes that arrive in arbitrary cuts, as tokens give them.
 *
 * <p>All that {@link #append} returned plus {@link #finish} equals the decoding of all bytes at
 * once: a character is given out once whole, and malformed bytes become U+FFFD exactly as in {@link
 * Tokenizer#decode}. For one stream, by one thread.
 */
public final class Utf8Stream {
  private final byte[] tail = new byte[4];
  private int tailLength;

  /** The characters that are whole now; empty if none is. */
  public String append(byte[] bytes) {
    byte[] all = new byte[tailLength + bytes.length];
    System.arraycopy(tail, 0, all, 0, tailLength);
    System.arraycopy(bytes, 0, all, tailLength, bytes.length);
    int whole = all.length - incompleteTail(all);
    tailLength = all.length - whole;
    System.arraycopy(all, whole, tail, 0, tailLength);
    return new String(all, 0, whole, StandardCharsets.UTF_8);
  }

  /** What is left at the end: U+FFFD for a character that was cut, else empty. */
  public String finish() {
    String rest = new String(tail, 0, tailLength, StandardCharsets.UTF_8);
    tailLength = 0;
    return rest;
  }

  /**
   * Length of a character's beginning at the end of the bytes, 0 to 3. Whether its second byte is
   * allowed is left to the decoder: a lead byte always starts a new character or replacement, so
   * cutting before it changes nothing.
   */
  private static int incompleteTail(byte[] bytes) {
    for (int length = 1; length <= Math.min(3, bytes.length); length++) {
      int value = bytes[bytes.length - length] & 0xFF;
      if (value < 0x80) {
        return 0;
      }
      if (value >= 0xC0) {
        return length < lengthOfCharacter(value) ? length : 0;
      }
    }
    return 0;
  }

  /** Bytes of a character by its lead byte; 0 for a byte that leads none. */
  private static int lengthOfCharacter(int lead) {
    if (lead < 0xC2 || lead > 0xF4) {
      return 0;
    }
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  }
}
