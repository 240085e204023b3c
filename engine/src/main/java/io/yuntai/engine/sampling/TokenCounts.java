package io.yuntai.engine.sampling;

import java.util.Arrays;

/**
 * How often each token was generated, for the presence and frequency penalties. A hash table with
 * open addressing: a generation holds few of the vocabulary's tokens, and nothing is boxed.
 */
public final class TokenCounts {
  private static final int EMPTY = -1;

  private int[] ids = newTable(64);
  private int[] counts = new int[64];
  private int size;

  /** Counts one more occurrence of a token, an id of at least 0. */
  public void add(int id) {
    int slot = slot(ids, id);
    if (ids[slot] == EMPTY) {
      if (2 * (size + 1) > ids.length) {
        grow();
        slot = slot(ids, id);
      }
      ids[slot] = id;
      size++;
    }
    counts[slot]++;
  }

  /** Occurrences of a token so far. */
  public int count(int id) {
    int slot = slot(ids, id);
    return ids[slot] == EMPTY ? 0 : counts[slot];
  }

  /**
   * Subtracts {@code presence + frequency * count} from the logit of each token that occurred,
   * computed in double and rounded once to F32.
   */
  void penalise(float[] logits, double presence, double frequency) {
    for (int slot = 0; slot < ids.length; slot++) {
      int id = ids[slot];
      if (id != EMPTY) {
        logits[id] = (float) (logits[id] - (presence + frequency * counts[slot]));
      }
    }
  }

  private void grow() {
    int[] oldIds = ids;
    int[] oldCounts = counts;
    ids = newTable(2 * oldIds.length);
    counts = new int[ids.length];
    for (int i = 0; i < oldIds.length; i++) {
      if (oldIds[i] != EMPTY) {
        int slot = slot(ids, oldIds[i]);
        ids[slot] = oldIds[i];
        counts[slot] = oldCounts[i];
      }
    }
  }

  private static int[] newTable(int length) {
    int[] table = new int[length];
    Arrays.fill(table, EMPTY);
    return table;
  }

  /** Where the id is, or the free place where it belongs; the table is never full. */
  private static int slot(int[] table, int id) {
    int mask = table.length - 1;
    int slot = ((id * 0x9E3779B9) >>> 7) & mask;
    while (table[slot] != EMPTY && table[slot] != id) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
