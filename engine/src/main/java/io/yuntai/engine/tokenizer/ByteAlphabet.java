package io.yuntai.engine.tokenizer;

import java.util.Arrays;

/**
 * The byte alphabet of GPT-2: a character for each byte, so that vocabularies of bytes can be
 * written as text. Visible Latin-1 characters stand for themselves; the other 68 bytes, in order,
 * for U+0100 and following.
 */
final class ByteAlphabet {
  private static final char[] CHARACTERS = new char[256];

  /** Byte of each character below U+0144, or -1. */
  private static final short[] BYTES = new short[0x144];

  static {
    Arrays.fill(BYTES, (short) -1);
    int others = 0;
    for (int value = 0; value < 256; value++) {
      boolean visible = (value >= '!' && value <= '~') || (value >= 0xA1 && value != 0xAD);
      CHARACTERS[value] = (char) (visible ? value : 0x100 + others++);
      BYTES[CHARACTERS[value]] = (short) value;
    }
  }

  private ByteAlphabet() {}

  /** The character that stands for a byte (0 to 255). */
  static char character(int value) {
    return CHARACTERS[value];
  }

  /** The byte that a character stands for, or -1. */
  static int byteOf(char character) {
    return character < BYTES.length ? BYTES[character] : -1;
  }
}
