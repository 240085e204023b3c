package io.yuntai.cli.command;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.models.KernelOption;
import io.yuntai.cli.models.KvCacheOption;
import io.yuntai.cli.models.MemoryOption;
import io.yuntai.cli.models.QuantizeOption;
import io.yuntai.cli.routes.ConfigOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.Display;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Units;
import io.yuntai.console.YuntaiConsole;
import io.yuntai.engine.AdapterLimits;
import io.yuntai.engine.LoadOptions;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.keys.Network;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.server.AdapterChoice;
import io.yuntai.server.AdapterOptions;
import io.yuntai.server.HomeDirectory;
import io.yuntai.server.LogFormat;
import io.yuntai.server.QuietLogging;
import io.yuntai.server.ServerOptions;
import io.yuntai.server.ServerState;
import io.yuntai.server.SpeculationChoice;
import io.yuntai.server.YuntaiServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code yuntai up}. */
@Command(
    name = "up",
    description = "Start the server: database, model and HTTP API.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai up                                         in this terminal, until Ctrl-C",
      "  yuntai up --detach                                in the background, until 'yuntai down'",
      "  yuntai up --model qwen2.5-coder:1.5b --model ./my.gguf",
      "  yuntai up --host 0.0.0.0 --port 9000              for other machines; they need a key"
    })
public final class UpCommand implements Callable<Integer> {
  /** How long answers that are being generated may go on after a stop was asked for. */
  static final Duration STOP_GRACE = Duration.ofSeconds(10);

  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Mixin private final KernelOption kernel = new KernelOption();

  @Mixin private final KvCacheOption kvCache = new KvCacheOption();

  @Mixin private final MemoryOption memory = new MemoryOption();

  @Mixin private final QuantizeOption quantize = new QuantizeOption();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "Address to listen on (default: ${DEFAULT-VALUE}). Beyond loopback, every request needs a key.")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      defaultValue = "8460",
      description = "Port to listen on (default: ${DEFAULT-VALUE}; 0 for any free one).")
  private int port = ServerOptions.DEFAULT_PORT;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      split = "\n", // the configuration file's list comes as lines
      hideParamSyntax = true,
      description =
          "Model to serve: a name, a path, or an address such as hf://org/repo; may be repeated (default: "
              + ServerOptions.DEFAULT_MODEL
              + ").")
  private @Nullable List<String> models;

  @Option(
      names = "--no-model",
      description = "Load no model: answer by the routes of the configuration file alone.")
  private boolean noModel;

  @Option(
      names = "--database",
      paramLabel = "URL",
      description =
          "A PostgreSQL that somebody else runs, 15 to 18: postgresql://USER:PASSWORD@HOST:5432/NAME (YUNTAI_DATABASE_URL, which does not show in lists of processes; default: one in the home).")
  private @Nullable String database;

  @Mixin private final ConfigOption config = new ConfigOption();

  @Option(
      names = "--context",
      paramLabel = "TOKENS",
      defaultValue = "0",
      description =
          "Most tokens of prompt and answer together (default: the model's own limit, at most 4096).")
  private int contextTokens;

  @Option(
      names = "--speculation",
      paramLabel = "off|prompt|MODEL",
      defaultValue = SpeculationChoice.DEFAULT,
      description =
          "Guess several tokens ahead: from the conversation itself, or by a small model of the same vocabulary; answers are the same (default: ${DEFAULT-VALUE}).")
  private String speculation = SpeculationChoice.DEFAULT;

  @Option(
      names = "--adapter",
      paramLabel = "[MODEL:]NAME=PATH",
      split = "\n",
      hideParamSyntax = true,
      description =
          "Low-rank adapter (LoRA) to load, which answers as MODEL:NAME; may be repeated. 'yuntai adapters load' remembers one.")
  private @Nullable List<String> adapters;

  @Option(
      names = "--max-adapters",
      paramLabel = "COUNT",
      defaultValue = "32",
      description = "Most adapters of a model (default: ${DEFAULT-VALUE}).")
  private int maxAdapters;

  @Option(
      names = "--adapter-memory",
      paramLabel = "SIZE",
      defaultValue = "1GB",
      description = "Most memory of a model's adapters (default: ${DEFAULT-VALUE}).")
  private String adapterMemory = "1GB";

  @Option(
      names = "--detach",
      description = "Run in the background; return when the server is ready.")
  private boolean detach;

  @Option(names = "--no-keys", description = "Answer without a key. Only on loopback.")
  private boolean noKeys;

  @Option(
      names = "--no-packed-cache",
      description = "Pack weights at every start, and keep none on disk.")
  private boolean noPackedCache;

  @Option(
      names = "--keep-responses",
      paramLabel = "DAYS",
      defaultValue = "30",
      description =
          "How long conversations of the Responses API are kept (default: ${DEFAULT-VALUE} days).")
  private int keepResponsesDays = (int) ServerOptions.DEFAULT_KEEP_RESPONSES.toDays();

  @Option(
      names = "--prefix-cache",
      paramLabel = "SIZE",
      defaultValue = "4GB",
      description =
          "How much of the disk may hold long prompts, so that the same beginning is not computed again, even after a restart: 4GB, 500MB, off (default: ${DEFAULT-VALUE}).")
  private String prefixCache = "4GB";

  @Option(
      names = "--trusted-proxies",
      paramLabel = "RANGE",
      split = ",",
      description =
          "Reverse proxies whose X-Forwarded-For is believed: 10.0.0.0/8,203.0.113.7 (default: none).")
  private @Nullable List<String> trustedProxies;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "How lines of the log are written: text, or json with ids of requests and traces (default: ${DEFAULT-VALUE}).")
  private String logFormat = "text";

  @Option(
      names = "--json",
      description = "Print {\"url\",\"pid\",\"key\"} when ready; the key only the first time.")
  private boolean json;

  @Option(names = "--report", hidden = true, description = "For 'up --detach' itself.")
  private @Nullable String report;

  /** With this screen and environment. */
  public UpCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    HomeDirectory directory = home.directory(context.environment());
    ServerOptions options = options(directory);
    Optional<ServerState> running = ServerState.find(directory);
    if (running.isPresent()) {
      return alreadyRunning(running.get());
    }
    if (detach) {
      return new DetachedStart(context, options, database, logFormat(), json).run();
    }
    StartReport startReport = report == null ? null : StartReport.parse(report);
    if (startReport == null) {
      return serve(options, context.screen());
    }
    try {
      return serve(options, startReport);
    } catch (RuntimeException e) {
      startReport.failed(Optional.ofNullable(e.getMessage()).orElse(e.toString()));
      throw e;
    } finally {
      startReport.close();
    }
  }

  private ServerOptions options(HomeDirectory directory) {
    if (port < 0 || port > 65535) {
      throw new CommandException(ExitCode.USAGE, "--port must be between 0 and 65535.");
    }
    if (contextTokens < 0) {
      throw new CommandException(ExitCode.USAGE, "--context must be at least 0.");
    }
    if (maxAdapters < 0) {
      throw new CommandException(ExitCode.USAGE, "--max-adapters must be at least 0.");
    }
    if (keepResponsesDays < 1 || keepResponsesDays > 3650) {
      throw new CommandException(ExitCode.USAGE, "--keep-responses must be 1 to 3650 days.");
    }
    Optional<Path> file = config.file(directory);
    List<String> wanted = wantedModels(file.isPresent());
    // A detached server works elsewhere, so paths are made absolute here.
    List<String> references =
        wanted.stream()
            .map(text -> quantize.apply(ModelReference.parse(text)).text())
            .distinct()
            .toList();
    return new ServerOptions(
        directory,
        host,
        port,
        !noKeys,
        references,
        file,
        new LoadOptions(contextTokens, 0, kvCache.format(), 0)
            .withKernel(kernel.name())
            .withMemory(memory.bytes()),
        !noPackedCache,
        prefixCacheBytes(),
        Duration.ofDays(keepResponsesDays),
        speculationReference(),
        new AdapterOptions(
            (adapters == null ? List.<String>of() : adapters)
                .stream().map(AdapterChoice::parse).toList(),
            new AdapterLimits(maxAdapters, adapterBytes())),
        trustedProxies == null ? List.of() : trustedProxies.stream().map(Network::parse).toList());
  }

  private long adapterBytes() {
    return Units.parseBytes(adapterMemory)
        .orElseThrow(() ->
            new CommandException(
                ExitCode.USAGE,
                "--adapter-memory '" + adapterMemory + "' is no size: write 1GB or 500MB."));
  }

  private long prefixCacheBytes() {
    return prefixCache.equals("off")
        ? 0
        : Units.parseBytes(prefixCache)
            .orElseThrow(() ->
                new CommandException(
                    ExitCode.USAGE,
                    "--prefix-cache '" + prefixCache + "' is no size: write 4GB, 500MB or off."));
  }

  private List<String> wantedModels(boolean hasConfig) {
    boolean named = models != null && !models.isEmpty();
    if (noModel && named) {
      throw new CommandException(ExitCode.USAGE, "--model and --no-model exclude each other.");
    }
    if (noModel && !hasConfig) {
      throw new CommandException(
          ExitCode.USAGE,
          "--no-model needs a configuration file with routes: ./yuntai.toml, or --config FILE.");
    }
    if (noModel || models == null) {
      return noModel ? List.of() : List.of(ServerOptions.DEFAULT_MODEL);
    }
    return models.isEmpty() ? List.of(ServerOptions.DEFAULT_MODEL) : models;
  }

  private String speculationReference() {
    return speculation.equals("off") || speculation.equals("prompt")
        ? speculation
        : ModelReference.parse(speculation).text();
  }

  private LogFormat logFormat() {
    return switch (logFormat) {
      case "text" -> LogFormat.TEXT;
      case "json" -> LogFormat.JSON;
      default ->
          throw new CommandException(
              ExitCode.USAGE, "--log-format is text or json, not '" + logFormat + "'.");
    };
  }

  private int alreadyRunning(ServerState state) {
    if (json) {
      context.screen().result(Json.text(Ready.fields(state, null, null)));
    } else {
      context.screen().result(context.text("up.running", state.url(), state.pid()));
    }
    context.screen().note(context.text("up.running.hint"));
    return ExitCode.OK.number();
  }

  private int serve(ServerOptions options, Display display) throws InterruptedException {
    options.home().create();
    Path log =
        QuietLogging.toFile(
            options.home().logs(),
            context.environment().getOrDefault("YUNTAI_LOG", "info"),
            logFormat());
    try (StopSignals signals = StopSignals.install(report != null)) {
      StartDisplay start =
          new StartDisplay(display, context.messages(), options, log, report != null, json);
      YuntaiServer server;
      try {
        start.begin();
        server = YuntaiServer.start(options, environment(), new YuntaiConsole(), start);
      } catch (InterruptedException e) {
        display.note(context.text("up.interrupted"));
        throw e;
      }
      start.end();
      if (display instanceof StartReport startReport) {
        startReport.ready();
      }
      signals.await();
      context.screen().note(context.text("up.stopping", STOP_GRACE.toSeconds()));
      server.stop(STOP_GRACE);
      context.screen().note(context.text("up.stopped"));
      return ExitCode.OK.number();
    }
  }

  /** With the database that a flag names, which goes before the one that the environment names. */
  private Map<String, String> environment() {
    if (database == null) {
      return context.environment();
    }
    Map<String, String> all = new HashMap<>(context.environment());
    all.put(DatabaseOptions.URL_VARIABLE, database);
    return all;
  }

  /** What {@code --json} prints. */
  static final class Ready {
    private Ready() {}

    static Map<String, Object> fields(
        ServerState state, @Nullable String key, @Nullable String signIn) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("url", state.url());
      fields.put("pid", state.pid());
      if (key != null) {
        fields.put("key", key);
      }
      if (signIn != null) {
        fields.put("sign_in", signIn);
      }
      return fields;
    }
  }
}
