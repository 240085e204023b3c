package io.yuntai.cli.inspect;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.models.QuantizeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.ProgressBar;
import io.yuntai.cli.terminal.Screen;
import io.yuntai.cli.terminal.Table;
import io.yuntai.cli.terminal.Units;
import io.yuntai.engine.PhysicalCores;
import io.yuntai.engine.checkpoint.Checkpoint;
import io.yuntai.engine.quantize.ModelWriter;
import io.yuntai.engine.quantize.QuantizationReport;
import io.yuntai.engine.quantize.Recipe;
import io.yuntai.engine.quantize.SourceModel;
import io.yuntai.models.transfer.DiskSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai model quantize}. */
@Command(
    name = "quantize",
    description = {
      "Write a model to a GGUF file in another type of weights.",
      "The source is a GGUF file or the folder of a checkpoint (config.json, safetensors, tokenizer.json)."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai model quantize ./Qwen2.5-0.5B-Instruct qwen.gguf --type q4_k_m",
      "  yuntai model quantize ./model-f16.gguf ./model-q8_0.gguf --type q8_0 --threads 4",
      "  yuntai model quantize ./checkpoint model.gguf --type bf16"
    })
final class QuantizeCommand implements Callable<Integer> {
  private static final int THREADS_MAX = 1024;

  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Parameters(
      index = "0",
      paramLabel = "SOURCE",
      description = "A GGUF file, a checkpoint's folder, or a model's name or address.")
  private String source = "";

  @Parameters(index = "1", paramLabel = "TARGET.gguf", description = "The file to write.")
  private Path target = Path.of("");

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      required = true,
      description =
          "f32, f16, bf16, q8_0, q6_k, q5_k_m, q5_k_s, q5_0, q4_k_m, q4_k_s, q4_1 or q4_0.")
  private String type = "";

  @Option(
      names = "--threads",
      defaultValue = "0",
      description = "Threads that quantise (default: one for each core).")
  private int threads;

  @Option(names = "--force", description = "Write over a file that is there.")
  private boolean force;

  @Option(
      names = "--requantize",
      description = "Take weights that are quantised already; errors add up.")
  private boolean requantize;

  @Option(names = "--json", description = "Print sizes, types and errors as one JSON object.")
  private boolean json;

  QuantizeCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    Recipe recipe = QuantizeOption.recipe(type);
    checkTarget();
    if (threads < 0 || threads > THREADS_MAX) {
      throw new CommandException(
          ExitCode.USAGE, "--threads must be between 0 and " + THREADS_MAX + ".");
    }
    ModelWriter writer =
        new ModelWriter(
            threads == 0 ? PhysicalCores.count() : threads,
            requantize,
            (tensor, done, all) -> progress(done, all));
    try (SourceModel model = open()) {
      checkSpace(writer.bytes(model, recipe));
      QuantizationReport report = writer.write(model, recipe, target);
      context.screen().err(); // the progress line has done its work
      print(recipe, model, report, Files.size(target));
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED,
          target + " could not be written: " + e.getMessage() + "; nothing is left of it.",
          e);
    }
    return ExitCode.OK.number();
  }

  private void checkTarget() {
    if (!target.toString().toLowerCase(Locale.ROOT).endsWith(".gguf")) {
      throw new CommandException(
          ExitCode.USAGE, target + " does not end in .gguf; the result is a GGUF file.");
    }
    if (Files.exists(target) && !force) {
      throw new CommandException(
          ExitCode.FAILED, target + " is there already; --force writes over it.");
    }
    Path folder = Objects.requireNonNull(target.toAbsolutePath().getParent());
    if (!Files.isDirectory(folder) || Files.isDirectory(target)) {
      throw new CommandException(ExitCode.FAILED, target + " can't be a file.");
    }
  }

  private SourceModel open() throws InterruptedException {
    Path path = Path.of(source).toAbsolutePath().normalize();
    if (Checkpoint.isAt(path)) {
      try {
        return Checkpoint.open(path, String.valueOf(path.getFileName()));
      } catch (IOException e) {
        throw new CommandException(ExitCode.FAILED, source + " can't be read: " + e, e);
      }
    }
    Path file = ModelFiles.find(context, home, source);
    if (Files.exists(target) && isSame(file, target)) {
      throw new CommandException(
          ExitCode.USAGE, "The source and the target are the same file; name another target.");
    }
    return SourceModel.of(ModelFiles.open(file));
  }

  private static boolean isSame(Path a, Path b) {
    try {
      return Files.isSameFile(a, b);
    } catch (IOException e) {
      return false;
    }
  }

  private void checkSpace(long bytes) throws IOException {
    Path folder = Objects.requireNonNull(target.toAbsolutePath().getParent());
    long free = DiskSpace.ofSystem().usableBytes(folder);
    if (free < bytes) {
      throw new CommandException(
          ExitCode.FAILED,
          "%s takes %s, but the disk has %s free; make room or choose a smaller type."
              .formatted(target, Units.bytes(bytes), Units.bytes(free)));
    }
  }

  private void progress(long done, long all) {
    Screen screen = context.screen();
    if (screen.showsProgress()) {
      screen.progress(ProgressBar.line("quantize", done, all, 0, -1, screen.columns()));
    }
  }

  private void print(Recipe recipe, SourceModel model, QuantizationReport report, long bytes) {
    Screen screen = context.screen();
    long before =
        model.tensors().stream().mapToLong(each -> each.type().bytes(each.elements())).sum();
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("file", target.toString());
      all.put("type", recipe.text());
      all.put("bytes", bytes);
      all.put("source_tensor_bytes", before);
      Map<String, Object> types = new LinkedHashMap<>();
      report.byType().forEach((each, sum) -> types.put(each.name(), fields(sum)));
      all.put("types", types);
      screen.result(Json.text(all));
      return;
    }
    screen.result(
        "%s  %s, of %s of weights".formatted(target, Units.bytes(bytes), Units.bytes(before)));
    Table table = new Table(screen, "TYPE", "TENSORS", "WEIGHTS", "SIZE", "RMSE", "RELATIVE");
    report
        .byType()
        .forEach((each, sum) ->
            table.row(
                each.name(),
                Integer.toString(sum.tensors()),
                Long.toString(sum.elements()),
                Units.bytes(sum.bytes()),
                "%.3g".formatted(sum.rootMeanSquareError()),
                "%.3g".formatted(sum.relativeError())));
    table.print();
  }

  private static Map<String, Object> fields(QuantizationReport.OfType sum) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("tensors", sum.tensors());
    fields.put("weights", sum.elements());
    fields.put("bytes", sum.bytes());
    fields.put("rmse", sum.rootMeanSquareError());
    fields.put("relative_error", sum.relativeError());
    return fields;
  }
}
