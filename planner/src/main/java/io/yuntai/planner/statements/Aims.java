package io.yuntai.planner.statements;

import io.yuntai.planner.plan.Aim;
import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.ScenarioTree;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.plan.Statement;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.IntStream;

/** The amounts of goals that go one before the other, from decisions and statements. */
public final class Aims {
  private static final double SECONDS = 3600;
  private static final double MILLION = 1e6;

  private final PlanInputs inputs;
  private final Decisions decisions;
  private final List<Statement> statements;
  private final ScenarioTree tree;

  /** Of a plan's decisions, and the statements that were made of them. */
  public Aims(PlanInputs inputs, Decisions decisions, List<Statement> statements) {
    this.inputs = inputs;
    this.decisions = decisions;
    this.statements = statements;
    tree = inputs.tree();
  }

  /** What is to be least, in the unit of the aim. */
  public double amount(Aim aim) {
    return switch (aim) {
      case GOLD, SILVER, BRONZE, SERVICE -> unserved(aim);
      case VALUE -> -expected(Statement::netPresentValue);
      case COST -> -expected(one -> Goals.withoutRevenue(inputs, one));
      case RISK ->
          -Goals.tailMean(
              inputs, statements.stream().mapToDouble(one -> Goals.value(inputs, one)).toArray());
      case CARBON -> carbon();
    };
  }

  private double expected(java.util.function.ToDoubleFunction<Statement> of) {
    return IntStream.range(0, statements.size())
        .mapToDouble(
            s -> inputs.scenarios().get(s).probability() * of.applyAsDouble(statements.get(s)))
        .sum();
  }

  private double probability(String scenario, int quarter) {
    return tree.node(scenario, quarter).probability();
  }

  private double hours(String block) {
    return inputs.blocks().stream()
        .filter(one -> one.name().equals(block))
        .mapToDouble(LoadBlock::hours)
        .sum();
  }

  private double unserved(Aim aim) {
    double sum = 0;
    for (Decisions.Unserved one : decisions.unserved()) {
      if (aim.counts(inputs.workClass(one.workClass()).standing())) {
        double units = one.unitsPerSecond() * hours(one.block()) * SECONDS / MILLION;
        sum += probability(one.scenario(), one.quarter()) * units;
      }
    }
    return sum;
  }

  /** Idle servers draw their share all the time, and those at work the rest besides. */
  private double carbon() {
    double sum = 0;
    double all = inputs.blocks().stream().mapToDouble(LoadBlock::hours).sum();
    for (var scenario : inputs.scenarios()) {
      Stocks stocks = new Stocks(inputs, decisions, scenario.name());
      for (Chip chip : inputs.chips()) {
        for (Site site : inputs.sites()) {
          for (int t = 0; t < inputs.horizon().length(); t++) {
            BigDecimal stock = stocks.stock(chip.name(), site.name(), t);
            sum +=
                scenario.probability()
                    * tonnes(chip, site, stock.doubleValue() * chip.idleShare() * all);
          }
        }
      }
    }
    for (Decisions.Busy one : decisions.busy()) {
      if (!one.chip().isEmpty()) {
        Chip chip = inputs.chip(one.chip());
        double serverHours = one.servers() * (1 - chip.idleShare()) * hours(one.block());
        sum +=
            probability(one.scenario(), one.quarter())
                * tonnes(chip, inputs.site(one.place()), serverHours);
      }
    }
    return sum;
  }

  private static double tonnes(Chip chip, Site site, double serverHours) {
    return serverHours * chip.kilowatts() / 1000 * site.pue() * site.carbonPerMegawattHour();
  }
}
