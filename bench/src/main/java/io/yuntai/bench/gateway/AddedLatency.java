package io.yuntai.bench.gateway;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * One load through a product beside the same load without it, in turn.
 *
 * @param product the product's name
 * @param load what was asked for
 * @param good how many answers were whole
 * @param memoryMegabytes after the last run
 */
record AddedLatency(
    String product, Load load, int good, int all, List<Pair> pairs, long memoryMegabytes) {
  /** Copies the list. */
  AddedLatency {
    pairs = List.copyOf(pairs);
  }

  /**
   * What is asked for.
   *
   * @param perSecond requests
   */
  record Load(boolean stream, double perSecond, double seconds) {
    /** Reads {@code whole:100:8}. */
    static Load parse(String text) {
      String[] parts = text.split(":", -1);
      if (parts.length != 3 || !(parts[0].equals("whole") || parts[0].equals("stream"))) {
        throw new IllegalArgumentException(
            "A case is whole or stream, a rate and seconds, such as whole:100:8, not " + text);
      }
      return new Load(
          parts[0].equals("stream"), Double.parseDouble(parts[1]), Double.parseDouble(parts[2]));
    }

    String kind() {
      return stream ? "stream" : "whole";
    }

    String rate() {
      return String.format(Locale.ROOT, "%.0f", perSecond);
    }
  }

  /** A run without the product and the next one with it. */
  record Pair(LoadRun.Result direct, LoadRun.Result through, double cpuMillisEach) {}

  static AddedLatency measure(
      EventLoop loop, int mockPort, Product product, String model, Load load, int repeats)
      throws IOException {
    List<Pair> pairs = new ArrayList<>();
    int count = (int) Math.round(load.perSecond() * load.seconds());
    int good = 0;
    for (int i = 0; i < repeats; i++) {
      Product upstream = new Product("direct", mockPort, product.tree(), product.keys());
      LoadRun.Result direct = run(loop, upstream, model, load);
      double before = product.tree().cpuSeconds();
      LoadRun.Result through = run(loop, product, model, load);
      double cpu = product.tree().cpuSeconds() - before;
      good += through.good();
      pairs.add(new Pair(direct, through, cpu * 1000 / count));
      System.err.printf(
          "%s %s%n  direct  %s%n  through %s%n  CPU %.2f s%n",
          product.name(), load, direct, through, cpu);
    }
    return new AddedLatency(
        product.name(), load, good, count * repeats, pairs, product.tree().memoryMegabytes());
  }

  private static LoadRun.Result run(EventLoop loop, Product of, String model, Load load)
      throws IOException {
    LoadClient client = of.client(loop, model, load.stream());
    LoadRun.Result result = LoadRun.run(loop, client, load.perSecond(), load.seconds());
    client.close();
    return result;
  }

  double p50() {
    return middle(p -> p.through().p50() - p.direct().p50());
  }

  double p99() {
    return middle(p -> p.through().p99() - p.direct().p99());
  }

  double cpuMillisEach() {
    return middle(Pair::cpuMillisEach);
  }

  private double middle(ToDoubleFunction<Pair> value) {
    double[] sorted = pairs.stream().mapToDouble(value).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** A row of {@link #HEAD}. */
  String row() {
    return "| %s | %s | %s | %d of %d | %s | %s | %s | %s | %d |"
        .formatted(
            product,
            load.kind(),
            load.rate(),
            good,
            all,
            spread(p -> p.through().p50() - p.direct().p50()),
            spread(p -> p.through().p99() - p.direct().p99()),
            spread(p -> p.through().firstP50() - p.direct().firstP50()),
            spread(Pair::cpuMillisEach),
            memoryMegabytes);
  }

  /** The table's head. */
  static final String HEAD =
      """
      | product | answers | rate/s | good | added p50 ms | added p99 ms | added first token p50 ms | CPU ms each | memory MB |
      | --- | --- | --- | --- | --- | --- | --- | --- | --- |\
      """;

  /** Least, middle and most; one figure where there is one run. */
  private String spread(ToDoubleFunction<Pair> value) {
    double[] sorted = pairs.stream().mapToDouble(value).sorted().toArray();
    double[] told =
        sorted.length == 1
            ? sorted
            : new double[] {sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1]};
    return String.join(
        " / ", Arrays.stream(told).mapToObj(v -> String.format(Locale.ROOT, "%.2f", v)).toList());
  }
}
