package io.yuntai.cli.command;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.models.LocalModels;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Units;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.store.PackedWeights;
import io.yuntai.models.store.StoredModel;
import io.yuntai.server.HomeDirectory;
import io.yuntai.server.ServerState;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code yuntai rm}. */
@Command(
    name = "rm",
    description =
        "Remove pulled models from this machine. Of files of your own, only packed weights are removed.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai rm qwen2.5-coder:1.5b",
      "  yuntai rm ./my.gguf                  its packed weights; the file stays"
    })
public final class RmCommand implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Parameters(paramLabel = "MODEL", arity = "1..*", description = "Name or address of a model.")
  private List<String> models = List.of();

  /** With this screen and environment. */
  public RmCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    HomeDirectory directory = home.directory(context.environment());
    LocalModels local = new LocalModels(context, directory);
    for (String model : models) {
      ModelReference reference = local.reference(model);
      refuseIfServed(directory, local.store().find(reference));
      if (reference instanceof ModelReference.LocalFile(Path own)) {
        long packed = new PackedWeights(directory.path()).remove(own);
        if (packed > 0) {
          context.screen().result(context.text("rm.packed", model, Units.bytes(packed)));
          continue;
        }
      }
      long freed = local.store().remove(reference);
      context.screen().result(context.text("rm.removed", model, Units.bytes(freed)));
    }
    return ExitCode.OK.number();
  }

  @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // what the store found
  private static void refuseIfServed(HomeDirectory directory, Optional<StoredModel> stored) {
    if (stored.isEmpty()) {
      return;
    }
    String file = stored.get().file().toString();
    ServerState.find(directory).stream()
        .flatMap(state -> state.models().stream())
        .filter(served -> served.file().equals(file))
        .findFirst()
        .ifPresent(served -> {
          throw new CommandException(
              ExitCode.FAILED,
              served.name() + " is being served: stop the server first with 'yuntai down'.");
        });
  }
}
