package io.yuntai.bench.gateway;

import io.yuntai.bench.MarkedText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench/money latency}: what exact budgets add to the same gateway without them. */
@Command(
    name = "bench/money latency",
    description = "Measure what exact budgets add: the same load with and without them, in turn.",
    mixinStandardHelpOptions = true)
public final class BudgetsCommand implements Callable<Integer> {
  @Option(names = "--gateway", required = true, paramLabel = "PORT", description = "Its port.")
  private int gatewayPort;

  @Option(names = "--mock", required = true, paramLabel = "PORT", description = "The upstream's.")
  private int mockPort;

  @Option(names = "--pid", required = true, description = "The gateway's process.")
  private long pid;

  @Option(names = "--key", required = true, description = "A key with budgets; repeatable.")
  private List<String> keys = List.of();

  @Option(names = "--free-key", required = true, description = "A key without; repeatable.")
  private List<String> freeKeys = List.of();

  @Option(names = "--case", description = "KIND:RATE:SECONDS, with KIND whole or stream.")
  private List<String> cases = List.of("whole:100:5", "whole:600:4", "stream:60:4");

  @Option(names = "--repeat", defaultValue = "2", description = "Runs of each case.")
  private int repeats;

  @Option(names = "--warm", defaultValue = "4", description = "Seconds of load before all else.")
  private int warmSeconds;

  @Option(names = "--page", description = "The Markdown file whose section is to be replaced.")
  private @Nullable Path page;

  private final List<String> lines = new ArrayList<>();

  /** Starts it. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new BudgetsCommand()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    try (EventLoop loop = new EventLoop()) {
      MockUpstream mock = new MockUpstream(loop, mockPort);
      ProcessTree tree = new ProcessTree(ProcessHandle.of(pid).orElseThrow());
      for (List<String> some : List.of(keys, freeKeys, keys, freeKeys)) {
        run(loop, some, false, 500, warmSeconds / 4.0);
        run(loop, some, true, 60, warmSeconds / 4.0);
      }
      say(
          "| case | rate/s | good | p50 without, with: added ms | p99 without, with: added ms | CPU ms each without, with |");
      say("| --- | --- | --- | --- | --- | --- |");
      for (String one : cases) {
        measure(one, loop, tree);
      }
      System.err.println("streams that the upstream saw end early: " + mock.broken());
    }
    if (page != null) {
      MarkedText.replace(page, "money latency", String.join("\n", lines));
    }
    return 0;
  }

  private LoadRun.Result run(
      EventLoop loop, List<String> some, boolean stream, double rate, double seconds)
      throws IOException {
    LoadClient client =
        new LoadClient(loop, gatewayPort, "/v1/chat/completions", "mock", some, stream);
    LoadRun.Result result = LoadRun.run(loop, client, rate, seconds);
    client.close();
    return result;
  }

  private record Side(LoadRun.Result result, double cpuMillisEach) {}

  private record Pair(Side without, Side with) {}

  private Side side(EventLoop loop, ProcessTree tree, List<String> some, String[] parts)
      throws IOException {
    double rate = Double.parseDouble(parts[1]);
    double seconds = Double.parseDouble(parts[2]);
    double before = tree.cpuSeconds();
    LoadRun.Result result = run(loop, some, parts[0].equals("stream"), rate, seconds);
    return new Side(result, (tree.cpuSeconds() - before) * 1000 / (rate * seconds));
  }

  private void measure(String text, EventLoop loop, ProcessTree tree) throws IOException {
    String[] parts = text.split(":", -1);
    List<Pair> pairs = new ArrayList<>();
    long good = 0;
    for (int i = 0; i < repeats; i++) {
      // In turn, and each first as often as the other: a JVM gets faster as it goes on.
      Side first = side(loop, tree, i % 2 == 0 ? freeKeys : keys, parts);
      Side second = side(loop, tree, i % 2 == 0 ? keys : freeKeys, parts);
      Pair pair = i % 2 == 0 ? new Pair(first, second) : new Pair(second, first);
      good += pair.with().result().good();
      pairs.add(pair);
      System.err.println(text + " " + pair);
    }
    double all = repeats * Double.parseDouble(parts[1]) * Double.parseDouble(parts[2]);
    say(
        "| %s | %s | %d of %.0f | %s | %s | %s, %s |"
            .formatted(
                parts[0],
                parts[1],
                good,
                all,
                spread(pairs, LoadRun.Result::p50),
                spread(pairs, LoadRun.Result::p99),
                middle(pairs, p -> p.without().cpuMillisEach()),
                middle(pairs, p -> p.with().cpuMillisEach())));
  }

  private static String spread(List<Pair> pairs, ToDoubleFunction<LoadRun.Result> value) {
    return middle(pairs, p -> value.applyAsDouble(p.without().result()))
        + ", "
        + middle(pairs, p -> value.applyAsDouble(p.with().result()))
        + ": "
        + middle(
            pairs,
            p ->
                value.applyAsDouble(p.with().result()) - value.applyAsDouble(p.without().result()));
  }

  private static String middle(List<Pair> pairs, ToDoubleFunction<Pair> value) {
    double[] sorted = pairs.stream().mapToDouble(value).sorted().toArray();
    int half = sorted.length / 2;
    double middle = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    return Arrays.stream(new double[] {middle})
        .mapToObj(v -> String.format(Locale.ROOT, "%.2f", v))
        .findFirst()
        .orElseThrow();
  }

  private void say(String line) {
    System.out.println(line);
    lines.add(line);
  }
}
