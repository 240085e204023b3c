package io.yuntai.engine.grammar;

import io.yuntai.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The bytes of all tokens of a vocabulary as a trie, laid out in preorder: a node's descendants
 * follow it up to its {@code end}, so a walk is one pass over arrays that skips what does not
 * match. Immutable.
 *
 * <p>Tokens without bytes (control tokens) are not in it.
 */
final class TokenTrie {
  private static final int NO_TOKEN = -1;

  /**
   * A text's ordinary characters are counted up to here; tokens with more count as not ordinary.
   */
  static final int MAX_PLAIN_CHARS = 32;

  final int vocabularySize;
  final byte[][] tokens;
  final int[] endTokens;

  // By node; node 0 is the root.
  final byte[] label;
  final short[] depth;
  final int[] end;
  private final int[] firstToken;
  // By token: the next one with the same bytes.
  private final int[] sameBytes;

  /**
   * By node: most characters of a token at or below it where all of these are plain, or {@link
   * Integer#MAX_VALUE} where one is not.
   */
  final int[] plainBelow;

  /** By number of characters: the tokens that are plain and have at most so many. */
  final long[][] plainTokens = new long[MAX_PLAIN_CHARS + 1][];

  final int maxDepth;

  private TokenTrie(byte[][] tokens, int[] endTokens) {
    this.tokens = tokens;
    this.endTokens = endTokens;
    vocabularySize = tokens.length;
    int most = 1;
    for (byte[] token : tokens) {
      most += token.length;
    }
    byte[] labels = new byte[most];
    short[] depths = new short[most];
    int[] ends = new int[most];
    int[] first = new int[most];
    Arrays.fill(first, NO_TOKEN);
    sameBytes = new int[tokens.length];
    Arrays.fill(sameBytes, NO_TOKEN);
    int[] path = new int[Short.MAX_VALUE];
    int size = 1;
    int deep = 0;
    byte[] before = {};
    int lastId = NO_TOKEN;
    for (int id : ordered(tokens)) {
      byte[] token = tokens[id];
      if (token.length == 0) {
        continue;
      }
      int common = Arrays.mismatch(before, token);
      if (common < 0) {
        sameBytes[lastId] = id;
        lastId = id;
        continue;
      }
      for (int d = before.length; d > common; d--) {
        ends[path[d]] = size;
      }
      for (int d = common; d < token.length; d++) {
        labels[size] = token[d];
        depths[size] = (short) (d + 1);
        path[d + 1] = size++;
      }
      first[path[token.length]] = id;
      deep = Math.max(deep, token.length);
      before = token;
      lastId = id;
    }
    for (int d = before.length; d >= 0; d--) {
      ends[path[d]] = size;
    }
    label = Arrays.copyOf(labels, size);
    depth = Arrays.copyOf(depths, size);
    end = Arrays.copyOf(ends, size);
    firstToken = Arrays.copyOf(first, size);
    maxDepth = deep;
    plainBelow = new int[size];
    classify();
  }

  /** The tokens of a vocabulary, about a tenth of a second for 150,000. */
  static TokenTrie of(Tokenizer tokenizer, Set<Integer> shown) {
    byte[][] tokens = new byte[tokenizer.vocabularySize()][];
    List<Integer> ends = new ArrayList<>();
    for (int id = 0; id < tokens.length; id++) {
      boolean isEnd = tokenizer.isEndOfGeneration(id);
      if (isEnd) {
        ends.add(id);
      }
      boolean isSilent = isEnd || (tokenizer.isControl(id) && !shown.contains(id));
      byte[] bytes = isSilent ? new byte[0] : tokenizer.bytes(id, true);
      tokens[id] = bytes.length < Short.MAX_VALUE ? bytes : new byte[0];
    }
    return new TokenTrie(tokens, ends.stream().mapToInt(Integer::intValue).toArray());
  }

  /**
   * The ids by their bytes, unsigned, and where these are equal by id. Most tokens differ in their
   * first bytes, which are sorted together with the id as one number: comparing arrays for every
   * pair takes three times as long in a JVM that has just started.
   */
  private static int[] ordered(byte[][] tokens) {
    long[] keys = new long[tokens.length];
    for (int id = 0; id < tokens.length; id++) {
      keys[id] = (long) head(tokens[id]) << Integer.SIZE | id;
    }
    Arrays.sort(keys);
    Integer[] ids = new Integer[tokens.length];
    Arrays.setAll(ids, i -> (int) keys[i]);
    Comparator<Integer> byBytes =
        Comparator.<Integer, byte[]>comparing(i -> tokens[i], Arrays::compareUnsigned)
            .thenComparing(Comparator.naturalOrder());
    for (int from = 0; from < ids.length; ) {
      int to = from + 1;
      while (to < ids.length && keys[to] >> Integer.SIZE == keys[from] >> Integer.SIZE) {
        to++;
      }
      Arrays.sort(ids, from, to, byBytes);
      from = to;
    }
    return Arrays.stream(ids).mapToInt(Integer::intValue).toArray();
  }

  /**
   * The first four bytes such that signed numbers are ordered as these are; none count as zeros.
   */
  private static int head(byte[] token) {
    int head = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      head = head << Byte.SIZE | (i < token.length ? token[i] & 0xFF : 0);
    }
    return head ^ Integer.MIN_VALUE;
  }

  /** Words of a mask. */
  int words() {
    return (vocabularySize + 63) / 64;
  }

  /** Number of nodes, the root included. */
  int nodes() {
    return label.length;
  }

  /** Sets the bits of the tokens that end at a node. */
  void mark(int node, long[] mask) {
    for (int id = firstToken[node]; id != NO_TOKEN; id = sameBytes[id]) {
      mask[id >> 6] |= 1L << id;
    }
  }

  /** A token that ends at a node, the lowest id of several, or -1. */
  int tokenAt(int node) {
    return firstToken[node];
  }

  /** The next token with the same bytes, or -1. */
  int sameBytes(int token) {
    return sameBytes[token];
  }

  boolean hasChildren(int node) {
    return end[node] > node + 1;
  }

  /** The child of a node by its byte, or -1. */
  int child(int node, byte value) {
    for (int at = node + 1; at < end[node]; at = end[at]) {
      if (label[at] == value) {
        return at;
      }
    }
    return -1;
  }

  private void classify() {
    for (int chars = 0; chars <= MAX_PLAIN_CHARS; chars++) {
      plainTokens[chars] = new long[words()];
    }
    for (int id = 0; id < tokens.length; id++) {
      int chars = plainChars(tokens[id]);
      for (int most = Math.max(chars, 1); chars > 0 && most <= MAX_PLAIN_CHARS; most++) {
        plainTokens[most][id >> 6] |= 1L << id;
      }
    }
    // Children stand after their parents.
    for (int node = nodes() - 1; node >= 0; node--) {
      int most = 0;
      if (firstToken[node] != NO_TOKEN) {
        int chars = plainChars(tokens[firstToken[node]]);
        most = chars > 0 ? chars : Integer.MAX_VALUE;
      }
      for (int at = node + 1; at < end[node]; at = end[at]) {
        most = Math.max(most, plainBelow[at]);
      }
      plainBelow[node] = most;
    }
  }

  /**
   * How many characters a token has if all of them are ordinary ones of a text: whole, valid UTF-8,
   * no control character, quotation mark or backslash; 0 for other tokens and for long ones.
   */
  static int plainChars(byte[] token) {
    int chars = 0;
    for (int i = 0; i < token.length; ) {
      int length = Utf8.lengthAt(token, i);
      if (length == 0
          || (length == 1 && (token[i] < 0x20 || token[i] == '"' || token[i] == '\\'))) {
        return 0;
      }
      i += length;
      chars++;
    }
    return chars <= MAX_PLAIN_CHARS ? chars : 0;
  }
}
