package io.yuntai.cli.adapter;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Noun;
import io.yuntai.cli.terminal.Table;
import io.yuntai.engine.AdapterException;
import io.yuntai.engine.Adapters;
import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.adapter.AdapterFile;
import io.yuntai.server.AdapterBook;
import io.yuntai.server.HomeDirectory;
import io.yuntai.server.ServerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai adapters list|load|unload}; each works with and without a running server. */
@Command(
    name = "adapters",
    description = {
      "Load, list and unload low-rank adapters (LoRA): GGUF files, or folders as peft saves them.",
      "The home remembers them, so that each server loads them again."
    },
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai adapters load qwen2.5-coder:0.5b:sql ./sql-lora.gguf",
      "  yuntai adapters load sql ./sql-lora               where one model is served",
      "  yuntai run qwen2.5-coder:0.5b:sql \"Count the users.\"",
      "  yuntai adapters list",
      "  yuntai adapters unload qwen2.5-coder:0.5b:sql"
    })
public final class AdaptersCommand extends Noun {
  private AdaptersCommand(CliContext context) {
    super(context);
  }

  /** The noun with its verbs. */
  public static CommandLine tree(CliContext context) {
    return tree(
        new AdaptersCommand(context), new ListAll(context), new Load(context), new Unload(context));
  }

  /** A name as {@code base:adapter}; the base may be left out where one chat model is served. */
  private record Name(String base, String adapter) {
    @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // what was found
    static Name parse(String text, Optional<ServerState> server) {
      int colon = text.lastIndexOf(':');
      String adapter = text.substring(colon + 1);
      try {
        Adapters.checkName(adapter);
      } catch (AdapterException e) {
        throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
      }
      if (colon > 0) {
        return new Name(text.substring(0, colon), adapter);
      }
      List<String> bases =
          server.stream()
              .flatMap(state -> state.models().stream())
              .filter(model -> model.kind().equals("chat"))
              .map(ServerState.ServedModel::name)
              .toList();
      if (bases.size() != 1) {
        throw new CommandException(
            ExitCode.USAGE,
            "Say which model the adapter is for: MODEL:" + adapter + " instead of " + text + ".");
      }
      return new Name(bases.getFirst(), adapter);
    }

    String model() {
      return base + ":" + adapter;
    }

    boolean isServedBy(ServerState server) {
      return server.models().stream().anyMatch(model -> model.name().equals(base));
    }
  }

  /** {@code adapters load}. */
  @Command(
      name = "load",
      description = {
        "Load an adapter into the running server, in the place of one that has its name; and",
        "remember it for the next servers. Without a running server, it is only remembered."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  yuntai adapters load qwen2.5-coder:0.5b:sql ./sql-lora.gguf",
        "  yuntai adapters load sql ./sql-lora               where one model is served"
      })
  static final class Load implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final HomeOption home = new HomeOption();

    @Parameters(index = "0", paramLabel = "MODEL:NAME", description = "How requests will call it.")
    private String name = "";

    @Parameters(
        index = "1",
        paramLabel = "PATH",
        description =
            "A GGUF file, or a folder with adapter_config.json and adapter_model.safetensors.")
    private String path = "";

    @Option(names = "--json", description = "Print {\"model\",\"path\",\"loaded\"}.")
    private boolean json;

    Load(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
      HomeDirectory directory = home.directory(context.environment());
      Optional<ServerState> server = ServerState.find(directory);
      Name wanted = Name.parse(name, server);
      Path file = checked();
      boolean served = server.isPresent() && wanted.isServedBy(server.get());
      if (served) {
        try (AdapterServer adapters = new AdapterServer(server.get())) {
          adapters.load(wanted.model(), file.toString());
        }
      }
      directory.create();
      new AdapterBook(directory)
          .put(new AdapterBook.Entry(wanted.base, wanted.adapter, file.toString()));
      if (json) {
        context
            .screen()
            .result(
                Json.text(
                    new LinkedHashMap<>(
                        Map.of(
                            "model", wanted.model(), "path", file.toString(), "loaded", served))));
      } else {
        context
            .screen()
            .result(
                context.text(
                    served ? "adapters.loaded" : "adapters.remembered",
                    wanted.model(),
                    wanted.base));
      }
      return ExitCode.OK.number();
    }

    /** The absolute path of a file that is an adapter, for whatever model. */
    private Path checked() {
      try {
        Path file = Path.of(path).toAbsolutePath().normalize();
        if (!Files.exists(file)) {
          throw new CommandException(ExitCode.NOT_FOUND, "There is no adapter at " + file + ".");
        }
        AdapterFile.open(file).close();
        return file;
      } catch (ModelFormatException | IOException | InvalidPathException e) {
        throw new CommandException(
            ExitCode.FAILED, "The adapter can't be loaded: " + e.getMessage() + ".", e);
      }
    }
  }

  /** {@code adapters list}. */
  @Command(
      name = "list",
      aliases = "ls",
      description = "List the adapters that are loaded or remembered.")
  static final class ListAll implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final HomeOption home = new HomeOption();

    @Option(names = "--json", description = "Print a JSON array.")
    private boolean json;

    ListAll(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
      HomeDirectory directory = home.directory(context.environment());
      Optional<ServerState> server = ServerState.find(directory);
      Map<String, String> paths = new TreeMap<>();
      new AdapterBook(directory).entries().forEach(entry -> paths.put(entry.model(), entry.path()));
      List<String> loaded = List.of();
      if (server.isPresent()) {
        try (AdapterServer adapters = new AdapterServer(server.get())) {
          loaded = adapters.loaded();
        }
      }
      loaded.forEach(model -> paths.putIfAbsent(model, ""));
      print(paths, loaded);
      return ExitCode.OK.number();
    }

    private void print(Map<String, String> paths, List<String> loaded) {
      if (json) {
        context
            .screen()
            .result(
                Json.text(
                    paths.entrySet().stream()
                        .map(entry -> fields(entry.getKey(), entry.getValue(), loaded))
                        .toList()));
      } else if (paths.isEmpty()) {
        context.screen().note(context.text("adapters.none"));
      } else {
        Table table = new Table(context.screen(), "MODEL", "STATE", "PATH");
        paths.forEach((model, path) ->
            table.row(model, state(model, path, loaded), path.isEmpty() ? "-" : path));
        table.print();
      }
    }

    private static Map<String, Object> fields(String model, String path, List<String> loaded) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("model", model);
      fields.put("state", state(model, path, loaded));
      fields.put("remembered", !path.isEmpty());
      fields.put("path", path);
      return fields;
    }

    private static String state(String model, String path, List<String> loaded) {
      if (loaded.contains(model)) {
        return "loaded";
      }
      return Files.exists(Path.of(path)) ? "not loaded" : "missing";
    }
  }

  /** {@code adapters unload}. */
  @Command(
      name = "unload",
      description = {
        "Unload an adapter from the running server and forget it. Answers that it is giving go on.",
        "Its file stays."
      })
  static final class Unload implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final HomeOption home = new HomeOption();

    @Parameters(paramLabel = "MODEL:NAME", description = "As 'adapters list' shows it.")
    private String name = "";

    @Option(names = "--json", description = "Print {\"model\",\"unloaded\",\"forgotten\"}.")
    private boolean json;

    Unload(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
      HomeDirectory directory = home.directory(context.environment());
      Optional<ServerState> server = ServerState.find(directory);
      Name wanted = Name.parse(name, server);
      boolean unloaded = false;
      if (server.isPresent()) {
        try (AdapterServer adapters = new AdapterServer(server.get())) {
          if (adapters.loaded().contains(wanted.model())) {
            adapters.unload(wanted.model());
            unloaded = true;
          }
        }
      }
      boolean forgotten = new AdapterBook(directory).remove(wanted.model());
      if (!unloaded && !forgotten) {
        throw new CommandException(
            ExitCode.NOT_FOUND,
            "There is no adapter " + wanted.model() + ": 'yuntai adapters list' shows them.");
      }
      context
          .screen()
          .result(
              json
                  ? Json.text(
                      new TreeMap<>(
                          Map.of(
                              "model",
                              wanted.model(),
                              "unloaded",
                              unloaded,
                              "forgotten",
                              forgotten)))
                  : context.text("adapters.unloaded", wanted.model()));
      return ExitCode.OK.number();
    }
  }
}
