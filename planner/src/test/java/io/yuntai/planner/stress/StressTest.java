package io.yuntai.planner.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.exports.SolvedTemplates;
import io.yuntai.planner.files.PlanTemplate;
import io.yuntai.planner.optimum.Optimum;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.WorkClass;
import io.yuntai.planner.statements.Statements;
import io.yuntai.planner.stress.Tornado.Swing;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StressTest {
  private static Plan small;
  private static Plan company;

  @BeforeAll
  static void solve() {
    small = SolvedTemplates.solve(SolvedTemplates.file(PlanTemplate.START_UP));
    company = SolvedTemplates.solve(SolvedTemplates.file(PlanTemplate.ENTERPRISE));
  }

  private static Swing swing(Tornado tornado, Lever lever) {
    return tornado.swings().stream().filter(one -> one.lever() == lever).findFirst().orElseThrow();
  }

  /** Money that depends on nothing else is linear: both halves are as long. */
  @Test
  void moneySwingsTheWayItShould() {
    for (Plan plan : List.of(small, company)) {
      Tornado tornado = Tornado.valuedAnew(plan, 0.1);
      assertThat(tornado.base()).isEqualTo(plan.netPresentValue());
      Swing prices = swing(tornado, Lever.PRICES);
      assertThat(prices.high()).isGreaterThan(tornado.base());
      assertThat(prices.high() - tornado.base())
          .isCloseTo(tornado.base() - prices.low(), within(1e-6));
      Swing servers = swing(tornado, Lever.SERVERS);
      assertThat(servers.low()).isGreaterThan(tornado.base());
      assertThat(servers.high()).isLessThan(tornado.base());
      for (int i = 1; i < tornado.swings().size(); i++) {
        assertThat(tornado.swings().get(i).width())
            .isLessThanOrEqualTo(tornado.swings().get(i - 1).width());
      }
      assertThat(Tornado.valuedAnew(plan, 0.1)).isEqualTo(tornado);
    }
  }

  @Test
  void nothingChangedIsThePlanItself() {
    for (Plan plan : List.of(small, company)) {
      var working = new Working(plan.inputs(), plan.decisions(), 1, 1).decisions();
      double sum = 0;
      var statements = Statements.of(plan.inputs(), working);
      for (int s = 0; s < statements.size(); s++) {
        sum += plan.inputs().scenarios().get(s).probability() * statements.get(s).netPresentValue();
      }
      assertThat(sum).isCloseTo(plan.netPresentValue(), within(1e-6 * Math.abs(sum)));
    }
  }

  /** Less work earns less; more can only be served as far as what stands carries it. */
  @Test
  void lessDemandIsNeverBetterForWhatIsBuilt() {
    Swing demand = swing(Tornado.valuedAnew(company, 0.2), Lever.DEMAND);
    assertThat(demand.low()).isLessThan(company.netPresentValue());
    Swing rate = swing(Tornado.valuedAnew(company, 0.2), Lever.THROUGHPUT);
    assertThat(rate.low()).isLessThan(company.netPresentValue());
    assertThat(rate.high()).isGreaterThanOrEqualTo(company.netPresentValue() - 1e-6);
  }

  /** A new plan can always do what the old one did, where no limit of money stands against it. */
  @Test
  void newPlansAreNotWorseThanOldOnesValuedAnew() {
    Tornado valued = Tornado.valuedAnew(small, 0.1);
    try (Optimum optimum = Optimum.pureJava()) {
      Tornado solved = Tornado.solvedAnew(small, 0.1, optimum, Effort.exact());
      double slack = 1e-3 * Math.abs(small.netPresentValue());
      for (Lever lever : List.of(Lever.PRICES, Lever.DEMAND, Lever.POWER, Lever.DISCOUNT)) {
        if (valued.swings().stream().anyMatch(one -> one.lever() == lever)) {
          assertThat(swing(solved, lever).low())
              .as(lever.text())
              .isGreaterThan(swing(valued, lever).low() - slack);
          assertThat(swing(solved, lever).high())
              .as(lever.text())
              .isGreaterThan(swing(valued, lever).high() - slack);
        }
      }
      assertThat(solved.way()).isEqualTo(Tornado.Way.SOLVED_ANEW);
    }
  }

  @Test
  void absurdSharesAreRefused() {
    for (double share : new double[] {0, 1, -0.1, Double.NaN}) {
      assertThatThrownBy(() -> Tornado.valuedAnew(small, share))
          .isInstanceOf(PlannerException.class)
          .hasMessageContaining("more than 0 %");
    }
  }

  /** The plan was made to bear any loss: what was promised of served work goes on. */
  @Test
  void promisesHoldAfterEachLoss() {
    List<LostSites.Loss> losses = LostSites.of(company);
    assertThat(losses).isNotEmpty();
    assertThat(company.inputs().rules().siteLoss()).isTrue();
    for (LostSites.Loss one : losses) {
      WorkClass work = company.inputs().workClass(one.workClass());
      double whole =
          losses.stream()
              .filter(other ->
                  other.lost().isEmpty()
                      && other.quarter() == one.quarter()
                      && other.workClass().equals(one.workClass()))
              .findFirst()
              .orElseThrow()
              .share();
      assertThat(one.share()).isBetween(0.0, 1.0);
      assertThat(one.share()).isLessThanOrEqualTo(whole + 1e-6);
      if (work.standing() == WorkClass.Standing.GOLD) {
        assertThat(one.served()).as("%s", one).isGreaterThan(planned(one) * (1 - 1e-6));
      }
    }
    assertThat(LostSites.of(company)).isEqualTo(losses);
  }

  /** What the plan serves of a class in the peak block: that is what it promises. */
  private static double planned(LostSites.Loss one) {
    String peak =
        company.inputs().blocks().stream().filter(LoadBlock::peak).findFirst().orElseThrow().name();
    String first = company.inputs().scenarios().getFirst().name();
    return company.decisions().work().stream()
        .filter(work ->
            work.quarter() == one.quarter()
                && work.block().equals(peak)
                && work.workClass().equals(one.workClass())
                && company
                    .inputs()
                    .tree()
                    .node(first, one.quarter())
                    .scenario()
                    .name()
                    .equals(work.scenario()))
        .mapToDouble(Decisions.Work::unitsPerSecond)
        .sum();
  }
}
