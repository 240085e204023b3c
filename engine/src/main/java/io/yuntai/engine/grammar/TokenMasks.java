package io.yuntai.engine.grammar;

import io.yuntai.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Which tokens of one vocabulary may come next under grammars. One for each vocabulary; all
 * generations share what was computed. Safe for use by many threads, which wait for one another.
 */
public final class TokenMasks {
  /** Of kept masks, both of leaves and of whole states. */
  private static final long MAX_KEPT_BYTES = 128L << 20;

  private static final long[] NO_BITS = {};
  private static final int[] NO_TOKENS = {};

  private final TokenTrie trie;
  private final StateSpace space = new StateSpace();
  private final State[] path;
  private final Leaf[] leafPath;
  private final List<Leaf> withMasks = new ArrayList<>();
  private final List<State> statesWithMasks = new ArrayList<>();
  private final int[] found;
  private int[] exits = new int[1024];
  private long keptBytes;

  private TokenMasks(TokenTrie trie) {
    this.trie = trie;
    path = new State[trie.maxDepth + 1];
    leafPath = new Leaf[trie.maxDepth + 1];
    found = new int[trie.vocabularySize];
  }

  /** Prepares a vocabulary without any of its control tokens. */
  public static TokenMasks of(Tokenizer tokenizer) {
    return of(tokenizer, Set.of());
  }

  /**
   * Prepares a vocabulary: about a quarter of a second for 150,000 tokens.
   *
   * @param shown control tokens that may occur, as texts of their spelling; others never do
   */
  public static TokenMasks of(Tokenizer tokenizer, Set<Integer> shown) {
    return new TokenMasks(TokenTrie.of(tokenizer, shown));
  }

  /** Number of token ids. */
  public int vocabularySize() {
    return trie.vocabularySize;
  }

  /** Length of a mask: a bit for each token id, the lowest id in the lowest bit of the first. */
  public int words() {
    return trie.words();
  }

  /** The state before the first token. */
  public synchronized TokenState start(Grammar grammar) {
    return new TokenState(this, space.before(grammar.root(), StateSpace.END));
  }

  /** The state after some bytes; a dead end where they can't follow. */
  synchronized State accept(State from, byte[] bytes) {
    forgetWhenFull();
    State state = from;
    for (int i = 0; i < bytes.length && state != StateSpace.DEAD_END; i++) {
      state = space.step(state, bytes[i]);
    }
    return state;
  }

  synchronized boolean goesOn(State state) {
    return space.goesOn(state);
  }

  byte[] bytes(int token) {
    return trie.tokens[token];
  }

  boolean isEnd(int token) {
    return Arrays.stream(trie.endTokens).anyMatch(end -> end == token);
  }

  /** Writes the mask of a state. */
  synchronized void mask(State state, long[] into) {
    forgetWhenFull();
    long[] kept = state.mask;
    if (kept == null) {
      Arrays.fill(into, 0, trie.words(), 0);
      add(state, into);
      // Most states come up once; those that come again are worth their bytes.
      if (++state.masked > 1) {
        state.mask = Arrays.copyOf(into, trie.words());
        statesWithMasks.add(state);
        kept(8L * trie.words());
      }
    } else {
      System.arraycopy(kept, 0, into, 0, trie.words());
    }
    if (state.complete) {
      for (int end : trie.endTokens) {
        into[end >> 6] |= 1L << end;
      }
    }
  }

  /**
   * The tokens in which bytes that are sure to follow are best written: each the longest that fits.
   *
   * @param most at most so many
   */
  synchronized int[] sureTokens(State from, int most) {
    int[] tokens = new int[most];
    int count = 0;
    State state = from;
    while (count < most) {
      int node = 0;
      int best = -1;
      State after = state;
      State at = state;
      boolean sure = true;
      while (sure) {
        int value = onlyByte(at);
        int child = value < 0 ? -1 : trie.child(node, (byte) value);
        if (child < 0) {
          // A longer token may fit what is not yet known: leave the choice to the model.
          sure = value >= 0 || !trie.hasChildren(node);
          break;
        }
        node = child;
        at = space.step(at, (byte) value);
        if (trie.tokenAt(node) >= 0) {
          best = trie.tokenAt(node);
          after = at;
        }
      }
      if (best < 0 || !sure) {
        break;
      }
      tokens[count++] = best;
      state = after;
    }
    return Arrays.copyOf(tokens, count);
  }

  /** The one byte that can follow, or -1. */
  private int onlyByte(State state) {
    if (state.complete) {
      return -1;
    }
    return switch (state) {
      case State.Call call -> onlyByte(space.meaning(call));
      case State.Within within when within.leaf instanceof Leaf.InLiteral literal ->
          literal.expected & 0xFF;
      default -> {
        int only = -1;
        for (int value = 0; value < 256; value++) {
          if (space.step(state, (byte) value) != StateSpace.DEAD_END) {
            if (only >= 0) {
              yield -1;
            }
            only = value;
          }
        }
        yield only;
      }
    };
  }

  private void add(State state, long[] mask) {
    switch (state) {
      case State.Nothing _ -> {}
      case State.Call call -> add(space.meaning(call), mask);
      case State.OneOf several -> {
        for (State choice : several.choices) {
          add(choice, mask);
        }
      }
      case State.Within within -> {
        if (within.leaf instanceof Leaf.InLiteral literal) {
          addLiteral(literal, within.rest, mask);
        } else {
          Leaf.LocalMask local = local(within.leaf);
          local.addTo(mask, trie.plainTokens);
          if (within.rest != StateSpace.END) {
            for (int exit : local.exits()) {
              walk(within.rest, exit, mask);
            }
          }
        }
        if (within.leaf.accepting) {
          add(within.rest, mask);
        }
      }
    }
  }

  private void addLiteral(Leaf.InLiteral literal, State rest, long[] mask) {
    int node = 0;
    Leaf at = literal;
    while (at instanceof Leaf.InLiteral inside) {
      node = trie.child(node, inside.expected);
      if (node < 0) {
        return;
      }
      trie.mark(node, mask);
      at = inside.next();
    }
    walk(rest, node, mask);
  }

  /** Adds the tokens below a node whose further bytes can follow in a state. */
  private void walk(State from, int root, long[] mask) {
    int base = trie.depth[root];
    path[base] = from;
    int end = trie.end[root];
    for (int node = root + 1; node < end; ) {
      int depth = trie.depth[node];
      State state = space.step(path[depth - 1], trie.label[node]);
      if (state == StateSpace.DEAD_END) {
        node = trie.end[node];
      } else {
        trie.mark(node, mask);
        path[depth] = state;
        node++;
      }
    }
  }

  private Leaf.LocalMask local(Leaf leaf) {
    Leaf.LocalMask local = leaf.local;
    if (local == null) {
      local = computeLocal(leaf);
      leaf.local = local;
      withMasks.add(leaf);
      kept(local.bytes());
    }
    return local;
  }

  private Leaf.LocalMask computeLocal(Leaf from) {
    int plain = from.plainChars();
    int tokenCount = 0;
    int exitCount = 0;
    leafPath[0] = from;
    for (int node = 1; node < trie.nodes(); ) {
      if (trie.plainBelow[node] <= plain) {
        node = trie.end[node];
        continue;
      }
      int depth = trie.depth[node];
      Leaf leaf = leafPath[depth - 1].step(trie.label[node]);
      if (leaf == null) {
        node = trie.end[node];
        continue;
      }
      for (int id = trie.tokenAt(node); id >= 0; id = trie.sameBytes(id)) {
        found[tokenCount++] = id;
      }
      if (leaf.accepting && trie.hasChildren(node)) {
        if (exitCount == exits.length) {
          exits = Arrays.copyOf(exits, 2 * exitCount);
        }
        exits[exitCount++] = node;
      }
      leafPath[depth] = leaf;
      node++;
    }
    int[] ends = Arrays.copyOf(exits, exitCount);
    if (tokenCount < 2 * trie.words()) {
      return new Leaf.LocalMask(plain, Arrays.copyOf(found, tokenCount), NO_BITS, ends);
    }
    long[] bits = new long[trie.words()];
    for (int i = 0; i < tokenCount; i++) {
      bits[found[i] >> 6] |= 1L << found[i];
    }
    return new Leaf.LocalMask(plain, NO_TOKENS, bits, ends);
  }

  private void kept(long bytes) {
    keptBytes += bytes;
  }

  private void forgetWhenFull() {
    if (space.forgetWhenFull() || keptBytes > MAX_KEPT_BYTES) {
      withMasks.forEach(leaf -> leaf.local = null);
      withMasks.clear();
      statesWithMasks.forEach(state -> {
        state.mask = null;
        state.masked = 0;
      });
      statesWithMasks.clear();
      keptBytes = 0;
    }
  }
}
