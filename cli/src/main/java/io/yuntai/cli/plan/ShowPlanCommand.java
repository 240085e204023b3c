package io.yuntai.cli.plan;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.planner.exports.PlanFields;
import io.yuntai.planner.exports.PlanTables;
import io.yuntai.planner.files.Assumption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai plan show}. */
@Command(
    name = "show",
    description = {
      "Show a plan that was solved: its value, its money by quarter, or one of its tables: orders, halls,",
      "contracts, statements, sites, work, materials, unit_costs, assumptions."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai plan show plan.toml",
      "  yuntai plan show plan.toml --table orders",
      "  yuntai plan show plan.toml -o json"
    })
final class ShowPlanCommand implements Callable<Integer> {
  private static final int STALE_MONTHS = 18;

  private final CliContext context;
  private final Clock clock;

  @Parameters(paramLabel = "FILE", description = "A plan that was solved.")
  private Path file = Path.of("plan.toml");

  @Option(names = "--table", paramLabel = "NAME", description = "One table instead.")
  private String table = "";

  @Mixin private final PlanOutput output = new PlanOutput();

  @Mixin private final FactsOption facts = new FactsOption();

  ShowPlanCommand(CliContext context, Clock clock) {
    this.context = context;
    this.clock = clock;
  }

  @Override
  public Integer call() {
    PlanFiles.Solved solved = facts.with(known -> PlanFiles.solved(file, known));
    PlanTables.Table wanted = table.isEmpty() ? null : table(solved);
    if (output.isJson()) {
      Map<String, Object> fields =
          wanted == null
              ? PlanFields.of(solved.plan(), solved.file().assumptions())
              : Map.of(table, wanted.fields());
      context.screen().result(Json.text(fields));
    } else if (wanted == null) {
      new PlanPrinter(context).summary(solved.plan(), solved.digest());
    } else {
      new PlanPrinter(context).table(wanted);
    }
    return ExitCode.OK.number();
  }

  private PlanTables.Table table(PlanFiles.Solved solved) {
    if (table.equals("assumptions")) {
      return assumptions(solved.file().assumptions());
    }
    Map<String, PlanTables.Table> tables = PlanTables.of(solved.plan());
    PlanTables.Table found = tables.get(table);
    if (found == null) {
      throw new CommandException(
          ExitCode.USAGE,
          "No table is called '%s'; there are %s and assumptions."
              .formatted(table, String.join(", ", tables.keySet())));
    }
    return found;
  }

  /** Every number with its source; old ones, and those of no date, are marked. */
  private PlanTables.Table assumptions(List<Assumption> assumptions) {
    YearMonth today = YearMonth.now(clock);
    List<List<Object>> rows =
        assumptions.stream()
            .map(one ->
                List.<Object>of(
                    one.cell(),
                    one.value(),
                    one.date() == null ? "" : one.date().toString(),
                    one.isStale(today, STALE_MONTHS) ? "old" : "",
                    one.confidence().text(),
                    one.source()))
            .toList();
    return new PlanTables.Table(
        List.of("cell", "value", "date", "stale", "confidence", "source"), rows);
  }
}
