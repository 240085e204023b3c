package io.yuntai.cli.command;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.models.LocalModels;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Units;
import io.yuntai.models.catalog.CatalogEntry;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.catalog.Pin;
import io.yuntai.models.store.PackedWeights;
import io.yuntai.models.store.StoredModel;
import io.yuntai.server.HomeDirectory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai show}. */
@Command(
    name = "show",
    description = "Tell what is known of a model: licence, size, checksum, sources, file.",
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai show qwen2.5-coder:0.5b", "  yuntai show ./my.gguf --json"})
public final class ShowCommand implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Parameters(paramLabel = "MODEL", description = "Name, path or address of a model.")
  private String model = "";

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /** With this screen and environment. */
  public ShowCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    HomeDirectory directory = home.directory(context.environment());
    LocalModels local = new LocalModels(context, directory);
    ModelReference reference = local.reference(model);
    Optional<CatalogEntry> entry = local.entry(reference);
    Optional<StoredModel> stored = local.store().find(reference);
    if (entry.isEmpty() && stored.isEmpty()) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          model + " is not on this machine: 'yuntai pull " + model + "' fetches it.");
    }
    Map<String, Object> facts = facts(entry, stored);
    stored.ifPresent(
        here -> facts.put("packed_bytes", new PackedWeights(directory.path()).bytes(here)));
    if (json) {
      context.screen().result(Json.text(facts));
    } else {
      facts.forEach((name, value) ->
          context
              .screen()
              .result(
                  "%-16s %s"
                      .formatted(
                          name,
                          name.endsWith("_bytes") && value instanceof Long bytes
                              ? bytes + " (" + Units.bytes(bytes) + ")"
                              : value)));
    }
    return ExitCode.OK.number();
  }

  @SuppressWarnings(
      "OptionalUsedAsFieldOrParameterType") // both may be absent, one of them is there
  private static Map<String, Object> facts(
      Optional<CatalogEntry> entry, Optional<StoredModel> stored) {
    Map<String, Object> facts = new LinkedHashMap<>();
    entry.ifPresent(known -> {
      facts.put("name", known.name());
      facts.put("description", known.description());
      facts.put("kind", known.kind());
      facts.put("licence", known.licence());
      facts.put("context_tokens", known.contextTokens());
      Pin pin = known.pin();
      if (pin != null) {
        facts.put("size_bytes", pin.sizeBytes());
        facts.put("sha256", pin.sha256());
      }
      facts.put(
          "sources",
          known.sources().stream()
              .flatMap(source -> source.references().stream())
              .map(ModelReference::text)
              .toList());
      String notYet = known.notYetRunnable();
      if (notYet != null) {
        facts.put("note", notYet);
      }
    });
    stored.ifPresent(here -> {
      facts.putIfAbsent("name", here.name());
      facts.put("kind", ModelKinds.of(here));
      facts.put("file", here.file().toString());
      facts.put("size_bytes", here.sizeBytes());
      String sha256 = here.sha256();
      if (sha256 != null) {
        facts.put("sha256", sha256);
      }
      facts.putIfAbsent("sources", List.of(here.source()));
      facts.put("pulled_from", here.source());
    });
    facts.put("here", stored.isPresent());
    return facts;
  }
}
