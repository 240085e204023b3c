package io.yuntai.planner.demand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.planner.PlannerException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReconciledTest {
  private static final int HOURS = 24 * 28;

  private final long seed = Long.getLong("yuntai.seed", System.nanoTime());
  private final Random random = new Random(seed);

  /** Two models in two regions with days, weeks and noise; the second moves over to a third. */
  private Map<String, HourlySeries> parts(boolean moving) {
    System.out.println("-Dyuntai.seed=" + seed);
    Map<String, HourlySeries> parts = new LinkedHashMap<>();
    for (String region : List.of("north", "south")) {
      for (String model : List.of("a", "b", "c")) {
        double[] amounts = new double[HOURS];
        for (int t = 0; t < HOURS; t++) {
          double day = 1 + 0.6 * Math.sin(2 * Math.PI * (t % 24 - 6) / 24);
          double week = Math.floorDiv(t, 24) % 7 >= 5 ? 0.6 : 1;
          double moved = moving ? Math.clamp((t - HOURS + 240) / 120.0, 0, 1) : 0;
          double share = model.equals("a") ? 1 : model.equals("b") ? 1 - moved : moved;
          amounts[t] = share * 1e5 * day * week * Math.exp(0.15 * random.nextGaussian());
        }
        parts.put(model + " in " + region, new HourlySeries(Instant.EPOCH, amounts, 0));
      }
    }
    return parts;
  }

  private static Map<String, List<String>> groups(Map<String, HourlySeries> parts) {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    for (String part : parts.keySet()) {
      groups.computeIfAbsent(part.substring(0, 1), _ -> new ArrayList<>()).add(part);
      groups.computeIfAbsent(part.substring(5), _ -> new ArrayList<>()).add(part);
    }
    return groups;
  }

  private static Reconciled.Node node(Reconciled told, String name) {
    return told.nodes().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void partsAddUpToTheirGroupsAndToTheWholeExactly() {
    for (boolean moving : new boolean[] {false, true}) {
      Map<String, HourlySeries> parts = parts(moving);
      Map<String, List<String>> groups = groups(parts);
      Reconciled told = Reconciled.of(parts, groups, 30);
      assertThat(told.nodes()).hasSize(1 + 5 + 6);
      for (int h = 0; h < 30; h++) {
        double whole = 0;
        for (String part : parts.keySet()) {
          double amount = node(told, part).hours()[h];
          assertThat(amount).isNotNegative();
          whole += amount;
        }
        assertThat(node(told, "all").hours()[h]).isEqualTo(whole);
        for (Map.Entry<String, List<String>> group : groups.entrySet()) {
          double sum = 0;
          for (String part : group.getValue()) {
            sum += node(told, part).hours()[h];
          }
          assertThat(node(told, group.getKey()).hours()[h]).isEqualTo(sum);
        }
      }
    }
  }

  @Test
  void itBeatsTheDayBeforeOrIsTheDayBefore() {
    Map<String, HourlySeries> parts = parts(false);
    Reconciled told = Reconciled.of(parts, groups(parts), 24);
    assertThat(told.way()).isNotEqualTo(Reconciled.Way.DAY_BEFORE);
    assertThat(told.mase()).isLessThan(0.95 * told.naive());
    Map<String, HourlySeries> growing = new LinkedHashMap<>();
    for (String name : List.of("x", "y")) {
      double[] amounts = new double[HOURS];
      Arrays.setAll(amounts, t -> 100 * Math.exp(Math.floorDiv(t, 24) * 0.2));
      growing.put(name, new HourlySeries(Instant.EPOCH, amounts, 0));
    }
    Reconciled fast = Reconciled.of(growing, Map.of(), 24);
    assertThat(fast.mase()).isLessThanOrEqualTo(fast.naive());
  }

  /** What a new model takes from an old one is told of it, and the old one is gone. */
  @Test
  void modelsThatMoveKeepTheWhole() {
    Map<String, HourlySeries> parts = parts(true);
    Reconciled told = Reconciled.of(parts, groups(parts), 24);
    assertThat(node(told, "c in north").method())
        .isIn("its share of the whole", "yesterday's hour");
    if (told.way() != Reconciled.Way.DAY_BEFORE) {
      assertThat(node(told, "b in north").method()).isEqualTo("withdrawn");
    }
    double whole = node(told, "all").sum();
    assertThat(node(told, "b").sum()).isLessThan(0.1 * whole);
    assertThat(node(told, "c").sum() / whole).isCloseTo(0.5, within(0.15));
  }

  @Test
  void sharesOfAllPartsAddUpToTheWhole() {
    Map<String, HourlySeries> parts = parts(true);
    double[] whole = new double[HOURS];
    parts.values().forEach(part -> Arrays.setAll(whole, t -> whole[t] + part.amounts()[t]));
    double[] sum = new double[48];
    parts
        .values()
        .forEach(part -> {
          double[] one = Shares.of(whole, part.amounts(), HOURS, 48);
          Arrays.setAll(sum, h -> sum[h] + one[h]);
        });
    double[] told = new Forecaster.RecentDays(0.6).forecast(whole, HOURS, 48);
    for (int h = 0; h < 48; h++) {
      assertThat(sum[h]).isCloseTo(told[h], within(1e-6 * told[h]));
    }
  }

  /** By hand: a whole told as 10 and parts as 4 and 4, all as sure: each moves by a third of 2. */
  @Test
  void whatDisagreesIsMovedByHowSureItIs() {
    double[][] misses = {{1, -1, 1, -1}, {1, 1, -1, -1}, {1, -1, -1, 1}};
    List<int[]> members = List.of(new int[] {0, 1}, new int[] {0}, new int[] {1});
    double[][] told =
        Projection.of(members, 2, misses, false).coherent(new double[][] {{10}, {4}, {4}});
    assertThat(told[0][0]).isCloseTo(9 + 1 / 3.0, within(2e-3));
    assertThat(told[1][0]).isCloseTo(4 + 2 / 3.0, within(1e-3));
    double[][] sure = {{1e-3, -1e-3, 1e-3, -1e-3}, {1, 1, -1, -1}, {1, -1, -1, 1}};
    assertThat(
            Projection.of(members, 2, sure, false).coherent(new double[][] {{10}, {4}, {4}})[0][0])
        .isCloseTo(10, within(2e-3));
  }

  @Test
  void tooManyAndTooFewAreRefused() {
    assertThatThrownBy(() -> Reconciled.of(Map.of(), Map.of(), 24))
        .isInstanceOf(PlannerException.class)
        .hasMessageContaining("1 to 60");
    Map<String, HourlySeries> little =
        Map.of("a", new HourlySeries(Instant.EPOCH, new double[100], 0));
    assertThatThrownBy(() -> Reconciled.of(little, Map.of(), 24))
        .hasMessageContaining("twelve days");
  }
}
