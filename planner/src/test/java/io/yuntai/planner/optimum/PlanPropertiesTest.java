package io.yuntai.planner.optimum;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Demand;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Finance;
import io.yuntai.planner.plan.Horizon;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Rules;
import io.yuntai.planner.plan.Series;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.plan.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What must hold between plans, on random tiny inputs. */
class PlanPropertiesTest {
  private static final int INPUTS = Integer.getInteger("yuntai.plans", 15);
  private static final long SEED = Long.getLong("yuntai.seed", 5000);

  private static double value(PlanInputs inputs) {
    return Optimum.pureJava().solve(inputs, Effort.exact(), _ -> {})
            instanceof Outcome.Planned(Plan plan)
        ? plan.value()
        : Double.NEGATIVE_INFINITY;
  }

  /** The first is never better than the second. */
  private static void neverWorse(UnaryOperator<PlanInputs> wider, String what) {
    for (long seed = SEED; seed < SEED + INPUTS; seed++) {
      PlanInputs inputs = TinyPlans.of(seed);
      double before = value(inputs);
      double after = value(wider.apply(inputs));
      assertThat(after)
          .as("%s, seed %d", what, seed)
          .isGreaterThanOrEqualTo(before - 1e-6 * (1 + Math.abs(before)));
    }
  }

  @Test
  void moreBudgetIsNeverWorse() {
    neverWorse(
        inputs -> {
          Finance money = inputs.finance();
          return inputs.with(
              new Finance(
                  money.currency(),
                  money.discountPerYear(),
                  money.taxRate(),
                  money.budget().times(1.3),
                  money.totalBudget() * 1.3,
                  money.openingCash(),
                  money.cashFloor(),
                  money.creditLine(),
                  money.interestPerYear(),
                  money.terminal()));
        },
        "budget");
  }

  @Test
  void moreSupplyIsNeverWorse() {
    neverWorse(
        inputs -> inputs.withChips(inputs.chips().stream().map(PlanPropertiesTest::more).toList()),
        "supply");
  }

  private static Chip more(Chip chip) {
    return new Chip(
        chip.name(),
        chip.vendor(),
        chip.price(),
        chip.paidAtOrder(),
        chip.kilowatts(),
        chip.idleShare(),
        chip.liquid(),
        chip.racks(),
        chip.batch(),
        chip.wholeBatches(),
        chip.leadQuarters(),
        chip.bookQuarters(),
        chip.lifeQuarters(),
        chip.upkeepPerYear(),
        chip.supply().times(2),
        chip.resaleLossPerYear(),
        chip.unitsPerSecond());
  }

  @Test
  void fewerRulesAreNeverWorse() {
    neverWorse(
        inputs -> {
          Rules rules = inputs.rules();
          return inputs.with(
              new Rules(
                  rules.goal(),
                  java.util.Set.of(),
                  List.of(),
                  Map.of(),
                  false,
                  0,
                  Series.UNLIMITED,
                  rules.riskWeight(),
                  rules.riskTail()));
        },
        "rules");
  }

  @Test
  void anotherSiteIsNeverWorse() {
    neverWorse(
        inputs -> {
          Site like = inputs.sites().getFirst();
          List<Site> sites = new ArrayList<>(inputs.sites());
          sites.add(
              new Site(
                  "another",
                  0,
                  0,
                  0,
                  like.phases(),
                  like.gridMegawatts(),
                  like.pue(),
                  like.powerPrice(),
                  like.powerPriceByChip(),
                  like.renewableShare(),
                  like.carbonPerMegawattHour(),
                  like.staffPerMegawattYear(),
                  like.upkeepPerMegawattYear(),
                  List.of(),
                  like.links()));
          return inputs.withSites(sites);
        },
        "another site");
  }

  /** What may be begun and ordered in the tail, too, may be left. */
  @Test
  void moreTimeToDecideIsNeverWorse() {
    neverWorse(
        inputs -> {
          Horizon horizon = inputs.horizon();
          return new PlanInputs(
              inputs.name(),
              new Horizon(horizon.firstQuarter(), horizon.length(), 0),
              inputs.blocks(),
              inputs.regions(),
              inputs.classes(),
              inputs.scenarios(),
              inputs.demand(),
              inputs.chips(),
              inputs.sites(),
              inputs.contracts(),
              inputs.finance(),
              inputs.rules());
        },
        "time");
  }

  @Test
  void twiceTheMoneyIsTwiceTheValue() {
    for (long seed = SEED; seed < SEED + INPUTS; seed++) {
      PlanInputs inputs = TinyPlans.of(seed);
      double before = value(inputs);
      double after = value(MoneyTwice.of(inputs));
      if (Double.isInfinite(before)) {
        assertThat(after).as("seed %d", seed).isEqualTo(before);
      } else {
        assertThat(Math.abs(after - 2 * before))
            .as("seed %d", seed)
            .isLessThan(1e-6 * (1 + Math.abs(before)));
      }
    }
  }

  @Test
  void theOrderOfSitesChangesNothing() {
    for (long seed = SEED; seed < SEED + INPUTS; seed++) {
      PlanInputs inputs = TinyPlans.of(seed);
      double before = value(inputs);
      double after = value(inputs.withSites(inputs.sites().reversed()));
      if (Double.isInfinite(before)) {
        assertThat(after).as("seed %d", seed).isEqualTo(before);
      } else {
        assertThat(Math.abs(after - before))
            .as("seed %d", seed)
            .isLessThan(1e-6 * (1 + Math.abs(before)));
      }
    }
  }

  @Test
  void withoutDemandNothingIsBuilt() {
    for (long seed = SEED; seed < SEED + INPUTS; seed++) {
      PlanInputs inputs = TinyPlans.of(seed).with(Demand.of(List.of()));
      if (Optimum.pureJava().solve(inputs, Effort.exact(), _ -> {})
          instanceof Outcome.Planned(Plan plan)) {
        assertThat(plan.decisions().phases()).as("seed %d", seed).isEmpty();
        assertThat(plan.decisions().orders()).as("seed %d", seed).isEmpty();
      }
    }
  }

  @Test
  void theBalanceMovesByTheProfitAfterTax() {
    for (long seed = SEED; seed < SEED + INPUTS; seed++) {
      if (Optimum.pureJava().solve(TinyPlans.of(seed), Effort.exact(), _ -> {})
          instanceof Outcome.Planned(Plan plan)) {
        for (Statement statement : plan.statements()) {
          for (int t = 1; t < statement.quarters().size(); t++) {
            Statement.Quarter now = statement.quarters().get(t);
            double moved = now.equity() - statement.quarters().get(t - 1).equity();
            assertThat(Math.abs(moved - (now.profit() - now.tax())))
                .as("seed %d, %s", seed, now.label())
                .isLessThan(1e-9);
          }
        }
      }
    }
  }

  @Test
  void theSameInputsGiveTheSamePlan() {
    for (long seed = SEED; seed < SEED + INPUTS; seed++) {
      Outcome first = Optimum.pureJava().solve(TinyPlans.of(seed), Effort.exact(), _ -> {});
      Outcome second = Optimum.pureJava().solve(TinyPlans.of(seed), Effort.exact(), _ -> {});
      assertThat(second.toString()).as("seed %d", seed).isEqualTo(first.toString());
    }
  }
}
