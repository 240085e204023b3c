package io.yuntai.cli.command;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.models.LocalModels;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Table;
import io.yuntai.cli.terminal.Units;
import io.yuntai.models.catalog.CatalogEntry;
import io.yuntai.models.catalog.Pin;
import io.yuntai.models.store.PackedWeights;
import io.yuntai.models.store.StoredModel;
import io.yuntai.server.HomeDirectory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code yuntai models}. */
@Command(
    name = "models",
    description = "List the models on this machine, or the whole catalogue.",
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai models", "  yuntai models --all", "  yuntai models --json"})
public final class ModelsCommand implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Option(names = "--all", description = "List what can be pulled, too.")
  private boolean all;

  @Option(names = "--json", description = "Print a JSON array.")
  private boolean json;

  /** With this screen and environment. */
  public ModelsCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    HomeDirectory directory = home.directory(context.environment());
    LocalModels local = new LocalModels(context, directory);
    List<Map<String, Object>> rows = new ArrayList<>();
    List<StoredModel> here = local.store().list();
    PackedWeights packed = new PackedWeights(directory.path());
    here.forEach(model -> rows.add(row(model, "here", packed)));
    packed.ownFiles().forEach(model -> rows.add(row(model, "own file", packed)));
    if (all) {
      Set<String> names = here.stream().map(StoredModel::name).collect(Collectors.toSet());
      local.catalog().entries().stream()
          .filter(entry -> !names.contains(entry.name()))
          .forEach(entry -> rows.add(row(entry)));
    }
    if (json) {
      context.screen().result(Json.text(rows));
    } else if (rows.isEmpty()) {
      context.screen().note(context.text("models.none"));
    } else {
      print(rows);
    }
    return ExitCode.OK.number();
  }

  private static Map<String, Object> row(StoredModel model, String state, PackedWeights packed) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", model.name());
    row.put("kind", ModelKinds.of(model));
    row.put("size_bytes", model.sizeBytes());
    row.put("packed_bytes", packed.bytes(model));
    row.put("state", state);
    row.put("source", model.source());
    row.put("file", model.file().toString());
    return row;
  }

  private static Map<String, Object> row(CatalogEntry entry) {
    Pin pin = entry.pin();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", entry.name());
    row.put("kind", entry.kind());
    if (pin != null) {
      row.put("size_bytes", pin.sizeBytes());
    }
    row.put("state", entry.notYetRunnable() == null ? "can be pulled" : "listed only");
    row.put("source", entry.sources().getFirst().references().getFirst().text());
    return row;
  }

  private void print(List<Map<String, Object>> rows) {
    Table table =
        new Table(context.screen(), "MODEL", "KIND", "SIZE", "PACKED", "STATE", "SOURCE")
            .alignRight(2)
            .alignRight(3);
    for (Map<String, Object> row : rows) {
      Object size = row.get("size_bytes");
      Object packedBytes = row.get("packed_bytes");
      table.row(
          String.valueOf(row.get("name")),
          String.valueOf(row.get("kind")),
          size instanceof Long bytes ? Units.bytes(bytes) : "?",
          packedBytes instanceof Long bytes && bytes > 0 ? Units.bytes(bytes) : "-",
          String.valueOf(row.get("state")),
          String.valueOf(row.get("source")));
    }
    table.print();
  }
}
