package io.yuntai.bench.money;

import io.yuntai.bench.BenchException;
import io.yuntai.bench.gateway.ProcessTree;
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
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How many requests a second PostgreSQL settles: batches of 500 on one connection, each request
 * drawing from five counters, with usage, transfers and chain; beside it one transaction for each
 * request, as other gateways do it; how large a row is; and how fast all of it is verified.
 */
public final class SettleSpeed {
  private static final int BATCH = 500;
  private static final int COUNTERS = 5;
  private static final int WARM_BATCHES = 100;
  private static final long AMOUNT_NANO = 1_234_567;
  private static final Duration DAY = Duration.ofDays(1);

  private SettleSpeed() {}

  /** {@code SettleSpeed HOME [SECONDS]}; prints {@code name=number} lines. */
  public static void main(String[] arguments) throws SQLException {
    int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
    measure(Path.of(arguments[0]), seconds);
  }

  private static void say(String name, double value) {
    System.out.printf(Locale.ROOT, "%s=%.1f%n", name, value);
  }

  /** Measures on a database of its own, in an empty folder. */
  private static void measure(Path home, int seconds) throws SQLException {
    try (Database database = Database.open(DatabaseOptions.embedded(home))) {
      ProcessTree postgres = postgres();
      PostgresBank bank = new PostgresBank(database.dataSource(), BankOptions.DEFAULT);
      long org =
          number(
              database,
              "insert into org (name, currency, billing) values ('speed', 'CNY', 'postpaid')"
                  + " returning id");
      List<Draw> draws = draws(database, bank, org);
      settle(bank, postgres, org, draws, 0, "warm");
      settle(bank, postgres, org, draws, seconds, "with budgets");
      settle(bank, postgres, org, List.of(), seconds, "without budgets");
      long all = number(database, "select count(*) from usage_rec");
      long bytes =
          number(
              database,
              "select sum(pg_total_relation_size(inhrelid)) from pg_inherits"
                  + " where inhparent = 'usage_rec'::regclass");
      say("bytes of a row", (double) bytes / all);
      long begin = System.nanoTime();
      boolean holds = Verification.run(database.dataSource(), result -> {}).holds();
      say("rows verified a second", all * 1e9 / (System.nanoTime() - begin));
      say("ledgers that do not verify", holds ? 0 : 1);
      oneByOne(database, postgres, seconds);
    }
  }

  private static ProcessTree postgres() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().command().orElse("").contains("postgres"))
        .findFirst()
        .map(ProcessTree::new)
        .orElseThrow(() -> new BenchException("The database's process was not found."));
  }

  private static void settle(
      PostgresBank bank,
      ProcessTree postgres,
      long org,
      List<Draw> draws,
      int seconds,
      String name) {
    long rows = 0;
    long settling = 0;
    double cpu = postgres.cpuSeconds();
    long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    for (int batches = 0; batches < WARM_BATCHES || System.nanoTime() < end; batches++) {
      List<UsageRecord> batch = batch(org, draws);
      long begin = System.nanoTime();
      rows += bank.settle(batch).fresh().size();
      settling += System.nanoTime() - begin;
    }
    if (seconds > 0) {
      say("settled a second " + name, rows * 1e9 / settling);
      say("settled a PostgreSQL core second " + name, rows / (postgres.cpuSeconds() - cpu));
    }
  }

  /** One transaction for each request: five budget rows and a usage row, no chain, no transfers. */
  private static void oneByOne(Database database, ProcessTree postgres, int seconds)
      throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement create = connection.createStatement()) {
      create.execute(
          """
          create table peer_budget (id int primary key, used bigint not null);
          insert into peer_budget select i, 0 from generate_series(1, 5) i;
          create table peer_usage (request_id uuid primary key, key_id bigint not null, at timestamptz not null,
            model text not null, input int not null, output int not null, amount bigint not null)\
          """);
      connection.setAutoCommit(false);
      long rows = 0;
      double cpu = postgres.cpuSeconds();
      long begin = System.nanoTime();
      long end = begin + Duration.ofSeconds(seconds).toNanos();
      try (PreparedStatement lock =
              connection.prepareStatement(
                  "select used from peer_budget where id = any(?) order by id for update");
          PreparedStatement use =
              connection.prepareStatement(
                  "update peer_budget set used = used + ? where id = any(?)");
          PreparedStatement insert =
              connection.prepareStatement(
                  "insert into peer_usage values (?, 1, now(), 'qwen2.5-coder:0.5b', 812, 233, ?)")) {
        int[] ids = {1, 2, 3, 4, 5};
        while (System.nanoTime() < end) {
          lock.setObject(1, ids);
          lock.executeQuery().close();
          use.setLong(1, AMOUNT_NANO);
          use.setObject(2, ids);
          use.executeUpdate();
          insert.setObject(1, id(Instant.now()));
          insert.setLong(2, AMOUNT_NANO);
          insert.executeUpdate();
          connection.commit();
          rows++;
        }
      }
      connection.setAutoCommit(true);
      say("settled a second one by one", rows * 1e9 / (System.nanoTime() - begin));
      say("settled a PostgreSQL core second one by one", rows / (postgres.cpuSeconds() - cpu));
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
      draws.add(new Draw(grant.leaseId(), grant.counterId(), AMOUNT_NANO));
    }
    return draws;
  }

  private static List<UsageRecord> batch(long org, List<Draw> draws) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    List<UsageRecord> batch = new ArrayList<>(BATCH);
    for (int i = 0; i < BATCH; i++) {
      batch.add(usage(id(now), org, now, 5, AMOUNT_NANO, draws));
    }
    return batch;
  }

  /** A request's usage, as most are. */
  static UsageRecord usage(
      UUID id, long org, Instant at, long card, long amountNano, List<Draw> draws) {
    return new UsageRecord(
        id,
        org,
        0,
        0,
        0,
        at,
        "mock",
        card,
        ServiceClass.REALTIME,
        new MeteredTokens(812, 0, 0, 188, 0),
        amountNano,
        0,
        UsageStatus.COMPLETED,
        draws);
  }

  /** A request's id of this instant. */
  static UUID id(Instant at) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return new UUID(
        (at.toEpochMilli() << 16) | 0x7000 | random.nextInt(4096),
        0x8000_0000_0000_0000L | random.nextLong() >>> 2);
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
