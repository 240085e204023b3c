package io.yuntai.engine.tokenizer;

import java.util.Arrays;

/** A growing array of ints. */
final class IdList {
  private int[] array = new int[32];
  private int size;

  int size() {
    return size;
  }

  int get(int index) {
    return array[index];
  }

  void clear() {
    size = 0;
  }

  void add(int value) {
    if (size == array.length) {
      array = Arrays.copyOf(array, (int) Math.min(size * 2L, Integer.MAX_VALUE - 16));
    }
    array[size++] = value;
  }

  /** Forgets all values from an index on. */
  void truncate(int newSize) {
    size = newSize;
  }

  int[] toArray() {
    return Arrays.copyOf(array, size);
  }
}
