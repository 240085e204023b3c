package io.yuntai.planner.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.planner.facts.Facts;
import io.yuntai.planner.optimum.Optimum;
import io.yuntai.planner.plan.Aim;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Rules;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Uncertainty;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code [robust]}, {@code [fan]} and {@code goals} of plans' files. */
class FuturesReaderTest {
  private static final Facts FACTS = Facts.defaults();
  private static final String START_UP = withoutComments(PlanTemplate.START_UP.content());
  private static final String ENTERPRISE = withoutComments(PlanTemplate.ENTERPRISE.content());
  private static final String ROBUST =
      """

      [robust]
      up = "30 %"
      down = "20 %"
      at-once = 1
      known-from = "2027-Q3"
      """;

  /** Templates tell of what may be added; what is put there is not to be in these lines. */
  private static String withoutComments(String text) {
    return text.replaceAll("(?m)^#.*\n", "");
  }

  private static PlanFile read(String text) {
    return PlanFileReader.text("plan.toml", text, FACTS);
  }

  private static Plan solved(PlanInputs inputs) {
    try (Optimum optimum = new Optimum()) {
      Outcome outcome = optimum.solve(inputs, Effort.usual(), _ -> {});
      assertThat(outcome).isInstanceOf(Outcome.Planned.class);
      return ((Outcome.Planned) outcome).plan();
    }
  }

  @Test
  void aRobustPlanIsForTheWorstOfItsFutures() {
    PlanFile file = read(START_UP + ROBUST);
    assertThat(file.inputs().scenarios().stream().map(Scenario::name))
        .containsExactly("as expected", "home up", "home down");
    assertThat(file.inputs().rules().aims()).containsExactly(Aim.RISK, Aim.VALUE);
    assertThat(file.notes()).anyMatch(note -> note.startsWith("Robust: 3 futures"));
    Plan plan = solved(file.inputs());
    double worst =
        plan.statements().stream().mapToDouble(one -> one.netPresentValue()).min().orElseThrow();
    assertThat(Math.abs(plan.value() - worst)).isLessThan(1e-6 * (1 + Math.abs(worst)));
    assertThat(plan.notes()).anyMatch(note -> note.startsWith("Goal 1 of 2, risk: "));
    Plan nominal = solved(read(START_UP).inputs());
    assertThat(worst).isLessThan(nominal.value());
    SolvedPlan kept = SolvedPlan.of(plan, InputDigest.of(file.inputs()));
    assertThat(SolvedPlan.read(kept.text(), "plan.solved")).isEqualTo(kept);
  }

  @Test
  void companiesDeviateByRegion() {
    String text = ENTERPRISE + "\n[robust]\nup = \"30 %\"\nat-once = 2\n";
    PlanInputs inputs = read(text).inputs();
    assertThat(inputs.scenarios()).hasSize(7);
    assertThat(inputs.scenarios().getLast().splitQuarter()).isEqualTo(4);
    assertThat(inputs.rules().riskTail()).isEqualTo(1.0 / 7);
  }

  @Test
  void goalsGoOneBeforeTheOther() {
    String text =
        ENTERPRISE.replace(
            "goal = \"value\"", "goals = [\"gold\", \"value\"]\ngoals-tolerance = \"2 %\"");
    Rules rules = read(text).inputs().rules();
    assertThat(rules.aims()).containsExactly(Aim.GOLD, Aim.VALUE);
    assertThat(rules.aimTolerance()).isEqualTo(0.02);
    assertThat(rules.goal()).isEqualTo(Rules.Goal.VALUE);
    String carbon = text.replace("\"value\"]", "\"cost\", \"carbon\"]");
    assertThatThrownBy(() -> read(carbon))
        .hasMessageContaining("rules.goals[2] has 'carbon', but no site tells its carbon");
    Rules cost =
        read(carbon.replace("pue = 1.3", "pue = 1.3\ncarbon = \"0.5 t/MWh\"")).inputs().rules();
    assertThat(cost.goal()).isEqualTo(Rules.Goal.COST);
    String robust = text + "\n[robust]\nup = \"30 %\"\nat-once = 1\n";
    assertThat(read(robust).inputs().rules().aims()).containsExactly(Aim.GOLD, Aim.RISK, Aim.VALUE);
  }

  /** Growing by six per cent a month, with months that are better and worse. */
  private static String usage() {
    StringBuilder csv = new StringBuilder("hour,model,requests,output,refused\n");
    Instant first = Instant.parse("2025-01-01T00:00:00Z");
    for (int i = 0; i < 24 * 700; i++) {
      double month = i / 730.0;
      double level = 1e6 * Math.pow(1.06, month) * (1 + 0.15 * Math.sin(1.7 * Math.floor(month)));
      double hour = i % 24 >= 18 ? 2 : 1;
      csv.append(first.plusSeconds(3600L * i))
          .append(String.format(Locale.ROOT, ",q,10,%.0f,0%n", level * hour));
    }
    return csv.toString();
  }

  private static String metered(String fan) {
    String metered =
        START_UP.replaceAll(
            "(?s)rate = \"1000 token/s\".*?damping[^\n]*", "usage = \"usage.csv\"\nmodel = \"q\"");
    return metered + fan + "\n[files]\n\"usage.csv\" = \"\"\"\n" + usage() + "\"\"\"\n";
  }

  @Test
  void aFanBecomesATree() {
    PlanFile file = read(metered("\n[fan]\n"));
    PlanInputs inputs = file.inputs();
    assertThat(inputs.scenarios()).hasSize(9);
    assertThat(file.notes()).anyMatch(note -> note.contains("a fan of its quantiles"));
    Scenario low = inputs.scenarios().getFirst();
    Scenario high = inputs.scenarios().getLast();
    for (int t = 0; t < 4; t++) {
      assertThat(inputs.demand().at("chat", "home", "busy", t, low))
          .isEqualTo(inputs.demand().at("chat", "home", "busy", t, high));
    }
    assertThat(inputs.demand().at("chat", "home", "busy", 4, low))
        .isLessThan(inputs.demand().at("chat", "home", "busy", 4, high));
  }

  @Test
  void whatNotKnowingTheFanCostsIsTold() {
    String fan =
        "\n[fan]\nbranches = [\"2028-Q1\"]\nlevels = [0.1, 0.9]\nweights = [\"50 %\", \"50 %\"]\n";
    PlanInputs inputs = read(metered(fan)).inputs();
    assertThat(inputs.scenarios().stream().map(Scenario::name)).containsExactly("q1", "q9");
    try (Optimum optimum = new Optimum()) {
      Plan plan = solved(inputs);
      Uncertainty told = optimum.uncertainty(plan, Effort.usual());
      double allowed = 0.02 * (1 + Math.abs(told.expected()));
      assertThat(told.perfectInformation()).isGreaterThan(-allowed);
      assertThat(told.stochasticSolution()).isGreaterThan(-allowed);
      assertThat(told.regrets()).hasSize(2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'up = \"30 %\"', 'up = \"-30 %\"', 'robust.up: -0.3 is below 0'",
    "'up = \"30 %\"\ndown = \"20 %\"', '', 'robust.up: how far demand may be'",
    "'down = \"20 %\"', 'down = \"120 %\"', 'robust.down: 1.2 is no share'",
    "'at-once = 1', '', 'robust.at-once: ''at-once'' is missing'",
    "'at-once = 1', 'at-once = \"1 MW\"', 'robust.at-once: ''1 MW'' is in MW'",
    "'at-once = 1', 'at-once = 1\nby = \"site\"', 'robust.by: ''site'' is none of'",
    "'2027-Q3', '2035-Q3', 'robust.known-from: deviations are known from a quarter between 2027-Q2 and 2029-Q4 on'",
    "'2027-Q3', '2027-Q1', 'robust.known-from: deviations'",
    "'[robust]', '[scenarios.a]\nprobability = 1\n[robust]', 'robust: makes scenarios of its own'",
    "'[robust]', '[fan]\n[robust]', 'fan: makes scenarios of its own; leave [robust] out'",
    "'goal = \"value\"', 'goal = \"service\"', 'rules.goal: with [robust] it is'",
    "'goal = \"value\"', 'goal = \"value\"\nrisk-weight = \"20 %\"', 'rules.risk-weight: with [robust]'",
    "'goal = \"value\"', 'goals = [\"value\", \"gold\"]', 'rules.goals[1] has ''gold'', but no class has that standing'",
    "'goal = \"value\"', 'goals = [\"gold\"]', 'rules.goals has neither value nor cost'",
    "'goal = \"value\"', 'goals = [\"valu\"]', 'rules.goals: ''valu'' is none of: gold'",
    "'goal = \"value\"', 'goal = \"value\"\ngoals = [\"value\"]', 'rules.goal: is told by goals, too'",
    "'goal = \"value\"', 'goal = \"value\"\ngoals-tolerance = \"1 %\"', 'rules.goals-tolerance: is for several goals'",
    "'[robust]', '[fan]\nlevels = [0.9, 0.1]\n[robustx]', 'fan: '"
  })
  void slipsAreNamedWithLineCellAndMend(String right, String wrong, String message) {
    String text = START_UP + ROBUST;
    assertThat(text).contains(right);
    assertThatThrownBy(() -> read(text.replace(right, wrong)))
        .hasMessageMatching("(?s)plan\\.toml:\\d+:\\d+: .*")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "'probability = 0.6', 'probability = 0.5', 'scenarios.slow.probability: the probabilities of all scenarios (base 0.5, slow 0.4) add up to 0.9, and must add up to 1; with the others as they are, this one is 0.5'",
    "'probability = 0.6', 'probability = 1.6', 'scenarios.base.probability: 1.6 is no probability'",
    "'probability = 0.6', '', 'scenarios.base.probability: ''probability'' is missing'",
    "'splits-from = \"base\"', 'splits-from = \"basis\"', 'scenarios.slow.splits-from: ''basis'' is no scenario told before this one of the plan; there are: base'",
    "'splits-from = \"base\"', '', 'scenarios.slow.known-from: a scenario is known from'",
    "'2027-Q3', '2030-Q1', 'scenarios.slow.known-from: what splits from another scenario is known from a quarter between 2027-Q2 and 2029-Q4 on'",
    "'supply.server-h100', 'supply.server-h900', 'scenarios.base.supply'"
  })
  void slipsOfScenariosAreNamed(String right, String wrong, String message) {
    String text =
        START_UP
            + """

            [scenarios.base]
            probability = 0.6
            supply.server-h100 = "9 server/quarter"
            [scenarios.slow]
            probability = 0.4
            splits-from = "base"
            known-from = "2027-Q3"
            demand = 0.5
            """;
    assertThat(text).contains(right);
    assertThatThrownBy(() -> read(text.replace(right, wrong)))
        .hasMessageMatching("(?s)plan\\.toml:\\d+:\\d+: .*")
        .hasMessageContaining(message);
  }

  @Test
  void twiceTheSameDemandIsTold() {
    String twice =
        START_UP + "\n[[demand]]\nclass = \"chat\"\nregion = \"home\"\nrate = \"1 token/s\"\n";
    assertThatThrownBy(() -> read(twice))
        .hasMessageMatching("(?s)plan\\.toml:\\d+:\\d+: .*")
        .hasMessageContaining(
            "demand[1].region: demand[0] tells the demand of chat in home, busy already");
  }
}
