package io.yuntai.ledger.verify;

import io.yuntai.ledger.database.Awaited;
import io.yuntai.ledger.database.DatabaseException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Computes again from the rows what must hold of the ledger. */
public final class Verification {
  private static final int MOST_STRETCHES = 3;

  private Verification() {}

  /**
   * What was found.
   *
   * @param checks each rule, in the order of checking
   * @param quarantined records that are kept aside and wait for somebody's decision
   * @param differences differences between witnesses that are open
   */
  public record Report(List<CheckResult> checks, long quarantined, long differences) {
    /** Copies the list. */
    public Report {
      checks = List.copyOf(checks);
    }

    /** Whether every rule holds. */
    public boolean holds() {
      return checks.stream().allMatch(CheckResult::holds);
    }
  }

  /**
   * Runs all checks in one snapshot; who writes is not held up. Chains are followed in as many
   * stretches at once as there are processors, up to {@value #MOST_STRETCHES}.
   *
   * @param database gives one connection more than there are stretches
   * @param progress is told each result at once
   * @throws DatabaseException when the database can't be read, or the thread was interrupted
   */
  public static Report run(DataSource database, Consumer<CheckResult> progress) {
    int stretches = Math.min(Runtime.getRuntime().availableProcessors(), MOST_STRETCHES);
    try (Snapshot snapshot = Snapshot.take(database)) {
      List<Future<CheckResult>> chains =
          Stretch.of(snapshot.connection(), stretches).stream()
              .map(stretch -> snapshot.beside(other -> ChainCheck.run(other, stretch)))
              .toList();
      return report(snapshot.connection(), chains, progress);
    } catch (SQLException failure) {
      throw new DatabaseException(
          "The ledger can't be verified: "
              + String.valueOf(failure.getMessage()).lines().findFirst().orElse(""),
          failure);
    }
  }

  private static Report report(
      Connection connection, List<Future<CheckResult>> chains, Consumer<CheckResult> progress)
      throws SQLException {
    List<CheckResult> checks = new ArrayList<>();
    for (RowCheck check : RowChecks.ALL) {
      add(checks, check.run(connection), progress);
    }
    CheckResult heads = ChainCheck.heads(connection);
    CheckResult roots = RootCheck.run(connection);
    long quarantined =
        number(connection, "select count(*) from quarantine where resolved_at is null");
    long differences = number(connection, "select count(*) from recon where resolved_at is null");
    CheckResult followed = heads;
    for (Future<CheckResult> stretch : chains.reversed()) {
      followed = Awaited.result(stretch).and(followed);
    }
    add(checks, followed, progress);
    add(checks, roots, progress);
    return new Report(checks, quarantined, differences);
  }

  private static void add(
      List<CheckResult> checks, CheckResult result, Consumer<CheckResult> progress) {
    checks.add(result);
    progress.accept(result);
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
