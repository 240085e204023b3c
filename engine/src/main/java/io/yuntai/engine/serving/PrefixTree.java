package io.yuntai.engine.serving;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The full KV blocks that are worth finding again: a radix tree with one block of tokens on each
 * edge, and one tree for each namespace.
 *
 * <p>A node's keys and values depend on all tokens on the way to it, so whoever references a node
 * references its ancestors, and a node without references has none below it either: every
 * unreferenced block can be evicted, leaves first, the one released longest ago before others.
 *
 * <p>Children are found by comparing tokens, not hashes: a caller who chooses tokens cannot make
 * two prompts collide. For one thread.
 */
final class PrefixTree {
  /** One block of tokens after those of its parent. A root has no block. */
  static final class Node {
    private final @Nullable Node parent;
    private final int[] tokens;
    private final int block;
    private final NavigableMap<int[], Node> children = new TreeMap<>(Arrays::compare);
    private int references;
    private long releasedAt;
    private long countedIn;
    private int windowBlock = WindowBlocks.NONE;
    private int windowHolders;
    private long windowReleasedAt;
    private boolean found;

    private Node(@Nullable Node parent, int[] tokens, int block) {
      this.parent = parent;
      this.tokens = tokens;
      this.block = block;
    }

    /** The KV block that holds its tokens' keys and values. */
    int block() {
      return block;
    }

    /** The block that holds them in layers with a window, or {@link WindowBlocks#NONE}. */
    int windowBlock() {
      return windowBlock;
    }

    void windowBlock(int newBlock) {
      windowBlock = newBlock;
    }

    /** How many sequences see that block. */
    int windowHolders() {
      return windowHolders;
    }

    void windowHolders(int count) {
      windowHolders = count;
    }

    /** When the last of them gave it up. */
    long windowReleasedAt() {
      return windowReleasedAt;
    }

    void windowReleasedAt(long time) {
      windowReleasedAt = time;
    }

    /** Whether another sequence than the one that computed it has had the same tokens. */
    boolean wasFound() {
      return found;
    }

    /** How many sequences hold it. */
    int references() {
      return references;
    }

    /** Whether its tokens follow those of this node, or are a namespace's first where none. */
    boolean follows(@Nullable Node node) {
      return node == null ? parent != null && parent.parent == null : parent == node;
    }

    /** Whether it is asked for the first time in this count; each count has a number of its own. */
    boolean firstIn(long count) {
      boolean first = countedIn != count;
      countedIn = count;
      return first;
    }

    private boolean isEvictable() {
      return references == 0 && children.isEmpty() && parent != null;
    }
  }

  private static final int NO_BLOCK = -1;

  private final int blockTokens;
  private final Map<String, Node> roots = new HashMap<>();
  private final TreeSet<Node> evictable =
      new TreeSet<>(
          Comparator.<Node>comparingLong(n -> n.releasedAt).thenComparingInt(Node::block));
  private int unreferenced;
  private long now;

  /**
   * @param blockTokens tokens in a block
   */
  PrefixTree(int blockTokens) {
    this.blockTokens = blockTokens;
  }

  /** Number of blocks that no sequence holds, all of them evictable in turn. */
  int unreferenced() {
    return unreferenced;
  }

  /**
   * The node of the next block of tokens, where there is one.
   *
   * @param last the node before, or null for a namespace's first block
   * @param tokens of a whole sequence
   * @param from where the block's tokens begin
   */
  @Nullable Node find(String namespace, @Nullable Node last, int[] tokens, int from) {
    Node parent = last == null ? roots.get(namespace) : last;
    return parent == null ? null : parent.children.get(key(tokens, from));
  }

  /** References a node; its ancestors are referenced already. */
  void hold(Node node) {
    node.found = true;
    if (node.references++ == 0) {
      unreferenced--;
      evictable.remove(node);
    }
  }

  /**
   * Adds a block that was not there, and references it.
   *
   * @param last the node before, referenced by the caller, or null
   * @param block holds the keys and values of {@code tokens} from {@code from} on; the tree's from
   *     here on
   */
  Node add(String namespace, @Nullable Node last, int[] tokens, int from, int block) {
    Node parent =
        last == null
            ? roots.computeIfAbsent(namespace, _ -> new Node(null, new int[0], NO_BLOCK))
            : last;
    Node node = new Node(parent, key(tokens, from), block);
    require(parent.children.put(node.tokens, node) == null, "a prefix is stored once");
    node.references = 1;
    return node;
  }

  /** Gives up the references to a path, first block first. */
  void release(List<Node> path) {
    now++;
    for (Node node : path.reversed()) {
      require(node.references > 0, "what is released was held");
      if (--node.references == 0) {
        unreferenced++;
        node.releasedAt = now;
        if (node.isEvictable()) {
          evictable.add(node);
        }
      }
    }
  }

  /**
   * Forgets the unreferenced leaf released longest ago.
   *
   * @return it, whose block is the caller's from here on
   * @throws IllegalStateException when every block is referenced
   */
  Node evict() {
    Node node = evictable.pollFirst();
    if (node == null) {
      throw new IllegalStateException("no KV block can be evicted");
    }
    unreferenced--;
    Node parent = Objects.requireNonNull(node.parent);
    parent.children.remove(node.tokens);
    if (parent.isEvictable()) {
      evictable.add(parent);
    } else if (parent.parent == null && parent.children.isEmpty()) {
      roots.values().remove(parent);
    }
    return node;
  }

  /**
   * Checks the tree's shape and its own account.
   *
   * @return all nodes
   * @throws IllegalStateException naming the rule that does not hold
   */
  List<Node> checkIntegrity() {
    List<Node> nodes = new ArrayList<>();
    Deque<Node> open = new ArrayDeque<>(roots.values());
    int free = 0;
    int leaves = 0;
    while (!open.isEmpty()) {
      Node node = open.removeLast();
      require(node.parent != null || !node.children.isEmpty(), "an empty namespace is forgotten");
      for (Map.Entry<int[], Node> child : node.children.entrySet()) {
        require(child.getValue().parent == node, "a child knows its parent");
        require(Arrays.equals(child.getKey(), child.getValue().tokens), "a child has its own key");
        require(
            node.parent == null || node.references >= child.getValue().references,
            "whoever holds a block holds those before it");
        open.addLast(child.getValue());
      }
      if (node.parent != null) {
        nodes.add(node);
        require(node.tokens.length == blockTokens, "only full blocks are shared");
        require(
            node.isEvictable() == evictable.contains(node), "unreferenced leaves are evictable");
        free += node.references == 0 ? 1 : 0;
        leaves += node.isEvictable() ? 1 : 0;
      }
    }
    require(free == unreferenced, "unreferenced blocks are counted");
    require(leaves == evictable.size(), "what is evictable is in the tree");
    return nodes;
  }

  private int[] key(int[] tokens, int from) {
    return Arrays.copyOfRange(tokens, from, from + blockTokens);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalStateException("broken rule: " + rule);
    }
  }
}
