package io.yuntai.server.texts;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.List;

/**
 * Which words of a text are gone in another one, and which are new: the shortest such list, by the
 * greedy algorithm of Myers, "An O(ND) Difference Algorithm and Its Variations" (1986). Texts that
 * differ in more than {@link #MOST_CHANGES} words are told as a whole, so that nobody waits.
 */
public final class WordDiff {
  private static final int MOST_CHANGES = 2_000;

  private WordDiff() {}

  /** What a piece is to the two texts. */
  public enum Kind {
    SAME,
    GONE,
    NEW
  }

  /** Words that belong together, with what stands between them. */
  public record Piece(Kind kind, String text) {}

  /**
   * The pieces of both texts in order: those SAME or GONE are the old one, SAME or NEW the other.
   */
  public static List<Piece> of(String old, String other) {
    List<String> before = words(old);
    List<String> after = words(other);
    int head = 0;
    int shorter = Math.min(before.size(), after.size());
    while (head < shorter && before.get(head).equals(after.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < shorter - head
        && before.reversed().get(tail).equals(after.reversed().get(tail))) {
      tail++;
    }
    Pieces pieces = new Pieces();
    before.subList(0, head).forEach(word -> pieces.add(Kind.SAME, word));
    middle(
        before.subList(head, before.size() - tail),
        after.subList(head, after.size() - tail),
        pieces);
    before
        .subList(before.size() - tail, before.size())
        .forEach(word -> pieces.add(Kind.SAME, word));
    return pieces.end();
  }

  /** Runs of letters and digits, runs of blanks, and each other character by itself. */
  static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    int begin = 0;
    int kind = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      int now = kind(point);
      if (i > begin && (now != kind || now == 0)) {
        words.add(text.substring(begin, i));
        begin = i;
      }
      kind = now;
      i += Character.charCount(point);
    }
    if (begin < text.length()) {
      words.add(text.substring(begin));
    }
    return words;
  }

  private static int kind(int point) {
    if (Character.isWhitespace(point)) {
      return 1;
    }
    // Chinese and Japanese have no blanks between words.
    boolean alone =
        switch (UnicodeScript.of(point)) {
          case HAN, HIRAGANA, KATAKANA -> true;
          default -> false;
        };
    return !alone && Character.isLetterOrDigit(point) ? 2 : 0;
  }

  private static void middle(List<String> before, List<String> after, Pieces pieces) {
    List<int[]> steps = new ArrayList<>();
    int most = Math.min(MOST_CHANGES, before.size() + after.size());
    // reached[most + k]: how far the first text is when its place minus the other's is k.
    int[] reached = new int[2 * most + 2];
    for (int changes = 0; changes <= most; changes++) {
      for (int k = -changes; k <= changes; k += 2) {
        boolean down =
            k == -changes || (k != changes && reached[most + k - 1] < reached[most + k + 1]);
        int x = down ? reached[most + k + 1] : reached[most + k - 1] + 1;
        while (x < before.size()
            && x - k >= 0
            && x - k < after.size()
            && before.get(x).equals(after.get(x - k))) {
          x++;
        }
        reached[most + k] = x;
        if (x >= before.size() && x - k >= after.size()) {
          steps.add(slice(reached, most, changes));
          told(before, after, steps, pieces);
          return;
        }
      }
      steps.add(slice(reached, most, changes));
    }
    before.forEach(word -> pieces.add(Kind.GONE, word));
    after.forEach(word -> pieces.add(Kind.NEW, word));
  }

  /** What was reached with so many changes: index changes + k. */
  private static int[] slice(int[] reached, int most, int changes) {
    int[] row = new int[2 * changes + 1];
    System.arraycopy(reached, most - changes, row, 0, row.length);
    return row;
  }

  /** Goes the way back from both ends. */
  private static void told(
      List<String> before, List<String> after, List<int[]> steps, Pieces pieces) {
    List<Piece> back = new ArrayList<>();
    int x = before.size();
    int y = after.size();
    for (int changes = steps.size() - 1; changes > 0; changes--) {
      int[] row = steps.get(changes - 1);
      int k = x - y;
      boolean down =
          k == -changes
              || (k != changes && at(row, changes - 1, k - 1) < at(row, changes - 1, k + 1));
      int fromK = down ? k + 1 : k - 1;
      int fromX = at(row, changes - 1, fromK);
      int fromY = fromX - fromK;
      while (x > (down ? fromX : fromX + 1)) {
        x--;
        y--;
        back.add(new Piece(Kind.SAME, before.get(x)));
      }
      back.add(
          down ? new Piece(Kind.NEW, after.get(fromY)) : new Piece(Kind.GONE, before.get(fromX)));
      x = fromX;
      y = fromY;
    }
    while (x > 0) {
      x--;
      back.add(new Piece(Kind.SAME, before.get(x)));
    }
    back.reversed().forEach(piece -> pieces.add(piece.kind(), piece.text()));
  }

  private static int at(int[] row, int changes, int k) {
    return Math.abs(k) > changes ? -1 : row[changes + k];
  }

  /** Joins neighbours of one kind. */
  private static final class Pieces {
    private final List<Piece> all = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private Kind kind = Kind.SAME;

    void add(Kind of, String word) {
      if (of != kind) {
        flush();
        kind = of;
      }
      text.append(word);
    }

    private void flush() {
      if (!text.isEmpty()) {
        all.add(new Piece(kind, text.toString()));
        text.setLength(0);
      }
    }

    List<Piece> end() {
      flush();
      return List.copyOf(all);
    }
  }
}
