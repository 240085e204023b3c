package io.yuntai.ledger.bank;

import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.database.TestHomes;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Tenancy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** A real database with organisations, counters and credit to test banks on. */
public final class TestBooks implements AutoCloseable {
  /** Waits for nothing: leases are reaped as soon as they have expired. */
  public static final BankOptions OPTIONS =
      new BankOptions(Duration.ofDays(1), Duration.ZERO, Duration.ofSeconds(60));

  private static final AtomicLong IDS = new AtomicLong();

  private final Database database;

  /** Opens a database of its own in this folder. */
  public TestBooks(Path folder) throws Exception {
    this.database = Database.open(DatabaseOptions.embedded(TestHomes.prepared(folder)));
    // Thousands of small transactions need not wait for the disk here; what a crash does is tested
    // elsewhere.
    execute("alter system set synchronous_commit = off");
    execute("select pg_reload_conf()");
  }

  /** Books in a database that somebody else has opened; closes it. */
  public TestBooks(Database database) {
    this.database = database;
  }

  public Database database() {
    return database;
  }

  public PostgresBank bank() {
    return new PostgresBank(database.dataSource(), OPTIONS);
  }

  PostgresBank bank(BankSql sql) {
    return new PostgresBank(database.dataSource(), OPTIONS, sql);
  }

  /** A new organisation in CNY that pays afterwards, as tenants' stores know it. */
  public Organisation organisation() throws SQLException {
    return organisation(org(false));
  }

  /** An organisation as tenants' stores know it. */
  public Organisation organisation(long org) throws SQLException {
    String name = text("select name from org where id = " + org);
    return new Tenancy(new Transactions(database.dataSource())).organisations().find(name);
  }

  /** A new organisation in CNY. */
  public long org(boolean prepaid) throws SQLException {
    return number(
        "insert into org (name, currency, billing) values ('org-"
            + IDS.incrementAndGet()
            + "', 'CNY', '"
            + (prepaid ? "prepaid" : "postpaid")
            + "') returning id");
  }

  /** A counter for all time. */
  public long counter(long org, String unit, boolean wallet, long limit) throws SQLException {
    return in(connection -> Counters.open(connection, org, unit, wallet, null, null, limit));
  }

  /** Credit that the organisation has from now on; wallets are not changed. */
  public long credit(long org, String kind, long amount) throws SQLException {
    long grant =
        number(
            "insert into credit_grant (org_id, kind, amount_nano) values ("
                + org
                + ", '"
                + kind
                + "', "
                + amount
                + ") returning id");
    in(connection -> Books.creditGranted(connection, org, grant));
    return grant;
  }

  /** A step of a transaction. */
  @FunctionalInterface
  public interface Step<T> {
    T in(Connection connection) throws SQLException;
  }

  /** Runs a step in a transaction of its own. */
  public <T> T in(Step<T> step) throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      T result = step.in(connection);
      connection.commit();
      return result;
    }
  }

  /** {@link #in} for steps that tell an amount. */
  public long amount(Step<Long> step) throws SQLException {
    return in(step);
  }

  public void execute(String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  public long number(String sql) throws SQLException {
    return Long.parseLong(text(sql));
  }

  /** The first value of a query. */
  public String text(String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? String.valueOf(row.getString(1)) : "";
    }
  }

  /** {@code limit settled leased} of a counter. */
  public String counterState(long counter) throws SQLException {
    return text(
        "select limit_amt || ' ' || settled || ' ' || leased from counter where id = " + counter);
  }

  /** The sum of transfers from an account of an organisation to another. */
  public long transferred(long org, String debit, String credit) throws SQLException {
    return number(
        "select coalesce(sum(amount_nano), 0) from transfer where org_id = "
            + org
            + " and debit = '"
            + debit
            + "' and credit = '"
            + credit
            + "'");
  }

  /** A new request id of this moment. */
  public static UUID id() {
    return id(System.currentTimeMillis());
  }

  /** A new request id of this moment since 1970. */
  public static UUID id(long millis) {
    long number = IDS.incrementAndGet();
    return new UUID(
        (millis << 16) | 0x7000 | (number & 0xfff),
        0x8000_0000_0000_0000L | (number << 12) | 0x123);
  }

  /** A request that costs this much. */
  public static UsageRecord usage(long org, UUID id, long amountNano, Draw... draws) {
    return new UsageRecord(
        id,
        org,
        0,
        0,
        0,
        Instant.now(),
        "model",
        0,
        ServiceClass.REALTIME,
        new MeteredTokens(10, 2, 1, 30, 4),
        amountNano,
        7,
        UsageStatus.COMPLETED,
        Arrays.asList(draws));
  }

  /** An ask for exactly this much. */
  public static List<Ask> exactly(long counter, long amount) {
    return List.of(new Ask(counter, amount, amount));
  }

  @Override
  public void close() {
    database.close();
  }
}
