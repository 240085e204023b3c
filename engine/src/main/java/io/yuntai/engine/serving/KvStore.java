package io.yuntai.engine.serving;

import io.yuntai.engine.serving.PrefixTree.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All KV blocks of a decoder. Each is free, or one sequence's own, or shared in the {@link
 * PrefixTree}.
 *
 * <p>A sequence writes into its own blocks only. A block becomes shared after the step that filled
 * it, and is never written again; where an equal one is shared already, the sequence takes that one
 * and gives its own back. The numeric contract makes both the same: keys and values depend on the
 * tokens before them and on nothing else.
 *
 * <p>For one thread.
 */
final class KvStore {
  private final int blockTokens;
  private final KvBlockPool pool;
  private final PrefixTree tree;
  private final WindowBlocks windows;
  private long counts;

  /**
   * What the tree has of a sequence's beginning.
   *
   * @param blocks how many blocks
   * @param unreferenced how many of them nobody holds, so that holding them leaves fewer available
   */
  record Match(int blocks, int unreferenced) {}

  /** Fills blocks. */
  interface Loader {
    /**
     * @param index the block's place in its sequence
     * @param block to be filled
     */
    void load(int index, int block);
  }

  /**
   * @param blocks number of blocks
   * @param blockTokens positions in one
   */
  KvStore(int blocks, int blockTokens) {
    this(blocks, blockTokens, 0, 0);
  }

  /**
   * @param blocks number of blocks
   * @param blockTokens positions in one
   * @param windowTokens most positions that layers with a window see; 0 where all blocks are kept
   *     whole
   * @param windowBlocks number of these layers' blocks
   */
  KvStore(int blocks, int blockTokens, int windowTokens, int windowBlocks) {
    this.blockTokens = blockTokens;
    pool = new KvBlockPool(blocks);
    tree = new PrefixTree(blockTokens);
    windows = new WindowBlocks(blockTokens, windowTokens, windowBlocks);
  }

  /** The blocks of layers with a window. */
  WindowBlocks windows() {
    return windows;
  }

  /** Number of blocks. */
  int blocks() {
    return pool.blocks();
  }

  /** Blocks that no sequence holds but that are kept to be found again. */
  int cached() {
    return tree.unreferenced();
  }

  /** Blocks that a sequence may get: the free ones and, one after another, the cached ones. */
  int available() {
    return pool.freeBlocks() + tree.unreferenced();
  }

  /**
   * How much of a sequence without blocks is there.
   *
   * @param mostTokens of {@code tokens} to look for
   */
  Match match(String namespace, int[] tokens, int mostTokens) {
    List<Node> nodes = follow(new ArrayList<>(), namespace, tokens, mostTokens);
    int blocks = windows.reachable(nodes, 0);
    int unreferenced = 0;
    for (Node node : nodes.subList(0, blocks)) {
      unreferenced += node.references() == 0 ? 1 : 0;
    }
    return new Match(blocks, unreferenced);
  }

  /** Adds those nodes to a path that the tree has of the following tokens. */
  private List<Node> follow(List<Node> path, String namespace, int[] tokens, int mostTokens) {
    while ((path.size() + 1) * blockTokens <= mostTokens) {
      Node last = path.isEmpty() ? null : path.getLast();
      Node next = tree.find(namespace, last, tokens, path.size() * blockTokens);
      if (next == null) {
        break;
      }
      path.add(next);
    }
    return path;
  }

  /**
   * Takes the shared blocks that follow those the table has, in the place of its own ones where it
   * has these already.
   *
   * @param mostTokens of {@code tokens} to take
   * @return how many tokens' keys and values the shared blocks now hold
   */
  int adopt(KvTable table, String namespace, int[] tokens, int mostTokens) {
    int held = table.shared().size();
    if ((held + 1) * blockTokens > mostTokens
        || tree.find(namespace, last(table), tokens, held * blockTokens) == null) {
      return held * blockTokens;
    }
    List<Node> nodes = follow(new ArrayList<>(table.shared()), namespace, tokens, mostTokens);
    int reachable = windows.reachable(nodes, held);
    for (int at = held; at < reachable; at++) {
      tree.hold(nodes.get(at));
      if (at < table.blocks().length) {
        pool.giveBack(table.blocks()[at]);
        windows.giveBackOwn(table, at);
      } else {
        table.append(nodes.get(at).block());
      }
      table.share(nodes.get(at));
    }
    if (reachable > held) {
      windows.moveTo(table, reachable * blockTokens);
    }
    return reachable * blockTokens;
  }

  /**
   * Puts a sequence's first blocks, which were stored elsewhere, among the cached ones; as many as
   * there is room for.
   *
   * @param blocks how many are to be had
   * @param load fills a block with the content of the sequence's block of this index
   */
  void restore(String namespace, int[] tokens, int blocks, Loader load) {
    List<Node> path = new ArrayList<>(blocks);
    while (path.size() < blocks) {
      int at = path.size();
      Node last = path.isEmpty() ? null : path.getLast();
      Node node = tree.find(namespace, last, tokens, at * blockTokens);
      if (node != null) {
        tree.hold(node); // what follows must not evict it
      } else if (available() > 0) {
        int block = pool.freeBlocks() > 0 ? pool.take() : evict();
        load.load(at, block);
        node = tree.add(namespace, last, tokens, at * blockTokens, block);
      } else {
        break;
      }
      path.add(node);
    }
    tree.release(path);
  }

  /**
   * Shares what is full, and gives up what layers with a window don't see any more.
   *
   * @param computed how many of {@code tokens} have their keys and values stored
   */
  void publish(KvTable table, String namespace, int[] tokens, int computed) {
    for (int at = table.shared().size(); (at + 1) * blockTokens <= computed; at++) {
      Node node = tree.find(namespace, last(table), tokens, at * blockTokens);
      if (node == null) {
        int block = table.blocks()[at];
        node = tree.add(namespace, last(table), tokens, at * blockTokens, block);
      } else {
        tree.hold(node);
        pool.giveBack(table.blocks()[at]);
      }
      windows.share(table, at, node);
      table.share(node);
    }
    windows.moveTo(table, computed);
  }

  /**
   * Gives a table further blocks, evicting cached ones where none is free.
   *
   * @throws IllegalStateException when none is available: the scheduler has counted wrongly
   */
  void grow(KvTable table, int blocks) {
    for (int i = 0; i < blocks; i++) {
      table.append(pool.freeBlocks() > 0 ? pool.take() : evict());
    }
  }

  private int evict() {
    Node node = tree.evict();
    windows.forget(node);
    return node.block();
  }

  /** Takes its own blocks from a table but for the first {@code count} blocks. */
  void shrink(KvTable table, int count) {
    int kept = Math.max(count, table.shared().size());
    if (kept < table.blocks().length) {
      for (int i = kept; i < table.blocks().length; i++) {
        pool.giveBack(table.blocks()[i]);
        windows.giveBackOwn(table, i);
      }
      table.truncate(kept);
    }
  }

  /** Takes all blocks from a table; the shared ones stay cached. */
  void release(KvTable table) {
    windows.release(table);
    for (int i = table.shared().size(); i < table.blocks().length; i++) {
      pool.giveBack(table.blocks()[i]);
    }
    tree.release(table.shared());
    table.clear();
  }

  /**
   * How many blocks become available as each table is released, if the last is released first.
   *
   * @param tables of all sequences that hold blocks
   */
  int[] exclusive(List<KvTable> tables) {
    counts++;
    int[] exclusive = new int[tables.size()];
    for (int i = 0; i < exclusive.length; i++) {
      KvTable table = tables.get(i);
      exclusive[i] = table.blocks().length - table.shared().size();
      for (Node node : table.shared()) {
        exclusive[i] += node.firstIn(counts) ? 1 : 0;
      }
    }
    return exclusive;
  }

  /**
   * Checks that every block is free, or in the tree, or one table's own, once; and that the tree's
   * references are those of the tables.
   *
   * @param tables of all sequences
   * @throws IllegalStateException naming the first rule that does not hold
   */
  void checkIntegrity(Collection<KvTable> tables) {
    IdentityHashMap<Node, Integer> references = new IdentityHashMap<>();
    List<int[]> holders = new ArrayList<>();
    for (KvTable table : tables) {
      Node before = null;
      for (int i = 0; i < table.shared().size(); i++) {
        Node node = table.shared().get(i);
        require(node.follows(before), "a table's shared blocks follow each other in the tree");
        require(node.block() == table.blocks()[i], "a shared block is at its place in the table");
        references.merge(node, 1, Integer::sum);
        before = node;
      }
      int from = table.shared().size();
      holders.add(Arrays.copyOfRange(table.blocks(), from, table.blocks().length));
    }
    List<Node> nodes = tree.checkIntegrity();
    for (Node node : nodes) {
      Integer counted = references.remove(node);
      require(node.references() == (counted == null ? 0 : counted), "references are counted");
      holders.add(new int[] {node.block()});
    }
    require(references.isEmpty(), "what a table shares is in the tree");
    pool.checkIntegrity(holders);
    windows.checkIntegrity(tables, nodes);
  }

  private static @Nullable Node last(KvTable table) {
    return table.shared().isEmpty() ? null : table.shared().getLast();
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalStateException("broken rule: " + rule);
    }
  }
}
