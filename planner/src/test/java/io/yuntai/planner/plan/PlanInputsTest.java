package io.yuntai.planner.plan;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.planner.PlannerException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Bad cells are told by name, with the mend. */
class PlanInputsTest {
  private static void refused(ThrowingCallable bad, String sentence) {
    assertThatThrownBy(bad).isInstanceOf(PlannerException.class).hasMessage(sentence);
  }

  private static Site site(double pue) {
    return new Site(
        "a",
        1,
        0,
        Double.POSITIVE_INFINITY,
        List.of(),
        Series.UNLIMITED,
        pue,
        Series.constant(400),
        Map.of(),
        0,
        0,
        0,
        0,
        List.of(),
        List.of(new Link("north", 10, 0)));
  }

  private static PlanInputs inputs(List<Site> sites, Rules rules, List<Scenario> scenarios) {
    return new PlanInputs(
        "plan",
        new Horizon("2026-Q1", 4, 0),
        List.of(new LoadBlock("all", 2190, true)),
        List.of("north"),
        List.of(WorkClass.of("chat", 4)),
        scenarios,
        Demand.of(List.of()),
        List.of(),
        sites,
        List.of(),
        Finance.simple("CNY", 0.08),
        rules);
  }

  @Test
  void numbersThatCantBe() {
    refused(() -> site(0.9), "sites.a.pue is 0.9; it must be from 1 to 5.");
    refused(
        () -> new LoadBlock("day", -3, false),
        "blocks.day.hours is -3; it must be from 0 to 2208.");
    refused(
        () -> WorkClass.of("chat", Double.NaN),
        "classes.chat.price is NaN; it must be at least 0.");
    refused(
        () -> Finance.simple("yuan", 0.08),
        "finance.currency is 'yuan'; write three letters, as CNY.");
    refused(
        () -> new Horizon("Q1 2026", 4, 0),
        "horizon.firstQuarter is 'Q1 2026'; write a year and a quarter, as 2025-Q2.");
  }

  @Test
  void namesThatAreNotThere() {
    List<Scenario> certain = List.of(Scenario.certain());
    Rules banned =
        new Rules(
            Rules.Goal.VALUE,
            Set.of(new Rules.Ban("h20", "a")),
            List.of(),
            Map.of(),
            false,
            0,
            Series.UNLIMITED,
            0,
            0.1);
    refused(
        () -> inputs(List.of(site(1.2)), banned, certain),
        "rules.banned.chip names 'h20', which is not there; there are: none.");
    refused(
        () -> inputs(List.of(site(1.2), site(1.3)), Rules.none(Rules.Goal.VALUE), certain),
        "sites has 'a' twice; give each a name of its own.");
  }

  @Test
  void rulesThatContradict() {
    Rules loss =
        new Rules(
            Rules.Goal.VALUE, Set.of(), List.of(), Map.of(), true, 0, Series.UNLIMITED, 0, 0.1);
    refused(
        () -> inputs(List.of(site(1.2)), loss, List.of(Scenario.certain())),
        "rules.siteLoss asks that the loss of a site be borne, but there is 1 site; add one, or leave the rule out.");
    refused(
        () ->
            inputs(
                List.of(site(1.2)),
                Rules.none(Rules.Goal.VALUE),
                List.of(
                    Scenario.of("a", 0.5, "", 0, Series.ONE),
                    Scenario.of("b", 0.4, "a", 2, Series.ONE))),
        "The probabilities of scenarios a, b add up to 0.9; they must add up to 1.");
  }
}
