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
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that run in this process: those of the start and those that join later. One is loaded
 * at a time, since each plans with the memory that the others leave.
 */
final class LocalModels implements ServedModels {
  private static final Logger LOG = LoggerFactory.getLogger(LocalModels.class);

  private record Entry(LocalModel model, Served served) {}

  private final ServerOptions options;
  private final Catalog catalog;
  private final ModelHost host;
  private final PrefixCache prompts;
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
  synchronized LocalModel load(StoredModel stored) {
    if (stopped) {
      throw new IllegalStateException("The server is stopping.");
    }
    String name = RunningModel.servedName(stored);
    if (entries.containsKey(name)) {
      throw new IllegalStateException("A model by the name " + name + " is served already.");
    }
    Instant begin = Instant.now();
    LocalModel model =
        ModelKind.of(stored.file()) == ModelKind.CHAT
            ? RunningModel.start(
                stored,
                load(options, stored),
                speculation,
                options.adapters().limits(),
                prompts::of)
            : RunningEncoder.start(stored, load(options, stored));
    Instant now = Instant.now();
    entries.put(
        name,
        new Entry(
            model,
            new Served(
                name,
                stored,
                model.kind(),
                model.parameters(),
                model.contextTokens(),
                model.kernel(),
                now,
                Duration.between(begin, now))));
    return model;
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
  public synchronized Served serve(StoredModel stored) {
    LocalModel model = load(stored);
    try {
      model.addTo(host, catalog);
    } catch (RuntimeException taken) {
      entries.remove(model.name());
      model.stop(Duration.ZERO);
      throw taken;
    }
    LOG.info("{} is served from now on", model.name());
    onChange.run();
    Entry entry = entries.get(model.name());
    return Objects.requireNonNull(entry).served();
  }

  @Override
  public synchronized boolean retire(String name, Duration grace) {
    Entry entry = entries.remove(name);
    if (entry == null) {
      return false;
    }
    for (HostedModel hosted : host.all()) {
      if (hosted.parent().equals(Optional.of(name))) {
        host.remove(hosted.name());
      }
    }
    host.remove(name);
    onChange.run();
    entry.model().stop(grace);
    LOG.info("{} is no longer served", name);
    return true;
  }

  /** Stops all engines. */
  synchronized void stop() {
    stopped = true;
    onChange = () -> {};
    RuntimeException first = null;
    for (Entry entry : entries.values()) {
      try {
        entry.model().stop(Duration.ZERO);
      } catch (RuntimeException e) {
        LOG.error("model {} did not stop cleanly", entry.model().name(), e);
        first = first == null ? e : first;
      }
    }
    entries.clear();
    if (first != null) {
      throw first;
    }
  }
}
