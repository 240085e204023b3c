package io.yuntai.cli.bench;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.models.KernelOption;
import io.yuntai.cli.models.KvCacheOption;
import io.yuntai.cli.models.LocalModels;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.engine.PhysicalCores;
import io.yuntai.engine.kernel.KvCache;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai bench}. */
@Command(
    name = "bench",
    description = {
      "Measure how fast a model runs here: reading prompts, and generating for one or many",
      "streams at once. Made-up tokens, no sampling, no server; stop other programs first."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai bench qwen2.5-coder:0.5b",
      "  yuntai bench ./my.gguf --prompt 128,512,2048 --batch 1,8 --json",
      "  yuntai bench --machine                          memory and arithmetic alone"
    })
public final class BenchCommand implements Callable<Integer> {
  private static final int TOKENS_MAX = 1 << 20;
  private static final int STREAMS_MAX = 1024;
  private static final int THREADS_MAX = 1024;
  private static final int REPETITIONS_MAX = 1000;
  private static final int VALUES_MAX = 32;

  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Mixin private final KernelOption kernel = new KernelOption();

  @Mixin private final KvCacheOption kvCache = new KvCacheOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "Name, path or address of a model; not with --machine.")
  private @Nullable String model;

  @Option(
      names = "--prompt",
      split = ",",
      paramLabel = "TOKENS",
      defaultValue = "512",
      description = "Lengths of prompts that are read (default: ${DEFAULT-VALUE}).")
  private List<Integer> promptTokens = List.of();

  @Option(
      names = "--batch",
      split = ",",
      paramLabel = "STREAMS",
      defaultValue = "1,4,8,16,32",
      description = "How many streams generate at once (default: ${DEFAULT-VALUE}).")
  private List<Integer> streams = List.of();

  @Option(
      names = "--generate",
      paramLabel = "TOKENS",
      defaultValue = "64",
      description = "Tokens that each stream generates (default: ${DEFAULT-VALUE}).")
  private int generatedTokens;

  @Option(
      names = "--decode-prompt",
      paramLabel = "TOKENS",
      defaultValue = "128",
      description = "Tokens that each stream has read before (default: ${DEFAULT-VALUE}).")
  private int decodePromptTokens;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Workers; 0 for one per physical core (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "5",
      description = "Repetitions that count (default: ${DEFAULT-VALUE}).")
  private int repetitions;

  @Option(
      names = "--machine",
      description = "Measure memory bandwidth and arithmetic, not a model.")
  private boolean machine;

  @Option(
      names = "--json",
      description = "Print {\"model\",\"kernel\",\"threads\",\"prefill\":[],\"decode\":[]}.")
  private boolean json;

  /** With this screen and environment. */
  public BenchCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    checkRanges();
    int workers = threads == 0 ? PhysicalCores.count() : threads;
    String kernelName = kernel.name();
    KvCache.Format kvFormat = kvCache.format();
    if (machine) {
      if (model != null) {
        throw usage("--machine measures no model: leave out either it or " + model + ".");
      }
      MachineReport report = MachineReport.measure(workers, repetitions, context.screen());
      if (json) {
        context.screen().result(Json.text(report.json()));
      } else {
        report.print(context.screen());
      }
    } else if (model == null) {
      throw usage("Name a model ('yuntai models' lists those here), or measure the --machine.");
    } else {
      Path file =
          new LocalModels(context, home.directory(context.environment())).findOrPull(model).file();
      ModelReport report =
          new ModelBench(plan(workers, kernelName, kvFormat), context.screen())
              .run(label(model), file);
      if (json) {
        context.screen().result(Json.text(report.json()));
      } else {
        report.print(context.screen());
      }
    }
    return ExitCode.OK.number();
  }

  private BenchPlan plan(int workers, String kernelName, KvCache.Format kvFormat) {
    return new BenchPlan(
        promptTokens,
        streams,
        decodePromptTokens,
        generatedTokens,
        workers,
        kernelName,
        kvFormat,
        repetitions);
  }

  /** Results name a model as the user does, but no folders of this machine. */
  private static String label(String model) {
    return model.startsWith("hf:") || !model.contains("/")
        ? model
        : model.substring(model.lastIndexOf('/') + 1);
  }

  private void checkRanges() {
    requireRange("--prompt", promptTokens, TOKENS_MAX);
    requireRange("--batch", streams, STREAMS_MAX);
    requireRange("--generate", List.of(generatedTokens), TOKENS_MAX);
    requireRange("--decode-prompt", List.of(decodePromptTokens), TOKENS_MAX);
    requireRange("--repeat", List.of(repetitions), REPETITIONS_MAX);
    if (threads < 0 || threads > THREADS_MAX) {
      throw usage("--threads is %d; it must be from 0 to %d.".formatted(threads, THREADS_MAX));
    }
  }

  private static void requireRange(String option, List<Integer> values, int max) {
    if (values.isEmpty() || values.size() > VALUES_MAX) {
      throw usage("%s takes from 1 to %d values.".formatted(option, VALUES_MAX));
    }
    for (int value : values) {
      if (value < 1 || value > max) {
        throw usage("%s is %d; it must be from 1 to %d.".formatted(option, value, max));
      }
    }
  }

  private static CommandException usage(String sentence) {
    return new CommandException(ExitCode.USAGE, sentence);
  }
}
