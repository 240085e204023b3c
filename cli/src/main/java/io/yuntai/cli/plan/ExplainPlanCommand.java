package io.yuntai.cli.plan;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Table;
import io.yuntai.planner.optimum.Optimum;
import io.yuntai.planner.plan.Counterfactual;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Freedom;
import io.yuntai.planner.plan.Reason;
import io.yuntai.planner.plan.Uncertainty;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai plan explain}. */
@Command(
    name = "explain",
    description = {
      "Say why a plan that was solved is as it is: limits that bind and what more of each is worth, the",
      "dearest verified by new plans; what the plan would be worth without its dearest decisions, and would",
      "do instead; with --free, what could be otherwise in plans nearly as good; with --futures, what not",
      "knowing which of its scenarios comes costs."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai plan explain plan.toml", "  yuntai plan explain plan.toml --free 2"})
final class ExplainPlanCommand implements Callable<Integer> {
  private static final double PERCENT = 100;

  private final CliContext context;

  @Parameters(paramLabel = "FILE", description = "A plan that was solved.")
  private Path file = Path.of("plan.toml");

  @Option(names = "--most", paramLabel = "N", description = "Limits to tell (default: 10).")
  private int most = 10;

  @Option(
      names = "--free",
      paramLabel = "PERCENT",
      description =
          "Of its value that may be given up: tells what is a must and what a free choice.")
  private double freePercent;

  @Option(
      names = "--without",
      paramLabel = "N",
      description =
          "Of the dearest decisions, to tell what a plan without each is worth and does instead (default: 5).")
  private int without = 5;

  @Option(
      names = "--futures",
      description =
          "Tell the mean of the worst scenarios, what planning for all of them is worth, and what knowing would be.")
  private boolean futures;

  @Mixin private final PlanOutput output = new PlanOutput();

  @Mixin private final FactsOption facts = new FactsOption();

  ExplainPlanCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    PlanFiles.Solved solved = facts.with(known -> PlanFiles.solved(file, known));
    Map<String, Object> fields = new LinkedHashMap<>();
    try (Interruption _ = Interruption.ofCtrlC();
        Optimum optimum = new Optimum()) {
      List<Reason> reasons =
          PlanFiles.mending(
              () -> optimum.reasons(solved.plan(), Effort.usual(), Math.clamp(most, 1, 100)));
      fields.put("reasons", reasons.stream().map(ExplainPlanCommand::fields).toList());
      if (!output.isJson()) {
        reasons.forEach(reason -> context.screen().result(reason.sentence()));
      }
      List<Counterfactual> instead =
          PlanFiles.mending(
              () -> optimum.nextBest(solved.plan(), Effort.usual(), Math.clamp(without, 0, 100)));
      fields.put("without", instead.stream().map(ExplainPlanCommand::fields).toList());
      if (!output.isJson()) {
        instead.forEach(one -> context.screen().result(one.sentence()));
      }
      if (freePercent > 0) {
        List<Freedom> free =
            PlanFiles.mending(
                () -> optimum.alternatives(solved.plan(), freePercent / PERCENT, Effort.usual()));
        fields.put("free", free.stream().map(ExplainPlanCommand::fields).toList());
        if (!output.isJson()) {
          print(free);
        }
      }
      if (futures) {
        Uncertainty uncertainty =
            PlanFiles.mending(() -> optimum.uncertainty(solved.plan(), Effort.usual()));
        fields.put("futures", fields(uncertainty));
        if (!output.isJson()) {
          print(uncertainty, solved.plan().inputs().finance().currency());
        }
      }
    }
    if (output.isJson()) {
      context.screen().result(Json.text(fields));
    }
    return ExitCode.OK.number();
  }

  private static Map<String, Object> fields(Reason reason) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("limit", reason.limit());
    fields.put("unit", reason.unit());
    fields.put("amount", reason.amount());
    fields.put("worth_per_unit_millions", reason.worthPerUnit());
    if (Double.isFinite(reason.verified())) {
      fields.put("tenth_more_millions", reason.verified());
    }
    fields.put("sentence", reason.sentence());
    return fields;
  }

  private static Map<String, Object> fields(Counterfactual one) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("decision", one.decision());
    if (Double.isFinite(one.loss())) {
      fields.put("worth_millions", one.loss());
    }
    fields.put("sentence", one.sentence());
    return fields;
  }

  private static Map<String, Object> fields(Freedom one) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("what", one.what());
    fields.put("unit", one.unit());
    fields.put("in_plan", one.inPlan());
    fields.put("least", one.least());
    fields.put("most", one.most());
    fields.put("proven", one.proven());
    return fields;
  }

  private static Map<String, Object> fields(Uncertainty uncertainty) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("expected_millions", uncertainty.expected());
    fields.put("worst_mean_millions", uncertainty.tail());
    fields.put("stochastic_solution_millions", uncertainty.stochasticSolution());
    fields.put("perfect_information_millions", uncertainty.perfectInformation());
    fields.put(
        "regrets",
        uncertainty.regrets().stream()
            .map(one ->
                Map.of(
                    "scenario", one.scenario(),
                    "value_millions", one.value(),
                    "knowing_millions", one.knowing()))
            .toList());
    return fields;
  }

  private void print(Uncertainty uncertainty, String currency) {
    context.screen().result("");
    context
        .screen()
        .result(
            context.text(
                "plan.explain.futures",
                Numbers.grouped(uncertainty.expected(), 2),
                Numbers.grouped(uncertainty.tail(), 2),
                Numbers.grouped(uncertainty.stochasticSolution(), 2),
                Numbers.grouped(uncertainty.perfectInformation(), 2),
                currency));
    Table table = new Table(context.screen(), "SCENARIO", "THIS PLAN", "KNOWING IT", "REGRET");
    table.alignRight(1, 2, 3);
    for (Uncertainty.Regret one : uncertainty.regrets()) {
      table.row(
          one.scenario(),
          Numbers.grouped(one.value(), 2),
          Numbers.grouped(one.knowing(), 2),
          Numbers.grouped(one.knowing() - one.value(), 2));
    }
    table.print();
  }

  private void print(List<Freedom> free) {
    context.screen().result("");
    Table table = new Table(context.screen(), "WHAT", "UNIT", "IN PLAN", "LEAST", "MOST");
    table.alignRight(2, 3, 4);
    for (Freedom one : free) {
      table.row(
          one.what(),
          one.unit(),
          Numbers.grouped(one.inPlan(), 2),
          Numbers.grouped(one.least(), 2),
          Numbers.grouped(one.most(), 2));
    }
    table.print();
  }
}
