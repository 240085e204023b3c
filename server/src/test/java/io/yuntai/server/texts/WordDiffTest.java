package io.yuntai.server.texts;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.server.texts.WordDiff.Kind;
import io.yuntai.server.texts.WordDiff.Piece;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WordDiffTest {
  private static String text(List<Piece> pieces, Kind kind) {
    return pieces.stream()
        .filter(piece -> piece.kind() == Kind.SAME || piece.kind() == kind)
        .map(Piece::text)
        .collect(Collectors.joining());
  }

  private static int changed(List<Piece> pieces) {
    return pieces.stream()
        .filter(piece -> piece.kind() != Kind.SAME)
        .mapToInt(piece -> WordDiff.words(piece.text()).size())
        .sum();
  }

  @Test
  void wordsThatAreGoneAndNewAreTold() {
    assertThat(WordDiff.of("The old house stands.", "The new house stands!"))
        .containsExactly(
            new Piece(Kind.SAME, "The "),
            new Piece(Kind.GONE, "old"),
            new Piece(Kind.NEW, "new"),
            new Piece(Kind.SAME, " house stands"),
            new Piece(Kind.GONE, "."),
            new Piece(Kind.NEW, "!"));
    assertThat(WordDiff.of("一朵红花", "一朵白花"))
        .containsExactly(
            new Piece(Kind.SAME, "一朵"),
            new Piece(Kind.GONE, "红"),
            new Piece(Kind.NEW, "白"),
            new Piece(Kind.SAME, "花"));
    assertThat(WordDiff.of("", "")).isEmpty();
    assertThat(WordDiff.of("", "a b")).containsExactly(new Piece(Kind.NEW, "a b"));
    assertThat(WordDiff.of("a b", "")).containsExactly(new Piece(Kind.GONE, "a b"));
  }

  @Test
  void bothTextsCanBeReadFromThePiecesAndNoShorterListIsThere() {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      String old = words(random);
      String other = words(random);
      List<Piece> pieces = WordDiff.of(old, other);
      assertThat(text(pieces, Kind.GONE)).as("seed %d", seed).isEqualTo(old);
      assertThat(text(pieces, Kind.NEW)).as("seed %d", seed).isEqualTo(other);
      assertThat(changed(pieces))
          .as("seed %d: '%s' and '%s'", seed, old, other)
          .isEqualTo(shortest(WordDiff.words(old), WordDiff.words(other)));
    }
  }

  private static String words(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(random.nextBoolean() ? "." : "花").append((char) ('a' + random.nextInt(3)));
    }
    return text.toString();
  }

  /** By the plain table of the longest common part. */
  private static int shortest(List<String> old, List<String> other) {
    int[][] common = new int[old.size() + 1][other.size() + 1];
    for (int i = 1; i <= old.size(); i++) {
      for (int j = 1; j <= other.size(); j++) {
        common[i][j] =
            old.get(i - 1).equals(other.get(j - 1))
                ? common[i - 1][j - 1] + 1
                : Math.max(common[i - 1][j], common[i][j - 1]);
      }
    }
    return old.size() + other.size() - 2 * common[old.size()][other.size()];
  }

  @Test
  void textsThatHaveNothingInCommonAreToldAsAWhole() {
    String old = "a ".repeat(5_000).strip();
    String other = "b.".repeat(5_000);
    List<Piece> pieces = WordDiff.of(old, other);
    assertThat(pieces).containsExactly(new Piece(Kind.GONE, old), new Piece(Kind.NEW, other));
  }
}
