package io.yuntai.bench.money;

import io.yuntai.ledger.bank.Ask;
import io.yuntai.ledger.bank.BankOptions;
import io.yuntai.ledger.bank.Counters;
import io.yuntai.ledger.bank.Draw;
import io.yuntai.ledger.bank.Grant;
import io.yuntai.ledger.bank.Node;
import io.yuntai.ledger.bank.PostgresBank;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.ledger.verify.Verification;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How many requests a second one connection settles: batches of 500, each request drawing from five
 * counters, with usage, transfers and chain; how large a row is; and how fast all of it is
 * verified.
 */
public final class SettleSpeed {
  private static final int BATCH = 500;
  private static final int COUNTERS = 5;
  private static final Duration DAY = Duration.ofDays(1);

  private SettleSpeed() {}

  /** {@code SettleSpeed HOME [SECONDS]}; prints one line. */
  public static void main(String[] arguments) throws SQLException {
    int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
    System.out.println(measure(Path.of(arguments[0]), seconds));
  }

  /**
   * What was measured.
   *
   * @param bytesPerRow of usage, indexes included
   * @param verifiedPerSecond usage rows, with all checks
   */
  public record Result(
      long rows,
      double rowsPerSecond,
      double bytesPerRow,
      double verifiedPerSecond,
      boolean holds) {}

  /**
   * Measures on a database of its own.
   *
   * @param home an empty folder for it
   * @param seconds how long to settle
   */
  public static Result measure(Path home, int seconds) throws SQLException {
    try (Database database = Database.open(DatabaseOptions.embedded(home))) {
      PostgresBank bank = new PostgresBank(database.dataSource(), BankOptions.DEFAULT);
      long org =
          number(
              database,
              "insert into org (name, currency, billing) values ('speed', 'CNY', 'postpaid')"
                  + " returning id");
      List<Draw> draws = draws(database, bank, org);
      for (int i = 0; i < 20; i++) {
        bank.settle(batch(org, draws));
      }
      long rows = 0;
      long settling = 0;
      long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
      while (System.nanoTime() < end) {
        List<UsageRecord> batch = batch(org, draws);
        long begin = System.nanoTime();
        rows += bank.settle(batch).fresh().size();
        settling += System.nanoTime() - begin;
      }
      long all = number(database, "select count(*) from usage_rec");
      long bytes =
          number(
              database,
              "select sum(pg_total_relation_size(inhrelid)) from pg_inherits"
                  + " where inhparent = 'usage_rec'::regclass");
      long begin = System.nanoTime();
      boolean holds = Verification.run(database.dataSource(), result -> {}).holds();
      return new Result(
          rows,
          rows * 1e9 / settling,
          (double) bytes / all,
          all * 1e9 / (System.nanoTime() - begin),
          holds);
    }
  }

  /** A lease that never ends on each of five counters. */
  private static List<Draw> draws(Database database, PostgresBank bank, long org)
      throws SQLException {
    List<Ask> asks = new ArrayList<>();
    try (Connection connection = database.dataSource().getConnection()) {
      for (int i = 0; i < COUNTERS; i++) {
        long counter =
            Counters.open(connection, org, "money", false, null, null, Long.MAX_VALUE / 2);
        asks.add(new Ask(counter, Long.MAX_VALUE / 8, 1));
      }
    }
    Node node = bank.register("speed");
    List<Draw> draws = new ArrayList<>();
    for (Grant grant : bank.grant(node, asks, DAY)) {
      draws.add(new Draw(grant.leaseId(), grant.counterId(), 1_234_567));
    }
    return draws;
  }

  private static List<UsageRecord> batch(long org, List<Draw> draws) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    List<UsageRecord> batch = new ArrayList<>(BATCH);
    for (int i = 0; i < BATCH; i++) {
      ThreadLocalRandom random = ThreadLocalRandom.current();
      UUID id =
          new UUID(
              (now.toEpochMilli() << 16) | 0x7000 | random.nextInt(4096),
              0x8000_0000_0000_0000L | random.nextLong() >>> 2);
      batch.add(
          new UsageRecord(
              id,
              org,
              0,
              0,
              0,
              now,
              "qwen2.5-coder:0.5b",
              5,
              ServiceClass.REALTIME,
              new MeteredTokens(812, 512, 0, 233, 40),
              1_234_567,
              890,
              UsageStatus.COMPLETED,
              draws));
    }
    return batch;
  }

  private static long number(Database database, String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
