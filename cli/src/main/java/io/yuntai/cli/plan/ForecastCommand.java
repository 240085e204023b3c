package io.yuntai.cli.plan;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Table;
import io.yuntai.planner.PlannerException;
import io.yuntai.planner.demand.Backtest;
import io.yuntai.planner.demand.Forecast;
import io.yuntai.planner.demand.HourlySeries;
import io.yuntai.planner.demand.Reconciled;
import io.yuntai.planner.usage.HourlyUsage;
import io.yuntai.planner.usage.UsageKind;
import io.yuntai.planner.usage.UsageMeasure;
import io.yuntai.planner.usage.UsageReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai plan forecast}. */
@Command(
    name = "forecast",
    description = {
      "Tell the next hours from those that were, with quantiles, and how well that would have done.",
      "FILE is what 'yuntai usage hours' or 'usage export' writes, FOCUS, or CSV with the heading",
      "hour,served or hour,served,refused; hours are such as 2026-11-02T15:00:00Z. Twelve days are needed",
      "at least. A method is only used where it would have beaten the same hour of the day before.",
      "--by tells models and regions so that they add up to the whole."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai plan forecast usage.csv",
      "  yuntai plan forecast usage.csv --measure requests --model qwen2.5-coder:0.5b",
      "  yuntai plan forecast usage.csv --by model,region --hours 168",
      "  yuntai plan forecast usage.csv --hours 168 --json"
    })
final class ForecastCommand implements Callable<Integer> {
  private static final String AMOUNTS = "hour,served";
  private static final List<String> PARTS = List.of("model", "region");
  private static final double[] LEVELS = {0.05, 0.5, 0.9, 0.95, 0.99};

  private final CliContext context;

  @Parameters(paramLabel = "FILE", description = "Hours with what was asked for.")
  private Path file = Path.of("");

  @Option(names = "--hours", paramLabel = "N", description = "How many to tell (default: 24).")
  private int hours = 24;

  @Option(
      names = "--measure",
      paramLabel = "WHAT",
      description =
          "Of a file that counts more than one thing: requests, input, cached or output (default: output).")
  private String measure = "output";

  @Option(names = "--model", paramLabel = "NAME", description = "Of this model only.")
  private String model = "";

  @Option(
      names = "--by",
      paramLabel = "WHAT",
      description =
          "Tell models, regions or both, so that they add up: model, region or model,region.")
  private String by = "";

  @Option(names = "--json", description = "Print hours, methods and quantiles as JSON.")
  private boolean json;

  ForecastCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try (BufferedReader text = Files.newBufferedReader(file)) {
      if (!by.isEmpty()) {
        return parts(text);
      }
      HourlySeries series = series(text);
      Forecast forecast = Forecast.of(series, hours);
      if (json) {
        context.screen().result(Json.text(fields(series, forecast)));
      } else {
        print(series, forecast);
      }
      return ExitCode.OK.number();
    } catch (PlannerException e) {
      throw new CommandException(ExitCode.USAGE, e.sentence(), e);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.NOT_FOUND, PlannerException.unreadable(file, e).sentence(), e);
    }
  }

  /** Lines of hours with one amount each, or usage in one of its forms. */
  private HourlySeries series(BufferedReader text) throws IOException {
    if (hasAmountsAlone(text)) {
      return HourlySeries.read(text, file.toString());
    }
    HourlyUsage usage = usage(text);
    return usage.offered(UsageMeasure.of(measure), this::isAsked);
  }

  private static boolean hasAmountsAlone(BufferedReader text) throws IOException {
    char[] heading = new char[AMOUNTS.length()];
    text.mark(heading.length);
    int read = text.read(heading);
    text.reset();
    return AMOUNTS.equals(new String(heading, 0, Math.max(0, read)));
  }

  private boolean isAsked(UsageKind kind) {
    return model.isEmpty() || kind.model().equals(model);
  }

  private HourlyUsage usage(BufferedReader text) throws IOException {
    HourlyUsage usage = UsageReader.read(text, file.toString());
    if (usage.kinds().stream().noneMatch(this::isAsked)) {
      throw new PlannerException(
          "%s has nothing of the model '%s'; there are %s."
              .formatted(
                  file,
                  model,
                  usage.kinds().stream().map(UsageKind::model).distinct().limit(20).toList()));
    }
    return usage;
  }

  /** Models and regions, which add up. */
  private int parts(BufferedReader text) throws IOException {
    List<String> what = List.of(by.split(",", -1));
    if (!PARTS.containsAll(what) || what.size() > PARTS.size()) {
      throw new PlannerException("--by is model, region or model,region, not '%s'.".formatted(by));
    }
    if (hasAmountsAlone(text)) {
      throw new PlannerException(
          "%s tells no models or regions; --by needs usage that does, such as 'yuntai usage hours' writes."
              .formatted(file));
    }
    HourlyUsage usage = usage(text);
    UsageMeasure counted = UsageMeasure.of(measure);
    boolean both = what.containsAll(PARTS);
    Map<String, HourlySeries> parts = new LinkedHashMap<>();
    Map<String, List<String>> groups = new TreeMap<>();
    for (UsageKind kind : usage.kinds()) {
      String region = kind.region().isEmpty() ? "no region" : kind.region();
      String name =
          both ? kind.model() + " in " + region : what.contains("model") ? kind.model() : region;
      if (isAsked(kind) && !parts.containsKey(name)) {
        parts.put(
            name,
            usage.offered(
                counted,
                other ->
                    isAsked(other)
                        && (!what.contains("model") || other.model().equals(kind.model()))
                        && (!what.contains("region") || other.region().equals(kind.region()))));
        if (both) {
          groups.computeIfAbsent("model " + kind.model(), _ -> new ArrayList<>()).add(name);
          groups.computeIfAbsent("region " + region, _ -> new ArrayList<>()).add(name);
        }
      }
    }
    if (hours < 1 || hours > Forecast.MAX_HOURS) {
      throw new PlannerException(
          "1 to %d hours can be told, not %d.".formatted(Forecast.MAX_HOURS, hours));
    }
    Reconciled told = Reconciled.of(parts, groups, hours);
    if (json) {
      context.screen().result(Json.text(fields(parts.values().iterator().next(), told)));
    } else {
      print(told);
    }
    return ExitCode.OK.number();
  }

  private static Map<String, Object> fields(HourlySeries series, Reconciled told) {
    List<Map<String, Object>> nodes = new ArrayList<>();
    for (Reconciled.Node node : told.nodes()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", node.name());
      one.put("method", node.method());
      one.put("sum", node.sum());
      one.put("hours", Arrays.stream(node.hours()).boxed().toList());
      nodes.add(one);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("first_hour", hour(series, 0));
    fields.put("way", told.way().name().toLowerCase(Locale.ROOT));
    fields.put("mase", told.mase());
    fields.put("naive_mase", told.naive());
    fields.put("origins", told.origins());
    fields.put("nodes", nodes);
    return fields;
  }

  private void print(Reconciled told) {
    context
        .screen()
        .note(
            context.text(
                "plan.forecast.parts",
                Numbers.grouped(told.mase(), 3),
                Numbers.grouped(told.naive(), 3),
                told.origins()));
    double all = Math.max(told.nodes().getFirst().sum(), Double.MIN_NORMAL);
    Table table = new Table(context.screen(), "WHAT", "SUM", "SHARE", "METHOD");
    table.alignRight(1, 2);
    for (Reconciled.Node node : told.nodes()) {
      table.row(
          node.name(),
          Numbers.grouped(node.sum(), 0),
          Numbers.percent(node.sum() / all),
          node.method());
    }
    table.print();
  }

  private static String hour(HourlySeries series, int ahead) {
    return series.first().plus(series.hours() + (long) ahead, ChronoUnit.HOURS).toString();
  }

  private Map<String, Object> fields(HourlySeries series, Forecast forecast) {
    List<Map<String, Object>> next = new ArrayList<>();
    for (int i = 0; i < hours; i++) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("hour", hour(series, i));
      one.put("point", forecast.fan().point(i));
      for (double level : LEVELS) {
        one.put("q" + Numbers.plain(level), forecast.fan().quantile(i, level));
      }
      next.add(one);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("hours_known", series.hours());
    fields.put("hours_missing", series.missing());
    fields.put("chosen", method(forecast.chosen()));
    fields.put("offered", forecast.offered().stream().map(ForecastCommand::method).toList());
    fields.put("naive", method(forecast.naive()));
    fields.put("hours", next);
    return fields;
  }

  private static Map<String, Object> method(Backtest judged) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("method", judged.forecaster().name());
    fields.put("mase", judged.mase());
    fields.put("pinball", judged.pinball());
    fields.put("coverage_90", judged.coverage());
    fields.put("origins", judged.origins());
    return fields;
  }

  private void print(HourlySeries series, Forecast forecast) {
    context.screen().note(context.text("plan.forecast.known", series.hours(), series.missing()));
    Table methods = new Table(context.screen(), "METHOD", "MASE", "PINBALL", "90 % BAND HELD");
    methods.alignRight(1, 2, 3);
    forecast.offered().forEach(judged -> row(methods, judged));
    row(methods, forecast.naive());
    methods.print();
    context.screen().result("");
    Table table = new Table(context.screen(), "HOUR", "5 %", "50 %", "90 %", "95 %", "99 %");
    table.alignRight(1, 2, 3, 4, 5);
    for (int i = 0; i < hours; i++) {
      String[] cells = new String[1 + LEVELS.length];
      cells[0] = hour(series, i);
      for (int level = 0; level < LEVELS.length; level++) {
        cells[1 + level] = Numbers.grouped(forecast.fan().quantile(i, LEVELS[level]), 0);
      }
      table.row(cells);
    }
    table.print();
  }

  private static void row(Table table, Backtest judged) {
    table.row(
        judged.forecaster().name(),
        Numbers.grouped(judged.mase(), 3),
        Numbers.grouped(judged.pinball(), 4),
        Numbers.percent(judged.coverage()));
  }
}
