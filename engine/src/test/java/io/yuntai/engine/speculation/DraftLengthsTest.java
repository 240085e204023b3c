package io.yuntai.engine.speculation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DraftLengthsTest {
  @Test
  void likelyTokensAreDraftedWhereFurtherOnesCostLittle() {
    DraftLengths lengths = lengths(0.05);
    assertThat(first(lengths, 1, 0.95)).isGreaterThan(8);
    assertThat(first(lengths, 1, 0.6)).isBetween(1, 8);
    assertThat(first(lengths, 1, 0.03)).isZero();
  }

  @Test
  void nothingIsDraftedWhereEachTokenCostsItsFullShare() {
    assertThat(first(lengths(1), 1, 0.95)).isZero();
    assertThat(first(lengths(0.05), 200, 0.9)).isZero();
  }

  @Test
  void sizesThatCostTheSameAreUsedToTheFull() {
    StepCosts costs = new StepCosts();
    for (int tokens = 1; tokens <= 16; tokens++) {
      costs.record(tokens, tokens == 1 ? 100 : tokens <= 8 ? 220 : 360);
    }
    assertThat(first(new DraftLengths(costs), 1, 0.9)).isEqualTo(7);
    assertThat(first(new DraftLengths(costs), 1, 0.99)).isEqualTo(15);
    assertThat(first(new DraftLengths(costs), 1, 0.5)).isZero();
  }

  @Test
  void aDraftersOwnTimeCounts() {
    DraftLengths lengths = lengths(0.05);
    lengths.begin(1);
    assertThat(lengths.next(drafts(0.7, 200), 15)).isBetween(1, 5);
    lengths.begin(1);
    assertThat(lengths.next(drafts(0.7, 900), 15)).isZero();
  }

  @Test
  void sequencesShareWhatAStepCanTake() {
    DraftLengths lengths = lengths(0.05);
    lengths.begin(4);
    int all = 0;
    for (int i = 0; i < 4; i++) {
      all += lengths.next(drafts(0.9, 0), 15);
    }
    assertThat(all).isBetween(6, 20);
  }

  @Test
  void whatWasSeenOnceIsTriedAgainLater() {
    StepCosts costs = new StepCosts();
    costs.record(1, 1000);
    costs.record(8, 50_000);
    assertThat(costs.nanos(8)).isEqualTo(50_000);
    for (int i = 0; i < 100; i++) {
      costs.record(1, 1000);
    }
    assertThat(costs.nanos(8)).isLessThan(3_000);
  }

  @Test
  void unknownSizesLieBetweenTheirNeighbours() {
    StepCosts costs = new StepCosts();
    assertThat(costs.nanos(1)).isEqualTo(1);
    costs.record(1, 1000);
    costs.record(9, 3000);
    assertThat(costs.nanos(5)).isEqualTo(2000);
    assertThat(costs.nanos(17)).isGreaterThan(3000);
    assertThat(costs.nanos(100_000)).isEqualTo(costs.nanos(StepCosts.MAX_TOKENS));
  }

  private static int first(DraftLengths lengths, int sequences, double chance) {
    lengths.begin(sequences);
    return lengths.next(drafts(chance, 0), 15);
  }

  private static DraftLengths lengths(double costOfAToken) {
    StepCosts costs = new StepCosts();
    for (int i = 0; i < 3 * StepCosts.MAX_TOKENS; i++) {
      int tokens = 1 + i % StepCosts.MAX_TOKENS;
      // Past 16 tokens, arithmetic takes all the time.
      double further = Math.min(tokens, 16) - 1 + Math.max(0, tokens - 16) / costOfAToken;
      costs.record(tokens, Math.round(1000 * (1 + costOfAToken * further)));
    }
    return new DraftLengths(costs);
  }

  private static Drafts drafts(double chance, double costNanos) {
    return new Drafts() {
      @Override
      public int prepare() {
        return Speculator.MAX_DRAFT;
      }

      @Override
      public double chance(int index) {
        return chance;
      }

      @Override
      public double costNanos(int tokens) {
        return tokens * costNanos;
      }

      @Override
      public int propose(int[] into, int most) {
        return most;
      }

      @Override
      public void verified(int proposed, int accepted) {}

      @Override
      public void close() {}
    };
  }
}
