package io.yuntai.engine.speculation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PromptLookupTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20_261_122L);

  @Test
  void proposesWhatFollowedTheSameTokensBefore() {
    GrowingSequence sequence = new GrowingSequence(100, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3);
    assertThat(proposal(sequence, 4)).containsExactly(4, 5, 6, 7);
  }

  @Test
  void prefersTheLongestMatchAndThenTheLatest() {
    assertThat(proposal(new GrowingSequence(100, 1, 2, 3, 40, 9, 2, 3, 50, 9, 8, 1, 2, 3), 1))
        .containsExactly(40);
    assertThat(proposal(new GrowingSequence(100, 7, 2, 3, 40, 9, 2, 3, 50, 9, 8, 1, 2, 3), 1))
        .containsExactly(50);
  }

  @Test
  void proposesNothingWhereNothingRepeats() {
    assertThat(proposal(new GrowingSequence(100, 1, 2, 3, 4, 5), 4)).isEmpty();
    assertThat(proposal(new GrowingSequence(100, 1), 4)).isEmpty();
  }

  @Test
  void aRepeatedTailGoesOnAsLongAsIsAskedFor() {
    assertThat(proposal(new GrowingSequence(100, 5, 1, 2, 1, 2), 7))
        .containsExactly(1, 2, 1, 2, 1, 2, 1);
    assertThat(proposal(new GrowingSequence(100, 4, 4, 4), 3)).containsExactly(4, 4, 4);
  }

  @Test
  void behindAReplacedTokenTheCopyGoesOnWhereItWas() {
    // "20 21" is found in three places; the one just behind what was copied is meant.
    int[] text = {1, 2, 3, 4, 5, 6, 10, 20, 21, 30, 7, 10, 20, 21, 31, 8, 10, 20, 21, 32, 9};
    GrowingSequence sequence = new GrowingSequence(200, text);
    sequence.add(50, 51, 2, 3, 4, 5, 6);
    LookupDrafts drafts = new LookupDrafts(sequence, 200);
    assertThat(drafts.prepare()).isPositive();
    sequence.add(11);
    drafts.prepare();
    sequence.add(20);
    drafts.prepare();
    sequence.add(21);
    drafts.prepare();
    int[] into = new int[2];
    drafts.propose(into, 2);
    assertThat(into).containsExactly(30, 7);
  }

  @Test
  void everyProposalContinuesAMatchOfTheSequencesEnd() {
    Random random = new Random(SEED);
    int proposed = 0;
    for (int round = 0; round < 300; round++) {
      int most = 2 + random.nextInt(300);
      int alphabet = 2 + random.nextInt(30);
      GrowingSequence sequence = new GrowingSequence(most, random.nextInt(alphabet));
      LookupDrafts drafts = new LookupDrafts(sequence, most);
      while (sequence.length() < most) {
        int add = Math.min(most - sequence.length(), 1 + random.nextInt(4));
        for (int i = 0; i < add; i++) {
          sequence.add(random.nextInt(alphabet));
        }
        if (drafts.prepare() > 0) {
          int[] into = new int[9];
          assertThat(drafts.propose(into, 9)).isEqualTo(9);
          assertThat(occurs(sequence, into)).as("seed %d, round %d", SEED, round).isTrue();
          assertThat(drafts.chance(0)).isBetween(0.0, 1.0);
          proposed++;
        }
      }
    }
    assertThat(proposed).isGreaterThan(5_000);
  }

  @Test
  void chancesFollowWhatWasRight() {
    GrowingSequence repeating = new GrowingSequence(1_000, 1, 2, 3, 4, 5, 6, 7);
    LookupDrafts right = new LookupDrafts(repeating, 1_000);
    for (int i = 0; i < 300; i++) {
      repeating.add(1 + i % 7);
      right.prepare();
    }
    assertThat(right.chance(0)).isGreaterThan(0.99);

    GrowingSequence deceiving = new GrowingSequence(1_000, 1, 2);
    LookupDrafts wrong = new LookupDrafts(deceiving, 1_000);
    for (int i = 0; i < 300; i++) {
      deceiving.add(1, 2, 10 + i);
      wrong.prepare();
    }
    deceiving.add(1, 2);
    assertThat(wrong.prepare()).isPositive();
    assertThat(wrong.chance(0)).isLessThan(0.01);
  }

  private static int[] proposal(GrowingSequence sequence, int most) {
    LookupDrafts drafts = new LookupDrafts(sequence, 100);
    int count = Math.min(most, drafts.prepare());
    int[] into = new int[most];
    return Arrays.copyOf(into, count == 0 ? 0 : drafts.propose(into, count));
  }

  /** Whether the last token and then these stand somewhere, if the sequence went on with them. */
  private static boolean occurs(GrowingSequence sequence, int[] next) {
    int length = sequence.length();
    for (int start = 0; start < length - 1; start++) {
      boolean same = sequence.token(start) == sequence.token(length - 1);
      for (int i = 0; same && i < next.length; i++) {
        int at = start + 1 + i;
        same = next[i] == (at < length ? sequence.token(at) : next[at - length]);
      }
      if (same) {
        return true;
      }
    }
    return false;
  }
}
