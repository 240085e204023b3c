package io.yuntai.server.shelf;

import io.yuntai.engine.EngineStatistics;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.MachineMemory;
import io.yuntai.engine.MemoryForecast;
import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.NotEnoughMemoryException;
import io.yuntai.engine.WeightsOnDisk;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.RefusedException.Reason;
import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.catalog.CatalogEntry;
import io.yuntai.models.catalog.InvalidReferenceException;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.catalog.Pin;
import io.yuntai.models.store.ModelStore;
import io.yuntai.models.store.StoreException;
import io.yuntai.models.store.StoredModel;
import io.yuntai.server.gateway.HostedModel;
import io.yuntai.server.gateway.ModelHost;
import io.yuntai.server.gateway.Routing;
import io.yuntai.server.shelf.ShelfModel.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All models that this server could have, and what it does with them. Safe for many threads. */
public final class ModelShelf {
  private static final Logger LOG = LoggerFactory.getLogger(ModelShelf.class);
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final Pattern BILLIONS = Pattern.compile("(?<!a)([0-9]+(?:[.][0-9]+)?)b");
  private static final double BYTES_A_BILLION = 0.63e9; // Q4_K_M of models of 1.5 to 70 billion
  private static final Pattern ACTIVE_BILLIONS = Pattern.compile("a([0-9]+(?:[.][0-9]+)?)b");

  /**
   * What it stands on.
   *
   * @param load how models are loaded
   */
  public record Parts(
      Catalog catalog,
      ModelStore store,
      Pulls pulls,
      ServedModels served,
      ModelHost host,
      Routing routing,
      MachineSpeed machine,
      LoadOptions load,
      InstantSource clock) {}

  /** A load that was asked for and did not lead to a served model yet. */
  private record Attempt(Instant since, String problem) {}

  private record FileKey(Path file, long bytes) {}

  private final Parts parts;
  private final Map<String, Attempt> attempts = new ConcurrentHashMap<>();
  private final Map<FileKey, Optional<MemoryForecast>> forecasts = new ConcurrentHashMap<>();

  /** On these parts. */
  public ModelShelf(Parts parts) {
    this.parts = parts;
  }

  /** How models get here. */
  public Pulls pulls() {
    return parts.pulls();
  }

  /** How fast this machine is. */
  public MachineSpeed machine() {
    return parts.machine();
  }

  /**
   * All: those of the catalogue in its order, then others that lie here or are on their way.
   *
   * @throws StoreException when the models' folder can't be read
   */
  public List<ShelfModel> list() {
    Map<String, StoredModel> stored = new LinkedHashMap<>();
    parts.store().list().forEach(model -> stored.put(model.name(), model));
    Map<String, ServedModels.Served> served = new LinkedHashMap<>();
    // A user's own file is called as requests call it: where it lies is nobody else's matter.
    parts
        .served()
        .served()
        .forEach(one -> served.put(one.stored().owned() ? one.stored().name() : one.name(), one));
    Map<String, PullState> pulls = new LinkedHashMap<>();
    parts.pulls().list().reversed().forEach(pull -> pulls.put(pull.model(), pull));
    List<ShelfModel> models = new ArrayList<>();
    Set<String> told = new HashSet<>();
    for (CatalogEntry entry : parts.catalog().entries()) {
      models.add(
          model(
              entry.name(),
              entry,
              stored.get(entry.name()),
              served.get(entry.name()),
              pulls.get(entry.name())));
      told.add(entry.name());
    }
    Set<String> others = new TreeSet<>(stored.keySet());
    others.addAll(served.keySet());
    others.addAll(pulls.keySet());
    others.removeAll(told);
    for (String name : others) {
      models.add(model(name, null, stored.get(name), served.get(name), pulls.get(name)));
    }
    for (Routing.Listed route : parts.routing().listed()) {
      if (told.add(route.name())) {
        models.add(routed(route));
      }
    }
    return models;
  }

  /** The one of this name. */
  public Optional<ShelfModel> find(String name) {
    return list().stream().filter(model -> model.name().equals(name)).findFirst();
  }

  private ShelfModel routed(Routing.Listed route) {
    return new ShelfModel(
        route.name(),
        "",
        "",
        "route",
        0,
        0,
        State.ROUTED,
        Optional.of(Instant.ofEpochSecond(route.createdEpochSeconds())),
        "",
        List.of(),
        Fit.unknown(MachineMemory.availableBytes()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "",
        false,
        route.name());
  }

  private ShelfModel model(
      String name,
      @Nullable CatalogEntry entry,
      @Nullable StoredModel stored,
      ServedModels.@Nullable Served served,
      @Nullable PullState pull) {
    StoredModel file = stored == null && served != null ? served.stored() : stored;
    Pin pin = entry == null ? null : entry.pin();
    long size = file != null ? file.sizeBytes() : pin != null ? pin.sizeBytes() : 0;
    Standing standing = standing(name, entry, file, served, pull);
    String sha256 = file == null ? null : file.sha256();
    return new ShelfModel(
        name,
        entry == null ? "" : entry.description(),
        entry == null ? "" : entry.licence(),
        served != null ? served.kind().label() : entry == null ? "" : entry.kind(),
        served != null ? served.contextTokens() : entry == null ? 0 : entry.contextTokens(),
        size,
        standing.state(),
        Optional.ofNullable(standing.since()),
        standing.problem(),
        pull == null ? List.of() : pull.log(),
        fit(name, file, size),
        Optional.ofNullable(file),
        Optional.ofNullable(served),
        Optional.ofNullable(pull),
        sha256 != null ? sha256 : pin == null ? "" : pin.sha256(),
        file != null ? file.pinned() : pin != null,
        served == null ? "" : served.name());
  }

  private record Standing(State state, @Nullable Instant since, String problem) {}

  private Standing standing(
      String name,
      @Nullable CatalogEntry entry,
      @Nullable StoredModel file,
      ServedModels.@Nullable Served served,
      @Nullable PullState pull) {
    if (served != null) {
      Optional<EngineStatistics.State> state =
          parts.host().find(served.name()).map(model -> model.statistics().get().state());
      return state.equals(Optional.of(EngineStatistics.State.BROKEN))
          ? new Standing(
              State.BROKEN, served.since(), "Its engine failed; the server's log says how.")
          : new Standing(State.SERVED, served.since(), "");
    }
    if (pull != null && !pull.phase().ended()) {
      return new Standing(State.PULLING, pull.begun(), "");
    }
    Attempt attempt = attempts.get(name);
    if (attempt != null) {
      return attempt.problem().isEmpty()
          ? new Standing(State.LOADING, attempt.since(), "")
          : new Standing(State.LOAD_FAILED, attempt.since(), attempt.problem());
    }
    if (file != null) {
      return new Standing(State.PULLED, file.pulledAt(), "");
    }
    if (pull != null && pull.phase() == PullState.Phase.FAILED) {
      return new Standing(State.PULL_FAILED, pull.since(), pull.problem());
    }
    String obstacle = entry == null ? null : entry.notYetRunnable();
    return obstacle == null
        ? new Standing(State.AVAILABLE, null, "")
        : new Standing(State.UNSUPPORTED, null, obstacle);
  }

  private Fit fit(String name, @Nullable StoredModel file, long size) {
    long available = MachineMemory.availableBytes();
    long total = MachineMemory.totalBytes();
    double speed =
        parts.machine().measured().map(MachineSpeed.Measured::bytesPerSecond).orElse(0.0);
    if (file != null) {
      Optional<MemoryForecast> forecast =
          forecasts.computeIfAbsent(
              new FileKey(file.file(), file.sizeBytes()), key -> forecast(key.file()));
      if (forecast.isPresent()) {
        return Fit.exact(
            forecast.get().totalBytes(), forecast.get().stepBytes(), available, total, speed);
      }
    }
    long bytes = size > 0 ? size : likelyBytes(name);
    return Fit.estimate(bytes, activeShare(name), available, total, speed);
  }

  /** What so many billions of weights come to as they are mostly published; 0 for no number. */
  static long likelyBytes(String name) {
    Matcher billions = BILLIONS.matcher(name);
    return billions.find() ? (long) (Double.parseDouble(billions.group(1)) * BYTES_A_BILLION) : 0;
  }

  /** Models for vectors and scores are not forecast so; nor is what can't be run. */
  private Optional<MemoryForecast> forecast(Path file) {
    try {
      return Optional.of(MemoryForecast.of(file, parts.load()));
    } catch (ModelFormatException e) {
      return Optional.empty();
    }
  }

  /** Of a mixture of experts, names tell both numbers of weights: {@code qwen3:30b-a3b}. */
  static double activeShare(String name) {
    Matcher active = ACTIVE_BILLIONS.matcher(name);
    Matcher all = BILLIONS.matcher(name);
    return active.find() && all.find()
        ? Math.min(1, Double.parseDouble(active.group(1)) / Double.parseDouble(all.group(1)))
        : 1;
  }

  /**
   * Begins to load a model that lies here, so that requests reach it. It is {@link State#LOADING}
   * until it is served or has failed.
   *
   * @throws RefusedException when it is not here, is served, or would not fit into memory
   */
  public void serve(String name) {
    StoredModel model = stored(name);
    boolean running =
        parts.served().served().stream().anyMatch(one -> one.stored().name().equals(name));
    if (running) {
      throw new RefusedException(Reason.CONFLICT, "model", name + " is served already.");
    }
    requireRoom(model);
    Attempt begun = new Attempt(parts.clock().instant(), "");
    Attempt before = attempts.putIfAbsent(name, begun);
    if (before != null && (before.problem().isEmpty() || !attempts.replace(name, before, begun))) {
      throw new RefusedException(Reason.CONFLICT, "model", name + " is being loaded already.");
    }
    Thread _ = Thread.ofPlatform().daemon().name("model-load").start(() -> load(name, model));
  }

  private void load(String name, StoredModel model) {
    try {
      parts.served().serve(model);
      attempts.remove(name);
    } catch (RuntimeException e) {
      LOG.warn("{} can't be served", name, e);
      attempts.put(name, new Attempt(parts.clock().instant(), String.valueOf(e.getMessage())));
    }
  }

  /** What runs now must not suffer from what is added. */
  private void requireRoom(StoredModel model) {
    try {
      Optional<MemoryForecast> need =
          forecasts.computeIfAbsent(
              new FileKey(model.file(), model.sizeBytes()), key -> forecast(key.file()));
      long available = MachineMemory.availableBytes();
      if (need.isPresent() && need.get().weightBytes() + need.get().kvBytes() > available) {
        throw tooLarge(
            model,
            "it needs %,d MB and %,d MB are available"
                .formatted(need.get().totalBytes() >> 20, available >> 20));
      }
      Optional<WeightsOnDisk> onDisk =
          need.isPresent() ? WeightsOnDisk.forecast(model.file(), parts.load()) : Optional.empty();
      if (onDisk.isPresent()) {
        throw tooLarge(model, onDisk.get().sentence());
      }
    } catch (NotEnoughMemoryException | ModelFormatException e) {
      throw tooLarge(model, String.valueOf(e.getMessage()));
    }
  }

  private static RefusedException tooLarge(StoredModel model, String why) {
    return new RefusedException(
        Reason.CONFLICT,
        "model",
        "%s can't be served beside what runs now: %s. Retire another model first."
            .formatted(model.name(), why.replaceAll("[.]$", "")));
  }

  private StoredModel stored(String name) {
    return parts.store().list().stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .orElseThrow(() -> RefusedException.notFound("model", name));
  }

  /**
   * Takes a model off the list of what is served; it stays on this machine.
   *
   * @throws RefusedException when it is not served
   */
  public void retire(String name) {
    String servedAs =
        parts.served().served().stream()
            .filter(one -> one.stored().name().equals(name) || one.name().equals(name))
            .map(ServedModels.Served::name)
            .findFirst()
            .orElseThrow(() -> RefusedException.notFound("served model", name));
    // Engines wait for what runs; nobody should wait for that here.
    Thread _ =
        Thread.ofPlatform()
            .daemon()
            .name("model-retire")
            .start(() -> parts.served().retire(servedAs, GRACE));
  }

  /**
   * Removes a model from this machine.
   *
   * @return how many bytes became free
   * @throws RefusedException when it is served, is being pulled, or is not here
   */
  public long remove(String name) {
    if (parts.served().served().stream().anyMatch(one -> one.stored().name().equals(name))) {
      throw new RefusedException(Reason.CONFLICT, "model", name + " is served: retire it first.");
    }
    try {
      long freed = parts.store().remove(ModelReference.parse(name));
      attempts.remove(name);
      return freed;
    } catch (InvalidReferenceException e) {
      throw RefusedException.invalid("model", String.valueOf(e.getMessage()));
    } catch (StoreException e) {
      throw new RefusedException(Reason.CONFLICT, "model", String.valueOf(e.getMessage()));
    }
  }

  /** The model that requests call so, where one is served here. */
  public Optional<HostedModel> hosted(String name) {
    return parts.host().find(name);
  }
}
