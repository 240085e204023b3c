package io.yuntai.engine.speculation;

import java.util.Arrays;

/**
 * Where each pair of neighbouring tokens stands in a sequence, latest first: the hash chains of
 * LZ77 compressors over tokens. Of fixed size, without allocation once made; adding a token is one
 * store in each of two arrays.
 *
 * <p>A pair is named by the position of its second token.
 */
final class NgramIndex {
  /** Chains are walked no farther: a pair that stands in a hundred places says little. */
  static final int MAX_CANDIDATES = 48;

  private static final int NONE = -1;
  private static final int MAX_TABLE = 1 << 16;

  private final int[] latest;
  private final int[] previous;
  private final int shift;

  /**
   * @param maxLength most tokens of the sequence
   */
  NgramIndex(int maxLength) {
    int slots = Math.min(MAX_TABLE, Integer.highestOneBit(Math.max(16, maxLength)) * 2);
    latest = new int[slots];
    Arrays.fill(latest, NONE);
    previous = new int[maxLength];
    shift = Integer.numberOfLeadingZeros(slots) + 1;
  }

  /** Adds the pair that ends at a position, greater than all before. */
  void add(int first, int second, int position) {
    int slot = slot(first, second);
    previous[position] = latest[slot];
    latest[slot] = position;
  }

  /** The latest place of a pair, or of another with the same hash; negative for none. */
  int latest(int first, int second) {
    return latest[slot(first, second)];
  }

  /** The place before a place in its chain; negative for none. */
  int before(int position) {
    return previous[position];
  }

  private int slot(int first, int second) {
    return ((first * 0x9E3779B1 ^ second) * 0x85EBCA6B) >>> shift;
  }
}
