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

/** {@code bench/gateway}: what a gateway adds to an upstream's answers. */
@Command(
    name = "bench/gateway",
    description = "Measure what a gateway adds: the same load with and without it, in turn.",
    mixinStandardHelpOptions = true)
public final class GatewayCommand implements Callable<Integer> {
  @Option(
      names = "--gateway",
      required = true,
      paramLabel = "PORT",
      description = "Where the gateway listens.")
  private int gatewayPort;

  @Option(
      names = "--mock",
      required = true,
      paramLabel = "PORT",
      description = "Where the pretended upstream is to listen.")
  private int mockPort;

  @Option(names = "--pid", description = "The gateway's process, for its CPU and memory.")
  private long pid;

  @Option(names = "--name", defaultValue = "yuntai", description = "The gateway's name.")
  private String name = "yuntai";

  @Option(
      names = "--key",
      required = true,
      description = "A key of the gateway; repeatable, used in turn.")
  private List<String> keys = List.of();

  @Option(names = "--model", defaultValue = "mock", description = "The model to ask for.")
  private String model = "mock";

  @Option(
      names = "--case",
      description =
          "KIND:RATE:SECONDS, with KIND whole or stream; repeatable (default: whole:100:8, whole:800:5, stream:50:5, stream:240:5).")
  private List<String> cases = List.of();

  @Option(names = "--repeat", defaultValue = "3", description = "Runs of each case (default: 3).")
  private int repeats;

  @Option(
      names = "--held",
      description = "Also hold so many streams at once, of 100 tokens in 10 s.")
  private int held;

  @Option(
      names = "--slow",
      description = "Also let so many readers take 200 bytes a second beside 50 streams a second.")
  private int slow;

  @Option(names = "--page", description = "The Markdown file whose section is to be replaced.")
  private @Nullable Path page;

  @Option(names = "--warm", defaultValue = "4", description = "Seconds of load before all else.")
  private int warmSeconds;

  private final List<String> lines = new ArrayList<>();

  /** Starts it. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new GatewayCommand()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    try (EventLoop loop = new EventLoop()) {
      MockUpstream mock = new MockUpstream(loop, mockPort);
      ProcessTree tree =
          pid == 0
              ? new ProcessTree(ProcessHandle.current())
              : new ProcessTree(ProcessHandle.of(pid).orElseThrow());
      warm(loop);
      say(
          "| case | rate/s | good | added p50 ms | added p99 ms | added first token p50, p99 ms | CPU ms each | memory MB |");
      say("| --- | --- | --- | --- | --- | --- | --- | --- |");
      List<String> wanted =
          cases.isEmpty()
              ? List.of("whole:100:8", "whole:800:5", "stream:50:5", "stream:240:5")
              : cases;
      for (String one : wanted) {
        measure(one, loop, tree);
      }
      if (held > 0) {
        hold(loop, mock, tree);
      }
      if (slow > 0) {
        slowReaders(loop);
      }
    }
    if (page != null) {
      MarkedText.replace(page, "gateway " + name, String.join("\n", lines));
    }
    return 0;
  }

  private LoadClient through(EventLoop loop, boolean stream) {
    return new LoadClient(loop, gatewayPort, "/v1/chat/completions", model, keys, stream);
  }

  private LoadClient direct(EventLoop loop, boolean stream) {
    return new LoadClient(loop, mockPort, "/v1/chat/completions", model, keys, stream);
  }

  /** The load's own code, and the gateway's, are compiled while they run. */
  private void warm(EventLoop loop) throws IOException {
    for (boolean stream : new boolean[] {false, true}) {
      LoadRun.run(loop, direct(loop, stream), stream ? 50 : 300, warmSeconds / 4.0);
      LoadClient client = through(loop, stream);
      LoadRun.run(loop, client, stream ? 30 : 200, warmSeconds / 2.0);
      LoadRun.Result warm = LoadRun.run(loop, client, stream ? 150 : 600, warmSeconds);
      System.err.println("warm " + warm);
      client.close();
    }
  }

  private record Pair(LoadRun.Result direct, LoadRun.Result through, double cpuMillisEach) {}

  private void measure(String text, EventLoop loop, ProcessTree tree) throws IOException {
    String[] parts = text.split(":");
    boolean stream = parts[0].equals("stream");
    double rate = Double.parseDouble(parts[1]);
    double seconds = Double.parseDouble(parts[2]);
    List<Pair> pairs = new ArrayList<>();
    int good = 0;
    int all = 0;
    for (int i = 0; i < repeats; i++) {
      LoadClient straight = direct(loop, stream);
      LoadRun.Result direct = LoadRun.run(loop, straight, rate, seconds);
      straight.close();
      LoadClient client = through(loop, stream);
      double before = tree.cpuSeconds();
      LoadRun.Result through = LoadRun.run(loop, client, rate, seconds);
      double cpu = tree.cpuSeconds() - before;
      client.close();
      int count = (int) Math.round(rate * seconds);
      good += through.good();
      all += count;
      pairs.add(new Pair(direct, through, cpu * 1000 / count));
      System.err.println(
          text + "\n  direct  " + direct + "\n  through " + through + "\n  CPU " + cpu);
    }
    say(
        "| %s | %s | %d of %d | %s | %s | %s, %s | %s | %d |"
            .formatted(
                stream ? "stream" : "whole",
                parts[1],
                good,
                all,
                spread(pairs, p -> p.through().p50() - p.direct().p50(), 2),
                spread(pairs, p -> p.through().p99() - p.direct().p99(), 2),
                spread(pairs, p -> p.through().firstP50() - p.direct().firstP50(), 2),
                spread(pairs, p -> p.through().firstP99() - p.direct().firstP99(), 2),
                spread(pairs, Pair::cpuMillisEach, 2),
                tree.memoryMegabytes()));
  }

  /** Least, middle and most. */
  private static String spread(List<Pair> pairs, ToDoubleFunction<Pair> value, int digits) {
    double[] sorted = pairs.stream().mapToDouble(value).sorted().toArray();
    double[] three = {sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1]};
    return String.join(
        " / ",
        Arrays.stream(three)
            .mapToObj(v -> String.format(Locale.ROOT, "%." + digits + "f", v))
            .toList());
  }

  private void hold(EventLoop loop, MockUpstream mock, ProcessTree tree) throws IOException {
    mock.tokensEvery(100_000_000);
    LoadClient client = through(loop, true);
    long[] most = new long[1];
    loop.at(System.nanoTime() + 9_000_000_000L, () -> most[0] = tree.memoryMegabytes());
    LoadRun.Result result = LoadRun.run(loop, client, held / 5.0, 5);
    client.close();
    mock.tokensEvery(5_000_000);
    System.err.println("held " + result);
    say("");
    say(
        "%d streams of 100 tokens in 10 s, begun within 5 s: %d whole, %d at once at most, %d MB."
            .formatted(held, result.good(), result.mostOpen(), most[0]));
  }

  private void slowReaders(EventLoop loop) throws IOException {
    LoadClient alone = through(loop, true);
    LoadRun.Result before = LoadRun.run(loop, alone, 50, 5);
    alone.close();
    LoadClient sluggish = through(loop, true);
    long now = System.nanoTime();
    for (int i = 0; i < slow; i++) {
      sluggish.sendSlowly(now, 200, 1_000_000_000L, (due, first, end, error) -> {});
    }
    LoadClient quick = through(loop, true);
    LoadRun.Result beside = LoadRun.run(loop, quick, 50, 5);
    quick.close();
    System.err.println("slow readers: before " + before + " beside " + beside);
    say("");
    say(
        String.format(
            Locale.ROOT,
            "Beside %d readers of 200 bytes a second, 50 streams a second took %.1f ms (p50) and %.1f ms (p99); without them %.1f and %.1f ms.",
            slow,
            beside.p50(),
            beside.p99(),
            before.p50(),
            before.p99()));
  }

  private void say(String line) {
    System.out.println(line);
    lines.add(line);
  }
}
