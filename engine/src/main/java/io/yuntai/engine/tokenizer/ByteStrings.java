package io.yuntai.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Many short byte strings in one array, so that a vocabulary of 150,000 spellings costs three
 * objects and not 300,000. The bytes are UTF-8 by intent; nothing here depends on it.
 *
 * @param data all bytes; gaps between strings are allowed
 * @param starts where each string begins in {@code data}
 * @param lengths bytes of each string
 */
public record ByteStrings(byte[] data, int[] starts, int[] lengths) {
  /** Checks that every string lies within the data. */
  public ByteStrings {
    if (starts.length != lengths.length) {
      throw new IllegalArgumentException(
          "%d starts but %d lengths".formatted(starts.length, lengths.length));
    }
    for (int i = 0; i < starts.length; i++) {
      Objects.checkFromIndexSize(starts[i], lengths[i], data.length);
    }
  }

  /** The UTF-8 bytes of each of the strings. */
  public static ByteStrings of(List<String> strings) {
    int[] starts = new int[strings.size()];
    int[] lengths = new int[strings.size()];
    ByteList data = new ByteList();
    int i = 0;
    for (String string : strings) {
      starts[i] = data.size();
      data.add(string.getBytes(StandardCharsets.UTF_8));
      lengths[i] = data.size() - starts[i];
      i++;
    }
    return new ByteStrings(data.toArray(), starts, lengths);
  }

  /** Number of strings. */
  public int size() {
    return starts.length;
  }

  /** A string; malformed UTF-8 becomes U+FFFD. */
  public String get(int index) {
    return new String(data, starts[index], lengths[index], StandardCharsets.UTF_8);
  }

  /** A copy of a string's bytes. */
  byte[] bytes(int index) {
    byte[] copy = new byte[lengths[index]];
    System.arraycopy(data, starts[index], copy, 0, copy.length);
    return copy;
  }

  /** Whether a string equals {@code other[from, to)}. */
  boolean equal(int index, byte[] other, int from, int to) {
    int start = starts[index];
    int length = lengths[index];
    if (length != to - from) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (data[start + i] != other[from + i]) {
        return false;
      }
    }
    return true;
  }
}
