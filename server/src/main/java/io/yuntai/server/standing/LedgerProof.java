package io.yuntai.server.standing;

import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.verify.CheckResult;
import io.yuntai.ledger.verify.Verification;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * Verifies the whole ledger again and again, as {@code yuntai ledger verify} does, and remembers
 * what came of it. It rests a hundred times as long as a verification takes, so that it takes at
 * most a hundredth of a core. Safe for use by many threads.
 */
public final class LedgerProof implements AutoCloseable {
  private static final Duration FIRST = Duration.ofSeconds(15);
  private static final Duration LEAST_REST = Duration.ofMinutes(2);
  private static final int REST_FACTOR = 100;

  /**
   * A verification.
   *
   * @param at when it ended
   * @param took how long it took
   * @param checks each rule
   * @param quarantined records that wait for somebody's decision
   * @param differences between witnesses that are open
   * @param problem why it could not be done; empty where it was
   */
  public record Proof(
      Instant at,
      Duration took,
      List<CheckResult> checks,
      long quarantined,
      long differences,
      String problem) {
    /** Copies the list. */
    public Proof {
      checks = List.copyOf(checks);
    }

    /** Whether it was done and every rule holds. */
    public boolean holds() {
      return problem.isEmpty() && checks.stream().allMatch(CheckResult::holds);
    }

    /** How many rows were looked at. */
    public long rows() {
      return checks.stream().mapToLong(CheckResult::rows).sum();
    }
  }

  private final DataSource database;
  private final InstantSource clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("ledger-proof").factory());
  private volatile Optional<Proof> last = Optional.empty();

  private LedgerProof(DataSource database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Begins with it. */
  public static LedgerProof start(DataSource database, InstantSource clock) {
    LedgerProof proof = new LedgerProof(database, clock);
    proof.again(FIRST);
    return proof;
  }

  private void again(Duration rest) {
    ScheduledFuture<?> _ =
        thread.schedule(
            () -> {
              Proof proof = verified();
              Duration next = proof.took().multipliedBy(REST_FACTOR);
              again(next.compareTo(LEAST_REST) < 0 ? LEAST_REST : next);
            },
            rest.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** What came of it last; empty before the first. */
  public Optional<Proof> last() {
    return last;
  }

  /**
   * Verifies now and waits for it; one at a time, on the thread that gives way to requests.
   *
   * <p>Who is interrupted gets a proof with a problem, and the verification goes on.
   */
  public Proof now() {
    try {
      return thread.submit(this::verified).get();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return undone("The verification was not waited for.");
    } catch (RejectedExecutionException _) {
      return undone("The server is about to stop.");
    } catch (ExecutionException e) {
      throw new IllegalStateException("the ledger could not be verified", e.getCause());
    }
  }

  private Proof undone(String why) {
    return new Proof(clock.instant(), Duration.ZERO, List.of(), 0, 0, why);
  }

  private Proof verified() {
    Instant begin = clock.instant();
    Proof proof;
    try {
      Verification.Report report = Verification.run(database, _ -> {});
      Instant end = clock.instant();
      proof =
          new Proof(
              end,
              Duration.between(begin, end),
              report.checks(),
              report.quarantined(),
              report.differences(),
              "");
    } catch (DatabaseException e) {
      Instant end = clock.instant();
      proof =
          new Proof(
              end, Duration.between(begin, end), List.of(), 0, 0, String.valueOf(e.getMessage()));
    }
    last = Optional.of(proof);
    return proof;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
