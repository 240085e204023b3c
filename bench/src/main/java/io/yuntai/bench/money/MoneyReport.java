package io.yuntai.bench.money;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What {@code bench/money} prints of its sums. */
final class MoneyReport {
  private static final Set<String> SIMULATED_FAULTS =
      Set.of(
          "killed",
          "power cut",
          "question lost",
          "answer lost",
          "question doubled",
          "paused",
          "disk full",
          "bank down",
          "limit changed",
          "engine died",
          "left");

  private MoneyReport() {}

  static List<String> lines(Tally tally) {
    List<String> lines = new ArrayList<>();
    lines.add("| | simulated | PostgreSQL hammered | whole product hammered |");
    lines.add("| --- | --- | --- | --- |");
    lines.add(
        "| requests tried | %,d | %,d | %,d |"
            .formatted(
                tally.count("simulated.requests"),
                tally.count("hammered.requests"),
                tally.count("server.tried")));
    lines.add(
        "| faults injected | %,d | %,d | %,d |"
            .formatted(
                tally.under("simulated.").entrySet().stream()
                    .filter(one -> SIMULATED_FAULTS.contains(one.getKey()))
                    .mapToLong(one -> Long.parseLong(one.getValue()))
                    .sum(),
                sum(tally.under("hammered.fault ")),
                sum(tally.under("server.fault "))));
    lines.add(
        "| overspent, lost, billed twice | 0, 0, 0 | %d, %d, %d | 0, %d, %d |"
            .formatted(
                tally.count("hammered.overspent"),
                tally.count("hammered.lost"),
                tally.count("hammered.doubled"),
                tally.count("server.lost"),
                tally.count("server.doubled")));
    lines.add("");
    lines.add("Faults by kind:");
    lines.add("");
    for (String kind : SIMULATED_FAULTS.stream().sorted().toList()) {
      lines.add("- simulated, %s: %,d".formatted(kind, tally.count("simulated." + kind)));
    }
    tally
        .under("hammered.fault ")
        .forEach((kind, count) ->
            lines.add("- PostgreSQL, %s: %,d".formatted(kind, Long.parseLong(count))));
    tally
        .under("server.fault ")
        .forEach((kind, count) ->
            lines.add("- product, %s: %,d".formatted(kind, Long.parseLong(count))));
    lines.add("");
    mutants(tally, lines);
    speed(tally, lines);
    if (!tally.under("exact.").isEmpty()) {
      lines.add("");
      lines.add("| exactness, against a running server | want | Yuntai |");
      lines.add("| --- | --- | --- |");
      tally
          .under("exact.")
          .forEach((name, row) -> {
            if (!name.equals("verified")) {
              lines.add(row);
            }
          });
    }
    month(tally, lines);
    return lines;
  }

  private static long sum(Map<String, String> counts) {
    return counts.values().stream().mapToLong(Long::parseLong).sum();
  }

  private static void mutants(Tally tally, List<String> lines) {
    Map<String, String> mutants = tally.under("mutant.");
    if (mutants.isEmpty()) {
      return;
    }
    long caught = mutants.values().stream().filter(worlds -> !worlds.equals("0")).count();
    List<Long> sorted = mutants.values().stream().map(Long::parseLong).sorted().toList();
    lines.add(
        "Wrong behaviours seeded into the simulator: %d, noticed %d, in the median after %d world%s, at most after %d."
            .formatted(
                mutants.size(),
                caught,
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() / 2) == 1 ? "" : "s",
                sorted.getLast()));
    mutants.forEach((name, worlds) -> {
      if (worlds.equals("0")) {
        lines.add("Not noticed: " + name.toLowerCase(Locale.ROOT));
      }
    });
  }

  private static void speed(Tally tally, List<String> lines) {
    if (tally.under("settle.").isEmpty()) {
      return;
    }
    lines.add("");
    lines.add("| settled requests a second | one connection | for each core of PostgreSQL's |");
    lines.add("| --- | --- | --- |");
    for (String way : List.of("with budgets", "without budgets", "one by one")) {
      lines.add(
          "| %s | %s | %s |"
              .formatted(
                  way,
                  rounded(tally.text("settle.settled a second " + way)),
                  rounded(tally.text("settle.settled a PostgreSQL core second " + way))));
    }
    lines.add("");
    lines.add(
        "A usage row takes %s bytes with its indexes; %s rows a second are verified."
            .formatted(
                tally.text("settle.bytes of a row"),
                rounded(tally.text("settle.rows verified a second"))));
  }

  private static String rounded(String figure) {
    return figure.matches("[0-9.]+")
        ? String.format(Locale.ROOT, "%,.0f", Double.parseDouble(figure))
        : figure;
  }

  private static void month(Tally tally, List<String> lines) {
    long rows = tally.count("month.rows");
    if (rows == 0) {
      return;
    }
    double verify = Double.parseDouble(tally.text("month.verify seconds"));
    double invoice = Double.parseDouble(tally.text("month.invoice seconds"));
    lines.add("");
    lines.add(
        String.format(
            Locale.ROOT,
            "%,d requests of one tenant: verified in %.1f s, invoiced in %.1f s, command and all. Both read the rows a fixed number of times, one after the other, so time grows with the rows: 100 million would take %.1f and %.1f minutes on this machine.",
            rows,
            verify,
            invoice,
            verify / rows * 1e8 / 60,
            invoice / rows * 1e8 / 60));
  }
}
