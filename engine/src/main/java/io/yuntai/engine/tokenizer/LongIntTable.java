package io.yuntai.engine.tokenizer;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A hash table from {@code long} to non-negative {@code int} by open addressing: two arrays, no
 * boxes. Filled once, then only read.
 */
final class LongIntTable {
  private static final int EMPTY = -1;

  /** Random, so that no file can hold keys chosen to collide. No result depends on it. */
  private static final long SALT = new SplittableRandom().nextLong();

  private final long[] keys;
  private final int[] values;
  private final int mask;
  private int size;

  /**
   * @param capacity how many keys will be put at most
   */
  LongIntTable(int capacity) {
    int slots = Integer.highestOneBit(Math.max(8, Math.multiplyExact(capacity, 2)) - 1) << 1;
    keys = new long[slots];
    values = new int[slots];
    Arrays.fill(values, EMPTY);
    mask = slots - 1;
  }

  /** The value of a key, or -1. */
  int get(long key) {
    int slot = mix(key) & mask;
    while (values[slot] != EMPTY) {
      if (keys[slot] == key) {
        return values[slot];
      }
      slot = (slot + 1) & mask;
    }
    return EMPTY;
  }

  /** Sets a key's value unless it has one; says whether it was set. */
  boolean putIfAbsent(long key, int value) {
    int slot = mix(key) & mask;
    while (values[slot] != EMPTY) {
      if (keys[slot] == key) {
        return false;
      }
      slot = (slot + 1) & mask;
    }
    if (++size > mask) {
      throw new IllegalStateException("more keys than the capacity of " + mask);
    }
    keys[slot] = key;
    values[slot] = value;
    return true;
  }

  /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014), folded. */
  private static int mix(long key) {
    long z = key ^ SALT;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return (int) (z ^ (z >>> 31));
  }
}
