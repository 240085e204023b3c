package io.yuntai.engine.serving;

import io.yuntai.engine.serving.PrefixTree.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.TreeSet;

/**
 * The KV blocks of layers with a window, which leave the cache when no token sees them any more.
 * They are numbered apart from the others, and most blocks of a long sequence have none.
 *
 * <p>A sequence holds those that its next token sees. When its window moves past a block, that is
 * free at once, unless another sequence has found the same tokens before: then more may follow, and
 * it is kept as long as there is room. So are those of the end of a sequence, where the next turn
 * of a conversation goes on. There are as many blocks as all sequences with a place ever hold, so
 * that those who need one always get it; what is kept lives on what they don't need
 * (docs/decisions/022-windows-leave-the-cache.md).
 *
 * <p>For one thread.
 */
final class WindowBlocks {
  /** In place of a block's number where there is none. */
  static final int NONE = -1;

  private final int blockTokens;
  private final int windowTokens;
  private final KvBlockPool pool;

  /** Nodes that have a block which no sequence holds, the one given up longest ago first. */
  private final TreeSet<Node> kept =
      new TreeSet<>(
          Comparator.<Node>comparingLong(Node::windowReleasedAt)
              .thenComparingInt(Node::windowBlock));

  private long now;

  /**
   * @param windowTokens most positions that are seen; 0 where there are no such layers
   * @param blocks number of blocks
   */
  WindowBlocks(int blockTokens, int windowTokens, int blocks) {
    this.blockTokens = blockTokens;
    this.windowTokens = windowTokens;
    this.pool = new KvBlockPool(blocks);
  }

  /** Whether there are such layers at all. */
  boolean exist() {
    return windowTokens > 0;
  }

  /** Index of the first block that a token at this position sees. */
  int firstSeen(int position) {
    return exist() ? Math.max(0, position - windowTokens + 1) / blockTokens : 0;
  }

  /** Blocks that are neither held nor kept. */
  int free() {
    return pool.freeBlocks();
  }

  /** Gives a table blocks of its own for some consecutive positions. */
  void cover(KvTable table, int first, int tokens) {
    if (!exist()) {
      return;
    }
    int last = (first + tokens - 1) / blockTokens;
    for (int at = first / blockTokens; at <= last; at++) {
      if (table.window()[at] == NONE) {
        table.window()[at] = take();
      }
    }
  }

  private int take() {
    if (pool.freeBlocks() == 0) {
      if (kept.isEmpty()) {
        throw new IllegalStateException("no KV block of windows is free");
      }
      forget(kept.first());
    }
    return pool.take();
  }

  /** Takes a node's block away, as when the node itself is evicted. */
  void forget(Node node) {
    if (node.windowBlock() != NONE) {
      kept.remove(node);
      pool.giveBack(node.windowBlock());
      node.windowBlock(NONE);
    }
  }

  /** Takes back a table's own block. */
  void giveBackOwn(KvTable table, int at) {
    if (table.window()[at] != NONE) {
      pool.giveBack(table.window()[at]);
      table.window()[at] = NONE;
    }
  }

  /** A table's own block becomes a node's, which it goes on to hold. */
  void share(KvTable table, int at, Node node) {
    if (!exist()) {
      return;
    }
    if (node.windowBlock() == NONE) {
      node.windowBlock(table.window()[at]);
      node.windowHolders(1);
    } else {
      giveBackOwn(table, at);
      hold(table, at, node);
    }
    table.window()[at] = node.windowBlock();
  }

  private void hold(KvTable table, int at, Node node) {
    if (node.windowHolders() == 0) {
      kept.remove(node);
    }
    node.windowHolders(node.windowHolders() + 1);
    table.window()[at] = node.windowBlock();
  }

  /**
   * How many of some nodes, which are those of a sequence's first blocks, a sequence can go on
   * from: behind the last of these, all that is seen must be there.
   *
   * @param held of these, the first ones, that a table has already
   */
  int reachable(List<Node> nodes, int held) {
    if (!exist()) {
      return nodes.size();
    }
    int best = held;
    int present = 0;
    for (int count = 1; count <= nodes.size(); count++) {
      present = nodes.get(count - 1).windowBlock() == NONE ? 0 : present + 1;
      if (count > held && present >= count - firstSeen(count * blockTokens)) {
        best = count;
      }
    }
    return best;
  }

  /** Holds what the next token of a table sees, and gives up what it doesn't. */
  void moveTo(KvTable table, int position) {
    if (!exist()) {
      return;
    }
    int from = firstSeen(position);
    for (int at = from; at < table.shared().size(); at++) {
      if (table.window()[at] == NONE) {
        hold(table, at, table.shared().get(at));
      }
    }
    for (int at = table.windowFrom(); at < Math.min(from, table.shared().size()); at++) {
      if (table.window()[at] != NONE) {
        Node node = table.shared().get(at);
        giveUp(table, at);
        if (node.windowHolders() == 0 && !node.wasFound()) {
          forget(node);
        }
      }
    }
    table.windowFrom(from);
  }

  /** Gives up all that a table holds; it is kept for who goes on from there. */
  void release(KvTable table) {
    now++;
    for (int at = table.windowFrom(); at < table.blocks().length; at++) {
      if (at >= table.shared().size()) {
        giveBackOwn(table, at);
      } else if (exist() && table.window()[at] != NONE) {
        giveUp(table, at);
      }
    }
  }

  private void giveUp(KvTable table, int at) {
    Node node = table.shared().get(at);
    table.window()[at] = NONE;
    node.windowHolders(node.windowHolders() - 1);
    if (node.windowHolders() == 0) {
      node.windowReleasedAt(now);
      kept.add(node);
    }
  }

  /**
   * Checks that every block is free, or one table's own, or a node's; and that holders are counted.
   *
   * @throws IllegalStateException naming the first rule that does not hold
   */
  void checkIntegrity(Collection<KvTable> tables, Collection<Node> nodes) {
    IdentityHashMap<Node, Integer> holders = new IdentityHashMap<>();
    List<int[]> blocks = new ArrayList<>();
    for (KvTable table : tables) {
      for (int at = 0; at < table.blocks().length; at++) {
        int block = table.window()[at];
        if (block != NONE && at < table.shared().size()) {
          Node node = table.shared().get(at);
          require(node.windowBlock() == block, "a window's shared block is the node's");
          holders.merge(node, 1, Integer::sum);
        } else if (block != NONE) {
          blocks.add(new int[] {block});
        }
        require(
            at >= table.windowFrom() || block == NONE, "what a window has left behind is not held");
      }
    }
    for (Node node : nodes) {
      Integer counted = holders.remove(node);
      require(node.windowHolders() == (counted == null ? 0 : counted), "holders are counted");
      boolean hasBlock = node.windowBlock() != NONE;
      require(hasBlock || node.windowHolders() == 0, "what is held is there");
      require(kept.contains(node) == (hasBlock && node.windowHolders() == 0), "the rest is kept");
      if (hasBlock) {
        blocks.add(new int[] {node.windowBlock()});
      }
    }
    require(holders.isEmpty(), "what a window holds is in the tree");
    pool.checkIntegrity(blocks);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalStateException("broken rule: " + rule);
    }
  }
}
