package io.yuntai.engine.serving;

import io.yuntai.engine.serving.PrefixTree.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The KV blocks of one sequence: first those it shares through the {@link PrefixTree}, then its
 * own. Changed by {@link KvStore} alone.
 */
final class KvTable {
  private final List<Node> shared = new ArrayList<>();
  private int[] blocks = {};
  private int[] window = {};
  private int windowFrom;

  /** The blocks of its positions, in order; not to be changed. */
  int[] blocks() {
    return blocks;
  }

  /**
   * Likewise for layers with a window; {@link WindowBlocks#NONE} where it holds none. Changed by
   * {@link WindowBlocks}.
   */
  int[] window() {
    return window;
  }

  /** Index of the first block that its next token sees through a window. */
  int windowFrom() {
    return windowFrom;
  }

  void windowFrom(int from) {
    windowFrom = from;
  }

  /** The nodes of the blocks in front that are shared; read only. */
  List<Node> shared() {
    return shared;
  }

  void append(int block) {
    blocks = Arrays.copyOf(blocks, blocks.length + 1);
    blocks[blocks.length - 1] = block;
    window = Arrays.copyOf(window, blocks.length);
    window[blocks.length - 1] = WindowBlocks.NONE;
  }

  /** Its first own block becomes this shared one, which may be another. */
  void share(Node node) {
    blocks[shared.size()] = node.block();
    shared.add(node);
  }

  /** Leaves only the first blocks; those beyond are its own. */
  void truncate(int count) {
    blocks = Arrays.copyOf(blocks, count);
    window = Arrays.copyOf(window, count);
  }

  void clear() {
    shared.clear();
    blocks = new int[0];
    window = new int[0];
    windowFrom = 0;
  }
}
