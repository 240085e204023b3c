package io.yuntai.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StopTextsTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20_261_122L);

  @Test
  void aStopTextAcrossPiecesIsFoundAndLeftOut() {
    StopTexts stops = new StopTexts(List.of("\n\nUser:"));
    assertThat(stops.append("Hello\n")).isEqualTo("Hello");
    assertThat(stops.append("\nUs")).isEmpty();
    assertThat(stops.found()).isFalse();
    assertThat(stops.append("er: more")).isEmpty();
    assertThat(stops.found()).isTrue();
    assertThat(stops.append("even more")).isEmpty();
    assertThat(stops.finish()).isEmpty();
  }

  @Test
  void whatTurnsOutNotToBeAStopTextIsGivenOut() {
    StopTexts stops = new StopTexts(List.of("abac"));
    assertThat(stops.append("xaba")).isEqualTo("x");
    assertThat(stops.append("b")).isEqualTo("ab");
    assertThat(stops.finish()).isEqualTo("ab");
  }

  @Test
  void withoutStopTextsNothingIsHeldBack() {
    StopTexts stops = new StopTexts(List.of());
    assertThat(stops.append("anything")).isEqualTo("anything");
    assertThat(stops.finish()).isEmpty();
  }

  @Test
  void theFirstToBecomeCompleteWinsAndOfThoseTheLongest() {
    assertThat(answer(List.of("bcde", "cd"), "abcdef", 1)).isEqualTo("ab");
    assertThat(answer(List.of("d", "bcd", "cd"), "abcdef", 6)).isEqualTo("a");
  }

  @Test
  void charactersBeyondTheBasicPlaneAreNeverSplit() {
    StopTexts stops = new StopTexts(List.of("\uD83D\uDE00!", "\uDE01"));
    assertThat(stops.append("a\uD83D\uDE01")).isEqualTo("a\uD83D\uDE01");
    assertThat(stops.append("\uD83D\uDE00")).isEmpty();
    assertThat(stops.append("?")).isEqualTo("\uD83D\uDE00?");
    assertThat(stops.found()).isFalse();
  }

  @Test
  void anyCutGivesTheAnswerOfTheWholeTextAndHoldsBackNoMoreThanItMust() {
    Random random = new Random(SEED);
    for (int i = 0; i < 20_000; i++) {
      String text = word(random, random.nextInt(30));
      List<String> stops =
          IntStream.range(0, random.nextInt(4))
              .mapToObj(n -> word(random, 1 + random.nextInt(5)))
              .toList();
      StopTexts streaming = new StopTexts(stops);
      StringBuilder given = new StringBuilder();
      int at = 0;
      while (at < text.length() && !streaming.found()) {
        int end = at + 1 + random.nextInt(Math.min(4, text.length() - at));
        given.append(streaming.append(text.substring(at, end)));
        at = end;
        if (!streaming.found()) {
          String seen = text.substring(0, at);
          assertThat(at - given.length())
              .as("seed %d, case %d: held back of '%s' for %s", SEED, i, seen, stops)
              .isEqualTo(longestEndThatMayGrow(seen, stops));
        }
      }
      given.append(streaming.finish());
      assertThat(given.toString())
          .as("seed %d, case %d: '%s' with %s", SEED, i, text, stops)
          .isEqualTo(naiveAnswer(text, stops));
    }
  }

  private static String answer(List<String> stops, String text, int pieceLength) {
    StopTexts streaming = new StopTexts(stops);
    StringBuilder given = new StringBuilder();
    for (int at = 0; at < text.length(); at += pieceLength) {
      given.append(streaming.append(text.substring(at, Math.min(text.length(), at + pieceLength))));
    }
    return given.append(streaming.finish()).toString();
  }

  private static String word(Random random, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append((char) ('a' + random.nextInt(2)));
    }
    return word.toString();
  }

  private static int longestEndThatMayGrow(String seen, List<String> stops) {
    for (int length = seen.length(); length > 0; length--) {
      String end = seen.substring(seen.length() - length);
      if (stops.stream().anyMatch(stop -> stop.startsWith(end))) {
        return length;
      }
    }
    return 0;
  }

  private static String naiveAnswer(String text, List<String> stops) {
    for (int end = 1; end <= text.length(); end++) {
      String seen = text.substring(0, end);
      int longest = stops.stream().filter(seen::endsWith).mapToInt(String::length).max().orElse(0);
      if (longest > 0) {
        return seen.substring(0, end - longest);
      }
    }
    return text;
  }
}
