package io.yuntai.server.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TargetChoiceTest {
  private final long seed = Long.getLong("yuntai.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private static Target target(int weight, int priority, String... residency) {
    return new Target(
        new Target.Destination.Local("m"),
        weight,
        priority,
        Set.of(residency),
        OptionalInt.empty(),
        Optional.empty());
  }

  @Test
  void sharesAreAsTheWeights() {
    System.out.println("-Dyuntai.seed=" + seed);
    List<Target> targets = List.of(target(1, 0), target(3, 0), target(6, 0), target(100, 1));
    int[] chosen = new int[4];
    int rounds = 100_000;
    for (int i = 0; i < rounds; i++) {
      chosen[TargetChoice.choose(targets, _ -> true, random)]++;
    }
    // Six standard deviations of a binomial count are 0.0095 of the rounds at most.
    assertThat(chosen[0] / (double) rounds).isBetween(0.09, 0.11);
    assertThat(chosen[1] / (double) rounds).isBetween(0.29, 0.31);
    assertThat(chosen[2] / (double) rounds).isBetween(0.59, 0.61);
    assertThat(chosen[3]).isZero();
  }

  @Test
  void whatIsChosenIsUsableAndOfTheFirstPriorityThatHasAnyUsable() {
    System.out.println("-Dyuntai.seed=" + seed);
    for (int run = 0; run < 20_000; run++) {
      List<Target> targets = new ArrayList<>();
      List<Boolean> usable = new ArrayList<>();
      for (int i = random.nextInt(7); i >= 0; i--) {
        targets.add(target(1 + random.nextInt(5), random.nextInt(3)));
        usable.add(random.nextBoolean());
      }
      int chosen = TargetChoice.choose(targets, usable::get, random);
      if (!usable.contains(true)) {
        assertThat(chosen).isEqualTo(-1);
        continue;
      }
      assertThat(usable.get(chosen)).isTrue();
      for (int i = 0; i < targets.size(); i++) {
        if (usable.get(i)) {
          assertThat(targets.get(chosen).priority()).isLessThanOrEqualTo(targets.get(i).priority());
        }
      }
    }
  }

  @Test
  void aTargetWithoutATagSatisfiesNoDemand() {
    assertThat(target(1, 0).satisfies(Set.of())).isTrue();
    assertThat(target(1, 0).satisfies(Set.of("eu"))).isFalse();
    assertThat(target(1, 0, "eu", "de").satisfies(Set.of("ch", "eu"))).isTrue();
    assertThat(target(1, 0, "us").satisfies(Set.of("eu"))).isFalse();
  }
}
