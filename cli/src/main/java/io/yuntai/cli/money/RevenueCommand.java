package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.revenue.FiscalCalendar;
import io.yuntai.ledger.revenue.RevenueQuery;
import io.yuntai.ledger.revenue.RevenueReport;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code yuntai revenue}. */
@Command(
    name = "revenue",
    description = "What this cloud earned: by model, product or tenant, with growth.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai revenue",
      "  yuntai revenue --by tenant --per quarter --fiscal-start 4",
      "  yuntai revenue --by model --from 2026-01 --to 2026-11 --currency USD --csv"
    })
public final class RevenueCommand extends BooksVerb {
  /** Four quarters before the present one, so that it can be compared with the year before. */
  private static final int SHOWN_BEFORE = 4;

  @Option(
      names = "--by",
      paramLabel = "WHAT",
      defaultValue = "model",
      description = "model, product (class of service) or tenant (model).")
  private String by = "model";

  @Option(
      names = "--per",
      paramLabel = "PERIOD",
      defaultValue = "quarter",
      description = "month, quarter or year (quarter).")
  private String per = "quarter";

  @Option(
      names = "--from",
      paramLabel = "MONTH",
      description =
          "The first period is that of this month, such as 2026-01 (four before the last).")
  private @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "MONTH",
      description = "The last period is that of this month (the present one).")
  private @Nullable String to;

  @Option(
      names = "--fiscal-start",
      paramLabel = "MONTH",
      defaultValue = "1",
      description =
          "With which month the fiscal year begins, 1 to 12 (1); YUNTAI_FISCAL_START says it for good.")
  private int fiscalStart = 1;

  @Option(
      names = "--currency",
      paramLabel = "CODE",
      description = "Convert to this one, by the rates of 'prices fx' (the operator's).")
  private @Nullable String currency;

  @Option(
      names = "--fx-source",
      paramLabel = "NAME",
      description = "Whose exchange rates (anybody's).")
  private @Nullable String fxSource;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(names = "--csv", description = "Print comma-separated values.")
  private boolean csv;

  /** The command. */
  public RevenueCommand(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run(LocalBooks books) {
    FiscalCalendar calendar =
        new FiscalCalendar(
            one(FiscalCalendar.Step.values(), FiscalCalendar.Step::text, per), fiscalStart);
    YearMonth last = to == null ? YearMonth.now(ZoneOffset.UTC) : month(to);
    YearMonth first =
        from == null ? calendar.first(calendar.period(last) - SHOWN_BEFORE) : month(from);
    RevenueReport report =
        books
            .revenue()
            .report(
                new RevenueQuery(
                    one(RevenueQuery.By.values(), RevenueQuery.By::text, by),
                    calendar,
                    first,
                    last,
                    currency == null ? null : IsoCurrency.of(currency),
                    fxSource));
    RevenueOutput output = new RevenueOutput(context.screen(), report);
    if (json) {
      output.json();
    } else if (csv) {
      output.csv();
    } else {
      output.tables();
    }
    return ExitCode.OK;
  }

  private static <T> T one(T[] values, Function<T, String> text, String wanted) {
    return Arrays.stream(values)
        .filter(value -> text.apply(value).equals(wanted))
        .findFirst()
        .orElseThrow(() ->
            new CommandException(
                ExitCode.USAGE,
                "'"
                    + wanted
                    + "' must be one of "
                    + List.of(values).stream().map(text).collect(Collectors.joining(", "))
                    + "."));
  }

  private static YearMonth month(String text) {
    try {
      return YearMonth.parse(text.length() > 7 ? text.substring(0, 7) : text);
    } catch (DateTimeException wrong) {
      throw new CommandException(
          ExitCode.USAGE, "'" + text + "' is no month: write 2026-11.", wrong);
    }
  }
}
