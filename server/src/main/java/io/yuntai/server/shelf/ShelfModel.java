package io.yuntai.server.shelf;

import io.yuntai.models.store.StoredModel;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A model as it stands on this machine.
 *
 * @param name the catalogue's, or what it was pulled as
 * @param description one sentence; empty for models that no catalogue knows
 * @param licence its SPDX identifier or name; empty where nobody says
 * @param kind {@code chat}, {@code embedding} or {@code rerank}
 * @param contextTokens that it was trained for; 0 where nobody says
 * @param sizeBytes of its files; 0 where nobody says
 * @param state where it is
 * @param since when it came there; empty for what was always so
 * @param problem the cause, where something failed; a sentence
 * @param log what led there, the latest last
 * @param fit whether it fits
 * @param stored its files, where it lies here
 * @param served how it runs, where it does
 * @param pull how its pull stands, where there was one
 * @param digest SHA-256 of its files; empty where nobody knows
 * @param pinned whether that is the catalogue's
 * @param servedAs what requests call it, where it is served
 */
public record ShelfModel(
    String name,
    String description,
    String licence,
    String kind,
    int contextTokens,
    long sizeBytes,
    State state,
    Optional<Instant> since,
    String problem,
    List<PullState.Line> log,
    Fit fit,
    Optional<StoredModel> stored,
    Optional<ServedModels.Served> served,
    Optional<PullState> pull,
    String digest,
    boolean pinned,
    String servedAs) {
  /** Where a model is. */
  public enum State {
    /** The catalogue has it. */
    AVAILABLE,
    PULLING,
    PULL_FAILED,
    /** It lies here. */
    PULLED,
    LOADING,
    LOAD_FAILED,
    SERVED,
    /** Its engine failed gravely: retire and serve it again. */
    BROKEN,
    /** Other servers answer for it. */
    ROUTED,
    /** It can be listed, and not pulled and run yet. */
    UNSUPPORTED
  }

  /** Copies the list. */
  public ShelfModel {
    log = List.copyOf(log);
  }
}
