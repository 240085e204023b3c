package io.yuntai.server.shelf;

import io.yuntai.models.pull.PullEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a pull stands.
 *
 * @param id names it while the server runs
 * @param model what was asked for
 * @param phase where it is
 * @param since when it came to this phase
 * @param begun when it was asked for
 * @param progress bytes moved, where any were; of the phase it is in
 * @param source where the bytes come from; empty until one is tried
 * @param problem why it failed, a sentence; empty unless it did
 * @param log what happened, the latest last
 */
public record PullState(
    String id,
    String model,
    Phase phase,
    Instant since,
    Instant begun,
    Optional<PullEvent.Progress> progress,
    String source,
    String problem,
    List<Line> log) {
  /** Where a pull is. */
  public enum Phase {
    /** Another process pulls the same; or it has not begun. */
    WAITING,
    DOWNLOADING,
    VERIFYING,
    CONVERTING,
    DONE,
    FAILED,
    /** Somebody ended it; what was fetched is kept, and the next pull goes on from there. */
    CANCELLED;

    /** Whether nothing more comes. */
    public boolean ended() {
      return this == DONE || this == FAILED || this == CANCELLED;
    }
  }

  /** A line of a log. */
  public record Line(Instant at, String text) {}

  /** Copies the list. */
  public PullState {
    log = List.copyOf(log);
  }

  /** How far it is, 0 to 100; empty while nobody knows how much there is. */
  public OptionalLong percent() {
    if (phase == Phase.DONE) {
      return OptionalLong.of(100);
    }
    return progress.isPresent() && progress.get().totalBytes() > 0
        ? OptionalLong.of(Math.min(100, progress.get().bytes() * 100 / progress.get().totalBytes()))
        : OptionalLong.empty();
  }
}
