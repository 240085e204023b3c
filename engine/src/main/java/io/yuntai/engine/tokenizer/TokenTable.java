package io.yuntai.engine.tokenizer;

import io.yuntai.engine.ModelFormatException;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * From a spelling's bytes to its id, by open addressing over the vocabulary's own bytes.
 *
 * <p>The hash is a polynomial over the bytes from left to right, so a caller that wants every
 * prefix of a text looked up (WordPiece) gets the next prefix's hash from the last with one {@link
 * #extend}.
 */
final class TokenTable {
  /** Hash of the empty string. */
  static final long EMPTY_HASH = 1;

  /** Random, so that no file can hold spellings chosen to collide. No result depends on it. */
  private static final long MULTIPLIER = new SplittableRandom().nextLong() | 1;

  /** Spreads a hash over the table (the golden ratio; Knuth, volume 3, 6.4). */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final ByteStrings tokens;
  private final int[] slots;
  private final int longest;

  /**
   * @throws ModelFormatException if two tokens are spelled alike; empty spellings are left out
   */
  TokenTable(ByteStrings tokens) {
    this.tokens = tokens;
    slots = new int[Integer.highestOneBit(Math.max(8, tokens.size()) - 1) << 2];
    Arrays.fill(slots, -1);
    int longestYet = 0;
    for (int id = 0; id < tokens.size(); id++) {
      int length = tokens.lengths()[id];
      if (length > 0) {
        insert(id);
        longestYet = Math.max(longestYet, length);
      }
    }
    longest = longestYet;
  }

  private void insert(int id) {
    byte[] data = tokens.data();
    int from = tokens.starts()[id];
    int to = from + tokens.lengths()[id];
    int slot = slot(hash(data, from, to));
    while (slots[slot] >= 0) {
      if (tokens.equal(slots[slot], data, from, to)) {
        throw new ModelFormatException(
            "The vocabulary is damaged: tokens %d and %d are both spelled \"%s\"."
                .formatted(slots[slot], id, tokens.get(id)));
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    slots[slot] = id;
  }

  /** Bytes of the longest spelling. */
  int longest() {
    return longest;
  }

  /** The id spelled {@code bytes[from, to)}, or -1. */
  int find(byte[] bytes, int from, int to) {
    return to - from > longest ? -1 : find(bytes, from, to, hash(bytes, from, to));
  }

  /** As above, with the hash of these bytes already at hand. */
  int find(byte[] bytes, int from, int to, long hash) {
    int slot = slot(hash);
    while (slots[slot] >= 0) {
      if (tokens.equal(slots[slot], bytes, from, to)) {
        return slots[slot];
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    return -1;
  }

  /** The hash of a string with one byte more. */
  static long extend(long hash, byte next) {
    return hash * MULTIPLIER + (next & 0xFF) + 1;
  }

  private static long hash(byte[] bytes, int from, int to) {
    long hash = EMPTY_HASH;
    for (int i = from; i < to; i++) {
      hash = extend(hash, bytes[i]);
    }
    return hash;
  }

  private int slot(long hash) {
    return (int) (((hash ^ (hash >>> 32)) * SPREAD) >>> 32) & (slots.length - 1);
  }
}
