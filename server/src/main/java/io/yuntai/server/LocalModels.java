package io.yuntai.server;

import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.ModelKind;
import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.store.PackedWeights;
import io.yuntai.models.store.StoredModel;
import io.yuntai.server.gateway.HostedModel;
import io.yuntai.server.gateway.ModelHost;
import io.yuntai.server.shelf.ServedModels;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that run in this process: those of the start and those that join later. One is loaded
 * at a time, since each plans with the memory that the others leave; who only looks waits for none.
 */
final class LocalModels implements ServedModels {
  private static final Logger LOG = LoggerFactory.getLogger(LocalModels.class);

  private record Entry(LocalModel model, Served served) {}

  private final ServerOptions options;
  private final Catalog catalog;
  private final ModelHost host;
  private final PrefixCache prompts;
  private final ReentrantLock loading = new ReentrantLock();
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private SpeculationChoice speculation = new SpeculationChoice.Off();
  private Runnable onChange = () -> {};
  private boolean stopped;

  LocalModels(ServerOptions options, Catalog catalog, ModelHost host, PrefixCache prompts) {
    this.options = options;
    this.catalog = catalog;
    this.host = host;
    this.prompts = prompts;
  }

  /** How engines draft that are started from now on. */
  synchronized void speculating(SpeculationChoice choice) {
    speculation = choice;
  }

  /** Runs after each change of what is served, from now on. */
  synchronized void changing(Runnable action) {
    onChange = action;
  }

  /** Loads a model without letting requests reach it yet. */
  LocalModel load(StoredModel stored) {
    loading.lock();
    try {
      return loadAlone(stored);
    } finally {
      loading.unlock();
    }
  }

  private LocalModel loadAlone(StoredModel stored) {
    String name = RunningModel.servedName(stored);
    SpeculationChoice drafting;
    synchronized (this) {
      requireRunning();
      if (entries.containsKey(name)) {
        throw new IllegalStateException("A model by the name " + name + " is served already.");
      }
      drafting = speculation;
    }
    Instant begin = Instant.now();
    LocalModel model =
        ModelKind.of(stored.file()) == ModelKind.CHAT
            ? RunningModel.start(
                stored, load(options, stored), drafting, options.adapters().limits(), prompts::of)
            : RunningEncoder.start(stored, load(options, stored));
    Instant now = Instant.now();
    Served served =
        new Served(
            name,
            stored,
            model.kind(),
            model.parameters(),
            model.contextTokens(),
            model.kernel(),
            now,
            Duration.between(begin, now));
    keep(new Entry(model, served));
    return model;
  }

  private void keep(Entry entry) {
    synchronized (this) {
      if (!stopped) {
        entries.put(entry.model().name(), entry);
        return;
      }
    }
    entry.model().stop(Duration.ZERO);
    throw stopping();
  }

  private void requireRunning() {
    if (stopped) {
      throw stopping();
    }
  }

  private static IllegalStateException stopping() {
    return new IllegalStateException("The server is stopping.");
  }

  private static LoadOptions load(ServerOptions options, StoredModel model) {
    PackedWeights packed = new PackedWeights(options.home().path());
    return options.keepsPacked()
        ? options.load().keepingPacked(packed.folder(model))
        : options.load();
  }

  /** All that are loaded. */
  synchronized List<LocalModel> models() {
    return entries.values().stream().map(Entry::model).toList();
  }

  @Override
  public synchronized List<Served> served() {
    return entries.values().stream().map(Entry::served).toList();
  }

  @Override
  public String nameOf(StoredModel model) {
    return RunningModel.servedName(model);
  }

  @Override
  public Served serve(StoredModel stored) {
    LocalModel model = load(stored);
    Entry entry;
    Runnable told;
    synchronized (this) {
      entry = entries.get(model.name());
      told = onChange;
    }
    if (entry == null) {
      throw stopping();
    }
    try {
      model.addTo(host, catalog);
    } catch (RuntimeException taken) {
      synchronized (this) {
        entries.remove(model.name());
      }
      model.stop(Duration.ZERO);
      throw taken;
    }
    synchronized (this) {
      if (!entry.equals(entries.get(model.name()))) {
        // It was retired, or the server stops, before requests could reach it.
        host.remove(model.name());
        throw stopping();
      }
    }
    LOG.info("{} is served from now on", model.name());
    told.run();
    return entry.served();
  }

  @Override
  public boolean retire(String name, Duration grace) {
    Entry entry;
    Runnable told;
    synchronized (this) {
      entry = entries.remove(name);
      told = onChange;
    }
    if (entry == null) {
      return false;
    }
    for (HostedModel hosted : host.all()) {
      if (hosted.parent().equals(Optional.of(name))) {
        host.remove(hosted.name());
      }
    }
    host.remove(name);
    told.run();
    entry.model().stop(grace);
    LOG.info("{} is no longer served", name);
    return true;
  }

  /** Stops all engines; what is being loaded is stopped by who loads it. */
  void stop() {
    List<Entry> all;
    synchronized (this) {
      stopped = true;
      onChange = () -> {};
      all = List.copyOf(entries.values());
      entries.clear();
    }
    RuntimeException first = null;
    for (Entry entry : all) {
      try {
        entry.model().stop(Duration.ZERO);
      } catch (RuntimeException e) {
        LOG.error("model {} did not stop cleanly", entry.model().name(), e);
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
