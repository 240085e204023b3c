package io.yuntai.bench;

import io.yuntai.engine.measure.Machine;
import io.yuntai.engine.measure.Spread;
import java.io.IOException;
import java.io.PrintStream;
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
import picocli.CommandLine.Spec;

/** {@code bench/run}. */
@Command(
    name = "bench/run",
    description = "Measure Yuntai's engine beside llama.cpp in one alternating run.",
    mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
  /** Read before decoding is measured, so that attention has something to look at. */
  private static final int SHORT_PROMPT_TOKENS = 16;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "NAME|PATH",
      required = true,
      description = "A pulled model's name or a GGUF file; repeatable.")
  private List<String> models = List.of();

  @Option(names = "--threads", defaultValue = "2", description = "Of either side (default: 2).")
  private int threads;

  @Option(names = "--repeat", defaultValue = "5", description = "Counted pairs (default: 5).")
  private int repeats;

  @Option(names = "--prompt", defaultValue = "512", description = "Tokens read (default: 512).")
  private int promptTokens;

  @Option(names = "--generate", defaultValue = "64", description = "Tokens made (default: 64).")
  private int generatedTokens;

  @Option(
      names = "--llama-kernel",
      paramLabel = "NAME",
      description =
          "Make llama.cpp use this of its kernels, such as cpu-zen4 (default: its own choice).")
  private @Nullable String llamaKernel;

  @Option(names = "--json", paramLabel = "FILE", description = "Write all figures there.")
  private @Nullable Path json;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Write a table there.")
  private @Nullable Path markdown;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "Where Yuntai keeps its models (YUNTAI_HOME; else the platform's data folder).")
  private @Nullable Path home;

  /** Runs the command; exit code 0, 1 for a failure, 2 for wrong options. */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT); // figures with points, for tables
    CommandLine command = new CommandLine(new Main());
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
  @SuppressWarnings("SystemOut") // a command's result
  public Integer call() throws IOException, InterruptedException {
    requireRange("--threads", threads, 1, 256);
    requireRange("--repeat", repeats, 1, 1000);
    requireRange("--prompt", promptTokens, 1, 32_768);
    requireRange("--generate", generatedTokens, 1, 32_768);
    Machine machine = Machine.here();
    if (machine.isBusy()) {
      System.err.printf(
          "The machine is busy (load average %.1f): take these figures for a trial only.%n",
          machine.loadAverage());
    }
    Sides sides =
        Sides.fromSystemProperties(
            threads, promptTokens, SHORT_PROMPT_TOKENS, generatedTokens, llamaKernel);
    ModelFiles files = new ModelFiles(home);
    List<Path> paths = models.stream().map(files::find).toList();
    List<ModelResult> results = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      ModelResult result = compare(sides, label(models.get(i), paths.get(i)), paths.get(i));
      print(result, System.out);
      results.add(result);
    }
    Report report = new Report(LocalDate.now(ZoneOffset.UTC), machine, threads, results);
    System.out.println(report.conditions());
    write(json, report.json());
    write(markdown, report.markdown());
    return 0;
  }

  private void requireRange(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(),
          "%s is %d; it must be from %d to %d".formatted(option, value, min, max));
    }
  }

  /** Results name a model by its name, or by its file's, never by a folder of this machine. */
  private static String label(String model, Path file) {
    return model.contains("/") ? String.valueOf(file.getFileName()) : model;
  }

  private ModelResult compare(Sides sides, String model, Path file)
      throws IOException, InterruptedException {
    List<Phase> phases =
        List.of(
            new Phase.Prefill(promptTokens),
            new Phase.Decode(SHORT_PROMPT_TOKENS, generatedTokens));
    System.err.println(model + ": loading");
    try (Worker ours = sides.startOurs(file);
        Worker theirs = sides.startTheirs(file)) {
      List<PhaseResult> measured =
          new Comparison(ours, theirs, what -> System.err.println(model + ": " + what))
              .run(phases, repeats);
      return new ModelResult(
          model,
          String.valueOf(file.getFileName()),
          Files.size(file),
          ours.facts(),
          theirs.facts(),
          measured);
    }
  }

  private static void print(ModelResult result, PrintStream out) {
    out.printf(
        "%n%s (%s), tokens/s: median (least to greatest)%n", result.model(), result.fileName());
    out.printf("  Yuntai %s%n", result.ourFacts());
    out.printf("  llama.cpp %s%n", result.theirFacts());
    for (PhaseResult phase : result.phases()) {
      Spread ours = Spread.of(phase.ours());
      Spread theirs = Spread.of(phase.theirs());
      Spread ratio = Spread.of(phase.ratios());
      out.printf(
          "  %-8s%5d  Yuntai %7.1f (%.1f to %.1f)  llama.cpp %7.1f (%.1f to %.1f)  ratio %5.2f (%.2f to %.2f)%n",
          phase.phase().name(),
          phase.phase().tokens(),
          ours.median(),
          ours.min(),
          ours.max(),
          theirs.median(),
          theirs.min(),
          theirs.max(),
          ratio.median(),
          ratio.min(),
          ratio.max());
    }
  }

  private static void write(@Nullable Path file, String text) {
    if (file == null) {
      return;
    }
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new BenchException(file + " can't be written: " + e.getMessage() + ".", e);
    }
  }
}
