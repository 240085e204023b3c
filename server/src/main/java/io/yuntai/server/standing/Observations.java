package io.yuntai.server.standing;

import io.yuntai.ledger.verify.OpenMatters;
import io.yuntai.server.gateway.TargetStatistics;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What was seen of a server at an instant.
 *
 * @param now when
 * @param started when the server was
 * @param used since when it has had work; empty for never
 * @param database how it answers
 * @param proof the last verification of the ledger; empty before the first
 * @param matters what the ledger keeps open
 * @param models those that failed
 * @param targets of routes
 * @param diskFreeBytes on the home's disk; -1 where nobody knows
 * @param waiting requests that wait for a place in an engine
 * @param lastBackup when one was made
 */
public record Observations(
    Instant now,
    Instant started,
    Optional<Instant> used,
    DatabaseState database,
    Optional<LedgerProof.Proof> proof,
    OpenMatters matters,
    List<FailedModel> models,
    List<TargetStatistics> targets,
    long diskFreeBytes,
    int waiting,
    Optional<Instant> lastBackup) {
  /** Copies the lists. */
  public Observations {
    models = List.copyOf(models);
    targets = List.copyOf(targets);
  }

  /**
   * How a database answers.
   *
   * @param answers whether it does
   * @param since since when it is so
   * @param problem why it does not; empty where it does
   */
  public record DatabaseState(boolean answers, Instant since, String problem) {}

  /**
   * A model that is not as somebody wanted it.
   *
   * @param kind what failed of it
   */
  public record FailedModel(WorkItem.Kind kind, String name, Instant since, String problem) {}
}
