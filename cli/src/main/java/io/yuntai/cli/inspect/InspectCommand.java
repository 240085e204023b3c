package io.yuntai.cli.inspect;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Screen;
import io.yuntai.cli.terminal.Table;
import io.yuntai.cli.terminal.Units;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.GgufInspection;
import io.yuntai.engine.gguf.TensorInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai model inspect}. */
@Command(
    name = "inspect",
    description = "Print a GGUF file's metadata and tensors, or one tensor's values.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai model inspect ./my.gguf",
      "  yuntai model inspect ./my.gguf --tensor output_norm.weight --values --json"
    })
final class InspectCommand implements Callable<Integer> {
  private static final int ARRAY_LENGTH_MAX = 64;
  private static final int LINE_CHARACTERS = 72;
  private static final int VALUES_MAX = 1 << 26;

  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Parameters(paramLabel = "FILE", description = "A GGUF file, or a model's name or address.")
  private String file = "";

  @Option(names = "--tensor", paramLabel = "NAME", description = "Only this tensor.")
  private @Nullable String tensor;

  @Option(names = "--values", description = "Its dequantised values, row after row.")
  private boolean values;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  InspectCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (values && tensor == null) {
      throw new CommandException(ExitCode.USAGE, "--values needs --tensor NAME.");
    }
    try (GgufFile gguf = ModelFiles.open(ModelFiles.find(context, home, file))) {
      if (tensor != null) {
        printTensor(gguf.tensor(tensor));
      } else if (json) {
        context.screen().result(Json.text(all(gguf)));
      } else {
        print(gguf);
      }
    }
    return ExitCode.OK.number();
  }

  private static Map<String, Object> all(GgufFile gguf) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("version", gguf.version());
    all.put("metadata", GgufInspection.metadata(gguf, ARRAY_LENGTH_MAX));
    all.put("tensors", GgufInspection.tensors(gguf).stream().map(InspectCommand::fields).toList());
    return all;
  }

  private static Map<String, Object> fields(GgufInspection.TensorSummary summary) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", summary.name());
    fields.put("type", summary.type().name());
    fields.put("shape", summary.shape());
    fields.put("offset", summary.offset());
    fields.put("bytes", summary.bytes());
    return fields;
  }

  private void printTensor(TensorInfo info) {
    Map<String, Object> fields =
        fields(
            new GgufInspection.TensorSummary(
                info.name(), info.type(), info.shape(), info.offset(), info.data().byteSize()));
    float[] numbers = values ? numbers(info) : new float[0];
    if (json) {
      if (values) {
        fields.put("values", numbers);
      }
      context.screen().result(Json.text(fields));
    } else {
      fields.forEach((name, value) -> context.screen().result("%-8s %s".formatted(name, value)));
      for (float number : numbers) {
        context.screen().result(Float.toString(number));
      }
    }
  }

  private static float[] numbers(TensorInfo info) {
    long count = info.rows() * info.columns();
    if (count > VALUES_MAX) {
      throw new CommandException(
          ExitCode.FAILED,
          info.name() + " has " + count + " values; at most " + VALUES_MAX + " are printed.");
    }
    return GgufInspection.values(info, 0, (int) count);
  }

  private void print(GgufFile gguf) {
    Screen screen = context.screen();
    screen.result(screen.resultStyle().strong(gguf.name()) + "  GGUF version " + gguf.version());
    screen.result("");
    Table metadata = new Table(screen, "KEY", "VALUE");
    gguf.metadata()
        .values()
        .forEach(
            (key, value) -> metadata.row(key, GgufInspection.abbreviate(value, LINE_CHARACTERS)));
    metadata.print();
    screen.result("");
    Table tensors = new Table(screen, "TENSOR", "TYPE", "SHAPE", "OFFSET", "SIZE");
    List<GgufInspection.TensorSummary> all = GgufInspection.tensors(gguf);
    for (GgufInspection.TensorSummary summary : all) {
      tensors.row(
          summary.name(),
          summary.type().name(),
          summary.shape().toString(),
          Long.toString(summary.offset()),
          Units.bytes(summary.bytes()));
    }
    tensors.print();
  }
}
