package io.yuntai.bench;

import io.yuntai.engine.measure.Machine;
import io.yuntai.engine.measure.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A report as Markdown: a table for each model, and below it what the figures depend on. */
final class BenchmarksPage {
  private BenchmarksPage() {}

  static String markdown(Report report) {
    List<String> lines = new ArrayList<>();
    for (String model : models(report)) {
      List<Measurement> rows = of(report, model);
      lines.add("### " + model);
      lines.add("");
      lines.add("| | | Yuntai | llama.cpp | times better | pairs |");
      lines.add("|---|---|---|---|---|---|");
      rows.forEach(row -> lines.add(row(row)));
      lines.add("");
    }
    lines.add(
        "**Median** (least to greatest). A pair is one repetition of each side, one directly");
    lines.add(
        "after the other; \"times better\" is taken pair by pair, and above 1 Yuntai is better.");
    lines.add("");
    lines.add(conditions(report));
    return String.join("\n", lines) + "\n";
  }

  static List<String> models(Report report) {
    return report.measurements().stream().map(m -> m.run().model()).distinct().toList();
  }

  static List<Measurement> of(Report report, String model) {
    return report.measurements().stream().filter(m -> m.run().model().equals(model)).toList();
  }

  private static String row(Measurement row) {
    return "| %s | %s | %s | %s | %s | %d |"
        .formatted(
            row.label(),
            row.unit(),
            cell(row.ours()),
            row.theirs().isEmpty() ? "not measured" : cell(row.theirs()),
            row.theirs().isEmpty() ? "" : cell(row.advantages()),
            row.ours().size());
  }

  /** Median, and the range behind it. */
  static String cell(List<Double> values) {
    Spread spread = Spread.of(values);
    return "**%s** (%s to %s)"
        .formatted(
            Unit.number(spread.median()), Unit.number(spread.min()), Unit.number(spread.max()));
  }

  private static String conditions(Report report) {
    Machine machine = report.machine();
    return """
    - Machine: %s; %d cores; %s; %s threads on either side.
    - Yuntai: kernel %s; JVM %s.
    - llama.cpp: %s, its library %s; flash attention %s.
    - Measured %s; load average of the machine before the runs: %s.\
    """
        .formatted(
            machine.processor(),
            machine.cores(),
            machine.system(),
            distinct(report.measurements().stream().map(m -> m.run().threads())),
            facts(report, "kernel", Measurement::ourFacts),
            facts(report, "java", Measurement::ourFacts),
            facts(report, "version", Measurement::theirFacts),
            facts(report, "kernel", Measurement::theirFacts),
            flashAttention(report),
            distinct(report.measurements().stream().map(m -> m.run().date())),
            distinct(
                report.measurements().stream()
                    .map(m -> String.format("%.1f", m.run().loadAverage()))));
  }

  private static String facts(
      Report report,
      String name,
      java.util.function.Function<Measurement, Map<String, String>> side) {
    return distinct(
        report.measurements().stream()
            .map(measurement -> side.apply(measurement).get(name))
            .filter(Objects::nonNull));
  }

  /** Which was faster, and so was used. */
  private static String flashAttention(Report report) {
    Map<String, String> byScenario =
        report.measurements().stream()
            .filter(m -> m.theirFacts().containsKey("flash_attention"))
            .collect(
                Collectors.groupingBy(
                    m -> m.scenario().toString(),
                    java.util.TreeMap::new,
                    Collectors.mapping(
                        m -> m.theirFacts().getOrDefault("flash_attention", ""),
                        Collectors.collectingAndThen(
                            Collectors.toList(), values -> distinct(values.stream())))));
    return byScenario.entrySet().stream()
        .map(entry -> entry.getValue() + " in " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  private static String distinct(Stream<?> values) {
    return values.map(String::valueOf).collect(Collectors.toCollection(TreeSet::new)).stream()
        .collect(Collectors.joining(" or "));
  }
}
