package io.yuntai.engine.tokenizer;

import java.nio.charset.StandardCharsets;

/**
 * Text out of bytes that arrive in arbitrary cuts, as tokens give them.
 *
 * <p>All that {@link #append} returned plus {@link #finish} equals the decoding of all bytes at
 * once: a character is given out once whole, and each maximal malformed part becomes U+FFFD. For
 * one stream, by one thread.
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

  /** Length of the longest end of the bytes that could still become one character, 0 to 3. */
  private static int incompleteTail(byte[] bytes) {
    int longest = Math.min(3, bytes.length);
    for (int length = 1; length <= longest; length++) {
      int lead = bytes[bytes.length - length] & 0xFF;
      if (lead < 0x80) {
        return 0;
      }
      if (lead >= 0xC0) {
        return couldContinue(bytes, bytes.length - length, length) ? length : 0;
      }
    }
    return 0;
  }

  /** Whether {@code length} bytes are a true prefix of some character (Unicode, table 3-7). */
  private static boolean couldContinue(byte[] bytes, int from, int length) {
    int lead = bytes[from] & 0xFF;
    int whole = lead < 0xC2 || lead > 0xF4 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (length >= whole) {
      return false;
    }
    if (length == 1) {
      return true;
    }
    int second = bytes[from + 1] & 0xFF;
    return switch (lead) {
      case 0xE0 -> second >= 0xA0;
      case 0xED -> second < 0xA0;
      case 0xF0 -> second >= 0x90;
      case 0xF4 -> second < 0x90;
      default -> true;
    };
  }
}
