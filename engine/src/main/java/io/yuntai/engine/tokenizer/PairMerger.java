package io.yuntai.engine.tokenizer;

import java.util.Arrays;

/**
 * Byte-pair merging of one piece of text in O(n log n): symbols in a linked list, and a heap of the
 * pairs that could merge next, the best rank first and of equals the leftmost.
 *
 * <p>The heap holds {@code rank << 32 | left symbol} only. An entry whose rank is no longer that of
 * the symbol's pair is stale and is skipped; where a stale entry equals a live one, it stands in
 * for it. One instance serves one thread and is reused from piece to piece.
 */
final class PairMerger {
  /** No merge for a pair. */
  static final long NONE = Long.MAX_VALUE;

  private static final int END = -1;

  /** Children of a heap node: half the levels of a binary heap, and siblings share a cache line. */
  private static final int CHILDREN = 4;

  /** What may merge. */
  @FunctionalInterface
  interface Pairs {
    /**
     * How two neighbours merge: {@code rank << 32 | merged id} with lower ranks first, or {@link
     * #NONE}.
     *
     * @param left id of the left symbol, -1 where no token is spelled so
     * @param right id of the right symbol, likewise
     * @param from where the left symbol starts in the piece's bytes
     * @param to where the right symbol ends
     */
    long merge(int left, int right, int from, int to);
  }

  private int[] ids = new int[64];
  private int[] starts = new int[64];
  private int[] next = new int[64];
  private int[] previous = new int[64];
  private long[] pairs = new long[64];
  private long[] heap = new long[64];
  private int count;
  private int end;
  private int heapSize;

  void clear() {
    count = 0;
  }

  /**
   * Adds a symbol at the end.
   *
   * @param id its token or -1
   * @param start where it starts in the piece's bytes
   */
  void add(int id, int start) {
    if (count == ids.length) {
      int capacity = Math.multiplyExact(count, 2);
      ids = Arrays.copyOf(ids, capacity);
      starts = Arrays.copyOf(starts, capacity);
      next = Arrays.copyOf(next, capacity);
      previous = Arrays.copyOf(previous, capacity);
      pairs = Arrays.copyOf(pairs, capacity);
    }
    ids[count] = id;
    starts[count] = start;
    next[count] = END;
    previous[count] = count - 1;
    if (count > 0) {
      next[count - 1] = count;
    }
    count++;
  }

  /**
   * Merges until nothing merges.
   *
   * @param endOfPiece where the last symbol ends
   */
  void merge(int endOfPiece, Pairs rules) {
    end = endOfPiece;
    heapSize = 0;
    for (int left = 0; left < count; left++) {
      rankPair(left, rules);
    }
    while (heapSize > 0) {
      long best = pop();
      int left = (int) best;
      long pair = pairs[left];
      if (pair != NONE && pair >> 32 == best >> 32) {
        join(left, (int) pair);
        rankPair(left, rules);
        if (previous[left] != END) {
          rankPair(previous[left], rules);
        }
      }
    }
  }

  /** The first symbol, or -1 if there is none. */
  int first() {
    return count == 0 ? END : 0;
  }

  /** The symbol after another, or -1 after the last. */
  int after(int symbol) {
    return next[symbol];
  }

  int id(int symbol) {
    return ids[symbol];
  }

  int start(int symbol) {
    return starts[symbol];
  }

  int end(int symbol) {
    return next[symbol] == END ? end : starts[next[symbol]];
  }

  private void join(int left, int merged) {
    int right = next[left];
    int after = next[right];
    ids[left] = merged;
    next[left] = after;
    if (after != END) {
      previous[after] = left;
    }
    pairs[right] = NONE;
  }

  private void rankPair(int left, Pairs rules) {
    int right = next[left];
    if (right == END) {
      pairs[left] = NONE;
      return;
    }
    long pair = rules.merge(ids[left], ids[right], starts[left], end(right));
    pairs[left] = pair;
    if (pair != NONE) {
      push(((pair >> 32) << 32) | left);
    }
  }

  private void push(long entry) {
    if (heapSize == heap.length) {
      heap = Arrays.copyOf(heap, Math.multiplyExact(heapSize, 2));
    }
    int at = heapSize++;
    while (at > 0) {
      int parent = (at - 1) / CHILDREN;
      if (heap[parent] <= entry) {
        break;
      }
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = entry;
  }

  private long pop() {
    final long best = heap[0];
    long last = heap[--heapSize];
    int at = 0;
    for (int child = 1; child < heapSize; child = CHILDREN * at + 1) {
      int end = Math.min(child + CHILDREN, heapSize);
      int least = child;
      for (int other = child + 1; other < end; other++) {
        if (heap[other] < heap[least]) {
          least = other;
        }
      }
      if (heap[least] >= last) {
        break;
      }
      heap[at] = heap[least];
      at = least;
    }
    heap[at] = last;
    return best;
  }
}
