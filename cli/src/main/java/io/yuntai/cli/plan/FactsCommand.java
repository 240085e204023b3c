package io.yuntai.cli.plan;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Table;
import io.yuntai.planner.facts.Fact;
import io.yuntai.planner.facts.Facts;
import java.time.Clock;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai plan facts}. */
@Command(
    name = "facts",
    description = {
      "Show the numbers that plans stand on, with source, date and how far they can be believed.",
      "Those older than --stale-after are marked."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai plan facts chip.h200",
      "  yuntai plan facts --json > facts.json",
      "  yuntai plan facts hall --set 'hall.price=120 USD/kW/month'"
    })
final class FactsCommand implements Callable<Integer> {
  private final CliContext context;
  private final Clock clock;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      description = "Only numbers whose names begin so.")
  private String prefix = "";

  @Option(
      names = "--stale-after",
      paramLabel = "MONTHS",
      description = "How old a number may be (default: 18).")
  private int staleAfter = 18;

  @Option(names = "--json", description = "Print {\"facts\":[...]}.")
  private boolean json;

  @Mixin private final FactsOption facts = new FactsOption();

  FactsCommand(CliContext context, Clock clock) {
    this.context = context;
    this.clock = clock;
  }

  @Override
  public Integer call() {
    List<Fact> found =
        facts.with(Facts::all).stream().filter(fact -> fact.name().startsWith(prefix)).toList();
    if (found.isEmpty()) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "No number's name begins with '%s'; 'yuntai plan facts' lists all.".formatted(prefix));
    }
    if (json) {
      context
          .screen()
          .result(Json.text(Map.of("facts", found.stream().map(this::fields).toList())));
      return ExitCode.OK.number();
    }
    Table table =
        new Table(context.screen(), "NAME", "VALUE", "UNIT", "DATE", "CONFIDENCE", "SOURCE");
    table.alignRight(1);
    for (Fact fact : found) {
      table.row(
          fact.name(),
          Numbers.plain(fact.value()),
          fact.unit().text(),
          fact.date() + (stale(fact) ? " (old)" : ""),
          fact.confidence().text(),
          fact.source());
    }
    table.print();
    return ExitCode.OK.number();
  }

  private boolean stale(Fact fact) {
    return fact.isStale(YearMonth.now(clock), staleAfter);
  }

  private Map<String, Object> fields(Fact fact) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", fact.name());
    fields.put("value", fact.value());
    fields.put("unit", fact.unit().text());
    fields.put("source", fact.source());
    fields.put("date", fact.date().toString());
    fields.put("confidence", fact.confidence().text());
    fields.put("stale", stale(fact));
    return fields;
  }
}
