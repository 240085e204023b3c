package io.yuntai.ledger.bank;

import io.yuntai.ledger.prices.DatabaseRateCards;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bank whose vault is PostgreSQL. Statements and the order of locks are in {@link BankSql};
 * every rule that money depends on is a constraint of the tables.
 */
public final class PostgresBank implements Bank {
  private static final int REAPED_AT_ONCE = 1000;

  private static final Logger LOG = LoggerFactory.getLogger(PostgresBank.class);

  private final Transactions transactions;
  private final LostRequests lost;
  private final Leasing leasing;
  private final Batches batches;
  private final Preparation preparation;

  /** On a database with Yuntai's schema. */
  public PostgresBank(DataSource database, BankOptions options) {
    this(database, options, BankSql.STANDARD);
  }

  PostgresBank(DataSource database, BankOptions options, BankSql sql) {
    this.transactions = new Transactions(database, options.statementTimeout());
    this.leasing = new Leasing(sql, options);
    this.lost = new LostRequests(new DatabaseRateCards(database), options.grace());
    this.preparation = new Preparation(transactions);
    this.batches = new Batches(transactions, preparation, sql);
  }

  @Override
  public Node register(String name) {
    return transactions.runOrFail(
        "register node " + name, connection -> Leasing.register(connection, name));
  }

  @Override
  public List<Grant> grant(Node node, List<Ask> asks, Duration ttl) {
    bound("asks", asks.size(), MAX_ASKS);
    Set<Long> counters = new HashSet<>();
    for (Ask ask : asks) {
      if (!counters.add(ask.counterId())) {
        throw new IllegalArgumentException("counter " + ask.counterId() + " is asked for twice");
      }
    }
    if (asks.isEmpty()) {
      return List.of();
    }
    return transactions.runOrFail(
        "lease from counters", connection -> leasing.grant(connection, node, asks, ttl));
  }

  @Override
  public Settled settle(List<UsageRecord> batch) {
    bound("records", batch.size(), MAX_BATCH);
    if (batch.isEmpty()) {
      return new Settled(List.of(), List.of(), List.of());
    }
    try {
      return batches.settle(batch);
    } catch (SQLException failure) {
      throw Transactions.failed("settle a batch", failure);
    }
  }

  @Override
  public void release(Node node, List<Long> leaseIds) {
    bound("leases", leaseIds.size(), MAX_ASKS);
    transactions.runOrFail(
        "release leases",
        connection -> {
          leasing.release(connection, node, leaseIds);
          return true;
        });
  }

  @Override
  public List<Long> recalled(Node node) {
    return transactions.runOrFail(
        "look for recalled leases", connection -> leasing.recalled(connection, node));
  }

  @Override
  public List<Long> renew(Node node, List<Long> leaseIds, Duration ttl) {
    bound("leases", leaseIds.size(), MAX_ASKS);
    return transactions.runOrFail(
        "renew leases", connection -> leasing.renew(connection, node, leaseIds, ttl));
  }

  @Override
  public void shrink(Node node, List<Draw> kept) {
    bound("leases", kept.size(), MAX_ASKS);
    transactions.runOrFail(
        "shrink leases",
        connection -> {
          leasing.shrink(connection, node, kept);
          return true;
        });
  }

  @Override
  public List<Long> inherited(Node node) {
    return transactions.runOrFail(
        "look for older leases", connection -> Leasing.inherited(connection, node));
  }

  /**
   * Closes leases that expired longer ago than the grace, and whose nodes therefore are gone. What
   * engines' receipts say that clients of these nodes received, and no gateway has settled, is
   * settled before.
   *
   * @return how many, at most 1,000
   */
  public int reap() {
    List<UsageRecord> unsettled =
        lost.charged(
            transactions.runOrFail(
                "look for receipts of lost gateways",
                connection -> lost.find(connection, leasing.expired(connection, REAPED_AT_ONCE))));
    if (!unsettled.isEmpty()) {
      Settled settled = settle(unsettled);
      LOG.warn(
          "{} requests of lost gateways were settled by their engines' receipts",
          settled.fresh().size());
    }
    return transactions.runOrFail(
        "close expired leases", connection -> leasing.reap(connection, REAPED_AT_ONCE));
  }

  /** Makes partitions of the next days, and forgets leases that were closed a week ago. */
  public void tidy() {
    transactions.runOrFail("make partitions", Partitions::makeAhead);
    transactions.runOrFail(
        "forget closed leases",
        connection -> {
          try (PreparedStatement forget =
              connection.prepareStatement(
                  "delete from lease where id in (select id from lease where closed"
                      + " and expires_at < clock_timestamp() - interval '7 days' limit 100000)")) {
            return forget.executeUpdate();
          }
        });
  }

  @Override
  public Instant now() {
    return transactions.runOrFail("tell the time", PostgresBank::now);
  }

  private static Instant now(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement("select clock_timestamp()");
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    }
  }

  @Override
  public void keep(List<EngineReceipt> receipts) {
    bound("receipts", receipts.size(), MAX_BATCH);
    try {
      Set<LocalDate> impossible =
          preparation.prepare(
              names(receipts), receipts.stream().map(EngineReceipt::requestId).toList());
      List<EngineReceipt> possible =
          receipts.stream()
              .filter(receipt -> RequestIds.valid(receipt.requestId()))
              .filter(receipt -> !impossible.contains(RequestIds.day(receipt.requestId())))
              .toList();
      transactions.run(connection -> {
        ReceiptRows.insert(connection, possible, preparation.names());
        return true;
      });
    } catch (SQLException failure) {
      throw Transactions.failed("keep receipts", failure);
    }
  }

  private static List<String> names(List<EngineReceipt> receipts) {
    List<String> names = new ArrayList<>(receipts.size());
    for (EngineReceipt receipt : receipts) {
      names.add(receipt.engine());
      Claim claim = receipt.claim();
      if (claim != null) {
        names.add(claim.model());
      }
    }
    return names;
  }

  private static void bound(String what, int size, int most) {
    if (size > most) {
      throw new IllegalArgumentException(size + " " + what + " at once are more than " + most);
    }
  }
}
