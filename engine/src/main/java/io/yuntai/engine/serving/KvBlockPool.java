package io.yuntai.engine.serving;

import java.util.BitSet;
import java.util.List;

/**
 * The KV blocks of a decoder: which are free and which are held. Holders keep the numbers; the pool
 * keeps the account. For one thread.
 */
public final class KvBlockPool {
  private final int[] free;
  private final BitSet held;
  private int freeCount;

  /**
   * @param blocks number of blocks, numbered from 0
   */
  public KvBlockPool(int blocks) {
    free = new int[blocks];
    held = new BitSet(blocks);
    freeCount = blocks;
    for (int i = 0; i < blocks; i++) {
      free[i] = blocks - 1 - i;
    }
  }

  /** Number of blocks. */
  public int blocks() {
    return free.length;
  }

  /** Number of free blocks. */
  public int freeBlocks() {
    return freeCount;
  }

  /**
   * Takes a free block; the one given back last comes first, for it is likeliest in a cache.
   *
   * @throws IllegalStateException when none is free: the scheduler has counted wrongly
   */
  public int take() {
    if (freeCount == 0) {
      throw new IllegalStateException("no KV block is free");
    }
    int block = free[--freeCount];
    held.set(block);
    return block;
  }

  /**
   * Gives a block back.
   *
   * @throws IllegalStateException when nobody holds it
   */
  public void giveBack(int block) {
    if (!held.get(block)) {
      throw new IllegalStateException("KV block " + block + " is given back but not held");
    }
    held.clear(block);
    free[freeCount++] = block;
  }

  /**
   * Checks that each block is either free once or in exactly one of these tables.
   *
   * @param tables the blocks of every holder
   * @throws IllegalStateException naming the first block for which it does not hold
   */
  public void checkIntegrity(List<int[]> tables) {
    BitSet seen = new BitSet(free.length);
    for (int i = 0; i < freeCount; i++) {
      mark(seen, free[i], held.get(free[i]), "free");
    }
    for (int[] table : tables) {
      for (int block : table) {
        mark(seen, block, !held.get(block), "held");
      }
    }
    if (seen.cardinality() != free.length) {
      throw new IllegalStateException("KV block " + seen.nextClearBit(0) + " is lost");
    }
  }

  private static void mark(BitSet seen, int block, boolean contradicted, String as) {
    if (contradicted || seen.get(block)) {
      throw new IllegalStateException("KV block " + block + " is " + as + " and also elsewhere");
    }
    seen.set(block);
  }
}
