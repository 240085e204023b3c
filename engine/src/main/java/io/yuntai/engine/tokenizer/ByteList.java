package io.yuntai.engine.tokenizer;

import java.util.Arrays;

/** A growing array of bytes that shows its array, for loops that index it. */
final class ByteList {
  private byte[] array = new byte[64];
  private int size;

  /** The bytes, valid up to {@link #size()} and until the next addition. */
  byte[] array() {
    return array;
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  void add(int value) {
    reserve(1);
    array[size++] = (byte) value;
  }

  void add(byte[] values) {
    reserve(values.length);
    System.arraycopy(values, 0, array, size, values.length);
    size += values.length;
  }

  /** Adds the UTF-8 bytes of a code point that is not a surrogate. */
  void addCodePoint(int codePoint) {
    reserve(4);
    if (codePoint < 0x80) {
      array[size++] = (byte) codePoint;
    } else if (codePoint < 0x800) {
      array[size++] = (byte) (0xC0 | (codePoint >> 6));
      array[size++] = (byte) (0x80 | (codePoint & 0x3F));
    } else if (codePoint < 0x10000) {
      array[size++] = (byte) (0xE0 | (codePoint >> 12));
      array[size++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
      array[size++] = (byte) (0x80 | (codePoint & 0x3F));
    } else {
      array[size++] = (byte) (0xF0 | (codePoint >> 18));
      array[size++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
      array[size++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
      array[size++] = (byte) (0x80 | (codePoint & 0x3F));
    }
  }

  byte[] toArray() {
    return Arrays.copyOf(array, size);
  }

  private void reserve(int more) {
    int needed = Math.addExact(size, more);
    if (needed > array.length) {
      array = Arrays.copyOf(array, Math.clamp(needed * 2L, needed, Integer.MAX_VALUE - 16));
    }
  }
}
