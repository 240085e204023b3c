package io.yuntai.server.gateway;

import io.yuntai.dialect.ApiError;
import io.yuntai.engine.ModelKind;
import io.yuntai.engine.prefix.PrefixDisk;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * The models that answer, by name. Safe for use by many threads.
 *
 * <p>Does not own the engines: whoever starts an engine stops it, after the HTTP server.
 */
public final class ModelHost {
  private final ConcurrentSkipListMap<String, HostedModel> models = new ConcurrentSkipListMap<>();
  private final ConcurrentSkipListMap<String, HostedEncoder> encoders =
      new ConcurrentSkipListMap<>();
  private volatile Supplier<Optional<PrefixDisk.Statistics>> keptPrompts = Optional::empty;

  /** Tells from now on how long prompts that outlive the process do. */
  public void keepingPrompts(Supplier<Optional<PrefixDisk.Statistics>> statistics) {
    keptPrompts = statistics;
  }

  /** What long prompts on disk do; empty where none are kept. */
  public Optional<PrefixDisk.Statistics> keptPrompts() {
    return keptPrompts.get();
  }

  /**
   * Lets a model answer from now on.
   *
   * @throws IllegalArgumentException when the name is taken
   */
  public synchronized void add(HostedModel model) {
    requireFree(model.name());
    models.put(model.name(), model);
  }

  /**
   * Lets a model for vectors or scores answer from now on.
   *
   * @throws IllegalArgumentException when the name is taken
   */
  public synchronized void add(HostedEncoder encoder) {
    requireFree(encoder.name());
    encoders.put(encoder.name(), encoder);
  }

  /** Whether there is a model of any kind by this name. */
  boolean isTaken(String name) {
    return models.containsKey(name) || encoders.containsKey(name);
  }

  private void requireFree(String name) {
    if (isTaken(name)) {
      throw new IllegalArgumentException("the model " + name + " is loaded already");
    }
  }

  /** Takes a model off the list; requests that found it before go on. */
  public synchronized void remove(String name) {
    models.remove(name);
    encoders.remove(name);
  }

  /** The model for vectors or scores of exactly this name. */
  public Optional<HostedEncoder> findEncoder(String name) {
    return Optional.ofNullable(encoders.get(name));
  }

  /** All models for vectors or scores, by name. */
  public List<HostedEncoder> encoders() {
    return List.copyOf(encoders.values());
  }

  /** Whether there is no model of any kind. */
  public boolean isEmpty() {
    return models.isEmpty() && encoders.isEmpty();
  }

  /**
   * Why a request of one kind can't go to a model: there is none of this name (404, with names like
   * it), or it is of another kind (400, with what it is for).
   */
  ApiError notOfKind(String name, ModelKind wanted) {
    Optional<ModelKind> kind =
        models.containsKey(name)
            ? Optional.of(ModelKind.CHAT)
            : findEncoder(name).map(HostedEncoder::kind);
    if (kind.isEmpty()) {
      List<String> near = near(name);
      String hint = near.isEmpty() ? "" : " Did you mean `" + String.join("` or `", near) + "`?";
      return ApiError.invalidRequest(
          404,
          "model_not_found",
          "The model `%s` does not exist or you do not have access to it.%s"
              .formatted(name.length() > 256 ? name.substring(0, 256) + "..." : name, hint));
    }
    return ApiError.invalidField(
        "invalid_value",
        "model",
        "The model `%s` is %s and can't be used %s; use it through %s."
            .formatted(
                name,
                switch (kind.get()) {
                  case CHAT -> "a chat model";
                  case EMBEDDING -> "an embedding model";
                  case RERANK -> "a rerank model";
                },
                switch (wanted) {
                  case CHAT -> "for chat or completions";
                  case EMBEDDING -> "for embeddings";
                  case RERANK -> "to rerank";
                },
                switch (kind.get()) {
                  case CHAT -> "/v1/chat/completions";
                  case EMBEDDING -> "/v1/embeddings";
                  case RERANK -> "/v1/rerank";
                }));
  }

  /** The model for chat and completions of exactly this name. */
  public Optional<HostedModel> find(String name) {
    return Optional.ofNullable(models.get(name));
  }

  /** All models for chat and completions, by name. */
  public List<HostedModel> all() {
    return List.copyOf(models.values());
  }

  /** Names like this one, likest first, at most three; empty when nothing is near. */
  public List<String> near(String name) {
    Set<String> names = new HashSet<>(models.keySet());
    names.addAll(encoders.keySet());
    return NearNames.of(name, names);
  }
}
