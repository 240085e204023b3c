package io.yuntai.engine.grammar;

import org.jspecify.annotations.Nullable;

/**
 * A place inside a literal, a set of words or a text. From every place some bytes lead to one that
 * accepts. Compared by identity.
 */
abstract class Leaf {
  /** The end: accepting, and nothing follows. */
  static final Leaf DONE =
      new Leaf(true) {
        @Override
        @Nullable Leaf step(byte value) {
          return null;
        }

        @Override
        boolean isDone() {
          return true;
        }
      };

  /** Whether the leaf may end here. */
  final boolean accepting;

  /** Which tokens can be taken here; null until somebody asked, or when it was forgotten. */
  @Nullable LocalMask local;

  Leaf(boolean accepting) {
    this.accepting = accepting;
  }

  /** Whether this is {@link #DONE}. */
  boolean isDone() {
    return false;
  }

  /** The place after one more byte, or null. */
  abstract @Nullable Leaf step(byte value);

  /**
   * How many ordinary characters (see {@link TokenTrie#plainChars}) can follow here, whichever they
   * are; at most {@link TokenTrie#MAX_PLAIN_CHARS}.
   */
  int plainChars() {
    return 0;
  }

  /**
   * The tokens that a leaf takes by itself.
   *
   * @param plain it takes all {@link TokenTrie#plainTokens} of so many characters
   * @param tokens the others that it takes, where they are few; else empty
   * @param bits the others that it takes, where they are many; else empty
   * @param exits nodes of the trie, the root excepted, that have children and where the leaf may
   *     end: from there what comes after goes on
   */
  record LocalMask(int plain, int[] tokens, long[] bits, int[] exits) {
    void addTo(long[] mask, long[][] plainTokens) {
      if (plain > 0) {
        long[] set = plainTokens[plain];
        for (int i = 0; i < set.length; i++) {
          mask[i] |= set[i];
        }
      }
      for (int i = 0; i < bits.length; i++) {
        mask[i] |= bits[i];
      }
      for (int token : tokens) {
        mask[token >> 6] |= 1L << token;
      }
    }

    int bytes() {
      return 64 + 4 * tokens.length + 8 * bits.length + 4 * exits.length;
    }
  }

  /** A place in a literal. */
  static final class InLiteral extends Leaf {
    final byte expected;
    private final Leaf next;

    private InLiteral(byte expected, Leaf next) {
      super(false);
      this.expected = expected;
      this.next = next;
    }

    /** The begin of a literal. */
    static Leaf begin(byte[] literal) {
      Leaf leaf = DONE;
      for (int i = literal.length - 1; i >= 0; i--) {
        leaf = new InLiteral(literal[i], leaf);
      }
      return leaf;
    }

    Leaf next() {
      return next;
    }

    @Override
    @Nullable Leaf step(byte value) {
      return value == expected ? next : null;
    }
  }

  /** A place in a set of words: a node of their trie. */
  static final class InWords extends Leaf {
    private final byte[] values;
    private final Leaf[] children;

    private InWords(boolean accepting, byte[] values, Leaf[] children) {
      super(accepting);
      this.values = values;
      this.children = children;
    }

    /**
     * The begin of words.
     *
     * @param sorted in unsigned order, without equal ones
     */
    static Leaf begin(java.util.List<byte[]> sorted) {
      return node(sorted, 0, sorted.size(), 0);
    }

    private static Leaf node(java.util.List<byte[]> sorted, int from, int to, int depth) {
      boolean ends = from < to && sorted.get(from).length == depth;
      int at = ends ? from + 1 : from;
      if (at == to) {
        return DONE;
      }
      if (to - at == 1 && !ends) {
        byte[] only = sorted.get(at);
        return InLiteral.begin(java.util.Arrays.copyOfRange(only, depth, only.length));
      }
      byte[] values = new byte[256];
      Leaf[] children = new Leaf[256];
      int size = 0;
      while (at < to) {
        byte value = sorted.get(at)[depth];
        int last = at;
        while (last < to && sorted.get(last)[depth] == value) {
          last++;
        }
        values[size] = value;
        children[size++] = node(sorted, at, last, depth + 1);
        at = last;
      }
      return new InWords(
          ends, java.util.Arrays.copyOf(values, size), java.util.Arrays.copyOf(children, size));
    }

    @Override
    @Nullable Leaf step(byte value) {
      for (int i = 0; i < values.length; i++) {
        if (values[i] == value) {
          return children[i];
        }
      }
      return null;
    }
  }
}
