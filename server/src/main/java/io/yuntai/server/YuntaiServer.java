package io.yuntai.server;

import io.yuntai.ledger.backup.RestoreMark;
import io.yuntai.ledger.capital.CapitalPlans;
import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.database.RunningDatabase;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.keys.ApiKeys;
import io.yuntai.ledger.keys.Pepper;
import io.yuntai.ledger.prices.DatabaseRateCards;
import io.yuntai.ledger.responses.DatabaseResponses;
import io.yuntai.ledger.responses.ResponseStore;
import io.yuntai.ledger.upkeep.LedgerUpkeep;
import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.pull.Puller;
import io.yuntai.models.store.ModelStore;
import io.yuntai.models.store.StoredModel;
import io.yuntai.planner.facts.Facts;
import io.yuntai.server.admin.AdminRoutes;
import io.yuntai.server.api.Apis;
import io.yuntai.server.api.Callers;
import io.yuntai.server.api.OpenAiLines;
import io.yuntai.server.auth.SignInAddress;
import io.yuntai.server.batches.BatchRunner;
import io.yuntai.server.batches.OwnedWork;
import io.yuntai.server.config.AlertSettings;
import io.yuntai.server.config.SignInSettings;
import io.yuntai.server.console.Console;
import io.yuntai.server.files.FileStore;
import io.yuntai.server.gateway.Access;
import io.yuntai.server.gateway.EncoderGateway;
import io.yuntai.server.gateway.Gateway;
import io.yuntai.server.gateway.HostedAdapters;
import io.yuntai.server.gateway.Metering;
import io.yuntai.server.gateway.ModelHost;
import io.yuntai.server.http.Api;
import io.yuntai.server.http.HttpOptions;
import io.yuntai.server.http.HttpServer;
import io.yuntai.server.http.InFlight;
import io.yuntai.server.http.PortInUseException;
import io.yuntai.server.metrics.MetricSource;
import io.yuntai.server.plans.PlanJobs;
import io.yuntai.server.routes.LiveRoutes;
import io.yuntai.server.routes.RoutesFileException;
import io.yuntai.server.routes.RoutesWatch;
import io.yuntai.server.runs.RunLimits;
import io.yuntai.server.runs.Runs;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole Yuntai in this process: database and keys on one side, models and engines on the other,
 * HTTP before both.
 *
 * <pre>
 *   HTTP ── access ── keys ── database
 *     └── model host ── engines ── model files
 * </pre>
 *
 * <p>{@link #start} brings the parts up from right to left and {@link #stop} takes them down from
 * left to right; whatever fails in between is taken down again.
 */
public final class YuntaiServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(YuntaiServer.class);
  private static final String FIRST_KEY_NAME = "admin";

  /** A part to take down, and how. */
  private record Part(String name, StopStep step) {}

  @FunctionalInterface
  private interface StopStep {
    void run(Duration grace) throws IOException;
  }

  private final ServerOptions options;
  private final Console console;
  private final StartListener listener;
  private final SecureRandom random = new SecureRandom();

  /** What runs, the last started first. */
  private final Deque<Part> parts = new ArrayDeque<>();

  private YuntaiServer(ServerOptions options, Console console, StartListener listener) {
    this.options = options;
    this.console = console;
    this.listener = listener;
  }

  /**
   * Starts a server; returns when it takes requests.
   *
   * @param environment the process's, for the sources that models come from
   * @param console its pages
   * @throws ServerRunningException when another process serves this home
   * @throws StartException and the parts' own exceptions, each with a sentence for the user
   * @throws InterruptedException when the thread was interrupted; nothing is left running then
   */
  public static YuntaiServer start(
      ServerOptions options,
      Map<String, String> environment,
      Console console,
      StartListener listener)
      throws InterruptedException {
    YuntaiServer server = new YuntaiServer(options, console, listener);
    boolean ready = false;
    try {
      server.bringUp(environment);
      ready = true;
      return server;
    } finally {
      if (!ready) {
        server.stop(Duration.ZERO);
      }
    }
  }

  private void bringUp(Map<String, String> environment) throws InterruptedException {
    options.home().create();
    ServerLock lock = ServerLock.take(options.home());
    started("lock", grace -> lock.close());
    if (RestoreMark.isSet(options.home().path())) {
      throw new StartException(
          "A restore into the home "
              + options.home().path()
              + " was broken off: run 'yuntai restore' again, or use another home.");
    }
    ServerState.remove(options.home());
    ListenAddress.check(options);

    Catalog catalog = Catalog.load();
    PrefixCache prompts = PrefixCache.open(options.home(), options.prefixCacheBytes());
    started("prefix cache", grace -> prompts.close());
    ModelHost host = new ModelHost();
    LocalModels locals = new LocalModels(options, catalog, host, prompts);
    started("models", grace -> locals.stop());
    Foundations foundations = openDatabaseAndModels(catalog, locals, environment);
    foundations.models().forEach(model -> model.addTo(host, catalog));
    host.keepingPrompts(prompts::statistics);
    HostedAdapters adapters = new HostedAdapters(host, InstantSource.system());
    AdaptersAtStart.load(options, host, adapters, this::tell);

    String operatorToken = KeyAccess.newOperatorToken(random);
    Access access =
        options.keysRequired() ? new KeyAccess(foundations.keys(), operatorToken) : Access.open();
    LiveRoutes routes = startRoutes(environment);
    MachineServices machine =
        MachineServices.start(
            options,
            environment,
            catalog,
            locals,
            host,
            routes,
            foundations.database().dataSource());
    started("machine", grace -> machine.close());
    HttpServer http = startHttp(host, routes, adapters, access, foundations, machine, environment);
    started("http", http::stop);

    tellFirstKey(foundations.keys());
    ServerState state =
        ServerState.of(
            ListenAddress.url(options.host(), http.port()),
            foundations.models(),
            routes.listed(),
            foundations.database().description(),
            operatorToken);
    started("state", grace -> ServerState.remove(options.home()));
    state.write(options.home());
    locals.changing(() ->
        ServerState.of(
                state.url(),
                locals.models(),
                routes.listed(),
                foundations.database().description(),
                operatorToken)
            .write(options.home()));
    LOG.info("ready at {} with {}", state.url(), state.models());
    tellFirstOwner(foundations.tenants(), state.url(), environment);
    tell(new StartEvent.Ready(state));
    BackgroundThreads.yieldToRequests(foundations.models().isEmpty());
  }

  /** What HTTP stands on. */
  private record Foundations(
      Database database, ApiKeys keys, TenantServices tenants, List<LocalModel> models) {}

  /** Both sides at once. The database is the quick one: when it fails, models are given up. */
  private Foundations openDatabaseAndModels(
      Catalog catalog, LocalModels locals, Map<String, String> environment)
      throws InterruptedException {
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("start-", 0).factory())) {
      Future<OpenKeys> keys = threads.submit(() -> openKeys(environment));
      Future<List<LocalModel>> models =
          threads.submit(() -> loadModels(catalog, locals, environment));
      try {
        OpenKeys open = keys.get();
        return new Foundations(open.database(), open.keys(), open.tenants(), models.get());
      } catch (ExecutionException e) {
        throw cause(e);
      } finally {
        threads.shutdownNow();
      }
    }
  }

  private static RuntimeException cause(ExecutionException e) throws InterruptedException {
    return switch (e.getCause()) {
      case RuntimeException failure -> failure;
      case Error error -> throw error;
      case InterruptedException interrupted -> throw interrupted;
      case null, default -> new IllegalStateException(e);
    };
  }

  private record OpenKeys(Database database, ApiKeys keys, TenantServices tenants) {}

  private OpenKeys openKeys(Map<String, String> environment) {
    Instant begin = Instant.now();
    Path home = options.home().path();
    DatabaseOptions chosen = DatabaseOptions.named(home, environment);
    Database database = Database.open(chosen);
    started("database", grace -> database.close());
    RunningDatabase.announce(home, chosen);
    started("word of the database", grace -> RunningDatabase.withdraw(home));
    Pepper pepper = Pepper.of(options.home().path(), random);
    Transactions transactions = new Transactions(database.dataSource());
    ApiKeys keys = new ApiKeys(transactions, pepper);
    started("keys", grace -> keys.close());
    LedgerUpkeep upkeep = LedgerUpkeep.start(database.dataSource(), options.home().path());
    started("ledger upkeep", grace -> upkeep.close());
    TenantServices tenants =
        TenantServices.of(
            database.dataSource(),
            new DatabaseRateCards(database.dataSource()),
            keys,
            pepper,
            random,
            signInSettings(environment),
            settings(AlertSettings.DEFAULTS, file -> AlertSettings.read(file, environment)));
    started("budget upkeep", grace -> tenants.close());
    tell(
        new StartEvent.DatabaseReady(
            database.description(), Duration.between(begin, Instant.now())));
    return new OpenKeys(database, keys, tenants);
  }

  private List<LocalModel> loadModels(
      Catalog catalog, LocalModels locals, Map<String, String> environment)
      throws InterruptedException {
    ModelStore store = new ModelStore(options.home().path(), catalog);
    Puller puller = PublishedModels.puller(store, catalog, environment);
    List<StoredModel> files = new ArrayList<>();
    for (String text : options.models()) {
      files.add(
          puller.pull(
              ModelReference.parse(text), event -> tell(new StartEvent.Pulling(text, event))));
    }
    SpeculationChoice speculation =
        SpeculationChoice.of(
            options.speculation(),
            text ->
                puller.pull(
                    ModelReference.parse(text),
                    event -> tell(new StartEvent.Pulling(text, event))));
    locals.speculating(speculation);
    for (StoredModel file : files) {
      Instant begin = Instant.now();
      LocalModel model = locals.load(file);
      tell(
          new StartEvent.ModelReady(
              model.name(),
              model.parameters(),
              model.contextTokens(),
              model.kernel(),
              Duration.between(begin, Instant.now())));
      if (model instanceof RunningModel running) {
        running
            .loaded()
            .onDisk()
            .ifPresent(
                onDisk -> tell(new StartEvent.ModelWarning(model.name(), onDisk.sentence())));
      }
    }
    return locals.models();
  }

  /** From the file of the options, where there is one; watched from then on. */
  private LiveRoutes startRoutes(Map<String, String> environment) {
    LiveRoutes routes = new LiveRoutes(random, InstantSource.system());
    started("routes", grace -> routes.close());
    if (options.config().isPresent()) {
      try {
        RoutesWatch watch = new RoutesWatch(options.config().get(), environment, routes);
        started("routes file", grace -> watch.close());
      } catch (RoutesFileException e) {
        throw new StartException(String.valueOf(e.getMessage()));
      }
    }
    return routes;
  }

  private HttpServer startHttp(
      ModelHost host,
      LiveRoutes routes,
      HostedAdapters adapters,
      Access access,
      Foundations foundations,
      MachineServices machine,
      Map<String, String> environment) {
    HttpOptions http = options.http();
    InFlight inFlight = new InFlight(http.maxRequests());
    InstantSource clock = InstantSource.system();
    ServerTelemetry telemetry = startTelemetry(foundations, environment);
    GatewayLedger ledger = startLedger(foundations);
    Metering metering = ledger.metering();
    Gateway gateway = new Gateway(host, routes, metering, random, clock);
    EncoderGateway encoders = new EncoderGateway(host, routes, metering, random);
    ServedFiles served = new ServedFiles(options.home(), random, clock);
    FileStore files = served.files();
    ResponseStore responses =
        new DatabaseResponses(foundations.database().dataSource(), options.keepResponses(), clock);
    OpenAiLines lines =
        new OpenAiLines(gateway, encoders, responses, telemetry.telemetry(), random);
    BatchRunner batches = served.batches(files, new OwnedWork(lines, access));
    started("batches", grace -> batches.close());
    Runs runs = new Runs(RunLimits.DEFAULTS, random, clock);
    AdminRoutes administration =
        new AdminRoutes(foundations.tenants().admin())
            .with(machine.shelf(), machine.standing())
            .with(startPlans(foundations));
    Optional<Console.Pages> pages =
        console.open(
            foundations
                .tenants()
                .pages(administration, machine, host, gateway, encoders, runs, inFlight, random));
    List<MetricSource> metrics =
        telemetry.metrics(ledger.metrics(foundations.database(), telemetry.recorder()));
    List<Api> apis = new ArrayList<>();
    pages.ifPresent(open -> {
      started("console", grace -> open.close());
      apis.add(open);
    });
    apis.add(foundations.tenants().adminApi(new Callers(access), administration));
    apis.add(foundations.tenants().authApi());
    apis.addAll(
        Apis.of(
            host,
            gateway,
            encoders,
            adapters,
            access,
            inFlight,
            runs,
            responses,
            files,
            batches,
            metrics,
            pages.isPresent() ? Console.LANDING : ""));
    try {
      return HttpServer.start(http, apis, inFlight, telemetry.telemetry());
    } catch (PortInUseException e) {
      throw ListenAddress.taken(options.host(), options.port(), e);
    }
  }

  private ServerTelemetry startTelemetry(Foundations foundations, Map<String, String> environment) {
    ServerTelemetry telemetry =
        ServerTelemetry.start(
            foundations.database().dataSource(), options.config(), environment, random);
    started("telemetry", grace -> telemetry.close());
    return telemetry;
  }

  private PlanJobs startPlans(Foundations foundations) {
    Transactions database = new Transactions(foundations.database().dataSource());
    PlanJobs plans = PlanJobs.start(new CapitalPlans(database), Facts.defaults());
    started("plans", grace -> plans.close());
    return plans;
  }

  private GatewayLedger startLedger(Foundations foundations) {
    DataSource database = foundations.database().dataSource();
    GatewayLedger ledger =
        GatewayLedger.start(
            database,
            options.home(),
            !foundations.database().isEmbedded(),
            foundations.tenants().plans(),
            new DatabaseRateCards(database),
            random);
    started("ledger", grace -> ledger.close());
    return ledger;
  }

  private void tellFirstKey(ApiKeys keys) {
    if (options.keysRequired() && keys.list().isEmpty()) {
      tell(new StartEvent.FirstKey(keys.create(FIRST_KEY_NAME, null)));
    }
  }

  private SignInSettings signInSettings(Map<String, String> environment) {
    return settings(SignInSettings.DEFAULTS, file -> SignInSettings.read(file, environment));
  }

  /** What the configuration file says, where there is one. */
  private <T> T settings(T defaults, Function<Path, T> read) {
    try {
      return options.config().map(read).orElse(defaults);
    } catch (IllegalArgumentException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private void tellFirstOwner(TenantServices tenants, String url, Map<String, String> environment) {
    String base = signInSettings(environment).publicUrl().map(URI::toString).orElse(url);
    var link = tenants.identity().links().forFirstOwner();
    link.ifPresent(one -> tell(new StartEvent.FirstOwner(SignInAddress.of(base, one))));
  }

  /** One event at a time, whichever thread it comes from. */
  private synchronized void tell(StartEvent event) {
    listener.onEvent(event);
  }

  private synchronized void started(String name, StopStep step) {
    parts.push(new Part(name, step));
  }

  /**
   * Takes no new requests, lets running answers finish for at most {@code grace}, tells the rest
   * that the server is stopping, and stops everything. Returns when nothing is left. Without effect
   * the second time.
   */
  public synchronized void stop(Duration grace) {
    if (!parts.isEmpty()) {
      LOG.info("stopping; running answers get {}", grace);
    }
    while (!parts.isEmpty()) {
      Part part = parts.pop();
      try {
        part.step().run(grace);
      } catch (IOException | RuntimeException e) {
        // The other parts are to be stopped all the same.
        LOG.error("{} did not stop cleanly", part.name(), e);
      }
    }
  }

  /** {@link #stop} without grace. */
  @Override
  public void close() {
    stop(Duration.ZERO);
  }
}
