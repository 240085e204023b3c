package io.yuntai.bench.money;

import io.yuntai.bench.BenchException;
import io.yuntai.ledger.bank.BankOptions;
import io.yuntai.ledger.bank.PostgresBank;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** How long it takes to verify and to invoice many requests of one tenant. */
final class MonthSpeed {
  static final String TENANT = "month";
  private static final int BATCH = 500;
  private static final long AMOUNT_NANO = 10_000_000L * 1000;

  private MonthSpeed() {}

  /** How many rows a home has whose server does not run. */
  static long rows(Path home) throws SQLException {
    try (Database database = Database.connectOrOpen(DatabaseOptions.embedded(home));
        Connection connection = database.dataSource().getConnection();
        Statement select = connection.createStatement()) {
      return rows(select);
    }
  }

  private static long rows(Statement select) throws SQLException {
    return number(
        select,
        "select count(*) from usage_rec where org_id = (select id from org where name = '"
            + TENANT
            + "')");
  }

  /**
   * Adds rows to a home whose server does not run, until there are so many.
   *
   * @return how many there are now
   */
  static long fill(Path home, long wanted) throws SQLException {
    try (Database database = Database.connectOrOpen(DatabaseOptions.embedded(home));
        Connection connection = database.dataSource().getConnection();
        Statement select = connection.createStatement()) {
      long org = number(select, "select id from org where name = '" + TENANT + "'");
      long card =
          number(select, "select coalesce(max(id), 0) from rate_card where org_id = " + org);
      PostgresBank bank = new PostgresBank(database.dataSource(), BankOptions.DEFAULT);
      for (long rows = rows(select); rows < wanted; rows += BATCH) {
        List<UsageRecord> batch = new ArrayList<>(BATCH);
        Instant at = Instant.now().truncatedTo(ChronoUnit.MICROS);
        for (int i = 0; i < BATCH; i++) {
          batch.add(SettleSpeed.usage(SettleSpeed.id(at), org, at, card, AMOUNT_NANO, List.of()));
        }
        if (bank.settle(batch).fresh().size() != BATCH) {
          throw new BenchException("The bank did not take a batch.");
        }
      }
      return rows(select);
    }
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
