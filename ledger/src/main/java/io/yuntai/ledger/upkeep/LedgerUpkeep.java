package io.yuntai.ledger.upkeep;

import io.yuntai.ledger.bank.BankOptions;
import io.yuntai.ledger.bank.PostgresBank;
import io.yuntai.ledger.bank.Roots;
import io.yuntai.ledger.chain.SigningKey;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.verify.Reconciliation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does the ledger's chores on one thread of its own until it is closed. */
public final class LedgerUpkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerUpkeep.class);

  private static final Duration REAPING = Duration.ofSeconds(5);
  private static final Duration COMPARING = Duration.ofMinutes(1);
  private static final Duration TIDYING = Duration.ofHours(1);

  /** How far back the witnesses are compared each minute. */
  private static final Duration LOOKED_BACK = Duration.ofMinutes(12);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("ledger-upkeep").daemon().factory());
  private final Set<String> failing = ConcurrentHashMap.newKeySet();

  private LedgerUpkeep() {}

  /**
   * Begins with it.
   *
   * @param home where the key lies that signs the roots
   * @throws DatabaseException when that key can't be read or made
   */
  public static LedgerUpkeep start(DataSource database, Path home) {
    PostgresBank bank = new PostgresBank(database, BankOptions.DEFAULT);
    Roots roots;
    try {
      roots = new Roots(database, BankOptions.DEFAULT, SigningKey.of(home));
    } catch (IOException failure) {
      throw new DatabaseException(String.valueOf(failure.getMessage()), failure);
    }
    LedgerUpkeep upkeep = new LedgerUpkeep();
    upkeep.every(REAPING, REAPING, "closing expired leases", bank::reap);
    upkeep.every(
        COMPARING,
        COMPARING,
        "comparing the ledger's witnesses",
        () -> Reconciliation.run(database, LOOKED_BACK));
    upkeep.every(
        COMPARING,
        TIDYING,
        "comparing the ledger's witnesses of yesterday",
        () -> Reconciliation.runDays(database));
    upkeep.every(Duration.ofSeconds(10), TIDYING, "making partitions", bank::tidy);
    upkeep.every(Duration.ofSeconds(20), TIDYING, "signing the day's root", roots::signYesterday);
    return upkeep;
  }

  private void every(Duration first, Duration pause, String what, Runnable chore) {
    ScheduledFuture<?> _ =
        thread.scheduleWithFixedDelay(
            () -> run(what, chore), first.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A chore that fails is tried again at its next time; the log has its first failure in a row. */
  private void run(String what, Runnable chore) {
    try {
      chore.run();
      failing.remove(what);
    } catch (RuntimeException failure) {
      if (failing.add(what)) {
        LOG.warn("{} fails and will be tried again: {}", what, failure.getMessage());
      }
    }
  }

  /** Waits for the chore under way, a few seconds at most. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("a chore of the ledger does not end");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
