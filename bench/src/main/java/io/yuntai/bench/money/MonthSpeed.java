package io.yuntai.bench.money;

import io.yuntai.bench.BenchException;
import io.yuntai.ledger.bank.BankOptions;
import io.yuntai.ledger.bank.PostgresBank;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.database.Database;
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
  private static final int BATCH = 500;
  private static final long AMOUNT_NANO = 10_000_000L * 1000;

  private MonthSpeed() {}

  /**
   * Adds rows to a home whose server runs.
   *
   * @return how many there are now
   */
  static long fill(Path home, String tenant, long rows) throws SQLException {
    try (Database database =
            Database.connect(home).orElseThrow(() -> new BenchException("No server runs."));
        Connection connection = database.dataSource().getConnection();
        Statement select = connection.createStatement()) {
      long org = number(select, "select id from org where name = '" + tenant + "'");
      long card =
          number(select, "select coalesce(max(id), 0) from rate_card where org_id = " + org);
      PostgresBank bank = new PostgresBank(database.dataSource(), BankOptions.DEFAULT);
      for (long done = 0; done < rows; done += BATCH) {
        List<UsageRecord> batch = new ArrayList<>(BATCH);
        Instant at = Instant.now().truncatedTo(ChronoUnit.MICROS);
        for (int i = 0; i < BATCH; i++) {
          batch.add(SettleSpeed.usage(SettleSpeed.id(at), org, at, card, AMOUNT_NANO, List.of()));
        }
        if (bank.settle(batch).fresh().size() != BATCH) {
          throw new BenchException("The bank did not take a batch.");
        }
      }
      return number(select, "select count(*) from usage_rec where org_id = " + org);
    }
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
