package io.yuntai.engine.tokenizer;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.tokenizer.Tokenizer.SpecialTokens;
import java.util.Arrays;

/**
 * Finds the tokens that are cut out of a text before it is split and merged: the leftmost first,
 * and of those that start there the longest (as Hugging Face's added tokens).
 *
 * <p>A trie over UTF-16 units; a match costs no more than the longest spelling for each start, and
 * spellings are bounded.
 */
final class SpecialTokenMatcher {
  private static final int MAX_SPELLING_CHARS = 512;
  private static final int ROOT = 0;

  private final LongIntTable edges;
  private final int[] tokenAt;
  private final boolean[] marker;
  private int nodes = 1;

  /**
   * @param kinds kind of each token
   */
  SpecialTokenMatcher(ByteStrings tokens, TokenKind[] kinds) {
    int units = 0;
    for (int id = 0; id < kinds.length; id++) {
      if (isCutOut(kinds[id])) {
        units = Math.addExact(units, tokens.lengths()[id]);
      }
    }
    edges = new LongIntTable(units);
    tokenAt = new int[units + 1];
    marker = new boolean[kinds.length];
    Arrays.fill(tokenAt, -1);
    for (int id = 0; id < kinds.length; id++) {
      if (isCutOut(kinds[id])) {
        marker[id] = kinds[id].isMarker();
        insert(tokens.get(id), id);
      }
    }
  }

  private static boolean isCutOut(TokenKind kind) {
    return kind.isMarker() || kind == TokenKind.USER_DEFINED;
  }

  private void insert(String spelling, int id) {
    if (spelling.length() > MAX_SPELLING_CHARS) {
      throw new ModelFormatException(
          "The vocabulary is damaged: the spelling of special token %d has %d characters, more than %d."
              .formatted(id, spelling.length(), MAX_SPELLING_CHARS));
    }
    int node = ROOT;
    for (int i = 0; i < spelling.length(); i++) {
      long edge = edge(node, spelling.charAt(i));
      int child = edges.get(edge);
      if (child < 0) {
        child = nodes++;
        edges.putIfAbsent(edge, child);
      }
      node = child;
    }
    if (node != ROOT) {
      tokenAt[node] = id;
    }
  }

  /**
   * The first match at or after a place: {@code start << 32 | id}, or -1 if there is none. The
   * match is as long as the token's spelling in UTF-16 units.
   */
  long next(String text, int from, SpecialTokens specialTokens) {
    for (int start = from; start < text.length(); start++) {
      int node = ROOT;
      int found = -1;
      for (int i = start; i < text.length(); i++) {
        node = edges.get(edge(node, text.charAt(i)));
        if (node < 0) {
          break;
        }
        int id = tokenAt[node];
        if (id >= 0 && (specialTokens == SpecialTokens.PARSE || !marker[id])) {
          found = id;
        }
      }
      if (found >= 0) {
        return ((long) start << 32) | found;
      }
    }
    return -1;
  }

  private static long edge(int node, char unit) {
    return ((long) node << 16) | unit;
  }
}
