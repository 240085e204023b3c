package io.yuntai.cli.plan;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.planner.optimum.Optimum;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.replay.ActualDemand;
import io.yuntai.planner.replay.Replay;
import io.yuntai.planner.usage.HourlyUsage;
import io.yuntai.planner.usage.UsageMeasure;
import io.yuntai.planner.usage.UsageReader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai plan replay}. */
@Command(
    name = "replay",
    description = {
      "Value an old plan against the usage that came: what it built and ordered, worked as well as could",
      "be, beside what a plan would have been worth that had known. Where the plan has several classes or",
      "regions, the columns class and region of the usage must name them."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai plan replay plan.toml --usage usage.csv"})
final class ReplayPlanCommand implements Callable<Integer> {
  private final CliContext context;

  @Parameters(paramLabel = "FILE", description = "A plan that was solved.")
  private Path file = Path.of("plan.toml");

  @Option(
      names = "--usage",
      paramLabel = "CSV",
      required = true,
      description = "Usage by hour, the ledger's export, or FOCUS rows.")
  private Path usage = Path.of("");

  @Option(
      names = "--measure",
      paramLabel = "WHAT",
      description =
          "What the plan's units are: output, input, cached or requests (default: output).")
  private String measure = "output";

  @Mixin private final PlanOutput output = new PlanOutput();

  @Mixin private final FactsOption facts = new FactsOption();

  ReplayPlanCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    PlanFiles.Solved solved = facts.with(known -> PlanFiles.solved(file, known));
    Replay replay =
        PlanFiles.mending(() -> {
          HourlyUsage came = UsageReader.file(usage);
          ActualDemand actual =
              ActualDemand.of(solved.plan().inputs(), came, UsageMeasure.of(measure));
          try (Interruption _ = Interruption.ofCtrlC();
              Optimum optimum = new Optimum()) {
            return Replay.of(solved.plan(), actual, optimum, Effort.usual());
          }
        });
    print(replay, solved.plan().inputs().finance().currency());
    return ExitCode.OK.number();
  }

  private void print(Replay replay, String currency) {
    if (output.isJson()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("quarters_metered", replay.quarters());
      fields.put("currency", currency);
      fields.put("expected_millions", replay.expected());
      fields.put("came_millions", replay.came());
      fields.put("known_millions", replay.known());
      fields.put("regret_millions", replay.regret());
      context.screen().result(Json.text(fields));
      return;
    }
    context.screen().result(context.text("plan.replay.metered", replay.quarters()));
    line("plan.replay.expected", replay.expected(), currency);
    line("plan.replay.came", replay.came(), currency);
    line("plan.replay.known", replay.known(), currency);
    line("plan.replay.regret", replay.regret(), currency);
  }

  private void line(String key, double millions, String currency) {
    context.screen().result(context.text(key, Numbers.grouped(millions, 2), currency));
  }
}
