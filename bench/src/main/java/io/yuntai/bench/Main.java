package io.yuntai.bench;

import io.yuntai.engine.decoder.Architecture;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.kernel.KernelChoice;
import io.yuntai.engine.measure.Machine;
import io.yuntai.engine.measure.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code bench/run}. */
@Command(
    name = "bench/run",
    description = "Measure Yuntai's engine beside llama.cpp in one alternating run.",
    subcommands = {
      MakeModelCommand.class,
      RooflineCommand.class,
      SpeculationCommand.class,
      EmbeddingsCommand.class,
      StructuredCommand.class
    },
    mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "NAME|PATH",
      scope = ScopeType.INHERIT,
      description = "A pulled model's name or a GGUF file; repeatable.")
  private List<String> models = List.of();

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "SCENARIO",
      description = "What to measure (default: all of ${COMPLETION-CANDIDATES}).")
  private List<Scenario> only = List.of(Scenario.values());

  @Option(
      names = "--threads",
      defaultValue = "2",
      scope = ScopeType.INHERIT,
      description = "Of either side (default: 2).")
  private int threads;

  @Option(
      names = "--repeat",
      defaultValue = "5",
      scope = ScopeType.INHERIT,
      description = "Counted pairs (default: 5).")
  private int repeats;

  @Option(
      names = "--seconds",
      defaultValue = "120",
      description =
          "After so long no further pair of the same thing begins; one there always is (default: 120).")
  private int seconds;

  @Option(names = "--prompt", defaultValue = "512", description = "Tokens read (default: 512).")
  private int promptTokens;

  @Option(names = "--generate", defaultValue = "64", description = "Tokens made (default: 64).")
  private int generatedTokens;

  @Option(
      names = "--streams",
      split = ",",
      defaultValue = "8,16",
      description = "Streams at once (default: ${DEFAULT-VALUE}).")
  private List<Integer> streams = List.of();

  @Option(
      names = "--shared",
      defaultValue = "1000",
      description = "Tokens that eight prompts share (default: ${DEFAULT-VALUE}).")
  private int sharedTokens;

  @Option(
      names = "--depth",
      split = ",",
      defaultValue = "1000,8000,32000",
      description = "Depths of long contexts, ascending (default: ${DEFAULT-VALUE}).")
  private List<Integer> depths = List.of();

  @Option(
      names = "--llama-depth",
      defaultValue = "8000",
      description =
          "Deepest context that llama.cpp is made to read, which takes it long (default: ${DEFAULT-VALUE}).")
  private int theirDepthMax;

  @Option(
      names = "--context",
      defaultValue = "4096",
      description = "Tokens of the context whose memory is looked at (default: ${DEFAULT-VALUE}).")
  private int contextTokens;

  @Option(
      names = "--kernel",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "Make Yuntai use this of its kernels (default: its own choice).")
  private String kernel = KernelChoice.AUTO;

  @Option(
      names = "--llama-kernel",
      paramLabel = "NAME",
      description =
          "Make llama.cpp use this of its kernels, such as cpu-zen4 (default: its own choice).")
  private @Nullable String llamaKernel;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "All figures; those that are there already stay unless measured again.")
  private @Nullable Path json;

  @Option(
      names = "--page",
      paramLabel = "FILE",
      description =
          "A Markdown page, such as docs/benchmarks.md: its results are replaced, and the chart beside it (.svg). Takes what --json has.")
  private @Nullable Path page;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "Where Yuntai keeps its models (YUNTAI_HOME; else the platform's data folder).")
  private @Nullable Path home;

  /** Runs the command; exit code 0, 1 for a failure, 2 for wrong options. */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT); // figures with points, for tables
    CommandLine command = new CommandLine(new Main());
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setExecutionExceptionHandler((failure, line, _) -> {
      if (!(failure instanceof BenchException)) {
        throw failure;
      }
      line.getErr().println("bench/run: " + failure.getMessage());
      return 1;
    });
    System.exit(command.execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    checkRanges();
    Machine machine = warnIfBusy();
    List<Path> files = files();
    Sides sides = Sides.fromSystemProperties(threads, kernel, llamaKernel);
    List<Measurement> measured = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      for (Scenario scenario : Scenario.values()) {
        if (only.contains(scenario)) {
          measured.addAll(compare(sides, machine, models.get(i), files.get(i), scenario));
          publish(new Report(machine, measured)); // so that an end half-way loses little
        }
      }
    }
    return 0;
  }

  /** The models' files, in the order named. */
  List<Path> files() {
    if (models.isEmpty()) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(), "name a --model, or several");
    }
    ModelFiles store = new ModelFiles(home);
    return models.stream().map(store::find).toList();
  }

  /** Results name a model by its name, or by its file's, never by a folder of this machine. */
  static String label(String model, Path file) {
    return model.contains("/") ? String.valueOf(file.getFileName()) : model;
  }

  List<String> models() {
    return models;
  }

  int threads() {
    return threads;
  }

  int repeats() {
    return repeats;
  }

  @SuppressWarnings("SystemOut") // for a person who waits
  static Machine warnIfBusy() {
    Machine machine = Machine.here();
    if (machine.hasOtherWork()) {
      System.err.printf(
          "The machine is busy (load average %.1f): take these figures for a trial only.%n",
          machine.loadAverage());
    }
    return machine;
  }

  @SuppressWarnings("SystemOut") // a command's result
  private List<Measurement> compare(
      Sides sides, Machine machine, String model, Path file, Scenario scenario)
      throws IOException, InterruptedException {
    String label = label(model, file);
    Measurement.Run run =
        new Measurement.Run(
            LocalDate.now(ZoneOffset.UTC).toString(), label, threads, machine.loadAverage());
    List<Measurement> measured =
        new Comparison(
                sides,
                new Comparison.Limits(repeats, seconds, theirDepthMax),
                run,
                file,
                what -> System.err.println(label + ", " + what))
            .run(
                scenario,
                new Scenario.Sizes(
                    promptTokens, generatedTokens, streams, sharedTokens, depths, contextTokens),
                trainedContextTokens(file));
    measured.forEach(Main::print);
    return measured;
  }

  private static int trainedContextTokens(Path file) throws IOException {
    try (GgufFile gguf = GgufFile.open(file)) {
      return Architecture.of(gguf).configure(gguf).contextTokens();
    }
  }

  private void publish(Report measured) {
    Report report =
        json != null && Files.exists(json) ? measured.after(Report.read(json)) : measured;
    if (json != null) {
      write(json, report.json());
    }
    if (page != null) {
      MarkedText.replace(page, "results", BenchmarksPage.markdown(report));
      String name = String.valueOf(page.getFileName());
      write(page.resolveSibling(name.replaceAll("\\.md$", "") + ".svg"), Chart.svg(report));
    }
  }

  private void checkRanges() {
    requireRange("--threads", List.of(threads), 256);
    requireRange("--repeat", List.of(repeats), 1000);
    requireRange("--seconds", List.of(seconds), 86_400);
    requireRange("--prompt", List.of(promptTokens), 32_768);
    requireRange("--generate", List.of(generatedTokens), 32_768);
    requireRange("--streams", streams, 64);
    requireRange("--shared", List.of(sharedTokens), 32_768);
    requireRange("--depth", depths, 1 << 20);
    requireRange("--llama-depth", List.of(theirDepthMax), 1 << 20);
    requireRange("--context", List.of(contextTokens), 1 << 20);
  }

  private void requireRange(String option, List<Integer> values, int max) {
    for (int value : values) {
      if (value < 1 || value > max) {
        throw new ParameterException(
            Objects.requireNonNull(spec).commandLine(),
            "%s is %d; it must be from 1 to %d".formatted(option, value, max));
      }
    }
  }

  @SuppressWarnings("SystemOut") // a command's result
  private static void print(Measurement measured) {
    System.out.printf(
        "%-20s %-42s %-8s  Yuntai %s%s%n",
        measured.run().model(),
        measured.label(),
        measured.unit(),
        text(measured.ours()),
        measured.theirs().isEmpty()
            ? ""
            : "  llama.cpp "
                + text(measured.theirs())
                + "  times better "
                + text(measured.advantages()));
  }

  private static String text(List<Double> values) {
    Spread spread = Spread.of(values);
    return "%s (%s to %s)"
        .formatted(
            Unit.number(spread.median()), Unit.number(spread.min()), Unit.number(spread.max()));
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new BenchException(file + " can't be written: " + e.getMessage() + ".", e);
    }
  }
}
