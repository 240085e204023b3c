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
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench/money latency}: what exact budgets add to the same gateway without them. */
@Command(
    name = "bench/money latency",
    description = "Measure what exact budgets add: the same load with and without them, in turn.",
    mixinStandardHelpOptions = true)
public final class BudgetsCommand implements Callable<Integer> {
  /** A gateway and who asks it. */
  private static final class Gateway {
    @Option(
        names = "--journal",
        required = true,
        paramLabel = "WHERE",
        description = "Of its journal.")
    private String journal = "";

    @Option(names = "--gateway", required = true, paramLabel = "PORT", description = "Its port.")
    private int port;

    @Option(names = "--pid", required = true, description = "The gateway's process.")
    private long pid;

    @Option(names = "--key", required = true, description = "A key with budgets; repeatable.")
    private final List<String> keys = new ArrayList<>();

    @Option(names = "--free-key", required = true, description = "A key without; repeatable.")
    private final List<String> freeKeys = new ArrayList<>();

    ProcessTree tree() {
      return new ProcessTree(ProcessHandle.of(pid).orElseThrow());
    }
  }

  @ArgGroup(exclusive = false, multiplicity = "1..*")
  private final List<Gateway> gateways = new ArrayList<>();

  @Option(names = "--mock", required = true, paramLabel = "PORT", description = "The upstream's.")
  private int mockPort;

  @Option(names = "--case", description = "KIND:RATE:SECONDS, with KIND whole or stream.")
  private List<String> cases = List.of("whole:100:5", "whole:600:4", "stream:60:4");

  @Option(names = "--most", description = "SECONDS:AT-ONCE of the test for the most requests.")
  private String most = "5:400";

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
      for (Gateway gateway : gateways) {
        for (List<String> some :
            List.of(gateway.keys, gateway.freeKeys, gateway.keys, gateway.freeKeys)) {
          run(loop, gateway, some, false, 500, warmSeconds / 4.0);
          run(loop, gateway, some, true, 60, warmSeconds / 4.0);
        }
      }
      say(
          "| journal on | case | rate/s | good | p50 without, with: added ms | p99 without, with: added ms | CPU ms each without, with |");
      say("| --- | --- | --- | --- | --- | --- | --- |");
      for (Gateway gateway : gateways) {
        for (String one : cases) {
          measure(one, loop, gateway);
        }
      }
      say("");
      say("| journal on | most requests a second without, with: lost |");
      say("| --- | --- |");
      for (Gateway gateway : gateways) {
        most(loop, gateway);
      }
      System.err.println("streams that the upstream saw end early: " + mock.broken());
    }
    if (page != null) {
      MarkedText.replace(page, "money latency", String.join("\n", lines));
    }
    return 0;
  }

  private static LoadClient client(
      EventLoop loop, Gateway gateway, List<String> some, boolean stream) {
    return new LoadClient(loop, gateway.port, "/v1/chat/completions", "mock", some, stream);
  }

  private static LoadRun.Result run(
      EventLoop loop,
      Gateway gateway,
      List<String> some,
      boolean stream,
      double rate,
      double seconds)
      throws IOException {
    LoadClient client = client(loop, gateway, some, stream);
    LoadRun.Result result = LoadRun.run(loop, client, rate, seconds);
    client.close();
    return result;
  }

  private record Side(LoadRun.Result result, double cpuMillisEach) {}

  private record Pair(Side without, Side with) {}

  private static Side side(EventLoop loop, Gateway gateway, List<String> some, String[] parts)
      throws IOException {
    ProcessTree tree = gateway.tree();
    double rate = Double.parseDouble(parts[1]);
    double seconds = Double.parseDouble(parts[2]);
    double before = tree.cpuSeconds();
    LoadRun.Result result = run(loop, gateway, some, parts[0].equals("stream"), rate, seconds);
    return new Side(result, (tree.cpuSeconds() - before) * 1000 / (rate * seconds));
  }

  private void measure(String text, EventLoop loop, Gateway gateway) throws IOException {
    String[] parts = text.split(":", -1);
    List<Pair> pairs = new ArrayList<>();
    long good = 0;
    for (int i = 0; i < repeats; i++) {
      // In turn, and each first as often as the other: a JVM gets faster as it goes on.
      Side first = side(loop, gateway, i % 2 == 0 ? gateway.freeKeys : gateway.keys, parts);
      Side second = side(loop, gateway, i % 2 == 0 ? gateway.keys : gateway.freeKeys, parts);
      Pair pair = i % 2 == 0 ? new Pair(first, second) : new Pair(second, first);
      good += pair.with().result().good();
      pairs.add(pair);
      System.err.println(gateway.journal + " " + text + " " + pair);
    }
    double all = repeats * Double.parseDouble(parts[1]) * Double.parseDouble(parts[2]);
    say(
        "| %s | %s | %s | %d of %.0f | %s | %s | %s, %s |"
            .formatted(
                gateway.journal,
                parts[0],
                parts[1],
                good,
                all,
                spread(pairs, LoadRun.Result::p50),
                spread(pairs, LoadRun.Result::p99),
                middle(pairs, p -> p.without().cpuMillisEach()),
                middle(pairs, p -> p.with().cpuMillisEach())));
  }

  /** In turn, as the latencies. */
  private void most(EventLoop loop, Gateway gateway) throws IOException {
    String[] parts = most.split(":", -1);
    double seconds = Double.parseDouble(parts[0]);
    int atOnce = Integer.parseInt(parts[1]);
    double without = 0;
    double with = 0;
    for (int i = 0; i < 2 * repeats; i++) {
      boolean budgets = i % 4 == 1 || i % 4 == 2;
      LoadClient client = client(loop, gateway, budgets ? gateway.keys : gateway.freeKeys, false);
      double each = LoadRun.most(loop, client, atOnce, seconds) / repeats;
      client.close();
      System.err.printf("%s most %s %.0f%n", gateway.journal, budgets, each * repeats);
      with += budgets ? each : 0;
      without += budgets ? 0 : each;
    }
    say(
        String.format(
            Locale.ROOT,
            "| %s | %.0f, %.0f: %.1f %% |",
            gateway.journal,
            without,
            with,
            100 * (1 - with / without)));
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
