package io.yuntai.ledger.verify;

import io.yuntai.ledger.database.DatabaseException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Computes again from the rows what must hold of the ledger. */
public final class Verification {
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
   * Runs all checks in one snapshot; who writes is not held up.
   *
   * @param progress is told each result at once
   * @throws DatabaseException when the database can't be read
   */
  public static Report run(DataSource database, Consumer<CheckResult> progress) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement begin = connection.createStatement()) {
        begin.execute(
            "set transaction isolation level repeatable read, read only;"
                + " set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0");
        Report report = run(connection, progress);
        connection.rollback();
        return report;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException failure) {
      throw new DatabaseException(
          "The ledger can't be verified: "
              + String.valueOf(failure.getMessage()).lines().findFirst().orElse(""),
          failure);
    }
  }

  private static Report run(Connection connection, Consumer<CheckResult> progress)
      throws SQLException {
    List<CheckResult> checks = new ArrayList<>();
    for (RowCheck check : RowChecks.ALL) {
      add(checks, check.run(connection), progress);
    }
    add(checks, ChainCheck.run(connection), progress);
    add(checks, RootCheck.run(connection), progress);
    return new Report(
        checks,
        number(connection, "select count(*) from quarantine where resolved_at is null"),
        number(connection, "select count(*) from recon where resolved_at is null"));
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
