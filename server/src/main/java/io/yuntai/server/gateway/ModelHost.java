package io.yuntai.server.gateway;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The models that answer, by name. Safe for use by many threads.
 *
 * <p>Does not own the engines: whoever starts an engine stops it, after the HTTP server.
 */
public final class ModelHost {
  private final ConcurrentSkipListMap<String, HostedModel> models = new ConcurrentSkipListMap<>();

  /**
   * Lets a model answer from now on.
   *
   * @throws IllegalArgumentException when the name is taken
   */
  public void add(HostedModel model) {
    if (models.putIfAbsent(model.name(), model) != null) {
      throw new IllegalArgumentException("the model " + model.name() + " is loaded already");
    }
  }

  /** Takes a model off the list; requests that found it before go on. */
  public void remove(String name) {
    models.remove(name);
  }

  /** The model of exactly this name. */
  public Optional<HostedModel> find(String name) {
    return Optional.ofNullable(models.get(name));
  }

  /** All models, by name. */
  public List<HostedModel> all() {
    return List.copyOf(models.values());
  }

  /** Names like this one, likest first, at most three; empty when nothing is near. */
  public List<String> near(String name) {
    return NearNames.of(name, models.keySet());
  }
}
