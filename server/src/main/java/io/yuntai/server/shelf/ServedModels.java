package io.yuntai.server.shelf;

import io.yuntai.engine.ModelKind;
import io.yuntai.models.store.StoredModel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The models that this server runs itself. Safe for use by many threads. */
public interface ServedModels {
  /**
   * A model that takes requests.
   *
   * @param name what requests call it
   * @param stored its file
   * @param kind what it is for
   * @param parameters number of weights
   * @param contextTokens most tokens of one sequence
   * @param kernel what its numbers are computed with
   * @param since when it was loaded
   * @param loadTime how long that took
   */
  record Served(
      String name,
      StoredModel stored,
      ModelKind kind,
      long parameters,
      int contextTokens,
      String kernel,
      Instant since,
      Duration loadTime) {}

  /** All, in the order in which they came. */
  List<Served> served();

  /** What requests would call a model. */
  String nameOf(StoredModel model);

  /**
   * Loads a model and lets requests reach it. Returns when it answers.
   *
   * @throws IllegalStateException when a model of that name is served already
   * @throws RuntimeException of the engine, with a sentence for the user, when it can't be run
   */
  Served serve(StoredModel model);

  /**
   * Takes a model off the list; what is running gets {@code grace} to end.
   *
   * @return whether there was one
   */
  boolean retire(String name, Duration grace);
}
