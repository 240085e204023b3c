package io.yuntai.cli.command;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.models.LocalModels;
import io.yuntai.cli.models.QuantizeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Units;
import io.yuntai.models.store.StoredModel;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code yuntai pull}. */
@Command(
    name = "pull",
    description = "Fetch models to this machine. A pull that was cut goes on where it ended.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai pull qwen2.5-coder:1.5b",
      "  yuntai pull hf://org/repo/file.gguf",
      "  yuntai pull hf://org/repo --quantize q4_k_m",
      "  yuntai pull modelscope://org/repo/file.gguf"
    })
public final class PullCommand implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Mixin private final QuantizeOption quantize = new QuantizeOption();

  @Parameters(paramLabel = "MODEL", arity = "1..*", description = "Name or address of a model.")
  private List<String> models = List.of();

  /** With this screen and environment. */
  public PullCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    LocalModels local = new LocalModels(context, home.directory(context.environment()));
    for (String model : models) {
      StoredModel stored = local.pull(quantize.apply(model));
      context
          .screen()
          .result(
              context.text(
                  "pull.here", stored.name(), Units.bytes(stored.sizeBytes()), stored.file()));
    }
    return ExitCode.OK.number();
  }
}
