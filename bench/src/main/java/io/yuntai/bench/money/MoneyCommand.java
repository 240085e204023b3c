package io.yuntai.bench.money;

import io.yuntai.bench.BenchException;
import io.yuntai.bench.MarkedText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench/money}: how exact money is while everything breaks, and what it costs. Every part
 * adds to a file, so that a long run can be done in pieces.
 */
@Command(
    name = "bench/money",
    description = "Simulate, hammer and measure exact money; print and keep what was seen.",
    mixinStandardHelpOptions = true)
public final class MoneyCommand implements Callable<Integer> {
  private static final int GATEWAY_PORT = 18480;
  private static final int UPSTREAM_PORT = 18481;

  /** The parts, in the order in which they run. */
  enum Part {
    SIMULATE,
    MUTANTS,
    HAMMER,
    SERVER,
    SETTLE,
    EXACT,
    MONTH
  }

  @Option(
      names = "--only",
      split = ",",
      description = "Some of: ${COMPLETION-CANDIDATES} (default: all).")
  private List<Part> only = List.of();

  @Option(
      names = "--short",
      description = "Minutes: a few worlds, 6,000 real requests, 100,000 rows.")
  private boolean brief;

  @Option(
      names = "--seconds",
      defaultValue = "90",
      description = "How long the simulator and the server's hammer run this time (default: 90).")
  private long seconds;

  @Option(
      names = "--threads",
      description = "Worlds that are simulated at a time (default: as many as there are cores).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--requests",
      defaultValue = "100000",
      description = "Real requests of the hammer this time (default: 100000).")
  private int requests;

  @Option(
      names = "--rows",
      defaultValue = "1000000",
      description = "Usage rows to verify and invoice (default: 1000000).")
  private long rows;

  @Option(
      names = "--month-home",
      description = "A home that stays; the next run adds rows to it and invoices those.")
  private @Nullable Path monthHome;

  @Option(names = "--tally", required = true, description = "The file that keeps the sums.")
  private Path tallyFile = Path.of("tally");

  @Option(names = "--launcher", required = true, description = "The yuntai script.")
  private Path launcher = Path.of("yuntai");

  @Option(names = "--page", description = "The Markdown file whose section is to be replaced.")
  private @Nullable Path page;

  /** Starts it. */
  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new MoneyCommand());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((failure, _, _) -> {
      System.err.println(failure.getMessage());
      return 1;
    });
    System.exit(line.execute(arguments));
  }

  @Override
  public Integer call() throws IOException, SQLException {
    Tally tally = new Tally(tallyFile);
    for (Part part : only.isEmpty() ? List.of(Part.values()) : only) {
      switch (part) {
        case SIMULATE -> {
          long seed = tally.count("simulated.worlds") + 1;
          tally.addAll(
              "simulated.",
              child(
                  "io.yuntai.ledger.simulation.SimulationRun",
                  seed,
                  brief ? 20 : seconds,
                  threads));
        }
        case MUTANTS ->
            tally.setAll(
                "mutant.", child("io.yuntai.ledger.simulation.SimulationRun", "mutants", 1));
        case HAMMER ->
            inFolder(home ->
                tally.addAll(
                    "hammered.",
                    child("io.yuntai.ledger.bank.BankHammer", home, brief ? 6_000 : requests)));
        case SERVER ->
            inFolder(home ->
                tally.addAll(
                    "server.",
                    new ServerHammer(launcher, home, GATEWAY_PORT, UPSTREAM_PORT)
                        .run(brief ? 20 : seconds)));
        case SETTLE ->
            inFolder(home -> tally.setAll("settle.", child(SettleSpeed.class.getName(), home, 10)));
        case EXACT -> inFolder(home -> exact(home, tally));
        case MONTH -> {
          if (monthHome == null) {
            inFolder(home -> month(home, tally));
          } else {
            month(Files.createDirectories(monthHome), tally);
          }
        }
      }
      tally.save();
    }
    List<String> report = MoneyReport.lines(tally);
    report.forEach(System.out::println);
    if (page != null) {
      MarkedText.replace(page, "money", String.join("\n", report));
    }
    return 0;
  }

  private void exact(Path home, Tally tally) throws IOException {
    try (CountingUpstream upstream = new CountingUpstream(UPSTREAM_PORT);
        Product product = new Product(launcher, home, GATEWAY_PORT, UPSTREAM_PORT)) {
      product.start();
      List<String> lines = new Exactness(product, upstream).rows();
      for (int i = 0; i < lines.size(); i++) {
        tally.set("exact." + i, lines.get(i));
      }
      tally.set("exact.verified", product.run("ledger", "verify").contains("FAIL") ? "no" : "yes");
    }
  }

  private void month(Path home, Tally tally) throws IOException, SQLException {
    try (CountingUpstream _ = new CountingUpstream(UPSTREAM_PORT);
        Product product = new Product(launcher, home, GATEWAY_PORT, UPSTREAM_PORT)) {
      if (MonthSpeed.rows(home) == 0) {
        product.start();
        product.postpaid(MonthSpeed.TENANT);
        // The first priced request makes the rate card that all others cite.
        ChatClient.ask(
            GATEWAY_PORT,
            product.key(MonthSpeed.TENANT, "k", "1000/total"),
            false,
            false,
            Integer.MAX_VALUE);
        product.stop(); // a server would verify the ledger by itself, beside the command
      }
      long all = MonthSpeed.fill(home, brief ? 100_000 : rows);
      long begin = System.nanoTime();
      product.run("ledger", "verify");
      double verifying = (System.nanoTime() - begin) / 1e9;
      begin = System.nanoTime();
      product.run("invoices", "create", MonthSpeed.TENANT, "--until", "now");
      double invoicing = (System.nanoTime() - begin) / 1e9;
      tally.set("month.rows", Long.toString(all));
      tally.set("month.verify seconds", String.format(Locale.ROOT, "%.1f", verifying));
      tally.set("month.invoice seconds", String.format(Locale.ROOT, "%.1f", invoicing));
    }
  }

  /** What is to be done with a folder that goes afterwards. */
  @FunctionalInterface
  private interface InFolder {
    void run(Path folder) throws IOException, SQLException;
  }

  private static void inFolder(InFolder work) throws IOException, SQLException {
    Path folder = Files.createTempDirectory("yuntai-money-");
    try {
      work.run(folder);
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      for (Path one : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(one);
      }
    }
  }

  /** Runs a main class of this class path in a process of its own; its lines of output. */
  private static List<String> child(String main, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx768m", "-cp", System.getProperty("java.class.path"), main));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      List<String> lines =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .toList();
      if (process.waitFor() != 0) {
        throw new BenchException(main + " has found a fault: " + String.join("\n", lines));
      }
      return lines;
    } catch (IOException e) {
      throw new BenchException(main + " can't be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", e);
    }
  }
}
