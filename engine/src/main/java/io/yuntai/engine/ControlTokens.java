package io.yuntai.engine;

import io.yuntai.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds a vocabulary's control tokens in text: leftmost first, and of those that begin at one place
 * the longest. A trie, so one pass whatever the number of tokens.
 */
final class ControlTokens {
  /** A token's place in a text: from {@code start} to before {@code end}. */
  record Match(int start, int end, int id) {}

  /** Which ranges of a text may be control tokens. */
  interface Allowed {
    boolean test(int start, int end);
  }

  private static final class Node {
    final Map<Character, Node> next = new HashMap<>(2);
    int id = -1;
  }

  private final Node root = new Node();

  private ControlTokens() {}

  static ControlTokens of(Tokenizer tokenizer) {
    ControlTokens tokens = new ControlTokens();
    for (int id = 0; id < tokenizer.vocabularySize(); id++) {
      if (tokenizer.isControl(id)) {
        tokens.add(tokenizer.spelling(id), id);
      }
    }
    return tokens;
  }

  private void add(String spelling, int id) {
    Node node = root;
    for (int i = 0; i < spelling.length(); i++) {
      node = node.next.computeIfAbsent(spelling.charAt(i), c -> new Node());
    }
    // Vocabularies pad with equal spellings; the first id is the one that people mean.
    if (node.id < 0 && !spelling.isEmpty()) {
      node.id = id;
    }
  }

  List<Match> matches(String text, Allowed allowed) {
    List<Match> matches = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      Match match = longestAt(text, at, allowed);
      if (match == null) {
        at++;
      } else {
        matches.add(match);
        at = match.end();
      }
    }
    return matches;
  }

  private @Nullable Match longestAt(String text, int start, Allowed allowed) {
    Match longest = null;
    Node node = root;
    for (int at = start; at < text.length(); at++) {
      node = node.next.get(text.charAt(at));
      if (node == null) {
        break;
      }
      if (node.id >= 0 && allowed.test(start, at + 1)) {
        longest = new Match(start, at + 1, node.id);
      }
    }
    return longest;
  }
}
