package io.yuntai.bench.gateway;

import io.yuntai.bench.MarkedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench/gateway}: what gateways add to an upstream's answers. */
@Command(
    name = "bench/gateway",
    description = "Measure what gateways add: the same load with and without them, in turn.",
    mixinStandardHelpOptions = true)
public final class GatewayCommand implements Callable<Integer> {
  private static final List<String> CASES =
      List.of("whole:100:8", "whole:800:4", "stream:50:4", "stream:240:4");
  private static final List<String> PEER_CASES = List.of("whole:10:8", "whole:25:6", "stream:2:8");

  @Option(
      names = "--gateway",
      required = true,
      paramLabel = "PORT",
      description = "Where Yuntai listens.")
  private int gatewayPort;

  @Option(
      names = "--mock",
      required = true,
      paramLabel = "PORT",
      description = "Where the pretended upstream is to listen.")
  private int mockPort;

  @Option(names = "--pid", description = "Yuntai's process, for its CPU and memory.")
  private long pid;

  @Option(names = "--key", required = true, description = "A key; repeatable, used in turn.")
  private List<String> keys = List.of();

  @Option(names = "--peer-name", description = "Another gateway that is measured in the same run.")
  private String peerName = "";

  @Option(names = "--peer-gateway", paramLabel = "PORT", description = "Where it listens.")
  private int peerPort;

  @Option(names = "--peer-pid", description = "Its process.")
  private long peerPid;

  @Option(names = "--peer-key", description = "A key of it; repeatable.")
  private List<String> peerKeys = List.of();

  @Option(names = "--model", defaultValue = "mock", description = "The model to ask for.")
  private String model = "mock";

  @Option(
      names = "--case",
      description =
          "KIND:RATE:SECONDS, with KIND whole or stream; repeatable, none for no such case (default: whole:100:8, whole:800:4, stream:50:4, stream:240:4).")
  private List<String> cases = CASES;

  @Option(
      names = "--peer-case",
      description =
          "What both are asked where there is another one; repeatable (default: whole:10:8, whole:25:6, stream:2:8).")
  private List<String> peerCases = PEER_CASES;

  @Option(names = "--repeat", defaultValue = "3", description = "Runs of each case (default: 3).")
  private int repeats;

  @Option(
      names = "--held",
      description = "Also hold so many streams at once, of 100 tokens in 10 s.")
  private int held;

  @Option(
      names = "--slow",
      description =
          "Also let so many readers take 200 bytes a second of long answers beside 50 quick streams a second.")
  private int slow;

  @Option(
      names = "--idle",
      paramLabel = "SECONDS",
      description = "Also measure for so long what Yuntai takes with nothing to do.")
  private int idleSeconds;

  @Option(names = "--page", description = "The Markdown file whose sections are to be replaced.")
  private @Nullable Path page;

  @Option(names = "--warm", defaultValue = "4", description = "Seconds of load before all else.")
  private double warmSeconds;

  private final List<AddedLatency> rows = new ArrayList<>();
  private final List<String> sentences = new ArrayList<>();

  /** Starts it. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new GatewayCommand()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    Product yuntai = new Product("Yuntai", gatewayPort, tree(pid), keys);
    Optional<Product> peer =
        peerName.isEmpty()
            ? Optional.empty()
            : Optional.of(new Product(peerName, peerPort, tree(peerPid), peerKeys));
    try (EventLoop loop = new EventLoop()) {
      MockUpstream mock = new MockUpstream(loop, mockPort);
      List<Product> all = new ArrayList<>(List.of(yuntai));
      peer.ifPresent(all::add);
      System.out.println(AddedLatency.HEAD);
      if (peer.isPresent()) {
        for (Product product : all) {
          Product.alone(all, product, () -> beside(loop, product));
        }
      }
      Product.alone(all, yuntai, () -> alone(loop, mock, yuntai));
    }
    if (page != null) {
      write(page, peer.isPresent());
    }
    return 0;
  }

  private static ProcessTree tree(long pid) {
    return new ProcessTree(
        pid == 0 ? ProcessHandle.current() : ProcessHandle.of(pid).orElseThrow());
  }

  /** What both products are asked. */
  private void beside(EventLoop loop, Product product) throws IOException {
    for (boolean stream : new boolean[] {false, true}) {
      LoadClient client = product.client(loop, model, stream);
      System.err.println("warm " + LoadRun.run(loop, client, stream ? 2 : 15, warmSeconds));
      client.close();
    }
    for (String one : peerCases) {
      measure(loop, product, one);
    }
  }

  private void alone(EventLoop loop, MockUpstream mock, Product yuntai) throws IOException {
    warm(loop, yuntai);
    for (String one : cases) {
      if (!one.equals("none")) {
        measure(loop, yuntai, one);
      }
    }
    ManyStreams many = new ManyStreams(loop, mock, yuntai, model);
    if (held > 0) {
      say(many.hold(held));
    }
    if (slow > 0) {
      say(many.slowReaders(slow));
    }
    if (idleSeconds > 0) {
      say(idle(loop, yuntai));
    }
  }

  /** The load's own code, and the gateway's, are compiled while they run. */
  private void warm(EventLoop loop, Product product) throws IOException {
    Product upstream = new Product("direct", mockPort, product.tree(), product.keys());
    for (boolean stream : new boolean[] {false, true}) {
      LoadClient straight = upstream.client(loop, model, stream);
      LoadRun.run(loop, straight, stream ? 50 : 300, warmSeconds / 4);
      straight.close();
      LoadClient client = product.client(loop, model, stream);
      LoadRun.run(loop, client, stream ? 30 : 200, warmSeconds / 2);
      LoadRun.Result warm = LoadRun.run(loop, client, stream ? 150 : 600, warmSeconds);
      System.err.println("warm " + warm);
      client.close();
    }
  }

  private void measure(EventLoop loop, Product product, String load) throws IOException {
    AddedLatency row =
        AddedLatency.measure(
            loop, mockPort, product, model, AddedLatency.Load.parse(load), repeats);
    System.out.println(row.row());
    rows.add(row);
  }

  private String idle(EventLoop loop, Product product) throws IOException {
    loop.at(System.nanoTime() + 2_000_000_000L, loop::stop); // what was asked before is written
    loop.run();
    double before = product.tree().cpuSeconds();
    loop.at(System.nanoTime() + idleSeconds * 1_000_000_000L, loop::stop);
    loop.run();
    return String.format(
        Locale.ROOT,
        "With nothing to do it takes %.1f ms of CPU a second, database included.",
        (product.tree().cpuSeconds() - before) * 1000 / idleSeconds);
  }

  private void write(Path to, boolean withPeer) throws IOException {
    List<String> lines = new ArrayList<>(List.of(AddedLatency.HEAD));
    rows.stream().map(AddedLatency::row).forEach(lines::add);
    sentences.forEach(sentence -> lines.addAll(List.of("", sentence)));
    if (withPeer) {
      Files.writeString(to.resolveSibling("benchmarks-gateway.svg"), PeerChart.svg(rows));
    }
    MarkedText.replace(to, withPeer ? "gateways" : "gateway", String.join("\n", lines));
  }

  private void say(String sentence) {
    System.out.println("\n" + sentence);
    sentences.add(sentence);
  }
}
