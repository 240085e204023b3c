package io.yuntai.cli.plan;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.planner.exports.PlanComparison;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code yuntai plan compare}. */
@Command(
    name = "compare",
    description = {
      "Compare two plans that were solved: by money, by what is built and ordered, and by the",
      "assumptions that differ."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai plan compare plan.toml cheaper-power.toml"})
final class ComparePlansCommand implements Callable<Integer> {
  private final CliContext context;

  @Parameters(index = "0", paramLabel = "FILE", description = "A plan that was solved.")
  private Path one = Path.of("plan.toml");

  @Parameters(index = "1", paramLabel = "OTHER", description = "Another.")
  private Path other = Path.of("plan.toml");

  @Mixin private final PlanOutput output = new PlanOutput();

  @Mixin private final FactsOption facts = new FactsOption();

  ComparePlansCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    PlanFiles.Solved first = facts.with(known -> PlanFiles.solved(one, known));
    PlanFiles.Solved second = facts.with(known -> PlanFiles.solved(other, known));
    PlanComparison comparison =
        PlanFiles.mending(() ->
            PlanComparison.of(
                first.plan(),
                first.file().assumptions(),
                second.plan(),
                second.file().assumptions()));
    if (output.isJson()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("money", comparison.money().fields());
      fields.put("decisions", comparison.decisions().fields());
      fields.put("assumptions", comparison.assumptions().fields());
      context.screen().result(Json.text(fields));
    } else {
      PlanPrinter printer = new PlanPrinter(context);
      printer.table(comparison.money());
      context.screen().result("");
      printer.table(comparison.decisions());
      context.screen().result("");
      printer.table(comparison.assumptions());
    }
    return ExitCode.OK.number();
  }
}
